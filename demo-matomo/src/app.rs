//! What all requests share.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use serde_json::{Map, Value};
use tokio::sync::watch;

use crate::{
    args::Options, capacity::Capacity, faults::Faults, flight::Flights, ledger::Ledger,
    rules::Sites, token::Token,
};

/// What is counted for each request rather than for each hit.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) requests: AtomicU64,
    pub(crate) tokens_in_urls: AtomicU64,
    pub(crate) overlapping: AtomicU64,
}

/// The practice target's state.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) sites: Sites,
    pub(crate) token: Token,
    pub(crate) body_limit: usize,
    pub(crate) ledger: Mutex<Ledger>,
    pub(crate) flights: Arc<Flights>,
    pub(crate) traffic: Traffic,
    pub(crate) capacity: Capacity,
    pub(crate) faults: Faults,
}

impl App {
    pub(crate) fn new(options: &Options) -> Self {
        let secret = options
            .token
            .as_ref()
            .map(|token| token.expose().to_owned());
        Self {
            sites: Sites {
                ids: options.sites.clone(),
                goals: options.goals.clone(),
                zone: options.time_zone,
            },
            token: Token::new(secret, options.token_role),
            body_limit: options.max_body_bytes,
            ledger: Mutex::new(Ledger::new(options.max_hits_kept, options.time_zone)),
            flights: Arc::default(),
            traffic: Traffic::default(),
            capacity: Capacity::new(options.limits()),
            faults: Faults::new(),
        }
    }

    /// Waits until faults are set anew.
    pub(crate) async fn until_change(&self, mut changes: watch::Receiver<u64>) {
        // The sender lives as long as this app, so there is always a next change to wait for.
        let _ = changes.changed().await;
    }

    /// Everything counted.
    pub(crate) fn summary(&self) -> Value {
        let counted = self
            .ledger
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .summary();
        let mut summary = Map::new();
        summary.insert(
            "requests".to_owned(),
            self.traffic.requests.load(Relaxed).into(),
        );
        summary.extend(counted);
        summary.insert(
            "overlapping".to_owned(),
            self.traffic.overlapping.load(Relaxed).into(),
        );
        summary.insert(
            "tokens_in_urls".to_owned(),
            self.traffic.tokens_in_urls.load(Relaxed).into(),
        );
        summary.insert("capacity".to_owned(), self.capacity.report());
        Value::Object(summary)
    }

    /// Forgets what was counted; faults stay as they are.
    pub(crate) fn reset_ledger(&self) {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.reset();
        for count in [
            &self.traffic.requests,
            &self.traffic.tokens_in_urls,
            &self.traffic.overlapping,
        ] {
            count.store(0, Relaxed);
        }
    }
}
