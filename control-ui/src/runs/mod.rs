//! Runs: what is wanted of them, what became of them.
//!
//! The service behind `/api/runs`. It asks the orchestrator and believes it; it keeps what it needs to find its runs
//! again. Invariants: what is wanted is written down before anything is done about it; one lock for each run, so its
//! changes have one order; every change is saved before it is published; what a request began is ended, even when
//! whoever asked hangs up.

mod account;
mod again;
mod backfill_plan;
mod backfills;
mod compare;
mod create;
mod days;
mod edit;
mod ending;
mod figures;
mod follow;
mod guards;
mod handed;
mod history;
mod id;
mod life;
mod log_lines;
mod look;
mod merge;
mod overlaps;
mod prepare;
mod preview;
mod recall;
mod reconcile;
mod record;
mod replace;
mod retention;
mod shard;
mod site;
mod start;
mod state;
mod tidy;
mod usage;
mod views;
mod watch;
mod window;

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use compare::EVERY as COMPARE_EVERY;
pub use create::Created;
pub(crate) use handed::{Given, given};
pub use history::{LogPage, LogPlace};
pub use id::{IdempotencyKey, RunId};
pub use prepare::Order;
pub(crate) use prepare::aimed_at;

use self::log_lines::LogRing;
use self::recall::Missing;
use self::record::{IllegalMove, Run};
use crate::api::problem::{Code, Problem};
use crate::api::runs::no_such_run;
use crate::api::view::{LogLine, RunUsage, RunView};
use crate::configuration::Configurations;
use crate::live::Hub;
use crate::orchestrator::{LoaderId, Orchestrator, OrchestratorError};
use crate::secrets::SecretFiles;
use crate::settings::Settings;
use crate::store::Store;
use crate::time::Clock;

/// Runs that may be active at a time. When full, a further one is refused (`runs.too_many`).
pub const ACTIVE_MAX: u32 = 8;

/// Runs remembered in memory besides active ones. When full, all that are at rest are forgotten and read again from
/// the store when asked for.
const AT_REST: usize = 64;

/// Unfinished runs looked at at once. Of more, the oldest are found in the list of runs alone.
const UNFINISHED_SEEN: u32 = 100;

/// Pause between attempts while the orchestrator or the store cannot be used.
const RETRY: Duration = Duration::from_secs(2);

/// How long requests under way may take when the control plane stops. What is left is taken up by the next one.
const CLOSING: Duration = Duration::from_secs(2);

/// The runs. Clones are the same.
#[derive(Clone)]
pub struct Runs(Arc<Inner>);

/// What runs need.
pub struct Needs {
    /// Where they are kept.
    pub store: Store,
    /// What starts their loaders.
    pub orchestrator: Arc<dyn Orchestrator>,
    /// Who wants to know.
    pub live: Arc<Hub>,
    /// Where their tokens rest.
    pub secrets: SecretFiles,
    /// What a run's configuration is laid upon.
    pub configurations: Configurations,
    /// What the operator decided.
    pub settings: Arc<Settings>,
    /// What time it is.
    pub clock: Clock,
    /// The machine's boot, to tell a reboot from a death.
    pub boot: String,
    /// How often loaders and runs are compared without a reason.
    pub compare_every: Duration,
}

struct Inner {
    needs: Needs,
    entries: tokio::sync::Mutex<HashMap<RunId, Arc<Entry>>>,
    /// Held while a run takes one of the places for active runs.
    admission: tokio::sync::Mutex<()>,
    /// What is done for runs beside requests.
    tasks: TaskTracker,
    /// Where that is done: not on the threads that answer requests, since reading files and processes blocks.
    runtime: Handle,
    closing: CancellationToken,
    /// Loaders that are followed, and who to tell that something happened to one.
    followed: Mutex<HashMap<LoaderId, Arc<Notify>>>,
    /// Told when loaders and runs are to be compared.
    compare: Notify,
    /// What the loaders of active runs use.
    usage: Mutex<HashMap<LoaderId, RunUsage>>,
}

/// A run in memory.
struct Entry {
    id: RunId,
    run: tokio::sync::Mutex<Run>,
    log: Mutex<LogRing>,
    /// The first attempt that was followed since the control plane started.
    heard_from: AtomicU32,
    /// Held while the log of earlier times is read, so that it is read once: what of it is missing, once it was.
    recalled: tokio::sync::Mutex<Option<Missing>>,
}

impl Entry {
    fn new(run: Run) -> Arc<Self> {
        Arc::new(Self {
            id: run.id.clone(),
            run: tokio::sync::Mutex::new(run),
            log: Mutex::default(),
            heard_from: AtomicU32::new(u32::MAX),
            recalled: tokio::sync::Mutex::default(),
        })
    }

    fn log(&self) -> std::sync::MutexGuard<'_, LogRing> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runs {
    /// The runs of this store. Those that were active are found again with [`Runs::reconcile`].
    ///
    /// # Panics
    /// Outside a tokio runtime: the one in which this is called does the work.
    #[must_use]
    pub fn new(needs: Needs) -> Self {
        Self(Arc::new(Inner {
            needs,
            entries: tokio::sync::Mutex::default(),
            admission: tokio::sync::Mutex::default(),
            tasks: TaskTracker::new(),
            runtime: Handle::current(),
            closing: CancellationToken::new(),
            followed: Mutex::default(),
            compare: Notify::new(),
            usage: Mutex::default(),
        }))
    }

