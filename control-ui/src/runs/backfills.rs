//! Rules of backfills among other runs: one at a time for each site; whose people a run may share.

use super::prepare::{Order, problem};
use super::record::Run;
use super::{RunId, Runs, UNFINISHED_SEEN};
use crate::api::problem::{Code, ConfigProblem, Problem};
use crate::api::view::{NextStep, RunKind};

impl Runs {
    /// Refuses a backfill into a site that another one is filling: two of them would mix the days, which must ascend.
    /// A run whose place it takes does not count. Asked while no other run can become active.
    pub(super) async fn site_is_free(&self, run: &Run) -> Result<(), Problem> {
        if run.kind != RunKind::Backfill {
            return Ok(());
        }
        let taken = run.replaces.as_ref().map(|taken| &taken.run);
        for row in self.needs().store.unfinished_runs(UNFINISHED_SEEN).await? {
            let other = Run::from_row(row).map_err(|error| Problem::internal(&error))?;
            let same = other.target.host == run.target.host
                && other.target.site_id == run.target.site_id
                && other.id != run.id
                && Some(&other.id) != taken;
            if same && other.kind == RunKind::Backfill && other.state().is_active() {
                return Err(Problem::new(
                    Code::BackfillSiteBusy,
                    format!(
                        "run {} fills site {} of {} at this moment; wait until it has ended, or pause or stop it first",
                        other.name, other.target.site_id, other.target.host
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Puts the people of the run that an order names in the place of a population.
    pub(super) async fn with_people(&self, mut order: Order) -> Result<Order, Problem> {
        let asked = order.new.same_people_as.take();
        let Some(other) = self.people_of(asked.as_deref()).await? else {
            return Ok(order);
        };
        if order.new.population.is_some() {
            return Err(refused(
                "population.twice",
                "the people of a run are asked for, and another population beside them",
                "leave out population or same_people_as",
            ));
        }
        order.new.population = Some(other.population);
        Ok(order)
    }

    /// The run whose people are asked for.
    pub(super) async fn people_of(&self, asked: Option<&str>) -> Result<Option<Run>, Problem> {
        let Some(id) = asked else {
            return Ok(None);
        };
        let found = match RunId::parse(id) {
            Some(id) => self.entry(&id).await,
            None => Err(crate::api::runs::no_such_run()),
        };
        let other = match found {
            Ok(entry) => entry.run.lock().await.clone(),
            Err(problem) if problem.code() == Code::NotFound => {
                return Err(refused(
                    "run.unknown",
                    &format!("there is no run {id}"),
                    "GET /api/runs lists the runs; leave it out for new people",
                ));
            }
            Err(problem) => return Err(problem),
        };
        if other.kind == RunKind::Backfill && other.state().is_active() {
            return Err(refused(
                "run.active",
                &format!(
                    "run {} still fills its days; Matomo sees people as returning in time order only",
                    other.name
                ),
                "wait until it has ended, or leave this out for new people",
            ));
        }
        Ok(Some(other))
    }
}

impl Run {
    /// What is left to do after a backfill: what Matomo does not do by itself.
    pub(super) fn next_steps(&self) -> Vec<NextStep> {
        if self.kind != RunKind::Backfill || self.state().is_active() {
            return Vec::new();
        }
        let mut steps = Vec::new();
        if self.may_go_on() {
            steps.push(NextStep {
                text: "Resume the run: it sends exactly what remains.".to_owned(),
                command: None,
            });
        }
        let figures = self.figures();
        let account = figures.account.unwrap_or_default();
        let window = figures.window.as_ref().or(self.window.as_ref());
        if let Some(window) = window.filter(|_| account.accepted + account.unknown > 0) {
            steps.push(NextStep {
                text: "Matomo draws its reports of these days when it archives them the next time. To have them now, \
                       run this on Matomo's server:"
                    .to_owned(),
                command: Some(format!(
                    "./console core:archive --force-idsites={} --force-date-range={},{}",
                    self.target.site_id, window.first, window.last
                )),
            });
        }
        steps
    }
}

fn refused(code: &str, message: &str, hint: &str) -> Problem {
    let problem: ConfigProblem = problem("/same_people_as", code, message, hint);
    Problem::invalid(vec![problem])
}
