//! Codes, sessions and the key: how a stranger becomes somebody known.

use std::net::IpAddr;

use actix_web::HttpRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use config::Secret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::caller::Caller;
use super::principal::{Principal, Proof, Scope, sign_in_first};
use super::throttle::Throttle;
use crate::api::problem::{Code, Problem};
use crate::random;
use crate::store::{SessionRow, Store, StoreError};
use crate::time::{Clock, Timestamp};

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "trafficinator_session";

/// Name of the session cookie under TLS; browsers take it from this host alone.
pub const SESSION_COOKIE_TLS: &str = "__Host-trafficinator_session";

/// Header for the key of programs.
pub const KEY_HEADER: &str = "X-API-Key";

/// How long a sign-in code is good, in milliseconds.
const CODE_LIFE_MS: i64 = 15 * 60 * 1_000;

/// How long a session lives without being used, in milliseconds.
const IDLE_MS: i64 = 12 * 60 * 60 * 1_000;

/// How long a session lives at most, in milliseconds.
const LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// A session's last use is written down again after this long, in milliseconds, not with each request.
const TOUCH_MS: i64 = 60 * 1_000;

/// What is kept of what a browser says of itself, in characters.
const AGENT_CHARS_MAX: usize = 200;

/// Longest credential that is looked at, in bytes.
const CREDENTIAL_BYTES_MAX: usize = 512;

/// What somebody signs in with.
pub enum Credential {
    /// A single-use code.
    Code(Secret),
    /// The key for programs.
    Key(Secret),
}

impl Credential {
    /// Exactly one of the two.
    ///
    /// # Errors
    /// None, both, or one that is far too long.
    pub fn from_parts(code: Option<&str>, key: Option<&str>) -> Result<Self, Problem> {
        let credential = match (code, key) {
            (Some(code), None) => Self::Code(Secret::from(code.trim().to_owned())),
            (None, Some(key)) => Self::Key(Secret::from(key.trim().to_owned())),
            _ => {
                return Err(Problem::new(
                    Code::RequestMalformed,
                    "give either `code` or `key`",
                ));
            }
        };
        let (Self::Code(text) | Self::Key(text)) = &credential;
        if text.expose().len() > CREDENTIAL_BYTES_MAX {
            return Err(refused());
        }
        Ok(credential)
    }

    /// What it is, for the audit list.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Code(_) => "by sign-in link",
            Self::Key(_) => "by key",
        }
    }
}

/// Signs people in and knows who is signed in.
pub struct Auth {
    store: Store,
    clock: Clock,
    key: Option<Secret>,
    throttle: Throttle,
    cookie: &'static str,
}

impl Auth {
    /// With the key for programs, if the operator set one; `tls` chooses the cookie's name.
    #[must_use]
    pub fn new(store: Store, clock: Clock, key: Option<Secret>, tls: bool) -> Self {
        Self {
            store,
            clock,
            key,
            throttle: Throttle::default(),
            cookie: if tls {
                SESSION_COOKIE_TLS
            } else {
                SESSION_COOKIE
            },
        }
    }

