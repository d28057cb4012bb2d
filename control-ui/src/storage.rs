//! Whether there is room to write, and what happens when there is not: the control plane turns read-only, says so, and
//! recovers by itself.
//!
//! Read-only begins while a little room is left, so that what must go on can: reports of runs, stopping them, signing
//! in. Loaders are not touched. Invariant: what makes the folder fuller is refused before anything is done about it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::http::Method;
use serde::Serialize;
use tokio::time::{Instant, sleep};
use utoipa::ToSchema;

use crate::api::problem::{Code, Problem};
use crate::auth::QUESTIONS;
use crate::data_dir;
use crate::live::Hub;
use crate::store::Store;

/// Room that is kept for what must go on, in bytes. With less, the control plane is read-only.
const RESERVE: u64 = 16 * 1024 * 1024;

/// How often the room is looked at.
const WATCH: Duration = Duration::from_secs(5);

/// How long the answer of a real writing is good: `/readyz` may be asked by anybody.
const FRESH: Duration = Duration::from_secs(2);

/// What may be asked of a read-only control plane beside questions, although it is no reading: nothing here needs room
/// worth speaking of.
const ALLOWED: [&str; 2] = ["/api/test-connection", "/api/session"];

/// Why nothing is written at the moment, and the way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadOnly {
    /// What is wrong.
    #[schema(example = "only 3.1 MiB are free in DATA_DIR=/data; 16 MiB are kept in reserve")]
    pub cause: String,
    /// The way out.
    pub cure: String,
}

/// Knows whether there is room.
pub struct Storage {
    data_dir: PathBuf,
    store: Store,
    live: Arc<Hub>,
    read_only: Mutex<Option<ReadOnly>>,
    /// When a real writing was last tried.
    tried: tokio::sync::Mutex<Option<Instant>>,
}

impl Storage {
    /// Looks after the folder of `store`; tells `live` of changes.
    #[must_use]
    pub fn new(data_dir: PathBuf, store: Store, live: Arc<Hub>) -> Self {
        Self {
            data_dir,
            store,
            live,
            read_only: Mutex::default(),
            tried: tokio::sync::Mutex::default(),
        }
    }

    /// Why nothing is written at the moment; `None` when everything is well.
    #[must_use]
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.lock().clone()
    }

    /// Bytes that may still be written; `None` when the system does not say.
    #[must_use]
    pub fn free_bytes(&self) -> Option<u64> {
        data_dir::free_bytes(&self.data_dir)
    }

    /// Lets a request pass unless it would make the folder fuller.
    ///
    /// # Errors
    /// There is no room (`storage.full`).
    pub fn admit(&self, method: &Method, path: &str) -> Result<(), Problem> {
        let harmless = matches!(*method, Method::GET | Method::HEAD | Method::DELETE)
            || QUESTIONS.contains(&path)
            || ALLOWED.contains(&path)
            || (path.starts_with("/api/runs/")
                && (path.ends_with("/stop") || path.ends_with("/pause")));
        match self.read_only() {
            Some(why) if !harmless => Err(refusal(&why)),
            _ => Ok(()),
        }
    }

    /// Really writes, unless that was done a moment ago; says why it cannot be done.
    pub async fn try_to_write(&self) -> Option<ReadOnly> {
        let mut tried = self.tried.lock().await;
        if tried.is_none_or(|at| FRESH <= at.elapsed()) {
            let found = self.wrong(true).await;
            self.note(found);
            *tried = Some(Instant::now());
        }
        self.read_only()
    }

    /// Looks again and again, for ever; at once when the store could not write.
    pub async fn watch(&self) {
        loop {
            // Only a real writing shows that a store that could not write can again.
            let doubtful = self.read_only().is_some() || self.store.could_not_write();
            let found = self.wrong(doubtful).await;
            self.note(found);
            tokio::select! {
                () = sleep(WATCH) => {}
                () = self.store.no_room() => {}
            }
        }
    }

    async fn wrong(&self, write: bool) -> Option<ReadOnly> {
        let folder = self.data_dir.display();
        if let Some(free) = self.free_bytes().filter(|free| *free < RESERVE) {
            return Some(ReadOnly {
                cause: format!(
                    "only {:.1} MiB are free in DATA_DIR={folder}; {} MiB are kept in reserve",
                    mebibytes(free),
                    RESERVE >> 20
                ),
                cure: cure(),
            });
        }
        if !write {
            return self.read_only();
        }
        let error = self.store.try_to_write().await.err()?;
        Some(ReadOnly {
            cause: crate::api::problem::chain(&error),
            cure: cure(),
        })
    }

    fn note(&self, found: Option<ReadOnly>) {
        let before = std::mem::replace(&mut *self.lock(), found.clone());
        if before.is_some() == found.is_some() {
            return;
        }
        match &found {
            Some(why) => {
                tracing::error!(cause = %why.cause, "the control plane is read-only; runs go on");
            }
            None => tracing::info!("there is room again: the control plane writes"),
        }
        self.live.publish("status", &serde_json::json!({}));
    }

    fn lock(&self) -> MutexGuard<'_, Option<ReadOnly>> {
        // Nothing panics while it holds the lock, so a poisoned one holds whole data.
        self.read_only
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn refusal(why: &ReadOnly) -> Problem {
    Problem::new(Code::StorageFull, format!("{}; {}", why.cause, why.cure))
}

/// The way out of a full disk.
pub(crate) fn cure() -> String {
    "make room on that disk: old runs can be deleted, and copies named *.before-* moved elsewhere; running loaders go on \
     meanwhile"
        .to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "for people, with one decimal")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
