//! What the API shows of runs. Shapes only; they are filled from the records in `runs`.
//!
//! Invariant: nothing here can hold a secret, and a field that may be unknown is `null`, never left out.

mod account;
mod figures;
mod log;
mod run;

pub use account::{AttemptView, DayView, NextStep, RunAccount, RunKeys, SumCheck, Throughput};
pub use figures::{
    Account, HitOutcome, Incident, Latency, LoaderState, LoaderStateName, Rate, Reason, Sample,
    Severity, Visits,
};
pub use log::{LogLine, LogSource};
pub use run::{
    DayProgress, Doubt, LoaderView, RunAction, RunKind, RunState, RunSummary, RunUsage, RunView,
    RunWindow, TargetView,
};
