use super::*;

#[test]
fn a_body_is_a_bulk_when_it_names_requests_anywhere_but_at_its_start() {
    for (body, expected) in [
        ("{\"requests\":[]}", true),
        ("{'requests':[]}", true),
        ("{broken \"requests\"", true),
        ("\"requests\"", false),
        ("{}", false),
        ("requests=1", false),
        ("", false),
    ] {
        assert_eq!(is_bulk(body.as_bytes()), expected, "{body}");
    }
}

#[test]
fn texts_urls_and_objects_are_hits_and_texts_without_a_query_are_dropped() {
    let body = br##"{"requests":["?a=1","x=2","http://m/matomo.php?a=3#part","?","path",
        {"a":4},null],"token_auth":"t"}"##;
    let bulk = Bulk::parse(body);
    let values: Vec<_> = bulk.entries.iter().map(|params| params.get("a")).collect();
    assert_eq!(values, [Some("1"), Some("3"), Some("4"), None]);
    assert_eq!((bulk.dropped, bulk.token.as_deref()), (3, Some("t")));
}

#[test]
fn what_cannot_be_read_is_a_bulk_of_nothing() {
    for body in [
        "{\"requests\":[",
        "{\"requests\":[]}",
        "{\"requests\":\"x\"}",
        "[\"requests\"]",
    ] {
        assert_eq!(Bulk::parse(body.as_bytes()), Bulk::default(), "{body}");
    }
}

#[test]
fn each_way_of_writing_send_image_0_switches_the_counts_off() {
    for (value, off) in [
        ("0", true),
        ("\"0\"", true),
        ("false", true),
        ("\"\"", true),
        ("1", false),
        ("null", false),
    ] {
        let body = format!("{{\"requests\":[],\"send_image\":{value}}}");
        assert_eq!(Bulk::parse(body.as_bytes()).unanswered, off, "{value}");
    }
}

#[test]
fn only_a_super_user_is_told_the_positions() {
    let told = outcome("success", 2, &[1], true).to_string();
    assert_eq!(
        told,
        r#"{"status":"success","tracked":2,"invalid":1,"invalid_indices":[1]}"#
    );
    let untold = outcome("success", 2, &[1], false).to_string();
    assert_eq!(untold, r#"{"status":"success","tracked":2,"invalid":1}"#);
}
