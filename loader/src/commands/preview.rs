//! `loader preview`: the first hits of a run, exactly as they would be planned, without sending any.
//!
//! Invariant: equal keys and configuration show the hits that a run sends, parameter for parameter.

use std::io::{BufWriter, Write};

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use config::Countries;
use serde::Serialize;
use simulation::{Pace, Simulation, TimedHit, Visit, Visitor, deed};

use super::{CommandError, DONE, warn};
use crate::cli::{Format, PreviewArgs};
use crate::input;
use crate::run::{Given, TRIAL_VISITS_PER_SECOND, draw_keys};
use crate::timeline::is_mine;

/// Most visits that are shown at once; they are sorted in memory.
const MAX_VISITS: u64 = 1_000_000;

/// One hit, in the shape of `--format json`.
#[derive(Serialize)]
struct Row<'a> {
    visit: u64,
    at: String,
    params: serde_json::Map<String, serde_json::Value>,
    visitor: &'a Visitor,
}

pub(super) fn preview(args: &PreviewArgs) -> Result<u8, CommandError> {
    let common = &args.common;
    let (plan, warnings) = input::plan(input::check(common, None)?)?;
    warn(&warnings);
    let keys = draw_keys(&Given {
        seed: plan.audience.seed,
        population: plan.audience.population.clone(),
        origin_ms: common.origin.map(|origin| origin.timestamp_millis()),
    });
    // Nobody is asked here, so a token is taken for good.
    let countries = plan.audience.countries != Countries::Off && plan.targets[0].token.is_some();
    let simulation = Simulation::new(&plan, keys, countries)?;
    let visits = args.visits.min(MAX_VISITS);
    let pace = match common.trial {
        Some(visits) => Pace::Trial {
            visits,
            per_second: TRIAL_VISITS_PER_SECOND,
        },
        None if plan.backfill.is_some() => Pace::Backfill,
        None => Pace::Plan,
    };
    let shown: Vec<Visit> = simulation
        .arrivals(pace)
        .filter(|arrival| is_mine(&simulation, common.shard(), arrival))
        .take(usize::try_from(visits).unwrap_or(usize::MAX))
        .map(|arrival| simulation.visit(&arrival))
        .collect();
    match write(&shown, args.format, plan.load.time_zone) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(DONE),
    }
}

fn write(visits: &[Visit], format: Format, zone: Tz) -> std::io::Result<()> {
    let mut hits: Vec<(usize, usize)> = visits
        .iter()
        .enumerate()
        .flat_map(|(visit, of)| (0..of.hits.len()).map(move |hit| (visit, hit)))
        .collect();
    hits.sort_by_key(|(visit, hit)| (visits[*visit].hits[*hit].send_at_ms, visits[*visit].ordinal));
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (visit, hit) in hits {
        let (of, timed) = (&visits[visit], &visits[visit].hits[hit]);
        match format {
            Format::Json => {
                serde_json::to_writer(&mut out, &row(of, timed))?;
                writeln!(out)?;
            }
            Format::Text => writeln!(out, "{}", sentence(of, hit, zone))?,
        }
    }
    out.flush()
}

fn row<'a>(visit: &'a Visit, timed: &TimedHit) -> Row<'a> {
    Row {
        visit: visit.ordinal,
        at: DateTime::from_timestamp_millis(timed.time_ms)
            .unwrap_or_default()
            .to_rfc3339_opts(SecondsFormat::Millis, true),
        params: timed
            .hit
            .params(timed.cdt_s)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect(),
        visitor: &visit.visitor,
    }
}

/// The hit as a line of a story.
fn sentence(visit: &Visit, at: usize, zone: Tz) -> String {
    let time = DateTime::from_timestamp_millis(visit.hits[at].time_ms)
        .unwrap_or_default()
        .with_timezone(&zone);
    format!(
        "{}  visit {:<5} {}",
        time.format("%Y-%m-%d %H:%M:%S"),
        visit.ordinal,
        deed(visit, at)
    )
}
