//! What the program says of itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// What the program says of itself.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Logging")]
pub struct Logging {
    /// How much is logged; the level names of Python's logging are understood as well.
    #[schemars(
        title = "Log level",
        extend(
            "x-env" = "LOG_LEVEL",
            "x-advanced" = true,
            "x-aliases" = {
                "critical": "error", "fatal": "error", "warning": "warn", "notset": "trace"
            }
        )
    )]
    pub level: LogLevel,
}

impl Default for Logging {
    fn default() -> Self {
        Self {
            level: LogLevel::Info,
        }
    }
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Failures only.
    Error,
    /// And what deserves attention.
    Warn,
    /// And the course of the run.
    Info,
    /// And details for finding faults.
    Debug,
    /// And everything else.
    Trace,
}

impl LogLevel {
    /// The name as `tracing` and a document spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}
