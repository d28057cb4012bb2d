//! Connections that are kept, closed, cut and refused: what was not sent is told apart from what is in doubt.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use loader::delivery::{Http, SendError, Transport};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::plan_with;
use crate::servers::{Server, for_ever, read, says};

fn http(target: &Value) -> Http {
    http_within(target, &[])
}

fn http_within(target: &Value, environment: &[(&str, &str)]) -> Http {
    let mut plan = plan_with(target, environment);
    plan.delivery.connect_timeout = Duration::from_millis(300);
    plan.delivery.timeout = Duration::from_millis(300);
    Http::new(&plan.targets[0], &plan.delivery, 4).unwrap()
}

fn hit() -> tracking::Request {
    tracking::probe::hit(3, "0123456789abcdef")
}

/// A server that counts connections and requests.
struct Counting {
    server: Server,
    connections: Arc<AtomicU32>,
    requests: Arc<AtomicU32>,
}

impl Counting {
    fn counts(&self) -> (u32, u32) {
        let count = |of: &AtomicU32| of.load(Ordering::SeqCst);
        (count(&self.connections), count(&self.requests))
    }

    /// Answers `most` requests of each connection, then closes it.
    async fn closing_after(most: u32, headers: &'static str) -> Self {
        let (connections, requests) = (Arc::<AtomicU32>::default(), Arc::<AtomicU32>::default());
        let counted = (Arc::clone(&connections), Arc::clone(&requests));
        let server = Server::with(move |mut stream: TcpStream| {
            let (connections, requests) = counted.clone();
            async move {
                connections.fetch_add(1, Ordering::SeqCst);
                let mut pending = Vec::new();
                for _ in 0..most {
                    let Ok(Some(_)) = read(&mut stream, &mut pending).await else {
                        return;
                    };
                    requests.fetch_add(1, Ordering::SeqCst);
                    let _ = stream.write_all(&says(200, headers, "x")).await;
                }
            }
        })
        .await;
        Self {
            server,
            connections,
            requests,
        }
    }
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request() {
    let counting = Counting::closing_after(u32::MAX, "").await;
    let http = http(&json!({ "url": counting.server.url() }));
    for _ in 0..5 {
        assert_eq!(http.send(hit()).await.unwrap().body, b"x");
    }
    assert_eq!(counting.counts(), (1, 5));
    let (a, b) = tokio::join!(http.send(hit()), http.send(hit()));
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(counting.counts(), (2, 7));
}

#[tokio::test]
async fn a_connection_that_the_server_says_it_closes_is_not_used_again() {
    let counting = Counting::closing_after(1, "Connection: close\r\n").await;
    let http = http(&json!({ "url": counting.server.url() }));
    for _ in 0..3 {
        assert!(http.send(hit()).await.is_ok());
    }
    assert_eq!(counting.counts(), (3, 3));
}

#[tokio::test]
async fn a_connection_that_was_closed_while_it_lay_idle_costs_no_hit_and_sends_none_twice() {
    let counting = Counting::closing_after(1, "").await;
    let http = http(&json!({ "url": counting.server.url() }));
    for _ in 0..5 {
        assert!(http.send(hit()).await.is_ok());
        // The word of the end has to arrive: on loopback it does while other tasks have their turn.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(counting.counts(), (5, 5));
}

#[tokio::test]
async fn what_broke_after_a_request_was_begun_is_in_doubt() {
    let closes = Server::with(|mut stream: TcpStream| async move {
        let _ = read(&mut stream, &mut Vec::new()).await;
    })
    .await;
    let half = Server::with(|mut stream: TcpStream| async move {
        let _ = read(&mut stream, &mut Vec::new()).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf")
            .await;
    })
    .await;
    let nonsense = Server::answering(|_| b"SSH-2.0-x\r\n\r\n".to_vec()).await;
    let silent = Server::with(|mut stream: TcpStream| async move {
        let _ = read(&mut stream, &mut Vec::new()).await;
        for_ever().await;
    })
    .await;
    let table = [
        (&closes, "answer.broken"),
        (&half, "answer.broken"),
        (&nonsense, "answer.broken"),
        (&silent, "answer.timeout"),
    ];
    for (server, code) in table {
        let error = http(&json!({ "url": server.url() })).send(hit()).await;
        assert!(
            matches!(&error, Err(SendError::Doubt(cause)) if cause.code == code),
            "{code}: {error:?}"
        );
    }
}

#[tokio::test]
async fn what_failed_before_a_request_was_begun_was_not_sent() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let away = free.local_addr().unwrap();
    drop(free);
    // Takes the connection and says nothing, so TLS never comes about.
    let mute = Server::with(|stream| async move {
        for_ever().await;
        drop(stream);
    })
    .await;
    let hangs_up = Server::with(|_stream| async {}).await;
    let plain = Server::with(|mut stream: TcpStream| async move {
        let _ = stream.write_all(&says(400, "", "")).await;
        for_ever().await;
    })
    .await;
    let name = "https://matomo.test.invalid/matomo.php".to_owned();
    let table = [
        (format!("http://{away}/matomo.php"), "", "connect.refused"),
        (mute.https(), "", "connect.timeout"),
        (hangs_up.https(), "", "connect.failed"),
        (plain.https(), "", "connect.tls"),
        (name.clone(), "none", "connect.dns"),
        (
            name.clone(),
            hangs_up.url().as_str(),
            "connect.proxy_refused",
        ),
        (name, plain.url().as_str(), "connect.proxy_refused"),
    ]
    .map(|(url, proxy, code)| (url, proxy.to_owned(), code));
    for (url, proxy, code) in table {
        let mut target = json!({ "url": url });
        if !proxy.is_empty() {
            target["proxy_url"] = json!(proxy);
        }
        let error = http(&target).send(hit()).await;
        assert!(
            matches!(&error, Err(SendError::NotSent(cause)) if cause.code == code),
            "{url} {proxy} {code}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_proxy_gets_whole_addresses_of_a_target_without_encryption() {
    let proxy = Server::answering(|_| says(200, "", "")).await;
    let with_password = format!("http://us%65r:pw@{}", proxy.address);
    let target = json!({ "url": "http://matomo.test.invalid:8080/in/matomo.php" });
    let http = http_within(&target, &[("HTTP_PROXY", &with_password)]);
    http.send(hit()).await.unwrap();
    let seen = proxy.seen();
    let head = seen[0].head.to_ascii_lowercase();
    let start = "post http://matomo.test.invalid:8080/in/matomo.php";
    assert!(head.starts_with(start), "{head}");
    assert!(
        head.contains("\r\nhost: matomo.test.invalid:8080"),
        "{head}"
    );
    // user:pw
    assert!(
        seen[0]
            .head
            .contains("proxy-authorization: Basic dXNlcjpwdw=="),
        "{head}"
    );
}

#[tokio::test]
async fn a_proxy_that_speaks_something_else_is_refused_before_anything_is_sent() {
    let plan = plan_with(
        &json!({ "url": "http://matomo.test.invalid/" }),
        &[("ALL_PROXY", "socks5://proxy.test.invalid:1080")],
    );
    let refused = Http::new(&plan.targets[0], &plan.delivery, 1)
        .err()
        .unwrap();
    assert!(refused.to_string().contains("socks5"), "{refused}");
}
