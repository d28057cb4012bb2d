//! What the first answer says: is it a web server's, and is it Matomo's?

use tracking::probe as questions;
use url::Url;

use super::report::{Finding, Step, cleaned};
use crate::delivery::{Http, Reply};

/// Whether a web server answers as it should.
pub(super) fn web_server(url: &Url, reply: &Reply) -> Finding {
    let status = reply.status;
    let failed = |code, message: String| Finding::failed(Step::Http, code, message);
    if questions::tracking_is_off(status, reply.content_type.as_deref(), &reply.body) {
        return answered(status);
    }
    match status {
        300..=399 => redirect(url, reply),
        401 => failed(
            "http.unauthorized",
            "the server wants a user name and a password (401)".to_owned(),
        )
        .hint("give them as the target's user name and password (MATOMO_BASIC_AUTH_USER, MATOMO_BASIC_AUTH_PASSWORD)"),
        403 => failed(
            "http.forbidden",
            "a firewall or the web server refuses the loader (403)".to_owned(),
        )
        .hint("allow the loader's address to reach matomo.php; a rule against bots may look at the User-Agent"),
        407 => failed(
            "http.proxy_auth",
            "a proxy between the loader and the server wants a name and a password (407)".to_owned(),
        )
        .hint("give them in HTTPS_PROXY or HTTP_PROXY, or name the target's host in NO_PROXY"),
        400 if speaks_tls(reply) => failed(
            "http.tls_port",
            "this port is for https, and plain http was spoken to it (400)".to_owned(),
        )
        .hint("write https:// instead of http://"),
        413 => failed(
            "http.too_large",
            "something refuses even an empty request as too large (413)".to_owned(),
        )
        .hint("see what stands between the loader and Matomo"),
        429 => failed(
            "http.too_many",
            "the server limits how often it may be asked (429)".to_owned(),
        )
        .hint("raise the limit for the loader's address, or wait"),
        502 | 504 => failed(
            "http.bad_gateway",
            format!("a web server answers, but what should answer behind it does not ({status})"),
        )
        .hint("see whether PHP (php-fpm) or the server behind the proxy runs"),
        503 => failed(
            "http.unavailable",
            "the server is overloaded or under maintenance (503)".to_owned(),
        )
        .hint("try again when it is back; Retry-After and the server's log may say more"),
        500..=599 => failed(
            "http.server_error",
            format!("the server fails ({status})"),
        )
        .hint("look into the error logs of the web server and of Matomo"),
        _ => answered(status),
    }
}

fn answered(status: u16) -> Finding {
    Finding::ok(
        Step::Http,
        "http.ok",
        format!("a web server answers (status {status})"),
    )
}

/// nginx says "The plain HTTP request was sent to HTTPS port", Apache "speaking plain HTTP to an SSL-enabled server
/// port".
fn speaks_tls(reply: &Reply) -> bool {
    let text = String::from_utf8_lossy(&reply.body).to_ascii_lowercase();
    text.contains("plain http")
}

fn redirect(url: &Url, reply: &Reply) -> Finding {
    let failed = |code, message: String| Finding::failed(Step::Http, code, message);
    let status = reply.status;
    let Some(target) = &reply.location else {
        return failed(
            "http.redirect",
            format!("the server redirects ({status}) and does not say where to"),
        )
        .hint("use the final address of matomo.php");
    };
    let shown = cleaned(target.as_str());
    let login = ["login", "signin", "sign-in", "auth", "sso"]
        .iter()
        .any(|word| target.path().to_ascii_lowercase().contains(word));
    let https = url.scheme() == "http"
        && target.scheme() == "https"
        && url.host() == target.host()
        && url.path() == target.path();
    if https {
        return failed(
            "http.redirect_https",
            format!("the server redirects to https ({status}): {shown}"),
        )
        .hint(format!(
            "set the target's URL to {shown}; hits are not sent after redirects"
        ));
    }
    if login {
        return failed(
            "http.redirect_login",
            format!("something before Matomo wants people to sign in and redirects there ({status}): {shown}"),
        )
        .hint("let matomo.php through without signing in, or give the target's user name and password or extra header");
    }
    failed(
        "http.redirect",
        format!("the server redirects ({status}) to {shown}"),
    )
    .hint(format!(
        "if that is the Matomo you mean, set the target's URL to {shown}; redirects are not followed, so that no token goes astray"
    ))
}

