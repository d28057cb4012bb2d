//! The journal of a backfill: which hits are about to be sent, and which are settled, written before and after each
//! request.
//!
//! It lies in the state directory, in files that a checkpoint makes superfluous: `journal.N` holds what happened since
//! the checkpoint that names N. A write is enough against a crash of the loader; against one of the machine the files
//! are synchronised in groups, off the way of the hits. It neither makes visits nor reads an account.
//!
//! Invariant: a hit that may have reached the target has an intent in the files or in the checkpoint; one that is
//! settled in a checkpoint has no place in the files that count after it.

mod places;
mod record;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use run_report::HitOutcome;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

pub use places::Places;
pub use record::{Record, Why};

use crate::ledger::Cause;
use crate::timeline::Due;

const PREFIX: &str = "journal.";

/// Time between two synchronisations with the disk: what a crash of the machine may take.
const SYNC_EVERY: Duration = Duration::from_millis(200);

/// How far a visit has come that is not settled as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenVisit {
    /// Number of its hits.
    pub hits: u16,
    /// Hits that are settled.
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    pub settled: Places,
    /// Hits that may be on their way to the target.
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    pub sent: Places,
    /// Hits that an earlier attempt may have sent, and that are to be sent again.
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    pub doubted: Places,
}

/// What a checkpoint keeps of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Number of the first file that counts after the checkpoint.
    pub journal: u64,
    /// Visits made and not settled, by ordinal. All other visits below the account's cursor are settled.
    pub open: BTreeMap<u64, OpenVisit>,
}

struct State {
    file: File,
    number: u64,
    open: BTreeMap<u64, OpenVisit>,
    /// The last write broke off, so the next one begins a new line.
    torn: bool,
}

/// See the module's description.
pub struct Journal {
    directory: PathBuf,
    state: Mutex<State>,
    /// It cannot be written any more, so nothing must be sent.
    pub broken: CancellationToken,
    why: OnceLock<String>,
}

impl Journal {
    /// Begins a new file behind all that are there. `open` is what earlier attempts left.
    ///
    /// # Errors
    /// When the state directory cannot be written.
    pub fn begin(directory: &Path, open: BTreeMap<u64, OpenVisit>) -> io::Result<Self> {
        let number = numbers(directory)?.last().map_or(1, |last| last + 1);
        Ok(Self {
            broken: CancellationToken::new(),
            why: OnceLock::new(),
            directory: directory.to_owned(),
            state: Mutex::new(State {
                file: create(directory, number)?,
                number,
                open,
                torn: false,
            }),
        })
    }

    /// Synchronises the journal with the disk every now and then, for as long as it is in use.
    ///
    /// # Errors
    /// When the operating system refuses another thread.
    pub fn keep_synchronised(self: &Arc<Self>) -> io::Result<()> {
        let journal = Arc::downgrade(self);
        let work = move || {
            while let Some(journal) = journal.upgrade() {
                if let Err(error) = journal.sync() {
                    journal.gives_up(&error);
                    return;
                }
                drop(journal);
                thread::sleep(SYNC_EVERY);
            }
        };
        let named = thread::Builder::new().name("journal".to_owned());
        named.spawn(work).map(|_| ())
    }

