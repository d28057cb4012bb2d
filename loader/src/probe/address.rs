//! The address itself, before anything is sent.

use std::net::IpAddr;

use url::{Host, Url};

use super::Asked;
use super::report::{Finding, Report, State, Step};

/// Whether a target can have this address.
pub(super) fn check(asked: &Asked) -> Finding {
    let url = &asked.target.url;
    if let Some(address) = literal(url)
        && config::is_forbidden(address)
    {
        return Finding::failed(
            Step::Address,
            "address.forbidden",
            format!("{address} is link-local or a cloud's metadata service; no target may have it"),
        )
        .hint("name the address at which people reach Matomo");
    }
    if let Some(what) = asked.whereabouts.loopback()
        && is_loopback(url)
    {
        return Finding::new(
            Step::Address,
            State::Warning,
            "address.loopback",
            format!(
                "where the loader runs, {} is {what}, and not the machine around it",
                url.host_str().unwrap_or_default()
            ),
        )
        .hint(asked.whereabouts.instead());
    }
    Finding::ok(
        Step::Address,
        "address.ok",
        format!("{url} is an address that a target can have"),
    )
}

/// Matomo does answer there, so the loader and Matomo share a network, and the warning was for nothing.
pub(super) fn forgive_loopback(report: &mut Report) {
    if let Some(finding) = report.found(Step::Address)
        && finding.code == "address.loopback"
    {
        *finding = Finding::ok(
            Step::Address,
            "address.ok",
            "the address is the loader's own machine, and something answers there",
        );
    }
}

/// Nothing answers at a loopback address: now the warning is the reason. On a machine it is the machine that is meant.
pub(super) fn explain_loopback(asked: &Asked, report: &mut Report) {
    if !is_loopback(&asked.target.url) {
        return;
    }
    let host = &asked.target.host;
    let Some(finding) = report.found(Step::Connect) else {
        return;
    };
    match asked.whereabouts.loopback() {
        Some(what) => {
            finding.code = "connect.loopback".into();
            finding.message = format!(
                "nothing listens at {host}: where the loader runs, {} is {what}",
                asked.target.url.host_str().unwrap_or_default()
            );
            finding.hint = Some(asked.whereabouts.instead().to_owned());
        }
        None => {
            finding.message = format!("nothing listens at {host} on this machine");
            finding.hint = Some(
                "check the port, and whether the web server runs; a Matomo in Docker must publish its port"
                    .to_owned(),
            );
        }
    }
}

/// The address, when the URL names one instead of a host name.
pub(super) fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

fn is_loopback(url: &Url) -> bool {
    match literal(url) {
        Some(address) => address.is_loopback() || address.is_unspecified(),
        None => url.host_str().is_some_and(|host| {
            let host = host.trim_end_matches('.');
            host == "localhost" || host.ends_with(".localhost")
        }),
    }
}

/// A number of seconds, as people say it.
pub(super) fn duration(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}
