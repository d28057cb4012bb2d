//! Names of runs and of requests, checked once.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A run's id: 32 lower-case hexadecimal digits; later runs have greater ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RunId(String);

impl RunId {
    /// An id that nobody had.
    #[must_use]
    pub fn fresh() -> Self {
        Self(Uuid::now_v7().simple().to_string())
    }

    /// The id in `text`; `None` when it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 32 && text.bytes().all(digits)).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RunId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RunId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a run's id has 32 lower-case hexadecimal digits")
    }
}

/// What a client names a request, so that sending it again starts nothing twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key in `text`: 1 to 200 visible ASCII characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        ((1..=200).contains(&text.len()) && visible).then(|| Self(text.to_owned()))
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_runs_are_read_as_such() {
        let fresh = RunId::fresh();
        assert_eq!(RunId::parse(fresh.as_str()), Some(fresh));
        for bad in [
            "",
            "abc",
            &"g".repeat(32),
            &"A".repeat(32),
            &"a".repeat(33),
            "../../../../../../../../etc/pass",
        ] {
            assert_eq!(RunId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn later_runs_have_greater_ids() {
        let ids: Vec<_> = (0..100).map(|_| RunId::fresh()).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn only_visible_text_is_an_idempotency_key() {
        assert!(IdempotencyKey::parse("a-1").is_some());
        for bad in ["", " ", "a b", "é", &"a".repeat(201)] {
            assert_eq!(IdempotencyKey::parse(bad), None, "{bad:?}");
        }
    }
}
