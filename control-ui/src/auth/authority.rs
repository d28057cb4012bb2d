//! Who asks, and whether they still may: the one place that turns a request into a [`Principal`].

use std::net::IpAddr;

use actix_web::HttpRequest;
use config::Secret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::watch;

use super::caller::Caller;
use super::cookie;
use super::credential::{CREDENTIAL_BYTES_MAX, presented_key};
use super::keys::KEY_PREFIX;
use super::principal::{Principal, Proof, Scope, sign_in_first};
use super::sessions::{hash, of_session, refused};
use super::throttle::Throttle;
use crate::api::problem::{Code, Problem};
use crate::settings::{SessionTimes, Settings};
use crate::store::Store;
use crate::time::Clock;

/// Signs people in and knows who is signed in.
pub struct Auth {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) times: SessionTimes,
    pub(super) throttle: Throttle,
    operators_key: Option<Secret>,
    base: String,
    left: watch::Sender<()>,
}

impl Auth {
    /// With the operator's key, if one was set.
    #[must_use]
    pub fn new(store: Store, clock: Clock, settings: &Settings) -> Self {
        Self {
            store,
            clock,
            times: settings.sessions,
            throttle: Throttle::default(),
            operators_key: settings.api_key.clone(),
            base: settings.base_path().to_owned(),
            left: watch::Sender::new(()),
        }
    }

    /// Who asks.
    ///
    /// # Errors
    /// Nobody known. A wrong key is refused even beside a good session, and counts as an attempt. After too many no
    /// key is looked at, or waiting would cost whoever guesses nothing.
    pub async fn authenticate(&self, request: &HttpRequest) -> Result<Principal, Problem> {
        let caller = Caller::known(request);
        if let Some(key) = presented_key(request.headers()) {
            let wait = self.throttle.check(caller.address, self.clock.now());
            wait.map_err(too_many)?;
            return match self.of_key(key).await {
                Some((proof, scope)) => Ok(Principal {
                    proof,
                    scope,
                    caller,
                }),
                None => {
                    self.attempt(caller.address)?;
                    Err(refused())
                }
            };
        }
        let cookie = request.cookie(cookie::name(caller.tls, &self.base));
        let token = cookie
            .as_ref()
            .map(|cookie| cookie.value())
            .filter(|token| token.len() <= CREDENTIAL_BYTES_MAX)
            .ok_or_else(sign_in_first)?;
        let session = self.good_session(hash(token)).await;
        session
            .map(|session| of_session(&session, caller))
            .ok_or_else(sign_in_first)
    }

    /// Whether somebody known still is: sessions and keys end, also while a stream is open.
    pub async fn still_good(&self, who: &Principal) -> bool {
        match &who.proof {
            Proof::Session { hash, .. } => self.good_session(hash.clone()).await.is_some(),
            Proof::Key { hash, .. } => self.good_key(hash.clone()).await.is_some(),
            Proof::Operator => true,
        }
    }

    /// Tells when somebody ceased to be known, so that what goes on for them can ask [`Auth::still_good`] at once.
    #[must_use]
    pub fn departures(&self) -> watch::Receiver<()> {
        self.left.subscribe()
    }

    pub(super) fn somebody_left(&self) {
        self.left.send_replace(());
    }

    async fn of_key(&self, key: &str) -> Option<(Proof, Scope)> {
        if self.is_operators(key) {
            return Some((Proof::Operator, Scope::Full));
        }
        if !key.starts_with(KEY_PREFIX) {
            return None;
        }
        let row = self.good_key(hash(key)).await?;
        let proof = Proof::Key {
            hash: row.hash,
            id: row.id,
            name: format!("{} ({})", row.name, row.prefix),
        };
        Some((proof, row.scope))
    }

    /// Counts an attempt as wrong before it is judged, so that parallel guesses do not slip past.
    pub(super) fn attempt(&self, address: IpAddr) -> Result<(), Problem> {
        let wait = self.throttle.attempt(address, self.clock.now());
        wait.map_err(too_many)
    }

    pub(super) fn is_operators(&self, given: &str) -> bool {
        // Hashes have one length, so the comparison tells nothing about the key's.
        self.operators_key.as_ref().is_some_and(|key| {
            let (key, given) = (Sha256::digest(key.expose()), Sha256::digest(given));
            bool::from(key.as_slice().ct_eq(given.as_slice()))
        })
    }
}

fn too_many(seconds: u64) -> Problem {
    Problem::new(
        Code::TooManyAttempts,
        format!("too many wrong codes or keys; try again in {seconds} s"),
    )
    .retry_after(seconds)
}
