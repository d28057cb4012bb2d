//! The loader's entry: reads the command line, does what it says, and ends with the exit code that scripts rely on.

use std::process::ExitCode;

use clap::Parser;
use loader::cli::Cli;

fn main() -> ExitCode {
    loader::commands::execute(Cli::parse().command)
}
