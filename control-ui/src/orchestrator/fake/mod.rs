//! An orchestrator without loaders, for tests of everything above it.
//!
//! Its loaders say what a test lets them say. It keeps the promises of the trait (the contract test suite runs
//! against it too) and outlives the control plane: clones share their loaders.

mod changes;
pub mod events;
mod nth;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use run_report::{Event, Line, Outcome};
use tokio::sync::watch;

pub use self::nth::Nth;
use super::{
    Change, Changes, Ending, Happened, Loader, LoaderId, LoaderStatus, LogEntry, LogStream,
    OnceOutput, OnceRequest, Orchestrator, OrchestratorError, Output, StartRequest, Usage, suffix,
};
use crate::runs::RunId;

/// The fake. Clones are the same.
#[derive(Clone, Default)]
pub struct Fake(Arc<Inner>);

#[derive(Default)]
struct Inner {
    loaders: Mutex<HashMap<LoaderId, FakeLoader>>,
    /// Why it cannot be used at the moment.
    broken: Mutex<Option<String>>,
    /// Whether the next start is done and not answered.
    hangs_up: AtomicBool,
    /// Why loaders are not started at the moment.
    refuses: Mutex<Option<String>>,
    /// Whether loaders that are asked to stop go on until a test ends them.
    deaf: AtomicBool,
    /// How often each loader was asked to stop.
    stops: Mutex<HashMap<LoaderId, u32>>,
    /// Whether loaders report by themselves when they are started.
    talkative: bool,
    /// What the next commands come to, and what they were asked; without one they come to nothing.
    once: Mutex<(Option<OnceOutput>, Vec<OnceRequest>)>,
    /// What happened to loaders.
    told: Mutex<Vec<Change>>,
    /// How often it broke, and all who listened were cut off.
    cuts: AtomicU32,
    /// How often somebody began to listen to what happens.
    listened: AtomicU32,
    /// Whether what happens to loaders is told to nobody at the moment.
    quiet: AtomicBool,
    /// Whether the logs of loaders are silent at the moment.
    stalled: AtomicBool,
    /// Told after each change.
    changed: watch::Sender<u64>,
}

struct FakeLoader {
    request: StartRequest,
    lines: Vec<LogEntry>,
    seq: u64,
    ending: Option<Ending>,
}

impl Fake {
    /// A fake whose loaders report by themselves when they are started.
    #[must_use]
    pub fn talkative() -> Self {
        Self(Arc::new(Inner {
            talkative: true,
            ..Inner::default()
        }))
    }

    /// Lets it fail with this reason from now on, or work again.
    pub fn break_with(&self, why: Option<&str>) {
        if why.is_some() {
            self.0.cuts.fetch_add(1, Ordering::SeqCst);
        }
        *self.0.broken.lock().unwrap_or_else(PoisonError::into_inner) = why.map(str::to_owned);
        self.0.changed.send_modify(|n| *n += 1);
    }

    /// Lets it refuse to start loaders from now on, or start them again.
    pub fn refuse_starts(&self, why: Option<&str>) {
        *self
            .0
            .refuses
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = why.map(str::to_owned);
    }

    /// Lets loaders that are asked to stop go on until a test ends them, or end at once again.
    pub fn stop_slowly(&self, slowly: bool) {
        self.0.deaf.store(slowly, Ordering::SeqCst);
    }

    /// How often a loader was asked to stop.
    #[must_use]
    pub fn stops(&self, run: &RunId, attempt: u32) -> u32 {
        let stops = self.0.stops.lock().unwrap_or_else(PoisonError::into_inner);
        stops.get(&id(run, attempt, 1)).copied().unwrap_or_default()
    }

    /// Lets the connection break after the next start was done and before it is answered.
    pub fn hang_up_after_start(&self) {
        self.0.hangs_up.store(true, Ordering::SeqCst);
    }

    /// What the loader of this attempt was started with.
    #[must_use]
    pub fn request(&self, run: &RunId, attempt: u32) -> Option<StartRequest> {
        self.nth(1).request(run, attempt)
    }

    /// Lets all further commands come to this.
    pub fn answer_once(&self, output: OnceOutput) {
        self.once().0 = Some(output);
    }

