//! Thousands of senseless requests at every operation of our own document: the answer is sensible all the same.
//!
//! The requests come from a fixed seed, so a failure repeats itself. `FUZZ_SEED` and `FUZZ_REQUESTS` choose others.

use std::collections::HashSet;

use control_ui::api::openapi::document;
use control_ui::api::problem::Code;
use futures_util::{StreamExt, stream};
use reqwest::{Method, Response};
use serde_json::{Map, Value, json};

use crate::app::{App, KEY, spawn_app};

/// Requests in all when nothing else is asked for.
const REQUESTS: u64 = 4_000;

/// Requests under way at a time.
const AT_ONCE: usize = 8;

/// A minute passes with each request, so that limits of costly ones are not all that is met.
const STEP_MS: i64 = 60_000;

/// Deepest value that follows its schema.
const DEPTH: u32 = 5;

const TEXTS: &[&str] = &[
    "",
    " ",
    "light",
    "x",
    "null",
    "-1",
    "1e999",
    "..",
    "../../etc/passwd",
    "a/b",
    "%00",
    "\u{0}",
    "\u{202e}💥ﷺ",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "https://matomo.example/matomo.php",
    "http://[::1]:99999/",
    "2026-03-01T09:30:00Z",
    "-292277022399-01-01T00:00:00Z",
    "00000000000000000000000000000000",
    "01890a5d-ac96-774b-bcce-b302099a8057",
    "18446744073709551616",
];

/// Draws; the same ones from the same seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }

    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    fn text(&mut self) -> String {
        match self.below(12) {
            0 => "x".repeat(self.below(20_000)),
            1 => "ü".repeat(self.below(300)),
            2 => self.next().to_string(),
            _ => self.pick(TEXTS).to_owned(),
        }
    }

    fn number(&mut self) -> Value {
        match self.below(10) {
            0 => json!(0),
            1 => json!(-1),
            2 => json!(u64::MAX),
            3 => json!(i64::MIN),
            4 => json!(1e308),
            5 => json!(0.000_001),
            6 => json!(9_007_199_254_740_993_u64),
            _ => json!(self.below(1_000)),
        }
    }

    /// Anything at all.
    fn anything(&mut self) -> Value {
        match self.below(8) {
            0 => Value::Null,
            1 => json!(true),
            2 | 3 => self.number(),
            4 => Value::Array((0..self.below(4)).map(|_| self.anything()).collect()),
            5 => (0..self.below(100)).fold(json!(1), |inner, _| json!([inner])),
            6 => json!({ (self.text()): self.anything() }),
            _ => json!(self.text()),
        }
    }

    /// Something that mostly follows the schema.
    fn value(&mut self, document: &Value, schema: &Value, depth: u32) -> Value {
        if self.once_in(12) || depth > DEPTH {
            return self.anything();
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.trim_start_matches('#');
            let schema = document.pointer(pointer).unwrap();
            return self.value(document, schema, depth + 1);
        }
        for alternatives in ["oneOf", "anyOf"] {
            if let Some(list) = schema[alternatives].as_array() {
                let schema = &list[self.below(list.len())];
                return self.value(document, schema, depth + 1);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            return values[self.below(values.len())].clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => &kinds[self.below(kinds.len())],
            kind => kind,
        };
        match kind.as_str() {
            Some("object") => self.object(document, schema, depth),
            Some("array") => {
                let items = (0..self.below(3)).map(|_| 0);
                let items = items.map(|_| self.value(document, &schema["items"], depth + 1));
                Value::Array(items.collect())
            }
            Some("boolean") => json!(self.once_in(2)),
            Some("integer" | "number") => self.number(),
            Some("null") => Value::Null,
            _ => json!(self.text()),
        }
    }

    fn object(&mut self, document: &Value, schema: &Value, depth: u32) -> Value {
        let mut object = Map::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let required = schema["required"].as_array();
            let required = required.is_some_and(|list| list.contains(&json!(name)));
            if (required && !self.once_in(10)) || self.once_in(2) {
                object.insert(name.clone(), self.value(document, field, depth + 1));
            }
        }
        // A run configuration is an object without a schema here; some of it makes sense.
        if schema["properties"].is_null() && self.once_in(2) {
            let target = json!({ "url": self.text(), "token_auth": self.text() });
            object.insert("targets".into(), json!([target]));
            object.insert("load".into(), json!({ "visits_per_day": self.number() }));
        }
        if self.once_in(10) {
            object.insert(self.text(), self.anything());
        }
        Value::Object(object)
    }

    fn body(&mut self, document: &Value, schema: &Value) -> Vec<u8> {
        match self.below(20) {
            0 => self.text().into_bytes(),
            1 => vec![0xff, 0xfe, 0x00, b'{'],
            2 => "[".repeat(self.below(100_000)).into_bytes(),
            3 => "{\"a\":".repeat(self.below(10_000)).into_bytes(),
            4 => Vec::new(),
            _ => self.value(document, schema, 0).to_string().into_bytes(),
        }
    }
}

