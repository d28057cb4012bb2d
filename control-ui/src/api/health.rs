//! `/livez` and `/readyz`: for health checks, without credentials and without details.

use actix_web::{HttpResponse, get, web};

use crate::app::Services;

/// Whether the process answers.
#[utoipa::path(
    tag = "health",
    operation_id = "livez",
    security(()),
    responses((status = 200, description = "It does", body = String, content_type = "text/plain"))
)]
#[get("/livez")]
pub(crate) async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// Whether the store answers. An orchestrator that is away does not count: the page says how to cure it.
#[utoipa::path(
    tag = "health",
    operation_id = "readyz",
    security(()),
    responses(
        (status = 200, description = "It does", body = String, content_type = "text/plain"),
        (status = 503, description = "It does not", body = String, content_type = "text/plain"),
    )
)]
#[get("/readyz")]
pub(crate) async fn readyz(services: web::Data<Services>) -> HttpResponse {
    match services.store.ping().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body("ok\n"),
        Err(error) => {
            tracing::warn!(error = %error, "not ready: the store does not answer");
            HttpResponse::ServiceUnavailable()
                .content_type("text/plain")
                .body("the store does not answer\n")
        }
    }
}
