//! The report as sentences, for a person at a terminal.
//!
//! It leaves out what a person does not need each second; the JSON lines hold everything.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use run_report::{
    Account, DayAccount, Event, Finished, Latency, LoaderState, Outcome, Progress, Severity,
    Started,
};

/// Heartbeats between two that are shown, unless the loader's state changes.
const SHOWN_EVERY: u32 = 5;

/// Remembers what was shown last.
#[derive(Default)]
pub(super) struct Story {
    since_shown: u32,
    state: Option<LoaderState>,
}

impl Story {
    /// The event as lines of text; empty when there is nothing to show.
    pub(super) fn tell(&mut self, at: DateTime<Utc>, event: &Event) -> Vec<u8> {
        let text = match event {
            Event::Started(started) => Some(tell_started(started)),
            Event::Progress(progress) => self.tell_progress(progress),
            Event::Incident(incident) => {
                let mark = match incident.severity {
                    Severity::Info => "note",
                    Severity::Warning => "warning",
                    Severity::Error => "error",
                };
                Some(format!("{mark}: {} [{}]", incident.message, incident.code))
            }
            // Running totals of a day under way say less than the next line.
            Event::Account(account) => account.closed.then(|| tell_day(account)),
            Event::Finished(finished) => Some(tell_finished(finished)),
        };
        match text {
            Some(text) => format!("{}  {text}\n", at.format("%H:%M:%S")).into_bytes(),
            None => Vec::new(),
        }
    }

    fn tell_progress(&mut self, progress: &Progress) -> Option<String> {
        self.since_shown += 1;
        let changed = self.state != Some(progress.state);
        if !changed && self.since_shown < SHOWN_EVERY {
            return None;
        }
        self.since_shown = 0;
        self.state = Some(progress.state);
        let state = match progress.detail.as_str() {
            "" => name(progress.state),
            detail => detail,
        };
        let mut text = format!(
            "{state}; {} visits started, {} open; {}; {:.1} visits/s{}, {:.1} hits/s",
            progress.visits.started,
            progress.visits.open,
            hits(&progress.account),
            progress.rate.visits_per_s,
            of_planned(progress),
            progress.rate.hits_per_s,
        );
        if let Some(latency) = &progress.latency_ms {
            let _ = write!(
                text,
                "; answers after {:.0} ms (p95 {:.0})",
                latency.p50, latency.p95
            );
        }
        Some(text)
    }
}

fn name(state: LoaderState) -> &'static str {
    match state {
        LoaderState::Starting => "starting",
        LoaderState::Running => "running",
        LoaderState::Waiting => "waiting",
        LoaderState::PausedAtCap => "paused at the cap",
        LoaderState::Slowed => "slowed by the target",
        LoaderState::TargetDown => "target down",
        LoaderState::Stopping => "stopping",
    }
}

/// The account in words; states without hits are left out.
fn hits(account: &Account) -> String {
    let mut text = format!(
        "{} hits planned, {} accepted",
        account.planned, account.accepted
    );
    for (number, what) in [
        (account.rejected, "rejected"),
        (account.failed, "failed"),
        (account.unknown, "unknown"),
        (account.skipped, "skipped"),
        (account.remaining, "remaining"),
    ] {
        if number != 0 {
            let _ = write!(text, ", {number} {what}");
        }
    }
    text
}

fn tell_started(started: &Started) -> String {
    let targets: Vec<String> = started
        .targets
        .iter()
        .map(|target| format!("{} (site {})", target.host, target.site_id))
        .collect();
    let size = match (started.trial, started.visits_planned) {
        (Some(visits), _) => format!("a trial of {visits} visits"),
        (None, Some(visits)) => format!("{visits} visits"),
        (None, None) => "visits until it is stopped".to_owned(),
    };
    let pace = match &started.window {
        Some(window) => format!(
            "into {} to {} ({} days, {}), up to {:.0} visits a day",
            window.first, window.last, window.days, window.time_zone, started.visits_per_day
        ),
        None => format!(
            "{:.0} visits a day, {} pacing",
            started.visits_per_day, started.pacing
        ),
    };
    let mut text = format!(
        "sending {size} to {}, {pace}, by {}; seed {}, population {}, origin {}",
        targets.join(", "),
        started.method,
        started.seed,
        started.population,
        started
            .origin
            .to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
    );
    if 1 < started.shard.of {
        let _ = write!(
            text,
            "; loader {} of {}",
            started.shard.index, started.shard.of
        );
    }
    if started.resumed {
        text.push_str("; continued");
    }
    text
}

/// Past days have no rate of their own, the end of a trial has none any more, and 0.0 says nothing of a small one.
fn of_planned(progress: &Progress) -> String {
    let planned = progress.rate.visits_per_s_planned;
    match progress.days_done == progress.days_planned && 0.05 <= planned {
        true => format!(" of {planned:.1} planned"),
        false => String::new(),
    }
}

fn tell_day(day: &DayAccount) -> String {
    format!(
        "{}: {} (site {}): {}",
        day.day,
        day.target.host,
        day.target.site_id,
        hits(&day.account)
    )
}

