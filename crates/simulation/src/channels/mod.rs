//! Channels: where a visit comes from.
//!
//! For: search engines, direct entries, social networks, websites, AI assistants, campaigns and e-mail, with referrer
//! and campaign parameters. Not for: what happens in the visit.
