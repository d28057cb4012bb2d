//! Equal seed, population and origin give the same planned hits, whatever the concurrency, transport or sharding.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Result, ensure};
use chrono::{SecondsFormat, Utc};
use harness::loader::{Said, command, run};
use harness::practice::Practice;
use serde_json::Value;

use crate::runs::short;

const VISITS: u64 = 120;
const SEED: &str = "7";

/// The keys of a run, fixed so that it can be had again.
struct Keys {
    origin: String,
    population: &'static str,
}

impl Keys {
    /// Time zero a little ahead, so that the loader is ready before the first visit is due.
    fn soon(population: &'static str) -> Self {
        let origin = Utc::now() + chrono::Duration::seconds(3);
        Self {
            origin: origin.to_rfc3339_opts(SecondsFormat::Millis, true),
            population,
        }
    }

    fn arguments(&self) -> Vec<&str> {
        vec![
            "--seed",
            SEED,
            "--population",
            self.population,
            "--origin",
            &self.origin,
        ]
    }
}

/// A hit by its planned parameters. `cdt` is left out: live hits carry it only when they are late.
fn planned(params: impl IntoIterator<Item = (String, String)>) -> String {
    let told_apart = ["cdt", "token_auth", "send_image"];
    let kept: std::collections::BTreeMap<String, String> = params
        .into_iter()
        .filter(|(name, _)| !told_apart.contains(&name.as_str()))
        .collect();
    serde_json::to_string(&kept).unwrap_or_default()
}

async fn sent(keys: &Keys, change: impl Fn(&mut Value), shards: u32) -> Result<BTreeSet<String>> {
    let practice = Practice::start(&[])?;
    let folder = tempfile::tempdir()?;
    let mut config = short(&practice.url(), "beacon", VISITS);
    change(&mut config);
    let file = folder.path().join("run.json");
    std::fs::write(&file, config.to_string())?;
    let file = file.to_string_lossy().into_owned();

    let loaders = (1..=shards).map(|shard| {
        let shard = format!("{shard}/{shards}");
        let mut arguments = vec![
            "run",
            "--config",
            &file,
            "--confirm-target",
            practice.host(),
        ];
        arguments.extend(["--shard", &shard]);
        arguments.extend(keys.arguments());
        command(&arguments).map(run)
    });
    let loaders: Vec<_> = loaders.collect::<Result<_>>()?;
    let mut accepted = 0;
    for said in futures_util::future::join_all(loaders).await {
        let said: Said = said?;
        let finished = said.finished()?;
        ensure!(
            finished.account.adds_up() && finished.account.remaining == 0,
            "{finished:?}"
        );
        ensure!(
            finished.account.accepted == finished.account.planned,
            "{finished:?}"
        );
        accepted += finished.account.accepted;
    }
    let hits = practice.hits().await?;
    ensure!(
        accepted == u64::try_from(hits.len())?,
        "{accepted} against {}",
        hits.len()
    );
    let distinct: BTreeSet<String> = hits.iter().map(|hit| planned(hit.params.clone())).collect();
    ensure!(
        distinct.len() == hits.len(),
        "two hits are alike in all parameters"
    );
    Ok(distinct)
}

async fn previewed(keys: &Keys) -> Result<BTreeSet<String>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("run.json");
    std::fs::write(
        &file,
        short("http://127.0.0.1:1/matomo.php", "beacon", VISITS).to_string(),
    )?;
    let (file, visits) = (file.to_string_lossy().into_owned(), VISITS.to_string());
    let mut arguments = vec![
        "preview", "--visits", &visits, "--format", "json", "--config", &file,
    ];
    arguments.extend(keys.arguments());
    let said = run(command(&arguments)?).await?;
    ensure!(said.code == Some(0), "{}", said.stderr);
    said.stdout
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line)?;
            let params: std::collections::BTreeMap<String, String> =
                serde_json::from_value(value["params"].clone())?;
            Ok(planned(params))
        })
        .collect()
}