fn tell_finished(finished: &Finished) -> String {
    let outcome = match finished.outcome {
        Outcome::Done => "done",
        Outcome::Failed => "failed",
        Outcome::Stopped => "stopped",
        Outcome::Guard => "stopped by its own guard",
    };
    let cut = match finished.visits.cut {
        0 => String::new(),
        cut => format!(" ({cut} of them cut off)"),
    };
    let mut text = format!(
        "{outcome}: {}; {} visits{cut} in {:.1} s; {}",
        finished.reason,
        finished.visits.started,
        finished.duration_s,
        hits(&finished.account)
    );
    if finished.unverified != 0 {
        let _ = write!(
            text,
            "\n          {} of the accepted hits were only queued by Matomo",
            finished.unverified
        );
    }
    for reason in &finished.reasons {
        let _ = write!(
            text,
            "\n          {} hits: {} [{}]",
            reason.hits, reason.message, reason.code
        );
    }
    if let Some(next) = &finished.next {
        let _ = write!(text, "\n          {next}");
    }
    tell_times(&mut text, "answers after", finished.latency_ms.as_ref());
    tell_times(&mut text, "sent late by", finished.lateness_ms.as_ref());
    text
}

fn tell_times(text: &mut String, what: &str, times: Option<&Latency>) {
    if let Some(times) = times {
        let _ = write!(
            text,
            "\n          {what} {:.1} ms (p95 {:.1}, p99 {:.1}, max {:.1})",
            times.p50, times.p95, times.p99, times.max
        );
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use run_report::{Account, HitOutcome, Incident, Rate, Reason, Visits};

    use super::*;

    fn tell(story: &mut Story, event: &Event) -> String {
        let at = DateTime::from_timestamp_millis(1_790_000_000_000).unwrap();
        String::from_utf8(story.tell(at, event)).unwrap()
    }

    fn account() -> Account {
        Account {
            planned: 12,
            accepted: 9,
            rejected: 2,
            remaining: 1,
            ..Account::default()
        }
    }

    fn progress(state: LoaderState) -> Event {
        Event::Progress(Box::new(Progress {
            state,
            detail: "next visit in 4 s".into(),
            next_visit_at: None,
            until: None,
            day: None,
            days_done: None,
            days_planned: None,
            account: account(),
            visits: Visits {
                planned: None,
                started: 3,
                finished: 2,
                open: 1,
                cut: 0,
            },
            rate: Rate {
                visits_per_s_planned: 0.25,
                visits_per_s: 0.3,
                hits_per_s: 1.2,
                errors_per_s: 0.0,
            },
            latency_ms: None,
            lateness_ms: None,
            in_flight: 0,
            requests: 11,
            unverified: 0,
            by_kind: std::collections::BTreeMap::new(),
            reasons: Vec::new(),
            lines_dropped: 0,
        }))
    }

    #[test]
    fn a_heartbeat_is_a_sentence_and_shown_now_and_then() {
        let mut story = Story::default();
        assert_eq!(
            tell(&mut story, &progress(LoaderState::Running)),
            "14:13:20  next visit in 4 s; 3 visits started, 1 open; 12 hits planned, 9 accepted, 2 rejected, \
             1 remaining; 0.3 visits/s of 0.2 planned, 1.2 hits/s\n"
        );
        for _ in 1..SHOWN_EVERY {
            assert_eq!(tell(&mut story, &progress(LoaderState::Running)), "");
        }
        assert_ne!(tell(&mut story, &progress(LoaderState::Running)), "");
        assert_ne!(tell(&mut story, &progress(LoaderState::TargetDown)), "");
    }

    #[test]
    fn a_planned_rate_that_would_read_as_nothing_is_left_out() {
        let mut event = progress(LoaderState::Running);
        if let Event::Progress(progress) = &mut event {
            progress.rate.visits_per_s_planned = 0.0;
        }
        let said = tell(&mut Story::default(), &event);
        assert!(said.contains("; 0.3 visits/s, 1.2 hits/s"), "{said}");
    }

    #[test]
    fn an_incident_and_the_end_name_what_happened() {
        let mut story = Story::default();
        let incident = Event::Incident(Incident {
            severity: Severity::Warning,
            code: "countries.off".into(),
            message: "the token is refused".into(),
        });
        assert_eq!(
            tell(&mut story, &incident),
            "14:13:20  warning: the token is refused [countries.off]\n"
        );
        let finished = Event::Finished(Box::new(Finished {
            outcome: Outcome::Stopped,
            reason: "it was asked to stop".into(),
            next: Some("resume the run".into()),
            exit_code: 0,
            account: account(),
            visits_planned: None,
            visits: Visits::default(),
            by_kind: std::collections::BTreeMap::new(),
            unverified: 0,
            reasons: vec![Reason {
                outcome: HitOutcome::Rejected,
                code: "http.400".into(),
                message: "refused".into(),
                hits: 2,
                example: None,
            }],
            latency_ms: None,
            latency_histogram: None,
            lateness_ms: None,
            requests: 11,
            duration_s: 2.0,
        }));
        let text = tell(&mut story, &finished);
        assert!(
            text.contains("stopped: it was asked to stop; 0 visits in 2.0 s"),
            "{text}"
        );
        assert!(text.contains("2 hits: refused [http.400]"), "{text}");
        assert!(text.contains("\n          resume the run"), "{text}");
    }
}
