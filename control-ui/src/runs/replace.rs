//! One run takes another one's place: restart and apply.
//!
//! The new run is written down as queued together with whose place it takes; everything after that follows from the
//! states of the two, so whoever finds them after a death goes on where it was. Invariants: the other run stops only
//! when the new one may start; when the new one of an *apply* cannot start, the other one goes on.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::again::{may_be_replaced, replacement};
use super::create::{Created, Named};
use super::prepare::{Order, request_hash};
use super::record::{How, Replacement, Run, Wanted};
use super::{Entry, IdempotencyKey, RETRY, RunId, Runs};
use crate::api::problem::{Code, Problem};
use crate::api::runs::create::NewRun;
use crate::api::runs::resume::ResumeRequest;
use crate::api::view::RunState;
use crate::orchestrator::OnceRequest;

/// How long the check of a configuration may take.
const CHECK_LIMIT: Duration = Duration::from_secs(60);

/// How often a run that waits for another one's end looks.
const LOOK: Duration = Duration::from_millis(50);

impl Runs {
    /// Starts a run of another configuration in the place of this one, which goes on if the new one cannot start.
    ///
    /// # Errors
    /// No such run, it has ended or is being replaced, and whatever starting a run may meet.
    pub async fn apply(
        &self,
        id: &RunId,
        new: NewRun,
        who: String,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Problem> {
        let named = Named::of(key, request_hash(&("apply", id, &new))?);
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move {
            if let Some(before) = runs.made_before(&named).await? {
                return Ok(before);
            }
            let run = runs.entry(&id).await?.run.lock().await.clone();
            may_be_replaced(&run, How::Apply)?;
            let name = new.name.clone().unwrap_or_else(|| run.name.clone());
            let mut order = Order::of(new, who);
            order.new.name = Some(name);
            order.replaces = Some(replacement(&run, How::Apply));
            runs.made(order, named).await
        })
        .await
    }

    /// The run that takes this one's place already.
    pub(super) async fn successor(&self, run: &Run, how: How) -> Result<Option<Created>, Problem> {
        let Some(next) = &run.replaced_by else {
            return Ok(None);
        };
        let next = self.entry(next).await?.run.lock().await.clone();
        if how == How::Restart && next.replaces.as_ref().is_some_and(|taken| taken.how == how) {
            return Ok(Some(Created::Before(self.view_of(&next))));
        }
        Err(Problem::new(
            Code::RunState,
            format!(
                "run {} is replaced by run {} already; stop or change that one",
                run.name, next.name
            ),
        ))
    }

    /// The same, asked at the moment at which the place is taken.
    pub(super) async fn taken_already(
        &self,
        other: &Run,
        run: &Run,
    ) -> Result<Option<Created>, Problem> {
        let how = run.replaces.as_ref().map_or(How::Apply, |taken| taken.how);
        if let Some(before) = self.successor(other, how).await? {
            return Ok(Some(before));
        }
        may_be_replaced(other, how).map(|()| None)
    }

    /// Lets a queued run begin: at once, or once it may take another one's place.
    pub(super) fn begin(&self, entry: Arc<Entry>) {
        let runs = self.clone();
        self.spawn("start a run", async move {
            let taken = entry.run.lock().await.taking_over().cloned();
            match taken {
                Some(taken) => runs.take_over(&entry, &taken).await,
                None => runs.launched(&entry).await,
            }
        });
    }

