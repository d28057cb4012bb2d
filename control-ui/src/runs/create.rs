//! Accepting a run.

use std::sync::Arc;

use super::id::IdempotencyKey;
use super::prepare::{Order, Prepared, Surroundings, prepare, request_hash};
use super::record::Run;
use super::{ACTIVE_MAX, Entry, Runs, make_room};
use crate::api::problem::{Code, Problem};
use crate::api::runs::create::{NewRun, Overlap};
use crate::api::view::RunView;
use crate::configuration::Basis;
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
        order: Order,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Problem> {
        let hash = request_hash(&order.new)?;
        let named = Named::of(key, hash);
        let runs = self.clone();
        self.to_the_end(async move {
            if let Some(before) = runs.made_before(&named).await? {
                return Ok(before);
            }
            runs.made(order, named).await
        })
        .await
    }

    /// The run that this idempotency key made before.
    pub(super) async fn made_before(&self, named: &Named) -> Result<Option<Created>, Problem> {
        let Some(key) = &named.key else {
            return Ok(None);
        };
        match self.needs().store.run_of_key(key.clone()).await? {
            Some((row, before)) => self.before_or_mismatch(row, &before, &named.hash).map(Some),
            None => Ok(None),
        }
    }

    /// Checks an order and accepts its run.
    pub(super) async fn made(&self, order: Order, named: Named) -> Result<Created, Problem> {
        self.ready().await?;
        let add = order.new.overlap == Some(Overlap::Add);
        let prepared = self.prepare(self.with_people(order).await?).await?;
        let _place = self.0.admission.lock().await;
        self.site_is_free(&prepared.run).await?;
        if let Some(planned) = prepared.planned.as_ref().filter(|_| !add) {
            self.days_are_free(&prepared.run, planned).await?;
        }
        self.accept(prepared, named).await
    }

    async fn prepare(&self, order: Order) -> Result<Prepared, Problem> {
        let needs = self.needs();
        let confirmed_hosts = self.confirmed_hosts().await?;
        let basis = match order.whole {
            true => Basis::default(),
            false => self.basis_of(&order.new).await?,
        };
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
            prepare(order, &around)
        })
        .await
        .map_err(|error| Problem::internal(&error))?
    }

    /// What the configuration of a request is laid upon.
    pub(super) async fn basis_of(&self, new: &NewRun) -> Result<Basis, Problem> {
        let configurations = &self.needs().configurations;
        match new.use_configuration {
            true => configurations.working_basis().await,
            false => configurations.basis(new.preset.as_deref()).await,
        }
    }

    async fn accept(&self, prepared: Prepared, named: Named) -> Result<Created, Problem> {
        let Prepared {
            run,
            secrets,
            confirms,
            planned,
        } = prepared;
        let needs = self.needs();
        let other = match &run.replaces {
            Some(taken) => Some(self.entry(&taken.run).await?),
            None => None,
        };
        let mut other = match &other {
            Some(entry) => Some(entry.run.lock().await),
            None => None,
        };
        if let Some(other) = &other
            && let Some(before) = self.taken_already(other, &run).await?
        {
            return Ok(before);
        }
        // First, because a person said so whatever becomes of the run, and because nothing may fail once it is kept.
        if let Some((host, who)) = confirms {
            needs.store.confirm(host, who, needs.clock.now()).await?;
        }
        if let Some(secrets) = &secrets {
            let written = needs.secrets.write(&run.id, secrets);
            written.map_err(|error| Problem::internal(&error))?;
        }
        let changed = other.as_ref().map(|other| {
            let mut changed = Run::clone(other);
            changed.replaced_by = Some(run.id.clone());
            changed
        });
        let inserted = self.insert(&run, changed.as_ref(), &named).await;
        if !matches!(inserted, Ok(None)) {
            let deleted = needs.secrets.delete(&run.id);
            deleted.map_err(|error| Problem::internal(&error))?;
        }
        if let Some(before) = inserted? {
            return Ok(before);
        }
        if let (Some(other), Some(changed)) = (&mut other, changed) {
            needs.live.publish("run", &self.live_view(&changed));
            **other = changed;
        }
        drop(other);
        if let Some(planned) = planned {
            let days = planned.rows(&run.target);
            if let Err(error) = needs.store.plan_days(run.id.to_string(), days).await {
                tracing::warn!(run.id = %run.id, error = %error, "the planned days of a run could not be kept; its loaders tell of them");
            }
        }
        Ok(Created::New(self.accepted(run).await))
    }

    /// Writes a run down; the answer is the run that its idempotency key made before.
    async fn insert(
        &self,
        run: &Run,
        other: Option<&Run>,
        named: &Named,
    ) -> Result<Option<Created>, Problem> {
        let row = |run: &Run| run.row().map_err(|error| Problem::internal(&error));
        let key = named.key.clone().map(|key| (key, named.hash.clone()));
        // A run that takes the place of an active one needs no further one.
        let places = match other {
            Some(other) if other.state().is_active() => u32::MAX,
            _ => ACTIVE_MAX,
        };
        let other = other.map(row).transpose()?;
        let store = &self.needs().store;
        match store.insert_run(row(run)?, key, places, other).await? {
            Inserted::New => Ok(None),
            Inserted::Before { run, request_hash } => self
                .before_or_mismatch(*run, &request_hash, &named.hash)
                .map(Some),
            Inserted::TooMany => Err(too_many()),
        }
    }

    /// A run that was written down enters its life.
    async fn accepted(&self, run: Run) -> RunView {
        tracing::info!(run.id = %run.id, target.host = %run.target.host, "a run was accepted");
        let (view, live_view) = (self.view_of(&run), self.live_view(&run));
        let mut entries = self.0.entries.lock().await;
        make_room(&mut entries);
        // Whoever lists runs may have found it already and asked for it: there is one entry for each run.
        let entry = entries
            .entry(run.id.clone())
            .or_insert_with(|| Entry::new(run));
        let entry = Arc::clone(entry);
        drop(entries);
        self.needs().live.publish("run", &live_view);
        self.begin(entry);
        view
    }

    fn before_or_mismatch(&self, row: RunRow, before: &str, now: &str) -> Result<Created, Problem> {
        if before != now {
            return Err(Problem::new(
                Code::IdempotencyMismatch,
                "this Idempotency-Key was used with another body; take a fresh key for another run",
            ));
        }
        let run = Run::from_row(row).map_err(|error| Problem::internal(&error))?;
        if run.deleted.is_some() {
            let detail = "the run of this Idempotency-Key was deleted; restore it, or take a fresh key for another run";
            return Err(Problem::new(Code::RunState, detail));
        }
        Ok(Created::Before(self.view_of(&run)))
    }
}

/// What a client names a request, and what the request was.
pub(super) struct Named {
    key: Option<String>,
    hash: String,
}

impl Named {
    pub(super) fn of(key: Option<IdempotencyKey>, hash: String) -> Self {
        let key = key.map(IdempotencyKey::into_text);
        Self { key, hash }
    }
}

pub(super) fn too_many() -> Problem {
    Problem::new(
        Code::RunsTooMany,
        format!("{ACTIVE_MAX} runs are active, which is the limit; stop or pause one first"),
    )
}
