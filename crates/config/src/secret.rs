//! Tokens, and how they are kept apart from everything that is written down.
//!
//! For: carrying a token from where a person gave it to the request that needs it, and handing it to
//! a loader in a file of its own. Not for: deciding where that file lies or who deletes it.
//! Invariant: nothing here can be printed, logged or serialised by accident; the only ways out are
//! [`Secret::expose`] and [`Secrets::to_json_exposed`], both easy to find in a review.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// Text that must not be seen: no `Display`, no `Serialize`, a `Debug` without the content, and
/// memory that is overwritten when the value is dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself, for the one place that puts it into a request body.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// The secrets of a run configuration, taken out so that the rest can be stored.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// One entry for each target, in the order of the run configuration's `targets`.
    pub targets: Vec<TargetSecret>,
    /// The proxy variables of the control plane, which may hold a password.
    pub proxies: ProxyVariables,
}

/// Proxy variables of an environment, as programs on Unix know them. The addresses may hold a password.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProxyVariables {
    /// `HTTP_PROXY`: for http targets.
    pub http: Option<Secret>,
    /// `HTTPS_PROXY`: for https targets.
    pub https: Option<Secret>,
    /// `ALL_PROXY`: for both, where the others are not set.
    pub all: Option<Secret>,
    /// `NO_PROXY`: hosts, domains and networks that are reached without, separated by commas.
    pub no: Option<String>,
}

impl ProxyVariables {
    /// Those among the variables of an environment; the name in lower case wins, as in curl.
    pub fn from_vars(vars: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut found = Self::default();
        let mut is_lower = [false; 4];
        for (name, value) in vars {
            let lower = name.to_ascii_lowercase();
            let known = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];
            let Some(which) = known.iter().position(|known| *known == lower) else {
                continue;
            };
            let value = value.trim();
            if value.is_empty() || is_lower[which] {
                continue;
            }
            is_lower[which] = lower == name;
            let secret = || Some(Secret::from(value.to_owned()));
            match which {
                0 => found.http = secret(),
                1 => found.https = secret(),
                2 => found.all = secret(),
                _ => found.no = Some(value.to_owned()),
            }
        }
        found
    }

    /// True when there is no proxy.
    pub fn is_empty(&self) -> bool {
        self.http.is_none() && self.https.is_none() && self.all.is_none()
    }

    fn exposed(&self) -> serde_json::Value {
        let text =
            |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        serde_json::json!({
            "http": text(&self.http),
            "https": text(&self.https),
            "all": text(&self.all),
            "no": self.no,
        })
    }
}

/// The secrets of one target.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSecret {
    /// The target's `token_auth`, if it has one.
    #[serde(default)]
    pub token_auth: Option<Secret>,
    /// The target's `basic_auth_password`, if it has one.
    #[serde(default)]
    pub basic_auth_password: Option<Secret>,
    /// The target's `extra_header_value`, if it has one.
    #[serde(default)]
    pub extra_header_value: Option<Secret>,
}

impl TargetSecret {
    /// The secrets, each with the name of its setting.
    pub(crate) fn named(&self) -> [(&'static str, &Option<Secret>); 3] {
        [
            ("token_auth", &self.token_auth),
            ("basic_auth_password", &self.basic_auth_password),
            ("extra_header_value", &self.extra_header_value),
        ]
    }
}

/// Why a hand-over file could not be read. Says where, never what.
#[derive(Debug, thiserror::Error)]
#[error(
    "the hand-over file is not of the form {{\"targets\":[{{\"token_auth\":\"…\"}}]}} \
     (line {line}, column {column})"
)]
pub struct SecretsError {
    line: usize,
    column: usize,
}

impl Secrets {
    /// The hand-over file's text, **with the tokens in clear**: `{"targets":[{"token_auth":"…"}]}`.
    /// Write it with mode 0600 or 0400 and to nowhere else.
    pub fn to_json_exposed(&self) -> String {
        let targets: Vec<_> = self
            .targets
            .iter()
            .map(|target| {
                let given = target.named().into_iter().filter_map(|(name, secret)| {
                    Some((name.to_owned(), secret.as_ref()?.expose().into()))
                });
                serde_json::Value::Object(given.collect())
            })
            .collect();
        let mut text = serde_json::json!({ "targets": targets });
        if !self.proxies.is_empty() {
            text["proxies"] = self.proxies.exposed();
        }
        text.to_string()
    }

    /// A hand-over file's text with these proxy variables in it; `None` when there is nothing to hand over.
    pub fn hand_over(
        kept: Option<Secret>,
        proxies: &ProxyVariables,
    ) -> Result<Option<Secret>, SecretsError> {
        if proxies.is_empty() {
            return Ok(kept);
        }
        let mut secrets = match &kept {
            Some(text) => Self::from_json(text.expose())?,
            None => Self::default(),
        };
        secrets.proxies = proxies.clone();
        Ok(Some(Secret::from(secrets.to_json_exposed())))
    }

    /// Puts a secret where its JSON pointer says, such as `/targets/0/token_auth`; false when there is no such target,
    /// or no such secret of a target.
    pub fn put(&mut self, pointer: &str, secret: Secret) -> bool {
        let place = pointer
            .strip_prefix("/targets/")
            .and_then(|rest| rest.split_once('/'))
            .and_then(|(at, name)| {
                let target = self.targets.get_mut(at.parse::<usize>().ok()?)?;
                match name {
                    "token_auth" => Some(&mut target.token_auth),
                    "basic_auth_password" => Some(&mut target.basic_auth_password),
                    "extra_header_value" => Some(&mut target.extra_header_value),
                    _ => None,
                }
            });
        match place {
            Some(place) => {
                *place = Some(secret);
                true
            }
            None => false,
        }
    }

    /// Reads what [`Secrets::to_json_exposed`] wrote.
    pub fn from_json(text: &str) -> Result<Self, SecretsError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct HandOver {
            targets: Vec<TargetSecret>,
            #[serde(default)]
            proxies: ProxyVariables,
        }
        serde_json::from_str::<HandOver>(text)
            .map(|read| Self {
                targets: read.targets,
                proxies: read.proxies,
            })
            // The parser's own message may quote the text, so only its position is kept.
            .map_err(|error| SecretsError {
                line: error.line(),
                column: error.column(),
            })
    }

    /// True when there is nothing to keep apart.
    pub fn is_empty(&self) -> bool {
        let none =
            |target: &TargetSecret| target.named().iter().all(|(_, secret)| secret.is_none());
        self.proxies.is_empty() && self.targets.iter().all(none)
    }
}
