//! One walk over a hit's parameters, two ways to take them down.
//!
//! For: [`crate::Hit::write_query`] and [`crate::Hit::params`] cannot disagree about names, values or
//! order, because the same walk feeds both.

use crate::encode::{push_encoded, push_int};
use crate::text::Text;

/// Takes parameters down in the order given. Names are plain ASCII words.
pub(crate) trait Sink {
    fn text(&mut self, name: &'static str, value: &Text);
    fn string(&mut self, name: &'static str, value: &str);
    fn int(&mut self, name: &'static str, value: i64);
}

/// As a query string; an `&` before each parameter but `idsite`, which always comes first.
pub(crate) struct Encoded<'a>(pub(crate) &'a mut String);

impl Encoded<'_> {
    fn name(&mut self, name: &'static str) {
        if name != "idsite" {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
    }
}

impl Sink for Encoded<'_> {
    fn text(&mut self, name: &'static str, value: &Text) {
        self.name(name);
        self.0.push_str(value.encoded());
    }

    fn string(&mut self, name: &'static str, value: &str) {
        self.name(name);
        push_encoded(self.0, value);
    }

    fn int(&mut self, name: &'static str, value: i64) {
        self.name(name);
        push_int(self.0, value);
    }
}

/// As pairs for people and tests.
pub(crate) struct Decoded(pub(crate) Vec<(&'static str, String)>);

impl Sink for Decoded {
    fn text(&mut self, name: &'static str, value: &Text) {
        self.string(name, value);
    }

    fn string(&mut self, name: &'static str, value: &str) {
        self.0.push((name, value.to_owned()));
    }

    fn int(&mut self, name: &'static str, value: i64) {
        self.0.push((name, value.to_string()));
    }
}
