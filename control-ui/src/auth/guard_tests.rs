use super::*;
use crate::auth::AllowedHost;
use crate::settings::{OrchestratorKind, SessionTimes};

fn settings(public_url: Option<&str>, allowed: &[&str]) -> Settings {
    Settings {
        listen: "192.0.2.7:8000".parse().unwrap(),
        data_dir: "unused".into(),
        orchestrator: OrchestratorKind::Process,
        loader_image: "unused".into(),
        loader_bin: "unused".into(),
        contained: false,
        loader_network: None,
        api_key: None,
        practice: None,
        public_url: public_url.map(|url| url.parse().unwrap()),
        operator: crate::configuration::Operator::default(),
        allowed_hosts: allowed
            .iter()
            .map(|host| AllowedHost::parse(host).unwrap())
            .collect(),
        trusted_proxies: Vec::new(),
        sessions: SessionTimes::new(12, 7),
    }
}

#[test]
fn loopback_listened_public_and_allowed_hosts_are_served_and_no_others() {
    let settings = settings(
        Some("https://traffic.example"),
        &[
            "control-ui",
            "named:8443",
            "named-too:80",
            "[2001:DB8::1]:9000",
        ],
    );
    for host in [
        "localhost",
        "LOCALHOST:9",
        "127.0.0.1:8000",
        "127.9.9.9",
        "[::1]:8000",
        "192.0.2.7:1",
        "traffic.example",
        "Traffic.Example:443",
        "control-ui:8000",
        "control-ui",
        "named:8443",
        "named-too",
        "named-too:80",
        "[2001:db8::1]:9000",
    ] {
        assert!(is_served(host, false, &settings), "{host}");
    }
    for host in [
        "",
        "evil.example",
        "traffic.example.evil.example",
        "localhost.evil.example",
        "192.0.2.8",
        "x@localhost",
        "localhost/",
        "localhost#",
        "localhost?x",
        "127.0.0.1 ",
        "a b",
        "[::2]",
        "named",
        "named:8000",
        "named-too:8000",
        "[2001:db8::1]",
    ] {
        assert!(!is_served(host, false, &settings), "{host}");
    }
}

#[test]
fn a_request_comes_from_here_when_the_browser_says_so_or_nobody_says_anything() {
    let settings = settings(Some("https://traffic.example"), &[]);
    let from = |pairs: &[(&'static str, &'static str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        comes_from_here(&headers, "127.0.0.1:8000", &settings)
    };
    assert!(from(&[]));
    assert!(from(&[
        ("sec-fetch-site", "same-origin"),
        ("origin", "https://evil.example")
    ]));
    assert!(from(&[("origin", "http://127.0.0.1:8000")]));
    assert!(from(&[("origin", "https://traffic.example")]));
    for foreign in [
        "http://127.0.0.1:8001",
        "http://localhost:8000",
        "null",
        "",
        "http://traffic.example",
    ] {
        assert!(!from(&[("origin", foreign)]), "{foreign}");
    }
    for site in ["cross-site", "same-site", "nonsense"] {
        assert!(
            !from(&[
                ("sec-fetch-site", site),
                ("origin", "http://127.0.0.1:8000")
            ]),
            "{site}"
        );
    }
}
