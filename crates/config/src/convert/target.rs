//! Targets: address, token.

use url::Url;

use super::Conversion;
use crate::plan::TargetPlan;
use crate::problem::{Problem, quoted};
use crate::sections::Target;

/// Matomo's tokens are 32 characters long (Matomo 5 developer docs).
const TOKEN_LENGTH: usize = 32;

impl Conversion<'_> {
    pub(super) fn targets(&mut self, targets: &mut [Target]) -> Option<Vec<TargetPlan>> {
        // Every target is looked at before the first failure counts, so that all problems show.
        let plans: Vec<_> = targets
            .iter_mut()
            .enumerate()
            .map(|(at, target)| self.target(at, target))
            .collect();
        for (target, plan) in targets.iter_mut().zip(&plans) {
            if plan.is_none() {
                // What was refused may hold a secret, and the configuration may be shown.
                target.url = public_part(&target.url);
            }
        }
        plans.into_iter().collect()
    }

    fn target(&mut self, at: usize, target: &mut Target) -> Option<TargetPlan> {
        self.token(at, target);
        let connection = self.connection(at, target);
        let pointer = format!("/targets/{at}/url");
        if !self.sound(&[&pointer]) {
            return None;
        }
        let url = tracking_url(&target.url)
            .map_err(|problem| self.problem(problem.at(&pointer)))
            .ok()?;
        let host = match (url.host_str()?, url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        Some(TargetPlan {
            url,
            host,
            site_id: target.site_id,
            token: target.token_auth.clone(),
            connection: connection?,
        })
    }

    fn token(&mut self, at: usize, target: &Target) {
        let Some(token) = &target.token_auth else {
            return;
        };
        let pointer = format!("/targets/{at}/token_auth");
        let length = token.expose().chars().count();
        if !token.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            self.problem(
                Problem::new(
                    &pointer,
                    "invalid_token",
                    "the token holds blanks or characters outside ASCII",
                )
                .hint("copy it again from Matomo, Administration, Security"),
            );
        } else if length != TOKEN_LENGTH {
            self.warning(
                Problem::new(
                    &pointer,
                    "unusual_token",
                    format!("the token has {length} characters; Matomo's have {TOKEN_LENGTH}"),
                )
                .hint("check that it was copied whole"),
            );
        }
    }
}

/// The tracking endpoint's address: http(s), a host, and nothing that could carry a secret.
fn tracking_url(given: &str) -> Result<Url, Problem> {
    if given.is_empty() {
        return Err(Problem::new(
            "",
            "required",
            "the address of Matomo's tracking endpoint is missing",
        )
        .hint("set it, for example MATOMO_URL=https://matomo.example/matomo.php"));
    }
    let mut url = super::content::http_url(given)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Problem::new(
            "",
            "secret_in_url",
            "the address holds a user name or a password",
        )
        .hint("remove it from the address"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Problem::new(
            "",
            "invalid_url",
            format!("{} goes on after the path", quoted(&public_part(given))),
        )
        .hint("end it with the path, and give the token in token_auth (MATOMO_TOKEN_AUTH)"));
    }
    let literal = match url.host() {
        Some(url::Host::Ipv4(address)) => Some(address.into()),
        Some(url::Host::Ipv6(address)) => Some(address.into()),
        Some(url::Host::Domain(_)) | None => None,
    };
    if literal.is_some_and(crate::is_forbidden) {
        let host = url.host_str().unwrap_or_default();
        return Err(Problem::new(
            "",
            "forbidden_address",
            format!("{host} is link-local or a cloud's metadata service; no target may have it"),
        )
        .hint("name the address at which people reach Matomo"));
    }
    // Web servers find no script behind such a slash; the Python original removed it as well.
    let script = url.path().trim_end_matches('/').to_owned();
    if script.ends_with(".php") {
        url.set_path(&script);
    }
    Ok(url)
}

/// An address without the parts in which people leave secrets: credentials, query, fragment.
pub(super) fn public_part(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    match (address.split_once("://"), address.rfind('@')) {
        (Some((scheme, _)), Some(at)) => format!("{scheme}://{}", &address[at + 1..]),
        (None, Some(at)) => address[at + 1..].to_owned(),
        (_, None) => address.to_owned(),
    }
}
