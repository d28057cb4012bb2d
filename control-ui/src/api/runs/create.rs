//! `POST /api/runs`: start a run.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::etag::etag;
use crate::api::problem::{Code, Problem, ProblemBody};
use crate::api::view::RunView;
use crate::app::Services;
use crate::auth::Principal;
use crate::configuration::changes::{changed, in_words};
use crate::runs::{Created, IdempotencyKey, Order, RunId};
use crate::time::Timestamp;

/// What to run.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    /// A name for people; made from target and time when left out. At most 100 characters.
    pub name: Option<String>,
    /// What people should know about it; at most 10,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Run the configuration that people edit (`GET /api/configuration`), with its token; `config` is laid over it.
    /// Excludes `preset`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub use_configuration: bool,
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
    /// The same people as another run's, by its id: its population. New people when left out, as `population` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_people_as: Option<String>,
    /// What to do when another backfill filled some of these days: `add` to them. Refused when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlap: Option<Overlap>,
    /// The plan's time zero; now when left out.
    pub origin: Option<Timestamp>,
    /// When to begin, at most 30 days ahead: the loader is started at once and waits. It is the plan's time zero, so
    /// it excludes `origin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_at: Option<Timestamp>,
    /// End the run after this many hits, whatever the configuration says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub hit_budget: Option<u64>,
}

/// What to do with days that another backfill filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// Put the visits of this run beside those of the other one.
    Add,
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
        (status = 409, description = "`target.unconfirmed`: type the host back; `target.needs_budget`: say after how many hits it ends; `runs.too_many`: stop one first; `backfill.site_busy`: one backfill at a time for each site; `backfill.overlap`: another one filled some of these days", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The configuration has problems (`errors` lists all), or the key was used with another body", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "No loader can be started at the moment", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/runs")]
pub(crate) async fn create_run(
    who: Principal,
    services: web::Data<Services>,
    Named(key): Named,
    body: web::Json<NewRun>,
) -> Result<HttpResponse, Problem> {
    let confirms = body.confirm_target.is_some();
    let order = Order::of(body.into_inner(), who.name());
    let created = services.runs.create(order, key).await?;
    let answer = Answer {
        services: &services,
        who: &who,
        action: "run.start",
        status: StatusCode::CREATED,
        confirms,
    };
    Ok(answer.of(created).await)
}

/// How a request that makes a run is answered, and noted.
pub(super) struct Answer<'a> {
    pub(super) services: &'a Services,
    pub(super) who: &'a Principal,
    /// What the audit list calls it.
    pub(super) action: &'static str,
    /// The status when a run was made.
    pub(super) status: StatusCode,
    /// Whether the request typed the target's host back.
    pub(super) confirms: bool,
}

impl Answer<'_> {
    /// The run, and where it is.
    pub(super) async fn of(self, created: Created) -> HttpResponse {
        let (view, status) = match created {
            Created::New(view) => {
                let (id, host) = (&view.summary.id, &view.summary.target.host);
                let noted = match &view.replaces {
                    Some(other) => {
                        let changed = self.changed(other, &view).await;
                        format!("{host}, in the place of {other}{changed}")
                    }
                    None => host.clone(),
                };
                let audit = &self.services.audit;
                audit.note(self.who, self.action, id, noted).await;
                if self.confirms {
                    audit.note(self.who, "target.confirm", host, "").await;
                }
                (view, self.status)
            }
            Created::Before(view) => (view, StatusCode::OK),
        };
        HttpResponse::build(status)
            .insert_header(("Location", format!("/api/runs/{}", view.summary.id)))
            .insert_header(etag(view.revision))
            .json(view)
    }
}

impl Answer<'_> {
    /// In which settings a run differs from the one whose place it takes.
    async fn changed(&self, other: &str, view: &RunView) -> String {
        let Some(other) = RunId::parse(other) else {
            return String::new();
        };
        match self.services.runs.view(&other).await {
            Ok(other) => format!("; {}", in_words(&changed(&other.config, &view.config))),
            Err(_) => String::new(),
        }
    }
}

/// What a client names its request with `Idempotency-Key`, if it does.
pub(crate) struct Named(pub(super) Option<IdempotencyKey>);

impl FromRequest for Named {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get("Idempotency-Key") else {
            return ready(Ok(Self(None)));
        };
        let key = value.to_str().ok().and_then(IdempotencyKey::parse);
        ready(key.map(|key| Self(Some(key))).ok_or_else(|| {
            Problem::new(
                Code::RequestMalformed,
                "Idempotency-Key must have 1 to 200 visible ASCII characters",
            )
        }))
    }
}
