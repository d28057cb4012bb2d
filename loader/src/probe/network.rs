//! Name, connection and encryption: tried by hand first, so that each has a message of its own.

use std::net::SocketAddr;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::address::{explain_loopback, literal};
use super::report::{Finding, Report, State, Step};
use super::{Asked, CONNECT};
use crate::outbound::{Fault, Proxy, ResolveError, io_fault, resolve};

/// What to look at when a proxy does not do what it should.
const PROXY_HINT: &str = "see HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the control plane, or the target's own proxy setting \
                          (MATOMO_PROXY_URL)";

/// The way to one target.
pub(super) struct Network<'a> {
    asked: &'a Asked,
    host: String,
    port: u16,
    proxy: Option<Proxy>,
}

impl<'a> Network<'a> {
    pub(super) fn new(asked: &'a Asked) -> Self {
        let url = &asked.target.url;
        let host = url.host_str().unwrap_or_default();
        Self {
            asked,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default().unwrap_or(80),
            proxy: Proxy::on_the_way(&asked.target.connection, url),
        }
    }

    fn is_tls(&self) -> bool {
        self.asked.target.url.scheme() == "https"
    }

    /// Resolves the name and makes a connection; says whether the test can go on.
    pub(super) async fn reach(&self, report: &mut Report) -> bool {
        if let Some(proxy) = &self.proxy {
            return self.reach_proxy(proxy, report).await;
        }
        let addresses = match literal(&self.asked.target.url) {
            Some(address) => {
                report.note(Finding::new(
                    Step::Dns,
                    State::Skipped,
                    "dns.literal",
                    "the target is named by its address, so no name is looked up",
                ));
                vec![SocketAddr::new(address, self.port)]
            }
            None => match self.look_up(report).await {
                Some(addresses) => addresses,
                None => return false,
            },
        };
        match connect(&addresses).await {
            Ok(address) => report.note(Finding::ok(
                Step::Connect,
                "connect.ok",
                format!("{address} takes connections"),
            )),
            Err(fault) => {
                report.note(self.no_connection(fault));
                if fault == Fault::Refused {
                    explain_loopback(self.asked, report);
                }
                false
            }
        }
    }

    /// With a proxy on the way, the loader connects to it, and it to the target.
    async fn reach_proxy(&self, proxy: &Proxy, report: &mut Report) -> bool {
        let shown = format!("{}:{}", proxy.host, proxy.port);
        report.note(Finding::new(
            Step::Dns,
            State::Skipped,
            "dns.by_proxy",
            format!("the proxy {shown} looks up where {} is", self.host),
        ));
        let connected = match timeout(CONNECT, resolve(&proxy.host, proxy.port)).await {
            Ok(Ok(addresses)) => connect(&addresses).await.is_ok(),
            _ => false,
        };
        report.note(if connected {
            Finding::ok(
                Step::Connect,
                "connect.by_proxy",
                format!("the proxy {shown} takes connections"),
            )
        } else {
            Finding::failed(
                Step::Connect,
                "connect.proxy_away",
                format!("the proxy {shown}, through which the loader is to reach the target, does not take connections"),
            )
            .hint(PROXY_HINT)
        })
    }

    async fn look_up(&self, report: &mut Report) -> Option<Vec<SocketAddr>> {
        let found = match timeout(CONNECT, resolve(&self.host, self.port)).await {
            Ok(found) => found,
            Err(_) => Err(ResolveError::ResolverAway),
        };
        match found {
            Ok(addresses) => {
                let count = addresses.len();
                let more = if count > 1 {
                    format!(" and {} more", count - 1)
                } else {
                    String::new()
                };
                report.note(Finding::ok(
                    Step::Dns,
                    "dns.ok",
                    format!("{} is {}{more}", self.host, addresses[0].ip()),
                ));
                Some(addresses)
            }
            Err(error) => {
                report.note(self.no_address(&error));
                None
            }
        }
    }

    fn no_address(&self, error: &ResolveError) -> Finding {
        let host = &self.host;
        let failed = |code, message| Finding::failed(Step::Dns, code, message);
        match error {
            ResolveError::NoSuchName => failed(
                "dns.no_such_name",
                format!("there is no host named {host}, as far as the loader's name server knows"),
            )
            .hint(if host.contains('.') {
                "check the spelling; a name that only your own network knows needs its name server, or an IP address".to_owned()
            } else {
                format!("check the spelling; {}", self.asked.whereabouts.service_names())
            }),
            ResolveError::ResolverAway => failed(
                "dns.resolver_away",
                format!("no name server tells the loader where {host} is"),
            )
            .hint(format!(
                "check {}, and the name servers of the machine",
                self.asked.whereabouts.network()
            )),
            ResolveError::Forbidden => failed(
                "dns.forbidden",
                format!("{host} leads to a link-local address or a cloud's metadata service; no target may have it"),
            )
            .hint("name the host at which people reach Matomo"),
        }
    }

