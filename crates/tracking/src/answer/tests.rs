use super::*;

const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00";
const HTML: &[u8] = b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>";
const HELLO: &[u8] = b"<a href='/'>Matomo</a> This resource is part of Matomo. Keep full control";

/// The kind of answer and its code, in one word.
fn verdict(answer: &Answer) -> String {
    match answer {
        Answer::Accepted => "accepted".to_owned(),
        Answer::AcceptedUnverified => "unverified".to_owned(),
        Answer::Rejected(reason) => format!("rejected {}", reason.code),
        Answer::RetryLater { reason, .. } => format!("later {}", reason.code),
        Answer::Unknown(reason) => format!("unknown {}", reason.code),
        Answer::NotMatomo(reason) => format!("not-matomo {}", reason.code),
        Answer::TooLarge => "too-large".to_owned(),
    }
}

#[test]
fn each_answer_to_a_single_hit_is_read_as_measured() {
    let table: [(u16, Option<&str>, &[u8], &str); 27] = [
        (200, Some("image/gif"), GIF, "accepted"),
        (200, None, GIF, "accepted"),
        (200, Some("Image/GIF"), b"", "accepted"),
        (204, None, b"", "accepted"),
        (
            200,
            Some("text/html"),
            HTML,
            "not-matomo http.200.not_matomo",
        ),
        (
            200,
            Some("text/html"),
            HELLO,
            "rejected matomo.no_parameters",
        ),
        (200, None, b"", "not-matomo http.200.not_matomo"),
        (400, Some("image/gif"), GIF, "rejected http.400"),
        (500, Some("text/html"), HTML, "unknown http.500"),
        (500, Some("image/gif"), GIF, "unknown http.500"),
        (502, Some("text/html"), HTML, "unknown http.502"),
        (504, Some("text/html"), HTML, "unknown http.504"),
        (520, Some("text/html"), HTML, "unknown http.520"),
        (408, None, b"", "unknown http.408"),
        (503, Some("image/gif"), GIF, "later http.503"),
        (429, None, b"", "later http.429"),
        (413, Some("text/html"), HTML, "too-large"),
        (414, Some("text/html"), HTML, "too-large"),
        (431, Some("text/html"), HTML, "too-large"),
        (301, None, b"", "not-matomo http.301"),
        (307, None, b"", "not-matomo http.307"),
        (401, None, b"", "not-matomo http.401"),
        (403, Some("text/html"), HTML, "not-matomo http.403"),
        (404, Some("text/html"), HTML, "not-matomo http.404"),
        (405, None, b"", "not-matomo http.405"),
        (202, None, b"", "not-matomo http.202"),
        (0, None, b"", "unknown http.other"),
    ];
    for (status, content_type, body, expected) in table {
        let answer = classify_single(status, content_type, None, body);
        assert_eq!(verdict(&answer), expected, "{status} {content_type:?}");
    }
}

#[test]
fn only_answers_that_prove_nothing_was_recorded_may_be_sent_again() {
    for status in 0..=999 {
        let answer = classify_single(status, None, None, b"");
        let again = matches!(answer, Answer::RetryLater { .. });
        assert_eq!(again, [429, 503].contains(&status), "{status}");
    }
}

#[test]
fn every_reason_has_a_message_and_codes_are_bounded() {
    let mut codes = std::collections::BTreeSet::new();
    for status in 0..=u16::MAX {
        match classify_single(status, None, None, b"") {
            Answer::Rejected(reason)
            | Answer::RetryLater { reason, .. }
            | Answer::Unknown(reason)
            | Answer::NotMatomo(reason) => {
                assert!(30 < reason.message.len(), "{reason:?}");
                codes.insert(reason.code);
            }
            Answer::Accepted | Answer::AcceptedUnverified | Answer::TooLarge => {}
        }
    }
    assert!(codes.len() <= 500, "{}", codes.len());
}

#[test]
fn retry_after_is_read_as_seconds_and_bounded() {
    let day = MAX_RETRY_AFTER.as_secs();
    for (header, seconds) in [
        (Some("0"), Some(0)),
        (Some(" 120 "), Some(120)),
        (Some("999999"), Some(day)),
        (Some("99999999999999999999999"), Some(day)),
        (Some("-5"), None),
        (Some("1.5"), None),
        (Some(""), None),
        (Some("Wed, 21 Oct 2026 07:28:00 GMT"), None),
        (None, None),
    ] {
        for status in [429, 503] {
            let Answer::RetryLater { after, .. } = classify_single(status, None, header, b"")
            else {
                panic!("{status} may be sent again");
            };
            assert_eq!(after, seconds.map(Duration::from_secs), "{header:?}");
        }
    }
}
