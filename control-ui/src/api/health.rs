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

/// Whether the store answers and takes writings. An orchestrator that is away does not count: the page says how to cure it.
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
    match services.storage.try_to_write().await {
        None => HttpResponse::Ok().content_type("text/plain").body("ok\n"),
        Some(_) => HttpResponse::ServiceUnavailable()
            .content_type("text/plain")
            .body("the store cannot be written; the page and the log say why\n"),
    }
}
