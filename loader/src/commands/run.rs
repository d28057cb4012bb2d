//! `loader run`: from arguments to an attempt, with its signals and its way out.
//!
//! Invariant: nothing is sent before input, confirmation and state directory are in order.

use std::path::Path;
use std::sync::Arc;

use run_report::Outcome;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{CommandError, runtime, warn};
use crate::cli::RunArgs;
use crate::input::{self, InputError};
use crate::logs;
use crate::report::{Outlet, Reporter, RotatedFile, Shape};
use crate::run::{Attempt, Control, Ending, Given, Stage};
use crate::state_dir::StateDir;

pub(super) fn run(args: RunArgs) -> Result<u8, CommandError> {
    let common = &args.common;
    let state = common.state.as_deref().map(StateDir::open).transpose()?;
    let secrets = args
        .secrets
        .as_deref()
        .map(input::take_secrets)
        .transpose()?;
    let (plan, warnings) = input::plan(input::check(common, secrets)?)?;
    input::confirm(common, &plan)?;
    let (reporter, log) = open_outputs(&args, plan.log_level)?;
    if args.output.is_none() {
        warn(&warnings);
    } else {
        for warning in &warnings {
            tracing::warn!("{warning}");
        }
    }
    let attempt = Attempt {
        given: Given {
            seed: plan.audience.seed,
            population: plan.audience.population.clone(),
            origin_ms: common.origin.map(|origin| origin.timestamp_millis()),
        },
        plan,
        shard: common.shard(),
        trial: common.trial,
        run: args.run.clone(),
        state,
        resume: args.resume,
        reporter: Arc::clone(&reporter),
    };
    let runtime = runtime()?;
    let ended = runtime.block_on(conduct(attempt));
    // Checkpoints are written; whatever still blocks (a name server, a disk) is not waited for.
    runtime.shutdown_background();
    if !reporter.finish() {
        tracing::warn!("nobody read the last lines of the run report");
    }
    let ended = ended.map_err(|error| {
        tracing::error!(%error, "the run could not begin");
        error
    });
    let _ = log.finish(std::time::Duration::from_secs(1));
    Ok(ended?.exit_code())
}

const SIGTERM: &str = "SIGTERM";
const SIGINT: &str = "SIGINT";

async fn conduct(attempt: Attempt) -> Result<Ending, CommandError> {
    let control = Arc::new(Control::default());
    let signals = listen(
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
        Arc::clone(&control),
    );
    let listener = tokio::spawn(signals);
    let ended = crate::run::run(attempt, control).await;
    listener.abort();
    Ok(ended?)
}

/// The first signal ends the run in order. After it, SIGINT ends it at once: a person who presses Ctrl-C again insists.
/// SIGTERM does not, however often it comes: programs repeat it (a control plane that was restarted during a stop), and
/// those that insist have SIGKILL.
async fn listen(mut terminate: Signal, mut interrupt: Signal, control: Arc<Control>) {
    loop {
        let name = tokio::select! {
            _ = terminate.recv() => SIGTERM,
            _ = interrupt.recv() => SIGINT,
        };
        let ending = Ending {
            outcome: Outcome::Stopped,
            reason: "it was asked to stop".to_owned(),
        };
        let stage = match control.stage() {
            Stage::Running => Stage::Finishing,
            Stage::Finishing | Stage::Cutting | Stage::Halting if name == SIGINT => Stage::Halting,
            Stage::Finishing | Stage::Cutting | Stage::Halting => {
                tracing::info!(signal = name, "stopping already");
                continue;
            }
        };
        tracing::info!(signal = name, "stopping");
        control.advance(stage, Some(ending));
    }
}

fn open_outputs(
    args: &RunArgs,
    level: config::LogLevel,
) -> Result<(Arc<Reporter>, Outlet), CommandError> {
    let directory = args.output.as_deref();
    if let Some(directory) = directory {
        std::fs::create_dir_all(directory).map_err(|source| cannot_write(directory, source))?;
    }
    let log = logs::start(level, directory)
        .map_err(|e| cannot_write(directory.unwrap_or(Path::new("-")), e))?;
    let (outlet, usual) = match directory {
        Some(directory) => {
            let file = RotatedFile::open(directory, "report.jsonl")
                .map_err(|source| cannot_write(directory, source))?;
            (Outlet::start("report", file)?, Shape::Json)
        }
        None => (
            Outlet::start("report", std::io::stdout())?,
            Shape::for_stdout(),
        ),
    };
    let shape = args.report.unwrap_or(usual);
    Ok((Arc::new(Reporter::new(outlet, shape)), log))
}

fn cannot_write(directory: &Path, source: std::io::Error) -> CommandError {
    CommandError::Input(InputError::File {
        what: "output directory",
        path: directory.display().to_string(),
        source,
    })
}
