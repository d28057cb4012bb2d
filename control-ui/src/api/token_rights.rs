//! `GET /api/token-rights`: what works with which token, and where to make one. Facts of Matomo 5.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::problem::ProblemBody;
use crate::auth::Principal;

/// Something that works or not, depending on the token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenRight {
    /// What works, or not.
    pub feature: &'static str,
    /// Without a token.
    pub none: bool,
    /// With the token of a user who may write to the site.
    pub write: bool,
    /// With that of a user who administers the site.
    pub admin: bool,
    /// With that of a super user.
    pub superuser: bool,
    /// What else there is to know.
    #[schema(required)]
    pub note: Option<&'static str>,
}

/// The table.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenRights {
    /// The rows, in the order in which they are shown.
    pub rows: Vec<TokenRight>,
    /// Where a token is made, and of which kind it should be.
    #[serde(rename = "where")]
    pub where_to_make_one: &'static str,
}

const WHERE: &str = "In Matomo: Administration (the cog), Personal, Security, Auth tokens, Create new token. Make it for \
a user of its own who has write access to the one site that gets the hits (Administration, System, Users), leave \
“only allow secure requests” on, and copy it at once: Matomo shows it only then.";

/// One row; whoever may write to a site may also do what needs no token.
const fn row(
    feature: &'static str,
    none: bool,
    write: bool,
    note: Option<&'static str>,
) -> TokenRight {
    TokenRight {
        feature,
        none,
        write,
        admin: write,
        superuser: true,
        note,
    }
}

/// What works with which token.
#[utoipa::path(
    tag = "configuration",
    operation_id = "token_rights",
    responses(
        (status = 200, description = "The table", body = TokenRights),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/api/token-rights")]
pub(crate) async fn token_rights(_who: Principal) -> web::Json<TokenRights> {
    web::Json(TokenRights {
        rows: vec![
            row(
                "Hits of now: page views, searches, events, downloads, orders",
                true,
                true,
                Some(
                    "Without a token all visitors come from the loader's own address and country.",
                ),
            ),
            row(
                "Visitors with addresses and countries of their own",
                false,
                true,
                Some("The token of a user with view access alone is refused for this."),
            ),
            row(
                "Hits that are older than 24 hours: late ones, days past",
                false,
                true,
                None,
            ),
            row(
                "Connection test: address, Matomo, site id",
                true,
                true,
                None,
            ),
            row(
                "Connection test: Matomo's version, the site's name, time zone and currency",
                false,
                true,
                Some("View access is enough for this."),
            ),
            row(
                "Learn which hits of a bulk were refused, not only how many",
                false,
                false,
                Some(
                    "Matomo tells super users alone. Their token can do everything: prefer one with write access.",
                ),
            ),
        ],
        where_to_make_one: WHERE,
    })
}
