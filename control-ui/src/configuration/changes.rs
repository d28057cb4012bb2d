//! Which settings a change touches, by their JSON pointers: for the audit list, which holds no values.

use serde_json::Value;

/// Settings in which two documents differ, in the order of their names.
#[must_use]
pub fn changed(before: &Value, after: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    compare("", before, after, &mut pointers);
    // The version of the format is no setting.
    pointers.retain(|pointer| pointer != "/version");
    pointers
}

/// The same in words, with what else changed.
#[must_use]
pub fn in_words(pointers: &[String]) -> String {
    match pointers {
        [] => "no setting changed".to_owned(),
        pointers => format!("changed: {}", pointers.join(", ")),
    }
}

fn compare(pointer: &str, before: &Value, after: &Value, pointers: &mut Vec<String>) {
    if before == after {
        return;
    }
    let children = match (sections(before), sections(after)) {
        (Some(before), Some(after)) => (before, after),
        // A section that is there on one side alone: its settings.
        (Some(before), None) if after.is_null() => (before, Vec::new()),
        (None, Some(after)) if before.is_null() => (Vec::new(), after),
        _ => return pointers.push(pointer.to_owned()),
    };
    let (before, after) = children;
    let mut names: Vec<&String> = before.iter().chain(&after).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    let value = |side: &[(String, &Value)], name: &str| {
        let found = side.iter().find(|(known, _)| known == name);
        found.map_or(Value::Null, |(_, value)| (*value).clone())
    };
    for name in names {
        let place = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        compare(
            &place,
            &value(&before, name),
            &value(&after, name),
            pointers,
        );
    }
}

/// What is inside: of a table its entries, of a list of tables those by number. Other lists are values.
fn sections(value: &Value) -> Option<Vec<(String, &Value)>> {
    match value {
        Value::Object(fields) => Some(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), value))
                .collect(),
        ),
        Value::Array(entries) if entries.iter().any(Value::is_object) => {
            let numbered = entries.iter().enumerate();
            Some(
                numbered
                    .map(|(at, value)| (at.to_string(), value))
                    .collect(),
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_are_named_where_they_differ_and_never_shown() {
        let before = json!({
            "version": 1,
            "load": { "visits_per_day": 10, "concurrency": 5 },
            "commerce": { "shipping_rates": [1, 2] },
            "targets": [{ "url": "https://a.example/", "site_id": 1 }],
        });
        let after = json!({
            "load": { "visits_per_day": 20, "concurrency": 5 },
            "commerce": { "shipping_rates": [1, 3] },
            "targets": [{ "url": "https://b.example/", "site_id": 1 }],
            "content": { "site_url": "https://shop.example" },
        });
        let pointers = changed(&before, &after);
        let expected = [
            "/commerce/shipping_rates",
            "/content/site_url",
            "/load/visits_per_day",
            "/targets/0/url",
        ];
        assert_eq!(pointers, expected);
        assert_eq!(changed(&after, &before), expected);
        assert_eq!(in_words(&changed(&before, &before)), "no setting changed");
    }
}
