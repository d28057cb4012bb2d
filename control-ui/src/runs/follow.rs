//! Following a loader, and deciding what its end means for the run.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{DateTime, Utc};
use run_report::{Event, Finished, Line, Outcome};

use tokio::time::timeout;

use super::figures::sample;
use super::log_lines;
use super::record::{Run, Wanted};
use super::shard::{Shard, ShardEnd};
use super::start::number;
use super::watch::Followed;
use super::{Entry, Runs};
use crate::api::events::SampleEvent;
use crate::api::problem::Problem;
use crate::api::view::{Doubt, LogLine, RunState};
use crate::orchestrator::{Ending, LogEntry};
use crate::report_reader::{Heard, ReportReader};
use crate::time::Timestamp;

/// A loader that says nothing for this long is not known to do anything; loaders speak each second.
const SILENCE: Duration = Duration::from_millis(5_100);

/// What is known when a loader is no more.
struct End {
    /// Its last word, if it had one.
    finished: Option<Finished>,
    /// What the orchestrator saw; `None` when the loader vanished.
    ending: Option<Ending>,
    /// The last line of its log: when it is an error, the best hint at the cause.
    last_log: Option<LogLine>,
}

impl Runs {
    /// Follows one of a run's loaders in a task of its own until it has ended.
    pub(super) fn follow(&self, entry: Arc<Entry>, shard: usize) {
        let runs = self.clone();
        self.spawn("follow a loader", async move {
            let (loader, seq) = {
                let run = entry.run.lock().await;
                entry.heard_from.fetch_min(run.attempt, Ordering::SeqCst);
                let part = &run.shards[shard];
                (part.loader.clone(), part.figures.seq)
            };
            let Some(loader) = loader else {
                return Ok(());
            };
            // The last word may have been heard before a restart, so the whole report is read again; what counts is
            // counted by its number.
            let followed = Followed::begin(&runs, &loader);
            let reader =
                ReportReader::new(Arc::clone(&runs.needs().orchestrator), loader.clone(), 0)
                    .told_by(followed.look());
            tokio::select! {
                never = runs.watch_usage(&loader) => match never {},
                followed = runs.followed(&entry, shard, reader, seq) => followed,
            }
        });
    }

    /// Lines of the report up to `seq` were counted before.
    async fn followed(
        &self,
        entry: &Arc<Entry>,
        shard: usize,
        mut reader: ReportReader,
        seq: u64,
    ) -> Result<(), Problem> {
        let mut end = End {
            finished: None,
            ending: None,
            last_log: None,
        };
        loop {
            match self.heard(entry, shard, &mut reader).await {
                Heard::Report(line) => {
                    if let Event::Finished(finished) = &line.event {
                        end.finished = Some(finished.as_ref().clone());
                    }
                    self.hear(entry, shard, &line, line.seq > seq).await;
                }
                Heard::Missing(lines, at) => self.miss(entry, shard, lines, at).await,
                Heard::Log(written) if log_lines::repeats_report(&written) => {}
                Heard::Log(written) => {
                    let line = self.without_paths(log_lines::log(&written));
                    end.last_log = Some(line.clone());
                    self.note_of(entry, shard, line).await;
                }
                Heard::Unreadable(written, error) => {
                    self.unreadable(entry, shard, &written, &error).await;
                }
                Heard::Ended(ending) => {
                    end.ending = Some(ending);
                    break;
                }
                Heard::Gone => break,
            }
        }
        self.ended(entry, shard, end).await
    }

    /// The next thing heard. Whoever watches is told when a loader falls silent, since nothing else tells them.
    async fn heard(&self, entry: &Entry, shard: usize, reader: &mut ReportReader) -> Heard {
        if let Ok(heard) = timeout(SILENCE, reader.next()).await {
            return heard;
        }
        let run = entry.run.lock().await;
        let now = self.needs().clock.now();
        if run.silent_since(&run.shards[shard], now).is_some() {
            self.needs().live.publish("run", &self.live_view(&run));
        }
        drop(run);
        reader.next().await
    }

