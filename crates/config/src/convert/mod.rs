//! The one conversion from what a person wrote to what programs run on.
//!
//! For: the rules between settings, and the ones that a schema cannot say (addresses, zones,
//! currencies). Not for: types, names and limits, which `shape`, `value` and `limits`
//! settled before.
//! Invariant: every rule is tried whatever the others found, except where it would only repeat a
//! problem that its own settings already have; a plan comes out only when nothing is wrong.

mod backfill;
mod behaviour;
mod campaigns;
mod channels;
mod commerce;
mod connection;
mod content;
mod countries;
mod load;
mod rhythm;
mod site;
mod target;
mod url_list;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use crate::Read;
use crate::origin::{Origin, OriginKind};
use crate::plan::{DeliveryPlan, Late, Method, RunPlan};
use crate::problem::{Problem, path};
use crate::secret::ProxyVariables;
use crate::sections::{
    AdaptMode, Delivery, LatePolicy, Load, MethodMode, PacingMode, Realism, RunConfig,
};

/// What the conversion knows beside the configuration itself.
pub(crate) struct Facts<'a> {
    /// The programs' way to files.
    pub(crate) read: Read<'a>,
    /// What time it is in the program's eyes; rules that need it are left out without it.
    pub(crate) now: Option<DateTime<Utc>>,
    /// The proxies of the program's environment.
    pub(crate) proxies: ProxyVariables,
    /// Whether somebody (no preset, no default) gave a pause between hits.
    pub(crate) pauses_given: bool,
    /// Whether somebody (no preset, no default) gave the pacing.
    pub(crate) pacing_given: bool,
    /// Whether somebody (no preset, no default) gave the time after which the run ends.
    pub(crate) end_given: bool,
    /// Whether somebody (no preset, no default) gave the number of requests in flight.
    pub(crate) in_flight_given: bool,
    /// Whether somebody (no preset, no default) gave the bulk size.
    pub(crate) bulk_size_given: bool,
    /// Pointers that have a problem already.
    pub(crate) flawed: Vec<String>,
    /// Where each value came from.
    pub(crate) origins: &'a BTreeMap<String, Origin>,
}

/// A conversion in progress.
pub(crate) struct Conversion<'a> {
    facts: Facts<'a>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