    /// The commands that were asked for.
    #[must_use]
    pub fn asked_once(&self) -> Vec<OnceRequest> {
        self.once().1.clone()
    }

    fn once(&self) -> MutexGuard<'_, (Option<OnceOutput>, Vec<OnceRequest>)> {
        self.0.once.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Number of loaders that were started and not removed.
    #[must_use]
    pub fn count(&self) -> usize {
        self.loaders().len()
    }

    /// Lets a loader write a line of its run report.
    pub fn say(&self, run: &RunId, attempt: u32, event: Event) {
        self.nth(1).say(run, attempt, event);
    }

    /// Lets a loader write a line of its log.
    pub fn log(&self, run: &RunId, attempt: u32, text: &str) {
        self.change(&id(run, attempt, 1), |loader| {
            loader.write(Output::Error, text.to_owned())
        });
    }

    /// Lets a loader end.
    pub fn end(&self, run: &RunId, attempt: u32, ending: Ending) {
        self.nth(1).end(run, attempt, ending);
    }

    /// Lets a loader vanish without a trace.
    pub fn lose(&self, run: &RunId, attempt: u32) {
        self.loaders().remove(&id(run, attempt, 1));
        self.0.changed.send_modify(|n| *n += 1);
    }

    fn loaders(&self) -> MutexGuard<'_, HashMap<LoaderId, FakeLoader>> {
        self.0
            .loaders
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, id: &LoaderId, change: impl FnOnce(&mut FakeLoader)) {
        if let Some(loader) = self.loaders().get_mut(id) {
            change(loader);
        }
        self.0.changed.send_modify(|n| *n += 1);
    }

    fn usable(&self) -> Result<(), OrchestratorError> {
        let broken = self.0.broken.lock().unwrap_or_else(PoisonError::into_inner);
        match &*broken {
            Some(why) => Err(OrchestratorError::Unavailable(why.clone())),
            None => Ok(()),
        }
    }

    fn known(&self, id: &LoaderId) -> Result<(), OrchestratorError> {
        self.usable()?;
        if self.loaders().contains_key(id) {
            return Ok(());
        }
        Err(OrchestratorError::NotFound(id.clone()))
    }
}

impl FakeLoader {
    fn say(&mut self, event: Event) {
        self.seq += 1;
        let line = Line::new(self.seq, Utc::now(), event);
        match line.to_json() {
            Ok(text) => self.write(Output::Standard, text),
            Err(error) => self.write(Output::Error, error.to_string()),
        }
    }

    fn write(&mut self, output: Output, text: String) {
        let at = Utc::now();
        self.lines.push(LogEntry { at, output, text });
    }
}

fn exit(code: i64) -> Ending {
    Ending {
        exit_code: Some(code),
        out_of_memory: false,
    }
}

fn id(run: &RunId, attempt: u32, shard: u32) -> LoaderId {
    LoaderId(format!("fake-{run}-{attempt}{}", suffix(shard)))
}

fn loader((id, fake): (&LoaderId, &FakeLoader)) -> Loader {
    Loader {
        id: id.clone(),
        run: fake.request.run.clone(),
        attempt: fake.request.attempt,
        shard: fake.request.shard,
        status: match &fake.ending {
            Some(ending) => LoaderStatus::Ended(ending.clone()),
            None => LoaderStatus::Running,
        },
    }
}

