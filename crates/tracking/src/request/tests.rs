use std::sync::Arc;

use super::*;
use crate::{Action, Identity, LocalTime, PageView, PageViewId};

const TOKEN: &str = "0123456789abcdef+/\"0123456789abc";

fn hit() -> Hit {
    let identity = Identity::new(
        1,
        0xabc,
        "UA/1.0 (x)".into(),
        "en-US".into(),
        "1920x1080".into(),
        None,
    );
    let page = PageView::plain(
        "https://shop.example/a b".into(),
        "Title".into(),
        None,
        PageViewId::from_bits(0),
    );
    let local = LocalTime {
        hour: 7,
        minute: 5,
        second: 0,
    };
    Hit::new(Arc::new(identity), Arc::new(page), local, Action::PageView)
}

fn query() -> String {
    let mut query = String::new();
    hit().write_query(Some(1_800_000_000), &mut query);
    query
}

fn sent(method: Method, token: Option<&str>) -> (String, Option<String>, Option<(String, String)>) {
    let request = single(method, &hit(), Some(1_800_000_000), token);
    assert_eq!(request.contains_token, token.is_some());
    let body = request
        .body
        .map(|(content_type, bytes)| (content_type.to_owned(), String::from_utf8(bytes).unwrap()));
    (request.http_method.to_owned(), request.query, body)
}

#[test]
fn a_query_reads_as_matomo_documents_it() {
    insta::assert_snapshot!(query(), @"idsite=1&rec=1&apiv=1&cid=0000000000000abc&ua=UA%2F1.0%20%28x%29&lang=en-US&res=1920x1080&url=https%3A%2F%2Fshop.example%2Fa%20b&action_name=Title&pv_id=000000&h=7&m=5&s=0&cdt=1800000000");
}

#[test]
fn each_method_has_its_shape_without_a_token() {
    let params = format!("{}&send_image=0", query());
    let form = Some((FORM.to_owned(), params.clone()));
    assert_eq!(
        sent(Method::Beacon, None),
        ("POST".into(), Some(params.clone()), None)
    );
    assert_eq!(sent(Method::Get, None), ("GET".into(), Some(params), None));
    assert_eq!(sent(Method::Form, None), ("POST".into(), None, form));
}

#[test]
fn a_token_is_in_the_body_of_a_post_whatever_the_method() {
    let params = format!("{}&send_image=0", query());
    let token = "token_auth=0123456789abcdef%2B%2F%220123456789abc";
    let whole_form = Some((FORM.to_owned(), format!("{params}&{token}")));
    let token_form = Some((FORM.to_owned(), token.to_owned()));
    assert_eq!(
        sent(Method::Beacon, Some(TOKEN)),
        ("POST".into(), Some(params), token_form)
    );
    assert_eq!(
        sent(Method::Get, Some(TOKEN)),
        ("POST".into(), None, whole_form.clone())
    );
    assert_eq!(
        sent(Method::Form, Some(TOKEN)),
        ("POST".into(), None, whole_form)
    );
}

#[test]
fn a_bulk_is_json_that_matomo_can_read() {
    for token in [None, Some(TOKEN)] {
        let mut bulk = BulkBody::new();
        bulk.push(&hit(), Some(1_800_000_000));
        bulk.push(&hit(), None);
        assert_eq!(bulk.len_hits(), 2);
        let length = bulk.byte_len();
        let request = bulk.finish(token);
        let (content_type, body) = request.body.expect("a bulk has a body");
        assert_eq!(
            (request.http_method, request.query, content_type),
            ("POST", None, JSON)
        );
        if token.is_none() {
            assert_eq!(length, body.len());
        }
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let requests = json["requests"].as_array().unwrap();
        assert_eq!(requests[0], format!("?{}", query()));
        assert_eq!(requests.len(), 2);
        assert_eq!(
            json.get("token_auth").and_then(|value| value.as_str()),
            token
        );
        assert!(json.get("send_image").is_none(), "the counts would be lost");
    }
}

#[test]
fn nothing_that_holds_a_token_is_printed() {
    let mut bulk = BulkBody::new();
    bulk.push(&hit(), None);
    let with_token = [
        single(Method::Beacon, &hit(), None, Some(TOKEN)),
        single(Method::Get, &hit(), None, Some(TOKEN)),
        single(Method::Form, &hit(), None, Some(TOKEN)),
        bulk.finish(Some(TOKEN)),
    ];
    for request in with_token {
        let printed = format!("{request:?}");
        assert!(!printed.contains("0123456789abcdef"), "{printed}");
        assert!(!request.query.unwrap_or_default().contains("token_auth"));
    }
}
