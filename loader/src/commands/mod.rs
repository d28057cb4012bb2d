//! The subcommands, and the exit codes: 0 done, 1 failed, 2 bad input, 3 stopped by its own guard.
//!
//! Invariant: whatever goes wrong is said on standard error, in words that name a way out, before the code is returned.

mod check;
mod lists;
mod plan;
mod preview;
mod probe;
mod run;

use std::io::Write;
use std::process::ExitCode;

use config::Problem;

use crate::cli::Command;
use crate::input::InputError;
use crate::run::RunError;
use crate::state_dir::{self, StateError};

/// The command did what it was asked to.
pub const DONE: u8 = 0;
/// It could not go on.
pub const FAILED: u8 = 1;
/// The command line, the run configuration or the state directory do not allow it.
pub const BAD_INPUT: u8 = 2;

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Bad input.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The state directory cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// The run could not begin.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The plan cannot be simulated.
    #[error(transparent)]
    Simulation(#[from] simulation::SimulationError),
    /// Something outside failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl CommandError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Input(_) | Self::State(_) | Self::Simulation(_) => BAD_INPUT,
            Self::Run(RunError::Keys(_) | RunError::State(_) | RunError::Simulation(_)) => {
                BAD_INPUT
            }
            Self::Run(_) | Self::Io(_) => FAILED,
        }
    }
}

/// Does what the command line says.
#[must_use]
pub fn execute(command: Command) -> ExitCode {
    let result = match command {
        Command::Run(args) => run::run(args),
        Command::Check(args) => check::check(&args),
        Command::Probe(args) => probe::probe(&args),
        Command::Plan(args) => plan::plan(&args),
        Command::Preview(args) => preview::preview(&args),
        Command::Schema => lists::schema(),
        Command::Presets(args) => lists::presets(&args),
        Command::Healthcheck { state } => healthcheck(&state),
    };
    let code = result.unwrap_or_else(|error| {
        complain(&format!("loader: {error}"));
        error.exit_code()
    });
    ExitCode::from(code)
}

fn healthcheck(state: &std::path::Path) -> Result<u8, CommandError> {
    match state_dir::check_heartbeat(state) {
        Ok(age) => {
            say(&format!("alive, seen {:.1} s ago\n", age.as_secs_f64()))?;
            Ok(DONE)
        }
        Err(error) => {
            complain(&format!("loader: not alive: {error}"));
            Ok(FAILED)
        }
    }
}

/// Writes to standard output; a reader who is gone is no failure.
fn say(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes a line to standard error; where that fails there is nobody left to tell.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

fn warn(warnings: &[Problem]) {
    for warning in warnings {
        complain(&format!("warning: {warning}"));
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    // One thread for all requests costs the least for each hit; the pacer and the writers have threads of their own.
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
