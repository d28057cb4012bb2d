//! Doing the same again: a new run from what an earlier one was made of.

use super::create::{Created, Named};
use super::prepare::{Order, request_hash};
use super::record::{How, Replacement, Run, Wanted};
use super::{IdempotencyKey, RunId, Runs};
use crate::api::problem::{Code, Problem};
use crate::api::runs::again::AgainRequest;
use crate::api::runs::create::NewRun;

impl Runs {
    /// Starts a new run of the same configuration.
    ///
    /// # Errors
    /// No such run, its token is no longer kept, and whatever starting a run may meet.
    pub async fn again(
        &self,
        id: &RunId,
        request: AgainRequest,
        who: String,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Problem> {
        let named = Named::of(key, request_hash(&("again", id, &request))?);
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move {
            if let Some(before) = runs.made_before(&named).await? {
                return Ok(before);
            }
            let run = runs.entry(&id).await?.run.lock().await.clone();
            let order = runs.order_of(&run, request, who)?;
            runs.made(order, named).await
        })
        .await
    }

    /// Ends a run for good and starts it again. A run that was restarted before is answered with its successor.
    ///
    /// # Errors
    /// No such run, it has ended, its token is no longer kept, and whatever starting a run may meet.
    pub async fn restart(
        &self,
        id: &RunId,
        request: AgainRequest,
        who: String,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Problem> {
        let named = Named::of(key, request_hash(&("restart", id, &request))?);
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move {
            if let Some(before) = runs.made_before(&named).await? {
                return Ok(before);
            }
            let run = runs.entry(&id).await?.run.lock().await.clone();
            if let Some(before) = runs.successor(&run, How::Restart).await? {
                return Ok(before);
            }
            may_be_replaced(&run, How::Restart)?;
            let mut order = runs.order_of(&run, request, who)?;
            order.replaces = Some(replacement(&run, How::Restart));
            runs.made(order, named).await
        })
        .await
    }

    /// The order that a run was, with fresh keys unless the same visits are wanted.
    fn order_of(&self, run: &Run, request: AgainRequest, who: String) -> Result<Order, Problem> {
        let secrets = self.secrets_for(run, request.secrets())?;
        let keys = request.same_visits.then_some(());
        Ok(Order {
            new: NewRun {
                name: Some(request.name.unwrap_or_else(|| run.name.clone())),
                notes: (!run.notes.is_empty()).then(|| run.notes.clone()),
                config: Some(run.config.clone()),
                trial: run.trial,
                confirm_target: request.confirm_target,
                overlap: request.overlap,
                seed: keys.map(|()| run.seed),
                population: keys.map(|()| run.population.clone()),
                origin: keys.map(|()| run.origin),
                ..NewRun::default()
            },
            who,
            begun_from: run.preset.clone(),
            whole: true,
            secrets,
            replaces: None,
        })
    }
}

/// That a new run takes this one's place.
pub(super) fn replacement(run: &Run, how: How) -> Replacement {
    Replacement {
        run: run.id.clone(),
        how,
        was_running: run.wanted == Wanted::Run && !run.has_ended(),
        settled: false,
    }
}

/// Only what has not ended can be replaced.
pub(super) fn may_be_replaced(run: &Run, how: How) -> Result<(), Problem> {
    if run.taking_over().is_some() {
        return Err(Problem::new(
            Code::RunState,
            format!(
                "run {} is taking the place of another one at this moment; wait until it runs, or stop it",
                run.name
            ),
        ));
    }
    if !run.has_ended() {
        return Ok(());
    }
    Err(Problem::new(
        Code::RunState,
        format!(
            "run {} has ended; it cannot be {}. Run it again instead",
            run.name,
            how.in_words()
        ),
    ))
}