    /// A line that does not show where the control plane keeps its data.
    pub(super) fn without_paths(&self, mut line: LogLine) -> LogLine {
        line.text = self.hide_paths(&line.text);
        line
    }

    /// The same of a text.
    pub(super) fn hide_paths(&self, text: &str) -> String {
        let folder = &self.needs().settings.data_dir;
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        match folder.to_str() {
            Some(folder) if folder.len() > 1 => text.replace(folder, "DATA_DIR"),
            _ => text.to_owned(),
        }
    }

    async fn unreadable(
        &self,
        entry: &Entry,
        shard: usize,
        written: &LogEntry,
        error: &run_report::ReadError,
    ) {
        let line = log_lines::control(Timestamp::from(written.at), "warn", error.to_string());
        self.note_of(entry, shard, line).await;
    }

    /// Says in a run's log where lines of the report are missing.
    async fn miss(&self, entry: &Entry, shard: usize, lines: u64, at: DateTime<Utc>) {
        entry.log().miss(lines);
        self.note_of(entry, shard, log_lines::missing(lines, at))
            .await;
    }

    /// Adds a line of one of the loaders to a run's log; of several it says which.
    async fn note_of(&self, entry: &Entry, shard: usize, line: LogLine) {
        let loaders = entry.run.lock().await.shards.len();
        self.note(entry, log_lines::of_loader(line, number(shard), loaders));
    }

    /// Takes one line of the report in; `new` when it was not counted before a restart.
    /// A store that does not answer costs samples, not the run: whoever stopped listening would miss its end.
    async fn hear(&self, entry: &Arc<Entry>, shard: usize, line: &Line, new: bool) {
        let mut run = entry.run.lock().await;
        if let Some(words) = log_lines::report(line) {
            let words = log_lines::of_loader(words, number(shard), run.shards.len());
            self.note(entry, words);
        }
        if !new {
            return;
        }
        let part = &mut run.shards[shard];
        part.figures.hear(line, self.needs().clock.now());
        part.began = true;
        // Only a run that is starting may become running.
        let begins = run.move_to(RunState::Running).is_ok();
        if let Event::Account(day) = &line.event {
            let kept = self.needs().store.save_day(
                run.id.to_string(),
                number(shard),
                day.as_ref().clone(),
            );
            if let Err(error) = kept.await {
                tracing::warn!(run.id = %run.id, error = %error, "a day of a run could not be kept; the next word on it is");
            }
        }
        // Loaders at work speak each second; the first of them makes the sample for all.
        let first = run.at_work().first() == Some(&shard);
        if matches!(line.event, Event::Progress(_)) && first {
            let sample = sample(Timestamp::from(line.at), &run.figures());
            let id = run.id.to_string();
            let kept = self.needs().store.add_sample(id.clone(), sample.clone());
            if let Err(error) = kept.await {
                tracing::warn!(run.id = %run.id, error = %error, "a sample could not be kept");
            }
            self.needs()
                .live
                .publish("sample", &SampleEvent { run_id: id, sample });
        }
        self.save_if_possible(&run).await;
        if begins {
            self.settle(entry, &run);
        }
    }

    /// Decides what the end of a loader means.
    async fn ended(&self, entry: &Arc<Entry>, shard: usize, end: End) -> Result<(), Problem> {
        let now = self.needs().clock.now();
        let ended = self.change_surely(entry, |run| {
            let ended = how_it_ended(run, shard, &end);
            run.shard_ended(shard, ended, now)
        });
        let mut run = ended.await?;
        if run.state().is_active() {
            let said = run.one_less(shard);
            self.remark(entry, said.0, said.1).await;
            self.needs().live.publish("run", &self.live_view(&run));
            return Ok(());
        }
        let (state, reason) = (run.state(), run.outcome_reason.clone().unwrap_or_default());
        tracing::info!(run.id = %run.id, run.state = state.as_str(), reason, "a loader ended");
        let level = if end.finished.is_some() {
            "info"
        } else {
            "error"
        };
        self.settle(entry, &run);
        self.remark(entry, level, format!("{}: {reason}", state.as_str()))
            .await;
        self.needs().live.publish("status", &serde_json::json!({}));
        if self.reboot_ended(&run) {
            self.remark(entry, "info", "the machine was restarted: going on")
                .await;
            self.requeue(&mut run).await?;
            drop(run);
            self.launch(Arc::clone(entry));
        } else {
            drop(run);
            self.tidy();
        }
        Ok(())
    }

