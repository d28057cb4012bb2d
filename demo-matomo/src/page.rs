//! The page that shows what arrives, for people; programs read the ledger.
//!
//! Invariant: nothing comes from elsewhere, and what hits carry is shown as text only.

/// The page itself.
pub(crate) const HTML: &str = include_str!("page/page.html");
/// Its script: asks the ledger each second.
pub(crate) const SCRIPT: &str = include_str!("page/page.js");
/// Its looks, light and dark.
pub(crate) const STYLE: &str = include_str!("page/page.css");

/// What a browser may load for pages served here.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