    /// Why it cannot be written any more.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.why.get().map(String::as_str)
    }

    fn gives_up(&self, error: &io::Error) {
        let why = format!(
            "the journal in {} cannot be written: {error}; make room there, then resume the run",
            self.directory.display()
        );
        tracing::error!("{why}");
        let _ = self.why.set(why);
        self.broken.cancel();
    }

    /// Notes a visit that was made. Nothing is written: it can be made again.
    pub fn made(&self, ordinal: u64, hits: u16) {
        if hits == 0 {
            return;
        }
        let visit = OpenVisit {
            hits,
            ..OpenVisit::default()
        };
        self.lock().open.insert(ordinal, visit);
    }

    /// Writes that hits are about to be sent.
    ///
    /// # Errors
    /// When it cannot be written; the hits must not be sent then.
    pub fn intend(&self, hits: &[&Due]) -> io::Result<()> {
        let mut state = self.lock();
        self.noted(state.write(&Record::Intent(grouped(hits.iter().copied()))))?;
        for due in hits {
            if let Some(visit) = state.open.get_mut(&due.visit.ordinal) {
                visit.sent.insert(due.nth);
            }
        }
        Ok(())
    }

    /// Writes that hits which were about to be sent surely were not recorded, and are not settled.
    ///
    /// # Errors
    /// When it cannot be written; the hits are in doubt after a crash then.
    pub fn withdraw(&self, hits: &[&Due]) -> io::Result<()> {
        let mut state = self.lock();
        for due in hits {
            if let Some(visit) = state.open.get_mut(&due.visit.ordinal) {
                visit.sent.remove(due.nth);
            }
        }
        self.noted(state.write(&Record::Withdrawn(grouped(hits.iter().copied()))))
    }

    /// Writes how hits ended, all in the same way.
    ///
    /// # Errors
    /// When it cannot be written; the next checkpoint holds it, without one the hits are in doubt.
    pub fn settled(&self, hits: &[&Due], outcome: HitOutcome, why: Why) -> io::Result<()> {
        let mut state = self.lock();
        for due in hits {
            state.settle(due.visit.ordinal, due.nth);
        }
        self.noted(state.write(&Record::Settled {
            hits: grouped(hits.iter().copied()),
            outcome,
            why,
        }))
    }

    /// Writes a remark on accepted hits.
    ///
    /// # Errors
    /// As [`Journal::settled`].
    pub fn remarked(&self, cause: &Cause, hits: u64) -> io::Result<()> {
        let (code, message) = (cause.code.to_string(), cause.message.to_string());
        let record = Record::Remarked(code, message, hits);
        self.noted(self.lock().write(&record))
    }

    /// Whether an earlier attempt may have sent this hit.
    #[must_use]
    pub fn is_doubted(&self, due: &Due) -> bool {
        let state = self.lock();
        let visit = state.open.get(&due.visit.ordinal);
        visit.is_some_and(|visit| visit.doubted.contains(due.nth))
    }

    /// The first failure ends the run: what is sent without a note could be sent twice.
    fn noted(&self, written: io::Result<()>) -> io::Result<()> {
        written.inspect_err(|error| {
            if self.trouble().is_none() {
                self.gives_up(error);
            }
        })
    }

    /// Turns to a new file, and returns what a checkpoint of this moment keeps. The account must not change
    /// meanwhile. Where no file can be made, the present one goes on, and counts as a whole after the checkpoint: what
    /// is settled in both is settled once.
    pub fn cut(&self) -> Mark {
        let mut state = self.lock();
        let next = state.number + 1;
        match create(&self.directory, next) {
            Ok(file) => (state.file, state.number, state.torn) = (file, next, false),
            Err(error) => tracing::error!(%error, "no new journal can be begun"),
        }
        Mark {
            journal: state.number,
            open: state.open.clone(),
        }
    }

    /// Deletes the files that a checkpoint has made superfluous.
    pub fn forget(&self, mark: &Mark) {
        for number in numbers(&self.directory).unwrap_or_default() {
            if number < mark.journal {
                // One that stays is deleted with the next.
                let _ = std::fs::remove_file(path(&self.directory, number));
            }
        }
    }

    /// Synchronises what was written with the disk.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn sync(&self) -> io::Result<()> {
        let file = self.lock().file.try_clone()?;
        file.sync_data()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        let line = record.to_line(self.torn)?;
        let written = self.file.write_all(&line);
        self.torn = written.is_err();
        written
    }

    fn settle(&mut self, ordinal: u64, nth: u16) {
        let Some(visit) = self.open.get_mut(&ordinal) else {
            return;
        };
        visit.settled.insert(nth);
        visit.sent.remove(nth);
        visit.doubted.remove(nth);
        if visit.settled.len() == usize::from(visit.hits) {
            self.open.remove(&ordinal);
        }
    }
}

/// What happened since a checkpoint, oldest first. A line that broke off is left out.
///
/// # Errors
/// When a file cannot be read.
pub fn replay(directory: &Path, mark: &Mark) -> io::Result<Vec<Record>> {
    let mut records = Vec::new();
    for number in numbers(directory)? {
        if mark.journal <= number {
            let bytes = std::fs::read(path(directory, number))?;
            records.extend(bytes.split(|byte| *byte == b'\n').filter_map(Record::parse));
        }
    }
    Ok(records)
}

/// Numbers of the files there are, ascending.
fn numbers(directory: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn create(directory: &Path, number: u64) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path(directory, number))
}

fn path(directory: &Path, number: u64) -> PathBuf {
    directory.join(format!("{PREFIX}{number}"))
}

/// The places of hits, by visit.
fn grouped<'a>(hits: impl Iterator<Item = &'a Due>) -> BTreeMap<u64, Places> {
    let mut grouped: BTreeMap<u64, Places> = BTreeMap::new();
    for due in hits {
        grouped
            .entry(due.visit.ordinal)
            .or_default()
            .insert(due.nth);
    }
    grouped
}

#[cfg(test)]
mod tests;
