//! An HTTP server that takes whatever it is sent and answers as Matomo would, at once or after a delay.
//!
//! It parses only as much as it needs: where a request ends, how many hits a bulk holds, and, when asked to, the
//! visitor id, to note when each visitor's first hit came in. It runs on threads of its own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// When the first hit of each visitor came in, in milliseconds since the Unix epoch.
type FirstHits = Arc<Mutex<BTreeMap<String, i64>>>;

/// A running sink; it goes with its handle.
pub(crate) struct Sink {
    pub(crate) address: SocketAddr,
    first_hits: FirstHits,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Sink {
    /// Starts a sink on loopback that answers after `delay`.
    pub(crate) fn start(delay: Duration) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let first_hits = FirstHits::default();
        let noted = first_hits.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, delay, noted.clone()));
            }
        });
        Ok(Self {
            address,
            first_hits,
            runtime: Some(runtime),
        })
    }

    /// The tracking endpoint.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/matomo.php", self.address)
    }

    /// When the first hit of each visitor came in.
    pub(crate) fn first_hits(&self) -> BTreeMap<String, i64> {
        self.first_hits
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(mut stream: TcpStream, delay: Duration, noted: FirstHits) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(64 * 1024);
    loop {
        let (head, whole) = match request_end(&buffer) {
            Some(ends) if ends.1 <= buffer.len() => ends,
            _ => {
                if stream.read_buf(&mut buffer).await? == 0 {
                    return Ok(());
                }
                continue;
            }
        };
        let answer = answer(&buffer[..head], &buffer[head..whole], &noted)?;
        buffer.drain(..whole);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// Where the head and the whole of the first request in `buffer` end.
fn request_end(buffer: &[u8]) -> Option<(usize, usize)> {
    let head = buffer.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head]).ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    Some((head, head + length.unwrap_or(0)))
}

fn answer(head: &[u8], body: &[u8], noted: &FirstHits) -> Result<String> {
    if body.starts_with(b"{\"requests\"") {
        let hits = body.windows(8).filter(|part| part == b"?idsite=").count();
        let json = format!("{{\"status\":\"success\",\"tracked\":{hits},\"invalid\":0}}");
        return Ok(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{json}",
            json.len()
        ));
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock is past 1970")?;
    if let Some(visitor) = visitor(line).or_else(|| visitor(body)) {
        let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted
            .entry(visitor)
            .or_insert(i64::try_from(now.as_millis())?);
    }
    Ok("HTTP/1.1 204 No Content\r\n\r\n".to_owned())
}

fn visitor(text: &[u8]) -> Option<String> {
    let start = text.windows(4).position(|part| part == b"cid=")? + 4;
    Some(String::from_utf8_lossy(text.get(start..start + 16)?).into_owned())
}
