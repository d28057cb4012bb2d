//! What an answer to a bulk proves.
//!
//! For: reading Matomo's counts. Not for: deciding which hits of a bulk fared how, when Matomo does not
//! say. Invariant: either `whole` is set and the counts are zero, or
//! `accepted + rejected + failed == sent`; the status alone never means success (measured on Matomo
//! 5.2: an empty or refused bulk is a "success" too).

use serde::Deserialize;

use crate::answer::{Answer, Reason, by_status, is_image};

/// How the hits of a bulk fared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BulkAnswer {
    /// Hits that Matomo took, the unverified ones included.
    pub accepted: u32,
    /// The part of `accepted` that was only queued, or taken without counts.
    pub unverified: u32,
    /// Hits that Matomo called invalid; see [`BulkAnswer::REJECTED`].
    pub rejected: u32,
    /// Hits that are in neither of Matomo's counts; see [`BulkAnswer::FAILED`].
    pub failed: u32,
    /// Which hits were rejected, from 0, ascending; only a super user's token is told.
    pub rejected_indices: Option<Vec<u32>>,
    /// Whether text stood around Matomo's JSON; see [`BulkAnswer::PRINTED`].
    pub printed: bool,
    /// Set when the answer is about the bulk as a whole; then the counts are zero and this holds for
    /// each of its hits.
    pub whole: Option<Answer>,
}

impl BulkAnswer {
    /// Why `rejected` hits were rejected.
    pub const REJECTED: Reason = Reason::new(
        "matomo.invalid",
        "Matomo called the hit invalid: unknown site id, or an address or old time without a valid \
         token; check site id, token and Matomo's tracking failures",
    );

    /// Why `failed` hits failed. They are not sent again, because which ones they are is not known.
    pub const FAILED: Reason = Reason::new(
        "matomo.shortfall",
        "Matomo answered success but counted the hit neither as tracked nor as invalid: a lock \
         time-out in its database or, when all hits are missing, tracking switched off \
         (record_statistics=0, maintenance); look into Matomo's error log",
    );

    /// What is worth knowing of a bulk whose counts had to be looked for. PHP prints notices into its
    /// answers where `display_errors` is on.
    pub const PRINTED: Reason = Reason::new(
        "matomo.notices",
        "the server prints text, most often notices of PHP, around Matomo's answer; the counts in it \
         are taken as they stand; switch display_errors off in PHP and look into its log",
    );

    fn whole(answer: Answer) -> Self {
        Self {
            whole: Some(answer),
            ..Self::default()
        }
    }

    fn unverified(sent: u32) -> Self {
        Self {
            accepted: sent,
            unverified: sent,
            ..Self::default()
        }
    }
}

const ROLLED_BACK: Reason = Reason::new(
    "matomo.rolled_back",
    "Matomo's database failed (a deadlock, or it is away) and the whole bulk was rolled back; \
     nothing of it was recorded",
);

const GARBLED: Reason = Reason::new(
    "matomo.garbled",
    "the counts in the answer make no sense for this bulk; whether it was recorded is not known",
);

const NOT_MATOMO: Reason = Reason::new(
    "http.200.not_matomo",
    "something other than Matomo's tracker answered 200 to a bulk; check that the URL ends in \
     matomo.php",
);

const REFUSED: Reason = Reason::new(
    "http.400",
    "Matomo refused the whole bulk: it could not be read, or it needs a valid token; check the \
     token and Matomo's error log",
);

/// The fields of Matomo's JSON that matter.
#[derive(Deserialize)]
struct Counts {
    status: String,
    tracked: u64,
    /// Absent from the JSON of an error.
    #[serde(default)]
    invalid: u64,
    #[serde(default)]
    invalid_indices: Option<Vec<u64>>,
}

/// Classifies the answer to a bulk of `sent` hits; `retry_after` as in [`crate::classify_single`].
#[must_use]
pub fn classify_bulk(
    status: u16,
    content_type: Option<&str>,
    retry_after: Option<&str>,
    body: &[u8],
    sent: u32,
) -> BulkAnswer {
    let plain = serde_json::from_slice::<Counts>(body).ok();
    let printed = plain.is_none();
    match (status, plain.or_else(|| counts_within(body))) {
        (204, _) => BulkAnswer::unverified(sent),
        (200, Some(counts)) => BulkAnswer {
            printed,
            ..by_counts(counts, sent)
        },
        (200, None) if is_image(content_type, body) => BulkAnswer::unverified(sent),
        (200, None) if is_html(content_type, body) => {
            BulkAnswer::whole(Answer::NotMatomo(NOT_MATOMO))
        }
        (200, None) => BulkAnswer::whole(Answer::Unknown(GARBLED)),
        (400, _) => BulkAnswer::whole(Answer::Rejected(REFUSED)),
        (500, Some(counts)) if counts.status == "error" => BulkAnswer::whole(Answer::RetryLater {
            after: None,
            reason: ROLLED_BACK,
        }),
        _ => BulkAnswer::whole(by_status(status, retry_after)),
    }
}

/// Whether this is the answer to a bulk that failed as a whole.
pub(crate) fn says_rolled_back(status: u16, body: &[u8]) -> bool {
    status == 500 && counts_within(body).is_some_and(|counts| counts.status == "error")
}

/// Matomo's JSON with other text before it, after it or both.
fn counts_within(body: &[u8]) -> Option<Counts> {
    const BEGINS: &[u8] = b"{\"status\":";
    let at = body
        .windows(BEGINS.len())
        .rposition(|part| part == BEGINS)?;
    let mut values = serde_json::Deserializer::from_slice(&body[at..]).into_iter();
    values.next()?.ok()
}

fn by_counts(counts: Counts, sent: u32) -> BulkAnswer {
    let settled = counts.tracked.checked_add(counts.invalid);
    let figures = match (u32::try_from(counts.tracked), u32::try_from(counts.invalid)) {
        (Ok(tracked), Ok(invalid)) if settled.is_some_and(|sum| sum <= u64::from(sent)) => {
            Some((tracked, invalid))
        }
        _ => None,
    };
    match figures {
        Some((accepted, rejected)) if counts.status == "success" => BulkAnswer {
            accepted,
            unverified: 0,
            rejected,
            failed: sent - accepted - rejected,
            printed: false,
            rejected_indices: counts
                .invalid_indices
                .and_then(|indices| checked_indices(&indices, rejected, sent)),
            whole: None,
        },
        _ => BulkAnswer::whole(Answer::Unknown(GARBLED)),
    }
}

/// The indices, if they are as many different ones inside the bulk as there are invalid hits.
fn checked_indices(indices: &[u64], invalid: u32, sent: u32) -> Option<Vec<u32>> {
    let mut checked: Vec<u32> = indices
        .iter()
        .map(|&index| u32::try_from(index).ok().filter(|&index| index < sent))
        .collect::<Option<_>>()?;
    checked.sort_unstable();
    checked.dedup();
    (checked.len() == invalid as usize).then_some(checked)
}

fn is_html(content_type: Option<&str>, body: &[u8]) -> bool {
    content_type.is_some_and(|value| value.to_ascii_lowercase().contains("html"))
        || body.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests;
