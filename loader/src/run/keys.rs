//! The keys of a run: given, taken from the checkpoint, or drawn; always reported.
//!
//! Invariant: a resumed run has the keys that it began with.

use chrono::{DateTime, SecondsFormat};
use run_report::Shard;
use simulation::Keys;

use super::Attempt;
use crate::clock::wall_ms;
use crate::state_dir::Checkpoint;

/// Keys as given by configuration and command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Seed of all draws.
    pub seed: Option<u64>,
    /// Who the visitors are.
    pub population: Option<String>,
    /// Time zero, in milliseconds since the Unix epoch.
    pub origin_ms: Option<i64>,
}

/// A checkpoint that does not fit.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Nothing to go on from.
    #[error("there is no checkpoint in the state directory; begin without --resume")]
    NoCheckpoint,
    /// Another run's checkpoint.
    #[error(
        "the checkpoint belongs to a run with {name} {then}, but {now} is given; leave it out to go on with that run, \
         or begin a new run in another state directory"
    )]
    Differs {
        /// Which key.
        name: &'static str,
        /// What the checkpoint says.
        then: String,
        /// What is given.
        now: String,
    },
}

/// The keys of this attempt.
pub(super) fn settle(attempt: &Attempt, earlier: Option<&Checkpoint>) -> Result<Keys, KeyError> {
    let given = &attempt.given;
    let Some(earlier) = earlier else {
        return Ok(draw(given));
    };
    same("seed", &earlier.seed, given.seed.as_ref())?;
    same("population", &earlier.population, given.population.as_ref())?;
    let origin = rfc3339(earlier.origin_ms);
    same("origin", &origin, given.origin_ms.map(rfc3339).as_ref())?;
    let shard = |shard: Shard| format!("{}/{}", shard.index, shard.of);
    same("shard", &shard(earlier.shard), Some(&shard(attempt.shard)))?;
    let trial = |trial: Option<u64>| trial.map_or("no trial".to_owned(), |n| n.to_string());
    same("trial", &trial(earlier.trial), Some(&trial(attempt.trial)))?;
    Ok(Keys {
        seed: earlier.seed,
        population: earlier.population.clone(),
        origin_ms: earlier.origin_ms,
    })
}

/// What is not given is drawn or, for the time zero, now.
pub(crate) fn draw(given: &Given) -> Keys {
    let population = || format!("{:014x}", crate::chance::bits());
    Keys {
        seed: given.seed.unwrap_or_else(crate::chance::bits),
        population: given.population.clone().unwrap_or_else(population),
        origin_ms: given.origin_ms.unwrap_or_else(wall_ms),
    }
}

fn same<T: PartialEq + ToString>(
    name: &'static str,
    then: &T,
    now: Option<&T>,
) -> Result<(), KeyError> {
    match now {
        Some(now) if now != then => Err(KeyError::Differs {
            name,
            then: then.to_string(),
            now: now.to_string(),
        }),
        _ => Ok(()),
    }
}

fn rfc3339(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}
