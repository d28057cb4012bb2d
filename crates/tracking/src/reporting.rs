//! Questions to Matomo's reporting API: which version, which rights, which site.
//!
//! For: a connection test that has a token. The API answers at `index.php` beside the tracker. Not for:
//! reports. Invariants: a question changes nothing in Matomo; the token is in the body of the POST.
//! The methods are those of Matomo 5 (`plugins/API`, `plugins/UsersManager`, `plugins/SitesManager`).

use serde_json::Value;

use crate::encode::push_encoded;
use crate::request::{Request, token_form};

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// The version; answered to everybody who may see any site.
    Version,
    /// Whether the token is a super user's.
    SuperUser,
    /// The sites that the token's user administers.
    AdminSites,
    /// The sites that the token's user may write to without administering them.
    WriteSites,
    /// What the tracker refused within the last two days; answered to who administers a site.
    TrackingFailures,
    /// A site's name, time zone, currency and kind; answered to whoever may see it.
    Site(u32),
}

/// What was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiAnswer {
    /// The value asked for.
    Value(Value),
    /// Matomo does not answer this to the bearer of the token. Its message is not kept: it comes in
    /// any language, and in some versions names the token's user.
    Refused,
    /// This is not the reporting API.
    Foreign,
}

/// A site, as far as a person wants to recognise it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Its IANA time zone, or `UTC+2` and the like.
    pub time_zone: String,
    /// Its currency, ISO 4217.
    pub currency: String,
    /// Whether its orders are shown in reports; `None` when Matomo did not say.
    pub ecommerce: Option<bool>,
}

/// Asks the reporting API.
#[must_use]
pub fn ask(question: Question, token: &str) -> Request {
    let method = match question {
        Question::Version => "API.getMatomoVersion",
        Question::SuperUser => "UsersManager.hasSuperUserAccess",
        Question::AdminSites => "SitesManager.getSitesIdWithAdminAccess",
        Question::WriteSites => "SitesManager.getSitesIdWithWriteAccess",
        Question::TrackingFailures => "CoreAdminHome.getTrackingFailures",
        Question::Site(_) => "SitesManager.getSiteFromId",
    };
    let mut params = "module=API&format=json&filter_limit=-1&method=".to_owned();
    push_encoded(&mut params, method);
    if let Question::Site(id) = question {
        params.push_str(&format!("&idSite={id}"));
    }
    token_form(params, token)
}

/// Reads an answer of the reporting API. The HTTP status says nothing that the body does not say.
#[must_use]
pub fn read(body: &[u8]) -> ApiAnswer {
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(mut fields)) => {
            if fields.get("result").is_some_and(|value| value == "error") {
                return ApiAnswer::Refused;
            }
            match fields.remove("value") {
                Some(value) => ApiAnswer::Value(value),
                None => ApiAnswer::Value(Value::Object(fields)),
            }
        }
        Ok(list @ Value::Array(_)) => ApiAnswer::Value(list),
        _ => ApiAnswer::Foreign,
    }
}

/// A version such as `5.2.1` or `5.3.0-b1`; anything else is none.
#[must_use]
pub fn version(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let plausible = (3..=20).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.contains('.')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
    plausible.then(|| text.to_owned())
}

