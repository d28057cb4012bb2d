//! Who a token belongs to, and what that allows.
//!
//! Knows one token with one role. Matomo lets users with write or admin access on the site, and
//! super users, send what needs a token; view access is not enough. Only a super user is told which
//! entries of a bulk were invalid.
//!
//! Invariant: the token itself is never printed.

use std::fmt;

use clap::ValueEnum;

/// The role of the user whom the token belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// May do everything, and learns the positions of invalid entries.
    Super,
    /// Administers the site: may send what needs a token.
    Admin,
    /// Writes to the site: may send what needs a token.
    Write,
    /// Reads the site: may not.
    View,
}

/// The one token that is known, if any.
#[derive(Clone)]
pub(crate) struct Token {
    secret: Option<String>,
    role: Role,
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "Token({:?}, {})",
            self.role,
            if self.secret.is_some() { "set" } else { "none" }
        )
    }
}

impl Token {
    /// A token of a role; without a secret every given token is a wrong one.
    pub(crate) fn new(secret: Option<String>, role: Role) -> Self {
        Self {
            secret: secret.filter(|secret| !secret.is_empty()),
            role,
        }
    }

    fn is(&self, given: Option<&str>) -> bool {
        given.is_some() && given == self.secret.as_deref()
    }

    /// May the bearer send parameters that need a token?
    pub(crate) fn may_override(&self, given: Option<&str>) -> bool {
        self.is(given) && self.role != Role::View
    }

    /// Is the bearer a super user?
    pub(crate) fn is_super(&self, given: Option<&str>) -> bool {
        self.is(given) && self.role == Role::Super
    }

    /// The role of the bearer; `None` when the token is nobody's.
    pub(crate) fn role_of(&self, given: Option<&str>) -> Option<Role> {
        self.is(given).then_some(self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_allows_what_it_allows_in_matomo() {
        for (role, overrides, sees_indices) in [
            (Role::Super, true, true),
            (Role::Admin, true, false),
            (Role::Write, true, false),
            (Role::View, false, false),
        ] {
            let token = Token::new(Some("t".to_owned()), role);
            assert_eq!(token.may_override(Some("t")), overrides, "{role:?}");
            assert_eq!(token.is_super(Some("t")), sees_indices, "{role:?}");
            assert!(!token.may_override(Some("wrong")) && !token.may_override(None));
        }
    }

    #[test]
    fn without_a_known_token_every_given_one_is_wrong() {
        for secret in [None, Some(String::new())] {
            let token = Token::new(secret, Role::Super);
            assert!(!token.may_override(None) && !token.may_override(Some("")));
        }
    }

    #[test]
    fn debugging_output_does_not_show_the_token() {
        let shown = format!("{:?}", Token::new(Some("planted".to_owned()), Role::Super));
        assert_eq!(shown, "Token(Super, set)");
    }
}
