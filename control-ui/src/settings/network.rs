//! Settings that say where the control plane is reached, and by whom it is told so.

use std::net::IpAddr;

use ipnet::IpNet;
use url::Url;

use super::SettingsError;
use crate::auth::AllowedHost;

/// First parts of paths that the control plane serves itself: below one of them, a proxy that takes the path away
/// and one that does not could not be told apart.
const OWN_PATHS: &[&str] = &["api", "assets", "docs", "livez", "metrics", "readyz"];

/// An http or https address without credentials, which would be shown on the page and in logs.
pub(super) fn web_address(name: &'static str, text: &str) -> Result<Url, SettingsError> {
    if text.contains('@') {
        return Err(SettingsError::Credentials { name });
    }
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| wrong(name, text, "must be an http or https address"))
}

/// The address that people open; below a path, when it has one.
pub(super) fn public_url(text: &str) -> Result<Url, SettingsError> {
    const NAME: &str = "PUBLIC_URL";
    let mut url = web_address(NAME, text)?;
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').to_owned();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    if !path.bytes().all(plain) || path.contains("//") {
        let rule = "may have a path of letters, digits and - . _ ~ only";
        return Err(wrong(NAME, text, rule));
    }
    let first = path.split('/').nth(1).unwrap_or_default();
    if OWN_PATHS.contains(&first) {
        let rule = "must not begin its path with a name that is served here: api, assets, docs, livez, metrics, readyz";
        return Err(wrong(NAME, text, rule));
    }
    url.set_path(&path);
    Ok(url)
}

/// Names, with a port or without, separated by commas.
pub(super) fn allowed_hosts(text: &str) -> Result<Vec<AllowedHost>, SettingsError> {
    let rule =
        "must be host names such as traffic.example or traffic.example:8443, separated by commas";
    parts(text)
        .map(|part| AllowedHost::parse(part).ok_or_else(|| wrong("ALLOWED_HOSTS", part, rule)))
        .collect()
}

/// Addresses or networks, separated by commas.
pub(super) fn trusted_proxies(text: &str) -> Result<Vec<IpNet>, SettingsError> {
    let rule = "must be addresses or networks such as 172.18.0.0/16, separated by commas";
    parts(text)
        .map(|part| {
            let address = || part.parse::<IpAddr>().map(IpNet::from);
            let net = part.parse::<IpNet>().or_else(|_| address());
            net.map_err(|_| wrong("TRUSTED_PROXIES", part, rule))
        })
        .collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn wrong(name: &'static str, value: &str, rule: &'static str) -> SettingsError {
    SettingsError::Value {
        name,
        value: value.to_owned(),
        rule,
    }
}
