//! Many hits in one request, as JSON.
//!
//! Reads the body and says how its answer looks; what becomes of each hit is judged elsewhere.
//!
//! Invariant: an entry that is text without a `?` and a query after it is dropped as Matomo drops
//! it: counted neither as tracked nor as invalid, and the positions of later entries move up.

use serde_json::{Map, Value, json};

use crate::params::{Params, TOKEN};

/// A bulk request as read.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Bulk {
    /// The hits; positions in the answer are positions in this list.
    pub(crate) entries: Vec<Params>,
    /// Entries without a query.
    pub(crate) dropped: u64,
    /// The token for all hits.
    pub(crate) token: Option<String>,
    /// `send_image=0` at the top: the counts are not wanted.
    pub(crate) unanswered: bool,
}

/// Is the body a bulk? Matomo looks for the name alone, whatever the content type, and not at the
/// very first byte.
pub(crate) fn is_bulk(body: &[u8]) -> bool {
    [b"\"requests\"".as_slice(), b"'requests'"]
        .iter()
        .any(|name| {
            body.windows(name.len())
                .skip(1)
                .any(|window| window == *name)
        })
}

impl Bulk {
    /// Reads a body; what is not JSON is a bulk of nothing, as it is to Matomo.
    pub(crate) fn parse(body: &[u8]) -> Self {
        let Ok(Value::Object(top)) = serde_json::from_slice(body) else {
            return Self::default();
        };
        let mut bulk = Self {
            token: top.get(TOKEN).and_then(Value::as_str).map(str::to_owned),
            unanswered: is_switched_off(&top),
            ..Self::default()
        };
        bulk.token = bulk.token.filter(|token| !token.is_empty());
        match top.get("requests") {
            Some(Value::Array(list)) => list.iter().for_each(|entry| bulk.add(entry)),
            Some(Value::Object(map)) => map.values().for_each(|entry| bulk.add(entry)),
            _ => {}
        }
        bulk
    }

    fn add(&mut self, entry: &Value) {
        match entry {
            Value::String(text) => {
                let text = text.split('#').next().unwrap_or_default();
                match text.split_once('?') {
                    Some((_, query)) if !query.is_empty() => {
                        self.entries.push(Params::parse(query));
                    }
                    _ => self.dropped += 1,
                }
            }
            Value::Object(map) => self.entries.push(Params::from_object(map)),
            // Anything else is a hit that says nothing, which counts as tracked.
            _ => self.entries.push(Params::default()),
        }
    }
}

fn is_switched_off(top: &Map<String, Value>) -> bool {
    match top.get("send_image") {
        Some(Value::String(text)) => text.is_empty() || text == "0",
        Some(Value::Number(number)) => number.as_f64() == Some(0.0),
        Some(Value::Bool(wanted)) => !wanted,
        _ => false,
    }
}

/// The body of the answer; only a super user is told the positions of the invalid entries.
pub(crate) fn outcome(status: &str, tracked: usize, invalid: &[usize], to_super: bool) -> Value {
    let mut outcome = json!({ "status": status, "tracked": tracked, "invalid": invalid.len() });
    if to_super {
        outcome["invalid_indices"] = json!(invalid);
    }
    outcome
}

#[cfg(test)]
mod tests;
