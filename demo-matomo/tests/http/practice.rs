//! A practice target in the test's own process, on a port of the system's choice.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use clap::Parser;
use demo_matomo::{Cli, Server};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The token that the practice target knows.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// A hit that is recorded.
pub(crate) const HIT: &str = "idsite=1&rec=1&cid=aaaaaaaaaaaaaaaa&url=http%3A%2F%2Fa%2F";
/// How long a condition may take to come true before a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A practice target that is serving.
pub(crate) struct Practice {
    pub(crate) base: String,
    pub(crate) address: SocketAddr,
    /// Base of the second listener, which every test has.
    pub(crate) control: String,
    pub(crate) client: Client,
}

impl Practice {
    pub(crate) async fn start(options: &str) -> Self {
        // Reqwest is built without a provider; that another test was first is no matter.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let line = format!(
            "demo-matomo --listen 127.0.0.1:0 --control-listen 127.0.0.1:0 --token {TOKEN} {options}"
        );
        let cli = Cli::try_parse_from(line.split_whitespace()).unwrap();
        let server = Server::bind(&cli.options).await.unwrap();
        let address = server.address().unwrap();
        let control = format!("http://{}", server.control_address().unwrap().unwrap());
        tokio::spawn(server.run(std::future::pending()));
        let base = format!("http://{address}");
        Self {
            base,
            address,
            control,
            client: Client::new(),
        }
    }

    pub(crate) fn get(&self, query: &str) -> RequestBuilder {
        self.client.get(format!("{}/matomo.php?{query}", self.base))
    }

    pub(crate) fn beacon(&self, query: &str) -> RequestBuilder {
        self.client
            .post(format!("{}/matomo.php?{query}", self.base))
    }

    pub(crate) fn form(&self, query: &str, form: &str) -> RequestBuilder {
        self.beacon(query)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned())
    }

    pub(crate) fn bulk(&self, body: impl ToString) -> RequestBuilder {
        self.client
            .post(format!("{}/matomo.php", self.base))
            .body(body.to_string())
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        self.client
            .get(format!("{}{path}", self.control))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    pub(crate) async fn summary(&self) -> Value {
        self.json("/ledger/summary").await
    }

    pub(crate) async fn hits(&self) -> Vec<Value> {
        self.json("/ledger/hits").await["hits"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// Sets faults; the rules are JSON.
    pub(crate) async fn misbehave(&self, rules: &str) {
        let answer = self.control(&format!("{{\"faults\":[{rules}]}}")).await;
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }

    pub(crate) async fn control(&self, body: &str) -> Response {
        let url = format!("{}/control", self.control);
        self.client
            .post(url)
            .body(body.to_owned())
            .send()
            .await
            .unwrap()
    }

    /// How often the first fault fired.
    pub(crate) async fn fired(&self) -> u64 {
        self.json("/control").await["faults"][0]["fired"]
            .as_u64()
            .unwrap()
    }

    pub(crate) async fn until_fired(&self, times: u64) {
        let begun = Instant::now();
        while self.fired().await < times {
            assert!(
                begun.elapsed() < PATIENCE,
                "the fault did not fire {times} times"
            );
            tokio::task::yield_now().await;
        }
    }

    pub(crate) async fn until_summary(&self, key: &str, value: u64) {
        let begun = Instant::now();
        while self.summary().await[key] != value {
            assert!(begun.elapsed() < PATIENCE, "{key} did not become {value}");
            tokio::task::yield_now().await;
        }
    }

    /// Waits until new connections are taken, or are not.
    pub(crate) async fn until_connecting(&self, works: bool) {
        let begun = Instant::now();
        while TcpStream::connect(self.address).await.is_ok() != works {
            assert!(
                begun.elapsed() < PATIENCE,
                "connecting did not become {works}"
            );
            tokio::task::yield_now().await;
        }
    }

    /// Sends one GET over a connection of its own and returns what came before its end.
    pub(crate) async fn raw(&self, query: &str) -> (Vec<u8>, std::io::Result<()>) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET /matomo.php?{query} HTTP/1.1\r\nHost: a\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut received = Vec::new();
        let end = stream.read_to_end(&mut received).await.map(|_| ());
        (received, end)
    }
}
