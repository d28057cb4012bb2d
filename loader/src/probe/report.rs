//! What a connection test found, for people; and how foreign text gets into it.
//!
//! Invariant: nothing that the other side sent is repeated but a short, cleaned title or address.

pub use run_report::connection::{
    ConnectionReport as Report, Finding, FindingState as State, Step, Subject, TokenState as Rights,
};

/// A report as text, a step a line, with codes that the troubleshooting page explains.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut text = format!(
        "Connection test of {}, site {}\n",
        report.target.url, report.target.site_id
    );
    for finding in &report.steps {
        let mark = match finding.state {
            State::Ok => "ok",
            State::Warning => "WARNING",
            State::Failed => "FAILED",
            State::Skipped => "-",
            State::Unknown => "?",
        };
        let name = name(finding.step);
        text.push_str(&format!("  {mark:<7}  {name:<10}  {}\n", finding.message));
        if let Some(hint) = &finding.hint {
            text.push_str(&format!("{:23}→ {hint}\n", ""));
        }
        if matches!(finding.state, State::Warning | State::Failed) {
            text.push_str(&format!("{:23}[{}]\n", "", finding.code));
        }
    }
    text.push_str(if report.ok {
        "The target can be used.\n"
    } else {
        "The target cannot be used like this.\n"
    });
    text
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Address => "address",
        Step::Dns => "name",
        Step::Connect => "connection",
        Step::Tls => "encryption",
        Step::Http => "web server",
        Step::Matomo => "Matomo",
        Step::Site => "site",
        Step::Token => "token",
        Step::Clock => "clock",
        Step::Hit => "test hit",
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