/// One senseless request.
#[derive(Debug, Clone)]
struct Ask {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// Ids that exist, to get beyond "no such thing".
fn asks(seed: u64, number: u64, ids: &[String]) -> Vec<Ask> {
    let document = serde_json::to_value(document()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            operations.push((method, path.clone(), operation));
        }
    }
    let mut dice = Dice(seed);
    let each = |n: u64| usize::try_from(n).unwrap() % operations.len();
    (0..number)
        .map(|n| {
            let (method, path, operation) = &operations[each(n)];
            ask(&mut dice, &document, method, path, operation, ids)
        })
        .collect()
}

fn ask(
    dice: &mut Dice,
    document: &Value,
    method: &Method,
    path: &str,
    operation: &Value,
    ids: &[String],
) -> Ask {
    let mut path = path.to_owned();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let mut headers = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let value = match dice.value(document, &parameter["schema"], 0) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        match parameter["in"].as_str().unwrap() {
            "path" => {
                let value = match dice.below(3) {
                    0 => ids[dice.below(ids.len())].clone(),
                    _ => value.chars().take(2_000).collect(),
                };
                let part = url::form_urlencoded::byte_serialize(value.as_bytes());
                path = path.replace(&format!("{{{name}}}"), &part.collect::<String>());
            }
            "query" if !dice.once_in(3) => {
                let value: String = value.chars().take(2_000).collect();
                query.append_pair(name, &value);
            }
            "header" if !dice.once_in(3) => headers.push((name.to_owned(), value)),
            _ => {}
        }
    }
    if dice.once_in(10) {
        query.append_pair(&dice.text(), "1");
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let body = (!schema.is_null()).then(|| dice.body(document, schema));
    if body.is_some() {
        let kind = [
            "application/json",
            "text/plain",
            "application/json; charset=utf-8",
        ];
        let kind = kind[if dice.once_in(20) {
            1
        } else {
            dice.below(2) * 2
        }];
        headers.push(("Content-Type".into(), kind.to_owned()));
    }
    let query: String = query.finish().chars().take(8_000).collect();
    Ask {
        method: method.clone(),
        path: format!("{path}?{query}"),
        headers: headers
            .into_iter()
            .filter(|(_, value)| {
                value.len() < 4_000 && value.bytes().all(|b| b >= b' ' && b != 127)
            })
            .collect(),
        body,
    }
}

async fn send(app: &App, ask: &Ask) -> Response {
    app.clock.advance_ms(STEP_MS);
    let mut request = app.request(ask.method.clone(), &ask.path);
    for (name, value) in &ask.headers {
        request = request.header(name, value.as_bytes());
    }
    if let Some(body) = &ask.body {
        request = request.body(body.clone());
    }
    request.send().await.unwrap()
}