    /// Lets go of all runs. Their loaders go on, and whoever comes next takes them up again.
    pub async fn close(&self) {
        self.0.closing.cancel();
        self.0.tasks.close();
        if timeout(CLOSING, self.0.tasks.wait()).await.is_err() {
            tracing::warn!("a request is left behind: the orchestrator does not answer");
        }
    }

    /// Does something for a run in a task of its own, until it is done or the control plane stops.
    fn spawn(
        &self,
        what: &'static str,
        work: impl Future<Output = Result<(), Problem>> + Send + 'static,
    ) {
        let closing = self.0.closing.clone();
        let task = async move {
            tokio::select! {
                () = closing.cancelled() => {}
                result = work => if let Err(problem) = result {
                    tracing::error!(error = %problem, "could not {what}");
                }
            }
        };
        self.0.tasks.spawn_on(task, &self.0.runtime);
    }

    /// Does what a request asks for to its end: a request whose client hangs up is dropped wherever it waits, and
    /// a run must not be left between two steps.
    async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) -> Result<T, Problem> {
        let task = self.0.tasks.spawn_on(work, &self.0.runtime);
        task.await.map_err(|error| Problem::internal(&error))?
    }

    fn view_of(&self, run: &Run) -> RunView {
        run.view(self.needs().clock.now(), self.usage_of(run))
    }

    fn live_view(&self, run: &Run) -> RunView {
        run.live_view(self.needs().clock.now(), self.usage_of(run))
    }

    fn needs(&self) -> &Needs {
        &self.0.needs
    }

    /// The run in memory, read from the store when it is not there.
    async fn entry(&self, id: &RunId) -> Result<Arc<Entry>, Problem> {
        let mut entries = self.0.entries.lock().await;
        if let Some(entry) = entries.get(id) {
            return Ok(Arc::clone(entry));
        }
        let row = self.needs().store.run(id.to_string()).await?;
        let run = row
            .ok_or_else(no_such_run)
            .and_then(|row| Run::from_row(row).map_err(|error| Problem::internal(&error)))?;
        if run.deleted.is_some() {
            return Err(no_such_run());
        }
        let entry = Entry::new(run);
        make_room(&mut entries);
        entries.insert(id.clone(), Arc::clone(&entry));
        Ok(entry)
    }

    /// Saves a run and tells whoever wants to know.
    async fn save(&self, run: &Run) -> Result<(), Problem> {
        let row = run.row().map_err(|error| Problem::internal(&error))?;
        self.needs().store.save_run(row).await?;
        self.forget_secrets(run);
        match run.deleted {
            None => self.needs().live.publish("run", &self.live_view(run)),
            Some(_) => {
                let event = crate::api::events::RunDeletedEvent {
                    run_id: run.id.to_string(),
                };
                self.needs().live.publish("run_deleted", &event);
            }
        }
        Ok(())
    }

    /// Changes a run: when the change cannot be written down, the run stays as it was.
    async fn change(
        &self,
        run: &mut Run,
        change: impl FnOnce(&mut Run) -> Result<(), IllegalMove>,
    ) -> Result<(), Problem> {
        let mut changed = run.clone();
        if run.deleted.is_some() {
            return Err(no_such_run());
        }
        change(&mut changed).map_err(illegal)?;
        self.save(&changed).await?;
        *run = changed;
        Ok(())
    }

    /// The same for what has happened already, whether it can be written down or not: tried until it is.
    async fn change_surely<'a>(
        &self,
        entry: &'a Entry,
        change: impl Fn(&mut Run) -> Result<(), IllegalMove>,
    ) -> Result<tokio::sync::MutexGuard<'a, Run>, Problem> {
        loop {
            let mut run = entry.run.lock().await;
            match self.change(&mut run, &change).await {
                Ok(()) => return Ok(run),
                Err(problem) if problem.code().may_pass() => {
                    tracing::warn!(run.id = %run.id, "a change of a run could not be written down; trying again");
                }
                Err(problem) => return Err(problem),
            }
            drop(run);
            sleep(RETRY).await;
        }
    }

    /// Saves what the next heartbeat would save anyway; a store that does not answer stops nobody from listening.
    async fn save_if_possible(&self, run: &Run) {
        if let Err(problem) = self.save(run).await {
            tracing::warn!(run.id = %run.id, error = %problem, "a run could not be saved; its next report is");
        }
    }

    /// Adds a line to a run's log.
    fn note(&self, entry: &Entry, line: LogLine) {
        let event = crate::api::events::LogEvent {
            run_id: entry.id.to_string(),
            line,
        };
        self.needs().live.publish("log", &event);
        entry.log().push(event.line);
    }

    async fn ready(&self) -> Result<(), Problem> {
        self.needs().orchestrator.check().await.map_err(unavailable)
    }
}

/// Forgets runs at rest when there are many. Whoever holds one keeps it.
fn make_room(entries: &mut HashMap<RunId, Arc<Entry>>) {
    if entries.len() < AT_REST + ACTIVE_MAX as usize {
        return;
    }
    entries.retain(|_, entry| {
        let active = entry
            .run
            .try_lock()
            .map_or(true, |run| run.state().is_active());
        active || Arc::strong_count(entry) > 1
    });
}

/// A step that a run's life does not have: somebody else was faster.
fn illegal(illegal: IllegalMove) -> Problem {
    Problem::new(Code::RunState, illegal.to_string())
}

fn unavailable(error: OrchestratorError) -> Problem {
    Problem::new(Code::OrchestratorUnavailable, error.to_string())
}
