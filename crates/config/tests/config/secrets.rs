//! A planted token shows nowhere.

use config::{Checked, Format, Layers, Secret, Secrets};
use serde_json::json;

use crate::support::{TOKEN, URL, check_env, find, no_files, vars, with_target};

/// The planted token; its length is unusual, so that it is complained about.
const CANARY: &str = "canary5ecret";

/// Everything that a program may print or store of a check.
fn shown(checked: &Checked) -> String {
    let mut text = format!("{checked:?} {checked:#?}");
    text += &serde_json::to_string(&checked.config).expect("it serialises");
    text += &toml::to_string(&checked.config).expect("it serialises");
    text += &format!("{:?}", checked.origins);
    for problem in checked.problems.iter().chain(&checked.warnings) {
        text += &format!(
            "{problem} {}",
            serde_json::to_string(problem).expect("it serialises")
        );
    }
    text
}

#[track_caller]
fn assert_hidden(checked: &Checked) {
    let text = shown(checked);
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn a_token_shows_in_nothing_that_a_check_gives() {
    let checked = check_env(&[("MATOMO_TOKEN_AUTH", CANARY)]);
    assert_hidden(&checked);
    let plan = checked.plan.unwrap();
    assert_eq!(
        plan.targets[0].token.as_ref().unwrap().expose(),
        CANARY,
        "but it is there"
    );
}

#[test]
fn a_bad_token_is_refused_without_being_shown() {
    let blank = check_env(&[("MATOMO_TOKEN_AUTH", "canary 5ecret")]);
    find(&blank.problems, "/targets/0/token_auth", "invalid_token");
    assert_hidden(&blank);

    for bad in [
        json!(["canary"]),
        json!({ "canary": 1 }),
        json!([{ "a": "canary" }]),
    ] {
        let checked = with_target()
            .json("request", json!({ "targets": [{ "token_auth": bad }] }))
            .check(&no_files);
        find(&checked.problems, "/targets/0/token_auth", "wrong_type");
        assert_hidden(&checked);
    }
}

#[test]
fn a_token_in_a_broken_document_is_not_shown() {
    for text in [
        "[[targets]]\ntoken_auth = canary5ecret\n",
        "[[targets]]\ntoken_auth = \"canary5ecret\n",
        "[[targets]]\ntoken_auth = 'canary5ecret' 'canary'\n",
        "token_auth = \"canary5ecret\"\ntoken_auth = \"canary5ecret\"\n",
        "[[targets]]\ntoken_auth = 123canary\n",
        "[[targets]]\ntoken = \"canary5ecret\"\n",
        "token_auth = \"canary5ecret\"\n",
        "targets = \"canary5ecret\"\n",
        "[targets]\ntoken_auth = \"canary5ecret\"\n",
    ] {
        let checked = with_target()
            .document("run.toml", Format::Toml, text)
            .check(&no_files);
        assert!(!checked.problems.is_empty(), "{text}");
        assert_hidden(&checked);
    }
    for text in [
        "{\"targets\": [{\"token_auth\": \"canary5ecret}]}",
        "{\"token_auth\": canary}",
    ] {
        let checked = with_target()
            .document("run.json", Format::Json, text)
            .check(&no_files);
        assert!(!checked.problems.is_empty(), "{text}");
        assert_hidden(&checked);
    }
}

#[test]
fn a_secret_in_an_address_is_refused_and_not_shown() {
    for url in [
        "https://matomo.example/matomo.php?token_auth=canary5ecret",
        "https://me:canary5ecret@matomo.example/matomo.php",
        "https://canary@matomo.example/matomo.php",
        "ftp://me:canary/5ecret@matomo.example/matomo.php",
        "matomo.example?canary",
        "https://matomo.example/#canary",
    ] {
        assert_hidden(&check_env(&[("MATOMO_URL", url)]));
        let checked = Layers::new()
            .environment(vars(&[("MATOMO_URL", url)]), &no_files)
            .check(&no_files);
        assert!(!checked.problems.is_empty(), "{url}");
        assert_hidden(&checked);
    }
}

#[test]
fn secrets_are_taken_out_handed_over_and_put_back() {
    let mut checked = check_env(&[("MATOMO_TOKEN_AUTH", TOKEN)]);
    let secrets = checked.config.take_secrets();
    assert!(checked.config.targets[0].token_auth.is_none());
    assert!(!format!("{secrets:?}").contains(TOKEN));

    let text = secrets.to_json_exposed();
    assert_eq!(
        text,
        format!("{{\"targets\":[{{\"token_auth\":\"{TOKEN}\"}}]}}")
    );
    let stored = serde_json::to_value(&checked.config).unwrap();
    let again = Layers::new()
        .secrets(Secrets::from_json(&text).unwrap())
        .json("stored", stored)
        .check(&no_files);
    let plan = again.plan.unwrap();
    assert_eq!(plan.targets[0].token.as_ref().unwrap().expose(), TOKEN);
    assert_eq!(
        again.origins["/targets/0/token_auth"].to_string(),
        "handed-over secrets"
    );
    assert_eq!(plan.targets[0].url.as_str(), URL);
}

#[test]
fn a_broken_hand_over_file_is_refused_without_being_shown() {
    for text in [
        "{\"targets\":[{\"token_auth\":canary}]}",
        "{\"targets\":\"canary\"}",
        "{\"canary\":1}",
    ] {
        let error = Secrets::from_json(text).unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("canary"),
            "{error:?}"
        );
    }
    let empty = Secrets::from_json("{\"targets\":[{},{\"token_auth\":null}]}").unwrap();
    assert!(empty.is_empty());
    assert_eq!(empty.targets.len(), 2);
}

#[test]
fn a_secret_has_no_readable_debug() {
    let secret = Secret::from(CANARY.to_owned());
    assert_eq!(
        format!("{secret:?} {secret:#?}"),
        "Secret(hidden) Secret(hidden)"
    );
}
