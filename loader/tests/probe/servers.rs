//! Servers on the loopback, right and wrong: each a real listener.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Method, target and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    /// The first line.
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    fn is_hello(&self) -> bool {
        self.line().starts_with("GET ")
    }
}

/// A listener that ends with the test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// `http://…/matomo.php`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/matomo.php", self.address)
    }

    pub(crate) fn https(&self) -> String {
        format!("https://{}/matomo.php", self.address)
    }

    /// The requests that came.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// Does the same with each connection.
    pub(crate) async fn with<F>(connection: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream));
            }
        });
        Self {
            address,
            seen: Arc::default(),
            task,
        }
    }

    /// Answers each request.
    pub(crate) async fn answering(
        answer: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self::serving(None, answer).await
    }

    /// The same, behind TLS when there are settings for it.
    pub(crate) async fn serving(
        tls: Option<TlsAcceptor>,
        answer: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let (seen, answer) = (Arc::<Mutex<Vec<Request>>>::default(), Arc::new(answer));
        let kept = Arc::clone(&seen);
        let mut server = Self::with(move |stream| {
            let (seen, answer, tls) = (Arc::clone(&kept), Arc::clone(&answer), tls.clone());
            async move {
                let _ = match tls {
                    Some(tls) => match tls.accept(stream).await {
                        Ok(stream) => talk(stream, &seen, &*answer).await,
                        Err(error) => Err(error),
                    },
                    None => talk(stream, &seen, &*answer).await,
                };
            }
        })
        .await;
        server.seen = seen;
        server
    }
}

/// One request after the other, until the other side has enough.
async fn talk(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    seen: &Mutex<Vec<Request>>,
    answer: &(dyn Fn(&Request) -> Vec<u8> + Send + Sync),
) -> io::Result<()> {
    let mut pending = Vec::new();
    while let Some(request) = read(&mut stream, &mut pending).await? {
        let bytes = answer(&request);
        seen.lock().unwrap().push(request);
        stream.write_all(&bytes).await?;
    }
    Ok(())
}

/// Reads a request; `None` at the end of the connection.
pub(crate) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    pending: &mut Vec<u8>,
) -> io::Result<Option<Request>> {
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(pending).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lower = head.to_ascii_lowercase();
            let length = lower
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
                .unwrap_or(0);
            if length <= body.len() {
                pending.clear();
                return Ok(Some(Request {
                    head: head.to_owned(),
                    body: body.to_owned(),
                }));
            }
        }
        match stream.read(&mut chunk).await? {
            0 => return Ok(None),
            count => pending.extend_from_slice(&chunk[..count]),
        }
    }
}

/// An answer with a body.
pub(crate) fn says(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// The date, so many seconds from now.
pub(crate) fn date(seconds: i64) -> String {
    let at = chrono::Utc::now() + chrono::Duration::seconds(seconds);
    format!("Date: {}\r\n", at.format("%a, %d %b %Y %H:%M:%S GMT"))
}

/// Who bears the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Stranger,
    View,
    Write,
    Admin,
    Super,
}

/// A Matomo with site 3, as far as a connection test can see: our reading of what a real one answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matomo {
    pub(crate) role: Role,
    /// Whether `index.php` is beside the tracker.
    pub(crate) api: bool,
    /// Its clock minus ours, seconds.
    pub(crate) clock_s: i64,
    pub(crate) version: &'static str,
}

pub(crate) const TOKEN: &str = "c4na7yc4na7yc4na7yc4na7yc4na7y00";

pub(crate) const HELLO: &str = "<html>This resource is part of Matomo. Keep full control.</html>";

pub(crate) const MATOMO: Matomo = Matomo {
    role: Role::Write,
    api: true,
    clock_s: 0,
    version: "5.2.0",
};

impl Matomo {
    pub(crate) fn answer(self, request: &Request) -> Vec<u8> {
        let date = date(self.clock_s);
        if request.line().contains("/index.php") {
            return self.api(request);
        }
        if !request.line().contains("/matomo.php") {
            return says(404, &date, "<h1>Not Found</h1>");
        }
        if request.is_hello() {
            return says(200, &date, HELLO);
        }
        let knows_site = request.body.starts_with("idsite=3&");
        let has_token = request.body.contains(TOKEN)
            && matches!(self.role, Role::Write | Role::Admin | Role::Super);
        if !knows_site || request.body.contains("cip=") && !has_token {
            return says(400, &date, "<html>This resource is part of Matomo</html>");
        }
        format!("HTTP/1.1 204 X\r\n{date}\r\n").into_bytes()
    }

    fn api(self, request: &Request) -> Vec<u8> {
        const REFUSED: &str = r#"{"result":"error","message":"no"}"#;
        if !self.api {
            return says(404, "", "<h1>Not Found</h1>");
        }
        assert!(!request.line().contains(TOKEN), "a token in an address");
        let asks = |method: &str| request.body.contains(&format!("method={method}"));
        let sites = |role| {
            if self.role == role { "[3,\"7\"]" } else { "[]" }
        };
        let truth = self.role == Role::Super;
        let text = match () {
            () if self.role == Role::Stranger || !request.body.contains(TOKEN) => {
                REFUSED.to_owned()
            }
            () if asks("API.getMatomoVersion") => format!(r#"{{"value":"{}"}}"#, self.version),
            () if asks("UsersManager.hasSuperUserAccess") => format!(r#"{{"value":{truth}}}"#),
            () if asks("SitesManager.getSitesIdWithAdminAccess") => sites(Role::Admin).to_owned(),
            () if asks("SitesManager.getSitesIdWithWriteAccess") => sites(Role::Write).to_owned(),
            () if asks("SitesManager.getSiteFromId") && request.body.contains("idSite=3&") => {
                r#"{"idsite":3,"name":"Shop","timezone":"Europe/Stockholm","currency":"SEK"}"#
                    .to_owned()
            }
            () => REFUSED.to_owned(),
        };
        says(200, "Content-Type: application/json\r\n", &text)
    }
}

/// Waits for the rest of the test.
pub(crate) async fn for_ever() {
    tokio::time::sleep(Duration::from_secs(3600)).await;
}
