//! Who asks: the proof that a handler takes as its first argument.
//!
//! Invariant: a [`Principal`] is made by [`super::Auth`] alone, so a handler that has one was asked by somebody known.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::Serialize;
use std::future::{Ready, ready};
use utoipa::ToSchema;

use crate::api::problem::{Code, Problem};

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// By a session cookie.
    Session,
    /// By the key in `X-API-Key`.
    Key,
}

/// Somebody known.
#[derive(Debug, Clone)]
pub struct Principal(pub(super) Proof);

#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// The session's hash.
    Session(String),
    Key,
}

impl Principal {
    /// How they proved it.
    #[must_use]
    pub fn kind(&self) -> PrincipalKind {
        match self.0 {
            Proof::Session(_) => PrincipalKind::Session,
            Proof::Key => PrincipalKind::Key,
        }
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
