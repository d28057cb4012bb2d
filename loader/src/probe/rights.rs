//! Site and token: what the tracker says of them, and what the reporting API says to the bearer of a token.

use run_report::connection::SiteFacts;
use tracking::probe::{self as questions, SiteAnswer, TokenAnswer};
use tracking::reporting::{self, ApiAnswer, Question};

use super::Asked;
use super::report::{Finding, Report, Rights, State, Step, cleaned};
use crate::delivery::Http;

/// Where a token is made.
const WHERE: &str = "make one in Matomo: Administration, Personal, Security, Auth tokens";

/// What the reporting API says to the bearer of the token.
#[derive(Debug, Default)]
struct Api {
    version: Option<String>,
    rights: Option<Rights>,
    site: Option<reporting::Site>,
    /// The API is there and answers nothing to the token.
    refused: bool,
}

/// Looks at the site and at the token.
pub(super) async fn site_and_token(asked: &Asked, http: &Http, report: &mut Report) {
    let target = &asked.target;
    let api = match &target.token {
        Some(token) => ask_api(http, target.site_id, token.expose()).await,
        None => Api::default(),
    };
    report.matomo.version.clone_from(&api.version);
    report.matomo.site = api.site.as_ref().map(|site| SiteFacts {
        name: cleaned(&site.name),
        time_zone: cleaned(&site.time_zone),
        currency: cleaned(&site.currency),
        ecommerce: site.ecommerce,
    });
    let site = match &report.matomo.site {
        Some(site) => seen(site, target.site_id),
        None => site(asked, http).await,
    };
    let exists = report.note(site);
    let (state, finding) = token(asked, http, &api, exists).await;
    report.token.state = state;
    report.note(finding);
}

fn seen(site: &SiteFacts, id: u32) -> Finding {
    let SiteFacts {
        name,
        time_zone,
        currency,
        ..
    } = site;
    Finding::ok(
        Step::Site,
        "site.ok",
        format!("site {id} is “{name}” (time zone {time_zone}, currency {currency})"),
    )
}

async fn site(asked: &Asked, http: &Http) -> Finding {
    let id = asked.target.site_id;
    let reply = match http.ask(questions::site(id)).await {
        Ok(reply) => reply,
        Err(fault) => {
            let (_, message) = fault.words();
            return Finding::new(Step::Site, State::Unknown, "site.unclear", message);
        }
    };
    match questions::classify_site(reply.status, reply.content_type.as_deref(), &reply.body) {
        SiteAnswer::Known => Finding::ok(Step::Site, "site.ok", format!("site {id} exists")),
        SiteAnswer::Refused => Finding::failed(
            Step::Site,
            "site.unknown",
            format!("Matomo knows no site {id} (or its database is away: it answers both alike)"),
        )
        .hint("the ids are listed in Matomo: Administration, Websites, Manage"),
        SiteAnswer::Unclear(_) if reply.status == 413 => Finding::failed(
            Step::Site,
            "site.too_large",
            "the server refuses a small POST as too large (413)",
        )
        .hint("raise the limit for bodies (client_max_body_size in nginx)"),
        SiteAnswer::Unclear(reason) => Finding::new(
            Step::Site,
            State::Unknown,
            "site.unclear",
            format!(
                "whether site {id} exists could not be found out: {}",
                reason.message
            ),
        ),
    }
}

async fn token(asked: &Asked, http: &Http, api: &Api, site_exists: bool) -> (Rights, Finding) {
    let target = &asked.target;
    let Some(token) = &target.token else {
        return (Rights::None, no_token(asked.needs_token));
    };
    if !site_exists {
        return (
            Rights::Unknown,
            Finding::new(
                Step::Token,
                State::Skipped,
                "token.no_site",
                "rights belong to a site, and this one is not there",
            ),
        );
    }
    let answer = match http
        .ask(questions::token(target.site_id, token.expose()))
        .await
    {
        Ok(reply) => {
            questions::classify_token(reply.status, reply.content_type.as_deref(), &reply.body)
        }
        Err(fault) => {
            let (_, message) = fault.words();
            return (Rights::Unknown, unclear(message));
        }
    };
    let id = target.site_id;
    match answer {
        TokenAnswer::Accepted => accepted(api.rights, id),
        TokenAnswer::Refused if api.refused => (
            Rights::Refused,
            Finding::failed(Step::Token, "token.refused", "Matomo does not know this token")
                .hint(format!("it was mistyped, deleted or has expired; {WHERE}")),
        ),
        TokenAnswer::Refused if api.version.is_some() => (
            Rights::View,
            Finding::failed(
                Step::Token,
                "token.view",
                format!("Matomo knows this token, but its user may only look at site {id}, or not even that"),
            )
            .hint(format!("give the user write access to site {id} in Matomo: Administration, System, Users")),
        ),
        TokenAnswer::Refused => (
            Rights::Refused,
            Finding::failed(
                Step::Token,
                "token.refused",
                format!("Matomo refuses this token for site {id}: it is wrong, or its user may not write to the site"),
            )
            .hint(format!("{WHERE}, of a user with write access to the site")),
        ),
        TokenAnswer::Unclear(reason) => (Rights::Unknown, unclear(&reason.message)),
    }
}