#[async_trait]
impl Orchestrator for Fake {
    fn kind(&self) -> &'static str {
        "process"
    }

    async fn check(&self) -> Result<(), OrchestratorError> {
        self.usable()
    }

    async fn start(&self, request: StartRequest) -> Result<LoaderId, OrchestratorError> {
        self.usable()?;
        let refuses = self
            .0
            .refuses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(why) = refuses {
            return Err(OrchestratorError::Refused(why));
        }
        let id = id(&request.run, request.attempt, request.shard);
        self.loaders().entry(id.clone()).or_insert_with(|| {
            let mut loader = FakeLoader {
                request,
                lines: Vec::new(),
                seq: 0,
                ending: None,
            };
            if self.0.talkative {
                loader.say(events::started());
                loader.say(events::progress(0, 0));
            }
            loader
        });
        self.tell(&id, Happened::Started);
        if self.0.hangs_up.swap(false, Ordering::SeqCst) {
            return Err(OrchestratorError::Unavailable("hung up".to_owned()));
        }
        Ok(id)
    }

    async fn stop(&self, id: &LoaderId, _grace: Duration) -> Result<(), OrchestratorError> {
        self.known(id)?;
        {
            let mut stops = self.0.stops.lock().unwrap_or_else(PoisonError::into_inner);
            *stops.entry(id.clone()).or_default() += 1;
        }
        let mut changed = self.0.changed.subscribe();
        while self.0.deaf.load(Ordering::SeqCst) {
            let runs = |loader: &FakeLoader| loader.ending.is_none();
            if !self.loaders().get(id).is_some_and(runs) || changed.changed().await.is_err() {
                return Ok(());
            }
        }
        self.change(id, |loader| {
            if loader.ending.is_none() {
                loader.say(events::finished(Outcome::Stopped, 0));
                loader.ending = Some(exit(0));
            }
        });
        self.tell(id, Happened::Ended);
        Ok(())
    }

    async fn kill(&self, id: &LoaderId) -> Result<(), OrchestratorError> {
        self.known(id)?;
        self.ended(id, exit(137));
        Ok(())
    }

    async fn list(&self) -> Result<Vec<Loader>, OrchestratorError> {
        self.usable()?;
        Ok(self.loaders().iter().map(loader).collect())
    }

    async fn inspect(&self, id: &LoaderId) -> Result<Option<Loader>, OrchestratorError> {
        self.usable()?;
        Ok(self.loaders().get_key_value(id).map(loader))
    }

    async fn logs(
        &self,
        id: &LoaderId,
        since: Option<DateTime<Utc>>,
        follow: bool,
    ) -> Result<LogStream, OrchestratorError> {
        self.known(id)?;
        let (fake, id, changed) = (self.clone(), id.clone(), self.0.changed.subscribe());
        let state = (fake, id, changed, 0);
        let lines = stream::unfold(state, move |(fake, id, mut changed, next)| async move {
            loop {
                changed.borrow_and_update();
                {
                    let loaders = fake.loaders();
                    let loader = loaders.get(&id)?;
                    let stalled = follow && fake.0.stalled.load(Ordering::SeqCst);
                    let line = loader.lines.get(next).filter(|_| !stalled).cloned();
                    if let Some(line) = line {
                        drop(loaders);
                        return Some((line, (fake, id, changed, next + 1)));
                    }
                    if !stalled && (loader.ending.is_some() || !follow) {
                        return None;
                    }
                }
                changed.changed().await.ok()?;
            }
        });
        let recent = lines.filter(move |line| {
            let recent = since.is_none_or(|since| since <= line.at);
            async move { recent }
        });
        Ok(recent.map(Ok).boxed())
    }

    async fn changes(&self, _since: DateTime<Utc>) -> Result<Changes, OrchestratorError> {
        self.usable()?;
        Ok(self.listen())
    }

    async fn usage(&self, id: &LoaderId) -> Result<Option<Usage>, OrchestratorError> {
        self.known(id)?;
        let running = self.inspect(id).await?.map(|loader| loader.status);
        Ok((running == Some(LoaderStatus::Running)).then_some(Usage {
            cpu_ms: 1,
            memory_bytes: 1,
        }))
    }

    async fn remove(&self, id: &LoaderId) -> Result<(), OrchestratorError> {
        self.known(id)?;
        let mut loaders = self.loaders();
        if loaders
            .get(id)
            .is_some_and(|loader| loader.ending.is_none())
        {
            return Err(OrchestratorError::Refused(format!(
                "the loader {id} runs; stop it before it is removed"
            )));
        }
        loaders.remove(id);
        Ok(())
    }

    async fn forget(&self, _run: &RunId) -> Result<(), OrchestratorError> {
        self.usable()
    }

    fn whereabouts(&self) -> String {
        "a loader that a test made up".to_owned()
    }

    async fn once(&self, request: OnceRequest) -> Result<OnceOutput, OrchestratorError> {
        self.usable()?;
        let mut once = self.once();
        once.1.push(request);
        Ok(once.0.clone().unwrap_or_default())
    }

    async fn sweep(&self) -> Result<(), OrchestratorError> {
        self.usable()
    }
}
