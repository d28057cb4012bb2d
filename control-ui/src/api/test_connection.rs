//! `POST /api/test-connection`: whether a target can be used, tried by a loader from where its hits would come.

use actix_web::{post, web};
use config::Checked;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::{Code, Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;
use crate::configuration::{Configurations, apart};

/// What to test.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionRequest {
    /// The preset to begin from.
    pub preset: Option<String>,
    /// The run configuration; only what differs from the preset and the defaults. What it says of things other than
    /// the target does not matter.
    #[schema(value_type = Option<Object>)]
    pub config: Option<serde_json::Value>,
    /// Test the saved configuration's target, with its token; excludes `preset` and `config`.
    #[serde(default)]
    #[schema(required = false)]
    pub use_configuration: bool,
    /// Test with the token of the saved configuration, unless `config` brings one.
    #[serde(default)]
    #[schema(required = false)]
    pub use_saved_token: bool,
    /// Whether one page view, titled "Trafficinator connection test", shall be recorded.
    #[serde(default)]
    #[schema(required = false)]
    pub write_hit: bool,
}

/// A step of the test, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Is the address one that a target can have?
    Address,
    /// Does the host's name lead to an address?
    Dns,
    /// Can a connection be made?
    Connect,
    /// Is the connection secure?
    Tls,
    /// Does a web server answer as it should?
    Http,
    /// Is it Matomo's tracker?
    Matomo,
    /// Does the site exist?
    Site,
    /// What may the token do?
    Token,
    /// Do the clocks agree?
    Clock,
    /// Was a hit taken, if one was asked for?
    Hit,
}

impl Step {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 10] = [
        Self::Address,
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Http,
        Self::Matomo,
        Self::Site,
        Self::Token,
        Self::Clock,
        Self::Hit,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Http => "http",
            Self::Matomo => "matomo",
            Self::Site => "site",
            Self::Token => "token",
            Self::Clock => "clock",
            Self::Hit => "hit",
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// As it should be.
    Ok,
    /// It works, but a person should know something.
    Warning,
    /// It does not work.
    Failed,
    /// It was not needed, or not reached.
    Skipped,
    /// It could not be found out.
    Unknown,
}

/// What a step found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConnectionFinding)]
pub struct Finding {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub state: FindingState,
    /// Stable name of what was found; explained in docs/troubleshooting.md.
    #[schema(example = "dns.no_such_name")]
    pub code: String,
    /// What happened, and why; meant to be shown as it is.
    pub message: String,
    /// What to do about it; meant to be shown as it is.
    #[schema(required)]
    pub hint: Option<String>,
}

/// The target that was tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConnectionTarget)]
pub struct Subject {
    /// Its address.
    pub url: String,
    /// Its host, with a port that is not the scheme's own; empty when the address has none.
    pub host: String,
    /// The site.
    pub site_id: u32,
}

/// What was learnt about Matomo.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MatomoFacts {
    /// Its version, which it tells the bearer of a token alone.
    #[schema(required)]
    pub version: Option<String>,
    /// Median time of an answer, milliseconds.
    #[schema(required)]
    pub latency_ms: Option<f64>,
    /// Its clock minus the loader's, seconds; known to about a second.
    #[schema(required)]
    pub clock_difference_s: Option<i64>,
}

/// What the token may do on the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenState {
    /// There is no token.
    None,
    /// Matomo does not know it.
    Refused,
    /// Matomo knows it, and it may not write to the site.
    View,
    /// It may write to the site.
    Write,
    /// It administers the site.
    Admin,
    /// It may do everything.
    Superuser,
    /// It could not be found out.
    Unknown,
}

/// The token, without the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenFacts {
    /// What it may do.
    pub state: TokenState,
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConnectionReport {
    /// Whether no step failed.
    pub ok: bool,
    /// From where it was tested, in words.
    #[schema(example = "a loader in the Docker network trafficinator_default")]
    pub from: String,
    /// What was tested.
    pub target: Subject,
    /// One finding for each step, in order.
    pub steps: Vec<Finding>,
    /// What was learnt about Matomo.
    pub matomo: MatomoFacts,
    /// What the token may do.
    pub token: TokenFacts,
}

/// Test the connection to a target.
///
/// Answers 200 whatever is found: the steps are the answer. Takes up to 25 seconds. Records no hit unless asked to.
#[utoipa::path(
    tag = "configuration",
    operation_id = "test_connection",
    request_body = ConnectionRequest,
    responses(
        (status = 200, description = "What was found", body = ConnectionReport),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Other tests are under way", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "No loader can be started; the detail names the cure", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/test-connection")]
pub(crate) async fn test_connection(
    who: Principal,
    services: web::Data<Services>,
    body: web::Json<ConnectionRequest>,
) -> Result<web::Json<ConnectionReport>, Problem> {
    let request = body.into_inner();
    let write_hit = request.write_hit;
    let checked = checked(&services.configurations, request).await?;
    let report = services.connections.test(checked, write_hit).await?;
    let outcome = match (report.ok, write_hit) {
        (true, false) => "it can be used",
        (true, true) => "it can be used; a test hit was sent",
        (false, false) => "it cannot be used like this",
        (false, true) => "it cannot be used like this; a test hit was asked for",
    };
    let subject = &report.target.host;
    services
        .audit
        .note(&who, "connection.test", subject, outcome)
        .await;
    Ok(web::Json(report))
}

async fn checked(
    configurations: &Configurations,
    request: ConnectionRequest,
) -> Result<Checked, Problem> {
    let own = request.preset.is_some() || request.config.is_some();
    if request.use_configuration && own {
        return Err(Problem::new(
            Code::RequestMalformed,
            "`use_configuration` tests what is saved; leave `preset` and `config` out, or leave it out",
        ));
    }
    let mut basis = if request.use_configuration {
        configurations.working_basis().await?
    } else {
        configurations.basis(request.preset.as_deref()).await?
    };
    if request.use_saved_token {
        basis = basis.with_secrets(configurations.saved_secrets()?);
    }
    apart(move || basis.check(request.config)).await
}
