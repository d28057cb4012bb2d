//! What is served besides tracking: ledger, page, reporting stub, capacity, the program itself.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::practice::{HIT, Practice, TOKEN};
use serde_json::{Value, json};

#[tokio::test]
async fn workers_take_turns_and_whoever_asks_for_the_ledger_does_not_wait() {
    let practice = Practice::start("--workers 1 --request-ms 30 --hit-ms 10").await;
    let begun = Instant::now();
    let body = json!({ "requests": [format!("?{HIT}"), format!("?{HIT}")] });
    let (first, second) = tokio::join!(practice.get(HIT).send(), practice.bulk(body).send());
    assert_eq!(first.unwrap().status(), 200);
    assert_eq!(second.unwrap().status(), 200);
    // 30 + 10 for the single hit, 30 + 2 × 10 for the bulk, one after the other.
    assert!(begun.elapsed() >= Duration::from_millis(90));
    let summary = practice.summary().await;
    assert_eq!(summary["hits"], 3);
    assert_eq!(
        (
            &summary["capacity"]["workers"],
            &summary["capacity"]["waiting"]
        ),
        (&json!(1), &json!(0))
    );
}

#[tokio::test]
async fn a_busy_practice_target_still_shows_its_ledger_control_and_page() {
    let practice = Practice::start("--workers 1 --request-ms 600000").await;
    let busy = tokio::spawn(practice.get(HIT).send());
    practice.until_summary("requests", 1).await;
    for path in [
        "/ledger/summary",
        "/ledger/hits",
        "/control",
        "/livez",
        "/",
        "/page.js",
        "/page.css",
    ] {
        let answer = practice
            .client
            .get(format!("{}{path}", practice.base))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    assert!(!busy.is_finished());
    busy.abort();
}

#[tokio::test]
async fn the_ledger_can_be_paged_and_reset() {
    let practice = Practice::start("--max-hits-kept 4").await;
    for n in 0..6 {
        practice.get(&format!("{HIT}&n={n}")).send().await.unwrap();
    }
    let page = practice.json("/ledger/hits?offset=3&limit=2").await;
    assert_eq!(
        (&page["total"], &page["offset"], &page["dropped"]),
        (&json!(6), &json!(3), &json!(2))
    );
    let kept: Vec<_> = page["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| &hit["params"]["n"])
        .collect();
    assert_eq!(kept, ["3", "4"]);
    assert_eq!(practice.summary().await["dropped_from_ledger"], 2);

    let bad = practice
        .client
        .get(format!("{}/ledger/hits?limit=-1", practice.base))
        .send();
    assert_eq!(bad.await.unwrap().status(), 400);

    let url = format!("{}/ledger/reset", practice.base);
    assert_eq!(
        practice.client.post(&url).send().await.unwrap().status(),
        200
    );
    let summary = practice.summary().await;
    assert_eq!(
        (&summary["requests"], &summary["hits"], &summary["visits"]),
        (&json!(0), &json!(0), &json!(0))
    );
    let from_elsewhere = practice
        .client
        .post(&url)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(from_elsewhere.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn the_version_is_told_to_whoever_has_the_token() {
    let practice = Practice::start("").await;
    let url = format!("{}/index.php", practice.base);
    let ask = |token: &str| {
        let form = [
            ("module", "API"),
            ("method", "API.getMatomoVersion"),
            ("format", "json"),
            ("token_auth", token),
        ];
        practice.client.post(&url).form(&form).send()
    };
    let value: Value = ask(TOKEN).await.unwrap().json().await.unwrap();
    assert_eq!(value, json!({ "value": "5.2.0" }));
    let refused = ask("wrong").await.unwrap();
    assert_eq!(refused.status(), 200);
    assert_eq!(refused.json::<Value>().await.unwrap()["result"], "error");
}

#[tokio::test]
async fn rights_and_sites_are_told_by_the_tokens_role() {
    for (role, superuser, admin, write) in [
        ("super", true, json!([1, 7]), json!([])),
        ("admin", false, json!([1, 7]), json!([])),
        ("write", false, json!([]), json!([1, 7])),
        ("view", false, json!([]), json!([])),
    ] {
        let practice = Practice::start(&format!(
            "--sites 1,7 --token-role {role} --time-zone Europe/Stockholm"
        ))
        .await;
        let url = format!("{}/index.php?module=API&format=json", practice.base);
        let ask = async |method: &str, site: &str| {
            let form = [("method", method), ("idSite", site), ("token_auth", TOKEN)];
            let answer = practice.client.post(&url).form(&form).send().await.unwrap();
            answer.json::<Value>().await.unwrap()
        };
        let told = ask("UsersManager.hasSuperUserAccess", "").await;
        assert_eq!(told, json!({ "value": superuser }), "{role}");
        let told = ask("SitesManager.getSitesIdWithAdminAccess", "").await;
        assert_eq!(told, admin, "{role}");
        let told = ask("SitesManager.getSitesIdWithWriteAccess", "").await;
        assert_eq!(told, write, "{role}");
        let site = ask("SitesManager.getSiteFromId", "7").await;
        assert_eq!(site["name"], "Practice site 7");
        assert_eq!(site["timezone"], "Europe/Stockholm");
        let unknown = ask("SitesManager.getSiteFromId", "8").await;
        assert_eq!(unknown["result"], "error");
        assert_eq!(ask("Live.getCounters", "7").await["result"], "error");
    }
}

#[tokio::test]
async fn the_page_says_what_it_is_and_loads_nothing_from_elsewhere() {
    let practice = Practice::start("").await;
    let answer = practice.client.get(&practice.base).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let page = answer.text().await.unwrap();
    assert!(page.contains("practice target: not Matomo, no reports"));
    assert!(!page.contains("http://") && !page.contains("https://"));
    assert!(!page.contains("<style") && !page.contains("onclick"));
}

#[tokio::test]
async fn the_second_address_takes_no_hits() {
    let practice = Practice::start("").await;
    let url = format!("{}/matomo.php?{HIT}", practice.control);
    assert_eq!(practice.client.get(url).send().await.unwrap().status(), 404);
    assert_eq!(practice.summary().await["requests"], 0);
}

#[test]
fn the_program_tells_its_address_is_healthy_and_stops_on_sigterm() {
    let program = env!("CARGO_BIN_EXE_demo-matomo");
    let mut child = Command::new(program)
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .trim()
        .strip_prefix("listening on http://")
        .unwrap()
        .to_owned();
    let healthy = || {
        let mut check = Command::new(program);
        check
            .args(["healthcheck", "--listen", &address])
            .stderr(Stdio::null());
        check.status().unwrap().code()
    };
    assert_eq!(healthy(), Some(0));
    let stop = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(stop.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(healthy(), Some(1));
}