/// Whether it is Matomo's tracker. Looks beside the address when it is not.
pub(super) async fn matomo(http: &Http, url: &Url, reply: &Reply) -> Finding {
    if questions::looks_like_matomo(reply.status, &reply.body) {
        return Finding::ok(Step::Matomo, "matomo.ok", "Matomo's tracker answers here");
    }
    if questions::tracking_is_off(reply.status, reply.content_type.as_deref(), &reply.body) {
        return Finding::failed(
            Step::Matomo,
            "matomo.tracking_off",
            "a Matomo is here, but its tracking is switched off: it records nothing",
        )
        .hint("set record_statistics = 1 in the section [Tracker] of Matomo's config.ini.php");
    }
    match beside(http, url).await {
        Some(found) => Finding::failed(
            Step::Matomo,
            "matomo.elsewhere",
            format!("this is not the tracker's address, but {found} is"),
        )
        .hint(format!("set the target's URL to {found}")),
        None => stranger(reply),
    }
}

/// Something else answers: what is it?
fn stranger(reply: &Reply) -> Finding {
    let failed = |code, message: String| Finding::failed(Step::Matomo, code, message);
    let text = String::from_utf8_lossy(&reply.body);
    let trimmed = text.trim_start();
    let title = title(&text);
    let lower = text.to_ascii_lowercase();
    if reply.status == 404 || reply.status == 410 {
        return failed(
            "matomo.not_found",
            format!("there is nothing at this path ({})", reply.status),
        )
        .hint("the URL must lead to matomo.php, with the folder that Matomo is in, such as https://matomo.example/stats/matomo.php");
    }
    if trimmed.starts_with("<?php") {
        return failed(
            "matomo.php_source",
            "the server sends Matomo's program text instead of running it".to_owned(),
        )
        .hint("PHP does not run in this web server: set it up");
    }
    let is_page = trimmed.starts_with('<');
    if is_page && lower.contains("type=\"password\"") || lower.contains("captive") {
        return failed(
            "matomo.login_page",
            format!("a page to sign in answers instead of Matomo{title}"),
        )
        .hint("a proxy, a firewall or a captive portal is in between: let matomo.php through");
    }
    if trimmed.starts_with(['{', '[']) {
        return failed(
            "matomo.other_json",
            "another application answers, in JSON; it is not Matomo".to_owned(),
        )
        .hint("check host, port and path: the URL must lead to matomo.php");
    }
    failed(
        "matomo.not_matomo",
        format!(
            "something answers (status {}), but it is not Matomo{title}",
            reply.status
        ),
    )
    .hint("check host, port and path: the URL must lead to matomo.php")
}

/// The title of a page, cleaned, in brackets; nothing when there is none.
fn title(text: &str) -> String {
    // Cutting at byte offsets of the lowered text is right, because lowering ASCII moves nothing.
    let lower = text.to_ascii_lowercase();
    let inside = lower.find("<title").and_then(|start| {
        let open = start + lower[start..].find('>')? + 1;
        let close = open + lower[open..].find("</title")?;
        text.get(open..close)
    });
    match inside.map(cleaned).filter(|title| !title.is_empty()) {
        Some(title) => format!(" (its title: “{title}”)"),
        None => String::new(),
    }
}

/// The tracker at a neighbouring path, where people often mean it: asked for without a token.
async fn beside(http: &Http, url: &Url) -> Option<Url> {
    let path = url.path();
    let folder = match path.rfind('/') {
        Some(slash) if path[slash + 1..].contains('.') => &path[..slash],
        _ => path.trim_end_matches('/'),
    };
    let mut places = vec![
        format!("{folder}/matomo.php"),
        format!("{folder}/piwik.php"),
    ];
    places.extend(["/matomo.php", "/matomo/matomo.php", "/piwik.php"].map(str::to_owned));
    places.retain(|place| place != path);
    places.dedup();
    for place in places {
        let mut candidate = url.clone();
        candidate.set_path(&place);
        if let Ok(reply) = http.at(candidate.clone()).ask(questions::hello()).await
            && questions::looks_like_matomo(reply.status, &reply.body)
        {
            return Some(candidate);
        }
    }
    None
}
