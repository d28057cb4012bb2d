//! The whole system, with real programs: control plane, loaders as processes and as containers, practice target.
//!
//! Each test starts what it needs on free ports, drives it as a user would, and compares what the loader says with
//! what the practice target counted. Tests that need Docker are left out, and say so, where no engine answers;
//! with `CI=true` that is a failure.

mod all_in_one;
mod backfill;
mod command_line;
mod crashes;
mod determinism;
mod docker;
mod engine_restart;
mod engine_trouble;
mod exactness;
mod fault_matrix;
mod misbehaviour;
mod runs;
mod secrets;
mod verify;
