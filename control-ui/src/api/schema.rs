//! `GET /api/schema`: the JSON Schema of the run configuration, from which the form is drawn.

use actix_web::{HttpResponse, get};

use crate::api::problem::ProblemBody;
use crate::auth::Principal;

/// The JSON Schema of the run configuration.
#[utoipa::path(
    tag = "configuration",
    operation_id = "schema",
    responses(
        (status = 200, description = "JSON Schema 2020-12 with hints for a form (x-group, x-order, x-unit, x-widget, x-advanced)", body = Object, content_type = "application/schema+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/schema")]
pub(crate) async fn schema(_who: Principal) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/schema+json")
        .json(config::schema())
}
