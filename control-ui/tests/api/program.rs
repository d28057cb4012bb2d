//! The program itself: its subcommands, what it prints, how it refuses to start.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::Client;
use serde_json::{Value, json};

pub(crate) const KEY: &str = "c4n4ry-key-c4n4ry-key-c4n4ry";
const TOKEN: &str = "c4n4ryc4n4ryc4n4ryc4n4ryc4n4ry00";

pub(crate) fn program(data: &Path, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_control-ui"));
    command
        .env_clear()
        .env("LISTEN", listen)
        .env("DATA_DIR", data)
        .env("ORCHESTRATOR", "process")
        .env("LOADER_BIN", "/nowhere/loader")
        .env("CONTROL_UI_API_KEY", KEY);
    command
}

/// A serving program; ends with the test.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
    code: String,
}

impl Serving {
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_as(program(data, "127.0.0.1:0"))
    }

    pub(crate) fn start_as(mut command: Command) -> Self {
        let command = command
            .arg("serve")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let link = line
            .trim()
            .strip_prefix("Open ")
            .expect("a link in a line of its own");
        let (address, code) = link.split_once("/#code=").unwrap();
        Self {
            address: address.to_owned(),
            code: code.to_owned(),
            child,
        }
    }

    async fn sign_in(&self, code: &str) -> u16 {
        let request = client().post(format!("{}/api/session", self.address));
        request
            .json(&json!({ "code": code }))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }

    /// Tells it to stop; its log.
    pub(crate) fn stop(mut self) -> String {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        kill(pid, Signal::SIGTERM).unwrap();
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        assert!(self.child.wait().unwrap().success(), "{log}");
        log
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn client() -> Client {
    // Fails when another test of this process was first, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().unwrap()
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[actix_web::test]
async fn it_prints_a_link_answers_health_checks_makes_another_link_and_stops() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::start(data.path());
    let listen = serving.address.trim_start_matches("http://").to_owned();
    let health = program(data.path(), &listen)
        .arg("healthcheck")
        .output()
        .unwrap();
    assert!(health.status.success(), "{}", said(&health));
    assert_eq!(serving.sign_in(&serving.code).await, 204);

    let another = program(data.path(), &listen)
        .arg("login-link")
        .output()
        .unwrap();
    let another = String::from_utf8(another.stdout).unwrap();
    let (address, code) = another.trim().split_once("/#code=").unwrap();
    assert_eq!(address, serving.address);
    assert_eq!(serving.sign_in(code).await, 204);
    assert_eq!(serving.sign_in(code).await, 401);
    let code = serving.code.clone();
    let log = serving.stop();
    assert!(!log.contains(&code), "the log holds no code");
    assert!(!log.contains(KEY), "the log holds no key");

    let health = program(data.path(), &listen)
        .arg("healthcheck")
        .output()
        .unwrap();
    assert_eq!(health.status.code(), Some(1));
    assert!(
        said(&health).contains("nobody listens"),
        "{}",
        said(&health)
    );
}

#[actix_web::test]
async fn its_log_repeats_no_token_and_says_why_no_loader_starts() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::start(data.path());
    let client = client();
    let config = json!({ "targets": [{ "url": "https://matomo.example/", "token_auth": TOKEN }] });
    let request = client
        .post(format!("{}/api/runs", serving.address))
        .header("X-API-Key", KEY);
    let answer = request
        .json(&json!({ "config": config, "trial": 1 }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 503);
    let answer: Value = answer.json().await.unwrap();
    assert!(
        answer["detail"]
            .as_str()
            .unwrap()
            .contains("/nowhere/loader"),
        "{answer}"
    );
    let log = serving.stop();
    assert!(log.contains("LOADER_BIN"), "{log}");
    assert!(!log.contains(TOKEN) && !log.contains(KEY), "{log}");
}

#[actix_web::test]
async fn its_own_log_can_be_read_and_downloaded() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::start(data.path());
    let get = async |path: &str| {
        let request = client().get(format!("{}{path}", serving.address));
        request.header("X-API-Key", KEY).send().await.unwrap()
    };
    let log: Value = get("/api/logs?level=info&contains=LISTENING")
        .await
        .json()
        .await
        .unwrap();
    let line = &log["lines"][0];
    assert_eq!(line["stream"], "control");
    assert_eq!(line["level"], "info");
    assert!(
        line["text"]
            .as_str()
            .unwrap()
            .starts_with("the control plane is listening port="),
        "{log}"
    );
    let file = get("/api/logs/download").await;
    let disposition = file.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(disposition, "attachment; filename=\"control-ui.log\"");
    let text = file.text().await.unwrap();
    assert!(
        text.contains(" info  the control plane is listening"),
        "{text}"
    );
    serving.stop();
}

#[test]
fn it_refuses_to_start_with_a_clear_sentence() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("file");
    std::fs::write(&file, "").unwrap();
    let refused = |command: &mut Command| {
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        said(&output)
    };
    let unwritable = refused(&mut program(&file, "127.0.0.1:0"));
    assert!(unwritable.contains("DATA_DIR="), "{unwritable}");
    let mut known = program(data.path(), "127.0.0.1:0");
    let known = refused(known.env("CONTROL_UI_API_KEY", config::KNOWN_DEFAULT_KEYS[0]));
    assert!(known.contains("well-known"), "{known}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let taken = refused(&mut program(data.path(), &listen));
    assert!(taken.contains("LISTEN="), "{taken}");
}

#[test]
fn two_control_planes_do_not_share_their_data() {
    let data = tempfile::tempdir().unwrap();
    let first = Serving::start(data.path());
    let second = program(data.path(), "127.0.0.1:0").output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(
        said(&second).contains("another control plane"),
        "{}",
        said(&second)
    );
    first.stop();
}

#[test]
fn it_prints_its_openapi_document() {
    let data = tempfile::tempdir().unwrap();
    let printed = program(data.path(), "127.0.0.1:0")
        .arg("openapi")
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}

#[actix_web::test]
async fn what_keeps_every_run_from_starting_is_said_at_the_start() {
    let data = tempfile::tempdir().unwrap();
    let mut command = program(data.path(), "127.0.0.1:0");
    command
        .env("URLS_FILE", "/config/urls.txt")
        .env("MATOMO_TOKEN_AUTH", TOKEN)
        .env("CONCURRENCY", "0");
    let log = Serving::start_as(command).stop();
    for said in ["URLS_FILE", "loader run", "CONCURRENCY"] {
        assert!(log.contains(said), "{said}: {log}");
    }
    assert!(!log.contains("MATOMO_URL"), "people name the target: {log}");
    assert!(!log.contains(TOKEN));
}
