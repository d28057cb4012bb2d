//! Equal keys give equal hits: preview and the ledgers of runs of every shape.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod practice;

use std::collections::BTreeMap;

use practice::{Loader, Target, command, quick};
use serde_json::{Value, json};

const VISITS: u64 = 120;
const KEYS: [&str; 4] = ["--seed", "7", "--population", "people"];

/// Hits by visitor, in order; what asks for the shape of the answer is not part of a hit.
fn by_visitor<'a>(params: impl Iterator<Item = &'a Value>) -> BTreeMap<String, Vec<Value>> {
    let mut visitors: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for hit in params {
        let mut hit = hit.clone();
        let map = hit.as_object_mut().unwrap();
        map.remove("send_image");
        let ordered: BTreeMap<String, Value> = map.clone().into_iter().collect();
        let cid = hit["cid"].as_str().unwrap().to_owned();
        visitors.entry(cid).or_default().push(json!(ordered));
    }
    visitors
}

fn ledger(target: &Target) -> BTreeMap<String, Vec<Value>> {
    let hits = target.hits();
    by_visitor(hits.iter().map(|hit| &hit["params"]))
}

fn preview(config: &Value, keys: &[&str], origin: &str) -> BTreeMap<String, Vec<Value>> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.json");
    std::fs::write(&path, config.to_string()).unwrap();
    let visits = VISITS.to_string();
    let mut arguments = vec!["preview", "--config", path.to_str().unwrap()];
    arguments.extend(["--visits", &visits, "--format", "json", "--origin", origin]);
    arguments.extend(keys);
    let (code, out, error) = command(&arguments, &[]);
    assert_eq!(code, 0, "{error}");
    let rows: Vec<Value> = out
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert!(
        rows.iter()
            .all(|row| row["visitor"]["id"] == row["params"]["cid"])
    );
    by_visitor(rows.iter().map(|row| &row["params"]))
}

#[test]
fn preview_and_every_shape_of_a_run_hold_the_same_hits() {
    let origin = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let shapes: [(u16, &str, &[&str]); 4] = [
        (1, "beacon", &["1/1"]),
        (50, "get", &["1/1"]),
        (8, "bulk", &["1/1"]),
        (20, "beacon", &["1/2", "2/2"]),
    ];
    let mut planned = None;
    for (concurrency, method, shards) in shapes {
        let target = Target::start(&[]);
        let mut config = quick(&target, VISITS);
        config["load"]["concurrency"] = json!(concurrency);
        config["delivery"]["method"] = json!(method);
        let planned = planned.get_or_insert_with(|| preview(&config, &KEYS, &origin));
        let runs: Vec<Loader> = shards
            .iter()
            .map(|shard| {
                let mut options = vec!["--confirm-target", target.host(), "--origin", &origin];
                options.extend(KEYS);
                options.extend(["--shard", shard]);
                Loader::start(&config, &options)
            })
            .collect();
        let mut visits = 0;
        for run in runs {
            let ended = run.wait();
            assert_eq!(ended.code, Some(0), "{}", ended.report);
            visits += ended.finished().visits.started;
            assert_eq!(
                ended.finished().visits_planned,
                Some(ended.finished().visits.started)
            );
        }
        assert_eq!(visits, VISITS);
        assert!(
            *planned == ledger(&target),
            "{method}, {concurrency} in flight, {shards:?}"
        );
    }
}

#[test]
fn a_fresh_population_shares_no_visitor_and_no_order() {
    let target = Target::start(&[]);
    let config = quick(&target, VISITS);
    let origin = "2026-03-01T12:00:00Z";
    let of = |name| preview(&config, &["--seed", "7", "--population", name], origin);
    let (one, same, other) = (of("a"), of("a"), of("b"));
    assert!(one == same);
    assert!(one.keys().all(|visitor| !other.contains_key(visitor)));
    let orders = |hits: &BTreeMap<String, Vec<Value>>| -> Vec<Value> {
        hits.values()
            .flatten()
            .filter_map(|hit| hit.get("ec_id").cloned())
            .collect()
    };
    let (one, other) = (orders(&one), orders(&other));
    assert!(!one.is_empty());
    assert!(one.iter().all(|order| !other.contains(order)));
}
