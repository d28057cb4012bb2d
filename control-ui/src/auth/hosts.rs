//! Which host names are served: against DNS rebinding, where another site's name points at our address.

use std::net::IpAddr;

use url::Url;

use crate::settings::Settings;

/// A host that the operator allows: with a port that one alone, without any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    /// Its name in lower case; an IPv6 address without its brackets.
    pub name: String,
    /// Its port.
    pub port: Option<u16>,
}

impl AllowedHost {
    /// From `name`, `name:port`, `[address]` or `[address]:port`; `None` when it is none of these.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"/\\?#@".contains(&byte);
        if !text.bytes().all(plain) {
            return None;
        }
        // A scheme of no known port, so that a port that is named is never dropped as the usual one.
        let url = Url::parse(&format!("host://{text}")).ok()?;
        // A known scheme, so that names and addresses get their one spelling.
        let usual = Url::parse(&format!("http://{text}/")).ok()?;
        let name = usual.host_str()?.trim_matches(['[', ']']);
        Some(Self {
            name: name.to_ascii_lowercase(),
            port: url.port(),
        })
    }
}

/// Loopback on any port, since a container's port may be published under another number; the address that is
/// listened on; the public name; what the operator allows.
pub(super) fn is_served(host: &str, tls: bool, settings: &Settings) -> bool {
    let Some(host) = AllowedHost::parse(host) else {
        return false;
    };
    let ip: Option<IpAddr> = host.name.parse().ok();
    let loopback = host.name == "localhost" || ip.is_some_and(|ip| ip.is_loopback());
    let listen = settings.listen.ip();
    let listened = !listen.is_unspecified() && ip == Some(listen);
    let public = settings.public_url.as_ref().and_then(Url::host_str);
    let public = public.is_some_and(|public| {
        public
            .trim_matches(['[', ']'])
            .eq_ignore_ascii_case(&host.name)
    });
    let port = host.port.unwrap_or(if tls { 443 } else { 80 });
    let allowed = settings.allowed_hosts.iter().any(|allowed| {
        allowed.name == host.name && allowed.port.is_none_or(|allowed| allowed == port)
    });
    loopback || listened || public || allowed
}
