//! Who asks: the proof that a handler takes as its first argument, and what it allows.
//!
//! Invariant: a [`Principal`] is made by [`super::Auth`] alone, so a handler that has one was asked by somebody known,
//! whom the guard found allowed to ask this.

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::{Deserialize, Serialize};
use std::future::{Ready, ready};
use utoipa::ToSchema;

use super::caller::Caller;
use crate::api::problem::{Code, Problem};

/// What may be posted by whoever may only read: it asks a question with a body and changes nothing.
pub(crate) const QUESTIONS: &[&str] = &[
    "/api/validate",
    "/api/preview",
    "/api/compare",
    "/api/convert",
    "/api/backfill/plan",
];

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// By a session cookie.
    Session,
    /// By a key.
    Key,
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything.
    Full,
    /// Look at everything, check configurations, change nothing.
    ReadOnly,
}

impl Scope {
    /// The name in answers and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::ReadOnly => "read_only",
        }
    }

    /// Whether this may be asked. What is not named here is a change, and whoever may only read may not make one.
    fn allows(self, method: &Method, path: &str) -> bool {
        match self {
            Self::Full => true,
            Self::ReadOnly => {
                matches!(*method, Method::GET | Method::HEAD)
                    || (method == Method::POST && QUESTIONS.contains(&path))
            }
        }
    }
}

/// Somebody known.
#[derive(Debug, Clone)]
pub struct Principal {
    pub(super) proof: Proof,
    pub(super) scope: Scope,
    pub(super) caller: Caller,
}

#[derive(Debug, Clone)]
pub(super) enum Proof {
    Session {
        hash: String,
        id: String,
    },
    /// The key that the operator set.
    Operator,
    /// A named key.
    Key {
        hash: String,
        id: String,
        name: String,
    },
}

impl Principal {
    /// How they proved it.
    #[must_use]
    pub fn kind(&self) -> PrincipalKind {
        match self.proof {
            Proof::Session { .. } => PrincipalKind::Session,
            Proof::Operator | Proof::Key { .. } => PrincipalKind::Key,
        }
    }

    /// What they may do.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// What they are called in the audit list.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.proof {
            Proof::Session { id, .. } => format!("session {id}"),
            Proof::Operator => "key CONTROL_UI_API_KEY".to_owned(),
            Proof::Key { name, .. } => format!("key {name}"),
        }
    }

    /// What tells them from others: names need not be different.
    pub(super) fn identity(&self) -> String {
        match &self.proof {
            Proof::Session { id, .. } => format!("session {id}"),
            Proof::Operator => "operator".to_owned(),
            Proof::Key { id, .. } => format!("key {id}"),
        }
    }

    /// Whether they asked with this session.
    #[must_use]
    pub fn is_session(&self, id: &str) -> bool {
        matches!(&self.proof, Proof::Session { id: own, .. } if own == id)
    }

    /// Where the request came from.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Whether they may ask this.
    ///
    /// # Errors
    /// They may only read, and this is something else.
    pub(super) fn may(&self, method: &Method, path: &str) -> Result<(), Problem> {
        if self.scope.allows(method, path) {
            return Ok(());
        }
        Err(Problem::new(
            Code::AuthReadOnly,
            "this key may read, validate, compare and convert; use a key of scope full, or sign in",
        ))
    }
}

impl FromRequest for Principal {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            request
                .extensions()
                .get::<Self>()
                .cloned()
                .ok_or_else(sign_in_first),
        )
    }
}

pub(super) fn sign_in_first() -> Problem {
    Problem::new(
        Code::AuthRequired,
        "open the sign-in link from the log, make a new one with `control-ui login-link`, or send X-API-Key",
    )
}
