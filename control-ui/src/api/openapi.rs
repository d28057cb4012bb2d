//! The OpenAPI document, collected from the handlers; also `GET /api/openapi.json`.

use actix_web::{HttpResponse, get};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::api::common_answers::CommonAnswers;
use crate::api::{
    audit, backfill, configuration, confirmations, events, health, keys, presets, preview, problem,
    runs, schema, session, sessions, status, test_connection, token_rights, validate, view,
};
use crate::api::{compare, convert, preset_actions};
use crate::api::{logs, metrics};
use crate::auth::{Principal, SESSION_COOKIE};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Trafficinator control plane",
        description = "Starts, watches and stops runs. Errors are RFC 9457 problems; their codes are explained at /docs.",
        license(name = "MIT", identifier = "MIT"),
    ),
    paths(
        session::sign_in, session::session, session::sign_out,
        sessions::list_sessions, sessions::revoke_session, sessions::sign_in_link,
        keys::list_keys, keys::create_key, keys::revoke_key,
        audit::audit,
        status::status,
        configuration::configuration, configuration::save_configuration,
        presets::presets, presets::create_preset, presets::preset, presets::save_preset, presets::delete_preset,
        preset_actions::import_preset, preset_actions::duplicate_preset, preset_actions::restore_preset,
        preset_actions::migrate_preset, preset_actions::export_preset,
        schema::schema, validate::validate, preview::preview, convert::convert, compare::compare,
        test_connection::test_connection, token_rights::token_rights,
        runs::create::create_run, runs::list::list_runs, runs::show::show_run,
        backfill::plan_backfill, runs::days::run_days, runs::account::run_account, runs::account::run_account_page,
        runs::samples::run_samples, runs::logs::run_logs, runs::logs::download_run_logs,
        runs::stop::stop_run, runs::pause::pause_run, runs::resume::resume_run,
        runs::restart::restart_run, runs::apply::apply_to_run, runs::again::run_again,
        runs::edit::edit_run, runs::delete::delete_run, runs::delete::restore_run,
        confirmations::list_confirmations, confirmations::forget_confirmation,
        events::events, logs::logs, logs::download_logs,
        show_openapi,
        health::livez, health::readyz, metrics::metrics,
    ),
    components(schemas(
        problem::ProblemBody,
        events::SampleEvent, events::LogEvent, events::RunDeletedEvent,
        view::RunView, view::Sample, view::LogLine,
    )),
    security(("session" = []), ("key" = []), ("bearer" = [])),
    modifiers(&Credentials, &CommonAnswers),
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                SESSION_COOKIE,
                "set by POST /api/session",
            ))),
        );
        components.add_security_scheme(
            "key",
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
                "X-API-Key",
                "a key from POST /api/keys, or the one that the operator set as CONTROL_UI_API_KEY",
            ))),
        );
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some("the same keys"))
                    .build(),
            ),
        );
    }
}

/// The document as it is served, printed and committed.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The OpenAPI document of this API.
#[utoipa::path(
    tag = "status",
    operation_id = "openapi",
    responses(
        (status = 200, description = "OpenAPI 3.1", body = Object),
        (status = 401, description = "Not signed in", body = problem::ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/openapi.json")]
pub(crate) async fn show_openapi(_who: Principal) -> HttpResponse {
    HttpResponse::Ok().json(document())
}
