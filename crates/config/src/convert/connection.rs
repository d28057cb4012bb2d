//! How a target is reached: certificates, proxy, and what a server before Matomo asks for.
//!
//! For: the rules of the connection settings, and the types that programs run on. Not for: making
//! connections. Invariant: what leaves here as a [`ConnectionPlan`] can be used as it is: certificates are
//! certificates, header names are header names.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use url::Url;

use super::Conversion;
use crate::plan::{ConnectionPlan, ProxyPlan};
use crate::problem::{Problem, quoted};
use crate::secret::ProxyVariables;
use crate::sections::Target;

/// Most certificates in `ca_pem`. When there are more, the value is refused: it is a whole system's list.
const CERTIFICATES_MAX: usize = 50;

/// Headers that the HTTP library writes itself or that hold for one leg of the way alone (RFC 9110, 7.6.1).
const OWN_HEADERS: [&str; 14] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

impl Conversion<'_> {
    /// The connection of a target; `None` when something is wrong with it.
    pub(super) fn connection(&mut self, at: usize, target: &mut Target) -> Option<ConnectionPlan> {
        let before = self.problems.len();
        let here = |name: &str| format!("/targets/{at}/{name}");
        let authorities = self.authorities(&here("ca_pem"), target);
        let proxy = self.proxy(&here("proxy_url"), target);
        let basic_auth = self.basic_auth(at, target);
        let header = self.header(at, target);
        let plain = target.url.starts_with("http://");
        if !target.tls_verify {
            let message = "certificates are not checked: whoever is on the way can read and change every hit and the token";
            self.warning(Problem::new(&here("tls_verify"), "insecure", message).hint(
                "give the certificate of the authority that signed the server's in ca_pem instead",
            ));
        } else if plain && !authorities.is_empty() {
            self.warning(
                Problem::new(
                    &here("ca_pem"),
                    "no_effect",
                    "the address is http, so there is no certificate to check",
                )
                .hint("write https in the address, or leave the certificates out"),
            );
        }
        if plain && (basic_auth.is_some() || header.is_some()) {
            let name = if basic_auth.is_some() {
                "basic_auth_password"
            } else {
                "extra_header_value"
            };
            self.warning(
                Problem::new(
                    &here(name),
                    "unencrypted",
                    "the address is http, so this secret travels readable for everybody on the way",
                )
                .hint("write https in the address if the server speaks it"),
            );
        }
        (self.problems.len() == before).then_some(ConnectionPlan {
            authorities,
            tls_verify: target.tls_verify,
            proxy,
            basic_auth,
            header,
        })
    }

    fn authorities(&mut self, pointer: &str, target: &mut Target) -> Vec<Vec<u8>> {
        if target.ca_pem.trim().is_empty() || !self.sound(&[pointer]) {
            return Vec::new();
        }
        match certificates(&target.ca_pem) {
            Ok(found) => found,
            Err(problem) => {
                // What is no certificate may be a key, and the configuration may be shown.
                target.ca_pem.clear();
                self.problem(problem.at(pointer));
                Vec::new()
            }
        }
    }

    fn proxy(&mut self, pointer: &str, target: &mut Target) -> ProxyPlan {
        match target.proxy_url.trim() {
            "" | "environment" => ProxyPlan::Environment(self.proxies()),
            "none" => ProxyPlan::Direct,
            given => match proxy_url(given) {
                Ok(url) => ProxyPlan::Given(url),
                Err(problem) => {
                    target.proxy_url = super::target::public_part(&target.proxy_url);
                    self.problem(problem.at(pointer));
                    ProxyPlan::Direct
                }
            },
        }
    }

    fn basic_auth(&mut self, at: usize, target: &Target) -> Option<(String, crate::Secret)> {
        let user = target.basic_auth_user.trim();
        let pointer = |name: &str| format!("/targets/{at}/{name}");
        if user.contains(':') || user.chars().any(char::is_control) {
            self.problem(
                Problem::new(
                    &pointer("basic_auth_user"),
                    "invalid_user",
                    "a user name for basic authentication has no colon and no control character",
                )
                .hint("give the user name alone; the password has a setting of its own"),
            );
            return None;
        }
        let set = |secret: &&crate::Secret| !secret.expose().is_empty();
        match (user, target.basic_auth_password.as_ref().filter(set)) {
            ("", None) => None,
            ("", Some(_)) => {
                self.problem(
                    Problem::new(
                        &pointer("basic_auth_user"),
                        "incomplete",
                        "there is a password and no user name for it",
                    )
                    .hint("give the user name (MATOMO_BASIC_AUTH_USER), or remove the password"),
                );
                None
            }
            (_, None) => {
                self.problem(
                    Problem::new(
                        &pointer("basic_auth_password"),
                        "incomplete",
                        "there is a user name and no password for it",
                    )
                    .hint(
                        "give the password (MATOMO_BASIC_AUTH_PASSWORD), or remove the user name",
                    ),
                );
                None
            }
            (user, Some(password)) => Some((user.to_owned(), password.clone())),
        }
    }

    fn header(&mut self, at: usize, target: &Target) -> Option<(String, crate::Secret)> {
        let name = target.extra_header_name.trim().to_ascii_lowercase();
        let pointer = |setting: &str| format!("/targets/{at}/{setting}");
        if let Some(problem) = wrong_header(&name, !target.basic_auth_user.trim().is_empty()) {
            self.problem(problem.at(&pointer("extra_header_name")));
            return None;
        }
        let set = |secret: &&crate::Secret| !secret.expose().is_empty();
        match (
            name.as_str(),
            target.extra_header_value.as_ref().filter(set),
        ) {
            ("", None) => None,
            ("", Some(_)) => {
                self.problem(
                    Problem::new(
                        &pointer("extra_header_name"),
                        "incomplete",
                        "there is a value and no name for an extra header",
                    )
                    .hint("give the name (MATOMO_EXTRA_HEADER_NAME), or remove the value"),
                );
                None
            }
            (_, None) => {
                self.problem(
                    Problem::new(
                        &pointer("extra_header_value"),
                        "incomplete",
                        format!("the extra header {name} has no value"),
                    )
                    .hint("give the value (MATOMO_EXTRA_HEADER_VALUE), or remove the name"),
                );
                None
            }
            (_, Some(value)) => {
                let printable = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
                if value.expose().bytes().all(printable) {
                    return Some((name, value.clone()));
                }
                self.problem(
                    Problem::new(
                        &pointer("extra_header_value"),
                        "invalid_header",
                        "the value of the extra header holds characters that no header may have",
                    )
                    .hint("copy it again: one line, letters, digits and signs of ASCII"),
                );
                None
            }
        }
    }

    fn proxies(&self) -> ProxyVariables {
        self.facts.proxies.clone()
    }
}

