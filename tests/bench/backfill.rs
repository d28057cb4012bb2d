//! How near a backfill comes to what a server can take.

use std::time::Duration;

use anyhow::{Result, ensure};
use harness::practice::{Practice, TOKEN};
use serde_json::{Value, json};

use crate::figures::{Figure, how};
use crate::measure::loader;
use crate::programs::{ROUNDS, median, run};
use crate::sink::Sink;

/// A server of four workers: 10 ms for a request, 2 ms for a hit.
const SERVER: [&str; 6] = ["--workers", "4", "--request-ms", "10", "--hit-ms", "2"];

/// The same backfill with settings of delivery and load; hits a second.
fn hits_per_s(concurrency: Option<u16>, delivery: &Value) -> Result<f64> {
    let practice = Practice::start(&SERVER)?;
    let mut config = json!({
        "targets": [{ "url": practice.url(), "site_id": 1, "token_auth": TOKEN }],
        "load": { "visits_per_day": 5_000, "time_zone": "UTC", "stop_at_p95_seconds": 0 },
        "backfill": {
            "enabled": true, "run_once": true, "days_back": 3, "duration_days": 2, "max_visits_per_day": 0,
        },
        "delivery": delivery,
    });
    if let Some(concurrency) = concurrency {
        config["load"]["concurrency"] = concurrency.into();
    }
    let file = tempfile::Builder::new().suffix(".json").tempfile()?;
    std::fs::write(file.path(), config.to_string())?;
    let mut command = harness::loader::command(&["run", "--seed", "1", "--population", "bench"])?;
    command.arg("--config").arg(file.path());
    command.args(["--confirm-target", practice.host()]);
    let finished = loader(command)?.finished;
    let account = finished.account;
    ensure!(account.accepted == account.planned, "{finished:?}");
    Ok(account.accepted as f64 / finished.duration_s)
}

/// What a hit costs when none has to wait for its moment, which is how closed-loop generators are measured.
pub(crate) fn costs_of_a_backfill() -> Result<()> {
    how(
        "cost of a backfill: a day of 5,000 visits (GET, which carries no token: today up to now) into a sink that answers \
         at once, user and system time of the loader, median of 3 runs",
    );
    let sink = Sink::start(Duration::ZERO)?;
    let mut peak: Option<f64> = None;
    for (name, method, concurrency, goal) in [
        ("backfill_get_cpu_per_1000_hits", "get", 50, 0.010),
        ("backfill_post_cpu_per_1000_hits", "beacon", 50, 0.010),
        ("backfill_bulk200_cpu_per_1000_hits", "bulk", 4, 0.0018),
    ] {
        let config = config_of_a_day(&sink, method, concurrency);
        let mut costs = Vec::new();
        for _ in 0..ROUNDS {
            let cost = run(&sink, &config, &[])?;
            ensure!(
                cost.finished.account.accepted == cost.finished.account.planned,
                "{name} lost hits"
            );
            costs.extend(cost.cpu_per_1000_hits());
            if concurrency == 50 {
                peak = cost.peak_mib.map(|mib| mib.max(peak.unwrap_or(0.0)));
            }
        }
        Figure::new(name, median(costs), "s").at_most(goal);
    }
    Figure::new("backfill_peak_rss_50_in_flight", peak, "MiB").at_most(16.0);
    Ok(())
}

/// A past day, or today as far as it has come.
fn config_of_a_day(sink: &Sink, method: &str, concurrency: u32) -> Value {
    let mut config = json!({
        "targets": [{ "url": sink.url(), "site_id": 1 }],
        "load": { "visits_per_day": 5_000, "time_zone": "UTC", "concurrency": concurrency },
        "audience": { "countries": "off" },
        "backfill": { "enabled": true, "run_once": true, "max_visits_per_day": 0 },
        "delivery": { "method": method, "bulk_size": 200, "adapt": "off" },
    });
    if method == "get" {
        // Younger than 24 hours, so that no hit needs a token and none is sent as a form.
        let today = chrono::Utc::now().date_naive().to_string();
        config["backfill"]["start_date"] = today.clone().into();
        config["backfill"]["end_date"] = today.into();
    } else {
        config["targets"][0]["token_auth"] = TOKEN.into();
        config["backfill"]["days_back"] = 2.into();
        config["backfill"]["duration_days"] = 1.into();
    }
    config
}

pub(crate) fn speed_of_a_backfill() -> Result<()> {
    how(
        "backfill: 2 days of 5,000 visits into a practice target of 4 workers, 10 ms a request and 2 ms a hit; what that \
         allows is measured with 12 bulks of 200 always in flight, which keep every worker busy",
    );
    let allowed = hits_per_s(Some(12), &json!({ "bulk_size": 200, "adapt": "off" }))?;
    Figure::new("backfill_hits_per_s_allowed", Some(allowed), "hits/s").alone();
    let found = hits_per_s(None, &json!({}))?;
    Figure::new("backfill_hits_per_s_found", Some(found), "hits/s").at_least(0.95 * allowed);
    Ok(())
}
