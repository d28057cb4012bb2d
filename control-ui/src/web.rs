//! The web UI: files built from `control-ui/web`, embedded in the program.
//!
//! Scripts and styles are embedded compressed, as the build made them, and in no other form. Invariant: the page is
//! served with a policy that names a fresh nonce for its styles, and no file of the machine can be reached: what is not
//! embedded does not exist.

use std::io::Read;

use actix_web::http::header::{self, AcceptEncoding, Encoding, Header};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use rust_embed::RustEmbed;

use crate::api::problem::{Code, Problem};
use crate::app::Services;
use crate::auth::CONTENT_POLICY;
use crate::random;

/// What the page's build puts where the nonce belongs.
const NONCE_MARK: &str = "__CSP_NONCE__";

/// What says in the page's build where it is served.
const BASE_MARK: &str = "<base href=\"/\" />";

#[derive(RustEmbed)]
#[folder = "web/dist"]
struct Files;

/// Everything that is not the API: an embedded file, or the page, whose own router knows the rest.
pub(crate) async fn page_or_file(request: HttpRequest) -> HttpResponse {
    let services = request.app_data::<web::Data<Services>>();
    let base = services.map_or("", |services| services.settings.base_path());
    let path = request.path().trim_start_matches('/');
    let reads = matches!(request.method().as_str(), "GET" | "HEAD");
    if path == "api" || path.starts_with("api/") || !reads {
        return missing();
    }
    if path.is_empty() || path == "index.html" {
        return page(base);
    }
    match form_of(&request, path) {
        Some(form) => file(&request, path, form),
        None if path
            .rsplit('/')
            .next()
            .is_some_and(|last| !last.contains('.')) =>
        {
            page(base)
        }
        None => missing(),
    }
}

fn missing() -> HttpResponse {
    Problem::new(Code::NotFound, "the API is described in /api/openapi.json").error_response()
}

/// The page. Its addresses are relative to `base`, where it is served: it may be opened at any depth.
fn page(base: &str) -> HttpResponse {
    let Some(index) = Files::get("index.html") else {
        return missing();
    };
    let nonce = STANDARD.encode(random::bytes::<16>());
    let base = format!("<base href=\"{base}/\" />");
    let text = String::from_utf8_lossy(&index.data)
        .replace(NONCE_MARK, &nonce)
        .replacen(BASE_MARK, &base, 1);
    let policy = CONTENT_POLICY
        .replace(
            "style-src 'self'",
            &format!("style-src 'self' 'nonce-{nonce}'"),
        )
        .replace("base-uri 'none'", "base-uri 'self'");
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text)
}

/// One of the forms in which a file can be sent.
struct Form {
    bytes: Vec<u8>,
    /// As `Content-Encoding` says; `None` for the file as it is.
    encoding: Option<&'static str>,
    tag: String,
    /// Whether it depends on what the client can read.
    varies: bool,
}

/// The form of a file that the client can read and that is shortest; `None` when there is no such file.
fn form_of(request: &HttpRequest, path: &str) -> Option<Form> {
    let packed = |ending: &str, encoding: Option<&'static str>| {
        Files::get(&format!("{path}{ending}")).map(|file| Form {
            tag: hex::encode(file.metadata.sha256_hash()),
            bytes: file.data.into_owned(),
            encoding,
            varies: true,
        })
    };
    let asked = AcceptEncoding::parse(request).ok().and_then(|accepted| {
        accepted.negotiate([&Encoding::brotli(), &Encoding::gzip()].into_iter())
    });
    let form = if asked == Some(Encoding::brotli()) {
        packed(".br", Some("br"))
    } else if asked == Some(Encoding::gzip()) {
        packed(".gz", Some("gzip"))
    } else {
        packed(".gz", None).and_then(unpacked)
    };
    form.or_else(|| {
        packed("", None).map(|form| Form {
            varies: false,
            ..form
        })
    })
}

/// For the few clients that read nothing compressed.
fn unpacked(form: Form) -> Option<Form> {
    let mut bytes = Vec::new();
    GzDecoder::new(form.bytes.as_slice())
        .read_to_end(&mut bytes)
        .ok()?;
    Some(Form {
        bytes,
        tag: format!("{}-plain", form.tag),
        ..form
    })
}

fn file(request: &HttpRequest, path: &str, form: Form) -> HttpResponse {
    let tag = format!("\"{}\"", form.tag);
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    // Names under assets/ hold a hash of the content, so their content never changes.
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut answer = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, cache));
    if form.varies {
        answer.insert_header((header::VARY, "Accept-Encoding"));
    }
    if known {
        return answer.finish();
    }
    if let Some(encoding) = form.encoding {
        answer.insert_header((header::CONTENT_ENCODING, encoding));
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    answer.content_type(kind.essence_str()).body(form.bytes)
}
