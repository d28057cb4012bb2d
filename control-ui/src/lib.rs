//! The control plane: starts, watches and stops runs, and shows them to people.
//!
//! It asks an orchestrator for loaders and reads their run reports; it never speaks to Matomo. It trusts the
//! orchestrator, not its memory: killing it does not disturb a run. What is where: `api` answers requests, `runs`
//! holds their life, `orchestrator` starts loaders, `store` keeps what must last.

pub mod api;
pub mod app;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod configuration;
pub mod confirmation;
mod connection;
pub mod data_dir;
mod invitation;
mod listener;
pub mod live;
pub mod log_filter;
pub mod metrics;
pub mod orchestrator;
pub mod own_log;
mod practice;
mod privileges;
mod random;
mod readiness;
mod report_reader;
pub mod runs;
pub mod secrets;
pub mod settings;
pub mod storage;
pub mod store;
pub mod time;
mod web;

pub use invitation::invitation;
pub use privileges::drop_privileges;
