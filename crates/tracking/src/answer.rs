//! What an answer to a single hit proves, and what it does not.
//!
//! For: the one table from HTTP answers to what a hit's state may be. Not for: counting, retrying,
//! transport errors (no answer at all). Invariant: only answers that surely mean "not recorded" are
//! [`Answer::RetryLater`]; whatever proves nothing is [`Answer::Unknown`]. Measured on Matomo 5.2.

use std::borrow::Cow;
use std::time::Duration;

/// Why a hit was not simply accepted: a stable code for programs, a message for people.
///
/// Bounded: there is one reason per HTTP status and a handful of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Such as `http.400` or `matomo.invalid`.
    pub code: Cow<'static, str>,
    /// What happened, why, what to do.
    pub message: Cow<'static, str>,
}

impl Reason {
    pub(crate) const fn new(code: &'static str, message: &'static str) -> Self {
        Self {
            code: Cow::Borrowed(code),
            message: Cow::Borrowed(message),
        }
    }

    pub(crate) fn http(status: u16, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Cow::Owned(format!("http.{status}")),
            message: message.into(),
        }
    }
}

/// What an answer says about the hit, or about all hits of a bulk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Matomo took it. It says the same of hits that it excludes, so only reports prove more.
    Accepted,
    /// Matomo queued it (QueuedTracking) or took it without saying how many: accepted, not verifiable.
    AcceptedUnverified,
    /// Matomo refused it; sending it again changes nothing.
    Rejected(Reason),
    /// Surely not recorded; may be sent again.
    RetryLater {
        /// How long the server asks to wait, at most [`MAX_RETRY_AFTER`].
        after: Option<Duration>,
        /// Why.
        reason: Reason,
    },
    /// May or may not have been recorded.
    Unknown(Reason),
    /// Something other than Matomo answered; not recorded, counts as rejected.
    NotMatomo(Reason),
    /// The request is too long for the server; not recorded. A bulk may be halved.
    TooLarge,
}

/// Longest wait taken from a Retry-After header; longer ones are cut to it, so that no server can
/// put a hit off for ever.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(3600);

const NO_PARAMETERS: Reason = Reason::new(
    "matomo.no_parameters",
    "Matomo answered, but the parameters of the hit got lost on the way, probably by a redirect or \
     a rewriting proxy; use the final address of matomo.php",
);

const NO_IMAGE: Reason = Reason::new(
    "http.200.not_matomo",
    "something other than Matomo's tracker answered 200, for instance a proxy's or a hosting page; \
     check that the URL ends in matomo.php",
);

/// Classifies the answer to one hit.
///
/// `retry_after` is the header's value; its date form is treated as absent, because this crate has no
/// clock to measure it against.
#[must_use]
pub fn classify_single(
    status: u16,
    content_type: Option<&str>,
    retry_after: Option<&str>,
    body: &[u8],
) -> Answer {
    match status {
        204 => Answer::Accepted,
        200 if is_image(content_type, body) => Answer::Accepted,
        200 if is_matomo_hello(body) => Answer::Rejected(NO_PARAMETERS),
        200 => Answer::NotMatomo(NO_IMAGE),
        400 => Answer::Rejected(Reason::http(
            400,
            "Matomo refused the hit: unknown site id, or an address or old time without a valid token \
             (Matomo also answers 400 while its database is away); check site id, token and \
             Matomo's tracking failures",
        )),
        _ => by_status(status, retry_after),
    }
}

/// What a status means whatever was sent, for all but 200, 204 and 400.
pub(crate) fn by_status(status: u16, retry_after: Option<&str>) -> Answer {
    let later = |message| Answer::RetryLater {
        after: retry_after.and_then(parse_retry_after),
        reason: Reason::http(status, message),
    };
    match status {
        429 => later("the server limits the rate; send less, or raise its limit"),
        503 => later(
            "tracking is switched off (record_statistics=0) or the server is overloaded; \
             nothing was recorded",
        ),
        413 | 414 | 431 => Answer::TooLarge,
        408 => Answer::Unknown(Reason::http(
            408,
            "the server gave up waiting for the request; whether it was recorded is not known",
        )),
        500 => Answer::Unknown(Reason::http(
            500,
            "Matomo or its database failed while handling the hit; look into Matomo's error log",
        )),
        502 | 504 => Answer::Unknown(Reason::http(
            status,
            "the web server got no answer from Matomo's PHP in time; whether the hit was recorded \
             is not known",
        )),
        300..=399 => Answer::NotMatomo(Reason::http(
            status,
            "the server redirects; use the final address of matomo.php, scheme and host included",
        )),
        401 | 403 | 407 => Answer::NotMatomo(Reason::http(
            status,
            "the web server or a firewall in front of Matomo refused the request; allow this \
             sender to reach matomo.php",
        )),
        404 | 410 => Answer::NotMatomo(Reason::http(
            status,
            "there is nothing at this address; the URL must lead to matomo.php",
        )),
        200..=299 | 400..=499 => Answer::NotMatomo(Reason::http(
            status,
            "Matomo's tracker does not give this answer; something in front of it did",
        )),
        501..=599 => Answer::Unknown(Reason::http(
            status,
            "a server error that Matomo itself does not give; whether the hit was recorded is \
             not known",
        )),
        _ => Answer::Unknown(Reason::new(
            "http.other",
            "an answer with a status outside of HTTP's range; whether the hit was recorded is not \
             known",
        )),
    }
}

/// Whether the answer is the tracker's one-pixel image.
pub(crate) fn is_image(content_type: Option<&str>, body: &[u8]) -> bool {
    content_type.is_some_and(|value| {
        value
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("image/")
    }) || body.starts_with(b"GIF8")
}

/// Whether the body is what Matomo's tracker says when it is asked nothing.
pub(crate) fn is_matomo_hello(body: &[u8]) -> bool {
    const SENTENCE: &[u8] = b"This resource is part of Matomo";
    body.windows(SENTENCE.len()).any(|part| part == SENTENCE)
}

fn parse_retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Digits that do not fit are a long wait, not none.
    let seconds = value.parse().unwrap_or(u64::MAX);
    Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests;
