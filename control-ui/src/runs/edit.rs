//! What people change of a run that is written down: its name and notes; deleting it, and taking that back.
//!
//! A deleted run is nowhere but in the store, until it is restored or removed for good. Invariant: only a run that has
//! ended can be deleted, and nothing else about it changes while it is.

use super::life::cannot;
use super::prepare::{are_notes, is_name, notes_too_long, problem};
use super::record::Run;
use super::{RunId, Runs};
use crate::api::etag::Precondition;
use crate::api::problem::{Code, Problem};
use crate::api::runs::edit::RunChange;
use crate::api::runs::no_such_run;
use crate::api::view::RunView;

impl Runs {
    /// Changes name or notes.
    ///
    /// # Errors
    /// No such run, somebody changed it meanwhile, or the text does not fit.
    pub async fn edit(
        &self,
        id: &RunId,
        seen: Precondition,
        change: RunChange,
    ) -> Result<RunView, Problem> {
        let mut problems = Vec::new();
        if change.name.as_deref().is_some_and(|name| !is_name(name)) {
            problems.push(problem(
                "/name",
                "text.length",
                "must have 1 to 100 characters, without control characters",
                "shorten it, or leave it out",
            ));
        }
        if change
            .notes
            .as_deref()
            .is_some_and(|notes| !are_notes(notes))
        {
            problems.push(notes_too_long());
        }
        if !problems.is_empty() {
            return Err(Problem::invalid(problems));
        }
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move {
            let entry = runs.entry(&id).await?;
            let mut run = entry.run.lock().await;
            seen.check(run.revision)?;
            runs.change(&mut run, |run| {
                run.name = change.name.unwrap_or_else(|| run.name.clone());
                run.notes = change.notes.unwrap_or_else(|| run.notes.clone());
                run.revision += 1;
                Ok(())
            })
            .await?;
            Ok(runs.view_of(&run))
        })
        .await
    }

    /// Deletes a run that has ended. One that is deleted already is left so.
    ///
    /// # Errors
    /// No such run, or it has not ended.
    pub async fn delete(&self, id: &RunId) -> Result<(), Problem> {
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move { runs.deleted(&id).await })
            .await
    }

    async fn deleted(&self, id: &RunId) -> Result<(), Problem> {
        let entry = match self.entry(id).await {
            // Deleted already, or never there.
            Err(problem) if problem.code() == Code::NotFound => {
                return self.stored(id).await.map(drop);
            }
            entry => entry?,
        };
        let mut run = entry.run.lock().await;
        if run.deleted.is_some() {
            return Ok(());
        }
        if !run.has_ended() {
            return Err(cannot(&run, "be deleted before it has ended"));
        }
        if run.taking_over().is_some() {
            return Err(cannot(
                &run,
                "be deleted until the run it was to replace goes on",
            ));
        }
        let now = self.needs().clock.now();
        self.change(&mut run, |run| {
            run.deleted = Some(now);
            Ok(())
        })
        .await?;
        drop(run);
        self.0.entries.lock().await.remove(id);
        tracing::info!(run.id = %id, "a run was deleted");
        self.tidy();
        Ok(())
    }

    /// Takes deleting back. A run that is not deleted is left as it is.
    ///
    /// # Errors
    /// No such run, or its time is over.
    pub async fn restore(&self, id: &RunId) -> Result<RunView, Problem> {
        let (runs, id) = (self.clone(), id.clone());
        self.to_the_end(async move {
            let mut run = runs.stored(&id).await?;
            if let Some(deleted) = run.deleted {
                if deleted.0 < runs.undo_since().0 {
                    return Err(no_such_run());
                }
                run.deleted = None;
                runs.save(&run).await?;
                // Whoever held it while it was deleted must not bring it back as it was.
                runs.0.entries.lock().await.remove(&id);
            }
            Ok(runs.view_of(&run))
        })
        .await
    }

    /// A run as the store has it, deleted or not.
    async fn stored(&self, id: &RunId) -> Result<Run, Problem> {
        let row = self.needs().store.run(id.to_string()).await?;
        let row = row.ok_or_else(no_such_run)?;
        Run::from_row(row).map_err(|error| Problem::internal(&error))
    }
}
