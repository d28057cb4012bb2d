//! Problems: what the API answers when it does not do what was asked (RFC 9457).
//!
//! Invariant: each [`Code`] is stable, has one HTTP status, and is explained in `docs/api.md` under its own heading.
//! Internal causes are logged where the answer is made and never sent.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::backfill::BackfillOverlap;
use crate::api::confirmations::Confirmation;
use crate::auth::below_base;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:ident, $title:literal;)+) => {
        /// Stable names of problems.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name,)+ }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name in answers and documentation.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// What it means, in a few words.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

codes! {
    /// The request body or a parameter cannot be read.
    RequestMalformed = "request.malformed", BAD_REQUEST, "the request cannot be read";
    /// No credentials, or they are no longer good.
    AuthRequired = "auth.required", UNAUTHORIZED, "sign in first";
    /// The code or key is wrong, used or expired.
    AuthRefused = "auth.refused", UNAUTHORIZED, "this code or key is not accepted";
    /// The key may only read.
    AuthReadOnly = "auth.read_only", FORBIDDEN, "this key may only read";
    /// The request comes from another web site.
    OriginForeign = "origin.foreign", FORBIDDEN, "requests from other web sites are not accepted";
    /// No such page, run or preset.
    NotFound = "not_found", NOT_FOUND, "there is no such thing here";
    /// The run's state does not allow it.
    RunState = "run.state", CONFLICT, "the run's state does not allow this";
    /// The target's host was not typed back yet.
    TargetUnconfirmed = "target.unconfirmed", CONFLICT, "the target is not confirmed yet";
    /// A target where hits cost money needs a hit budget.
    TargetNeedsBudget = "target.needs_budget", CONFLICT, "this target needs a hit budget";
    /// The run's token is no longer kept.
    TokenNeeded = "run.token_needed", CONFLICT, "the run's token must be given again";
    /// As many runs are active as are allowed.
    RunsTooMany = "runs.too_many", CONFLICT, "too many runs are active";
    /// Another backfill fills the same site.
    BackfillSiteBusy = "backfill.site_busy", CONFLICT, "another backfill fills this site";
    /// Another backfill filled some of these days.
    BackfillOverlap = "backfill.overlap", CONFLICT, "these days hold another backfill";
    /// The preset came with the program.
    PresetBuiltIn = "preset.built_in", CONFLICT, "a built-in preset stays as it is";
    /// There are as many presets as are allowed.
    PresetsTooMany = "presets.too_many", CONFLICT, "too many presets";
    /// As many keys exist as are allowed.
    KeysTooMany = "keys.too_many", CONFLICT, "too many keys exist";
    /// The version that was changed is not the current one.
    PreconditionFailed = "precondition.failed", PRECONDITION_FAILED, "it was changed by somebody else";
    /// The body is larger than is read.
    RequestTooLarge = "request.too_large", PAYLOAD_TOO_LARGE, "the request is too large";
    /// The body is not JSON.
    RequestMediaType = "request.media_type", UNSUPPORTED_MEDIA_TYPE, "the request body must be JSON";
    /// The `Host` header names a host that is not served.
    HostUnknown = "host.unknown", MISDIRECTED_REQUEST, "this host name is not served";
    /// The run configuration has problems; they are listed.
    ConfigInvalid = "config.invalid", UNPROCESSABLE_ENTITY, "the run configuration has problems";
    /// The idempotency key was used with another body.
    IdempotencyMismatch = "idempotency.mismatch", UNPROCESSABLE_ENTITY, "this idempotency key belongs to another request";
    /// `If-Match` is missing.
    PreconditionRequired = "precondition.required", PRECONDITION_REQUIRED, "say which version you changed";
    /// Too many attempts; `Retry-After` says when to try again.
    TooManyAttempts = "auth.too_many_attempts", TOO_MANY_REQUESTS, "too many attempts";
    /// Connection tests are under way already; `Retry-After` says when to try again.
    ConnectionBusy = "connection.busy", TOO_MANY_REQUESTS, "other connection tests are under way";
    /// Too many costly requests; `Retry-After` says when to try again.
    RateLimited = "request.too_many", TOO_MANY_REQUESTS, "too many requests of this kind";
    /// Something went wrong inside; the log has it.
    Internal = "internal", INTERNAL_SERVER_ERROR, "something went wrong inside";
    /// The orchestrator cannot be used at the moment.
    OrchestratorUnavailable = "orchestrator.unavailable", SERVICE_UNAVAILABLE, "loaders cannot be started at the moment";
    /// There is no room to write.
    StorageFull = "storage.full", INSUFFICIENT_STORAGE, "there is no room to write";
}

/// An error with all its causes, in one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

impl Code {
    /// Whether the cause lies inside and may pass by itself: what must be done is tried again.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Internal | Self::StorageFull)
    }
}

