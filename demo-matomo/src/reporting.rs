//! The few methods of the reporting API that a connection test and a loader ask for.
//!
//! There are no reports. Invariant: whoever bears no known token is told nothing, and an error is answered 200 with
//! `result: error`, as Matomo does.

use std::sync::PoisonError;

use serde_json::{Value, json};

use crate::{
    app::App,
    params::{Params, TOKEN},
    token::Role,
};

/// The version that the practice target claims to be.
const MATOMO_VERSION: &str = "5.2.0";

/// The answer to a call.
pub(crate) fn call(app: &App, params: &Params) -> Value {
    let error = |message: &str| json!({ "result": "error", "message": message });
    if params.get("module") != Some("API") {
        return error("the practice target has no reports: only module=API is served");
    }
    let Some(role) = app.token.role_of(params.get(TOKEN)) else {
        return error("the token is missing or does not allow this");
    };
    let all = |wanted: Role| {
        if role == wanted {
            json!(app.sites.ids)
        } else {
            json!([])
        }
    };
    match params.get("method") {
        Some("API.getMatomoVersion") => json!({ "value": MATOMO_VERSION }),
        Some("UsersManager.hasSuperUserAccess") => json!({ "value": role == Role::Super }),
        // A super user administers every site.
        Some("SitesManager.getSitesIdWithAdminAccess") if role == Role::Super => {
            json!(app.sites.ids)
        }
        Some("SitesManager.getSitesIdWithAdminAccess") => all(Role::Admin),
        Some("SitesManager.getSitesIdWithWriteAccess") => all(Role::Write),
        // Of sites that the token's user administers; here that is all or none.
        Some("CoreAdminHome.getTrackingFailures") if matches!(role, Role::Super | Role::Admin) => {
            let ledger = app.ledger.lock().unwrap_or_else(PoisonError::into_inner);
            let failures = ledger.failures();
            failures
                .map(|(site, failure)| json!({ "idsite": site, "idfailure": failure }))
                .collect()
        }
        Some("SitesManager.getSiteFromId") => {
            let id = params.get("idSite").and_then(|id| id.parse().ok());
            match id.filter(|id| app.sites.ids.contains(id)) {
                Some(id) => json!({
                    "idsite": id,
                    "name": format!("Practice site {id}"),
                    "timezone": app.sites.zone.name(),
                    "currency": "EUR",
                    "ecommerce": 1,
                }),
                None => error("there is no such site, or the token does not allow this"),
            }
        }
        _ => error("the practice target has no reports: this method is not served"),
    }
}
