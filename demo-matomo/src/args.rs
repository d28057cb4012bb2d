//! The command line; every option may come from the environment too.
//!
//! Invariant: what leaves here as [`Options`] is complete and sound; nothing else reads the
//! environment.

use std::net::SocketAddr;

use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand};

use crate::{capacity::Limits, ledger::DEFAULT_HITS_KEPT, token::Role};

/// The largest body taken unless told otherwise: 1 MiB, nginx's default.
const DEFAULT_BODY_BYTES: usize = 1_048_576;

/// The practice target: answers as Matomo's tracker does and keeps a ledger. Not Matomo, no reports.
#[derive(Debug, Parser)]
#[command(name = "demo-matomo", version)]
pub struct Cli {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub options: Options,
}

/// Commands besides serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask the server at the listen address whether it is alive: exit code 0 or 1
    Healthcheck,
}

/// Everything that can be set.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Address to listen on; port 0 lets the system choose
    #[arg(
        long,
        global = true,
        value_name = "ADDR",
        default_value = "127.0.0.1:8080"
    )]
    #[arg(env = "DEMO_MATOMO_LISTEN")]
    pub listen: SocketAddr,

    /// Second address that serves everything but tracking, for when faults close the first
    #[arg(long, value_name = "ADDR", env = "DEMO_MATOMO_CONTROL_LISTEN")]
    pub control_listen: Option<SocketAddr>,

    /// The one token that is known; without it every token is a wrong one
    #[arg(long, env = "DEMO_MATOMO_TOKEN", hide_env_values = true)]
    pub token: Option<Secret>,

    /// Role of the user whom the token belongs to
    #[arg(long, value_enum, default_value_t = Role::Super, env = "DEMO_MATOMO_TOKEN_ROLE")]
    pub token_role: Role,

    /// Sites that exist
    #[arg(long, value_name = "IDS", value_delimiter = ',', default_value = "1")]
    #[arg(env = "DEMO_MATOMO_SITES", value_parser = clap::value_parser!(u32).range(1..))]
    pub sites: Vec<u32>,

    /// Time zone of every site: its midnight ends visits
    #[arg(long, value_name = "ZONE", default_value_t = Tz::UTC, env = "DEMO_MATOMO_TIME_ZONE")]
    pub time_zone: Tz,

    /// Goals that exist on every site; a fresh Matomo has none
    #[arg(
        long,
        value_name = "IDS",
        value_delimiter = ',',
        env = "DEMO_MATOMO_GOALS"
    )]
    #[arg(value_parser = clap::value_parser!(i64).range(1..))]
    pub goals: Vec<i64>,

    /// Requests worked on at a time; 0 is no limit
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        env = "DEMO_MATOMO_WORKERS"
    )]
    pub workers: usize,

    /// Milliseconds for which a request occupies its worker
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 0.0,
        env = "DEMO_MATOMO_REQUEST_MS"
    )]
    #[arg(value_parser = milliseconds)]
    pub request_ms: f64,

    /// Milliseconds on top for each hit of the request
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 0.0,
        env = "DEMO_MATOMO_HIT_MS"
    )]
    #[arg(value_parser = milliseconds)]
    pub hit_ms: f64,

    /// Hits kept in full; totals count all of them
    #[arg(long, value_name = "N", default_value_t = DEFAULT_HITS_KEPT)]
    #[arg(env = "DEMO_MATOMO_MAX_HITS_KEPT")]
    pub max_hits_kept: usize,

    /// Largest body taken, in bytes; a larger one is answered 413
    #[arg(long, value_name = "N", default_value_t = DEFAULT_BODY_BYTES)]
    #[arg(env = "DEMO_MATOMO_MAX_BODY_BYTES")]
    pub max_body_bytes: usize,
}

impl Options {
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            workers: self.workers,
            request_ms: self.request_ms,
            hit_ms: self.hit_ms,
        }
    }
}

/// A token that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret")
    }
}

/// Milliseconds, fractions allowed, up to ten minutes.
fn milliseconds(text: &str) -> Result<f64, String> {
    let ms: f64 = text
        .parse()
        .map_err(|_| format!("{text:?} is not a number of milliseconds"))?;
    if (0.0..=600_000.0).contains(&ms) {
        Ok(ms)
    } else {
        Err(format!("{text} is not between 0 and 600000 milliseconds"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, clap::Error> {
        let words = std::iter::once("demo-matomo").chain(line.split_whitespace());
        Cli::try_parse_from(words).map(|cli| cli.options)
    }

    #[test]
    fn without_options_it_is_one_site_without_limits_on_loopback() {
        let options = parse("").unwrap();
        assert_eq!(options.listen.to_string(), "127.0.0.1:8080");
        assert_eq!((options.sites, options.goals), (vec![1], vec![]));
        assert_eq!(
            (options.workers, options.max_hits_kept),
            (0, DEFAULT_HITS_KEPT)
        );
        assert_eq!(options.max_body_bytes, 1_048_576);
    }

    #[test]
    fn lists_roles_and_fractions_of_milliseconds_are_read() {
        let options = parse("--sites 1,2 --goals 3 --token-role view --hit-ms 1.9").unwrap();
        assert_eq!((options.sites, options.goals), (vec![1, 2], vec![3]));
        assert_eq!((options.token_role, options.hit_ms), (Role::View, 1.9));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in [
            "--sites 0",
            "--request-ms -1",
            "--hit-ms NaN",
            "--listen nowhere",
            "--goals 0",
            "--time-zone Nowhere",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_listen_address_may_follow_the_healthcheck() {
        assert_eq!(
            parse("healthcheck --listen 127.0.0.1:9")
                .unwrap()
                .listen
                .port(),
            9
        );
    }

    #[test]
    fn a_planted_token_is_not_in_the_debugging_output() {
        let options = parse("--token planted").unwrap();
        assert!(!format!("{options:?}").contains("planted"));
    }
}
