//! The figures that are measured on whole programs.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use harness::process::{Running, clean, memory_mib, program};
use serde_json::{Value, json};

use crate::figures::{Figure, how};
use crate::measure::{loader, wall_s};
use crate::sink::Sink;

/// Runs each loader configuration this often and takes the median.
pub(crate) const ROUNDS: usize = 3;

struct Load {
    method: &'static str,
    visits_per_day: u64,
    visits: u64,
    concurrency: u64,
    bulk_size: u64,
}

fn config(sink: &Sink, load: &Load) -> Value {
    json!({
        "targets": [{ "url": sink.url(), "site_id": 1 }],
        "load": {
            "visits_per_day": load.visits_per_day,
            "stop_after_visits": load.visits,
            "concurrency": load.concurrency,
            "pacing": "live",
        },
        "behaviour": { "visit_duration_min": 0.1, "visit_duration_max": 0.1 },
        "delivery": { "method": load.method, "bulk_size": load.bulk_size },
    })
}

/// Runs a loader into the sink.
pub(crate) fn run(sink: &Sink, config: &Value, more: &[&str]) -> Result<crate::measure::Cost> {
    let file = tempfile::Builder::new().suffix(".json").tempfile()?;
    std::fs::write(file.path(), config.to_string())?;
    let mut command = clean(&program("loader")?);
    command.arg("run").arg("--config").arg(file.path());
    command
        .arg("--confirm-target")
        .arg(sink.address.to_string())
        .args(more);
    loader(command)
}

pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