fn no_token(needed: bool) -> Finding {
    if needed {
        return Finding::failed(
            Step::Token,
            "token.needed",
            "there is no token, and the run wants visitors from different countries, which needs one",
        )
        .hint(format!("{WHERE}, of a user with write access to the site; or switch visitor countries off"));
    }
    Finding::new(
        Step::Token,
        State::Skipped,
        "token.none",
        "there is no token: hits are taken, but visitors get no addresses and countries of their own",
    )
    .hint(format!("for countries and for days past, {WHERE}, of a user with write access to the site"))
}

fn unclear(message: &str) -> Finding {
    Finding::new(
        Step::Token,
        State::Unknown,
        "token.unclear",
        format!("what the token may do could not be found out: {message}"),
    )
}

fn accepted(rights: Option<Rights>, id: u32) -> (Rights, Finding) {
    match rights {
        Some(Rights::Superuser) => (
            Rights::Superuser,
            Finding::new(
                Step::Token,
                State::Warning,
                "token.superuser",
                "the token works, and may do everything in this Matomo, which is more than is needed",
            )
            .hint("the token of a user with write access to this one site is enough, and does less harm when it is lost"),
        ),
        Some(Rights::Admin) => (
            Rights::Admin,
            Finding::ok(Step::Token, "token.admin", format!("the token works: its user administers site {id}")),
        ),
        Some(Rights::Write) => (
            Rights::Write,
            Finding::ok(Step::Token, "token.write", format!("the token works: its user may write to site {id}")),
        ),
        // The tracker took what only a token may say, which proves at least this.
        _ => (
            Rights::Write,
            Finding::ok(
                Step::Token,
                "token.accepted",
                format!("the token works: the tracker lets it write to site {id} (the reporting API did not say more)"),
            ),
        ),
    }
}

/// Asks everything at once.
async fn ask_api(http: &Http, site_id: u32, token: &str) -> Api {
    let api = http.api();
    let ask = async |question| match api.ask(reporting::ask(question, token)).await {
        Ok(reply) if reply.status < 300 || reply.status == 401 || reply.status == 403 => {
            reporting::read(&reply.body)
        }
        _ => ApiAnswer::Foreign,
    };
    let (version, superuser, admin, write, site) = tokio::join!(
        ask(Question::Version),
        ask(Question::SuperUser),
        ask(Question::AdminSites),
        ask(Question::WriteSites),
        ask(Question::Site(site_id)),
    );
    let names = |answer: &ApiAnswer| match answer {
        ApiAnswer::Value(value) => reporting::names_site(value, site_id),
        ApiAnswer::Refused | ApiAnswer::Foreign => None,
    };
    let is_super = match &superuser {
        ApiAnswer::Value(value) => reporting::truth(value),
        ApiAnswer::Refused | ApiAnswer::Foreign => None,
    };
    let rights = match (is_super, names(&admin), names(&write)) {
        (Some(true), _, _) => Some(Rights::Superuser),
        (_, Some(true), _) => Some(Rights::Admin),
        (_, _, Some(true)) => Some(Rights::Write),
        _ => None,
    };
    Api {
        refused: version == ApiAnswer::Refused,
        version: match version {
            ApiAnswer::Value(value) => reporting::version(&value),
            ApiAnswer::Refused | ApiAnswer::Foreign => None,
        },
        rights,
        site: match site {
            ApiAnswer::Value(value) => reporting::site(&value),
            ApiAnswer::Refused | ApiAnswer::Foreign => None,
        },
    }
}
