//! Questions to a Matomo that record nothing.
//!
//! For: finding out before a run whether there is a Matomo at the address, and whether it honours the
//! token. Invariant: no request made here carries `rec=1`, so none leaves a trace in reports; the one
//! exception is [`hit`], which is sent when a person asks for it.

use std::net::Ipv4Addr;

use crate::answer::{Answer, Reason, classify_single, is_image, is_matomo_hello};
use crate::bulk_answer::says_rolled_back;
use crate::query::{Encoded, Sink};
use crate::request::{FORM, JSON, Request, token_form};

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

/// What Matomo's tracker says of a site id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteAnswer {
    /// There is such a site (or a plugin queues whatever comes without looking).
    Known,
    /// There is none, or Matomo's database is away: the tracker answers both alike.
    Refused,
    /// The answer says nothing about the site.
    Unclear(Reason),
}

/// Asks whether `site_id` exists: Matomo looks the site up before it leaves out what has no `rec=1`.
#[must_use]
pub fn site(site_id: u32) -> Request {
    let mut params = String::new();
    let mut sink = Encoded(&mut params);
    sink.int("idsite", i64::from(site_id));
    sink.int("send_image", 0);
    form(params)
}

/// Reads the answer to [`site`].
#[must_use]
pub fn classify_site(status: u16, content_type: Option<&str>, body: &[u8]) -> SiteAnswer {
    match classify_single(status, content_type, None, body) {
        Answer::Accepted | Answer::AcceptedUnverified => SiteAnswer::Known,
        Answer::Rejected(_) if status == 400 => SiteAnswer::Refused,
        Answer::Rejected(reason)
        | Answer::RetryLater { reason, .. }
        | Answer::Unknown(reason)
        | Answer::NotMatomo(reason) => SiteAnswer::Unclear(reason),
        Answer::TooLarge => SiteAnswer::Unclear(Reason::http(
            status,
            "the server found the short question for the site too long",
        )),
    }
}

/// Asks whether Matomo has its database. A single hit is answered 400 without it, as if it were refused; a bulk begins
/// with a transaction, so it fails as a whole. This one holds a hit that is not to be recorded.
#[must_use]
pub fn database(site_id: u32) -> Request {
    Request {
        http_method: "POST",
        query: None,
        body: Some((
            JSON,
            format!("{{\"requests\":[\"?idsite={site_id}\"]}}").into_bytes(),
        )),
        contains_token: false,
    }
}

/// Whether the answer to [`database`] says that the database is away.
#[must_use]
pub fn database_is_away(status: u16, body: &[u8]) -> bool {
    says_rolled_back(status, body)
}

/// Address and title of the page view that [`hit`] sends; nobody can have such a page (RFC 2606).
pub const HIT_PAGE: &str = "https://trafficinator.invalid/connection-test";
/// See [`HIT_PAGE`].
pub const HIT_TITLE: &str = "Trafficinator connection test";

/// One page view that **is recorded**, clearly marked. `visitor` is 16 hexadecimal digits.
#[must_use]
pub fn hit(site_id: u32, visitor: &str) -> Request {
    let mut params = String::new();
    let mut sink = Encoded(&mut params);
    sink.int("idsite", i64::from(site_id));
    sink.int("rec", 1);
    sink.int("apiv", 1);
    sink.string("url", HIT_PAGE);
    sink.string("action_name", HIT_TITLE);
    sink.string("cid", visitor);
    sink.int("send_image", 0);
    form(params)
}

fn form(params: String) -> Request {
    Request {
        http_method: "POST",
        query: None,
        body: Some((FORM, params.into_bytes())),
        contains_token: false,
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

/// Whether the answer to [`hello`] is that of a Matomo whose tracking is switched off
/// (`record_statistics=0`): status 503 with the picture; a server that is overloaded sends none.
#[must_use]
pub fn tracking_is_off(status: u16, content_type: Option<&str>, body: &[u8]) -> bool {
    status == 503 && is_image(content_type, body)
}

#[cfg(test)]
mod tests;
