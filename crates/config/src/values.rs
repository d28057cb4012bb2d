//! The values that a check settled on, one for each setting.
//!
//! For: showing what a run would really use, and why. Not for: deciding it. Invariant: every setting is there once,
//! in the order of declaration, and a secret's value never is.

use serde_json::Value;

use crate::catalogue;
use crate::layers::Checked;
use crate::origin::{Origin, OriginKind};

/// A setting with the value that won.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingValue {
    /// JSON pointer of the setting, such as `/load/concurrency`.
    pub pointer: String,
    /// Its name for people.
    pub title: String,
    /// The heading that it stands under.
    pub group: String,
    /// Its unit.
    pub unit: Option<String>,
    /// Whether it is a secret: then there is no value, and a secret that nobody set comes from the defaults.
    pub secret: bool,
    /// The value; null where there is none.
    pub value: Value,
    /// Where the value came from.
    pub origin: Origin,
}

impl Checked {
    /// Every setting but the document's version. A value with a problem is shown as its default.
    #[must_use]
    pub fn values(&self) -> Vec<SettingValue> {
        // A configuration always serialises.
        let written = serde_json::to_value(&self.config).unwrap_or_default();
        catalogue::settings()
            .filter(|setting| setting.env.is_some())
            .map(|setting| SettingValue {
                pointer: setting.pointer.clone(),
                title: setting.title.clone(),
                group: setting.group.clone(),
                unit: setting.unit.clone(),
                secret: setting.secret,
                value: written
                    .pointer(&setting.pointer)
                    .filter(|value| *value != "")
                    .cloned()
                    .unwrap_or_default(),
                origin: self
                    .origins
                    .get(&setting.pointer)
                    .cloned()
                    .unwrap_or_else(|| Origin::new(OriginKind::Default, "")),
            })
            .collect()
    }
}
