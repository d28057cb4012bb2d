//! Servers that answer, but not as a Matomo that can be used.

use std::time::Duration;

use loader::probe::{Asked, Step};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::servers::{HELLO, MATOMO, Matomo, Role, Server, read, says};
use crate::wrong_servers::{Case, case, page};
use crate::{asked, plan, target};

pub(crate) async fn strangers() -> Vec<Case> {
    let portal = "<html><title>Welcome\n to <b>our</b> Wi-Fi</title><form><input type=\"password\"></form></html>";
    let nginx = "<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head></html>";
    let beside = Server::answering(|request| {
        if request.line().starts_with("GET /stats/matomo.php ") {
            says(200, "", HELLO)
        } else {
            says(200, "", "<html><title>A blog</title></html>")
        }
    })
    .await;
    let folder = format!("http://{}/stats/", beside.address);
    let gif = "GIF89a";
    vec![
        page(
            "captive portal",
            says(200, "", portal),
            Step::Matomo,
            "matomo.login_page",
        )
        .await,
        page(
            "fresh nginx",
            says(200, "", nginx),
            Step::Matomo,
            "matomo.not_matomo",
        )
        .await,
        page(
            "another application",
            says(200, "", "{\"ok\":true}"),
            Step::Matomo,
            "matomo.other_json",
        )
        .await,
        page(
            "wrong path",
            says(404, "", "<h1>Not Found</h1>"),
            Step::Matomo,
            "matomo.not_found",
        )
        .await,
        page(
            "php that does not run",
            says(200, "", "<?php echo 1;"),
            Step::Matomo,
            "matomo.php_source",
        )
        .await,
        page(
            "tracking off",
            says(503, "Content-Type: image/gif\r\n", gif),
            Step::Matomo,
            "matomo.tracking_off",
        )
        .await,
        case(
            "folder instead of the tracker",
            &folder,
            beside,
            Step::Matomo,
            "matomo.elsewhere",
        ),
    ]
}

pub(crate) async fn sites_and_clocks() -> Vec<Case> {
    let unknown = matomo("unknown site", MATOMO, Step::Site, "site.unknown").await;
    let mut site_9 = target(unknown.asked.target.url.as_str());
    site_9["site_id"] = json!(9);
    let unknown = Case {
        asked: asked(plan(&site_9)),
        ..unknown
    };
    let behind = Matomo {
        clock_s: -185,
        ..MATOMO
    };
    let small = Server::answering(|request| {
        if request.line().starts_with("POST ") {
            says(413, "", "")
        } else {
            MATOMO.answer(request)
        }
    })
    .await;
    let slow = Server::with(|mut stream: TcpStream| async move {
        let mut pending = Vec::new();
        while let Ok(Some(request)) = read(&mut stream, &mut pending).await {
            if request.line().starts_with("GET ") {
                tokio::time::sleep(Duration::from_millis(1_100)).await;
            }
            let _ = stream.write_all(&MATOMO.answer(&request)).await;
        }
    })
    .await;
    let (small_url, slow_url) = (small.url(), slow.url());
    vec![
        unknown,
        matomo("clock minutes behind", behind, Step::Clock, "clock.off").await,
        case(
            "takes no body",
            &small_url,
            small,
            Step::Site,
            "site.too_large",
        ),
        case("slow", &slow_url, slow, Step::Http, "http.slow"),
    ]
}

pub(crate) async fn tokens() -> Vec<Case> {
    let with = |role, api| Matomo {
        role,
        api,
        ..MATOMO
    };
    let missing = matomo("token missing", MATOMO, Step::Token, "token.needed").await;
    let without = json!({ "url": missing.asked.target.url, "site_id": 3 });
    let missing = Case {
        asked: Asked {
            needs_token: true,
            ..asked(plan(&without))
        },
        ..missing
    };
    let mut cases = vec![missing];
    for (name, role, api, code) in [
        ("token refused", Role::Stranger, true, "token.refused"),
        (
            "token refused, no API",
            Role::Stranger,
            false,
            "token.refused",
        ),
        ("token may look only", Role::View, true, "token.view"),
        (
            "token of a super user",
            Role::Super,
            true,
            "token.superuser",
        ),
    ] {
        cases.push(matomo(name, with(role, api), Step::Token, code).await);
    }
    cases
}

async fn matomo(name: &'static str, matomo: Matomo, step: Step, code: &'static str) -> Case {
    let server = Server::answering(move |request| matomo.answer(request)).await;
    case(name, &server.url(), server, step, code)
}
