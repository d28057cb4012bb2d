//! What a connection test found, for people and for programs.
//!
//! Invariants: every step is there, in order, also those that were not reached; nothing that the other side sent is
//! repeated but a short, cleaned title or address.

use std::borrow::Cow;

use serde::Serialize;

/// A step of the test, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Is the address one that a target can have?
    Address,
    /// Does the host's name lead to an address?
    Dns,
    /// Can a connection be made?
    Connect,
    /// Is the connection secure?
    Tls,
    /// Does a web server answer as it should?
    Http,
    /// Is it Matomo's tracker?
    Matomo,
    /// Does the site exist?
    Site,
    /// What may the token do?
    Token,
    /// Do the clocks agree?
    Clock,
    /// Was a hit taken, if one was asked for?
    Hit,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 10] = [
        Self::Address,
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Http,
        Self::Matomo,
        Self::Site,
        Self::Token,
        Self::Clock,
        Self::Hit,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Dns => "name",
            Self::Connect => "connection",
            Self::Tls => "encryption",
            Self::Http => "web server",
            Self::Matomo => "Matomo",
            Self::Site => "site",
            Self::Token => "token",
            Self::Clock => "clock",
            Self::Hit => "test hit",
        }
    }

    fn not_reached(self) -> &'static str {
        match self {
            Self::Address => "address.not_reached",
            Self::Dns => "dns.not_reached",
            Self::Connect => "connect.not_reached",
            Self::Tls => "tls.not_reached",
            Self::Http => "http.not_reached",
            Self::Matomo => "matomo.not_reached",
            Self::Site => "site.not_reached",
            Self::Token => "token.not_reached",
            Self::Clock => "clock.not_reached",
            Self::Hit => "hit.not_reached",
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, but a person should know something.
    Warning,
    /// It does not work.
    Failed,
    /// It was not needed, or not reached.
    Skipped,
    /// It could not be found out.
    Unknown,
}

/// What a step found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub state: State,
    /// Stable name of what was found, such as `dns.no_such_name`.
    pub code: Cow<'static, str>,
    /// What happened, and why.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Finding {
    pub(super) fn new(
        step: Step,
        state: State,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            step,
            state,
            code: Cow::Borrowed(code),
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn ok(step: Step, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(step, State::Ok, code, message)
    }

    pub(super) fn failed(step: Step, code: &'static str, message: impl Into<String>) -> Self {
        Self::new(step, State::Failed, code, message)
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The target that was tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// Its address; without the parts in which people leave secrets.
    pub url: String,
    /// Its host, with a port that is not the scheme's own; empty when the address has none.
    pub host: String,
    /// The site.
    pub site_id: u32,
}

/// What was learnt about Matomo.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Matomo {
    /// Its version, which it tells the bearer of a token alone.
    pub version: Option<String>,
    /// Median time of an answer, milliseconds.
    pub latency_ms: Option<f64>,
    /// Its clock minus ours, seconds; known to about a second.
    pub clock_difference_s: Option<i64>,
}

/// What the token may do on the site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Rights {
    /// There is no token.
    None,
    /// Matomo does not know it.
    Refused,
    /// Matomo knows it, and it may not write to the site.
    View,
    /// It may write to the site.
    Write,
    /// It administers the site.
    Admin,
    /// It may do everything.
    Superuser,
    /// It could not be found out.
    #[default]
    Unknown,
}

/// The token, without the token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Token {
    /// What it may do.
    pub state: Rights,
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Whether no step failed.
    pub ok: bool,
    /// What was tested.
    pub target: Subject,
    /// One finding for each step, in order.
    pub steps: Vec<Finding>,
    /// What was learnt about Matomo.
    pub matomo: Matomo,
    /// What the token may do.
    pub token: Token,
}

impl Report {
    pub(super) fn new(target: Subject) -> Self {
        Self {
            ok: false,
            target,
            steps: Vec::with_capacity(Step::ALL.len()),
            matomo: Matomo::default(),
            token: Token::default(),
        }
    }

    /// Adds a finding; says whether the test can go on.
    pub(super) fn note(&mut self, finding: Finding) -> bool {
        let goes_on = finding.state != State::Failed;
        self.steps.push(finding);
        goes_on
    }

    /// The finding of a step that was taken.
    pub(super) fn found(&mut self, step: Step) -> Option<&mut Finding> {
        self.steps.iter_mut().find(|finding| finding.step == step)
    }

    /// Fills in the steps that were not reached, and puts all of them in order.
    pub(super) fn finish(mut self, time_is_over: bool) -> Self {
        for step in Step::ALL {
            if self.steps.iter().all(|finding| finding.step != step) {
                let (state, message) = if time_is_over {
                    (
                        State::Unknown,
                        "not found out: the time for the whole test was over",
                    )
                } else {
                    (
                        State::Skipped,
                        "not tested, because an earlier step did not work",
                    )
                };
                self.steps
                    .push(Finding::new(step, state, step.not_reached(), message));
            }
        }
        self.steps.sort_by_key(|finding| {
            Step::ALL
                .iter()
                .position(|step| *step == finding.step)
                .unwrap_or_default()
        });
        self.ok = self
            .steps
            .iter()
            .all(|finding| finding.state != State::Failed)
            && !(time_is_over && self.matomo.latency_ms.is_none());
        self
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "Connection test of {}, site {}\n",
            self.target.url, self.target.site_id
        );
        for finding in &self.steps {
            let mark = match finding.state {
                State::Ok => "ok",
                State::Warning => "WARNING",
                State::Failed => "FAILED",
                State::Skipped => "-",
                State::Unknown => "?",
            };
            let name = finding.step.name();
            text.push_str(&format!("  {mark:<7}  {name:<10}  {}\n", finding.message));
            if let Some(hint) = &finding.hint {
                text.push_str(&format!("{:23}→ {hint}\n", ""));
            }
            if matches!(finding.state, State::Warning | State::Failed) {
                text.push_str(&format!("{:23}[{}]\n", "", finding.code));
            }
        }
        text.push_str(if self.ok {
            "The target can be used.\n"
        } else {
            "The target cannot be used like this.\n"
        });
        text
    }
}

/// Longest piece of foreign text that is repeated, in characters.
const FOREIGN_CHARS: usize = 60;

/// Foreign text made harmless: one line, printable, short.
pub(super) fn cleaned(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let plain: String = words
        .join(" ")
        .chars()
        .filter(|c| !matches!(c, '<' | '>' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect();
    if plain.chars().count() <= FOREIGN_CHARS {
        return plain;
    }
    let mut cut: String = plain.chars().take(FOREIGN_CHARS).collect();
    cut.push('…');
    cut
}
