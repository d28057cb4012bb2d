use super::*;

#[test]
fn the_token_travels_in_the_body_and_nothing_is_recorded() {
    let request = token(3, "s3cr+t");
    assert_eq!((request.http_method, &request.query), ("POST", &None));
    let (content_type, body) = request.body.clone().expect("a form");
    assert_eq!(content_type, "application/x-www-form-urlencoded");
    assert_eq!(
        String::from_utf8(body).unwrap(),
        "idsite=3&cip=192.0.2.1&send_image=0&token_auth=s3cr%2Bt"
    );
    assert!(request.contains_token);
    assert!(!format!("{request:?}").contains("s3cr"));
}

#[test]
fn answers_to_the_token_are_told_apart() {
    let html = b"<html>something</html>";
    assert_eq!(
        classify_token(200, Some("image/gif"), b"GIF89a"),
        TokenAnswer::Accepted
    );
    assert_eq!(classify_token(204, None, b""), TokenAnswer::Accepted);
    assert_eq!(
        classify_token(400, Some("text/html"), html),
        TokenAnswer::Refused
    );
    for (status, code) in [
        (200, "http.200.not_matomo"),
        (302, "http.302"),
        (404, "http.404"),
        (413, "http.413"),
        (500, "http.500"),
        (503, "http.503"),
    ] {
        let TokenAnswer::Unclear(reason) = classify_token(status, Some("text/html"), html) else {
            panic!("{status} says nothing about the token");
        };
        assert_eq!(reason.code, code);
    }
}

#[test]
fn matomo_is_known_by_its_sentence() {
    let request = hello();
    assert_eq!(
        (request.http_method, request.query, request.body),
        ("GET", None, None)
    );
    assert!(looks_like_matomo(
        200,
        b"<p>This resource is part of Matomo.</p>"
    ));
    assert!(!looks_like_matomo(
        404,
        b"<p>This resource is part of Matomo.</p>"
    ));
    assert!(!looks_like_matomo(200, b"<h1>It works!</h1>"));
    assert!(!looks_like_matomo(200, b""));
}
