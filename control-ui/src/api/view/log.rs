//! Lines of a log.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::time::Timestamp;

/// Where a line of a run's log comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogSource {
    /// The run report, put in words.
    Report,
    /// The loader's log.
    Log,
    /// The control plane.
    Control,
}

/// One line of a run's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// Where it comes from.
    pub stream: LogSource,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    #[schema(example = "info")]
    pub level: String,
    /// The text, cut to 2,000 characters.
    pub text: String,
}
