//! A text that carries its percent-encoded form.
//!
//! For: encoding once what is written many times. A page's address goes into the hits of its page view and
//! into the referrer of the next; parts of addresses go into thousands of pages. Invariant: both forms
//! say the same, and neither changes.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::encode::push_encoded;

/// An unchangeable text, plain and percent-encoded. Cloning copies a reference.
#[derive(Clone)]
pub struct Text {
    /// The plain text, directly followed by the encoded one: one allocation for both.
    both: Arc<str>,
    plain_len: usize,
}

impl Text {
    /// Joins texts without encoding them again.
    #[must_use]
    pub fn concat(parts: &[&Self]) -> Self {
        let length = parts.iter().map(|part| part.both.len()).sum();
        let mut both = String::with_capacity(length);
        for part in parts {
            both.push_str(part);
        }
        let plain_len = both.len();
        for part in parts {
            both.push_str(part.encoded());
        }
        Self {
            both: both.into(),
            plain_len,
        }
    }

    /// The plain text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.both[..self.plain_len]
    }

    /// The encoded text.
    pub(crate) fn encoded(&self) -> &str {
        &self.both[self.plain_len..]
    }
}

impl From<&str> for Text {
    fn from(plain: &str) -> Self {
        // Room for a text in which every fourth byte is escaped.
        let mut both = String::with_capacity(plain.len() * 5 / 2);
        both.push_str(plain);
        push_encoded(&mut both, plain);
        Self {
            both: both.into(),
            plain_len: plain.len(),
        }
    }
}

impl From<String> for Text {
    fn from(plain: String) -> Self {
        Self::from(&*plain)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        for plain in ["", "plain", "a b/ö", "100 %"] {
            let text = Text::from(plain);
            let mut encoded = String::new();
            push_encoded(&mut encoded, plain);
            assert_eq!((text.as_str(), text.encoded()), (plain, &*encoded));
        }
    }

    #[test]
    fn joined_texts_are_the_text_of_the_joined() {
        let parts = ["https://a.example/", "ö b", "", "/c"].map(Text::from);
        let joined = Text::concat(&parts.each_ref());
        let whole = Text::from("https://a.example/ö b/c");
        assert_eq!(joined, whole);
        assert_eq!(joined.encoded(), whole.encoded());
        assert_eq!(
            format!("{joined} {joined:?}"),
            format!("{whole} {:?}", whole.as_str())
        );
    }
}