pub(crate) fn delivery_costs() -> Result<()> {
    how(
        "delivery: 6,000 visits at 1,157 a second, user and system time of the loader, median of 3 runs",
    );
    let sink = Sink::start(Duration::ZERO)?;
    let mut peak: Option<f64> = None;
    for (name, method, concurrency, goal) in [
        ("get_cpu_per_1000_hits", "get", 50, 0.010),
        ("post_cpu_per_1000_hits", "beacon", 50, 0.010),
        ("bulk200_cpu_per_1000_hits", "bulk", 4, 0.0018),
    ] {
        let load = Load {
            method,
            visits_per_day: 100_000_000,
            visits: 6_000,
            concurrency,
            bulk_size: 200,
        };
        let mut costs = Vec::new();
        for _ in 0..ROUNDS {
            let cost = run(&sink, &config(&sink, &load), &[])?;
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
    Figure::new("loader_peak_rss_50_in_flight", peak, "MiB").at_most(16.0);
    Ok(())
}

pub(crate) fn starts_of_visits() -> Result<()> {
    how(
        "starts: arrival of each visit's first hit at the sink against the plan of `loader preview` with equal keys",
    );
    for (visits_per_second, visits, delay_ms) in [
        (10, 100, 0),
        (500, 2_500, 0),
        (10, 100, 500),
        (100, 500, 500),
    ] {
        let sink = Sink::start(Duration::from_millis(delay_ms))?;
        let load = Load {
            method: "beacon",
            visits_per_day: visits_per_second * 86_400,
            visits,
            concurrency: 500,
            bulk_size: 50,
        };
        let config = config(&sink, &load);
        let origin = (chrono::Utc::now() + chrono::Duration::seconds(2)).to_rfc3339();
        let keys = ["--seed", "1", "--population", "bench", "--origin", &origin];
        let late = lateness_ms(&sink, &config, &keys, visits)?;
        let name = format!("start_{visits_per_second}_per_s_sink_{delay_ms}_ms");
        let at = |share: f64| late.get((late.len() as f64 * share) as usize).copied();
        Figure::new(format!("{name}_p50"), at(0.50), "ms").at_most(1.0);
        Figure::new(format!("{name}_p99"), at(0.99), "ms").at_most(5.0);
    }
    Ok(())
}

/// Milliseconds from the planned start of each visit to the arrival of its first hit, ascending.
fn lateness_ms(sink: &Sink, config: &Value, keys: &[&str], visits: u64) -> Result<Vec<f64>> {
    run(sink, config, keys)?;
    let file = tempfile::Builder::new().suffix(".json").tempfile()?;
    std::fs::write(file.path(), config.to_string())?;
    let mut preview = clean(&program("loader")?);
    preview
        .args([
            "preview",
            "--format",
            "json",
            "--visits",
            &visits.to_string(),
        ])
        .args(keys);
    let output = preview.arg("--config").arg(file.path()).output()?;
    let mut planned = BTreeMap::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let hit: Value = serde_json::from_str(line)?;
        let at =
            chrono::DateTime::parse_from_rfc3339(hit["at"].as_str().context("a hit has a time")?)?;
        let visitor = hit["visitor"]["id"]
            .as_str()
            .context("a hit has a visitor")?
            .to_owned();
        planned.entry(visitor).or_insert(at.timestamp_millis());
    }
    let came = sink.first_hits();
    ensure!(
        came.len() == planned.len(),
        "{} visits came of {}",
        came.len(),
        planned.len()
    );
    let late = planned
        .iter()
        .filter_map(|(visitor, due)| Some((came.get(visitor)? - due) as f64));
    let mut late: Vec<f64> = late.collect();
    late.sort_by(f64::total_cmp);
    Ok(late)
}

pub(crate) fn memory_of_a_million_visits_a_day() -> Result<()> {
    how(
        "memory at 1,000,000 visits a day: 3,125 visits of 4.5 min open at once, reached in 20 s by a higher rate",
    );
    let sink = Sink::start(Duration::ZERO)?;
    let load = Load {
        method: "beacon",
        visits_per_day: 13_500_000,
        visits: 3_125,
        concurrency: 50,
        bulk_size: 50,
    };
    let mut config = config(&sink, &load);
    config["behaviour"] = json!({ "visit_duration_min": 4.5, "visit_duration_max": 4.5 });
    config["load"]["stop_after_hours"] = json!(0.0066);
    let cost = run(&sink, &config, &[])?;
    Figure::new("loader_peak_rss_million_visits_a_day", cost.peak_mib, "MiB").at_most(48.0);
    Ok(())
}

pub(crate) fn plan_shown() -> Result<()> {
    how("plan: `loader plan` for 10,000 visits a day, wall time");
    let mut command = clean(&program("loader")?);
    command
        .args(["plan", "--preset", "medium"])
        .env("MATOMO_URL", "http://127.0.0.1:1/matomo.php");
    Figure::new("plan_shown", Some(wall_s(&mut command)?), "s").at_most(1.0);
    Ok(())
}

pub(crate) fn control_plane() -> Result<()> {
    how(
        "control plane: from exec to an answer of /readyz, and resident memory 2 s later, process orchestrator",
    );
    let data = tempfile::tempdir()?;
    let start = Instant::now();
    let mut command = clean(&program("control-ui")?);
    command
        .arg("serve")
        .env("LISTEN", "127.0.0.1:0")
        .env("DATA_DIR", data.path().join("data"))
        .env("ORCHESTRATOR", "process")
        .env("LOADER_BIN", program("loader")?)
        .stderr(std::process::Stdio::null());
    let (running, link) = Running::start_and_read(&mut command, "Open ")?;
    let address = link
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    while !ready(&address) {
        ensure!(
            start.elapsed() < Duration::from_secs(20),
            "the control plane is not ready after 20 s"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    Figure::new("control_ui_start_to_ready", Some(milliseconds), "ms").at_most(300.0);
    std::thread::sleep(Duration::from_secs(2));
    Figure::new(
        "control_ui_idle_rss",
        memory_mib(running.id(), "VmRSS"),
        "MiB",
    )
    .at_most(25.0);
    Ok(())
}

fn ready(address: &str) -> bool {
    use std::io::{Read, Write};
    let ask = || -> std::io::Result<bool> {
        let mut stream = std::net::TcpStream::connect(address)?;
        write!(
            stream,
            "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

pub(crate) fn images() {
    how("images: `docker save` through gzip, unknown where they were not built (`make images`)");
    for (image, goal) in [("control-ui", 12.0), ("loader", 8.0)] {
        let save = format!("docker save trafficinator-{image}:local | gzip | wc -c");
        let output = Command::new("bash")
            .args(["-o", "pipefail", "-c", &save])
            .output();
        let bytes = output
            .ok()
            .filter(|output| output.status.success())
            .and_then(|output| {
                String::from_utf8_lossy(&output.stdout)
                    .trim()
                    .parse::<f64>()
                    .ok()
            });
        let megabytes = bytes.map(|bytes| bytes / 1e6);
        Figure::new(
            format!("image_{}_compressed", image.replace('-', "_")),
            megabytes,
            "MB",
        )
        .at_most(goal);
    }
}
