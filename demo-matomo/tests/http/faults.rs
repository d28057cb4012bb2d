//! Each fault, over HTTP; every test asserts that its fault fired.

use std::time::{Duration, Instant};

use crate::practice::{HIT, Practice, TOKEN};
use serde_json::{Value, json};

async fn hits(practice: &Practice) -> u64 {
    practice.summary().await["hits"].as_u64().unwrap()
}

#[tokio::test]
async fn faults_that_answer_a_status_do_so_and_record_as_they_say() {
    let practice = Practice::start("").await;
    for (rule, single, bulk, recorded) in [
        (r#"{"kind":"429"}"#, 429, 429, 0),
        (r#"{"kind":"503"}"#, 503, 503, 0),
        (r#"{"kind":"413"}"#, 413, 413, 0),
        (r#"{"kind":"502"}"#, 502, 502, 0),
        (r#"{"kind":"500_before"}"#, 500, 500, 0),
        (r#"{"kind":"500_after"}"#, 500, 500, 2),
        (r#"{"kind":"html"}"#, 200, 200, 0),
        (r#"{"kind":"database_down"}"#, 400, 500, 0),
        (r#"{"kind":"record_statistics_off"}"#, 503, 200, 0),
        (r#"{"kind":"queued_tracking"}"#, 200, 200, 2),
    ] {
        practice.misbehave(rule).await;
        let before = hits(&practice).await;
        let answer = practice.get(HIT).send().await.unwrap();
        assert_eq!(answer.status(), single, "{rule}");
        let body = json!({ "requests": [format!("?{HIT}")] });
        assert_eq!(
            practice.bulk(body).send().await.unwrap().status(),
            bulk,
            "{rule}"
        );
        assert_eq!(practice.fired().await, 2, "{rule}");
        assert_eq!(hits(&practice).await - before, recorded, "{rule}");
    }
}

#[tokio::test]
async fn retry_after_is_sent_when_given_and_only_then() {
    let practice = Practice::start("").await;
    for kind in ["429", "503"] {
        practice
            .misbehave(&format!(
                r#"{{"kind":"{kind}","retry_after_s":7,"times":1}}"#
            ))
            .await;
        let answer = practice.get(HIT).send().await.unwrap();
        assert_eq!(answer.headers()["retry-after"], "7");
        assert_eq!(practice.fired().await, 1);
        practice.misbehave(&format!(r#"{{"kind":"{kind}"}}"#)).await;
        let answer = practice.get(HIT).send().await.unwrap();
        assert!(!answer.headers().contains_key("retry-after"));
        assert_eq!(practice.fired().await, 1);
    }
}

#[tokio::test]
async fn a_bulk_rolled_back_says_so_in_json_and_a_bulk_recorded_before_its_error_does_not() {
    let practice = Practice::start("").await;
    let body = json!({ "requests": [format!("?{HIT}"), format!("?{HIT}"), format!("?{HIT}")] });
    for (kind, expected, recorded) in [
        (
            "500_before",
            Some(json!({ "status": "error", "tracked": 2, "invalid": 0 })),
            0,
        ),
        (
            "database_down",
            Some(json!({ "status": "error", "tracked": 0, "invalid": 0 })),
            0,
        ),
        ("500_after", None, 3),
    ] {
        practice.misbehave(&format!(r#"{{"kind":"{kind}"}}"#)).await;
        let answer = practice.bulk(&body).send().await.unwrap();
        assert_eq!(answer.status(), 500, "{kind}");
        let text = answer.text().await.unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&text).ok(),
            expected,
            "{kind}"
        );
        assert_eq!(practice.fired().await, 1, "{kind}");
        assert_eq!(hits(&practice).await, recorded, "{kind}");
    }
}

#[tokio::test]
async fn queued_tracking_answers_a_picture_for_whatever_comes() {
    let practice = Practice::start("").await;
    practice.misbehave(r#"{"kind":"queued_tracking"}"#).await;
    let bulk = json!({ "requests": [format!("?{HIT}")], "token_auth": TOKEN });
    for (request, status) in [
        (practice.bulk(bulk), 200),
        (practice.get("idsite=9&rec=1"), 200),
        (practice.get(&format!("{HIT}&cip=192.0.2.1")), 400),
        (practice.get("idsite=9&rec=1&queuedtracking=0"), 400),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["content-type"], "image/gif");
    }
    assert_eq!((practice.fired().await, hits(&practice).await), (4, 1));
}

#[tokio::test]
async fn with_recording_off_a_hit_gets_503_and_a_bulk_an_empty_success() {
    let practice = Practice::start("").await;
    practice
        .misbehave(r#"{"kind":"record_statistics_off"}"#)
        .await;
    let answer = practice.get(HIT).send().await.unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.bytes().await.unwrap().len()
        ),
        (503, 43)
    );
    let body = json!({ "requests": [format!("?{HIT}")] });
    let answer: Value = practice
        .bulk(body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        answer,
        json!({ "status": "success", "tracked": 0, "invalid": 0 })
    );
    assert_eq!((practice.fired().await, hits(&practice).await), (2, 0));
}

#[tokio::test]
async fn a_delay_is_waited_for_and_the_hit_is_recorded() {
    let practice = Practice::start("").await;
    practice
        .misbehave(r#"{"kind":"delay","ms":80,"every":2}"#)
        .await;
    practice.get(HIT).send().await.unwrap();
    let begun = Instant::now();
    assert_eq!(practice.get(HIT).send().await.unwrap().status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(80));
    assert_eq!((practice.fired().await, hits(&practice).await), (1, 2));
}

#[tokio::test]
async fn a_delayed_hit_is_recorded_even_when_the_client_left() {
    let practice = Practice::start("").await;
    practice.misbehave(r#"{"kind":"delay","ms":500}"#).await;
    let error = practice
        .get(HIT)
        .timeout(Duration::from_millis(50))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    practice.until_summary("hits", 1).await;
    assert_eq!(practice.fired().await, 1);
}

#[tokio::test]
async fn a_hanging_request_goes_on_when_the_faults_are_taken_back() {
    for (rule, before) in [
        (r#"{"kind":"hang"}"#, 0),
        (r#"{"kind":"hang","recorded":true}"#, 1),
    ] {
        let practice = Practice::start("").await;
        practice.misbehave(rule).await;
        let request = tokio::spawn(practice.get(HIT).send());
        practice.until_fired(1).await;
        practice.until_summary("hits", before).await;
        assert!(!request.is_finished());
        practice.misbehave("").await;
        assert_eq!(request.await.unwrap().unwrap().status(), 200);
        assert_eq!(hits(&practice).await, 1, "{rule}");
    }
}

#[tokio::test]
async fn a_hanging_request_whose_client_left_is_not_recorded() {
    let practice = Practice::start("").await;
    practice.misbehave(r#"{"kind":"hang","times":1}"#).await;
    let request = tokio::spawn(practice.get(HIT).send());
    practice.until_fired(1).await;
    request.abort();
    // Two at once would count as overlapping as long as the first is still there.
    let mut overlapping = 0;
    for round in 0.. {
        practice.get(HIT).send().await.unwrap();
        let now = practice.summary().await["overlapping"].as_u64().unwrap();
        if now == overlapping {
            practice.misbehave("").await;
            assert_eq!(hits(&practice).await, round + 1);
            break;
        }
        overlapping = now;
    }
}

#[tokio::test]
async fn a_reset_ends_the_connection_without_a_byte_and_records_only_if_told_to() {
    let practice = Practice::start("").await;
    for (rule, recorded) in [
        (r#"{"kind":"reset"}"#, 0),
        (r#"{"kind":"reset","recorded":true}"#, 1),
    ] {
        practice.misbehave(rule).await;
        let (received, end) = practice.raw(HIT).await;
        assert!(received.is_empty());
        assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
        assert_eq!(
            (practice.fired().await, hits(&practice).await),
            (1, recorded),
            "{rule}"
        );
    }
}

#[tokio::test]
async fn half_an_answer_announces_more_than_it_sends() {
    let practice = Practice::start("").await;
    for (query, rule, recorded) in [
        (HIT.to_owned(), r#"{"kind":"half_answer"}"#, 1),
        (
            format!("{HIT}&send_image=0"),
            r#"{"kind":"half_answer"}"#,
            2,
        ),
        (
            HIT.to_owned(),
            r#"{"kind":"half_answer","recorded":false}"#,
            2,
        ),
    ] {
        practice.misbehave(rule).await;
        let (received, end) = practice.raw(&query).await;
        assert!(end.is_ok(), "closed, not reset");
        let split = received
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8_lossy(&received[..split]).to_ascii_lowercase();
        assert!(
            head.starts_with("http/1.1 200") && head.contains("content-length: 43"),
            "{head}"
        );
        assert_eq!(received.len() - split - 4, 21);
        assert_eq!(
            (practice.fired().await, hits(&practice).await),
            (1, recorded)
        );
    }
    practice.misbehave(r#"{"kind":"half_answer"}"#).await;
    let body = json!({ "requests": [format!("?{HIT}")] });
    let answer = practice.bulk(body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err(), "the JSON is cut");
    assert_eq!(practice.fired().await, 1);
}

#[tokio::test]
async fn while_refusing_no_connection_is_taken_and_control_goes_on_at_its_own_address() {
    let practice = Practice::start("").await;
    // A connection that was used for tracking is closed too.
    practice.get(HIT).send().await.unwrap();
    practice.misbehave(r#"{"kind":"refuse","ms":600000}"#).await;
    practice.until_connecting(false).await;
    let error = practice.get(HIT).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(practice.fired().await, 1);
    practice.misbehave("").await;
    practice.until_connecting(true).await;
    assert_eq!(practice.get(HIT).send().await.unwrap().status(), 200);
    assert_eq!(hits(&practice).await, 2);
}

#[tokio::test]
async fn refusing_may_begin_after_some_requests_and_ends_by_itself() {
    let practice = Practice::start("").await;
    practice
        .misbehave(r#"{"kind":"refuse","ms":1000,"after":1}"#)
        .await;
    for _ in 0..2 {
        assert_eq!(practice.get(HIT).send().await.unwrap().status(), 200);
    }
    assert_eq!(practice.fired().await, 1);
    practice.until_connecting(false).await;
    practice.until_connecting(true).await;
    assert_eq!(practice.get(HIT).send().await.unwrap().status(), 200);
    assert_eq!(hits(&practice).await, 3);
}

#[tokio::test]
async fn a_share_of_the_hits_is_left_out_though_answered_as_tracked() {
    let practice = Practice::start("").await;
    practice
        .misbehave(r#"{"kind":"exclude_percent","percent":25}"#)
        .await;
    let entries = vec![format!("?{HIT}"); 40];
    let answer: Value = practice
        .bulk(json!({ "requests": entries }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(answer["tracked"], 40);
    assert_eq!((practice.fired().await, hits(&practice).await), (10, 30));
    assert_eq!(practice.summary().await["excluded_by"]["fault"], 10);
}

#[tokio::test]
async fn two_requests_for_one_visitor_at_one_time_are_noticed() {
    let practice = Practice::start("").await;
    practice.misbehave(r#"{"kind":"hang"}"#).await;
    let other = HIT.replace("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb");
    let requests: Vec<_> = [HIT, HIT, &other]
        .map(|query| tokio::spawn(practice.get(query).send()))
        .into();
    practice.until_fired(3).await;
    practice.until_summary("overlapping", 1).await;
    practice.misbehave("").await;
    for request in requests {
        assert_eq!(request.await.unwrap().unwrap().status(), 200);
    }
    assert_eq!(practice.summary().await["overlapping"], 1);
}

#[tokio::test]
async fn bad_control_input_is_a_clear_problem_and_changes_nothing() {
    let practice = Practice::start("").await;
    practice.misbehave(r#"{"kind":"502"}"#).await;
    let answer = practice
        .control(r#"{"faults":[{"kind":"delay"},{"kind":"sulk"}]}"#)
        .await;
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(
        problem["problems"].as_array().unwrap().len(),
        2,
        "{problem}"
    );
    assert_eq!(practice.get(HIT).send().await.unwrap().status(), 502);
    assert_eq!(practice.fired().await, 1);
}
