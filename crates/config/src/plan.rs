//! The run plan: a run configuration that was checked, in the types that programs run on.
//!
//! For: everything behind the check. Not for: reading, defaults or limits; they are settled before a
//! plan exists. Invariant: a [`RunPlan`] comes out of [`crate::Layers::check`] alone, so nothing
//! behind it checks again, and an `Option` here means "switched off", never "take the default".

mod audience;
mod behaviour;
mod channels;
mod rhythm;

use std::time::Duration;

use chrono::{Days, NaiveDate};

pub use audience::{AudiencePlan, DeviceShares};
pub use behaviour::BehaviourPlan;
pub use channels::{CampaignPlan, ChannelsPlan, LandingPage};
pub use rhythm::{RhythmPlan, SpikePlan};

pub use crate::quiet_hours::QuietHours;
use crate::secret::{ProxyVariables, Secret};
pub use crate::sections::{
    CampaignStyle, Countries, DimensionScope, Doubt, GoalWhen, LogLevel, Realism,
};

/// What one run does, checked.
#[derive(Clone, Debug)]
pub struct RunPlan {
    /// Where the hits go. Exactly one target today.
    pub targets: Vec<TargetPlan>,
    /// How much, how fast, and when to stop.
    pub load: LoadPlan,
    /// The past days that are replayed; `None` for a live run.
    pub backfill: Option<BackfillPlan>,
    /// Who the visitors are.
    pub audience: AudiencePlan,
    /// What a visit looks like.
    pub behaviour: BehaviourPlan,
    /// Where visits come from, in the believable model.
    pub channels: ChannelsPlan,
    /// The pages that are visited.
    pub content: ContentPlan,
    /// Orders.
    pub commerce: CommercePlan,
    /// Goals and custom dimensions.
    pub site: SitePlan,
    /// How hits travel.
    pub delivery: DeliveryPlan,
    /// How talkative the program's log is.
    pub log_level: LogLevel,
}

/// One Matomo site.
#[derive(Clone, Debug)]
pub struct TargetPlan {
    /// The tracking endpoint: http or https, with a host, without credentials, query or fragment.
    pub url: url::Url,
    /// What a person types back to confirm the target: the host, with `:port` when the port is not
    /// the scheme's own.
    pub host: String,
    /// Matomo's `idsite`, at least 1.
    pub site_id: u32,
    /// Matomo's `token_auth`; without it hits carry nothing that needs one.
    pub token: Option<Secret>,
    /// How it is reached.
    pub connection: ConnectionPlan,
}

/// How a target is reached.
#[derive(Clone, Debug)]
pub struct ConnectionPlan {
    /// Certificates (DER) of authorities that are trusted beside the well-known ones.
    pub authorities: Vec<Vec<u8>>,
    /// Whether the target's certificate is checked.
    pub tls_verify: bool,
    /// The proxy on the way.
    pub proxy: ProxyPlan,
    /// User name and password for the web server before Matomo.
    pub basic_auth: Option<(String, Secret)>,
    /// Name, in lower case, and value of a header that every request carries.
    pub header: Option<(String, Secret)>,
}

/// The proxy on the way to a target.
#[derive(Clone, Debug)]
pub enum ProxyPlan {
    /// None.
    Direct,
    /// The one that these variables name for the target's address, if any.
    Environment(ProxyVariables),
    /// This one, without a user name.
    Given(url::Url),
}

/// How much, how fast, and when to stop.
#[derive(Clone, Debug)]
pub struct LoadPlan {
    /// Visits started in each 24 hours, 1 to 100,000,000.
    pub visits_per_day: u32,
    /// The zone in which days and day curves are cut.
    pub time_zone: chrono_tz::Tz,
    /// How visits rise and fall; the flat model ignores it.
    pub rhythm: RhythmPlan,
    /// Times of the day in which no visit starts.
    pub quiet_hours: QuietHours,
    /// How the hits of a visit are spread over real time.
    pub pacing: Pacing,
    /// Requests in flight, 1 to 500.
    pub concurrency: u16,
    /// Loaders that share the run, 1 to 16.
    pub loaders: u16,
    /// What ends or pauses the run.
    pub stop: StopRules,
}

