//! What earlier runs put into the days of a backfill, and what a person is asked then.
//!
//! Invariant: a backfill puts nothing into a day that another backfill filled unless a person said "add".

use super::Runs;
use super::record::Run;
use super::window::PlannedDays;
use crate::api::backfill::BackfillOverlap;
use crate::api::problem::{Code, Problem};
use crate::api::view::{RunKind, RunWindow, TargetView};

impl Runs {
    /// What runs put into these days of a site.
    pub(super) async fn overlaps(
        &self,
        target: &TargetView,
        window: &RunWindow,
    ) -> Result<Vec<BackfillOverlap>, Problem> {
        let site = (target.host.clone(), target.site_id);
        let held = self
            .needs()
            .store
            .held_days(site, (window.first, window.last));
        let mut overlaps = Vec::new();
        for held in held.await? {
            let run = Run::from_row(held.run).map_err(|error| Problem::internal(&error))?;
            overlaps.push(BackfillOverlap {
                run: run.id.to_string(),
                name: run.name.clone(),
                kind: run.kind,
                state: run.state(),
                first: held.first,
                last: held.last,
                days: held.days,
                hits_accepted: held.accepted,
                hits_unknown: held.unknown,
                can_continue: run.may_go_on(),
            });
        }
        Ok(overlaps)
    }

    /// Refuses a backfill into days that another one filled.
    pub(super) async fn days_are_free(
        &self,
        run: &Run,
        planned: &PlannedDays,
    ) -> Result<(), Problem> {
        let mut overlaps = self.overlaps(&run.target, &planned.window).await?;
        overlaps.retain(|overlap| overlap.kind == RunKind::Backfill);
        let Some(newest) = overlaps.first() else {
            return Ok(());
        };
        let more = match overlaps.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} further runs have put something into these days"),
        };
        let go_on = match newest.can_continue {
            true => format!("continue it (POST /api/runs/{}/resume), ", newest.run),
            false => String::new(),
        };
        let detail = format!(
            "{} to {} already hold {} hits of run {}{more}: {go_on}choose other days, or add to them (\"overlap\": \
             \"add\")",
            newest.first, newest.last, newest.hits_accepted, newest.name
        );
        Err(Problem::new(Code::BackfillOverlap, detail).with_overlaps(overlaps))
    }
}
