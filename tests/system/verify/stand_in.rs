//! What looks like a Matomo with reports: tracking goes on to a practice target, reports are counted from its ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use anyhow::{Context, Result};
use harness::practice::{Hit, Practice};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Starts one before the practice target at `base`; it ends with the test.
pub(super) async fn start(base: &str) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let base = base.to_owned();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let base = base.clone();
            tokio::spawn(async move {
                // A connection that breaks is its client's to notice.
                let _ = serve(stream, &base).await;
            });
        }
    });
    Ok(address)
}

/// One request on each connection.
async fn serve(mut stream: TcpStream, base: &str) -> Result<()> {
    let mut bytes = Vec::new();
    let (head, whole) = loop {
        if let Some(ends) = request_end(&bytes)
            && ends.1 <= bytes.len()
        {
            break ends;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    };
    let line = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
    let body = bytes[head..whole].to_vec();
    let (status, answer) = match path.contains("index.php") {
        true => (200, report(base, &body).await?.to_string().into_bytes()),
        false => track(base, &path, line.starts_with("GET"), body).await?,
    };
    let head = format!(
        "HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        answer.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&answer).await?;
    Ok(())
}

fn request_end(bytes: &[u8]) -> Option<(usize, usize)> {
    let head = bytes.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    Some((head, head + length.unwrap_or(0)))
}

async fn track(base: &str, path: &str, is_get: bool, body: Vec<u8>) -> Result<(u16, Vec<u8>)> {
    let http = reqwest::Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .build()?;
    let url = format!("{base}{path}");
    let is_bulk = body.starts_with(b"{");
    let asked = match is_get {
        true => http.get(url),
        false => http.post(url).body(body),
    };
    let kind = match is_bulk {
        true => "application/json",
        false => "application/x-www-form-urlencoded",
    };
    let answer = asked.header("content-type", kind).send().await?;
    Ok((answer.status().as_u16(), answer.bytes().await?.to_vec()))
}

async fn report(base: &str, body: &[u8]) -> Result<Value> {
    let url = reqwest::Url::parse(&format!("body:?{}", String::from_utf8_lossy(body)))?;
    let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    let hits = Practice::at(base)?.hits().await?;
    let day = asked.get("date").map_or("", String::as_str);
    let hits: Vec<&Hit> = hits
        .iter()
        .filter(|hit| hit.time.starts_with(day))
        .collect();
    let of = |kind: &str| hits.iter().filter(|hit| hit.kind == kind).count();
    let actions = [
        "pageview",
        "productview",
        "categoryview",
        "search",
        "event",
        "outlink",
        "download",
    ];
    let visitors: BTreeSet<_> = hits.iter().map(|hit| hit.params.get("cid")).collect();
    let revenue: f64 = hits
        .iter()
        .filter(|hit| hit.kind == "order")
        .filter_map(|hit| hit.params.get("revenue")?.parse::<f64>().ok())
        .sum();
    let method = asked.get("method").context("a method")?;
    Ok(match method.as_str() {
        "SitesManager.getSiteFromId" => json!({ "idsite": 1, "timezone": "UTC" }),
        _ if hits.is_empty() => json!([]),
        "VisitsSummary.get" => json!({
            "nb_visits": visitors.len(),
            "nb_actions": actions.map(of).iter().sum::<usize>(),
        }),
        "Actions.get" => json!({
            "nb_searches": of("search"),
            "nb_outlinks": of("outlink"),
            "nb_downloads": of("download"),
        }),
        "Events.getCategory" => json!([{ "label": "all", "nb_events": of("event") }]),
        "Goals.get" => json!({ "nb_conversions": of("order"), "revenue": revenue }),
        _ => json!({ "result": "error", "message": "not served" }),
    })
}