/// The certificates of a PEM text, in DER. Line ends may be written as `\n`, as `.env` files want it.
fn certificates(text: &str) -> Result<Vec<Vec<u8>>, Problem> {
    const HINT: &str = "give the whole text of the authority's certificate, from -----BEGIN CERTIFICATE----- to \
                        -----END CERTIFICATE-----; several may follow one another";
    let refused = |code, message: String| Problem::new("", code, message).hint(HINT);
    if text.contains("PRIVATE KEY") {
        return Err(refused(
            "private_key",
            "this is, or holds, a private key, which belongs to nobody but its server".to_owned(),
        ));
    }
    let text = text.replace("\\n", "\n");
    let mut found = Vec::new();
    for (at, certificate) in CertificateDer::pem_slice_iter(text.as_bytes()).enumerate() {
        let number = at + 1;
        let unreadable = |_| {
            refused(
                "invalid_pem",
                format!("certificate {number} cannot be read as PEM: a line is damaged or missing"),
            )
        };
        let certificate = certificate.map_err(unreadable)?;
        if webpki::anchor_from_trusted_cert(&certificate).is_err() {
            return Err(refused(
                "invalid_certificate",
                format!("certificate {number} is PEM, but no X.509 certificate of version 3"),
            ));
        }
        if found.len() == CERTIFICATES_MAX {
            return Err(refused(
                "too_many",
                format!("there are more than {CERTIFICATES_MAX} certificates; one is enough"),
            ));
        }
        found.push(certificate.as_ref().to_vec());
    }
    if found.is_empty() {
        return Err(refused(
            "invalid_pem",
            "there is no certificate in this text".to_owned(),
        ));
    }
    Ok(found)
}

fn proxy_url(given: &str) -> Result<Url, Problem> {
    const HINT: &str = "write it like http://proxy.example:3128, or environment, or none";
    let refused = |code, message: String| Problem::new("", code, message).hint(HINT);
    let shown = quoted(&super::target::public_part(given));
    let url = Url::parse(given).map_err(|error| {
        refused(
            "invalid_url",
            format!("{shown} is no address of a proxy: {error}"),
        )
    })?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(refused(
            "invalid_url",
            format!("{shown} is no http or https proxy; others are not spoken"),
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Problem::new(
            "",
            "secret_in_url",
            "the proxy's address holds a user name or a password",
        )
        .hint("set HTTPS_PROXY or HTTP_PROXY for the program instead: they may hold one and are kept secret"));
    }
    Ok(url)
}

/// What is wrong with a header's name, in lower case.
fn wrong_header(name: &str, basic_auth: bool) -> Option<Problem> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let shown = quoted(name);
    if !name.bytes().all(token) {
        return Some(
            Problem::new(
                "",
                "invalid_header",
                format!("{shown} is no name of a header"),
            )
            .hint(
                "write the name alone, such as X-Staging-Key; the value has a setting of its own",
            ),
        );
    }
    if OWN_HEADERS.contains(&name) {
        return Some(
            Problem::new(
                "",
                "refused_header",
                format!("the header {shown} is written by the program itself or holds for one leg of the way alone"),
            )
            .hint("name another header"),
        );
    }
    (name == "authorization" && basic_auth).then(|| {
        Problem::new(
            "",
            "conflict",
            "the extra header authorization and basic authentication are the same header",
        )
        .hint("keep one of them")
    })
}
