//! Time: how the rate of visits goes up and down, and when visits begin.
//!
//! For: the curve of a day in the visitors' local time, weekdays, growth, noise, holidays, spikes and changes of
//! clocks. Not for: who visits. Invariant: pure, so any stretch of time can be counted without those before it.
