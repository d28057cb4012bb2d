//! `POST /api/runs`: start a run.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::{Code, Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;
use crate::runs::{Created, IdempotencyKey};
use crate::time::Timestamp;

/// What to run.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    /// A name for people; made from target and time when left out. At most 100 characters.
    pub name: Option<String>,
    /// The preset to begin from.
    pub preset: Option<String>,
    /// The run configuration; only what differs from the preset and the defaults. May hold a token, which is kept
    /// apart and never shown again.
    #[schema(value_type = Option<Object>)]
    pub config: Option<serde_json::Value>,
    /// Make a trial: this many visits at 5 a second, then end. Up to 50 need no confirmation of the target.
    #[schema(minimum = 1)]
    pub trial: Option<u64>,
    /// The target's host, typed back: "yes, I mean this one". Needed once for each host before a full run.
    pub confirm_target: Option<String>,
    /// Send to the practice target, whatever target the configuration names.
    #[serde(default)]
    #[schema(required = false)]
    pub use_practice_target: bool,
    /// The seed of all random draws; drawn when left out. At most 2^53 - 1.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub seed: Option<u64>,
    /// The key that decides who the visitors are; fresh when left out.
    pub population: Option<String>,
    /// The plan's time zero; now when left out.
    pub origin: Option<Timestamp>,
}

/// Start a run.
///
/// With an `Idempotency-Key` the same request may be sent again and starts nothing twice.
#[utoipa::path(
    tag = "runs",
    operation_id = "create_run",
    request_body = NewRun,
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of 1 to 200 visible ASCII characters, fresh for each start that is meant")),
    responses(
        (status = 201, description = "Accepted; the loader is being started", body = RunView),
        (status = 200, description = "This key was used before with the same body: that run", body = RunView),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "`target.unconfirmed`: type the host back; `runs.too_many`: stop one first", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The configuration has problems (`errors` lists all), or the key was used with another body", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "No loader can be started at the moment", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/runs")]
pub(crate) async fn create_run(
    who: Principal,
    request: HttpRequest,
    services: web::Data<Services>,
    body: web::Json<NewRun>,
) -> Result<HttpResponse, Problem> {
    let key = idempotency_key(&request)?;
    let created = services.runs.create(body.into_inner(), key).await?;
    Ok(match created {
        Created::New(view) => {
            let (id, host) = (&view.summary.id, &view.summary.target.host);
            services.audit.note(&who, "run.start", id, host).await;
            HttpResponse::Created()
                .insert_header(("Location", format!("/api/runs/{id}")))
                .json(view)
        }
        Created::Before(view) => HttpResponse::Ok().json(view),
    })
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = request.headers().get("Idempotency-Key") else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(IdempotencyKey::parse)
        .map(Some)
        .ok_or_else(|| {
            Problem::new(
                Code::RequestMalformed,
                "Idempotency-Key must have 1 to 200 visible ASCII characters",
            )
        })
}