/// What is wrong with an answer.
async fn fault(ask: &Ask, answer: Response) -> Option<String> {
    let status = answer.status().as_u16();
    if status < 400 {
        return None;
    }
    let kind = answer.headers().get("content-type").cloned();
    let text = answer.text().await.unwrap();
    let says = |what: &str| Some(format!("{what}: {status} {text:.300} to {ask:.600?}"));
    if kind.is_none_or(|kind| kind != "application/problem+json") {
        return says("not a problem");
    }
    let body: Value = serde_json::from_str(&text).unwrap();
    let code = Code::ALL.iter().find(|code| body["code"] == code.as_str());
    match code {
        Some(code) if code.status().as_u16() != status => says("a code of another status"),
        // Nothing to do for the caller, and the caller did it.
        Some(Code::Internal) => says("a failure inside"),
        Some(_) if status >= 500 && status != 503 => says("a failure of the server"),
        Some(_) => None,
        None => says("a code that nobody knows"),
    }
}

fn chosen(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[actix_web::test]
async fn whatever_is_asked_the_answer_is_known() {
    let app = spawn_app().await;
    let run = app.running().await;
    let ids = [run.to_string(), "light".into(), "0".repeat(32)];
    let (seed, number) = (chosen("FUZZ_SEED", 7), chosen("FUZZ_REQUESTS", REQUESTS));
    let asks = asks(seed, number, &ids);
    let answers = stream::iter(&asks).map(|ask| async {
        let answer = send(&app, ask).await;
        let status = answer.status().as_u16();
        (status, fault(ask, answer).await)
    });
    let answers: Vec<_> = answers.buffer_unordered(AT_ONCE).collect().await;
    let faults: Vec<_> = answers
        .iter()
        .filter_map(|(_, fault)| fault.as_ref())
        .collect();
    assert!(faults.is_empty(), "{} faults: {faults:#?}", faults.len());
    let kinds: HashSet<u16> = answers.iter().map(|(status, _)| *status).collect();
    for status in [200, 201, 400, 404, 415, 422, 428] {
        assert!(kinds.contains(&status), "{status} is never met: {kinds:?}");
    }
    assert_eq!(app.get("/api/status").await["orchestrator"]["ready"], true);
}

#[actix_web::test]
async fn bodies_headers_and_addresses_end_at_their_bounds() {
    const BODY: usize = 4 << 20;
    let app = spawn_app().await;
    let validate = |size: usize| {
        let request = app.request(Method::POST, "/api/validate");
        let body = format!("{{{}}}", " ".repeat(size - 2));
        request
            .header("Content-Type", "application/json")
            .body(body)
    };
    let start = |key: usize| {
        let request = app.request(Method::POST, "/api/runs");
        let request = request.header("Idempotency-Key", "k".repeat(key));
        request.json(&json!({ "use_practice_target": true, "trial": 1 }))
    };
    let with_key = |size: usize| {
        let request = app.stranger(Method::GET, "/api/session");
        app.clock.advance_ms(3_600_000);
        request.header("X-API-Key", "k".repeat(size))
    };
    let cookie = |size: usize| {
        let request = app.stranger(Method::GET, "/api/session");
        request.header(
            "Cookie",
            format!("trafficinator_session={}", "c".repeat(size)),
        )
    };
    let id = |size: usize| app.request(Method::GET, &format!("/api/runs/{}", "0".repeat(size)));
    let named = |size: usize| {
        let body = json!({ "use_practice_target": true, "trial": 1, "name": "n".repeat(size) });
        app.request(Method::POST, "/api/runs").json(&body)
    };
    for (what, request, expected) in [
        ("a body at its bound", validate(BODY), 200),
        ("a body over it", validate(BODY + 1), 413),
        ("an idempotency key at its bound", start(200), 201),
        ("one over it", start(201), 400),
        ("an empty one", start(0), 400),
        ("a wrong key as long as one may be", with_key(512), 401),
        ("a longer one", with_key(513), 401),
        ("a very long one", with_key(20_000), 401),
        ("a wrong session", cookie(43), 401),
        ("a very long one", cookie(5_000), 401),
        ("an id of the right length", id(32), 404),
        ("a very long one", id(10_000), 404),
        ("a name at its bound", named(100), 201),
        ("one over it", named(101), 422),
        (
            "a key, good as ever",
            app.stranger(Method::GET, "/api/session")
                .header("X-API-Key", KEY),
            200,
        ),
    ] {
        let status = request.send().await.unwrap().status().as_u16();
        assert_eq!(status, expected, "{what}");
    }
}
