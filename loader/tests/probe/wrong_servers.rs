//! One table: server, step, code; and the words for people, frozen.

use loader::probe::{Asked, State, Step, Whereabouts, probe};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::servers::{MATOMO, Server, TOKEN, for_ever, read, says};
use crate::tls::{Authority, self_signed};
use crate::wrong_matomos::{sites_and_clocks, strangers, tokens};
use crate::{asked, found, plan, target};

/// What is tested, and what must be found.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) asked: Asked,
    pub(crate) step: Step,
    pub(crate) code: &'static str,
    /// Lives as long as the case.
    pub(crate) _server: Option<Server>,
}

pub(crate) fn case(
    name: &'static str,
    url: &str,
    server: Server,
    step: Step,
    code: &'static str,
) -> Case {
    Case {
        name,
        asked: asked(plan(&target(url))),
        step,
        code,
        _server: Some(server),
    }
}

/// A server that says the same whatever is asked.
pub(crate) async fn page(
    name: &'static str,
    answer: Vec<u8>,
    step: Step,
    code: &'static str,
) -> Case {
    let server = Server::answering(move |_| answer.clone()).await;
    case(name, &server.url(), server, step, code)
}

fn refusals() -> Vec<Case> {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free = format!("http://{}/matomo.php", nobody.local_addr().unwrap());
    drop(nobody);
    let refused = |name, whereabouts, code| Case {
        name,
        asked: Asked {
            whereabouts,
            ..asked(plan(&target(&free)))
        },
        step: Step::Connect,
        code,
        _server: None,
    };
    vec![
        refused(
            "nothing listens on the machine",
            Whereabouts::Machine,
            "connect.refused",
        ),
        refused(
            "nothing listens in the loader's container",
            Whereabouts::OwnContainer,
            "connect.loopback",
        ),
        refused(
            "nothing listens in the control plane's container",
            Whereabouts::SharedContainer,
            "connect.loopback",
        ),
    ]
}

async fn networks() -> Vec<Case> {
    let silent = Server::with(|stream| async move {
        for_ever().await;
        drop(stream);
    })
    .await;
    let closes = Server::with(|stream| async move { drop(stream) }).await;
    let resets = Server::with(|mut stream: TcpStream| async move {
        let _ = read(&mut stream, &mut Vec::new()).await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    let half = Server::with(|mut stream: TcpStream| async move {
        let _ = read(&mut stream, &mut Vec::new()).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Le").await;
    })
    .await;
    let endless = Server::with(|mut stream: TcpStream| async move {
        let _ = read(&mut stream, &mut Vec::new()).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 8192]).await.is_ok() {}
    })
    .await;
    vec![
        case(
            "takes the connection and is silent",
            &silent.url(),
            silent,
            Step::Http,
            "http.timeout",
        ),
        case(
            "closes at once",
            &closes.url(),
            closes,
            Step::Http,
            "http.broken",
        ),
        case("resets", &resets.url(), resets, Step::Http, "http.broken"),
        case(
            "ends within its answer",
            &half.url(),
            half,
            Step::Http,
            "http.broken",
        ),
        case(
            "sends without end",
            &endless.url(),
            endless,
            Step::Matomo,
            "matomo.not_matomo",
        ),
    ]
}

async fn certificates() -> Vec<Case> {
    let authority = Authority::new();
    let mut cases = Vec::new();
    for (name, tls, code) in [
        (
            "self-signed certificate",
            self_signed("127.0.0.1", false),
            "tls.unknown_authority",
        ),
        (
            "certificate of openssl req -x509",
            self_signed("127.0.0.1", true),
            "tls.authority_as_server",
        ),
        (
            "certificate of an internal authority",
            authority.signs("127.0.0.1", 2099),
            "tls.unknown_authority",
        ),
    ] {
        let server = Server::serving(Some(tls), |request| MATOMO.answer(request)).await;
        cases.push(case(name, &server.https(), server, Step::Tls, code));
    }
    for (name, tls, code) in [
        (
            "expired certificate",
            authority.signs("127.0.0.1", 2021),
            "tls.expired",
        ),
        (
            "certificate of another name",
            authority.signs("matomo.example", 2099),
            "tls.wrong_name",
        ),
    ] {
        let server = Server::serving(Some(tls), |request| MATOMO.answer(request)).await;
        let mut target = target(&server.https());
        target["ca_pem"] = json!(authority.pem);
        cases.push(Case {
            name,
            asked: asked(plan(&target)),
            step: Step::Tls,
            code,
            _server: Some(server),
        });
    }
    cases
}

