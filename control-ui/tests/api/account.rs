//! The days and the account of a run: what is said of it adds up, and can be kept as one file.

use chrono::NaiveDate;
use control_ui::orchestrator::Ending;
use control_ui::orchestrator::fake::events;
use reqwest::Method;
use run_report::Outcome;
use serde_json::{Value, json};

use crate::app::{App, problem, spawn_app};
use control_ui::runs::RunId;

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, day).unwrap()
}

async fn days_of(app: &App, id: &RunId) -> Value {
    app.get(&format!("/api/runs/{id}/days")).await["days"].clone()
}

#[actix_web::test]
async fn a_later_word_on_a_day_takes_the_place_of_an_earlier_one() {
    let app = spawn_app().await;
    let id = app.running().await;
    assert_eq!(days_of(&app, &id).await, json!([]));
    for event in [
        events::day(date(2), 1, 0),
        events::day(date(1), 4, 6),
        events::day(date(1), 9, 1),
    ] {
        app.fake.say(&id, 1, event);
    }
    app.until(&id, |run| run["report_seq"] == 5).await;
    let days = days_of(&app, &id).await;
    assert_eq!(days[0]["day"], "2026-09-01");
    assert_eq!(days[0]["accepted"], 9);
    assert_eq!(days[0]["remaining"], 1);
    assert_eq!(days[0]["closed"], false);
    assert_eq!(days[1]["closed"], true);
    assert_eq!(days.as_array().unwrap().len(), 2);
    let other = format!("/api/runs/{}/days", "0".repeat(32));
    let answer = app.request(Method::GET, &other).send().await.unwrap();
    assert_eq!(problem(answer).await, (404, "not_found".into()));
}

#[actix_web::test]
async fn an_account_adds_up_and_names_what_nobody_knows() {
    let app = spawn_app().await;
    let id = app.running().await;
    app.fake.say(&id, 1, events::day(date(1), 10, 3));
    app.fake.end(
        &id,
        1,
        Ending {
            exit_code: Some(137),
            out_of_memory: false,
        },
    );
    app.until_state(&id, "failed").await;
    let account = app.get(&format!("/api/runs/{id}/account")).await;
    let checks = account["checks"].as_array().unwrap();
    assert!(checks.len() >= 5, "{account}");
    assert!(
        checks.iter().all(|check| check["adds_up"] == true),
        "{account}"
    );
    let not_known = account["not_known"].to_string();
    assert!(not_known.contains("3 hits were in flight"), "{not_known}");
    assert_eq!(account["attempts"][0]["number"], 1);
    assert_eq!(account["attempts"][0]["hits"], 10);
    assert_eq!(account["keys"]["population"], id.to_string());

    assert_eq!(app.ask(&id, "resume").await.status(), 202);
    app.wait_for_loader(&id, 2).await;
    app.fake.say(&id, 2, events::progress(11, 2));
    // A loader that settled what the day did not hear of.
    app.until(&id, |run| run["account"]["accepted"] == 11).await;
    let account = app.get(&format!("/api/runs/{id}/account")).await;
    assert_eq!(account["attempts"][1]["gap_s"], 0.0);
    let wrong = account["checks"].as_array().unwrap().iter();
    let wrong: Vec<_> = wrong.filter(|check| check["adds_up"] == false).collect();
    assert_eq!(wrong.len(), 1, "{account}");
    assert_eq!(wrong[0]["sum"], "accepted of all days = accepted");
}

#[actix_web::test]
async fn an_account_is_one_file_without_scripts_whose_texts_are_escaped() {
    let app = spawn_app().await;
    let body = json!({ "use_practice_target": true, "name": "<script>alert(1)</script>" });
    let id = app.started(body).await;
    app.wait_for_loader(&id, 1).await;
    app.fake.say(&id, 1, events::started());
    app.fake.say(&id, 1, events::finished(Outcome::Done, 13));
    app.fake.end(
        &id,
        1,
        Ending {
            exit_code: Some(0),
            out_of_memory: false,
        },
    );
    app.until_state(&id, "succeeded").await;
    let path = format!("/api/runs/{id}/account.html");
    let answer = app.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let named = answer.headers()["content-disposition"].to_str().unwrap();
    assert!(
        named.starts_with("attachment; filename=\"account-"),
        "{named}"
    );
    let page = answer.text().await.unwrap();
    assert!(page.contains("&lt;script&gt;"), "{page}");
    for foreign in ["<script", "http-equiv=\"refresh", "src=", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains(">13<"), "{page}");
}

#[actix_web::test]
async fn runs_are_listed_by_kind_and_people_are_shared_when_it_is_asked_for() {
    let app = spawn_app().await;
    let body = json!({ "use_practice_target": true, "population": "spring" });
    let first = app.started(body).await;
    let body = json!({ "use_practice_target": true, "same_people_as": first.to_string() });
    let second = app.started(body).await;
    assert_eq!(app.run(&second).await["population"], "spring");
    assert_eq!(app.run(&second).await["kind"], "realtime");
    let listed = app.get("/api/runs?kind=realtime").await;
    assert_eq!(listed["runs"].as_array().unwrap().len(), 2);
    let listed = app.get("/api/runs?kind=backfill").await;
    assert_eq!(listed["runs"], json!([]));
    for (body, code) in [
        (json!({ "same_people_as": "0".repeat(32) }), "run.unknown"),
        (json!({ "same_people_as": "x" }), "run.unknown"),
        (
            json!({ "same_people_as": first.to_string(), "population": "p" }),
            "population.twice",
        ),
    ] {
        let mut body = body;
        body["use_practice_target"] = json!(true);
        let answer = app.post("/api/runs", body).await;
        assert_eq!(answer.status(), 422);
        let refused: Value = answer.json().await.unwrap();
        assert_eq!(refused["errors"][0]["code"], code, "{refused}");
        assert_eq!(refused["errors"][0]["pointer"], "/same_people_as");
    }
}