    fn no_connection(&self, fault: Fault) -> Finding {
        let (host, port) = (&self.host, self.port);
        let failed = |code, message| Finding::failed(Step::Connect, code, message);
        match fault {
            Fault::Refused => failed(
                "connect.refused",
                format!("nothing listens at port {port} of {host}"),
            )
            .hint("check the port, and whether the web server runs and listens on more than its own machine"),
            Fault::Unreachable => failed(
                "connect.unreachable",
                format!("there is no way from the loader to the network of {host}"),
            )
            .hint(format!("check the address, and {}", self.asked.whereabouts.network())),
            Fault::ConnectTimeout => failed(
                "connect.timeout",
                format!("port {port} of {host} did not answer within {} s", CONNECT.as_secs()),
            )
            .hint("mostly a firewall that drops what it does not know: allow the loader's machine, and check the port"),
            Fault::ProxyAuth => failed(
                "connect.proxy_auth",
                "the proxy on the way wants a name and a password".to_owned(),
            )
            .hint("write them into HTTPS_PROXY or HTTP_PROXY: http://name:password@proxy.example:3128"),
            Fault::ProxyRefused => failed(
                "connect.proxy_refused",
                format!("the proxy on the way refuses to connect to {host}, or cannot"),
            )
            .hint("allow the target there; or, for a target that needs no proxy, add its host to NO_PROXY"),
            _ => failed(
                "connect.failed",
                format!("no connection to port {port} of {host} could be made"),
            )
            .hint("check address and port"),
        }
    }

    /// The connection was made and an answer came.
    pub(super) fn secure(&self) -> Finding {
        if self.is_tls() && !self.asked.target.connection.tls_verify {
            Finding::new(
                Step::Tls,
                State::Warning,
                "tls.unverified",
                "the connection is encrypted, but certificates are not checked: whoever is on the way can read and change every hit",
            )
            .hint("give the certificate of the authority that signed the server's (MATOMO_CA_PEM), and check again")
        } else if self.is_tls() {
            Finding::ok(
                Step::Tls,
                "tls.ok",
                "the connection is encrypted, and the certificate is good",
            )
        } else {
            Finding::new(
                Step::Tls,
                State::Skipped,
                "tls.none",
                "the address is http: nothing is encrypted",
            )
        }
    }

    /// No answer came: at which step?
    pub(super) fn blame(&self, fault: Fault, report: &mut Report) {
        if let Some(tls) = self.tls_fault(fault) {
            report.note(tls);
            return;
        }
        match fault {
            Fault::AnswerTimeout => {
                report.note(self.secure());
                report.note(
                    Finding::failed(
                        Step::Http,
                        "http.timeout",
                        format!(
                            "the server took the connection and did not answer within {} s",
                            super::ANSWER.as_secs()
                        ),
                    )
                    .hint("see whether the web server or PHP is stuck, and whether this port is the web server's"),
                );
            }
            Fault::AnswerBroken | Fault::Unsendable => {
                report.note(self.secure());
                report.note(
                    Finding::failed(
                        Step::Http,
                        "http.broken",
                        "the server took the connection and ended it without a whole answer",
                    )
                    .hint("check that the port is a web server's and the scheme (http or https) is right; see its error log"),
                );
            }
            fault => {
                if let Some(found) = report.found(Step::Connect) {
                    *found = self.no_connection(fault);
                } else {
                    report.note(self.no_connection(fault));
                }
            }
        }
    }

    fn tls_fault(&self, fault: Fault) -> Option<Finding> {
        let host = &self.host;
        let failed = |code, message| Finding::failed(Step::Tls, code, message);
        Some(match fault {
            Fault::CertificateExpired => failed("tls.expired", format!("the certificate of {host} has expired"))
                .hint("renew it on the server"),
            Fault::CertificateEarly => failed(
                "tls.not_yet_valid",
                format!("the certificate of {host} is not valid yet"),
            )
            .hint("check the clock of the loader's machine, and the certificate's dates"),
            Fault::CertificateName => failed(
                "tls.wrong_name",
                format!("the server's certificate is not for {host}"),
            )
            .hint("use the name that the certificate is for, or add this name to the certificate"),
            Fault::CertificateUnknown => failed(
                "tls.unknown_authority",
                format!("nobody whom the loader knows has signed the certificate of {host}: it is self-signed, or an internal authority's"),
            )
            .hint("give the certificate of the authority that signed it as the target's CA (MATOMO_CA_PEM)"),
            Fault::CertificateOfAuthority => failed(
                "tls.authority_as_server",
                format!("{host} shows an authority's own certificate, which proves no server"),
            )
            .hint("make a server certificate: with openssl req -x509, add -addext basicConstraints=critical,CA:FALSE"),
            Fault::NotTls => failed(
                "tls.plain_http",
                format!("port {} of {host} does not speak TLS, most likely plain HTTP", self.port),
            )
            .hint("write http:// instead of https://, or name the port of https"),
            Fault::TlsFailed => failed(
                "tls.failed",
                format!("no secure connection to {host}: the handshake failed"),
            )
            .hint("the server must speak TLS 1.2 or newer, without asking for a client's certificate"),
            Fault::ConnectTimeout if self.is_tls() => failed(
                "tls.timeout",
                format!("{host} takes connections and does not answer the handshake of TLS"),
            )
            .hint("check that the port is that of https"),
            Fault::ConnectFailed if self.is_tls() => failed(
                "tls.closed",
                format!("{host} ends the connection during the handshake of TLS"),
            )
            .hint("check that the port is that of https, and the server's TLS settings"),
            _ => return None,
        })
    }
}

/// The first address that takes a connection.
async fn connect(addresses: &[SocketAddr]) -> Result<SocketAddr, Fault> {
    let each = async {
        let mut last = Fault::ConnectFailed;
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(_) => return Ok(*address),
                Err(error) => last = io_fault(error.kind()).unwrap_or(Fault::ConnectFailed),
            }
        }
        Err(last)
    };
    timeout(CONNECT, each)
        .await
        .unwrap_or(Err(Fault::ConnectTimeout))
}
