//! `GET /docs`: the API for people, drawn from the OpenAPI document and from `docs/api.md`.
//!
//! It is plain HTML without a script, so that it needs no exception from the content policy, works for a screen
//! reader, and can be read without signing in: it says nothing that the repository does not. Invariant: every text
//! is escaped by the template.

mod shape;
mod text;

use actix_web::http::header;
use actix_web::{HttpResponse, get};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use self::shape::{body_example, schema_section, shape};
use self::text::prose;
use crate::api::openapi;
use crate::api::problem::Code;
use crate::auth::CONTENT_POLICY;
use crate::random;

const STYLE: &str = include_str!("docs.css");

/// The hand-written part of the documentation; its sections on problems are shown here, too.
const API_MD: &str = include_str!("../../../../docs/api.md");

/// The API for people.
#[get("/docs")]
pub(crate) async fn docs() -> HttpResponse {
    let nonce = STANDARD.encode(random::bytes::<16>());
    let policy = CONTENT_POLICY.replace("style-src 'self'", &format!("style-src 'nonce-{nonce}'"));
    let page = serde_json::to_value(openapi::document()).map(|document| page(&document, &nonce));
    match page {
        Ok(page) => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(page.into_string()),
        Err(error) => {
            tracing::error!(error = %error, "the OpenAPI document cannot be written as JSON");
            HttpResponse::InternalServerError().finish()
        }
    }
}

fn page(document: &Value, nonce: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "API · Trafficinator" }
                link rel="icon" type="image/svg+xml" href="favicon.svg";
                style nonce=(nonce) { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header {
                    h1 { "API" }
                    p { "Everything the page does, programs can do. " a href="./" { "Back to the page" } }
                }
                div.columns {
                    (contents(document))
                    main #content tabindex="-1" {
                        (signing_in())
                        @for tag in tags(document) { (tag_section(document, &tag)) }
                        (shapes(document))
                        (problems())
                    }
                }
            }
        }
    }
}

fn contents(document: &Value) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul {
                li { a href="#signing-in" { "Signing in" } }
                @for tag in tags(document) {
                    li { a href={ "#" (tag) } { (title_of(&tag)) } }
                }
                li { a href="#shapes" { "Shapes" } }
                li { a href="#problems" { "Problems" } }
            }
        }
    }
}

fn signing_in() -> Markup {
    let example = "curl -H \"X-API-Key: $KEY\" $URL/api/status\ncurl -H \"Authorization: Bearer $KEY\" $URL/api/status";
    html! {
        section aria-labelledby="signing-in" {
            h2 #signing-in { "Signing in" }
            p {
                "Programs send a key, in either of two headers. Make one on the page under Settings, or with "
                code { "POST /api/keys" } "; the operator's own is " code { "CONTROL_UI_API_KEY" }
                ". A key is " code { "full" } ", or " code { "read_only" }
                ": then it may read everything, validate, compare and convert."
            }
            (block("Sending a key", example))
            p {
                "Browsers exchange the code of a sign-in link for a cookie with " code { "POST /api/session" }
                ". Requests that change something must come from the page itself, and name a host that is served."
            }
            p { "The document behind this page: " a href="api/openapi.json" { "api/openapi.json" } ", with a key." }
        }
    }
}

fn tags(document: &Value) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for (_, _, operation) in operations(document) {
        let tag = operation["tags"][0].as_str().unwrap_or("other").to_owned();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flatten();
        operations.map(move |(method, operation)| (path, method, operation))
    })
}

fn tag_section(document: &Value, tag: &str) -> Markup {
    html! {
        section aria-labelledby=(tag) {
            h2 id=(tag) { (title_of(tag)) }
            @for (path, method, operation) in operations(document) {
                @if operation["tags"][0] == tag { (operation_part(document, path, method, operation)) }
            }
        }
    }
}

fn operation_part(document: &Value, path: &str, method: &str, operation: &Value) -> Markup {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let parameters = operation["parameters"].as_array();
    html! {
        article aria-labelledby={ "op-" (id) } {
            h3 id={ "op-" (id) } { code { b { (method.to_uppercase()) } " " (path) } }
            p.summary { (operation["summary"].as_str().unwrap_or_default()) }
            (prose(operation["description"].as_str().unwrap_or_default()))
            @if let Some(parameters) = parameters {
                h4 { "Parameters" }
                dl {
                    @for parameter in parameters {
                        dt {
                            code { (parameter["name"].as_str().unwrap_or_default()) } " "
                            (parameter["in"].as_str().unwrap_or_default()) ", " (shape(&parameter["schema"]))
                        }
                        dd { (prose(parameter["description"].as_str().unwrap_or_default())) }
                    }
                }
            }
            @if !body.is_null() {
                h4 { "Body" }
                p { (shape(body)) }
            }
            h4 { "Answers" }
            dl {
                @for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
                    dt { code { (status) } (answer_shape(answer)) }
                    dd { (prose(answer["description"].as_str().unwrap_or_default())) }
                }
            }
            (block("Example", &example(document, path, method, body)))
        }
    }
}

fn answer_shape(answer: &Value) -> Markup {
    let contents = answer["content"].as_object();
    html! {
        @for (kind, content) in contents.into_iter().flatten() {
            " " (kind) ", " (shape(&content["schema"]))
        }
    }
}

fn example(document: &Value, path: &str, method: &str, body: &Value) -> String {
    let mut text = "curl -H \"X-API-Key: $KEY\"".to_owned();
    if method != "get" {
        text = format!("{text} -X {}", method.to_uppercase());
    }
    if let Some(body) = body_example(document, body) {
        text = format!("{text} -H 'Content-Type: application/json' \\\n  -d '{body}'");
    }
    format!("{text} \"$URL{}\"", path.replace('{', "$").replace('}', ""))
}

/// Text that may be wider than the window; it can be reached and scrolled by keyboard.
fn block(label: &str, text: &str) -> Markup {
    html! { pre tabindex="0" role="group" aria-label=(label) { code { (text) } } }
}

fn shapes(document: &Value) -> Markup {
    let schemas = document["components"]["schemas"].as_object();
    html! {
        section aria-labelledby="shapes" {
            h2 #shapes { "Shapes" }
            @for (name, schema) in schemas.into_iter().flatten() { (schema_section(name, schema)) }
        }
    }
}

fn problems() -> Markup {
    html! {
        section aria-labelledby="problems" {
            h2 #problems { "Problems" }
            p {
                "Errors are " code { "application/problem+json" } " (RFC 9457). " code { "code" }
                " is stable; " code { "type" } " is the address of its part of this page."
            }
            @for code in Code::ALL {
                article {
                    h3 id={ "problem-" (code.as_str()) } { code { (code.as_str()) } }
                    p.summary { (code.status().as_u16()) ": " (code.title()) }
                    (prose(&explanation(*code)))
                }
            }
        }
    }
}

/// What `docs/api.md` says of a code, without the status that it begins with.
fn explanation(code: Code) -> String {
    let heading = format!("### `{}`\n", code.as_str());
    let section = API_MD.split_once(&heading).map_or("", |(_, rest)| rest);
    let section = section.split("\n#").next().unwrap_or_default();
    let status = format!("{}. ", code.status().as_u16());
    section.trim().trim_start_matches(&status).to_owned()
}

fn title_of(tag: &str) -> String {
    let mut letters = tag.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
