//! The run report on its way out: numbering, shape and length of its lines.
//!
//! It decides between JSON lines and readable ones; what happened is decided elsewhere.
//!
//! Invariant: a JSON line is shorter than [`MAX_LINE_BYTES`]; the sequence has a gap only where a line was dropped.

mod fit;
mod outlet;
mod rotate;
mod text;

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::Utc;
use run_report::{Event, Incident, Line, Severity};

pub(crate) use fit::add_other;
pub use outlet::Outlet;
pub use rotate::RotatedFile;

/// How long the last lines are waited for when nobody reads.
const LAST_LINES_WAIT: Duration = Duration::from_secs(5);

/// Incidents that are never dropped, in one attempt. Later ones may be, like heartbeats, when nobody reads.
const MAX_KEPT_INCIDENTS: u64 = 200;

/// The shape of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// JSON lines, for programs.
    Json,
    /// Sentences, for a person at a terminal.
    Text,
}

impl Shape {
    /// Readable lines on a terminal, JSON otherwise.
    #[must_use]
    pub fn for_stdout() -> Self {
        if std::io::stdout().is_terminal() {
            Self::Text
        } else {
            Self::Json
        }
    }
}

/// Numbers and sends the lines of a report.
pub struct Reporter {
    outlet: Outlet,
    shape: Shape,
    state: Mutex<Numbering>,
    incidents: AtomicU64,
}

#[derive(Default)]
struct Numbering {
    seq: u64,
    text: text::Story,
}

impl Reporter {
    /// A reporter that writes to `outlet`.
    #[must_use]
    pub fn new(outlet: Outlet, shape: Shape) -> Self {
        Self {
            outlet,
            shape,
            state: Mutex::default(),
            incidents: AtomicU64::new(0),
        }
    }

    /// Says `event`, now.
    pub fn say(&self, event: Event) {
        let keep = match &event {
            Event::Progress(_) => false,
            Event::Incident(_) => {
                self.incidents.fetch_add(1, Ordering::Relaxed) < MAX_KEPT_INCIDENTS
            }
            Event::Started(_) | Event::Account(_) | Event::Finished(_) => true,
        };
        // Numbered and queued under one lock: the order on the wire is the order of the numbers.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = match self.shape {
            Shape::Json => {
                state.seq += 1;
                fit::to_bytes(Line::new(state.seq, Utc::now(), event))
            }
            Shape::Text => state.text.tell(Utc::now(), &event),
        };
        if !bytes.is_empty() {
            self.outlet.send(bytes, keep);
        }
    }

    /// Says that something happened that a person should know, and logs it.
    pub fn incident(&self, severity: Severity, code: &str, message: impl Into<String>) {
        let message = message.into();
        match severity {
            Severity::Info => tracing::info!(code, "{message}"),
            Severity::Warning => tracing::warn!(code, "{message}"),
            Severity::Error => tracing::error!(code, "{message}"),
        }
        self.say(Event::Incident(Incident {
            severity,
            code: code.to_owned(),
            message,
        }));
    }

    /// Lines dropped so far because nobody read them.
    #[must_use]
    pub fn lines_dropped(&self) -> u64 {
        self.outlet.dropped()
    }

    /// Waits for the last lines, a bounded time; says whether they got out.
    #[must_use]
    pub fn finish(&self) -> bool {
        self.outlet.finish(LAST_LINES_WAIT)
    }
}
