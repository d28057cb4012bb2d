//! The control plane from outside: real HTTP, a data folder of its own, a fake orchestrator unless a test says
//! otherwise.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod access;
mod account;
mod app;
mod backfill;
mod backups;
mod configuration;
mod connection;
mod documents;
mod events;
mod fuzz;
mod keeping;
mod keys;
mod loaders;
mod operator;
mod own_log;
mod page;
mod presets;
mod preview;
mod program;
mod proxy;
mod reconcile;
mod retention;
mod routes;
mod runs;
mod secrets;
mod sessions;
mod storage;
mod succession;
mod texts;
mod trouble;
mod upgrade;
mod watch;
mod working;
