//! From a document's tree to single values at their pointers.
//!
//! For: finding unknown keys and values of the wrong type in one layer. Not for: limits, which count
//! for the value that wins in the end. Invariant: what comes out are known settings with values of
//! their type; everything else became a problem. Secrets come out apart.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalogue::{self, Node, Setting};
use crate::nearest::nearest;
use crate::origin::{Origin, OriginKind};
use crate::problem::{Problem, path, quoted};
use crate::secret::Secret;
use crate::value::{Fault, canonical};

/// Most entries of `targets` that are looked at. A list that long is refused anyway.
const MAX_TARGETS: usize = 100;
/// Most unknown keys that are shown for one place; the rest is counted.
const MAX_UNKNOWN: usize = 20;

/// A value and where it came from.
#[derive(Clone)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// Values at their pointers.
#[derive(Default)]
pub(crate) struct Leaves {
    pub(crate) values: BTreeMap<String, Given<Value>>,
    pub(crate) secrets: BTreeMap<String, Given<Secret>>,
}

impl Leaves {
    /// Reads a tree; what is wrong with it is added to the problems.
    pub(crate) fn read(tree: Value, origin: &Origin, problems: &mut Vec<Problem>) -> Self {
        let mut reading = Reading {
            origin,
            leaves: Self::default(),
            problems,
        };
        reading.node(catalogue::root(), "", tree);
        reading.leaves
    }

    /// The other leaves win. Secrets that were given for an address are not carried to another one: who
    /// names a new address must not learn a token that way. Says which ones are left behind.
    pub(crate) fn extend(&mut self, other: Self) -> Vec<Problem> {
        let mut left_behind = Vec::new();
        for (pointer, new) in &other.values {
            let before = pointer
                .strip_suffix("/url")
                .and_then(|target| Some((target, self.values.get(pointer)?)));
            if let Some((target, before)) = before
                && !same_server(&before.value, &new.value)
            {
                let here = format!("{target}/");
                let taken = self.secrets.extract_if(.., |at, _| at.starts_with(&here));
                let server = server(&before.value);
                left_behind.extend(taken.map(|(at, given)| withheld(&at, &given, &server)));
            }
        }
        left_behind.retain(|problem| !other.secrets.contains_key(&problem.pointer));
        self.values.extend(other.values);
        self.secrets.extend(other.secrets);
        left_behind
    }
}

struct Reading<'a> {
    origin: &'a Origin,
    leaves: Leaves,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn node(&mut self, node: &Node, pointer: &str, value: Value) {
        match (node, value) {
            (_, value) if is_empty(&value) => {}
            (Node::Setting(setting), value) => self.setting(setting, pointer, value),
            (Node::Section(children), Value::Object(given)) => {
                self.section(children, pointer, given);
            }
            (Node::List { entry, max }, Value::Array(given)) => {
                self.list(entry, *max, pointer, given);
            }
            (Node::Section(_), _) => {
                self.problem(
                    pointer,
                    "wrong_type",
                    "settings stand in a table here, and something else was given",
                    "write them by name: [section] and name = value below it, or {\"section\": {\"name\": value}} in JSON",
                )
            }
            (Node::List { .. }, _) => {
                self.problem(
                    pointer,
                    "wrong_type",
                    "this is a list of tables, and something else was given",
                    "begin each entry with [[targets]], or write {\"targets\": [{…}]} in JSON",
                )
            }
        }
    }

    fn section(
        &mut self,
        children: &[(String, Node)],
        pointer: &str,
        given: serde_json::Map<String, Value>,
    ) {
        let mut unknown = 0_usize;
        for (key, value) in given {
            let place = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            match children.iter().find(|(name, _)| *name == key) {
                Some((_, child)) => self.node(child, &place, value),
                None if unknown < MAX_UNKNOWN => {
                    unknown += 1;
                    self.problems
                        .push(unknown_key(children, &place, &key).origin(self.origin));
                }
                None => unknown += 1,
            }
        }
        if let Some(more @ 1..) = unknown.checked_sub(MAX_UNKNOWN) {
            self.problem(
                pointer,
                "unknown_key",
                &format!("and {more} more unknown keys"),
                "see whether this is a run configuration; correct or remove the keys named before",
            );
        }
    }

    fn list(&mut self, entry: &Node, max: usize, pointer: &str, given: Vec<Value>) {
        if given.len() > max {
            let message = format!("{} targets in one run are not available yet", given.len());
            self.problems.push(
                Problem::new(pointer, "not_available", message)
                    .hint("keep one target, and start a run for each of the others")
                    .origin(self.origin),
            );
        }
        for (at, value) in given.into_iter().take(MAX_TARGETS).enumerate() {
            self.node(entry, &format!("{pointer}/{at}"), value);
        }
    }

    fn setting(&mut self, setting: &Setting, pointer: &str, value: Value) {
        let origin = self.origin.clone();
        match (setting.secret, canonical(&setting.shape, value)) {
            (true, Ok(Value::String(text))) => {
                let value = Secret::from(text);
                self.leaves
                    .secrets
                    .insert(pointer.to_owned(), Given { value, origin });
            }
            // The fault's own message shows the value.
            (true, _) => self.problem(
                pointer,
                "wrong_type",
                "the secret is not text",
                "write it in quotes",
            ),
            (false, Ok(value)) => {
                self.leaves
                    .values
                    .insert(pointer.to_owned(), Given { value, origin });
            }
            (false, Err(fault)) => {
                self.problems
                    .push(Problem::from_fault(pointer, fault).origin(self.origin));
            }
        }
    }

    fn problem(&mut self, pointer: &str, code: &str, message: &str, hint: &str) {
        let problem = Problem::new(pointer, code, message).hint(hint);
        self.problems.push(problem.origin(self.origin));
    }
}

