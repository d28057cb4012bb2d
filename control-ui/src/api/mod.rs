//! The HTTP API: one endpoint, one file. Handlers take extractors, ask a service, answer.
//!
//! They hold no rules of runs, no SQL and no Docker. Invariant: every handler but sign-in and the health checks
//! takes a [`crate::auth::Principal`], and the guard around `/api` refuses whoever has none in any case.

pub mod audit;
pub mod backfill;
pub(crate) mod body;
pub(crate) mod common_answers;
pub mod compare;
pub mod configuration;
pub mod confirmations;
pub mod convert;
pub mod docs;
pub mod etag;
pub mod events;
pub mod health;
pub mod keys;
pub mod logs;
pub mod metrics;
pub mod openapi;
pub mod origin;
pub(crate) mod page;
pub mod preset_actions;
pub mod presets;
pub mod preview;
pub mod problem;
pub mod runs;
pub mod schema;
pub mod session;
pub mod sessions;
pub mod status;
pub mod test_connection;
pub mod token_rights;
pub mod validate;
pub mod view;

use actix_web::web::ServiceConfig;

/// Adds all endpoints.
pub fn routes(app: &mut ServiceConfig) {
    app.service(session::sign_in)
        .service(session::session)
        .service(session::sign_out)
        .service(sessions::list_sessions)
        .service(sessions::revoke_session)
        .service(sessions::sign_in_link)
        .service(keys::list_keys)
        .service(keys::create_key)
        .service(keys::revoke_key)
        .service(audit::audit)
        .service(status::status)
        .service(configuration::configuration)
        .service(configuration::save_configuration)
        .service(presets::presets)
        .service(presets::create_preset)
        .service(preset_actions::import_preset)
        .service(presets::preset)
        .service(presets::save_preset)
        .service(presets::delete_preset)
        .service(preset_actions::duplicate_preset)
        .service(preset_actions::restore_preset)
        .service(preset_actions::migrate_preset)
        .service(preset_actions::export_preset)
        .service(schema::schema)
        .service(validate::validate)
        .service(preview::preview)
        .service(test_connection::test_connection)
        .service(token_rights::token_rights)
        .service(convert::convert)
        .service(compare::compare)
        .service(runs::create::create_run)
        .service(runs::list::list_runs)
        .service(backfill::plan_backfill)
        .service(runs::samples::run_samples)
        .service(runs::days::run_days)
        .service(runs::account::run_account)
        .service(runs::account::run_account_page)
        .service(runs::logs::run_logs)
        .service(runs::logs::download_run_logs)
        .service(runs::show::show_run)
        .service(runs::stop::stop_run)
        .service(runs::pause::pause_run)
        .service(runs::resume::resume_run)
        .service(runs::restart::restart_run)
        .service(runs::apply::apply_to_run)
        .service(runs::again::run_again)
        .service(runs::edit::edit_run)
        .service(runs::delete::delete_run)
        .service(runs::delete::restore_run)
        .service(confirmations::list_confirmations)
        .service(confirmations::forget_confirmation)
        .service(events::events)
        .service(logs::logs)
        .service(logs::download_logs)
        .service(openapi::show_openapi)
        .service(docs::docs)
        .service(health::livez)
        .service(health::readyz)
        .service(metrics::metrics);
}
