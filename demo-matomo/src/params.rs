//! The parameters of one hit, as a tracker reads them.
//!
//! Reads URL-encoded text (query strings, forms, entries of a bulk) and JSON objects (entries of a
//! bulk). Judges nothing: what a parameter means is the business of [`crate::rules`].
//!
//! Invariant: when a name occurs twice the later value counts, so appending the query to a form
//! body makes the query win, as it does in Matomo.

use serde_json::Value;
use url::form_urlencoded;

/// The name under which a token travels; it never reaches the ledger.
pub(crate) const TOKEN: &str = "token_auth";

/// Names and values of one hit, in the order received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Reads URL-encoded text; anything that is not UTF-8 becomes replacement characters.
    pub(crate) fn parse(encoded: &str) -> Self {
        let mut params = Self::default();
        params.append(encoded);
        params
    }

    /// Adds URL-encoded text whose values win over those already there.
    pub(crate) fn append(&mut self, encoded: &str) {
        let pairs = form_urlencoded::parse(encoded.as_bytes());
        self.pairs
            .extend(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())));
    }

    /// Reads an entry of a bulk that is a JSON object; nested values keep their JSON form, because
    /// a cart may be sent as a real list.
    pub(crate) fn from_object(object: &serde_json::Map<String, Value>) -> Self {
        let pairs = object.iter().filter_map(|(name, value)| {
            let text = match value {
                Value::Null => return None,
                Value::Bool(flag) => if *flag { "1" } else { "" }.to_owned(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            Some((name.clone(), text))
        });
        Self {
            pairs: pairs.collect(),
        }
    }

    /// No parameter at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The value that counts for this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value, where an absent one and an empty one are the same.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// A whole number; a value of another type counts as absent, as it does in Matomo.
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(|value| value.trim().parse().ok())
    }

    /// A number with an optional fraction after a dot; another type counts as absent.
    pub(crate) fn float(&self, name: &str) -> Option<f64> {
        let number: f64 = self.get(name)?.trim().parse().ok()?;
        number.is_finite().then_some(number)
    }

    /// A whole number that is there and not zero.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.int(name).is_some_and(|value| value != 0)
    }

    /// The parameters as received, URL-encoded again, without any token.
    pub(crate) fn encoded_without_token(&self) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| name != TOKEN);
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_wins_over_the_form_body() {
        let mut params = Params::parse("idsite=1&url=a");
        params.append("url=b");
        assert_eq!(
            (params.get("url"), params.get("idsite")),
            (Some("b"), Some("1"))
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_counts_as_absent() {
        let params = Params::parse("pf_net=12.5&revenue=1,5&rec=yes");
        assert_eq!(params.int("pf_net"), None);
        assert_eq!(params.float("revenue"), None);
        assert!(!params.flag("rec"));
    }

    #[test]
    fn the_token_is_left_out_of_what_is_kept() {
        let params = Params::parse("idsite=1&token_auth=planted&action_name=a+b%26c");
        assert_eq!(
            params.encoded_without_token(),
            "idsite=1&action_name=a+b%26c"
        );
    }

    #[test]
    fn a_json_object_is_read_with_nested_lists_kept_as_json() {
        let value: Value =
            serde_json::from_str(r#"{"idsite":1,"ec_items":[["s",2]],"x":null,"b":true}"#).unwrap();
        let params = Params::from_object(value.as_object().unwrap());
        assert_eq!(params.int("idsite"), Some(1));
        assert_eq!(params.get("ec_items"), Some(r#"[["s",2]]"#));
        assert_eq!((params.get("x"), params.get("b")), (None, Some("1")));
    }
}
