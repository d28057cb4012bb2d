//! Which days a backfill fills, and with how many visits: those of 23 and 25 hours, leap days, and today up to now.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use chrono::{TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::{Backfill, booked};

const VISITS: u64 = 25;

fn window(zone: &str, first: &str, last: &str) -> Value {
    json!({
        "load": { "visits_per_day": VISITS, "concurrency": 4, "time_zone": zone },
        "backfill": { "start_date": first, "end_date": last },
    })
}

/// Visitors of each day, by the ledger. Each visit is a new visitor's.
async fn visits_by_day(backfill: &Backfill) -> Result<BTreeMap<String, u64>> {
    let mut visitors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for hit in backfill.practice.hits().await? {
        let day = booked(&hit)?
            .with_timezone(&backfill.zone)
            .date_naive()
            .to_string();
        let visitor = hit.params.get("cid").cloned().unwrap_or_default();
        visitors.entry(day).or_default().insert(visitor);
    }
    Ok(visitors
        .into_iter()
        .map(|(day, visitors)| (day, visitors.len() as u64))
        .collect())
}

#[tokio::test]
async fn days_of_23_and_25_hours_and_leap_days_have_their_visits_as_well() -> Result<()> {
    let windows = [
        ("Europe/Stockholm", "2026-03-28", "2026-03-30"),
        ("Europe/Stockholm", "2026-10-24", "2026-10-26"),
        ("America/New_York", "2026-03-07", "2026-03-09"),
        ("America/New_York", "2025-11-01", "2025-11-03"),
        ("Australia/Lord_Howe", "2026-04-04", "2026-04-06"),
        ("Australia/Lord_Howe", "2026-10-03", "2026-10-05"),
        ("Asia/Kathmandu", "2024-02-28", "2024-03-01"),
    ];
    let all = windows.map(|(zone, first, last)| async move {
        let backfill = Backfill::new("2026-11-10T15:30:00Z", &window(zone, first, last))?;
        let ended = backfill.sent(&[]).await?;
        let finished = ended.done()?;
        ensure!(
            finished.visits.finished == 3 * VISITS,
            "{zone}: {finished:?}"
        );
        for day in ended.days().values() {
            let visits = [day.visits_started, day.visits_finished];
            ensure!(
                visits == [VISITS; 2] && day.visits_planned == Some(VISITS),
                "{zone}: {day:?}"
            );
        }
        let summary = backfill.practice.summary().await?;
        summary.in_order()?;
        ensure!(
            summary.visits == 3 * VISITS,
            "a visit was split at midnight, {zone}: {summary:?}"
        );
        let by_day = visits_by_day(&backfill).await?;
        ensure!(
            by_day.len() == 3 && by_day.values().all(|visits| *visits == VISITS),
            "{zone}: {by_day:?}"
        );
        ensure!(
            by_day.contains_key(first) && by_day.contains_key(last),
            "{by_day:?}"
        );
        Ok(())
    });
    futures_util::future::try_join_all(all).await?;
    Ok(())
}

#[tokio::test]
async fn a_window_that_ends_today_holds_what_would_have_happened_by_now() -> Result<()> {
    // In a zone in which it is late in the day, whenever the test runs.
    let now = Utc::now();
    let zone: Tz = if now.hour() < 10 {
        "Pacific/Kiritimati".parse()?
    } else {
        "UTC".parse()?
    };
    let today = now.with_timezone(&zone).date_naive();
    let yesterday = today - TimeDelta::days(1);
    let config = window(zone.name(), &yesterday.to_string(), &today.to_string());
    let origin = now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let backfill = Backfill::new(&origin, &config)?;

    let ended = backfill.sent(&[]).await?;

    ended.done()?;
    let visits = visits_by_day(&backfill).await?;
    ensure!(
        visits.get(&yesterday.to_string()) == Some(&VISITS),
        "{visits:?}"
    );
    let begun = visits.get(&today.to_string()).copied().unwrap_or(0);
    ensure!(0 < begun && begun <= VISITS, "{visits:?}");
    let days = ended.days();
    let told = days.get(&today.to_string()).map(|day| day.visits_planned);
    ensure!(told == Some(Some(begun)), "{days:?}");
    let latest = now - TimeDelta::seconds(60);
    for hit in backfill.practice.hits().await? {
        ensure!(
            booked(&hit)? <= latest,
            "in the last minute before the start: {hit:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_cap_on_all_visits_cuts_the_last_days() -> Result<()> {
    let mut config = window("UTC", "2026-11-01", "2026-11-04");
    config["backfill"]["max_visits_per_day"] = 20.into();
    config["backfill"]["max_visits_total"] = 50.into();
    let backfill = Backfill::new("2026-11-10T15:30:00Z", &config)?;

    let ended = backfill.sent(&[]).await?;

    ensure!(ended.done()?.visits.finished == 50);
    let visits: Vec<u64> = visits_by_day(&backfill).await?.into_values().collect();
    ensure!(visits == [20, 20, 10], "{visits:?}");
    Ok(())
}
