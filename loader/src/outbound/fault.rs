//! What went wrong on the way, read from the libraries' errors.
//!
//! Invariant: a fault's words name neither the address (which would carry a hit's parameters) nor anything that the
//! other side sent.

use std::error::Error as StdError;
use std::io::{Error as IoError, ErrorKind};

use rustls::{CertificateError, Error as TlsError, InvalidMessage};

use super::ResolveError;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The name server knows no such name.
    NoSuchName,
    /// No name server answered.
    ResolverAway,
    /// The name leads to an address that no target may have.
    Forbidden,
    /// Nothing listens there.
    Refused,
    /// There is no way to the network.
    Unreachable,
    /// No connection in time.
    ConnectTimeout,
    /// No connection for another reason.
    ConnectFailed,
    /// The proxy wants a name and a password.
    ProxyAuth,
    /// The proxy refused to connect to the target.
    ProxyRefused,
    /// The certificate is past its end, or before its beginning.
    CertificateExpired,
    /// The certificate is not valid yet.
    CertificateEarly,
    /// The certificate is another host's.
    CertificateName,
    /// Nobody known signed the certificate.
    CertificateUnknown,
    /// The certificate is an authority's own.
    CertificateOfAuthority,
    /// The server speaks something other than TLS on this port, most often plain HTTP.
    NotTls,
    /// No secure connection for another reason.
    TlsFailed,
    /// The HTTP library could not make a request.
    Unsendable,
    /// No answer in time; whether the request arrived is not known.
    AnswerTimeout,
    /// The connection ended before the answer was complete; whether the request arrived is not known.
    AnswerBroken,
}

impl Fault {
    /// Whether surely nothing of the request reached the target.
    #[must_use]
    pub fn is_before_sending(self) -> bool {
        !matches!(self, Self::AnswerTimeout | Self::AnswerBroken)
    }

    /// Stable code and words, as runs report them.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NoSuchName => (
                "connect.dns",
                "the target's name cannot be resolved; check its spelling",
            ),
            Self::ResolverAway => (
                "connect.dns",
                "no name server answers, so the target's name cannot be resolved; check the network",
            ),
            Self::Forbidden => (
                "connect.forbidden",
                "the target's name leads to an address that no target may have (link-local or a cloud's metadata)",
            ),
            Self::Refused => (
                "connect.refused",
                "nothing listens at the target's address; check host and port, and whether the server runs",
            ),
            Self::Unreachable => (
                "connect.unreachable",
                "there is no way to the target's network; check network and address",
            ),
            Self::ConnectTimeout => (
                "connect.timeout",
                "no connection to the target within the time allowed; check address, port and firewall",
            ),
            Self::ConnectFailed => (
                "connect.failed",
                "no connection to the target; check address, port, network and proxy",
            ),
            Self::ProxyAuth => (
                "connect.proxy_auth",
                "the proxy wants a name and a password; give them in HTTPS_PROXY or HTTP_PROXY",
            ),
            Self::ProxyRefused => (
                "connect.proxy_refused",
                "the proxy refused to connect to the target; allow the target there, or name it in NO_PROXY",
            ),
            Self::CertificateExpired
            | Self::CertificateEarly
            | Self::CertificateName
            | Self::CertificateUnknown
            | Self::CertificateOfAuthority
            | Self::NotTls
            | Self::TlsFailed => ("connect.tls", self.tls_words()),
            Self::Unsendable => (
                "request.unsendable",
                "the HTTP library could not make a request of the hit; please report this",
            ),
            Self::AnswerTimeout => (
                "answer.timeout",
                "no answer within the time allowed for a request; whether the hit was recorded is not known",
            ),
            Self::AnswerBroken => (
                "answer.broken",
                "the connection ended before the answer was complete; whether the hit was recorded is not known",
            ),
        }
    }

    fn tls_words(self) -> &'static str {
        match self {
            Self::CertificateExpired => {
                "no secure connection to the target: its certificate has expired; renew it"
            }
            Self::CertificateEarly => {
                "no secure connection to the target: its certificate is not valid yet; check the clocks"
            }
            Self::CertificateName => {
                "no secure connection to the target: its certificate is for another host name"
            }
            Self::CertificateUnknown => {
                "no secure connection to the target: nobody known signed its certificate; give the signing authority's certificate to the target"
            }
            Self::CertificateOfAuthority => {
                "no secure connection to the target: its certificate is an authority's own, not a server's"
            }
            Self::NotTls => {
                "no secure connection to the target: it does not speak TLS on this port; check port and scheme"
            }
            _ => "no secure connection to the target: the handshake failed",
        }
    }
}

/// What an error of a connection that was being made, or one beneath it, is about.
pub(super) fn fault_in_chain(error: &(dyn StdError + 'static)) -> Option<Fault> {
    std::iter::successors(Some(error), |error| (*error).source()).find_map(fault_in)
}

fn fault_in(source: &(dyn StdError + 'static)) -> Option<Fault> {
    if let Some(tls) = source.downcast_ref::<TlsError>() {
        return Some(tls_fault(tls));
    }
    if let Some(name) = source.downcast_ref::<ResolveError>() {
        return Some(match name {
            ResolveError::NoSuchName => Fault::NoSuchName,
            ResolveError::ResolverAway => Fault::ResolverAway,
            ResolveError::Forbidden => Fault::Forbidden,
        });
    }
    if let Some(io) = source.downcast_ref::<IoError>() {
        if let Some(inner) = io.get_ref()
            && let Some(found) = fault_in(inner)
        {
            return Some(found);
        }
        return io_fault(io.kind());
    }
    None
}

/// What the system says when a connection is made; `None` when it says nothing of use.
pub(crate) fn io_fault(kind: ErrorKind) -> Option<Fault> {
    match kind {
        ErrorKind::ConnectionRefused => Some(Fault::Refused),
        ErrorKind::TimedOut => Some(Fault::ConnectTimeout),
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => Some(Fault::Unreachable),
        _ => None,
    }
}

fn tls_fault(error: &TlsError) -> Fault {
    match error {
        TlsError::InvalidMessage(InvalidMessage::InvalidContentType) => Fault::NotTls,
        TlsError::InvalidCertificate(error) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                Fault::CertificateExpired
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Fault::CertificateEarly
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Fault::CertificateName
            }
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                Fault::CertificateUnknown
            }
            CertificateError::Other(other) if other.to_string() == "CaUsedAsEndEntity" => {
                Fault::CertificateOfAuthority
            }
            _ => Fault::TlsFailed,
        },
        _ => Fault::TlsFailed,
    }
}
