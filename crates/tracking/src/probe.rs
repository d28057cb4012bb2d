//! Questions to a Matomo that record nothing.
//!
//! For: finding out before a run whether there is a Matomo at the address, and whether it honours the
//! token. Invariant: no request made here carries `rec=1`, so none leaves a trace in reports.

use std::net::Ipv4Addr;

use crate::answer::{Answer, Reason, classify_single, is_matomo_hello};
use crate::query::{Encoded, Sink};
use crate::request::{Request, token_form};

/// An address of the documentation range (RFC 5737): naming any address is what needs the token.
const PROBE_IP: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

/// What Matomo thinks of site id and token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenAnswer {
    /// The site exists and the token may set addresses and old times on it.
    Accepted,
    /// Matomo knows no such site, or the token has no write access to it.
    Refused,
    /// The answer says nothing about the token.
    Unclear(Reason),
}

/// Asks whether `token` may name addresses on `site_id`.
#[must_use]
pub fn token(site_id: u32, token: &str) -> Request {
    let mut params = String::new();
    let mut sink = Encoded(&mut params);
    sink.int("idsite", i64::from(site_id));
    sink.string("cip", &PROBE_IP.to_string());
    sink.int("send_image", 0);
    token_form(params, token)
}

/// Reads the answer to [`token`].
#[must_use]
pub fn classify_token(status: u16, content_type: Option<&str>, body: &[u8]) -> TokenAnswer {
    match classify_single(status, content_type, None, body) {
        Answer::Accepted | Answer::AcceptedUnverified => TokenAnswer::Accepted,
        Answer::Rejected(_) if status == 400 => TokenAnswer::Refused,
        Answer::Rejected(reason)
        | Answer::RetryLater { reason, .. }
        | Answer::Unknown(reason)
        | Answer::NotMatomo(reason) => TokenAnswer::Unclear(reason),
        Answer::TooLarge => TokenAnswer::Unclear(Reason::http(
            status,
            "the server found the short question for the token too long",
        )),
    }
}

/// A GET without parameters, which Matomo answers with a sentence about itself.
#[must_use]
pub fn hello() -> Request {
    Request {
        http_method: "GET",
        query: None,
        body: None,
        contains_token: false,
    }
}

/// Whether the answer to [`hello`] is Matomo's.
#[must_use]
pub fn looks_like_matomo(status: u16, body: &[u8]) -> bool {
    status == 200 && is_matomo_hello(body)
}

#[cfg(test)]
mod tests;
