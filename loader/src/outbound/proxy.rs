//! Which proxy, if any, is on the way to a target.
//!
//! Decided once for each target, since all of its requests go to one place. Invariant: a proxy's name and password
//! are in none of the words that leave here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use config::{ConnectionPlan, ProxyPlan, ProxyVariables};
use http::HeaderValue;
use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use url::Url;

/// The proxy on the way.
#[derive(Debug, Clone)]
pub struct Proxy {
    pub(super) scheme: String,
    /// Name and password as it wants them, when it has them.
    pub(super) authorization: Option<HeaderValue>,
    /// Its host, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl Proxy {
    /// The proxy for `target`, if there is one on the way.
    #[must_use]
    pub fn on_the_way(plan: &ConnectionPlan, target: &Url) -> Option<Self> {
        match &plan.proxy {
            ProxyPlan::Direct => None,
            ProxyPlan::Given(url) => Self::at(url.as_str()),
            ProxyPlan::Environment(variables) => from_variables(variables, target),
        }
    }

    fn at(address: &str) -> Option<Self> {
        let url = match Url::parse(address) {
            Ok(url) if url.has_host() => url,
            // Variables often leave the scheme out.
            _ => Url::parse(&format!("http://{address}")).ok()?,
        };
        Some(Self {
            host: url.host_str()?.trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default().unwrap_or(80),
            scheme: url.scheme().to_owned(),
            authorization: authorization(&url),
        })
    }

    /// Whether this program can speak with it.
    pub(super) fn is_spoken(&self) -> bool {
        matches!(self.scheme.as_str(), "http" | "https")
    }
}

fn authorization(url: &Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut pair: Vec<u8> = percent_decode_str(url.username()).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(url.password().unwrap_or_default()));
    let mut value = HeaderValue::try_from(format!("Basic {}", BASE64.encode(pair))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The library knows the rules of NO_PROXY, and this which variable is whose.
fn from_variables(variables: &ProxyVariables, target: &Url) -> Option<Proxy> {
    let own = match target.scheme() {
        "https" => &variables.https,
        _ => &variables.http,
    };
    let address = own.as_ref().or(variables.all.as_ref())?;
    let matcher = Matcher::builder()
        .all("http://proxy.invalid".to_owned())
        .no(variables.no.clone().unwrap_or_default())
        .build();
    let target: http::Uri = target.as_str().parse().ok()?;
    matcher.intercept(&target)?;
    Proxy::at(address.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(vars: &[(&str, &str)], target: &str) -> Option<String> {
        let vars = vars
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let variables = ProxyVariables::from_vars(vars);
        let target = Url::parse(target).expect("an address");
        from_variables(&variables, &target).map(|proxy| format!("{}:{}", proxy.host, proxy.port))
    }

    #[test]
    fn each_scheme_has_its_variable_and_no_proxy_wins() {
        let vars = [
            ("HTTP_PROXY", "plain.example:3128"),
            ("HTTPS_PROXY", "http://user:pw@secure.example:8080"),
            ("NO_PROXY", "localhost,.inside.example,10.0.0.0/8"),
        ];
        let table = [
            ("http://matomo.example/", Some("plain.example:3128")),
            ("https://matomo.example/", Some("secure.example:8080")),
            ("http://a.inside.example/", None),
            ("http://10.1.2.3/", None),
            ("http://localhost:8080/", None),
        ];
        for (target, expected) in table {
            assert_eq!(host(&vars, target).as_deref(), expected, "{target}");
        }
        assert_eq!(host(&[], "http://matomo.example/"), None);
        let all = [("all_proxy", "http://all.example")];
        assert_eq!(
            host(&all, "https://m.example/").as_deref(),
            Some("all.example:80")
        );
    }

    #[test]
    fn lower_case_wins_and_empty_is_not_set() {
        let vars = [
            ("http_proxy", "lower.example:1"),
            ("HTTP_PROXY", "upper.example:2"),
            ("HTTPS_PROXY", ""),
        ];
        assert_eq!(
            host(&vars, "http://m.example/").as_deref(),
            Some("lower.example:1")
        );
        assert_eq!(host(&vars, "https://m.example/"), None);
    }
}
