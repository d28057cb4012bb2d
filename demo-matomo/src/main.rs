//! The program `demo-matomo`: reads the command line, serves until a signal, or checks health.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use anyhow::Context;
use clap::Parser;
use demo_matomo::{Cli, Command, Options, Server, health};
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    let outcome = match cli.command {
        Some(Command::Healthcheck) => health::check(cli.options.listen).map_err(Into::into),
        None => serve(&cli.options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(options: &Options) -> anyhow::Result<()> {
    // Caught before anybody learns the address, so that an early signal stops it gracefully too.
    let mut terminate = signal(SignalKind::terminate()).context("cannot catch SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot catch SIGINT")?;
    let server = Server::bind(options).await?;
    announce(&server).context("cannot tell the address on standard output")?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    server.run(stop).await.context("cannot serve")
}

/// The first line on standard output is the address, for whoever asked for port 0.
fn announce(server: &Server) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "listening on http://{}", server.address()?)?;
    if let Some(address) = server.control_address()? {
        writeln!(out, "control on http://{address}")?;
    }
    out.flush()
}
