//! The days of a run: what its loaders said of each, added up.
//!
//! Invariant: a day counts what each loader said last, once.

use std::collections::BTreeMap;

use run_report::DayAccount;

use super::merge::plus;
use super::record::Run;
use super::{RunId, Runs};
use crate::api::problem::Problem;
use crate::api::view::{Account, DayView};

/// In the place of a loader's number: what was planned before any began.
const PLAN: u32 = 0;

impl Runs {
    /// The days of a run; they ascend.
    ///
    /// # Errors
    /// No such run, or the store does not answer.
    pub async fn days(&self, id: &RunId) -> Result<Vec<DayView>, Problem> {
        let run = self.entry(id).await?.run.lock().await.clone();
        self.days_of(&run).await
    }

    pub(super) async fn days_of(&self, run: &Run) -> Result<Vec<DayView>, Problem> {
        let said = self.needs().store.days(run.id.to_string()).await?;
        Ok(sums(said, run.shards.len(), !run.state().is_active()))
    }
}

/// Adds up what `loaders` said; `over`: none of them says more.
fn sums(said: Vec<(u32, DayAccount)>, loaders: usize, over: bool) -> Vec<DayView> {
    let mut days: BTreeMap<_, (usize, DayView)> = BTreeMap::new();
    let mut planned = BTreeMap::new();
    for (shard, day) in said {
        let place = (day.day, day.target.host.clone(), day.target.site_id);
        if shard == PLAN {
            planned.insert(place, day);
            continue;
        }
        let sum = match days.remove(&place) {
            None => (1, view(day)),
            Some((heard, sum)) => (heard + 1, added(sum, view(day))),
        };
        days.insert(place, sum);
    }
    for (place, plan) in planned {
        let visits = plan.visits_planned;
        let (heard, day) = days.entry(place).or_insert_with(|| (0, view(plan)));
        // Once all loaders told, their own figures count.
        if *heard < loaders || day.visits_planned.is_none() {
            day.visits_planned = visits;
        }
    }
    let finish = |(heard, day): (usize, DayView)| DayView {
        // A loader that said nothing of the day yet may have something to say.
        closed: heard > 0 && day.closed && (over || heard == loaders),
        ..day
    };
    days.into_values().map(finish).collect()
}

fn view(day: DayAccount) -> DayView {
    let by_kind = day.by_kind.into_iter();
    DayView {
        day: day.day,
        host: day.target.host,
        site_id: day.target.site_id,
        visits_planned: day.visits_planned,
        visits_started: day.visits_started,
        visits_finished: day.visits_finished,
        account: day.account.into(),
        unverified: day.unverified,
        closed: day.closed,
        by_kind: by_kind.map(|(kind, hits)| (kind, hits.into())).collect(),
    }
}

fn added(one: DayView, two: DayView) -> DayView {
    let planned = one.visits_planned.zip(two.visits_planned);
    DayView {
        visits_planned: planned.map(|(one, two)| one + two),
        visits_started: one.visits_started + two.visits_started,
        visits_finished: one.visits_finished + two.visits_finished,
        account: plus(one.account, two.account),
        unverified: one.unverified + two.unverified,
        closed: one.closed && two.closed,
        by_kind: kinds([one.by_kind, two.by_kind].into_iter()),
        ..one
    }
}

/// Accounts by kind, added up.
pub(super) fn kinds(
    all: impl Iterator<Item = BTreeMap<String, Account>>,
) -> BTreeMap<String, Account> {
    let mut sums = BTreeMap::new();
    for (kind, hits) in all.flatten() {
        let sum: &mut Account = sums.entry(kind).or_default();
        *sum = plus(*sum, hits);
    }
    sums
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use run_report::Event;

    use super::*;
    use crate::orchestrator::fake::events;

    fn said(shard: u32, day: u32, accepted: u64, remaining: u64) -> (u32, DayAccount) {
        let day = NaiveDate::from_ymd_opt(2026, 9, day).unwrap();
        let Event::Account(day) = events::day(day, accepted, remaining) else {
            panic!("it is a day");
        };
        (shard, *day)
    }

    #[test]
    fn a_day_that_no_loader_told_of_yet_is_planned_and_open() {
        let plan = |day| {
            let (_, mut plan) = said(PLAN, day, 0, 0);
            plan.visits_planned = Some(7);
            (PLAN, plan)
        };
        let told = vec![
            plan(1),
            said(1, 1, 5, 0),
            said(2, 1, 5, 0),
            plan(2),
            plan(3),
            said(1, 3, 1, 0),
        ];
        let days = sums(told, 2, false);
        let figures = |day: &DayView| (day.account.planned, day.visits_planned, day.closed);
        assert_eq!(figures(&days[0]), (10, Some(4), true));
        assert_eq!(figures(&days[1]), (0, Some(7), false));
        assert_eq!(figures(&days[2]), (1, Some(7), false));
    }

    #[test]
    fn a_day_is_what_all_loaders_said_of_it() {
        let told = vec![said(1, 1, 5, 0), said(2, 1, 3, 1), said(1, 2, 1, 0)];
        let days = sums(told.clone(), 2, false);
        let figures = |day: &DayView| (day.account.planned, day.visits_planned, day.closed);
        assert_eq!(figures(&days[0]), (9, Some(4), false));
        assert_eq!(days[0].by_kind["pageview"].accepted, 8);
        // The second loader said nothing of the second day yet.
        assert_eq!(figures(&days[1]), (1, Some(2), false));
        assert!(sums(told, 2, true)[1].closed);
    }
}
