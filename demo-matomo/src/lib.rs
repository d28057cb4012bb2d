//! The practice target: a stand-in for Matomo that answers tracking requests as a real one was
//! measured to, keeps a ledger of what it recorded, and misbehaves on request.
//!
//! Not Matomo: it draws no reports. It shares no code with the rest of the project on purpose, so
//! that two independent readings of Matomo's rules check each other.
//!
//! A request goes `http` → `intake` → (`params`, `bulk`) → `rules` → `ledger` (`visits`) → `answer`.

mod answer;
mod app;
mod args;
mod body;
mod bots;
mod bulk;
mod capacity;
mod connection;
mod faults;
mod flight;
pub mod health;
mod http;
mod intake;
mod ledger;
mod moment;
mod page;
mod params;
mod remembered;
mod reporting;
mod rules;
mod server;
mod token;
mod visits;

pub use args::{Cli, Command, Options, Secret};
pub use server::{BindError, Server};
pub use token::Role;
