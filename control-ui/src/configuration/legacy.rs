//! Settings of old documents that a person may want to have changed.
//!
//! The Python original began with UTC and US dollars and changed its defaults to CET and Swedish crowns later; when it
//! loads an old preset it rewrites both. Invariant: here nothing is rewritten unless somebody asks for it.

use serde_json::Value;

use crate::api::presets::{Legacy, LegacySetting};

/// Pointer, old default, new default.
const SETTINGS: [(&str, &str, &str); 2] = [
    ("/load/time_zone", "UTC", "CET"),
    ("/commerce/currency", "USD", "SEK"),
];

/// What a document of the original says that was its default once.
pub(super) fn found(config: &Value) -> Option<Legacy> {
    let old = |(pointer, from, _): &&(&str, &str, &str)| {
        config.pointer(pointer).and_then(Value::as_str) == Some(from)
    };
    let settings: Vec<_> = SETTINGS
        .iter()
        .filter(old)
        .map(|(pointer, from, to)| LegacySetting {
            pointer: (*pointer).to_owned(),
            from: (*from).to_owned(),
            to: (*to).to_owned(),
        })
        .collect();
    (!settings.is_empty()).then_some(Legacy { settings })
}

/// The document with the later defaults.
pub(super) fn migrated(mut config: Value) -> Value {
    for setting in found(&config)
        .into_iter()
        .flat_map(|legacy| legacy.settings)
    {
        if let Some(value) = config.pointer_mut(&setting.pointer) {
            *value = setting.to.into();
        }
    }
    config
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_old_defaults_are_offered_and_changed() {
        let old = json!({ "load": { "time_zone": "UTC", "concurrency": 3 }, "commerce": { "currency": "USD" } });
        assert_eq!(found(&old).map(|legacy| legacy.settings.len()), Some(2));
        assert_eq!(
            migrated(old),
            json!({ "load": { "time_zone": "CET", "concurrency": 3 }, "commerce": { "currency": "SEK" } })
        );
        let mixed =
            json!({ "load": { "time_zone": "Asia/Tokyo" }, "commerce": { "currency": "USD" } });
        assert_eq!(found(&mixed).map(|legacy| legacy.settings.len()), Some(1));
        assert_eq!(found(&json!({ "commerce": { "currency": "EUR" } })), None);
    }
}
