//! `POST /api/test-connection`: whether a target can be used, tried by a loader from where its hits would come.

use actix_web::{post, web};
use config::Checked;
use run_report::connection::ConnectionReport;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::problem::{Code, Problem, ProblemBody};
use crate::app::Services;
use crate::auth::Principal;
use crate::configuration::apart;
use crate::runs::aimed_at;

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
    /// Test the practice target with its token, whatever target the configuration names.
    #[serde(default)]
    #[schema(required = false)]
    pub use_practice_target: bool,
    /// Whether one page view, titled "Trafficinator connection test", shall be recorded.
    #[serde(default)]
    #[schema(required = false)]
    pub write_hit: bool,
}

/// Test the connection to a target.
///
/// Answers 200 whatever is found: the steps are the answer. Takes up to 25 seconds. Records no hit unless asked to. What
/// Matomo says of the site is kept for plans of backfills.
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
    let checked = checked(&services, request).await?;
    let report = services.connections.test(checked, write_hit).await?;
    if let Some(site) = &report.matomo.site {
        let which = (report.target.host.clone(), report.target.site_id);
        let now = services.clock.now();
        services.store.see_site(which, site.clone(), now).await?;
    }
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

async fn checked(services: &Services, request: ConnectionRequest) -> Result<Checked, Problem> {
    let configurations = &services.configurations;
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
    let config = match (&services.settings.practice, request.use_practice_target) {
        (Some(practice), true) => Some(aimed_at(practice, request.config)),
        _ => request.config,
    };
    apart(move || basis.check(config)).await
}