impl Problem {
    pub(crate) fn from_fault(pointer: &str, fault: Fault) -> Self {
        Self {
            hint: fault.hint,
            ..Self::new(pointer, fault.code, fault.message)
        }
    }
}

impl Leaves {
    /// Leaves behind what a person gave for another server than the one that is named now.
    pub(crate) fn release(&mut self, bound: &[(String, String)]) -> Vec<Problem> {
        let mut left_behind = Vec::new();
        for (pointer, address) in bound {
            let target = pointer.rsplit_once('/').map_or("", |(target, _)| target);
            let now = self.values.get(&format!("{target}/url"));
            let meant_for = server(&Value::from(address.as_str()));
            if now.is_none_or(|now| server(&now.value) == meant_for) {
                continue;
            }
            let yours = |given: &Given<Secret>| given.origin.kind == OriginKind::You;
            if let Some(given) = self.secrets.get(pointer).filter(|given| yours(given)) {
                left_behind.push(withheld(pointer, given, &meant_for));
                self.secrets.remove(pointer);
            }
        }
        left_behind
    }
}

/// Scheme, host and port of an address; the whole of it when it is none.
fn server(address: &Value) -> String {
    let text = address.as_str().unwrap_or_default();
    url::Url::parse(text).map_or_else(
        |_| text.to_owned(),
        |url| url.origin().ascii_serialization(),
    )
}

fn same_server(one: &Value, other: &Value) -> bool {
    server(one) == server(other)
}

fn withheld(pointer: &str, given: &Given<Secret>, server: &str) -> Problem {
    // What is no address may hold a secret.
    let shown = match url::Url::parse(server) {
        Ok(_) => server,
        Err(_) => "another address",
    };
    let message = format!("it was given for {shown} and is not sent elsewhere");
    Problem::new(pointer, "withheld", message)
        .hint("give the one of the new target, or go back to the old address")
        .origin(&given.origin)
}

/// Nothing, or an empty text: not set.
fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn unknown_key(children: &[(String, Node)], place: &str, key: &str) -> Problem {
    let problem = Problem::new(place, "unknown_key", format!("unknown key {}", quoted(key)));
    if let Some(near) = nearest(key, children.iter().map(|(name, _)| name.as_str())) {
        return problem.hint(format!("did you mean {near}?"));
    }
    // The right name in the wrong place, or an environment name in a document.
    let elsewhere = catalogue::settings().find(|setting| {
        setting.env.as_deref() == Some(key) || setting.pointer.ends_with(&format!("/{key}"))
    });
    match elsewhere {
        Some(setting) => problem.hint(format!("did you mean {}?", path(&setting.pointer))),
        None => {
            let known: Vec<_> = children.iter().map(|(name, _)| name.as_str()).collect();
            problem.hint(format!("known here: {}", known.join(", ")))
        }
    }
}

/// A tree from values at their pointers; the inverse of reading one.
pub(crate) fn tree<'a>(leaves: impl Iterator<Item = (&'a str, &'a Value)>) -> Value {
    let mut root = Value::Object(serde_json::Map::new());
    for (pointer, value) in leaves {
        let mut at = &mut root;
        for part in pointer.split('/').skip(1) {
            at = match (part.parse::<usize>(), at) {
                (Ok(index), place) => entry(place, index),
                (Err(_), place) => {
                    if !place.is_object() {
                        *place = Value::Object(serde_json::Map::new());
                    }
                    &mut place[part]
                }
            };
        }
        *at = value.clone();
    }
    root
}

fn entry(place: &mut Value, index: usize) -> &mut Value {
    if !place.is_array() {
        *place = Value::Array(Vec::new());
    }
    let index = index.min(MAX_TARGETS);
    // Entries without any value are empty tables, so that their defaults apply.
    while let Some(entries) = place
        .as_array_mut()
        .filter(|entries| entries.len() <= index)
    {
        entries.push(Value::Object(serde_json::Map::new()));
    }
    &mut place[index]
}
