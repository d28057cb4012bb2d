//! The figures of a run: those of its loaders, put together.
//!
//! Totals are added up, since no two loaders make the same visit, and so are the times of loaders that have ended. Of
//! distributions over the last minute the worst is shown. Invariant: with one loader nothing changes.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use run_report::histogram;

use super::figures::{INCIDENTS, ReportFigures};
use super::shard::Shard;
use crate::api::view::{
    Account, Incident, Latency, LoaderState, LoaderStateName, Rate, Reason, Visits,
};

/// What the loaders of a run said, as if it were one.
pub(crate) fn merged(shards: &[Shard]) -> ReportFigures {
    if let [only] = shards {
        return only.figures.clone();
    }
    let all = || shards.iter().map(|shard| &shard.figures);
    let latencies = latencies(shards);
    ReportFigures {
        seq: all().map(|said| said.seq).sum(),
        last_at: all().filter_map(|said| said.last_at).max(),
        heard_at: all().filter_map(|said| said.heard_at).max(),
        loader_state: state(shards),
        account: all().filter_map(|said| said.account).reduce(plus),
        visits: all().filter_map(|said| said.visits).reduce(visits),
        visits_planned: all().map(|said| said.visits_planned).sum(),
        rate: all().filter_map(|said| said.rate).reduce(rates),
        latency_ms: match &latencies {
            Some(times) => histogram::summary(times).map(Latency::from),
            None => all().filter_map(|said| said.latency_ms).reduce(worst),
        },
        latency_histogram: latencies.as_ref().and_then(histogram::pack),
        lateness_ms: all().filter_map(|said| said.lateness_ms).reduce(worst),
        by_kind: by_kind(all()),
        reasons: reasons(all()),
        incidents: incidents(all()),
        in_flight: all().map(|said| said.in_flight).sum(),
        requests: all().map(|said| said.requests).sum(),
        unverified: all().map(|said| said.unverified).sum(),
        window: all().find_map(|said| said.window.clone()),
        // The run is where the loader is that is behind the others.
        day: all().filter_map(|said| said.day).min(),
        days_done: all().filter_map(|said| said.days_done).min(),
        days_planned: all().filter_map(|said| said.days_planned).max(),
        errors_per_s: all().map(|said| said.errors_per_s).sum(),
    }
}

/// The latencies of all loaders together, once each of them that had any has told all of its own.
fn latencies(shards: &[Shard]) -> Option<Histogram<u64>> {
    let said = shards.iter().map(|shard| &shard.figures);
    let heard = said.filter(|said| said.latency_ms.is_some());
    let texts: Option<Vec<&str>> = heard
        .map(|said| said.latency_histogram.as_deref())
        .collect();
    histogram::merge(texts?)
}

/// "3 of 4 loaders at work", and what a person should look at first.
fn state(shards: &[Shard]) -> Option<LoaderState> {
    let working = shards.iter().filter(|shard| shard.is_at_work());
    let states: Vec<&LoaderState> = working
        .clone()
        .filter_map(|shard| shard.figures.loader_state.as_ref())
        .collect();
    let gravest = states.iter().max_by_key(|said| gravity(said.state))?;
    let detail = format!("{} of {} loaders at work", working.count(), shards.len());
    Some(LoaderState {
        state: gravest.state,
        detail: match gravest.detail.is_empty() {
            true => detail,
            false => format!("{detail}; {}", gravest.detail),
        },
        next_visit_at: states.iter().filter_map(|said| said.next_visit_at).min(),
        until: gravest.until,
    })
}

fn gravity(state: LoaderStateName) -> u8 {
    match state {
        LoaderStateName::Waiting => 0,
        LoaderStateName::Running => 1,
        LoaderStateName::Starting => 2,
        LoaderStateName::PausedAtCap => 3,
        LoaderStateName::Slowed => 4,
        LoaderStateName::Stopping => 5,
        LoaderStateName::TargetDown => 6,
    }
}

pub(crate) fn plus(one: Account, two: Account) -> Account {
    Account {
        planned: one.planned + two.planned,
        accepted: one.accepted + two.accepted,
        rejected: one.rejected + two.rejected,
        failed: one.failed + two.failed,
        unknown: one.unknown + two.unknown,
        skipped: one.skipped + two.skipped,
        remaining: one.remaining + two.remaining,
    }
}

fn visits(one: Visits, two: Visits) -> Visits {
    Visits {
        planned: one.planned.zip(two.planned).map(|(one, two)| one + two),
        started: one.started + two.started,
        finished: one.finished + two.finished,
        open: one.open + two.open,
        cut: one.cut + two.cut,
    }
}

