//! The loader: sends the hits of a run to Matomo and tells what became of each.
//!
//! plan → [`timeline`] (open visits merged into one stream of timed hits) → [`pacer`] (each hit at its moment, on a
//! thread of its own) → [`delivery`] (a queue for each visitor, senders, retries) → [`ledger`] (each hit in exactly one
//! state) → [`report`] (versioned lines on standard output). [`run`] puts one attempt together.
//!
//! What a run is, what visitors do and how Matomo is spoken is known elsewhere (`config`, `simulation`, `tracking`).
//!
//! Invariant: planned = accepted + rejected + failed + unknown + skipped + remaining, in every line that is written and
//! after every end.

mod chance;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod days;
pub mod delivery;
pub mod feeder;
pub mod guard;
pub mod input;
pub mod journal;
pub mod ledger;
pub mod logs;
pub mod outbound;
pub mod pacer;
pub mod probe;
pub mod report;
pub mod run;
pub mod state_dir;
#[cfg(test)]
mod testing;
pub mod timeline;