/// A problem, as answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Where this kind of problem is explained: `/docs#problem-` and the code, below the path of `PUBLIC_URL`.
    #[serde(rename = "type")]
    #[schema(example = "/docs#problem-target.unconfirmed")]
    pub kind: String,
    /// What it means, in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable name; explained in the API documentation.
    #[schema(example = "target.unconfirmed")]
    pub code: String,
    /// What happened this time, and the way out.
    pub detail: String,
    /// All problems of the run configuration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ConfigProblem>,
    /// What a person is asked before a target gets more than a trial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// What other runs put into the days of a backfill.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub overlaps: Vec<BackfillOverlap>,
}

/// One thing that is wrong, or doubtful, in a run configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConfigProblem {
    /// Where, as a JSON pointer into the run configuration.
    #[schema(example = "/load/visits_per_day")]
    pub pointer: String,
    /// Stable name of the rule.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The way out.
    #[schema(required)]
    pub hint: Option<String>,
    /// Where the value came from: a preset, the request.
    #[schema(required)]
    pub origin: Option<String>,
}

impl From<&config::Problem> for ConfigProblem {
    fn from(problem: &config::Problem) -> Self {
        Self {
            pointer: problem.pointer.clone(),
            code: problem.code.clone(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
            origin: problem.origin.clone(),
        }
    }
}

/// A problem on its way out.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: String,
    errors: Vec<ConfigProblem>,
    confirmation: Option<Box<Confirmation>>,
    overlaps: Vec<BackfillOverlap>,
    retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem with what happened this time and the way out.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            confirmation: None,
            overlaps: Vec::new(),
            retry_after_s: None,
        }
    }

    /// The same with all problems of a run configuration.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<ConfigProblem>) -> Self {
        self.errors = errors;
        self
    }

    /// A run configuration with these problems.
    #[must_use]
    pub fn invalid(errors: Vec<ConfigProblem>) -> Self {
        let count = errors.len();
        let detail = format!("{count} to put right; `errors` lists all of them");
        Self::new(Code::ConfigInvalid, detail).with_errors(errors)
    }

    /// The same with what a person is asked about the target.
    #[must_use]
    pub fn with_confirmation(mut self, confirmation: Confirmation) -> Self {
        self.confirmation = Some(Box::new(confirmation));
        self
    }

    /// The same with what other runs put into the days.
    #[must_use]
    pub fn with_overlaps(mut self, overlaps: Vec<BackfillOverlap>) -> Self {
        self.overlaps = overlaps;
        self
    }

    /// The same with the number of seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// A failure inside: the cause goes to the log, the answer says only that it did.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "a request failed inside");
        Self::new(
            Code::Internal,
            "the log of the control plane says what went wrong",
        )
    }

    /// The stable name.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.code.status());
        if let Some(seconds) = self.retry_after_s {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response
            .insert_header((header::CONTENT_TYPE, "application/problem+json"))
            .json(ProblemBody {
                kind: below_base(&format!("/docs#problem-{}", self.code.as_str())),
                title: self.code.title().to_owned(),
                status: self.code.status().as_u16(),
                code: self.code.as_str().to_owned(),
                detail: self.detail.clone(),
                errors: self.errors.clone(),
                confirmation: self.confirmation.as_deref().cloned(),
                overlaps: self.overlaps.clone(),
            })
    }
}
