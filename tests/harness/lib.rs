//! What system tests and benchmarks share: the real programs, started, driven and ended.
//!
//! Everything here runs the built binaries as a user would, over loopback, with ports that the system chose.
//! Nothing waits by sleeping for a fixed time: [`until`] looks again until a condition holds or a deadline passes.
//!
//! Invariant: dropping a handle ends its process, so that a failed test leaves nothing behind.

pub mod control;
pub mod docker;
pub mod door;
pub mod loader;
pub mod own_engine;
pub mod practice;
pub mod process;
pub mod wait;

pub use control::ControlPlane;
pub use practice::Practice;
pub use wait::until;
