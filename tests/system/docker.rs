//! The same promises with loaders in containers, and the whole as people start it: with Compose.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use harness::control::{ControlPlane, Settings};
use harness::docker::{LOADER_IMAGE, Network, container_of, docker, docker_with, engine, logs};
use harness::practice::{Practice, TOKEN};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::runs::{account_equals_ledger, adds_up, full_run, short};

const WITHIN: Duration = Duration::from_secs(120);

async fn control_plane(network: &Network) -> Result<(ControlPlane, TempDir)> {
    let folder = tempfile::tempdir()?;
    let settings = Settings {
        data: folder.path().join("data"),
        orchestrator: "docker",
        environment: vec![
            ("LOADER_IMAGE".into(), LOADER_IMAGE.into()),
            ("LOADER_NETWORK".into(), network.name.clone()),
        ],
    };
    std::fs::create_dir_all(&settings.data)?;
    Ok((ControlPlane::start(settings).await?, folder))
}

#[tokio::test]
async fn three_hundred_visits_by_each_method_from_containers_are_counted_exactly() -> Result<()> {
    if !engine("three_hundred_visits_by_each_method_from_containers_are_counted_exactly")? {
        return Ok(());
    }
    for method in ["beacon", "get", "bulk"] {
        let network = Network::with_practice_target(method)?;
        let practice = Practice::at(&network.ledger)?;
        let (plane, _folder) = control_plane(&network).await?;
        let id = plane
            .start_run(&full_run(
                &short(network.url(), method, 300),
                network.host(),
            ))
            .await?;

        let run = plane
            .run_in(&id, &["succeeded", "failed", "lost", "cancelled"], WITHIN)
            .await?;

        ensure!(run["state"] == "succeeded", "{method}: {run}");
        let summary = account_equals_ledger(&run["account"], &practice).await?;
        ensure!(summary.visitors == 300, "{method}: {summary:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_loader_container_has_no_secret_to_inspect_and_no_right_it_does_not_need() -> Result<()> {
    if !engine("a_loader_container_has_no_secret_to_inspect_and_no_right_it_does_not_need")? {
        return Ok(());
    }
    let network = Network::with_practice_target("inspect")?;
    let practice = Practice::at(&network.ledger)?;
    let (plane, _folder) = control_plane(&network).await?;
    let id = plane
        .start_run(&full_run(
            &short(network.url(), "beacon", 100_000),
            network.host(),
        ))
        .await?;
    harness::until("hits arrive", WITHIN, || async {
        Ok((20 < practice.summary().await?.hits).then_some(()))
    })
    .await?;

    let container = container_of(&id)?;
    let inspected = docker(&["inspect", &container])?;
    ensure!(!inspected.contains(TOKEN), "docker inspect shows the token");
    ensure!(
        !logs(&container)?.contains(TOKEN),
        "docker logs show the token"
    );
    let inspected: Value = serde_json::from_str(&inspected)?;
    let (config, host) = (&inspected[0]["Config"], &inspected[0]["HostConfig"]);
    ensure!(config["User"] == "65532:65532", "{config}");
    ensure!(
        host["ReadonlyRootfs"] == true && host["Privileged"] == false,
        "{host}"
    );
    ensure!(host["CapDrop"] == json!(["ALL"]), "{host}");
    ensure!(
        host["SecurityOpt"]
            .to_string()
            .contains("no-new-privileges"),
        "{host}"
    );
    for limit in ["Memory", "PidsLimit", "CpuQuota"] {
        ensure!(
            host[limit].as_i64().is_some_and(|value| 0 < value),
            "{limit}: {host}"
        );
    }
    ensure!(
        host["PortBindings"]
            .as_object()
            .is_none_or(serde_json::Map::is_empty),
        "{host}"
    );
    ensure!(
        docker(&["cp", &format!("{container}:/state/secrets.json"), "-"]).is_err(),
        "the copy of the secret is gone once read"
    );

    plane
        .post(&format!("/api/runs/{id}/stop"), &json!({}))
        .await?;
    let ended = plane.run_in(&id, &["cancelled"], WITHIN).await?;
    ensure!(adds_up(&ended["account"]), "{ended}");
    ensure!(
        ended["account"]["accepted"] == json!(practice.summary().await?.hits),
        "{ended}"
    );
    Ok(())
}

#[tokio::test]
async fn a_killed_control_plane_finds_its_container_again_and_a_killed_container_is_told()
-> Result<()> {
    if !engine("a_killed_control_plane_finds_its_container_again_and_a_killed_container_is_told")? {
        return Ok(());
    }
    let network = Network::with_practice_target("kill")?;
    let practice = Practice::at(&network.ledger)?;
    let (plane, _folder) = control_plane(&network).await?;
    let id = plane
        .start_run(&full_run(
            &short(network.url(), "beacon", 600),
            network.host(),
        ))
        .await?;
    harness::until("hits arrive", WITHIN, || async {
        Ok((20 < practice.summary().await?.hits).then_some(()))
    })
    .await?;
    let plane = plane.kill_and_start_again().await?;
    let run = plane
        .run_in(&id, &["succeeded", "failed", "lost", "cancelled"], WITHIN)
        .await?;
    ensure!(run["state"] == "succeeded", "{run}");
    account_equals_ledger(&run["account"], &practice).await?;

    let second = plane
        .start_run(&full_run(
            &short(network.url(), "beacon", 100_000),
            network.host(),
        ))
        .await?;
    harness::until("hits are accepted", WITHIN, || async {
        let run = plane.run(&second).await?;
        Ok((50 < run["account"]["accepted"].as_u64().unwrap_or(0)).then_some(()))
    })
    .await?;
    docker(&["kill", "--signal", "KILL", &container_of(&second)?])?;
    let killed = plane.run_in(&second, &["failed", "lost"], WITHIN).await?;
    ensure!(killed["state"] == "failed", "{killed}");
    ensure!(
        killed["outcome_reason"].to_string().contains("137"),
        "the cause is named: {killed}"
    );
    ensure!(killed["doubt"]["message"].is_string(), "{killed}");
    ensure!(adds_up(&killed["account"]), "{killed}");
    Ok(())
}

/// A project of Compose that goes, with its volumes, when its handle does.
struct Compose {
    project: String,
    environment: Vec<(&'static str, String)>,
}

impl Compose {
    fn run(&self, arguments: &[&str]) -> Result<String> {
        let project = [
            "compose",
            "--project-name",
            &self.project,
            "--profile",
            "demo",
        ];
        docker_with(&[&project[..], arguments].concat(), &self.environment)
    }
}

impl Drop for Compose {
    fn drop(&mut self) {
        let label = format!("network={}_default", self.project);
        let loaders = docker(&["ps", "--all", "--quiet", "--filter", &label]).unwrap_or_default();
        for container in loaders.lines() {
            let _ = docker(&["rm", "--force", "--volumes", container]); // Gone already: nothing to do.
        }
        let _ = self.run(&["down", "--volumes", "--timeout", "5"]);
    }
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}

/// What a browser does that opened the link from the log.
struct Visitor {
    http: reqwest::Client,
    base: String,
    cookie: String,
}

impl Visitor {
    async fn signs_in(link: &str) -> Result<Self> {
        let (base, code) = link
            .split_once("/#code=")
            .context("the link holds a code")?;
        let http = harness::control::http_client()?;
        let session = http.post(format!("{base}/api/session"));
        let signed_in = session.json(&json!({ "code": code })).send().await?;
        ensure!(signed_in.status() == 204, "{}", signed_in.status());
        let cookie = signed_in.headers()["set-cookie"].to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Self {
            http,
            base: base.to_owned(),
            cookie,
        })
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let request = self.http.get(format!("{}{path}", self.base));
        Ok(request
            .header("cookie", &self.cookie)
            .send()
            .await?
            .json()
            .await?)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.http.post(format!("{}{path}", self.base)).json(body);
        Ok(request
            .header("cookie", &self.cookie)
            .send()
            .await?
            .json()
            .await?)
    }
}

#[tokio::test]
async fn compose_brings_up_the_whole_and_a_trial_of_its_page_is_counted_exactly() -> Result<()> {
    if !engine("compose_brings_up_the_whole_and_a_trial_of_its_page_is_counted_exactly")? {
        return Ok(());
    }
    let (port, ledger) = (free_port()?, free_port()?);
    let compose = Compose {
        project: format!("trafficinator-test-{}", std::process::id()),
        environment: vec![
            ("CONTROL_UI_PORT", port.to_string()),
            ("DEMO_MATOMO_PORT", ledger.to_string()),
        ],
    };
    compose.run(&["up", "--detach", "--wait", "--no-build"])?;
    let said = compose.run(&["logs", "--no-log-prefix", "control-ui"])?;
    let link = said
        .lines()
        .find_map(|line| Some(line.split_once("Open ")?.1.trim()))
        .context("the log prints the link")?;
    ensure!(
        link.starts_with(&format!("http://127.0.0.1:{port}/")),
        "the link opens here: {link}"
    );
    let visitor = Visitor::signs_in(link).await?;
    let page = visitor.http.get(&visitor.base).send().await?.text().await?;
    ensure!(
        page.contains("<title>") && page.contains("script"),
        "the page is served: {page}"
    );
    let another = compose.run(&["exec", "-T", "control-ui", "/control-ui", "login-link"])?;
    let another = another
        .lines()
        .find(|line| line.contains("/#code="))
        .context("another link")?;
    Visitor::signs_in(another.trim().trim_start_matches("Open ")).await?;

    let status = visitor.get("/api/status").await?;
    ensure!(
        status["practice_target"]["host"] == "demo-matomo:8080",
        "{status}"
    );
    let behaviour = json!({ "visit_duration_min": 0.1, "visit_duration_max": 0.12 });
    let trial =
        json!({ "use_practice_target": true, "config": { "behaviour": behaviour }, "trial": 30 });
    let run = visitor.post("/api/runs", &trial).await?;
    let id = run["id"]
        .as_str()
        .with_context(|| format!("the run started: {run}"))?;
    let ended = harness::until("the trial has ended", WITHIN, || async {
        let run = visitor.get(&format!("/api/runs/{id}")).await?;
        let ended =
            ["succeeded", "failed", "lost"].contains(&run["state"].as_str().unwrap_or_default());
        Ok(ended.then_some(run))
    })
    .await?;

    ensure!(ended["state"] == "succeeded", "{ended}");
    let practice = Practice::at(&format!("http://127.0.0.1:{ledger}"))?;
    let summary = account_equals_ledger(&ended["account"], &practice).await?;
    ensure!(summary.visits == 30, "{summary:?}");
    Ok(())
}

#[tokio::test]
async fn the_loader_image_runs_an_environment_file_of_the_python_original() -> Result<()> {
    if !engine("the_loader_image_runs_an_environment_file_of_the_python_original")? {
        return Ok(());
    }
    let network = Network::with_practice_target("dotenv")?;
    let practice = Practice::at(&network.ledger)?;
    let file = tempfile::NamedTempFile::new()?;
    let url = network.url();
    std::fs::write(
        file.path(),
        format!(
            "# Matomo\nMATOMO_URL={url}\nMATOMO_SITE_ID=1\nMATOMO_TOKEN_AUTH={TOKEN}\n\
             TARGET_VISITS_PER_DAY=2000\nPAGEVIEWS_MIN=3\nPAGEVIEWS_MAX=4\nCONCURRENCY=50\n\
             PAUSE_BETWEEN_PVS_MIN=0.1\nPAUSE_BETWEEN_PVS_MAX=0.2\nAUTO_STOP_AFTER_HOURS=0\n\
             RANDOMIZE_VISITOR_COUNTRIES=true\nECOMMERCE_CURRENCY=SEK\nTIMEZONE=CET\nAUTO_START=true\n"
        ),
    )?;
    let path = file.path().to_string_lossy().into_owned();

    let said = docker(&[
        "run",
        "--rm",
        "--network",
        &network.name,
        "--env-file",
        &path,
        LOADER_IMAGE,
        "run",
        "--trial",
        "10",
    ])?;

    let finished = said
        .lines()
        .filter_map(|line| run_report::Line::parse(line).ok())
        .find_map(|line| match line.event {
            run_report::Event::Finished(finished) => Some(finished),
            _ => None,
        })
        .context("the loader had a last word")?;
    ensure!(
        finished.account.accepted == finished.account.planned,
        "{finished:?}"
    );
    let summary = practice.summary().await?;
    ensure!(
        summary.hits == finished.account.accepted && summary.visits == 10,
        "{summary:?}"
    );
    ensure!(!said.contains(TOKEN), "the token is in the report");
    let countries = practice
        .hits()
        .await?
        .iter()
        .filter(|hit| hit.params.contains_key("cip"))
        .count();
    ensure!(
        0 < countries,
        "the token was proven, so visitors have addresses of their own"
    );
    Ok(())
}
