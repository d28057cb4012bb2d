//! How hits travel.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// How hits travel.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Delivery")]
pub struct Delivery {
    /// The shape of a request. `auto` is `bulk` in a backfill and `beacon` otherwise.
    #[schemars(title = "Method", extend("x-env" = "DELIVERY_METHOD"))]
    pub method: MethodMode,
    /// Most hits in one bulk request, 1 to 500.
    #[schemars(
        title = "Bulk size",
        extend("x-env" = "BULK_SIZE", "x-unit" = "hits", "x-advanced" = true)
    )]
    #[validate(range(min = 1, max = 500))]
    pub bulk_size: u16,
    /// What follows the server in a backfill: requests in flight, up to *Requests in flight*, and the bulk size, 10 to
    /// 200. `auto` is whatever of the two nobody gave.
    #[schemars(
        title = "Follow the server",
        extend("x-env" = "DELIVERY_ADAPT", "x-advanced" = true)
    )]
    pub adapt: AdaptMode,
    /// How long a bulk waits for more hits before it leaves, 0.01 to 60 seconds.
    #[schemars(
        title = "Bulk wait",
        extend("x-env" = "BULK_WAIT_SECONDS", "x-unit" = "s", "x-advanced" = true)
    )]
    #[validate(range(min = 0.01, max = 60.0))]
    pub bulk_wait_seconds: f64,
    /// How long Matomo's answer may take, 0.1 to 600 seconds.
    #[schemars(
        title = "Answer within",
        extend("x-env" = "REQUEST_TIMEOUT_SECONDS", "x-unit" = "s")
    )]
    #[validate(range(min = 0.1, max = 600.0))]
    pub timeout_seconds: f64,
    /// How long a connection may take to open, 0.1 to 60 seconds.
    #[schemars(
        title = "Connect within",
        extend("x-env" = "CONNECT_TIMEOUT_SECONDS", "x-unit" = "s", "x-advanced" = true)
    )]
    #[validate(range(min = 0.1, max = 60.0))]
    pub connect_timeout_seconds: f64,
    /// How often a hit that surely was not recorded is tried again, 0 to 20 times.
    #[schemars(
        title = "Retries",
        extend("x-env" = "DELIVERY_RETRIES", "x-advanced" = true)
    )]
    #[validate(range(min = 0, max = 20))]
    pub retries: u32,
    /// What happens to hits that could not be sent in time.
    #[schemars(title = "Late hits", extend("x-env" = "LATE_POLICY", "x-advanced" = true))]
    pub late: LatePolicy,
    /// The lateness from which `skip` skips a hit, 1 to 3,600 seconds.
    #[schemars(
        title = "Late after",
        extend("x-env" = "LATE_AFTER_SECONDS", "x-unit" = "s", "x-advanced" = true)
    )]
    #[validate(range(min = 1.0, max = 3600.0))]
    pub late_after_seconds: f64,
    /// What happens to hits of which nobody knows whether Matomo recorded them.
    #[schemars(title = "Hits in doubt", extend("x-env" = "DOUBT_POLICY", "x-advanced" = true))]
    pub doubt: Doubt,
    /// How long a stopping run may take to finish its open visits, 0 to 600 seconds.
    #[schemars(
        title = "Grace time",
        extend("x-env" = "GRACE_SECONDS", "x-unit" = "s", "x-advanced" = true)
    )]
    #[validate(range(min = 0.0, max = 600.0))]
    pub grace_seconds: f64,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            method: MethodMode::Auto,
            bulk_size: 50,
            adapt: AdaptMode::Auto,
            bulk_wait_seconds: 0.5,
            timeout_seconds: 30.0,
            connect_timeout_seconds: 10.0,
            retries: 3,
            late: LatePolicy::CatchUp,
            late_after_seconds: 60.0,
            doubt: Doubt::Skip,
            grace_seconds: 30.0,
        }
    }
}

/// The shape of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MethodMode {
    /// `bulk` in a backfill, `beacon` otherwise.
    Auto,
    /// POST with the hit in the query and an empty body, as browsers' sendBeacon does.
    Beacon,
    /// GET with the hit in the query; a hit that needs the token is sent as `form`.
    Get,
    /// POST with the hit as a form in the body.
    Form,
    /// POST with many hits at once, as JSON.
    Bulk,
}

/// What follows the server in a backfill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdaptMode {
    /// Whatever nobody gave.
    Auto,
    /// Nothing: both stay as they are set.
    Off,
    /// The number of requests in flight.
    InFlight,
    /// The number of hits in a bulk.
    BulkSize,
    /// Both of them.
    Both,
}

/// What happens to hits that could not be sent in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LatePolicy {
    /// They are sent as soon as possible.
    CatchUp,
    /// They are skipped, and counted, once they are too late.
    Skip,
}

/// What happens to hits of which nobody knows whether Matomo recorded them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Doubt {
    /// They count as unknown and are not sent again.
    Skip,
    /// They are sent again, and counted as possible doubles.
    Resend,
}
