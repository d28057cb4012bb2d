//! Which path leads where, and how an [`Answer`] becomes an HTTP response.
//!
//! Invariant: only tracking goes through faults and capacity; ledger, control, page and livez are
//! answered whatever is in force.

use std::{convert::Infallible, net::IpAddr, sync::Arc};

use crate::{
    answer::Answer,
    app::App,
    body::{self, HalfBody},
    connection::Wire,
    intake::{self, Reply},
    page,
    params::Params,
    reporting,
};
use http_body_util::{Either, Full};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{self, HeaderValue},
};

/// The largest body of a control request, in bytes.
const CONTROL_BYTES_MAX: usize = 65_536;

/// What a listener may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Everything,
    /// Everything but tracking.
    Control,
}

type ResponseBody = Either<Full<Bytes>, HalfBody>;

/// Answers one request.
pub(crate) async fn answer(
    app: Arc<App>,
    wire: Arc<Wire>,
    peer: IpAddr,
    reach: Reach,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    let tracks = matches!(request.uri().path(), "/matomo.php" | "/piwik.php");
    wire.note_control(!tracks);
    let reply = if !tracks {
        Reply::Whole(serve(&app, request).await)
    } else if reach == Reach::Control {
        Reply::Whole(Answer::problem(404, "this address does not take hits", &[]))
    } else if !is_tracking_method(request.method()) {
        Reply::Whole(method_not_allowed("GET, HEAD, POST or PUT"))
    } else {
        intake::track(&app, &wire, peer, request).await
    };
    Ok(match reply {
        Reply::Whole(answer) => {
            let body = Either::Left(Full::new(answer.body.clone()));
            response(&answer, body)
        }
        Reply::Half(answer) => {
            let body = Either::Right(HalfBody::new(&answer.body, wire));
            response(&answer, body)
        }
    })
}

fn is_tracking_method(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::POST, Method::PUT].contains(method)
}

async fn serve(app: &App, request: Request<Incoming>) -> Answer {
    let get = matches!(*request.method(), Method::GET | Method::HEAD);
    let post = *request.method() == Method::POST;
    match request.uri().path() {
        "/index.php" if get || post => report(app, request).await,
        "/ledger/summary" if get => Answer::json(200, &app.summary()),
        "/ledger/hits" if get => hits(app, request.uri().query().unwrap_or_default()),
        "/control" if get => Answer::json(200, &app.faults.report()),
        "/livez" if get => Answer::text("text/plain", "ok"),
        "/" if get => Answer::html(200, page::HTML),
        "/page.js" if get => Answer::text("text/javascript; charset=utf-8", page::SCRIPT),
        "/page.css" if get => Answer::text("text/css; charset=utf-8", page::STYLE),
        "/control" | "/ledger/reset" if post && is_from_elsewhere(request.headers()) => {
            Answer::problem(
                403,
                "pages of other sites may not change the practice target",
                &[],
            )
        }
        "/control" if post => control(app, request.into_body()).await,
        "/ledger/reset" if post => {
            app.reset_ledger();
            Answer::json(200, &app.summary())
        }
        "/ledger/summary" | "/ledger/hits" | "/livez" | "/" | "/page.js" | "/page.css" => {
            method_not_allowed("GET")
        }
        "/ledger/reset" => method_not_allowed("POST"),
        "/control" | "/index.php" => method_not_allowed("GET or POST"),
        _ => Answer::problem(404, "nothing is served here", &[]),
    }
}

fn method_not_allowed(allowed: &str) -> Answer {
    Answer::problem(
        405,
        "the method is not served here",
        &[format!("use {allowed}")],
    )
}

/// Does a browser say that another site's page sends this?
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    site.is_some_and(|site| site != b"same-origin" && site != b"none")
}

fn hits(app: &App, query: &str) -> Answer {
    let params = Params::parse(query);
    let mut problems = Vec::new();
    let mut number = |name: &str| {
        let text = params.get(name)?;
        let number: Option<u64> = text.parse().ok();
        if number.is_none() {
            problems.push(format!(
                "{name}: {text:?} is not a whole number of 0 or more"
            ));
        }
        number
    };
    let (offset, limit) = (number("offset"), number("limit"));
    if !problems.is_empty() {
        return Answer::problem(400, "the hits asked for are not clear", &problems);
    }
    let limit = limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let ledger = app
        .ledger
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let page = ledger.page(offset, limit);
    drop(ledger);
    Answer::json(200, &page)
}

async fn control(app: &App, incoming: Incoming) -> Answer {
    let outcome = match body::read(incoming, CONTROL_BYTES_MAX).await {
        Ok(input) => app.faults.set(&input),
        Err(_) => Err(vec![format!(
            "the body must arrive whole within {CONTROL_BYTES_MAX} bytes"
        )]),
    };
    match outcome {
        Ok(()) => Answer::json(200, &app.faults.report()),
        Err(problems) => Answer::problem(400, "the faults were not changed", &problems),
    }
}

/// The reporting API, as far as it exists.
async fn report(app: &App, request: Request<Incoming>) -> Answer {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let Ok(form) = body::read(request.into_body(), CONTROL_BYTES_MAX).await else {
        return Answer::error_page(413);
    };
    let mut params = Params::parse(&String::from_utf8_lossy(&form));
    params.append(&query);
    Answer::json(200, &reporting::call(app, &params))
}

fn response(answer: &Answer, body: ResponseBody) -> Response<ResponseBody> {
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if !answer.content_type.is_empty() {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(answer.content_type),
        );
    }
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if answer.content_type.starts_with("text/html") {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(page::POLICY),
        );
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
    }
    response
}
