//! What a loader says of itself: the versioned JSON lines on its standard output.
//!
//! A loader writes one [`Line`] per event; the control plane, scripts and tests read them back. A loader that tests a
//! connection writes one [`connection::ConnectionReport`] instead. This crate holds
//! the shapes and the arithmetic of the account, and nothing else: it opens no file, reads no clock and knows
//! neither Matomo nor Docker.
//!
//! Invariant: every [`Account`] written satisfies [`Account::adds_up`], so a reader may check each line by itself.
//! Totals are running totals of the whole run: a reader that missed lines is right again with the next one.

mod account;
pub mod connection;
mod event;
pub mod histogram;
mod read;

pub use account::{Account, Outcome as HitOutcome};
pub use event::{
    DayAccount, Event, Finished, Incident, Latency, LoaderState, MAX_PROGRESS_REASONS, Outcome,
    Progress, Rate, Reason, RunKind, Severity, Shard, Started, TargetName, Visits, Window,
};
pub use read::{Line, MAX_LINE_BYTES, ReadError, VERSION};