/// A yes or no, in each of the ways in which Matomo's versions write it.
#[must_use]
pub fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => number.as_u64().map(|number| number == 1),
        Value::String(text) => match text.as_str() {
            "1" | "true" => Some(true),
            "0" | "false" | "" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a list of site ids names this one; ids come as numbers or as text.
#[must_use]
pub fn names_site(value: &Value, site_id: u32) -> Option<bool> {
    let ids = value.as_array()?;
    Some(ids.iter().any(|id| match id {
        Value::Number(number) => number.as_u64() == Some(site_id.into()),
        Value::String(text) => text.parse() == Ok(site_id),
        _ => false,
    }))
}

/// The site of an answer to [`Question::Site`].
#[must_use]
pub fn site(value: &Value) -> Option<Site> {
    // Older versions wrap the site in a list.
    let site = value.get(0).unwrap_or(value);
    let text = |name: &str| site.get(name)?.as_str().map(str::to_owned);
    Some(Site {
        name: text("name")?,
        time_zone: text("timezone")?,
        currency: text("currency")?,
        ecommerce: site.get("ecommerce").and_then(truth),
    })
}

/// What Matomo noted of the hits to a site that it refused, in the words of this program: its own come in any language
/// and name the request. The kinds are those of Matomo's `core/Tracker/Failures.php`.
#[must_use]
pub fn failures(value: &Value, site_id: u32) -> Vec<&'static str> {
    let number = |failure: &Value, name: &str| match failure.get(name) {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    let mut noted: Vec<&'static str> = value
        .as_array()
        .into_iter()
        .flatten()
        .filter(|failure| number(failure, "idsite") == Some(site_id.into()))
        .map(|failure| match number(failure, "idfailure") {
            Some(1) => "there is no site with this id",
            Some(2) => "a hit that needs a valid token came without one",
            _ => "a failure of a kind that this program does not know",
        })
        .collect();
    noted.sort_unstable();
    noted.dedup();
    noted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_question_carries_its_token_in_the_body_alone() {
        for question in [Question::Version, Question::Site(7)] {
            let request = ask(question, "s&cret");
            assert_eq!(request.http_method, "POST");
            assert_eq!(request.query, None);
            assert!(request.contains_token);
            assert!(!format!("{request:?}").contains("cret"));
            let (_, body) = request.body.expect("a form");
            let body = String::from_utf8(body).expect("text");
            assert!(body.starts_with("module=API&"), "{body}");
            assert!(body.ends_with("&token_auth=s%26cret"), "{body}");
        }
    }

    #[test]
    fn answers_are_values_refusals_or_somebody_elses() {
        let table: [(&str, ApiAnswer); 6] = [
            (r#"{"value":"5.2.0"}"#, ApiAnswer::Value(json!("5.2.0"))),
            ("[1,2]", ApiAnswer::Value(json!([1, 2]))),
            (r#"{"result":"error","message":"nein"}"#, ApiAnswer::Refused),
            (r#"{"idsite":1}"#, ApiAnswer::Value(json!({"idsite": 1}))),
            ("<html>", ApiAnswer::Foreign),
            ("", ApiAnswer::Foreign),
        ];
        for (body, expected) in table {
            assert_eq!(read(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn versions_truths_and_sites_are_read_as_matomo_writes_them() {
        assert_eq!(version(&json!("5.2.0-b1")).as_deref(), Some("5.2.0-b1"));
        for wrong in [json!(5), json!("five"), json!("<b>5.2</b>"), json!("5")] {
            assert_eq!(version(&wrong), None, "{wrong}");
        }
        assert_eq!(truth(&json!(true)), Some(true));
        assert_eq!(truth(&json!(0)), Some(false));
        assert_eq!(truth(&json!("1")), Some(true));
        assert_eq!(truth(&json!({})), None);
        assert_eq!(names_site(&json!([1, "2"]), 2), Some(true));
        assert_eq!(names_site(&json!([1, "2"]), 3), Some(false));
        assert_eq!(names_site(&json!({}), 3), None);
        let noted = json!([
            {"idsite": "3", "idfailure": "2", "problem": "nein"},
            {"idsite": 3, "idfailure": 2},
            {"idsite": 3, "idfailure": 1},
            {"idsite": 4, "idfailure": 9},
        ]);
        assert_eq!(
            failures(&noted, 3),
            [
                "a hit that needs a valid token came without one",
                "there is no site with this id"
            ]
        );
        assert_eq!(failures(&noted, 4).len(), 1);
        assert!(failures(&noted, 5).is_empty() && failures(&json!({}), 3).is_empty());
        let shop = json!({"name": "Shop", "timezone": "UTC", "currency": "SEK", "ecommerce": "1"});
        let read = site(&shop).expect("a site");
        assert_eq!(site(&json!([shop])), Some(read.clone()));
        assert_eq!((read.name.as_str(), read.ecommerce), ("Shop", Some(true)));
    }
}
