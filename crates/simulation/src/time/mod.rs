//! Time: how the rate of visits goes up and down, and when visits begin.
//!
//! For: the curve of a day in the visitors' local time, weekdays, growth, noise, holidays, spikes and changes of
//! clocks. Not for: who visits. A day of the run's time zone is cut into eight windows of three hours on the wall; a
//! day and a window are a cell. Invariants: pure, so any cell can be counted without those before it; ordinals are
//! global and in plan order; nothing of a backfill begins at or after its day's end.

mod curve;
mod days;
mod live;
mod past;
mod rates;
mod walk;

pub(crate) use days::{Cell, Day, Days};
pub(crate) use live::Live;
pub(crate) use past::{Past, PastDays};
pub(crate) use rates::{Rates, number};

/// Windows of a day.
pub(crate) const WINDOWS: usize = 8;

/// A day, counted from 1970-01-01.
pub(crate) type DayNumber = i32;
