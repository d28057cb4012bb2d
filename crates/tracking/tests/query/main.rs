//! Queries against a decoder that shares nothing with the encoder.

mod any;
mod told;

use proptest::prelude::*;
use tracking::{BulkBody, Hit, Kind};

use crate::any::any_hit;

/// Parses a query as a server does: split at `&` and the first `=`, `%XX` is a byte, the bytes are UTF-8.
fn decode(query: &str) -> Vec<(String, String)> {
    let text = |part: &str| {
        let mut bytes = Vec::new();
        let mut rest = part.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            match (first, tail) {
                (b'%', [high, low, after @ ..]) => {
                    let digits = [*high, *low];
                    let digits = std::str::from_utf8(&digits).expect("two digits");
                    bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
                    rest = after;
                }
                (b'+', _) => bytes.push(b' '),
                (byte, _) => bytes.push(*byte),
            }
        }
        String::from_utf8(bytes).expect("valid UTF-8")
    };
    query
        .split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').expect("a name and a value");
            (text(name), text(value))
        })
        .collect()
}

fn written(hit: &Hit, cdt_s: Option<i64>) -> String {
    let mut query = String::new();
    hit.write_query(cdt_s, &mut query);
    query
}

proptest! {
    #[test]
    fn a_written_query_reads_as_the_parameters(hit in any_hit(), cdt in prop::option::of(any::<i64>())) {
        let params: Vec<_> = hit
            .params(cdt)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        prop_assert_eq!(decode(&written(&hit, cdt)), params);
    }

    #[test]
    fn a_query_needs_no_escaping_in_json(hit in any_hit()) {
        let query = written(&hit, None);
        prop_assert_eq!(serde_json::to_string(&query).unwrap(), format!("\"{query}\""));
        let mut bulk = BulkBody::new();
        bulk.push(&hit, None);
        let (_, body) = bulk.finish(None).body.expect("a bulk has a body");
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        prop_assert_eq!(json["requests"][0].as_str(), Some(&*format!("?{query}")));
    }

    #[test]
    fn every_hit_has_what_matomo_needs_and_each_parameter_once(hit in any_hit()) {
        let params = hit.params(Some(1));
        let mut names: Vec<_> = params.iter().map(|(name, _)| *name).collect();
        for needed in ["idsite", "rec", "cid", "ua", "lang", "res", "url", "pv_id", "h", "m", "s"] {
            prop_assert!(names.contains(&needed), "{needed}");
        }
        prop_assert!(!names.contains(&"token_auth") && !names.contains(&"send_image"));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(names.len(), count);
        prop_assert_eq!(hit.visitor_id().len(), 16);
        prop_assert_eq!(names.contains(&"ping"), hit.kind() == Kind::Ping);
    }
}

#[test]
fn kinds_have_stable_names() {
    let names = Kind::ALL.map(Kind::as_str);
    assert_eq!(
        names,
        [
            "pageview",
            "event",
            "search",
            "outlink",
            "download",
            "order",
            "ping",
            "productview",
            "categoryview",
            "cart",
            "goal",
            "impression",
            "interaction",
        ]
    );
    for kind in Kind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
}