    /// Name of the session cookie here.
    #[must_use]
    pub fn cookie_name(&self) -> &'static str {
        self.cookie
    }

    /// Exchanges a credential for a new session; the answer is the session's token and who it makes. `agent` is what
    /// the browser says of itself.
    ///
    /// # Errors
    /// The credential is refused, or there were too many attempts.
    pub async fn sign_in(
        &self,
        credential: Credential,
        caller: Caller,
        agent: &str,
    ) -> Result<(Secret, Principal), Problem> {
        let (address, now) = (caller.address, self.clock.now());
        self.admit(address, now)?;
        let good = match &credential {
            Credential::Key(key) => self.is_key(key.expose()),
            Credential::Code(code) => self.store.use_code(hash(code.expose()), now).await?,
        };
        if !good {
            tracing::warn!(client.address = %address, "a sign-in was refused");
            return Err(refused());
        }
        self.throttle.forgive(address);
        let token = URL_SAFE_NO_PAD.encode(random::bytes::<32>());
        let session = SessionRow {
            hash: hash(&token),
            id: hex::encode(random::bytes::<8>()),
            created: now,
            last_used: now,
            address: address.to_string(),
            agent: agent.chars().take(AGENT_CHARS_MAX).collect(),
        };
        let who = of_session(&session, caller);
        self.store.add_session(session).await?;
        tracing::info!(client.address = %address, "somebody signed in");
        Ok((Secret::from(token), who))
    }

    /// Who asks.
    ///
    /// # Errors
    /// Nobody known. A wrong key is refused even beside a good session, and counts as an attempt. After too many no
    /// key is looked at, or waiting would cost whoever guesses nothing.
    pub async fn authenticate(&self, request: &HttpRequest) -> Result<Principal, Problem> {
        if let Some(key) = request.headers().get(KEY_HEADER) {
            let (caller, now) = (Caller::known(request), self.clock.now());
            let address = caller.address;
            self.throttle.check(address, now).map_err(too_many)?;
            if key.to_str().is_ok_and(|key| self.is_key(key)) {
                return Ok(Principal {
                    proof: Proof::Operator,
                    scope: Scope::Full,
                    caller,
                });
            }
            self.admit(address, now)?;
            return Err(refused());
        }
        let Some(cookie) = request.cookie(self.cookie) else {
            return Err(sign_in_first());
        };
        if cookie.value().len() > CREDENTIAL_BYTES_MAX {
            return Err(sign_in_first());
        }
        self.good_session(hash(cookie.value()))
            .await
            .map(|session| of_session(&session, Caller::known(request)))
            .ok_or_else(sign_in_first)
    }

    /// Whether somebody known still is: sessions end, also while a stream is open. A store that does not answer
    /// counts as no; one that takes no writing, on a full disk, does not: people must see what is wrong.
    pub async fn still_good(&self, who: &Principal) -> bool {
        match &who.proof {
            Proof::Session { hash, .. } => self.good_session(hash.clone()).await.is_some(),
            Proof::Operator => true,
        }
    }

    async fn good_session(&self, hash: String) -> Option<SessionRow> {
        let now = self.clock.now();
        match self.store.session(hash.clone()).await {
            Ok(Some(session)) => {
                let good =
                    now.0 - session.last_used.0 < IDLE_MS && now.0 - session.created.0 < LIFE_MS;
                if good
                    && now.0 - session.last_used.0 >= TOUCH_MS
                    && let Err(error) = self.store.touch_session(hash, now).await
                {
                    tracing::warn!(error = %error, "the use of a session cannot be written down");
                }
                good.then_some(session)
            }
            Ok(None) => None,
            Err(error) => {
                tracing::error!(error = %error, "a session cannot be checked");
                None
            }
        }
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sign_out(&self, who: &Principal) -> Result<(), Problem> {
        if let Proof::Session { hash, .. } = &who.proof {
            self.store.end_session(hash.clone()).await?;
        }
        Ok(())
    }

    fn admit(&self, address: IpAddr, now: Timestamp) -> Result<(), Problem> {
        self.throttle.attempt(address, now).map_err(too_many)
    }

    fn is_key(&self, given: &str) -> bool {
        // Hashes have one length, so the comparison tells nothing about the key's.
        self.key.as_ref().is_some_and(|key| {
            let (key, given) = (Sha256::digest(key.expose()), Sha256::digest(given));
            bool::from(key.as_slice().ct_eq(given.as_slice()))
        })
    }
}

/// Makes a sign-in code and writes its hash down; the code itself exists in the link alone.
///
/// # Errors
/// The store does not answer.
pub async fn new_code(store: &Store, now: Timestamp) -> Result<Secret, StoreError> {
    let code = URL_SAFE_NO_PAD.encode(random::bytes::<16>());
    store
        .add_code(hash(&code), Timestamp(now.0 + CODE_LIFE_MS), now)
        .await?;
    Ok(Secret::from(code))
}

fn of_session(session: &SessionRow, caller: Caller) -> Principal {
    Principal {
        proof: Proof::Session {
            hash: session.hash.clone(),
            id: session.id.clone(),
        },
        scope: Scope::Full,
        caller,
    }
}

fn too_many(seconds: u64) -> Problem {
    Problem::new(
        Code::TooManyAttempts,
        format!("too many wrong codes or keys; try again in {seconds} s"),
    )
    .retry_after(seconds)
}

fn refused() -> Problem {
    Problem::new(
        Code::AuthRefused,
        "it is wrong, was used already, or has expired; make a new link with `control-ui login-link`",
    )
}

/// What is stored of a code or session token. Both are random and long, so a fast hash is enough.
fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
