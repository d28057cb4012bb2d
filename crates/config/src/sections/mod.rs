//! The run configuration as a person writes it, one file for each section.
//!
//! For: the one definition of every setting: type, unit, default, limits, help, environment name.
//! Not for: rules between settings (see `convert`) or what programs run on (see `plan`).
//! Invariant: whatever is said about a setting anywhere (form, schema, reference, messages) is
//! derived from its field here; no setting is described twice.
//!
//! To add a setting: add a field with a doc comment (its help), a title, limits (`validate`) and
//! `x-env`; give it a default; carry it into the plan; refresh the generated files
//! (`tests/config/generated.rs`).
//! Keywords: `x-env` environment name, `x-unit` unit, `x-advanced` folded away in a form, `x-widget`
//! how a form draws it, `x-off` the value that switches it off, `x-aliases` other spellings of a choice. `x-group`, `x-order` and `x-secret`
//! are filled in by `schema`.
//!
//! A list of tables with an environment name is one value: a later source replaces it whole. In the environment pairs are
//! written `US:0.35,DE:0.1` and larger tables as JSON; such a table has at least three parts that cannot be left out, so
//! that it is never taken for a pair.

mod audience;
mod backfill;
mod behaviour;
mod channels;
mod commerce;
mod content;
mod delivery;
mod funnels;
mod load;
mod logging;
mod site;
mod target;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

pub use audience::{Audience, Countries, CountryWeight};
pub use backfill::Backfill;
pub use behaviour::{Behaviour, Realism};
pub use channels::{Campaign, CampaignStyle, Channels};
pub use commerce::Commerce;
pub use content::Content;
pub use delivery::{AdaptMode, Delivery, Doubt, LatePolicy, MethodMode};
pub use funnels::Funnels;
pub use load::{DayCurve, Load, PacingMode, Spike};
pub use logging::{LogLevel, Logging};
pub use site::{Dimension, DimensionScope, DimensionSource, Goal, GoalWhen, Site};
pub use target::Target;

use crate::secret::{ProxyVariables, Secrets, TargetSecret};

/// The version of the document format that this program writes and the newest that it reads.
pub const VERSION: u32 = 1;

/// What a run does.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Run configuration")]
pub struct RunConfig {
    /// Version of the document format; a document without it counts as version 1.
    #[schemars(
        title = "Document version",
        extend("x-advanced" = true, "x-widget" = "hidden")
    )]
    #[validate(range(min = 1, max = VERSION))]
    pub version: u32,
    /// The Matomo sites that receive the hits; exactly one for now.
    // A second target is not beyond a limit but not available yet: `shape` refuses it in those words.
    #[schemars(title = "Targets", length(min = 1, max = 1))]
    #[validate(nested)]
    pub targets: Vec<Target>,
    /// How much, how fast, and when to stop.
    #[validate(nested)]
    pub load: Load,
    /// Replaying past days instead of sending in real time.
    #[validate(nested)]
    pub backfill: Backfill,
    /// Who the visitors are.
    #[validate(nested)]
    pub audience: Audience,
    /// What a visit looks like.
    #[validate(nested)]
    pub behaviour: Behaviour,
    /// Where visits come from.
    #[validate(nested)]
    pub channels: Channels,
    /// The pages that are visited.
    #[validate(nested)]
    pub content: Content,
    /// Orders.
    #[validate(nested)]
    pub commerce: Commerce,
    /// What is set up for the site in Matomo.
    #[validate(nested)]
    pub site: Site,
    /// Prescribed paths through the site.
    #[schemars(extend("x-unavailable" = true))]
    #[validate(nested)]
    pub funnels: Funnels,
    /// How hits travel.
    #[validate(nested)]
    pub delivery: Delivery,
    /// What the program says of itself.
    #[validate(nested)]
    pub logging: Logging,
}

impl Default for RunConfig {
    fn default() -> Self {
        Self {
            version: VERSION,
            targets: vec![Target::default()],
            load: Load::default(),
            backfill: Backfill::default(),
            audience: Audience::default(),
            behaviour: Behaviour::default(),
            channels: Channels::default(),
            content: Content::default(),
            commerce: Commerce::default(),
            site: Site::default(),
            funnels: Funnels::default(),
            delivery: Delivery::default(),
            logging: Logging::default(),
        }
    }
}

impl RunConfig {
    /// Takes the secrets out. The configuration can then be stored and shown.
    pub fn take_secrets(&mut self) -> Secrets {
        let targets = self
            .targets
            .iter_mut()
            .map(|target| TargetSecret {
                token_auth: target.token_auth.take(),
                basic_auth_password: target.basic_auth_password.take(),
                extra_header_value: target.extra_header_value.take(),
            })
            .collect();
        Secrets {
            targets,
            proxies: ProxyVariables::default(),
        }
    }
}
