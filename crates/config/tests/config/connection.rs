//! How a target is reached: what is taken, what is refused, and what stays secret.

use config::{Layers, ProxyPlan, ProxyVariables, Secret, Secrets};
use serde_json::{Value, json};

use crate::support::{URL, find, no_files, vars};

/// A self-made authority, valid until 2126; it signs nothing.
const AUTHORITY: &str = include_str!("authority.pem");

fn check(settings: Value) -> config::Checked {
    let mut target = json!({ "url": URL });
    for (name, value) in settings.as_object().expect("settings by name") {
        target[name] = value.clone();
    }
    Layers::new()
        .json("request", json!({ "targets": [target] }))
        .check(&no_files)
}

#[test]
fn certificates_are_read_whole_or_refused_with_their_number() {
    let twice = format!("{AUTHORITY}\n{AUTHORITY}");
    for good in [AUTHORITY, &twice, &AUTHORITY.replace('\n', "\\n")] {
        let checked = check(json!({ "ca_pem": good }));
        let plan = checked
            .plan
            .unwrap_or_else(|| panic!("{:?}", checked.problems));
        assert!(!plan.targets[0].connection.authorities.is_empty());
    }
    let damaged = AUTHORITY.replacen("MII", "!!!", 1);
    let other = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let key = "-----BEGIN PRIVATE KEY-----\nc4nary\n-----END PRIVATE KEY-----\n";
    for (text, code) in [
        ("hello", "invalid_pem"),
        (damaged.as_str(), "invalid_pem"),
        (other, "invalid_certificate"),
        (key, "private_key"),
        (&AUTHORITY.repeat(51), "too_many"),
    ] {
        let checked = check(json!({ "ca_pem": text }));
        find(&checked.problems, "/targets/0/ca_pem", code);
        assert!(!format!("{checked:?}").contains("c4nary"));
    }
}

#[test]
fn switched_off_checks_are_warned_of() {
    let checked = check(json!({ "tls_verify": false }));
    find(&checked.warnings, "/targets/0/tls_verify", "insecure");
    assert!(!checked.plan.unwrap().targets[0].connection.tls_verify);
}

#[test]
fn passwords_and_headers_come_in_pairs_and_none_takes_the_connections_own() {
    for (settings, name, code) in [
        (
            json!({ "basic_auth_user": "u" }),
            "basic_auth_password",
            "incomplete",
        ),
        (
            json!({ "basic_auth_password": "p" }),
            "basic_auth_user",
            "incomplete",
        ),
        (
            json!({ "basic_auth_user": "a:b" }),
            "basic_auth_user",
            "invalid_user",
        ),
        (
            json!({ "extra_header_name": "x-a" }),
            "extra_header_value",
            "incomplete",
        ),
        (
            json!({ "extra_header_value": "v" }),
            "extra_header_name",
            "incomplete",
        ),
        (
            json!({ "extra_header_name": "x a" }),
            "extra_header_name",
            "invalid_header",
        ),
        (
            json!({ "extra_header_name": "Host" }),
            "extra_header_name",
            "refused_header",
        ),
        (
            json!({ "extra_header_name": "TE" }),
            "extra_header_name",
            "refused_header",
        ),
        (
            json!({ "extra_header_name": "x-a", "extra_header_value": "a\r\nb: c" }),
            "extra_header_value",
            "invalid_header",
        ),
        (
            json!({ "extra_header_name": "Authorization", "basic_auth_user": "u" }),
            "extra_header_name",
            "conflict",
        ),
    ] {
        let checked = check(settings);
        find(&checked.problems, &format!("/targets/0/{name}"), code);
    }
    let empty = check(json!({ "basic_auth_password": "", "extra_header_value": "" }));
    assert!(empty.plan.is_some(), "{:?}", empty.problems);
}

#[test]
fn a_proxy_is_the_environments_none_or_one_without_a_password() {
    let variables = vars(&[("HTTPS_PROXY", "http://user:c4nary@proxy.example:1")]);
    let checked = Layers::new()
        .set("a test", "/targets/0/url", URL.into())
        .environment(variables, &no_files)
        .check(&no_files);
    assert!(!format!("{checked:?}").contains("c4nary"));
    let plan = checked.plan.unwrap();
    let ProxyPlan::Environment(found) = &plan.targets[0].connection.proxy else {
        panic!("{plan:?}");
    };
    assert!(found.https.is_some() && found.http.is_none());
    let none = check(json!({ "proxy_url": "none" })).plan.unwrap();
    assert!(matches!(
        none.targets[0].connection.proxy,
        ProxyPlan::Direct
    ));
    for (given, code) in [
        ("http://user:c4nary@proxy.example", "secret_in_url"),
        ("socks5://proxy.example", "invalid_url"),
        ("proxy", "invalid_url"),
    ] {
        let checked = check(json!({ "proxy_url": given }));
        find(&checked.problems, "/targets/0/proxy_url", code);
        assert!(!format!("{checked:?}").contains("c4nary"), "{given}");
    }
}

#[test]
fn all_secrets_of_a_target_and_the_proxies_are_handed_over() {
    let mut checked = check(json!({
        "basic_auth_user": "u", "basic_auth_password": "c4nary1",
        "extra_header_name": "x-a", "extra_header_value": "c4nary2",
    }));
    let secrets = checked.config.take_secrets();
    let stored = serde_json::to_value(&checked.config).unwrap();
    assert!(!stored.to_string().contains("c4nary"));
    let kept = Some(Secret::from(secrets.to_json_exposed()));
    let proxies = ProxyVariables::from_vars(vars(&[("https_proxy", "http://c4nary3@p.example")]));
    let text = Secrets::hand_over(kept, &proxies).unwrap().unwrap();
    let handed = Secrets::from_json(text.expose()).unwrap();
    assert!(!format!("{handed:?}").contains("c4nary"));
    let again = Layers::new()
        .json("stored", stored)
        .secrets(handed)
        .check(&no_files);
    let plan = again.plan.unwrap();
    let connection = &plan.targets[0].connection;
    assert_eq!(
        connection.basic_auth.as_ref().unwrap().1.expose(),
        "c4nary1"
    );
    assert_eq!(connection.header.as_ref().unwrap().1.expose(), "c4nary2");
    let ProxyPlan::Environment(found) = &connection.proxy else {
        panic!("{connection:?}");
    };
    assert_eq!(
        found.https.as_ref().unwrap().expose(),
        "http://c4nary3@p.example"
    );
    assert!(
        Secrets::hand_over(None, &ProxyVariables::default())
            .unwrap()
            .is_none()
    );
}

#[test]
fn addresses_that_no_target_may_have_are_refused() {
    for url in [
        "http://169.254.169.254/",
        "http://[::ffff:169.254.169.254]/matomo.php",
    ] {
        let checked = check(json!({ "url": url }));
        find(&checked.problems, "/targets/0/url", "forbidden_address");
    }
}
