//! Request shapes: what one hit, or a bulk of them, looks like on the wire.
//!
//! For: the bytes between address and answer. Not for: sending them. Invariant: a token is in the body
//! of a POST or nowhere; nothing here prints a body that holds one.

use std::fmt;

use crate::encode::push_encoded;
use crate::hit::Hit;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";

/// How a single hit travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As browsers do with `sendBeacon`: POST, parameters in the query, empty body.
    Beacon,
    /// GET. A hit that carries a token becomes [`Method::Form`].
    Get,
    /// POST with all parameters in a form body.
    Form,
}

/// A tracking request without address: method, query and body.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub http_method: &'static str,
    /// What follows the `?` of the tracking endpoint, encoded; never holds a token.
    pub query: Option<String>,
    /// Content type and bytes; `None` is an empty body.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// Whether the body holds a token.
    pub contains_token: bool,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body.as_ref().map(|(content_type, bytes)| {
            let text = if self.contains_token {
                "holds a token, not shown".into()
            } else {
                String::from_utf8_lossy(bytes)
            };
            format!("{content_type}, {} bytes: {text}", bytes.len())
        });
        f.debug_struct("Request")
            .field("http_method", &self.http_method)
            .field("query", &self.query)
            .field("body", &body)
            .finish_non_exhaustive()
    }
}

/// Room for a usual query; a longer one costs a reallocation.
const QUERY_BYTES: usize = 768;

/// The request for one hit. It asks for an answer without an image (`send_image=0`, as browsers do).
///
/// A `token` is always sent, and always in the body of a POST: Beacon keeps its parameters in the query
/// and gets a form body with the token alone, Get becomes Form.
#[must_use]
pub fn single(method: Method, hit: &Hit, cdt_s: Option<i64>, token: Option<&str>) -> Request {
    let mut params = String::with_capacity(QUERY_BYTES);
    hit.write_query(cdt_s, &mut params);
    params.push_str("&send_image=0");
    match (method, token) {
        (Method::Get, None) => Request {
            http_method: "GET",
            query: Some(params),
            body: None,
            contains_token: false,
        },
        (Method::Beacon, token) => Request {
            http_method: "POST",
            query: Some(params),
            body: token.map(|token| (FORM, form_with_token(String::new(), token))),
            contains_token: token.is_some(),
        },
        (Method::Form, None) => Request {
            http_method: "POST",
            query: None,
            body: Some((FORM, params.into_bytes())),
            contains_token: false,
        },
        (Method::Form | Method::Get, Some(token)) => token_form(params, token),
    }
}

/// A form POST of `params` and the token.
pub(crate) fn token_form(params: String, token: &str) -> Request {
    Request {
        http_method: "POST",
        query: None,
        body: Some((FORM, form_with_token(params, token))),
        contains_token: true,
    }
}

fn form_with_token(mut form: String, token: &str) -> Vec<u8> {
    if !form.is_empty() {
        form.push('&');
    }
    form.push_str("token_auth=");
    push_encoded(&mut form, token);
    form.into_bytes()
}

/// Many hits in one request: `{"requests":["?…",…]}`, and `"token_auth"` beside it.
///
/// Without `send_image`, because only then Matomo answers with the counts.
#[derive(Debug, Clone)]
pub struct BulkBody {
    json: String,
    hits: usize,
}

const BULK_HEAD: &str = "{\"requests\":[";
const BULK_TAIL: &str = "]}";

impl Default for BulkBody {
    fn default() -> Self {
        Self::new()
    }
}

impl BulkBody {
    /// A bulk without hits.
    #[must_use]
    pub fn new() -> Self {
        Self {
            json: BULK_HEAD.to_owned(),
            hits: 0,
        }
    }

    /// Adds a hit behind the others.
    pub fn push(&mut self, hit: &Hit, cdt_s: Option<i64>) {
        // Matomo drops an entry without a leading `?` and says nothing. Encoded queries hold nothing
        // that JSON would want escaped.
        self.json
            .push_str(if self.hits == 0 { "\"?" } else { ",\"?" });
        hit.write_query(cdt_s, &mut self.json);
        self.json.push('"');
        self.hits += 1;
    }

    /// Number of hits so far.
    #[must_use]
    pub fn len_hits(&self) -> usize {
        self.hits
    }

    /// Length of the body so far, without a token.
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.json.len() + BULK_TAIL.len()
    }

    /// The request; a token applies to all of its hits.
    #[must_use]
    pub fn finish(mut self, token: Option<&str>) -> Request {
        match token {
            None => self.json.push_str(BULK_TAIL),
            Some(token) => {
                self.json.push_str("],\"token_auth\":");
                self.json
                    .push_str(&serde_json::Value::from(token).to_string());
                self.json.push('}');
            }
        }
        Request {
            http_method: "POST",
            query: None,
            body: Some((JSON, self.json.into_bytes())),
            contains_token: token.is_some(),
        }
    }
}

#[cfg(test)]
mod tests;