async fn handshakes() -> Vec<Case> {
    let closes = Server::with(|stream| async move { drop(stream) }).await;
    let silent = Server::with(|stream| async move {
        for_ever().await;
        drop(stream);
    })
    .await;
    let mut cases = Vec::new();
    let plain = Server::with(|mut stream: TcpStream| async move {
        // What it gets is no request, and it says so as web servers do.
        let _ = stream.readable().await;
        let _ = stream.write_all(&says(400, "", "Bad Request")).await;
        for_ever().await;
    })
    .await;
    cases.push(case(
        "plain http behind https",
        &plain.https(),
        plain,
        Step::Tls,
        "tls.plain_http",
    ));
    cases.push(case(
        "closes in the handshake",
        &closes.https(),
        closes,
        Step::Tls,
        "tls.closed",
    ));
    cases.push(case(
        "silent in the handshake",
        &silent.https(),
        silent,
        Step::Tls,
        "tls.timeout",
    ));
    cases
}

async fn web_servers() -> Vec<Case> {
    let redirect = |to: &str| says(301, &format!("Location: {to}\r\n"), "");
    let elsewhere = redirect("https://user:pw@other.example/matomo.php?token=1");
    let basic = says(401, "WWW-Authenticate: Basic\r\n", "");
    let blocked = says(403, "", "<html><title>Blocked</title></html>");
    let tls_port = "<center>The plain HTTP request was sent to HTTPS port</center>";
    let table = [
        ("redirects elsewhere", elsewhere, "http.redirect"),
        (
            "redirects to a login",
            redirect("/login?next=/"),
            "http.redirect_login",
        ),
        ("wants a password", basic, "http.unauthorized"),
        ("firewall", blocked, "http.forbidden"),
        (
            "proxy wants a password",
            says(407, "", ""),
            "http.proxy_auth",
        ),
        ("port of https", says(400, "", tls_port), "http.tls_port"),
        ("empty is too large", says(413, "", ""), "http.too_large"),
        ("limits the rate", says(429, "", ""), "http.too_many"),
        ("fails", says(500, "", ""), "http.server_error"),
        ("php is away", says(502, "", ""), "http.bad_gateway"),
        (
            "overloaded",
            says(503, "", "<html>back soon</html>"),
            "http.unavailable",
        ),
    ];
    let mut cases = vec![redirects_to_https().await];
    for (name, answer, code) in table {
        cases.push(page(name, answer, Step::Http, code).await);
    }
    cases
}

async fn redirects_to_https() -> Case {
    let server = Server::with(|mut stream: TcpStream| async move {
        let mut pending = Vec::new();
        while let Ok(Some(request)) = read(&mut stream, &mut pending).await {
            let mut lines = request.head.lines();
            let host = lines.find_map(|line| line.strip_prefix("host: "));
            let to = format!("Location: https://{}/matomo.php\r\n", host.unwrap());
            let _ = stream.write_all(&says(301, &to, "")).await;
        }
    })
    .await;
    let url = server.url();
    case(
        "redirects to https",
        &url,
        server,
        Step::Http,
        "http.redirect_https",
    )
}

#[tokio::test]
async fn each_wrong_server_has_its_step_its_code_and_its_words() {
    let mut cases = refusals();
    cases.extend(networks().await);
    cases.extend(certificates().await);
    cases.extend(handshakes().await);
    cases.extend(web_servers().await);
    cases.extend(strangers().await);
    cases.extend(sites_and_clocks().await);
    cases.extend(tokens().await);
    let mut tests = JoinSet::new();
    for (at, case) in cases.into_iter().enumerate() {
        tests.spawn(async move {
            let report = probe(&case.asked).await;
            (at, case, report)
        });
    }
    let mut told = tests.join_all().await;
    told.sort_by_key(|(at, ..)| *at);
    let (mut words, mut wrong) = (String::new(), Vec::new());
    for (_, case, report) in &told {
        let finding = found(report, case.step);
        let all = serde_json::to_string(report).unwrap();
        if finding.code != case.code {
            wrong.push(format!(
                "{}: {} instead of {}: {all}",
                case.name, finding.code, case.code
            ));
            continue;
        }
        assert!(!all.contains(TOKEN), "{}", case.name);
        assert_eq!(report.steps.len(), 10, "{}", case.name);
        assert_eq!(
            report.ok,
            finding.state == State::Warning,
            "{}: {all}",
            case.name
        );
        let port = case.asked.target.url.port().unwrap().to_string();
        let hint = finding.hint.clone().unwrap_or_default();
        let text = format!("{}\n  {}\n  → {hint}\n", case.name, finding.message);
        words.push_str(&text.replace(&port, "PORT"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(told.len() >= 35, "{}", told.len());
    insta::assert_snapshot!("wrong_servers", words);
}
