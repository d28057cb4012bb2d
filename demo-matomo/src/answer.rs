//! How the practice target's answers look on the wire.
//!
//! Status, kind of body and headers are those measured with Matomo 5.2; the texts are its own.

use hyper::body::Bytes;
use serde_json::{Value, json};

/// A transparent picture of one pixel: 43 bytes.
pub(crate) const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\
    \x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// The words by which a probe knows a Matomo; the rest says what really answers.
const PROBE_PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <title>Tracker</title></head><body><p>This resource is part of Matomo &mdash; or would be: \
    this is a practice target, not Matomo, and it draws no reports.</p></body></html>";

const ERROR_PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <title>Not accepted</title></head><body><p>The tracking request was not accepted. \
    (Practice target, not Matomo.)</p></body></html>";

const LOGIN_PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <title>Sign in</title></head><body><h1>Sign in to the proxy</h1><form method=\"post\">\
    <input name=\"user\"><input name=\"password\" type=\"password\"></form></body></html>";

/// An answer before it becomes HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
    /// Seconds for a `Retry-After` header.
    pub(crate) retry_after: Option<u64>,
}

impl Answer {
    fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            content_type,
            body: body.into(),
            retry_after: None,
        }
    }

    /// The picture: accepted, or left out without a word.
    pub(crate) fn gif() -> Self {
        Self::new(200, "image/gif", GIF)
    }

    /// No body: as the picture, where `send_image=0` was asked for.
    pub(crate) fn nothing() -> Self {
        Self::new(204, "", Bytes::new())
    }

    /// The picture with status 503: tracking is switched off.
    pub(crate) fn switched_off() -> Self {
        Self {
            status: 503,
            ..Self::gif()
        }
    }

    /// A refused hit: the picture and then a page, without a reason.
    pub(crate) fn refused(with_picture: bool) -> Self {
        let picture = if with_picture { GIF } else { b"" };
        Self::new(400, "image/gif", [picture, ERROR_PAGE.as_bytes()].concat())
    }

    /// A refused request that is not even a hit.
    pub(crate) fn bad_request() -> Self {
        Self::error_page(400)
    }

    /// What a GET without parameters gets.
    pub(crate) fn probe_page() -> Self {
        Self::html(200, PROBE_PAGE)
    }

    /// A proxy's own page where the tracker's answer should be.
    pub(crate) fn login_page() -> Self {
        Self::html(200, LOGIN_PAGE)
    }

    /// An error page with this status.
    pub(crate) fn error_page(status: u16) -> Self {
        Self::html(status, ERROR_PAGE)
    }

    /// A page.
    pub(crate) fn html(status: u16, page: &'static str) -> Self {
        Self::new(status, "text/html; charset=utf-8", page)
    }

    /// Other text of the practice target itself.
    pub(crate) fn text(content_type: &'static str, text: &'static str) -> Self {
        Self::new(200, content_type, text)
    }

    /// JSON.
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json", value.to_string())
    }

    /// A problem with the request, as `application/problem+json`.
    pub(crate) fn problem(status: u16, title: &str, problems: &[String]) -> Self {
        let value = json!({
            "type": "about:blank",
            "title": title,
            "status": status,
            "problems": problems,
        });
        Self::new(status, "application/problem+json", value.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_the_43_bytes_that_matomo_sends() {
        assert_eq!(GIF.len(), 43);
        assert!(GIF.starts_with(b"GIF89a") && GIF.ends_with(b";"));
    }
}
