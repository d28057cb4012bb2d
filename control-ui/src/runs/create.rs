//! Accepting a run.

use std::sync::Arc;

use super::id::IdempotencyKey;
use super::prepare::{Prepared, Surroundings, prepare, request_hash};
use super::record::Run;
use super::{ACTIVE_MAX, Entry, Runs, make_room};
use crate::api::problem::{Code, Problem};
use crate::api::runs::create::NewRun;
use crate::api::view::RunView;
use crate::store::{Inserted, RunRow};

/// What became of a request for a run.
#[derive(Debug)]
pub enum Created {
    /// A new run.
    New(RunView),
    /// The run that this idempotency key made before.
    Before(RunView),
}

impl Runs {
    /// Accepts a run and lets it start.
    ///
    /// # Errors
    /// The request has problems, its target is not confirmed, its idempotency key belongs to another request, too
    /// many runs are active, or no loader can be started.
    pub async fn create(
        &self,
        new: NewRun,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Problem> {
        let runs = self.clone();
        self.to_the_end(async move { runs.created(new, key).await })
            .await
    }

    async fn created(&self, new: NewRun, key: Option<IdempotencyKey>) -> Result<Created, Problem> {
        let hash = request_hash(&new)?;
        let key = key.map(IdempotencyKey::into_text);
        if let Some(key) = &key
            && let Some((row, before)) = self.needs().store.run_of_key(key.clone()).await?
        {
            return before_or_mismatch(row, &before, &hash);
        }
        self.ready().await?;
        let prepared = self.prepare(new).await?;
        let idempotency = key.map(|key| (key, hash.clone()));
        let _place = self.0.admission.lock().await;
        self.accept(prepared, idempotency, &hash).await
    }

    async fn prepare(&self, new: NewRun) -> Result<Prepared, Problem> {
        let needs = self.needs();
        let confirmed_hosts = needs.store.confirmed_hosts().await?;
        let basis = needs.configurations.basis(new.preset.as_deref()).await?;
        let (settings, boot) = (Arc::clone(&needs.settings), needs.boot.clone());
        let (orchestrator, now) = (needs.orchestrator.kind(), needs.clock.now());
        // Checking a long list of pages takes a while, so it is done where blocking is fine.
        tokio::task::spawn_blocking(move || {
            let around = Surroundings {
                basis: &basis,
                settings: &settings,
                confirmed_hosts: &confirmed_hosts,
                orchestrator,
                boot: &boot,
                now,
            };
            prepare(new, &around)
        })
        .await
        .map_err(|error| Problem::internal(&error))?
    }

    async fn accept(
        &self,
        prepared: Prepared,
        idempotency: Option<(String, String)>,
        hash: &str,
    ) -> Result<Created, Problem> {
        let Prepared {
            run,
            secrets,
            confirms,
        } = prepared;
        let needs = self.needs();
        // First, because a person said so whatever becomes of the run, and because nothing may fail once it is kept.
        if let Some(host) = confirms {
            needs.store.confirm(host, needs.clock.now()).await?;
        }
        if let Some(secrets) = &secrets {
            let written = needs.secrets.write(&run.id, secrets);
            written.map_err(|error| Problem::internal(&error))?;
        }
        let row = run.row().map_err(|error| Problem::internal(&error))?;
        let inserted = needs.store.insert_run(row, idempotency, ACTIVE_MAX).await;
        if !matches!(inserted, Ok(Inserted::New)) {
            let deleted = needs.secrets.delete(&run.id);
            deleted.map_err(|error| Problem::internal(&error))?;
        }
        match inserted? {
            Inserted::New => {}
            Inserted::Before { run, request_hash } => {
                return before_or_mismatch(*run, &request_hash, hash);
            }
            Inserted::TooMany => return Err(too_many()),
        }
        let view = run.view();
        tracing::info!(run.id = %run.id, target.host = %run.target.host, "a run was accepted");
        let live_view = run.live_view();
        let mut entries = self.0.entries.lock().await;
        make_room(&mut entries);
        // Whoever lists runs may have found it already and asked for it: there is one entry for each run.
        let entry = entries
            .entry(run.id.clone())
            .or_insert_with(|| Entry::new(run));
        let entry = Arc::clone(entry);
        drop(entries);
        needs.live.publish("run", &live_view);
        self.launch(entry);
        Ok(Created::New(view))
    }
}

pub(super) fn too_many() -> Problem {
    Problem::new(
        Code::RunsTooMany,
        format!("{ACTIVE_MAX} runs are active, which is the limit; stop or pause one first"),
    )
}

fn before_or_mismatch(row: RunRow, before: &str, now: &str) -> Result<Created, Problem> {
    if before != now {
        return Err(Problem::new(
            Code::IdempotencyMismatch,
            "this Idempotency-Key was used with another body; take a fresh key for another run",
        ));
    }
    let run = Run::from_row(row).map_err(|error| Problem::internal(&error))?;
    Ok(Created::Before(run.view()))
}
