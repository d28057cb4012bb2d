//! The run configuration, tested from outside.

mod agreement;
mod audience;
mod backfill;
mod connection;
mod generated;
mod journeys;
mod layering;
mod limits;
mod original;
mod plan;
mod presets;
mod problems;
mod properties;
mod rhythm;
mod schema;
mod secrets;
mod site;
mod support;
mod texts;
mod words;