    async fn take_over(&self, entry: &Arc<Entry>, taken: &Replacement) -> Result<(), Problem> {
        if taken.how == How::Apply
            && let Err(reason) = self.tried_out(entry).await
        {
            return self.gave_up_starting(entry, reason).await;
        }
        while entry.run.lock().await.state() == RunState::Queued {
            if self.is_out_of_the_way(taken).await? {
                return self.launched(entry).await;
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Checks a run where it will run, before another one is stopped for it.
    async fn tried_out(&self, entry: &Entry) -> Result<(), String> {
        let request = self.request(&*entry.run.lock().await, 0)?;
        let request = OnceRequest {
            config: request.config,
            secrets: request.secrets,
            args: ["check", "--format", "json"].map(str::to_owned).into(),
            time_limit: CHECK_LIMIT,
        };
        let checked = self.needs().orchestrator.once(request).await;
        let output = checked.map_err(|error| format!("it could not be checked: {error}"))?;
        if output.exit_code.unwrap_or_default() == 0 {
            return Ok(());
        }
        let found: serde_json::Value = serde_json::from_str(&output.stdout).unwrap_or_default();
        let problems = found["problems"].as_array().into_iter().flatten();
        let said: Vec<&str> = problems
            .filter_map(|problem| problem["message"].as_str())
            .collect();
        let said = match said.is_empty() {
            true => output.stderr.trim().to_owned(),
            false => said.join("; "),
        };
        Err(format!(
            "the loader does not take its configuration: {said}"
        ))
    }

    /// Asks the other run to make room; whether it has.
    async fn is_out_of_the_way(&self, taken: &Replacement) -> Result<bool, Problem> {
        let entry = match self.entry(&taken.run).await {
            Err(problem) if problem.code() == Code::NotFound => return Ok(true),
            entry => entry?,
        };
        let mut run = entry.run.lock().await;
        match (run.state(), taken.how) {
            (RunState::Stopping, _) => return Ok(false),
            (RunState::Paused, How::Apply) => return Ok(true),
            _ if run.has_ended() => return Ok(true),
            _ => {}
        }
        let asked = match taken.how {
            How::Restart => self.stop_now(&entry, &mut run).await,
            How::Apply => self.pause_now(&entry, &mut run).await,
        };
        drop(run);
        match asked {
            Err(problem) if problem.code().may_pass() => sleep(RETRY).await,
            asked => asked?,
        }
        Ok(false)
    }

    /// Brings the taking of another one's place to its end, when this run's state decides it.
    pub(super) fn settle(&self, entry: &Arc<Entry>, run: &Run) {
        if run.taking_over().is_none()
            || matches!(run.state(), RunState::Queued | RunState::Starting)
        {
            return;
        }
        let (runs, entry) = (self.clone(), Arc::clone(entry));
        self.spawn("settle whose turn it is", async move {
            runs.settled(&entry).await
        });
    }

    async fn settled(&self, entry: &Arc<Entry>) -> Result<(), Problem> {
        let run = entry.run.lock().await.clone();
        let Some(taken) = run.taking_over() else {
            return Ok(());
        };
        match self.entry(&taken.run).await {
            Ok(other) if run.began() => self.superseded(&other, &run).await?,
            Ok(other) => self.given_back(&other, &run, taken).await?,
            Err(problem) if problem.code() == Code::NotFound => {}
            Err(problem) => return Err(problem),
        }
        let settled = self.change_surely(entry, |run| {
            if let Some(taken) = &mut run.replaces {
                taken.settled = true;
            }
            Ok(())
        });
        settled.await.map(drop)
    }

    /// The new run is at work: the other one will not be needed again.
    async fn superseded(&self, other: &Arc<Entry>, by: &Run) -> Result<(), Problem> {
        if other.run.lock().await.state() != RunState::Paused {
            return Ok(());
        }
        let now = self.needs().clock.now();
        let reason = format!("run {} took its place", by.name);
        let ended = self.change_surely(other, |run| {
            run.wanted = Wanted::Cancel;
            run.move_to(RunState::Cancelled)?;
            run.ended_at = Some(now);
            run.outcome_reason = Some(reason.clone());
            Ok(())
        });
        drop(ended.await?);
        self.remark(other, "info", reason).await;
        self.tidy();
        Ok(())
    }

    /// The new run did not get to work: the other one is nobody's predecessor any more, and goes on if it was meant
    /// to and nobody stopped the new one.
    async fn given_back(
        &self,
        other: &Arc<Entry>,
        by: &Run,
        taken: &Replacement,
    ) -> Result<(), Problem> {
        let freed = self.change_surely(other, |run| {
            run.replaced_by = None;
            Ok(())
        });
        let paused = freed.await?.state() == RunState::Paused;
        if !paused || taken.how == How::Restart {
            return Ok(());
        }
        let reason = by.outcome_reason.clone().unwrap_or_default();
        if by.state() == RunState::Cancelled || !taken.was_running {
            let text = format!("run {} did not take its place: {reason}", by.name);
            self.remark(other, "info", text).await;
            return Ok(());
        }
        let text = format!(
            "going on, because run {} could not start: {reason}",
            by.name
        );
        self.remark(other, "warn", text).await;
        self.resumed_surely(&taken.run).await
    }

    /// Resumes a run once the orchestrator is there; what forbids it is noted.
    async fn resumed_surely(&self, id: &RunId) -> Result<(), Problem> {
        loop {
            match self.resume(id, ResumeRequest::default(), None).await {
                Err(problem)
                    if problem.code() == Code::OrchestratorUnavailable
                        || problem.code().may_pass() =>
                {
                    sleep(RETRY).await;
                }
                Err(problem) => {
                    let entry = self.entry(id).await?;
                    self.remark(&entry, "error", problem.to_string()).await;
                    return Ok(());
                }
                Ok(_) => return Ok(()),
            }
        }
    }
}
