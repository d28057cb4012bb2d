//! Codes and sessions: how a person becomes somebody known, and ceases to be.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use config::Secret;
use sha2::{Digest, Sha256};

use super::authority::Auth;
use super::caller::Caller;
use super::credential::Credential;
use super::principal::{Principal, Proof, Scope};
use crate::api::problem::{Code, Problem};
use crate::random;
use crate::settings::SessionTimes;
use crate::store::{SessionRow, Store, StoreError};
use crate::time::Timestamp;

/// How long a sign-in code is good, in milliseconds.
const CODE_LIFE_MS: i64 = 15 * 60 * 1_000;

/// A session's last use is written down again after this long, in milliseconds, not with each request.
const TOUCH_MS: i64 = 60 * 1_000;

/// What is kept of what a browser says of itself, in characters.
const AGENT_CHARS_MAX: usize = 200;

impl Auth {
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
        self.attempt(address)?;
        let good = match &credential {
            Credential::Key(key) => self.is_operators(key.expose()),
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

    /// Everybody who is signed in, last used first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sessions(&self) -> Result<Vec<SessionRow>, Problem> {
        let now = self.clock.now();
        let mut sessions = self.store.sessions().await?;
        sessions.retain(|session| now < self.times.end_of(session));
        Ok(sessions)
    }

    /// When a session ends if it is not used again.
    #[must_use]
    pub fn end_of(&self, session: &SessionRow) -> Timestamp {
        self.times.end_of(session)
    }

    /// Signs somebody out, and ends the event streams of the session.
    ///
    /// # Errors
    /// No such session, or the store does not answer.
    pub async fn revoke_session(&self, id: String) -> Result<SessionRow, Problem> {
        let session = self.store.remove_session(id).await?;
        self.somebody_left();
        session.ok_or_else(|| {
            Problem::new(
                Code::NotFound,
                "no session of this id; GET /api/sessions lists them",
            )
        })
    }

    /// Ends the session of whoever asks.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sign_out(&self, who: &Principal) -> Result<(), Problem> {
        if let Proof::Session { id, .. } = &who.proof {
            self.store.remove_session(id.clone()).await?;
            self.somebody_left();
        }
        Ok(())
    }

    /// The session with this hash, if it is still good. A store that does not answer counts as no; one that takes no
    /// writing, on a full disk, does not: people must see what is wrong.
    pub(super) async fn good_session(&self, hash: String) -> Option<SessionRow> {
        let now = self.clock.now();
        let session = match self.store.session(hash.clone()).await {
            Ok(session) => session.filter(|session| now < self.times.end_of(session))?,
            Err(error) => {
                tracing::error!(error = %error, "a session cannot be checked");
                return None;
            }
        };
        if now.0 - session.last_used.0 >= TOUCH_MS
            && let Err(error) = self.store.touch_session(hash, now).await
        {
            tracing::warn!(error = %error, "the use of a session cannot be written down");
        }
        Some(session)
    }
}

impl SessionTimes {
    /// When a session ends if it is not used again.
    fn end_of(self, session: &SessionRow) -> Timestamp {
        let idle = session.last_used.0 + self.idle_ms;
        Timestamp(idle.min(session.created.0 + self.life_ms))
    }
}

/// Makes a sign-in code and writes its hash down; the code itself exists in the link alone. Also until when it is good.
///
/// # Errors
/// The store does not answer.
pub async fn new_code(store: &Store, now: Timestamp) -> Result<(Secret, Timestamp), StoreError> {
    let code = URL_SAFE_NO_PAD.encode(random::bytes::<16>());
    let expires = Timestamp(now.0 + CODE_LIFE_MS);
    store.add_code(hash(&code), expires, now).await?;
    Ok((Secret::from(code), expires))
}

pub(super) fn of_session(session: &SessionRow, caller: Caller) -> Principal {
    Principal {
        proof: Proof::Session {
            hash: session.hash.clone(),
            id: session.id.clone(),
        },
        scope: Scope::Full,
        caller,
    }
}

pub(super) fn refused() -> Problem {
    Problem::new(
        Code::AuthRefused,
        "it is wrong, was used already, was revoked, or has expired; make a new link with `control-ui login-link`",
    )
}

/// What is stored of a code, key or session token. All are random and long, so a fast hash is enough.
pub(super) fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
