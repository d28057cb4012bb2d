//! `GET /api/runs/{id}/account`: everything a run left, for programs; the same for people as one file.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};

use super::account_page;
use super::run_id;
use crate::api::problem::{Problem, ProblemBody};
use crate::api::view::RunAccount;
use crate::app::Services;
use crate::auth::Principal;

/// The account of a run.
///
/// Its hits by state, kind and day, what was not accepted and why, how fast it was, its attempts, the sums that must
/// come out, and what nobody knows.
#[utoipa::path(
    tag = "runs",
    operation_id = "run_account",
    params(("id" = String, Path, description = "The run's id")),
    responses(
        (status = 200, description = "As far as the run got", body = RunAccount),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/runs/{id}/account")]
pub(crate) async fn run_account(
    _who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<web::Json<RunAccount>, Problem> {
    Ok(web::Json(services.runs.account(&run_id(&id)?).await?))
}

/// The account of a run as a page.
///
/// One file without scripts that asks nobody for anything: to print, to keep, to send on.
#[utoipa::path(
    tag = "runs",
    operation_id = "run_account_page",
    params(("id" = String, Path, description = "The run's id")),
    responses(
        (status = 200, description = "A file to keep", body = String, content_type = "text/html"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/runs/{id}/account.html")]
pub(crate) async fn run_account_page(
    _who: Principal,
    services: web::Data<Services>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = run_id(&id)?;
    let account = services.runs.account(&id).await?;
    let disposition = format!("attachment; filename=\"account-{id}.html\"");
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(account_page::page(&account).into_string()))
}
