//! A control plane for one test, and what people do with it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use config::Secret;
use control_ui::app::{Application, Replacements};
use control_ui::configuration::Operator;
use control_ui::orchestrator::fake::{Fake, events};
use control_ui::runs::RunId;
use control_ui::settings::{OrchestratorKind, Practice, SessionTimes, Settings};
use control_ui::time::{Clock, Timestamp};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The key that programs use in tests.
pub(crate) const KEY: &str = "a-key-for-tests-only-0123456789";

/// The moment at which manual clocks begin.
pub(crate) const NOON: Timestamp = Timestamp(1_790_000_000_000);

/// Nothing here takes longer, not even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// How long a connection may take nothing. No test but the one of it is still for so long while something is sent.
const STALL: Duration = Duration::from_secs(4);

/// A control plane that serves.
pub(crate) struct App {
    pub(crate) address: String,
    pub(crate) port: u16,
    pub(crate) fake: Fake,
    pub(crate) clock: Clock,
    pub(crate) client: Client,
    /// The sign-in code of its link.
    pub(crate) code: String,
    data: Arc<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<std::io::Result<()>>>,
}

/// What a test wants to be different.
pub(crate) struct Wish {
    pub(crate) fake: Fake,
    pub(crate) clock: Clock,
    pub(crate) boot: &'static str,
    pub(crate) data: Arc<TempDir>,
    pub(crate) change: fn(&mut Settings),
    pub(crate) compare_every: Option<Duration>,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            fake: Fake::default(),
            clock: Clock::manual(NOON),
            boot: "boot-1",
            data: Arc::new(tempfile::tempdir().unwrap()),
            change: |_| {},
            compare_every: None,
        }
    }
}

/// Settings that listen on any port of the loopback.
pub(crate) fn settings(data: &Path) -> Settings {
    Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        data_dir: data.to_owned(),
        orchestrator: OrchestratorKind::Process,
        loader_image: "unused".into(),
        loader_bin: "unused".into(),
        contained: false,
        loader_network: None,
        api_key: Some(Secret::from(KEY.to_owned())),
        practice: Some(Practice {
            url: "http://127.0.0.1:9/matomo.php".parse().unwrap(),
            token: None,
        }),
        public_url: None,
        allowed_hosts: Vec::new(),
        operator: Operator::default(),
        trusted_proxies: Vec::new(),
        sessions: SessionTimes::new(12, 7),
    }
}

pub(crate) async fn spawn_app() -> App {
    spawn(Wish::default()).await
}

pub(crate) async fn spawn(wish: Wish) -> App {
    // Fails when another test of this process was first, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut settings = settings(wish.data.path());
    (wish.change)(&mut settings);
    let replace = Replacements {
        orchestrator: Some(Arc::new(wish.fake.clone())),
        clock: Some(wish.clock.clone()),
        boot: Some(wish.boot.to_owned()),
        ping: Some(Duration::from_millis(200)),
        stall: Some(STALL),
        compare_every: wish.compare_every,
        ..Replacements::default()
    };
    let application = Application::build(settings, replace).await.unwrap();
    let link = application.sign_in_link().await.unwrap();
    let code = link.expose().split_once("#code=").unwrap().1.to_owned();
    let port = application.port();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(application.run_until_stopped(async {
        let _ = stopped.await;
    }));
    App {
        address: format!("http://127.0.0.1:{port}"),
        port,
        fake: wish.fake,
        clock: wish.clock,
        client: Client::builder().no_proxy().build().unwrap(),
        code,
        data: wish.data,
        stop: Some(stop),
        serving: Some(serving),
    }
}

impl App {
    /// Ends this control plane and starts another one on the same data and loaders.
    pub(crate) async fn restart(mut self, boot: &'static str) -> App {
        self.shut_down().await;
        spawn(Wish {
            fake: self.fake.clone(),
            clock: self.clock.clone(),
            boot,
            data: Arc::clone(&self.data),
            ..Wish::default()
        })
        .await
    }

    pub(crate) async fn shut_down(&mut self) {
        drop(self.stop.take());
        if let Some(serving) = self.serving.take() {
            let ended = tokio::time::timeout(PATIENCE, serving).await;
            ended.expect("the server ends in time").unwrap().unwrap();
        }
    }

    /// A request with the key.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.stranger(method, path).header("X-API-Key", KEY)
    }

    /// A request without credentials.
    pub(crate) fn stranger(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.address))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Response {
        let request = self.request(Method::POST, path).json(&body);
        request.send().await.unwrap()
    }

    /// Asks something of a run: stop, pause, resume.
    pub(crate) async fn ask(&self, id: &RunId, what: &str) -> Response {
        let path = format!("/api/runs/{id}/{what}");
        self.request(Method::POST, &path).send().await.unwrap()
    }

    /// Exchanges a code for a session cookie.
    pub(crate) async fn sign_in(&self, code: &str) -> Response {
        let request = self.stranger(Method::POST, "/api/session");
        request.json(&json!({ "code": code })).send().await.unwrap()
    }

    pub(crate) async fn run(&self, id: &RunId) -> Value {
        self.get(&format!("/api/runs/{id}")).await
    }

    /// Waits until a run is as a test wants it.
    pub(crate) async fn until(&self, id: &RunId, what: impl Fn(&Value) -> bool) -> Value {
        let wait = async {
            loop {
                let run = self.run(id).await;
                if what(&run) {
                    return run;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(run) => run,
            Err(_) => panic!("the run stays {}", self.run(id).await),
        }
    }

    pub(crate) async fn until_state(&self, id: &RunId, state: &str) -> Value {
        self.until(id, |run| run["state"] == state).await
    }

    /// Starts a full run at the practice target, whose loader reports.
    pub(crate) async fn running(&self) -> RunId {
        let id = self.started(json!({ "use_practice_target": true })).await;
        self.until(&id, |run| run["state"] == "starting").await;
        self.wait_for_loader(&id, 1).await;
        self.fake.say(&id, 1, events::started());
        self.fake.say(&id, 1, events::progress(10, 3));
        self.until(&id, |run| run["account"]["accepted"] == 10)
            .await;
        id
    }

    pub(crate) async fn started(&self, body: Value) -> RunId {
        let answer = self.post("/api/runs", body).await;
        assert_eq!(answer.status(), 201);
        id_of(&answer.json().await.unwrap())
    }

    pub(crate) async fn wait_for_loader(&self, id: &RunId, attempt: u32) {
        let wait = async {
            while self.fake.request(id, attempt).is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait)
            .await
            .expect("a loader is started");
    }

    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }
}

pub(crate) fn id_of(run: &Value) -> RunId {
    RunId::parse(run["id"].as_str().unwrap()).unwrap()
}

/// The code of a problem, after checking that it is one.
pub(crate) async fn problem(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(kind, "application/problem+json");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["status"], status);
    let code = body["code"].as_str().unwrap().to_owned();
    assert_eq!(body["type"], format!("/docs#problem-{code}"));
    (status, code)
}