impl<'a> Conversion<'a> {
    pub(crate) fn new(facts: Facts<'a>) -> Self {
        Self {
            facts,
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The plan, as far as one can be made; it counts only when there are no problems.
    ///
    /// Settles `auto`, and the time after which a backfill ends, in the configuration as well, so that the stored
    /// document means the same wherever it is read again.
    pub(crate) fn plan(&mut self, config: &mut RunConfig) -> Option<RunPlan> {
        config.load.pacing = self.pacing(config.load.pacing);
        let replays = config.backfill.enabled;
        config.delivery.method = match config.delivery.method {
            MethodMode::Auto if replays => MethodMode::Bulk,
            MethodMode::Auto => MethodMode::Beacon,
            decided => decided,
        };
        if replays && !self.facts.end_given {
            config.load.stop_after_hours = 0.0;
        }
        if replays {
            config.delivery.adapt = self.adapt(config.delivery.adapt);
        }
        let targets = self.targets(&mut config.targets);
        if config.behaviour.realism == Realism::Realistic {
            self.settle_behaviour(&mut config.behaviour);
            self.settle_channels(&mut config.channels, &config.behaviour);
        }
        let config = &*config;
        let load = self.load(config);
        let backfill = self.backfill(config);
        let has_token = config
            .targets
            .iter()
            .any(|target| target.token_auth.is_some());
        let mut audience = self.audience(&config.audience, &config.load, has_token);
        if config.backfill.enabled {
            audience.seed = audience.seed.or(config.backfill.seed.map(u64::from));
        }
        let behaviour = self.behaviour(&config.behaviour);
        let content = self.content(&config.content);
        let commerce = self.commerce(&config.commerce);
        match config.behaviour.realism {
            Realism::Original => self.orders_fit(&config.behaviour, &config.commerce),
            Realism::Realistic => {
                self.engaged_visits_suffice(&config.behaviour, &config.commerce);
                self.channels_sum(&config.channels);
            }
        }
        let site = self.site(&config.site);
        let campaigns = self.campaigns(config);
        self.funnels(config);
        let delivery = delivery(&config.delivery, replays);
        Some(RunPlan {
            targets: targets?,
            load: load?,
            backfill,
            audience,
            behaviour,
            channels: channels::plan(&config.channels, campaigns),
            content: content?,
            commerce,
            site,
            delivery,
            log_level: config.logging.level,
        })
    }

    /// Who gives a pause and leaves the pacing open wants to see the pause.
    fn pacing(&self, given: PacingMode) -> PacingMode {
        let open = given == PacingMode::Auto || !self.facts.pacing_given;
        match given {
            _ if open && self.facts.pauses_given => PacingMode::Compressed,
            PacingMode::Auto => PacingMode::Live,
            decided => decided,
        }
    }

    /// Nobody's number follows the server unless told to; in a live run nothing does.
    fn adapt(&self, given: AdaptMode) -> AdaptMode {
        match (
            given,
            self.facts.in_flight_given,
            self.facts.bulk_size_given,
        ) {
            (AdaptMode::Auto, true, true) => AdaptMode::Off,
            (AdaptMode::Auto, true, false) => AdaptMode::BulkSize,
            (AdaptMode::Auto, false, true) => AdaptMode::InFlight,
            (AdaptMode::Auto, false, false) => AdaptMode::Both,
            (decided, _, _) => decided,
        }
    }

    /// Today in the run's time zone.
    fn today(&self, load: &Load) -> Option<NaiveDate> {
        let zone = time_zone(&load.time_zone)?;
        Some(self.facts.now?.with_timezone(&zone).date_naive())
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn warning(&mut self, warning: Problem) {
        self.warnings.push(warning);
    }

    /// Whether none of the settings has a problem already.
    fn sound(&self, pointers: &[&str]) -> bool {
        !self
            .facts
            .flawed
            .iter()
            .any(|flawed| pointers.contains(&flawed.as_str()))
    }

    /// Whether somebody, a preset too, set the setting.
    fn is_set(&self, pointer: &str) -> bool {
        let origin = self.facts.origins.get(pointer);
        origin.is_some_and(|origin| origin.kind != OriginKind::Default)
    }

    /// The rule min ≤ max. Told at the one of the two that somebody set.
    fn ordered(&mut self, min: (&str, f64), max: (&str, f64)) {
        if min.1 <= max.1 || !self.sound(&[min.0, max.0]) {
            return;
        }
        let (pointer, message, verb, other) = if !self.is_set(min.0) && self.is_set(max.0) {
            (
                max.0,
                format!("{} is below {}, which is {}", max.1, path(min.0), min.1),
                "raise",
                min,
            )
        } else {
            (
                min.0,
                format!("{} is above {}, which is {}", min.1, path(max.0), max.1),
                "lower",
                max,
            )
        };
        let hint = format!("{verb} it to {} or change {}", other.1, path(other.0));
        self.problem(Problem::new(pointer, "min_above_max", message).hint(hint));
    }

    fn funnels(&mut self, config: &RunConfig) {
        if config.funnels.file.is_some() {
            self.problem(
                Problem::new(
                    "/funnels/file",
                    "not_available",
                    "funnels are not available yet",
                )
                .hint("remove it (FUNNEL_CONFIG_PATH) for now"),
            );
        }
    }
}

fn delivery(given: &Delivery, replays: bool) -> DeliveryPlan {
    let adapts = |one| replays && [one, AdaptMode::Both].contains(&given.adapt);
    DeliveryPlan {
        method: match given.method {
            MethodMode::Auto | MethodMode::Beacon => Method::Beacon,
            MethodMode::Get => Method::Get,
            MethodMode::Form => Method::Form,
            MethodMode::Bulk => Method::Bulk,
        },
        bulk_size: given.bulk_size,
        adapts_in_flight: adapts(AdaptMode::InFlight),
        adapts_bulk_size: adapts(AdaptMode::BulkSize),
        bulk_wait: seconds(given.bulk_wait_seconds),
        timeout: seconds(given.timeout_seconds),
        connect_timeout: seconds(given.connect_timeout_seconds),
        retries: given.retries,
        late: match given.late {
            LatePolicy::CatchUp => Late::CatchUp,
            LatePolicy::Skip => Late::Skip {
                after: seconds(given.late_after_seconds),
            },
        },
        doubt: given.doubt,
        grace: seconds(given.grace_seconds),
    }
}

/// A zone by its IANA name in any case, as in the Python original.
fn time_zone(name: &str) -> Option<chrono_tz::Tz> {
    let mut zones = chrono_tz::TZ_VARIANTS.iter().copied();
    zones.find(|zone| zone.name().eq_ignore_ascii_case(name))
}

/// Seconds as a person writes them. The limits of every such setting keep this far from overflow.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// 0 switches a rule off.
fn above_zero(value: f64) -> Option<f64> {
    Some(value).filter(|value| *value > 0.0)
}
