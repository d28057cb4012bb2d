use super::*;

const GIF: &[u8] = b"GIF89a\x01\x00";
const SENT: u32 = 10;

fn json(status: u16, body: &str) -> BulkAnswer {
    classify_bulk(
        status,
        Some("application/json"),
        None,
        body.as_bytes(),
        SENT,
    )
}

fn counts(answer: &BulkAnswer) -> (u32, u32, u32, u32) {
    assert_eq!(answer.whole, None);
    (
        answer.accepted,
        answer.unverified,
        answer.rejected,
        answer.failed,
    )
}

fn whole_code(answer: &BulkAnswer) -> String {
    assert_eq!(
        (
            answer.accepted,
            answer.unverified,
            answer.rejected,
            answer.failed
        ),
        (0, 0, 0, 0)
    );
    match answer.whole.as_ref().expect("about the whole bulk") {
        Answer::Rejected(reason) => format!("rejected {}", reason.code),
        Answer::RetryLater { reason, .. } => format!("later {}", reason.code),
        Answer::Unknown(reason) => format!("unknown {}", reason.code),
        Answer::NotMatomo(reason) => format!("not-matomo {}", reason.code),
        Answer::TooLarge => "too-large".to_owned(),
        accepted => panic!("{accepted:?} is told by counts"),
    }
}

#[test]
fn counts_are_read_whatever_the_success_says() {
    for (body, expected) in [
        // All taken, with a super user's token and without.
        (
            r#"{"status":"success","tracked":10,"invalid":0,"invalid_indices":[]}"#,
            (10, 0, 0, 0),
        ),
        (
            r#"{"status":"success","tracked":10,"invalid":0}"#,
            (10, 0, 0, 0),
        ),
        // One unknown site.
        (
            r#"{"status":"success","tracked":9,"invalid":1,"invalid_indices":[3]}"#,
            (9, 0, 1, 0),
        ),
        // All refused, and still a "success".
        (
            r#"{"status":"success","tracked":0,"invalid":10}"#,
            (0, 0, 10, 0),
        ),
        // A hit lost to a lock time-out.
        (
            r#"{"status":"success","tracked":9,"invalid":0}"#,
            (9, 0, 0, 1),
        ),
        (
            r#"{"status":"success","tracked":6,"invalid":3}"#,
            (6, 0, 3, 1),
        ),
        // Tracking switched off.
        (
            r#"{"status":"success","tracked":0,"invalid":0}"#,
            (0, 0, 0, 10),
        ),
    ] {
        assert_eq!(counts(&json(200, body)), expected, "{body}");
    }
}

#[test]
fn a_queued_bulk_is_accepted_but_not_verified() {
    let gif = classify_bulk(200, Some("image/gif"), None, GIF, SENT);
    assert_eq!(counts(&gif), (10, 10, 0, 0));
    let empty = classify_bulk(204, None, None, b"", SENT);
    assert_eq!(counts(&empty), (10, 10, 0, 0));
}

#[test]
fn answers_about_the_whole_bulk_are_told_as_such() {
    let html = "<html>no</html>";
    let error = r#"{"status":"error","tracked":7,"message":"Deadlock"}"#;
    for (status, body, expected) in [
        // Rolled back whole, whatever "tracked" says.
        (500, error, "later matomo.rolled_back"),
        (
            500,
            r#"{"status":"error","tracked":0}"#,
            "later matomo.rolled_back",
        ),
        (500, html, "unknown http.500"),
        (
            500,
            r#"{"status":"success","tracked":10,"invalid":0}"#,
            "unknown http.500",
        ),
        (500, "", "unknown http.500"),
        (502, html, "unknown http.502"),
        (504, html, "unknown http.504"),
        (429, "", "later http.429"),
        (503, html, "later http.503"),
        (400, html, "rejected http.400"),
        (413, html, "too-large"),
        (301, "", "not-matomo http.301"),
        (403, html, "not-matomo http.403"),
        (404, html, "not-matomo http.404"),
    ] {
        assert_eq!(whole_code(&json(status, body)), expected, "{status} {body}");
    }
    let page = classify_bulk(200, Some("text/html; charset=utf-8"), None, b"hello", SENT);
    assert_eq!(whole_code(&page), "not-matomo http.200.not_matomo");
    let untyped = classify_bulk(200, None, None, b"\n<!DOCTYPE html>", SENT);
    assert_eq!(whole_code(&untyped), "not-matomo http.200.not_matomo");
}