impl LoadPlan {
    /// Mean number of visits of a day: what is left of the visits per day by the quiet hours. A cap may lower it
    /// further.
    #[must_use]
    pub fn visits_on_a_day(&self) -> f64 {
        f64::from(self.visits_per_day) * f64::from(self.quiet_hours.minutes_left()) / 1_440.0
    }
}

/// How the hits of a visit are spread over real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pacing {
    /// Each hit at its own moment.
    Live,
    /// Short real pauses between the hits of a visit, whose own times are back-dated.
    Compressed {
        /// Shortest pause.
        pause_min: Duration,
        /// Longest pause, at least `pause_min`.
        pause_max: Duration,
    },
}

/// Past days that are replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct BackfillPlan {
    /// Which days, in the load's time zone.
    pub window: Window,
    /// Visits of each whole day, 1 to 100,000,000: the load's, or the cap where that is less.
    pub visits_per_day: u32,
    /// Most visits of a day; `None` is no cap.
    pub visits_per_day_max: Option<u32>,
    /// Most visits of all days; the last days are cut.
    pub max_visits_total: Option<u64>,
    /// Most requests a second of all loaders together, those sent again included.
    pub requests_per_second: Option<f64>,
    /// Most visits begun a second of all loaders together.
    pub visits_per_second: Option<f64>,
    /// Whether the run ends with the last day; otherwise it goes on in real time.
    pub run_once: bool,
}

/// The days of a backfill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// From the first to the last day, both included.
    Dates {
        /// The first day.
        first: NaiveDate,
        /// The last day, not before the first.
        last: NaiveDate,
    },
    /// So many days, of which the first lies so far back.
    Back {
        /// Days before today, 1 to 365.
        days_back: u32,
        /// Number of days, 1 to 180 and at most `days_back + 1`.
        days: u32,
    },
}

impl Window {
    /// First and last day, both included, as seen from `today`.
    #[must_use]
    pub fn dates(&self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        match *self {
            Self::Dates { first, last } => (first, last),
            Self::Back { days_back, days } => {
                let first = today - Days::new(days_back.into());
                (first, first + Days::new(u64::from(days.max(1)) - 1))
            }
        }
    }
}

/// What ends or pauses a run; `None` is "this rule is off".
#[derive(Clone, Debug, PartialEq)]
pub struct StopRules {
    /// Ends the run after this time (`AUTO_STOP_AFTER_HOURS`).
    pub after: Option<Duration>,
    /// Ends the run after this many visits (`STOP_AFTER_VISITS`).
    pub after_visits: Option<u64>,
    /// Ends the run before it would send one hit more than this (`STOP_AFTER_HITS`), whatever becomes of the hits.
    pub after_hits: Option<u64>,
    /// Pauses at this many visits in a 24-hour window counted from the origin, and goes on with the
    /// next window (`MAX_TOTAL_VISITS`).
    pub visits_per_window: Option<u64>,
    /// Guard: stops the run when more than this share of the hits fails, in percent.
    pub error_percent: Option<f64>,
    /// Guard: stops the run when the 95th percentile of the latency is above this.
    pub p95: Option<Duration>,
    /// For how long a guard's limit must be exceeded before it stops the run.
    pub guard_window: Duration,
}

/// The pages that are visited.
#[derive(Clone, Debug)]
pub struct ContentPlan {
    /// Where they come from.
    pub pages: Pages,
}

/// The pages that are visited.
#[derive(Clone, Debug)]
pub enum Pages {
    /// The built-in shop of 22,000 pages.
    BuiltIn {
        /// Scheme and host of the pages.
        site: url::Url,
    },
    /// A list that a person gave; never empty.
    List(Vec<Page>),
}

/// One page of a URL list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its http(s) address, as given.
    pub url: String,
    /// Its title, if the list names one.
    pub title: Option<String>,
}