fn rates(one: Rate, two: Rate) -> Rate {
    Rate {
        visits_per_s_planned: one.visits_per_s_planned + two.visits_per_s_planned,
        visits_per_s: one.visits_per_s + two.visits_per_s,
        hits_per_s: one.hits_per_s + two.hits_per_s,
    }
}

fn worst(one: Latency, two: Latency) -> Latency {
    Latency {
        p50: one.p50.max(two.p50),
        p95: one.p95.max(two.p95),
        p99: one.p99.max(two.p99),
        max: one.max.max(two.max),
        count: one.count + two.count,
    }
}

fn by_kind<'a>(all: impl Iterator<Item = &'a ReportFigures>) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for (kind, hits) in all.flat_map(|said| &said.by_kind) {
        *sums.entry(kind.clone()).or_default() += hits;
    }
    sums
}

/// The most frequent first, as each loader has them.
fn reasons<'a>(all: impl Iterator<Item = &'a ReportFigures>) -> Vec<Reason> {
    let mut sums: Vec<Reason> = Vec::new();
    for reason in all.flat_map(|said| &said.reasons) {
        let same = |sum: &&mut Reason| sum.code == reason.code && sum.outcome == reason.outcome;
        match sums.iter_mut().find(same) {
            Some(sum) => sum.hits += reason.hits,
            None => sums.push(reason.clone()),
        }
    }
    sums.sort_by_key(|reason| std::cmp::Reverse(reason.hits));
    sums
}

fn incidents<'a>(
    all: impl Iterator<Item = &'a ReportFigures>,
) -> std::collections::VecDeque<Incident> {
    let mut incidents: Vec<Incident> = all.flat_map(|said| said.incidents.clone()).collect();
    incidents.sort_by_key(|incident| incident.at);
    let old = incidents.len().saturating_sub(INCIDENTS);
    incidents.drain(..old);
    incidents.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orchestrator::LoaderId;
    use crate::orchestrator::fake::events;
    use crate::runs::shard::ShardEnd;
    use crate::time::Timestamp;

    fn at_work(accepted: u64, remaining: u64) -> Shard {
        let mut shard = Shard {
            loader: Some(LoaderId("loader".into())),
            ..Shard::default()
        };
        let event = events::progress(accepted, remaining);
        let line = run_report::Line::new(1, chrono::DateTime::UNIX_EPOCH, event);
        shard.figures.hear(&line, Timestamp(0));
        shard
    }

    #[test]
    fn totals_add_up_and_the_state_says_how_many_are_at_work() {
        let mut shards = vec![at_work(10, 3), at_work(5, 0), at_work(1, 1)];
        shards[2].ended(
            ShardEnd {
                state: crate::api::view::RunState::Failed,
                reason: "killed".into(),
                doubt: None,
                gave_up: false,
            },
            Timestamp(1),
        );
        let sum = merged(&shards);
        let account = sum.account.unwrap();
        assert_eq!((account.planned, account.accepted), (20, 16));
        assert_eq!(account.remaining, 4);
        assert_eq!(sum.by_kind["pageview"], 16);
        assert_eq!(
            sum.loader_state.unwrap().detail,
            "2 of 3 loaders at work; sending"
        );
        // Of loaders at work alone.
        assert_eq!(sum.rate.unwrap().hits_per_s, 8.0);
        assert_eq!(sum.latency_ms.unwrap().count, 15);
    }

    #[test]
    fn times_are_added_up_once_every_loader_has_told_all_of_its_own() {
        let told = |ms: &[u64]| {
            let mut times = histogram::empty::<u32>();
            ms.iter().for_each(|ms| times.saturating_record(ms * 100));
            let mut shard = at_work(1, 0);
            let latency = histogram::summary(&times);
            shard.figures.latency_ms = latency.map(Latency::from);
            shard.figures.latency_histogram = histogram::pack(&times);
            shard
        };
        let mut shards = [told(&[10; 97]), told(&[500, 500, 500])];
        let sum = merged(&shards);
        let times = sum.latency_ms.unwrap();
        assert_eq!(times.count, 100);
        // The worst of each would be 500.
        assert!(
            times.p50 < 11.0 && times.p95 < 11.0 && 490.0 < times.p99,
            "{times:?}"
        );
        let text = sum.latency_histogram.unwrap();
        assert_eq!(histogram::merge([text.as_str()]).unwrap().len(), 100);

        shards[1].figures.latency_histogram = None;
        let sum = merged(&shards);
        assert!(490.0 < sum.latency_ms.unwrap().p50, "one is at work still");
        assert_eq!(sum.latency_histogram, None);
    }

    #[test]
    fn of_one_loader_nothing_changes() {
        let shard = at_work(10, 3);
        assert_eq!(merged(std::slice::from_ref(&shard)), shard.figures);
    }
}
