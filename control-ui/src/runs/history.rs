//! A run's log, read page by page: which lines are wanted, and where a page begins.
//!
//! Invariant: pages follow one another without a gap and without a double, as long as the lines are there.

use crate::api::view::LogLine;
use crate::log_filter::LogFilter;

/// A place between two lines: lines before a moment, and the first few of that very millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogPlace {
    at_ms: i64,
    /// Lines of that millisecond that come before the place.
    first: usize,
}

impl LogPlace {
    /// The place in a cursor.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (at_ms, first) = text.split_once('.')?;
        Some(Self {
            at_ms: at_ms.parse().ok()?,
            first: first.parse().ok()?,
        })
    }
}

impl std::fmt::Display for LogPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at_ms, self.first)
    }
}

/// A page of a log.
#[derive(Debug, Default)]
pub struct LogPage {
    /// Oldest first.
    pub lines: Vec<LogLine>,
    /// Wanted lines before these.
    pub skipped: u64,
    /// Why lines are missing that cannot be read any more.
    pub missing: Option<String>,
    /// Where the page before this one ends.
    pub next: Option<LogPlace>,
}

/// Takes lines, oldest first, and keeps the last few that are wanted.
pub(super) struct Pager {
    filter: LogFilter,
    before: Option<LogPlace>,
    count: usize,
    kept: std::collections::VecDeque<(LogLine, LogPlace)>,
    skipped: u64,
    /// The millisecond of the last line, and how many lines it had so far.
    moment: (i64, usize),
}

impl Pager {
    pub(super) fn new(filter: LogFilter, before: Option<LogPlace>, count: usize) -> Self {
        Self {
            filter,
            before,
            count,
            kept: std::collections::VecDeque::new(),
            skipped: 0,
            moment: (i64::MIN, 0),
        }
    }

    pub(super) fn take(&mut self, line: LogLine) {
        let at = line.at.0;
        self.moment = match self.moment {
            (same, lines) if same == at => (at, lines + 1),
            _ => (at, 1),
        };
        let place = LogPlace {
            at_ms: at,
            first: self.moment.1 - 1,
        };
        let too_late = self
            .before
            .is_some_and(|before| (before.at_ms, before.first) <= (place.at_ms, place.first));
        if too_late || !self.filter.wants(&line) {
            return;
        }
        if self.kept.len() == self.count {
            self.kept.pop_front();
            self.skipped += 1;
        }
        self.kept.push_back((line, place));
    }

    /// The page; `gone` is the number of lines before the first one taken, `missing` says why they are.
    pub(super) fn page(self, gone: u64, missing: Option<String>) -> LogPage {
        let next = self.kept.front().filter(|_| self.skipped > 0);
        LogPage {
            next: next.map(|(_, place)| *place),
            skipped: self.skipped + gone,
            missing,
            lines: self.kept.into_iter().map(|(line, _)| line).collect(),
        }
    }
}