/// Orders.
#[derive(Clone, Debug)]
pub struct CommercePlan {
    /// Probability that a visit ends in an order, 0 to 1.
    pub order: f64,
    /// Probability that a visit has a cart, not below `order`; `None` follows from it.
    pub cart: Option<f64>,
    /// Probability that a visit looks at a product, not below `cart`; `None` follows from it.
    pub product_view: Option<f64>,
    /// Smallest order value, at least 0.01.
    pub value_min: f64,
    /// Largest order value, at least `value_min`.
    pub value_max: f64,
    /// Fewest items of an order, at least 1.
    pub items_min: u32,
    /// Most items of an order, at least `items_min`.
    pub items_max: u32,
    /// Tax as a share of the subtotal, 0 to 1.
    pub tax_rate: f64,
    /// Shipping costs to draw from; never empty.
    pub shipping_rates: Vec<f64>,
    /// ISO 4217 code of the site's currency.
    pub currency: String,
}

/// What is set up for the site in Matomo.
#[derive(Clone, Debug, Default)]
pub struct SitePlan {
    /// Each number once.
    pub goals: Vec<GoalPlan>,
    /// Each number once.
    pub dimensions: Vec<DimensionPlan>,
}

/// A goal of the site.
#[derive(Clone, Debug)]
pub struct GoalPlan {
    /// Its number in Matomo, at least 1.
    pub id: u32,
    /// What people call it.
    pub name: String,
    /// What has to happen.
    pub when: GoalWhen,
    /// A part of an address, or of an event's category or action; empty where `when` is neither.
    pub matching: String,
    /// Share of the visits in which it happens that reach the goal, above 0 and up to 1.
    pub share: f64,
    /// What it is worth, if the run says so.
    pub revenue: Option<f64>,
}

/// A custom dimension of the site.
#[derive(Clone, Debug)]
pub struct DimensionPlan {
    /// Its number in Matomo, 1 to 200.
    pub id: u8,
    /// What it belongs to.
    pub scope: DimensionScope,
    /// Where its values come from.
    pub from: DimensionValues,
}

/// Where the values of a custom dimension come from.
#[derive(Clone, Debug)]
pub enum DimensionValues {
    /// Values and weights above 0; never empty.
    Drawn(Vec<(String, f64)>),
    /// How loyal the visitor is.
    Loyalty,
    /// Whether the visitor is signed in.
    SignedIn,
    /// The first part of the page's path.
    Section,
}

/// How hits travel.
#[derive(Clone, Debug)]
pub struct DeliveryPlan {
    /// The shape of a request.
    pub method: Method,
    /// Most hits in one bulk request, 1 to 500.
    pub bulk_size: u16,
    /// Whether the number of requests in flight follows the server, up to the load's concurrency.
    pub adapts_in_flight: bool,
    /// Whether the size of a bulk follows the server.
    pub adapts_bulk_size: bool,
    /// How long a bulk waits for more hits before it leaves.
    pub bulk_wait: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// How long a connection may take to open.
    pub connect_timeout: Duration,
    /// How often a hit that surely was not recorded is tried again.
    pub retries: u32,
    /// What happens to hits that could not be sent in time.
    pub late: Late,
    /// What happens to hits of which nobody knows whether they were recorded.
    pub doubt: Doubt,
    /// How long a stopping run may take to finish its open visits.
    pub grace: Duration,
}

/// The shape of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// POST with the hit in the query and an empty body, as browsers' sendBeacon does.
    Beacon,
    /// GET with the hit in the query; a hit that needs the token is sent as a form.
    Get,
    /// POST with the hit as a form in the body.
    Form,
    /// POST with many hits at once, as JSON.
    Bulk,
}

/// What happens to hits that could not be sent in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// They are sent as soon as possible.
    CatchUp,
    /// They are skipped, and counted, once they are later than this.
    Skip {
        /// The lateness from which a hit is skipped.
        after: Duration,
    },
}
