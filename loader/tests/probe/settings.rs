//! Certificates, proxies, passwords and headers of a target, on the way that runs and tests share.

use loader::delivery::{Http, SendError, Transport};
use loader::probe::{Step, probe, text};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::servers::{MATOMO, Server, TOKEN, read, says};
use crate::tls::Authority;
use crate::{asked, found, plan, plan_with, target, test};

/// A proxy that connects whatever is asked for to `to`; with a password, if it wants one.
async fn proxy(to: std::net::SocketAddr, password: Option<&'static str>) -> Server {
    Server::with(move |mut stream: TcpStream| async move {
        let Ok(Some(request)) = read(&mut stream, &mut Vec::new()).await else {
            return;
        };
        if password.is_some_and(|password| !request.head.contains(password)) {
            let _ = stream.write_all(&says(407, "", "")).await;
            return;
        }
        if !request.line().starts_with("CONNECT ") {
            let _ = stream.write_all(&says(405, "", "")).await;
            return;
        }
        let mut target = TcpStream::connect(to).await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut target).await;
    })
    .await
}

#[tokio::test]
async fn an_authority_of_the_target_is_believed_and_no_other() {
    let (authority, other) = (Authority::new(), Authority::new());
    let tls = authority.signs("127.0.0.1", 2099);
    let server = Server::serving(Some(tls), |request| MATOMO.answer(request)).await;
    let mut target = target(&server.https());
    target["ca_pem"] = json!(format!("{}{}", other.pem, authority.pem));
    assert!(test(&target).await.ok);
    target["ca_pem"] = json!(authority.pem.replace('\n', "\\n"));
    assert!(test(&target).await.ok);
    target["ca_pem"] = json!(other.pem);
    let report = test(&target).await;
    assert_eq!(found(&report, Step::Tls).code, "tls.unknown_authority");
    target["tls_verify"] = json!(false);
    let report = test(&target).await;
    assert!(report.ok);
    assert_eq!(found(&report, Step::Tls).code, "tls.unverified");
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_taken_unless_no_proxy_names_the_target() {
    let authority = Authority::new();
    let tls = authority.signs("matomo.test.invalid", 2099);
    let server = Server::serving(Some(tls), |request| MATOMO.answer(request)).await;
    let proxy = proxy(server.address, Some("Basic dXNlcjpwdw==")).await;
    // Nobody but the proxy knows where this name leads.
    let mut target = target("https://matomo.test.invalid/matomo.php");
    target["ca_pem"] = json!(authority.pem);
    let with_password = format!("http://user:pw@{}", proxy.address);
    let without = format!("http://{}", proxy.address);

    let environment = [("HTTPS_PROXY", with_password.as_str())];
    let report = probe(&asked(plan_with(&target, &environment))).await;
    assert!(report.ok, "{report:?}");
    assert_eq!(found(&report, Step::Connect).code, "connect.by_proxy");
    assert!(!text(&report).contains("pw@"), "{}", text(&report));

    let report = probe(&asked(plan_with(&target, &[("HTTPS_PROXY", &without)]))).await;
    assert_eq!(found(&report, Step::Connect).code, "connect.proxy_auth");

    let excepted = [environment[0], ("NO_PROXY", ".test.invalid")];
    let report = probe(&asked(plan_with(&target, &excepted))).await;
    assert!(
        found(&report, Step::Dns).code.starts_with("dns."),
        "{report:?}"
    );
    assert_ne!(found(&report, Step::Dns).code, "dns.by_proxy");
}

#[tokio::test]
async fn a_proxy_that_is_away_or_refuses_is_named() {
    let server = Server::answering(|request| MATOMO.answer(request)).await;
    let mut target = target("https://matomo.test.invalid/matomo.php");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let away = free.local_addr().unwrap();
    drop(free);
    target["proxy_url"] = json!(format!("http://{away}"));
    let report = test(&target).await;
    assert_eq!(found(&report, Step::Connect).code, "connect.proxy_away");
    let refuses = Server::answering(|_| says(403, "", "")).await;
    target["proxy_url"] = json!(format!("http://{}", refuses.address));
    let report = test(&target).await;
    assert_eq!(found(&report, Step::Connect).code, "connect.proxy_refused");
    // A proxy of the target's own wins over the environment's, and so does none.
    let mut direct = crate::target(&server.url());
    direct["proxy_url"] = json!("none");
    let environment = [("HTTP_PROXY", format!("http://{away}"))];
    let environment = environment
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    assert!(probe(&asked(plan_with(&direct, &environment))).await.ok);
}

#[tokio::test]
async fn password_and_extra_header_are_on_every_request() {
    let server = Server::answering(|request| {
        let head = request.head.to_ascii_lowercase();
        if head.contains("authorization: basic dxnlcjpzzwnyzxq=")
            && head.contains("x-staging: open sesame")
        {
            MATOMO.answer(request)
        } else {
            says(401, "", "")
        }
    })
    .await;
    let mut target = target(&server.url());
    let report = test(&target).await;
    assert_eq!(found(&report, Step::Http).code, "http.unauthorized");
    target["basic_auth_user"] = json!("user");
    target["basic_auth_password"] = json!("secret");
    target["extra_header_name"] = json!("X-Staging");
    target["extra_header_value"] = json!("open sesame");
    let report = test(&target).await;
    assert!(report.ok, "{report:?}");
    assert!(!text(&report).contains("sesame"));
}

#[tokio::test]
async fn hits_are_not_sent_after_a_redirect_and_the_answer_names_the_new_address() {
    let elsewhere = Server::answering(|request| MATOMO.answer(request)).await;
    let to = format!("Location: {}?token_auth=x\r\n", elsewhere.url());
    let server = Server::answering(move |_| says(308, &to, "")).await;
    let plan = plan(&target(&server.url()));
    let http = Http::new(&plan.targets[0], &plan.delivery, 1).unwrap();
    let reply = http.send(tracking::probe::token(3, TOKEN)).await.unwrap();
    assert_eq!(reply.status, 308);
    assert_eq!(reply.location.unwrap().as_str(), elsewhere.url());
    assert!(elsewhere.seen().is_empty());
}

#[tokio::test]
async fn a_name_that_leads_to_a_forbidden_address_is_not_connected_to() {
    // No name of the test leads there, so the address stands for it; the resolver's own test has the name.
    let checked = config::Layers::new()
        .json(
            "test",
            json!({ "targets": [{ "url": "http://[::ffff:169.254.169.254]/matomo.php" }] }),
        )
        .check(&|_| Err(std::io::ErrorKind::Unsupported.into()));
    assert_eq!(checked.problems[0].code, "forbidden_address");
    let refused = plan(&target("http://127.0.0.1:9/matomo.php"));
    let http = Http::new(&refused.targets[0], &refused.delivery, 1).unwrap();
    let error = http.send(tracking::probe::hello()).await.unwrap_err();
    assert!(matches!(error, SendError::NotSent(cause) if cause.code == "connect.refused"));
}