#[test]
fn counts_that_make_no_sense_prove_nothing() {
    for body in [
        r#"{"status":"success","tracked":11,"invalid":0}"#,
        r#"{"status":"success","tracked":8,"invalid":3}"#,
        r#"{"status":"success","tracked":18446744073709551615,"invalid":1}"#,
        r#"{"status":"success","tracked":-1,"invalid":0}"#,
        r#"{"status":"success","tracked":"10","invalid":0}"#,
        r#"{"status":"success"}"#,
        r#"{"status":"error","tracked":10,"invalid":0}"#,
        r#"{"tracked":10,"invalid":0}"#,
        r#"{"status":"success","trac"#,
        "[]",
        "null",
        "",
        "10",
    ] {
        assert_eq!(
            whole_code(&json(200, body)),
            "unknown matomo.garbled",
            "{body}"
        );
    }
}

#[test]
fn indices_are_believed_only_when_they_fit_the_bulk() {
    let indices = |list: &str, invalid: u32| {
        let tracked = SENT - invalid;
        let body = format!(
            r#"{{"status":"success","tracked":{tracked},"invalid":{invalid},"invalid_indices":{list}}}"#
        );
        json(200, &body).rejected_indices
    };
    assert_eq!(indices("[3]", 1), Some(vec![3]));
    assert_eq!(indices("[9,0]", 2), Some(vec![0, 9]));
    assert_eq!(indices("[]", 0), Some(vec![]));
    assert_eq!(indices("[10]", 1), None, "outside of the bulk");
    assert_eq!(indices("[3,3]", 2), None, "twice the same");
    assert_eq!(indices("[1,2]", 1), None, "more than were invalid");
    assert_eq!(indices("null", 1), None);
}

#[test]
fn a_bulk_waits_as_long_as_the_server_asks() {
    let answer = classify_bulk(503, None, Some("30"), b"", SENT);
    let Some(Answer::RetryLater { after, .. }) = answer.whole else {
        panic!("503 may be sent again");
    };
    assert_eq!(after, Some(std::time::Duration::from_secs(30)));
}

#[test]
fn the_counts_or_the_whole_account_for_every_hit() {
    let bodies: [&[u8]; 5] = [
        br#"{"status":"success","tracked":4,"invalid":3}"#,
        br#"{"status":"error","tracked":4}"#,
        GIF,
        b"<html>",
        b"",
    ];
    for status in 0..=599 {
        for body in bodies {
            let answer = classify_bulk(status, None, None, body, SENT);
            let counted = answer.accepted + answer.rejected + answer.failed;
            let expected = if answer.whole.is_some() { 0 } else { SENT };
            assert_eq!(counted, expected, "{status} {answer:?}");
            assert!(answer.unverified <= answer.accepted);
        }
    }
}

#[test]
fn counts_between_what_php_prints_are_found_and_the_noise_is_told() {
    let counts_json = r#"{"status":"success","tracked":8,"invalid":1}"#;
    let notice = "<br />\n<b>Warning</b>: Undefined key \"{status\" in <b>/var/www/x.php</b> on line <b>7</b><br />\n";
    for body in [
        format!("{notice}{counts_json}"),
        format!("{counts_json}\n{notice}"),
        format!("{notice}{notice}{counts_json}{notice}"),
    ] {
        let answer = classify_bulk(
            200,
            Some("text/html; charset=utf-8"),
            None,
            body.as_bytes(),
            SENT,
        );
        assert_eq!(counts(&answer), (8, 0, 1, 1), "{body}");
        assert!(answer.printed);
    }
    assert!(!json(200, counts_json).printed);
    let page = classify_bulk(200, Some("text/html"), None, notice.as_bytes(), SENT);
    assert_eq!(whole_code(&page), "not-matomo http.200.not_matomo");
    let rolled_back = format!("{notice}{{\"status\":\"error\",\"tracked\":0}}");
    let answer = classify_bulk(500, Some("text/html"), None, rolled_back.as_bytes(), SENT);
    assert_eq!(whole_code(&answer), "later matomo.rolled_back");
}
