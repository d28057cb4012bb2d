//! Secrets of the operator: from the environment or a file, never from the command line.
//!
//! Invariant: no message repeats one.

use config::Secret;

use super::{SettingsError, given};

/// The shortest key that is accepted, in characters; shorter ones can be guessed.
const KEY_LENGTH_MIN: usize = 16;

/// The operator's key, which nobody else may know.
pub(super) fn api_key(
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Secret>, SettingsError> {
    const NAME: &str = "CONTROL_UI_API_KEY";
    let Some(key) = secret(NAME, variable)? else {
        return Ok(None);
    };
    if config::KNOWN_DEFAULT_KEYS.contains(&key.expose()) {
        return Err(SettingsError::Key {
            name: NAME,
            rule: "is a well-known default key, which everybody can try",
        });
    }
    if key.expose().chars().count() < KEY_LENGTH_MIN {
        return Err(SettingsError::Key {
            name: NAME,
            rule: "must have at least 16 characters",
        });
    }
    Ok(Some(key))
}

/// The secret in `NAME`, or in the file that `NAME_FILE` names, without surrounding white space.
pub(super) fn secret(
    name: &'static str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Secret>, SettingsError> {
    let file_name = format!("{name}_FILE");
    match (given(variable(name)), given(variable(&file_name))) {
        (Some(_), Some(_)) => Err(SettingsError::Twice { name }),
        (Some(text), None) => Ok(Some(Secret::from(text))),
        (None, None) => Ok(None),
        (None, Some(path)) => match std::fs::read_to_string(&path) {
            Ok(text) => Ok(given(Some(text)).map(Secret::from)),
            Err(error) => Err(SettingsError::File {
                name: file_name,
                path,
                why: error.to_string(),
            }),
        },
    }
}
