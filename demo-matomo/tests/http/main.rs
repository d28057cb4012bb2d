//! The practice target over HTTP, as its clients see it.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it is"
)]

mod faults;
mod practice;
mod service;
mod tracking;