#[tokio::test]
async fn preview_and_all_ways_of_sending_hold_the_same_hits() -> Result<()> {
    let keys = Keys::soon("the same people");

    let preview = previewed(&keys).await?;
    let (one, fifty, bulk, shards) = tokio::try_join!(
        sent(&keys, |config| config["load"]["concurrency"] = 1.into(), 1),
        sent(&keys, |config| config["load"]["concurrency"] = 50.into(), 1),
        sent(
            &keys,
            |config| config["delivery"]["method"] = "bulk".into(),
            1
        ),
        sent(&keys, |_| (), 2),
    )?;

    ensure!(
        300 < preview.len(),
        "a run of {VISITS} visits has more than {} hits",
        preview.len()
    );
    for (name, hits) in [
        ("one", one),
        ("fifty", fifty),
        ("bulk", bulk),
        ("two shards", shards),
    ] {
        let more: Vec<_> = hits.difference(&preview).take(2).collect();
        let less: Vec<_> = preview.difference(&hits).take(2).collect();
        ensure!(
            hits == preview,
            "{name}: sent, not planned {more:#?}; planned, not sent {less:#?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_fresh_population_shares_no_visitor_and_no_order_with_the_one_before() -> Result<()> {
    let first = previewed(&Keys::soon("first")).await?;
    let second = previewed(&Keys::soon("second")).await?;

    for name in ["cid", "ec_id"] {
        let of = |hits: &BTreeSet<String>| -> BTreeSet<String> {
            hits.iter()
                .filter_map(|hit| serde_json::from_str::<Value>(hit).ok())
                .filter_map(|hit| hit[name].as_str().map(str::to_owned))
                .collect()
        };
        let (first, second) = (of(&first), of(&second));
        ensure!(
            5 < first.len() && 5 < second.len(),
            "{name} occurs in both runs"
        );
        ensure!(first.is_disjoint(&second), "{name} is shared");
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_takes_500_ms_does_not_bend_the_start_of_visits() -> Result<()> {
    let practice = Practice::start(&[])?;
    practice
        .misbehave(serde_json::json!([{ "kind": "delay", "ms": 500 }]))
        .await?;
    let folder = tempfile::tempdir()?;
    let mut config = short(&practice.url(), "beacon", 200);
    config["load"]["concurrency"] = 500.into();
    config["load"]["visits_per_day"] = 2_000_000.into();
    config["load"]["stop_at_p95_seconds"] = 0.into();
    let file = folder.path().join("run.json");
    std::fs::write(&file, config.to_string())?;
    let file = file.to_string_lossy().into_owned();
    let keys = Keys::soon("slow server");
    let mut arguments = vec![
        "run",
        "--config",
        &file,
        "--confirm-target",
        practice.host(),
    ];
    arguments.extend(keys.arguments());

    let said = run(command(&arguments)?).await?;

    let finished = said.finished()?;
    ensure!(
        finished.account.accepted == finished.account.planned,
        "{finished:?}"
    );
    let latency = finished
        .latency_ms
        .as_ref()
        .map_or(0.0, |latency| latency.p50);
    ensure!(
        500.0 <= latency,
        "the delay fired: latency p50 {latency} ms"
    );
    let lateness = finished
        .lateness_ms
        .as_ref()
        .map_or(f64::INFINITY, |lateness| lateness.p95);
    ensure!(
        lateness < 400.0,
        "the loader itself measured a lateness p95 of {lateness} ms"
    );
    let starts = starts_of_visits(&practice, &keys, &file).await?;
    ensure!(starts.len() == 200, "each visit started: {}", starts.len());
    // The practice target notes a request when it has answered it, so 500 ms belong to the server.
    let median = starts[100];
    let slowest = starts[195];
    ensure!(
        median < 700 && slowest < 1000,
        "visits start {median} ms (p50), {slowest} ms late"
    );
    Ok(())
}

/// How long after its planned moment each visit's first hit was noted by the practice target, in ms, ascending.
async fn starts_of_visits(practice: &Practice, keys: &Keys, config: &str) -> Result<Vec<i64>> {
    let mut arguments = vec![
        "preview", "--visits", "200", "--format", "json", "--config", config,
    ];
    arguments.extend(keys.arguments());
    let said = run(command(&arguments)?).await?;
    let mut due = std::collections::BTreeMap::new();
    for line in said.stdout.lines() {
        let hit: Value = serde_json::from_str(line)?;
        let visitor = hit["visitor"]["id"].as_str().unwrap_or_default().to_owned();
        let at = chrono::DateTime::parse_from_rfc3339(hit["at"].as_str().unwrap_or_default())?;
        due.entry(visitor).or_insert(at);
    }
    let mut late = std::collections::BTreeMap::new();
    for hit in practice.hits().await? {
        let visitor = hit.params.get("cid").cloned().unwrap_or_default();
        let came = chrono::DateTime::parse_from_rfc3339(&hit.at)?;
        if let Some(due) = due.get(&visitor) {
            late.entry(visitor)
                .or_insert_with(|| (came - due).num_milliseconds());
        }
    }
    let mut late: Vec<i64> = late.into_values().collect();
    late.sort_unstable();
    Ok(late)
}

#[tokio::test]
async fn a_trial_ends_after_its_visits_and_needs_no_confirmation() -> Result<()> {
    let practice = Practice::start(&[])?;
    let mut light = command(&["run", "--preset", "light", "--trial", "12"])?;
    light
        .env("MATOMO_URL", practice.url())
        .env("VISIT_DURATION_MIN", "0.1")
        .env("VISIT_DURATION_MAX", "0.1");

    let said = tokio::time::timeout(Duration::from_secs(60), run(light)).await??;

    let finished = said.finished()?;
    ensure!(said.code == Some(0), "{}", said.stderr);
    ensure!(
        finished.visits_planned == Some(12) && finished.visits.finished == 12,
        "{finished:?}"
    );
    let summary = practice.summary().await?;
    ensure!(
        summary.visits == 12 && summary.hits == finished.account.accepted,
        "{summary:?}"
    );
    Ok(())
}
