//! Which lines of a log are shown: by level and by text. The same for the logs of runs and the control plane's own.

use crate::api::view::LogLine;

/// Levels, the worst first.
pub const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// Place of `info`, for which a line of a level that nobody knows is taken.
const INFO: usize = 2;

/// Which lines are wanted; by default all.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Place in [`LEVELS`] of the least bad level.
    level: Option<usize>,
    /// In lower case.
    contains: Option<String>,
}

impl LogFilter {
    /// Lines of `level` and worse that contain a text, both in whatever case; empty is the same as none. `None` when
    /// there is no such level.
    #[must_use]
    pub fn new(level: Option<&str>, contains: Option<&str>) -> Option<Self> {
        let level = match level.filter(|level| !level.is_empty()) {
            Some(level) => Some(place(&level.to_ascii_lowercase())?),
            None => None,
        };
        let contains = contains.filter(|text| !text.is_empty());
        Some(Self {
            level,
            contains: contains.map(str::to_lowercase),
        })
    }

    /// Whether a line is wanted.
    #[must_use]
    pub fn wants(&self, line: &LogLine) -> bool {
        let level = place(&line.level).unwrap_or(INFO);
        self.level.is_none_or(|least| level <= least)
            && self
                .contains
                .as_ref()
                .is_none_or(|text| line.text.to_lowercase().contains(text))
    }
}

/// Place of a level in [`LEVELS`].
#[must_use]
pub fn place(level: &str) -> Option<usize> {
    LEVELS.iter().position(|known| *known == level)
}
