//! Tracking over HTTP: each transport, each measured answer.

use crate::practice::{HIT, Practice, TOKEN};
use reqwest::{StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};

/// Status, kind of body, and body.
async fn outcome(request: reqwest::RequestBuilder) -> (u16, String, Vec<u8>) {
    let answer = request.send().await.unwrap();
    let kind = answer
        .headers()
        .get(CONTENT_TYPE)
        .map(|kind| kind.to_str().unwrap().to_owned());
    (
        answer.status().as_u16(),
        kind.unwrap_or_default(),
        answer.bytes().await.unwrap().to_vec(),
    )
}

async fn bulk_outcome(practice: &Practice, body: Value) -> Value {
    let answer = practice.bulk(body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
    answer.json().await.unwrap()
}

#[tokio::test]
async fn each_transport_is_recorded_with_its_parameters_and_without_its_token() {
    let practice = Practice::start("").await;
    let form = format!("{HIT}&cip=192.0.2.1&token_auth={TOKEN}");
    let bulk = json!({ "requests": [format!("?{HIT}&action_name=d")], "token_auth": TOKEN });
    for (request, status) in [
        (practice.get(&format!("{HIT}&action_name=a")), 200),
        (
            practice.beacon(&format!("{HIT}&action_name=b&send_image=0")),
            204,
        ),
        (practice.form("action_name=c", &form), 200),
        (practice.bulk(bulk), 200),
        (
            practice
                .client
                .head(format!("{}/piwik.php?{HIT}&action_name=e", practice.base)),
            200,
        ),
        (
            practice
                .client
                .put(format!("{}/matomo.php?{HIT}&action_name=f", practice.base)),
            200,
        ),
    ] {
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    let hits = practice.hits().await;
    let seen: Vec<_> = hits
        .iter()
        .map(|hit| {
            (
                hit["params"]["action_name"].as_str().unwrap(),
                hit["transport"].as_str().unwrap(),
            )
        })
        .collect();
    let transports = ["get", "beacon", "form", "bulk", "get", "get"];
    assert_eq!(
        seen,
        ["a", "b", "c", "d", "e", "f"]
            .into_iter()
            .zip(transports)
            .collect::<Vec<_>>()
    );
    assert!(!json!(hits).to_string().contains(TOKEN));
    assert_eq!(hits[2]["params"]["cip"], "192.0.2.1");
    let summary = practice.summary().await;
    assert_eq!(
        (&summary["requests"], &summary["hits"]),
        (&json!(6), &json!(6))
    );
    assert_eq!(
        (&summary["visits"], &summary["visitors"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(summary["tokens_in_urls"], 0);
}

#[tokio::test]
async fn single_hits_are_answered_as_measured() {
    let practice = Practice::start("").await;
    let (status, kind, gif) = outcome(practice.get(HIT)).await;
    assert_eq!((status, kind.as_str(), gif.len()), (200, "image/gif", 43));
    let refused = |query: &str| practice.get(query);
    for query in ["rec=1", "idsite=9&rec=1", &format!("{HIT}&cip=192.0.2.1")] {
        let (status, kind, body) = outcome(refused(query)).await;
        assert_eq!((status, kind.as_str()), (400, "image/gif"), "{query}");
        assert!(
            body.starts_with(&gif) && body.ends_with(b"</html>"),
            "{query}"
        );
    }
    let (status, _, body) = outcome(practice.beacon(&format!("{HIT}&send_image=0"))).await;
    assert_eq!((status, body.len()), (204, 0));
    let (status, kind, body) = outcome(practice.get("")).await;
    assert_eq!((status, kind.as_str()), (200, "text/html; charset=utf-8"));
    assert!(
        String::from_utf8(body)
            .unwrap()
            .contains("This resource is part of Matomo")
    );
    assert_eq!(outcome(practice.beacon("")).await.0, 400);
    assert_eq!(outcome(practice.bulk("{}")).await.0, 400);
    let delete = practice
        .client
        .delete(format!("{}/matomo.php?{HIT}", practice.base));
    assert_eq!(outcome(delete).await.0, 405);
    let summary = practice.summary().await;
    assert_eq!(
        (&summary["hits"], &summary["refused"]),
        (&json!(2), &json!(3))
    );
}

#[tokio::test]
async fn a_token_probe_without_rec_is_refused_for_a_bad_token_and_writes_nothing() {
    let practice = Practice::start("").await;
    for (token, status) in [(TOKEN, 204), ("wrong", 400), ("", 400)] {
        let form = format!("idsite=1&cip=192.0.2.1&send_image=0&token_auth={token}");
        assert_eq!(
            outcome(practice.form("", &form)).await.0,
            status,
            "{token:?}"
        );
    }
    let summary = practice.summary().await;
    assert_eq!(
        (&summary["hits"], &summary["excluded"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(
        (&summary["visits"], &summary["refused"]),
        (&json!(0), &json!(2))
    );
}

#[tokio::test]
async fn what_is_left_out_silently_is_answered_like_a_recorded_hit() {
    let practice = Practice::start("").await;
    let robot = practice.get(HIT).header("user-agent", "Googlebot/2.1");
    let address = format!("{HIT}&cip=74.125.1.1&token_auth={TOKEN}");
    for request in [
        robot,
        practice.get("idsite=1"),
        practice.get(&format!("{HIT}&urlref=http://semalt.com/")),
        practice.form("", &address),
    ] {
        let (status, kind, _) = outcome(request).await;
        assert_eq!((status, kind.as_str()), (200, "image/gif"));
    }
    let summary = practice.summary().await;
    assert_eq!(
        (&summary["hits"], &summary["excluded"]),
        (&json!(0), &json!(4))
    );
}

#[tokio::test]
async fn a_token_in_a_url_works_and_is_counted() {
    let practice = Practice::start("").await;
    let query = format!("{HIT}&cip=192.0.2.1&token_auth={TOKEN}");
    assert_eq!(outcome(practice.get(&query)).await.0, 200);
    let summary = practice.summary().await;
    assert_eq!(
        (&summary["hits"], &summary["tokens_in_urls"]),
        (&json!(1), &json!(1))
    );
    assert!(!json!(practice.hits().await).to_string().contains(TOKEN));
}

#[tokio::test]
async fn a_bulk_counts_tracked_and_invalid_and_drops_texts_without_a_query() {
    let practice = Practice::start("").await;
    let ok = format!("?{HIT}");
    let robot = format!("?{HIT}&ua=Googlebot/2.1");
    let body = json!({
        "requests": [ok, "idsite=1&rec=1", "?idsite=9&rec=1", robot, { "idsite": 1, "rec": 1 },
            "http://m/matomo.php?idsite=8&rec=1"],
        "token_auth": TOKEN,
    });
    assert_eq!(
        bulk_outcome(&practice, body).await,
        json!({ "status": "success", "tracked": 3, "invalid": 2, "invalid_indices": [1, 4] })
    );
    let summary = practice.summary().await;
    assert_eq!(
        (&summary["requests"], &summary["hits"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(
        (&summary["excluded"], &summary["refused"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(summary["entries_dropped"], 1);
}

#[tokio::test]
async fn only_a_super_users_token_at_the_top_brings_the_positions() {
    for (role, told) in [("super", true), ("admin", false), ("write", false)] {
        let practice = Practice::start(&format!("--token-role {role}")).await;
        let hit = format!("?{HIT}&cip=192.0.2.1");
        let body = json!({ "requests": [hit], "token_auth": TOKEN });
        let answer = bulk_outcome(&practice, body).await;
        assert_eq!(
            (&answer["tracked"], &answer["invalid"]),
            (&json!(1), &json!(0)),
            "{role}"
        );
        assert_eq!(answer.get("invalid_indices").is_some(), told, "{role}");
    }
    let practice = Practice::start("--token-role view").await;
    let entry = format!("?{HIT}&cip=192.0.2.1");
    let answer = bulk_outcome(
        &practice,
        json!({ "requests": [entry], "token_auth": TOKEN }),
    )
    .await;
    assert_eq!(
        answer,
        json!({ "status": "success", "tracked": 0, "invalid": 1 })
    );
}

#[tokio::test]
async fn a_token_may_stand_in_each_entry_but_one_at_the_top_is_the_only_one_looked_at() {
    let practice = Practice::start("").await;
    let entry = format!("?{HIT}&cip=192.0.2.1&token_auth={TOKEN}");
    let answer = bulk_outcome(&practice, json!({ "requests": [entry] })).await;
    assert_eq!(
        answer,
        json!({ "status": "success", "tracked": 1, "invalid": 0 })
    );
    let answer = bulk_outcome(
        &practice,
        json!({ "requests": [entry], "token_auth": "wrong" }),
    )
    .await;
    assert_eq!(
        answer,
        json!({ "status": "success", "tracked": 0, "invalid": 1 })
    );
}

#[tokio::test]
async fn broken_bulks_succeed_with_nothing_and_send_image_0_hides_the_counts() {
    let practice = Practice::start("").await;
    for body in ["{\"requests\":[\"?idsite=1", "{\"requests\":[]}"] {
        let answer = practice.bulk(body).send().await.unwrap();
        assert_eq!(
            answer.json::<Value>().await.unwrap(),
            json!({ "status": "success", "tracked": 0, "invalid": 0 })
        );
    }
    let body = json!({ "requests": [format!("?{HIT}")], "send_image": 0 });
    assert_eq!(outcome(practice.bulk(body)).await.0, 204);
    assert_eq!(practice.summary().await["hits"], 1);
}

#[tokio::test]
async fn too_long_urls_and_too_large_bodies_are_refused_as_by_a_web_server() {
    let practice = Practice::start("--max-body-bytes 1000").await;
    let long = format!("{HIT}&action_name={}", "x".repeat(9_000));
    assert_eq!(outcome(practice.get(&long)).await.0, 414);
    let large = json!({ "requests": [format!("?{HIT}&x={}", "x".repeat(2_000_000))] });
    assert_eq!(outcome(practice.bulk(large)).await.0, 413);
    let fitting = json!({ "requests": [format!("?{HIT}")] });
    assert_eq!(outcome(practice.bulk(fitting)).await.0, 200);
    let summary = practice.summary().await;
    assert_eq!(
        (&summary["requests"], &summary["hits"]),
        (&json!(3), &json!(1))
    );
}

#[tokio::test]
async fn many_requests_share_one_connection() {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };
    let practice = Practice::start("").await;
    let mut stream = TcpStream::connect(practice.address).await.unwrap();
    for _ in 0..50 {
        let request = format!(
            "POST /matomo.php?{HIT}&send_image=0 HTTP/1.1\r\nHost: a\r\n\
            Content-Length: 0\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        assert!(answer.starts_with(b"HTTP/1.1 204"));
    }
    assert_eq!(practice.summary().await["hits"], 50);
}
