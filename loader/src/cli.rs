//! The command line: names, help, and nothing else.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use run_report::Shard;

use crate::report::Shape;

/// Sends believable visitor traffic to Matomo and tells what became of every hit.
#[derive(Debug, Parser)]
#[command(name = "loader", version, about, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Send the hits of a run
    Run(RunArgs),
    /// Say everything that is wrong with a run configuration
    Check(CheckArgs),
    /// Test the connection to the target, step by step; records no hit unless asked to
    Probe(ProbeArgs),
    /// Show how much a run will send, how fast, and when it ends
    Plan(PlanArgs),
    /// Show the first hits of a run without sending them
    Preview(PreviewArgs),
    /// Print the JSON Schema of the run configuration
    Schema,
    /// List the presets
    Presets(PresetsArgs),
    /// Say whether the loader that works in a state directory is alive (exit code 0 or 1)
    Healthcheck {
        /// The state directory
        #[arg(long, value_name = "DIR")]
        state: PathBuf,
    },
}

/// Where the run configuration comes from, and the keys of the run.
#[derive(Debug, Clone, Default, Args)]
pub struct Common {
    /// Run configuration, TOML or JSON; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Preset to start from (see `loader presets`)
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Directory for lock, checkpoint, heartbeat and account
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Do share I of N of the run, from 1
    #[arg(long, value_name = "I/N", default_value = "1/1", value_parser = parse_shard)]
    pub shard: Option<Shard>,
    /// Seed of all random draws; equal keys give equal hits
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Key that decides who the visitors are
    #[arg(long, value_name = "KEY")]
    pub population: Option<String>,
    /// Time zero of the plan, such as 2026-01-31T12:00:00Z [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = parse_origin)]
    pub origin: Option<DateTime<Utc>>,
    /// Make N visits at 5 a second and end
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub trial: Option<u64>,
    /// Confirm the target by its host name; needed for more than a trial of 50 visits
    #[arg(long, value_name = "HOST")]
    pub confirm_target: Option<String>,
}

impl Common {
    /// The loader's share of the run.
    #[must_use]
    pub fn shard(&self) -> Shard {
        self.shard.unwrap_or(Shard { index: 1, of: 1 })
    }
}

/// Arguments of `run`.
#[derive(Debug, Clone, Default, Args)]
pub struct RunArgs {
    /// See [`Common`].
    #[command(flatten)]
    pub common: Common,
    /// File with the target's token; deleted once read
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    /// Name of the run in its report
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Go on from the checkpoint in the state directory
    #[arg(long, requires = "state")]
    pub resume: bool,
    /// Write report.jsonl and loader.log there instead of to standard output and standard error
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Shape of the run report [default: text on a terminal, json otherwise]
    #[arg(long, value_enum, value_name = "SHAPE")]
    pub report: Option<Shape>,
}

/// Arguments of `check`.
#[derive(Debug, Clone, Default, Args)]
pub struct CheckArgs {
    /// See [`Common`].
    #[command(flatten)]
    pub common: Common,
    /// File with the target's token; deleted once read
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    /// Test the connection to the target too, as `probe` does; records no hit
    #[arg(long)]
    pub probe: bool,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `probe`.
#[derive(Debug, Clone, Default, Args)]
pub struct ProbeArgs {
    /// See [`Common`].
    #[command(flatten)]
    pub common: Common,
    /// File with the target's token; deleted once read
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    /// Record one page view, titled "Trafficinator connection test"
    #[arg(long)]
    pub write_hit: bool,
    /// Print one line of JSON instead of text
    #[arg(long)]
    pub json: bool,
    /// Runs beside the control plane, as a process on its machine or in its container: `localhost` is that
    #[arg(long, hide = true)]
    pub beside_control_plane: bool,
}

/// Arguments of `plan`.
#[derive(Debug, Clone, Default, Args)]
pub struct PlanArgs {
    /// See [`Common`].
    #[command(flatten)]
    pub common: Common,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `preview`.
#[derive(Debug, Clone, Default, Args)]
pub struct PreviewArgs {
    /// See [`Common`].
    #[command(flatten)]
    pub common: Common,
    /// Number of visits
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub visits: u64,
    /// Shape of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Arguments of `presets`.
#[derive(Debug, Clone, Default, Args)]
pub struct PresetsArgs {
    /// Print this preset's document instead of the list
    pub name: Option<String>,
    /// Shape of the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The shape of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Most loaders that can share a run.
const MAX_SHARDS: u32 = 1_000;

fn parse_origin(text: &str) -> Result<DateTime<Utc>, String> {
    text.parse().map_err(|_| {
        format!("{text:?} is not a moment with its time zone, such as 2026-01-31T12:00:00Z")
    })
}

fn parse_shard(text: &str) -> Result<Shard, String> {
    let wrong = || {
        format!(
            "{text:?} is not of the form I/N with 1 ≤ I ≤ N ≤ {MAX_SHARDS}, such as 1/2 and 2/2"
        )
    };
    let (index, of) = text.split_once('/').ok_or_else(wrong)?;
    let index: u32 = index.trim().parse().map_err(|_| wrong())?;
    let of: u32 = of.trim().parse().map_err(|_| wrong())?;
    if index < 1 || of < index || MAX_SHARDS < of {
        return Err(wrong());
    }
    Ok(Shard { index, of })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_origin_is_a_moment_with_its_zone_and_a_refusal_shows_one() {
        let origin = parse_origin("2026-01-31T12:00:00+01:00").map(|at| at.timestamp());
        assert_eq!(origin, Ok(1_769_857_200));
        for wrong in ["", "yesterday", "2026-01-31", "2026-01-31T12:00:00"] {
            let refusal = parse_origin(wrong).unwrap_err();
            assert!(refusal.contains("2026-01-31T12:00:00Z"), "{refusal}");
        }
    }

    #[test]
    fn a_shard_is_one_of_its_number() {
        assert_eq!(parse_shard("2/3"), Ok(Shard { index: 2, of: 3 }));
        for wrong in ["", "1", "0/1", "3/2", "1/0", "a/b", "1/1001", "1/2/3"] {
            assert!(parse_shard(wrong).is_err(), "{wrong}");
        }
    }
}
