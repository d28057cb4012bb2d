//! The log of a run with all its attempts: what was heard since the control plane started, and before that what the
//! loaders left with the orchestrator and what the control plane noted.
//!
//! Invariants: what was before is read once for each run in memory; memory is bounded, and what is missing is said.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, stream};

use super::history::{LogPage, LogPlace, Pager};
use super::log_lines::{self, LogRing};
use super::record::Run;
use super::{Entry, RunId, Runs};
use crate::api::problem::Problem;
use crate::api::view::{LogLine, LogSource};
use crate::log_filter::LogFilter;
use crate::orchestrator::{Loader, LoaderStatus};
use crate::report_reader::{Heard, ReportReader};

/// What cannot be read any more.
#[derive(Debug, Clone, Default)]
pub(super) struct Missing {
    /// Lines, as far as their number is known.
    lines: u64,
    /// Attempts whose loaders are gone with what they wrote.
    attempts: Vec<u32>,
}

impl Runs {
    /// Lines of a run's log: the last `count` that are wanted, before a place.
    ///
    /// # Errors
    /// No such run, or the store does not answer.
    pub async fn logs(
        &self,
        id: &RunId,
        filter: LogFilter,
        before: Option<LogPlace>,
        count: usize,
    ) -> Result<LogPage, Problem> {
        let entry = self.entry(id).await?;
        let missing = self.recalled(&entry).await?;
        let (mut lines, dropped, lost) = {
            let log = entry.log();
            let (lines, dropped) = log.last(usize::MAX);
            (lines, dropped, log.missed())
        };
        // Clocks of loader and control plane may differ a little.
        lines.sort_by_key(|line| line.at);
        let mut pager = Pager::new(filter, before, count);
        for line in lines {
            pager.take(line);
        }
        let gone = dropped + lost + missing.as_ref().map_or(0, |missing| missing.lines);
        Ok(pager.page(gone, in_words(dropped, lost, missing.as_ref())))
    }

    /// A run's log as text: what is missing, then a line each.
    ///
    /// # Errors
    /// No such run, or the store does not answer.
    pub async fn log_text(
        &self,
        id: &RunId,
        filter: LogFilter,
    ) -> Result<impl Stream<Item = Result<Bytes, Infallible>> + use<>, Problem> {
        let page = self.logs(id, filter, None, usize::MAX).await?;
        let missing = page.missing.map(|why| Bytes::from(format!("# {why}\n")));
        let lines = page.lines.into_iter().map(|line| log_lines::text(&line));
        Ok(stream::iter(missing.into_iter().chain(lines).map(Ok)))
    }

    /// Reads what was before, unless it was read already; `None` while the orchestrator does not answer.
    async fn recalled(&self, entry: &Arc<Entry>) -> Result<Option<Missing>, Problem> {
        let mut recalled = entry.recalled.lock().await;
        if recalled.is_some() {
            return Ok(recalled.clone());
        }
        let run = entry.run.lock().await.clone();
        let mut loaders = match self.needs().orchestrator.list().await {
            Ok(loaders) => loaders,
            Err(error) => {
                tracing::warn!(run.id = %run.id, error = %error, "a run's log cannot be read again");
                return Ok(None);
            }
        };
        loaders.retain(|loader| loader.run == run.id);
        let mut earlier = LogRing::default();
        for attempt in unheard(&run, entry) {
            for loader in loaders.iter().filter(|loader| loader.attempt == attempt) {
                self.reread(loader, &mut earlier).await;
            }
        }
        let (noted, lines) = self.needs().store.lines(run.id.to_string()).await?;
        let missing = Missing {
            lines,
            attempts: lost(&run, &loaders),
        };
        let last = noted.last().map(|line| line.at);
        let mut log = entry.log();
        log.miss(earlier.missed());
        let (earlier, _) = earlier.last(usize::MAX);
        // What was noted since the start is in the store too.
        log.retain(|line| line.stream != LogSource::Control || last < Some(line.at));
        log.put_before(earlier.into_iter().chain(noted));
        drop(log);
        *recalled = Some(missing.clone());
        Ok(Some(missing))
    }

    async fn reread(&self, loader: &Loader, log: &mut LogRing) {
        if !matches!(loader.status, LoaderStatus::Ended(_)) {
            return;
        }
        let orchestrator = Arc::clone(&self.needs().orchestrator);
        let mut reader = ReportReader::new(orchestrator, loader.id.clone(), 0);
        loop {
            let line: Option<LogLine> = match reader.next().await {
                Heard::Report(line) => log_lines::report(&line),
                Heard::Missing(lines, at) => {
                    log.miss(lines);
                    Some(log_lines::missing(lines, at))
                }
                Heard::Log(written) if log_lines::repeats_report(&written) => None,
                Heard::Log(written) => Some(self.without_paths(log_lines::log(&written))),
                Heard::Unreadable(..) => None,
                Heard::Ended(_) | Heard::Gone => return,
            };
            if let Some(line) = line {
                log.push(line);
            }
        }
    }
}

/// Attempts of which nothing was heard since the control plane started.
fn unheard(run: &Run, entry: &Entry) -> std::ops::RangeInclusive<u32> {
    let heard = entry.heard_from.load(std::sync::atomic::Ordering::SeqCst);
    1..=heard.min(run.attempt.saturating_add(1)).saturating_sub(1)
}

/// Attempts whose loaders are gone.
fn lost(run: &Run, loaders: &[Loader]) -> Vec<u32> {
    let there = |attempt: &u32| loaders.iter().any(|loader| loader.attempt == *attempt);
    let past = run.attempt - u32::from(run.state().is_active() || run.has_no_loader());
    (1..=past).filter(|attempt| !there(attempt)).collect()
}

/// Why lines are missing.
fn in_words(dropped: u64, lost: u64, missing: Option<&Missing>) -> Option<String> {
    let Some(missing) = missing else {
        return Some(
            "what was written before the control plane started cannot be read at the moment: the orchestrator does \
             not answer"
                .to_owned(),
        );
    };
    let mut reasons = Vec::new();
    if !missing.attempts.is_empty() {
        let attempts: Vec<String> = missing.attempts.iter().map(u32::to_string).collect();
        reasons.push(format!(
            "what the loader of attempt {} wrote was removed with it",
            attempts.join(", ")
        ));
    }
    if lost > 0 {
        reasons.push(log_lines::missing_words(lost));
    }
    if missing.lines > 0 {
        reasons.push("old notes of the control plane were dropped".to_owned());
    }
    if dropped > 0 {
        reasons.push(format!(
            "of each run the last {} lines are kept in memory",
            log_lines::LINES
        ));
    }
    (!reasons.is_empty()).then(|| reasons.join("; "))
}