    /// Whether the machine's restart ended a loader that was meant to go on. One that said why it could not, or that
    /// its guard had enough, is not begun again by itself.
    fn reboot_ended(&self, run: &Run) -> bool {
        let ends = run.shards.iter().filter_map(|shard| shard.end.as_ref());
        let gave_up = ends.into_iter().any(|end| end.gave_up);
        let rebooted = run.boot != self.needs().boot;
        rebooted && run.wanted == Wanted::Run && run.state().may_resume() && !gave_up
    }
}

fn how_it_ended(run: &Run, shard: usize, end: &End) -> ShardEnd {
    let (state, reason) = match &end.finished {
        Some(finished) => said_goodbye(run, finished),
        None => without_a_word(run, shard, end),
    };
    let last = end.finished.as_ref().map(|finished| finished.outcome);
    ShardEnd {
        state,
        reason,
        doubt: match last {
            Some(_) => None,
            None => doubt(&run.shards[shard], end.ending.as_ref()),
        },
        gave_up: matches!(last, Some(Outcome::Failed | Outcome::Guard)),
    }
}

/// The loader had a last word.
fn said_goodbye(run: &Run, finished: &Finished) -> (RunState, String) {
    let state = match (finished.outcome, run.wanted) {
        (Outcome::Done, _) => RunState::Succeeded,
        (Outcome::Failed | Outcome::Guard, _) => RunState::Failed,
        (Outcome::Stopped, Wanted::Cancel) => RunState::Cancelled,
        // Something else stopped it, such as the machine's shutdown: it may go on.
        (Outcome::Stopped, Wanted::Pause | Wanted::Run) => RunState::Paused,
    };
    (state, finished.reason.clone())
}

/// The loader ended without a last word.
fn without_a_word(run: &Run, shard: usize, end: &End) -> (RunState, String) {
    let seen = end
        .ending
        .as_ref()
        .filter(|ending| ending.exit_code.is_some());
    let mut reason = end.ending.clone().unwrap_or_default().to_string();
    // What a loader says before it begins is why it does not, such as one that is older than a setting.
    let complaint = end
        .last_log
        .as_ref()
        .filter(|line| line.level == "error" || !run.shards[shard].began);
    if let Some(line) = complaint {
        reason = format!("{reason}; its last line was: {}", line.text);
    }
    let state = match (run.state(), run.wanted, seen) {
        // It was to end, and it did.
        (RunState::Stopping, Wanted::Cancel, _) => RunState::Cancelled,
        (_, _, Some(_)) => RunState::Failed,
        (_, _, None) => RunState::Lost,
    };
    (state, reason)
}

/// What nobody knows: hits that were planned and not settled in the last report, and what was sent since.
fn doubt(shard: &Shard, ending: Option<&Ending>) -> Option<Doubt> {
    let refused_its_input = ending.is_some_and(|ending| ending.exit_code == Some(2));
    if !shard.began && refused_its_input {
        return None;
    }
    let hits = shard.figures.account.map_or(0, |account| account.remaining);
    let since = shard.figures.last_at;
    let message = match since {
        Some(_) => format!(
            "{hits} hits were in flight or open when the loader last reported; whether Matomo recorded them, and what \
             was sent after that moment, is not known"
        ),
        None => "the loader never reported; whether it sent anything is not known".to_owned(),
    };
    Some(Doubt {
        hits,
        since,
        message,
    })
}
