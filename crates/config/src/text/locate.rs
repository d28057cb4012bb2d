//! Where in a text a setting stands.
//!
//! For: pointing at the line of a problem. Not for: JSON beyond its syntax errors, whose parser keeps no
//! places. Invariant: a place that cannot be told is none, never a wrong one.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::document::{Format, position};
use crate::problem::Problem;

/// The places of a document.
pub(super) struct Places<'a>(Option<(&'a str, Spanned<DeTable<'a>>)>);

impl<'a> Places<'a> {
    pub(super) fn of(format: Format, text: &'a str) -> Self {
        Self(match format {
            Format::Toml => DeTable::parse(text).ok().map(|table| (text, table)),
            Format::Json => None,
        })
    }

    /// Line and column of the setting at a pointer, or of the nearest one around it.
    pub(super) fn find(&self, pointer: &str) -> Option<(usize, usize)> {
        let (text, table) = self.0.as_ref()?;
        let mut parts = pointer.split('/').skip(1);
        let (mut span, mut value) = entry(table.get_ref(), parts.next()?)?;
        for part in parts {
            let inner = match value.get_ref() {
                DeValue::Table(table) => entry(table, part),
                DeValue::Array(entries) => part
                    .parse()
                    .ok()
                    .and_then(|at: usize| entries.get(at))
                    .map(|value| (value.span(), value)),
                _ => None,
            };
            let Some(inner) = inner else { break };
            (span, value) = inner;
        }
        Some(position(text, span.start))
    }
}

fn entry<'t, 'a>(
    table: &'t DeTable<'a>,
    name: &str,
) -> Option<(Range<usize>, &'t Spanned<DeValue<'a>>)> {
    let name = name.replace("~1", "/").replace("~0", "~");
    let found = table.iter().find(|(key, _)| key.get_ref().as_ref() == name);
    found.map(|(key, value)| (key.span(), value))
}

/// The place that a syntax error names in its message.
pub(super) fn in_message(problem: &Problem) -> Option<(usize, usize)> {
    let rest = problem.message.strip_prefix("line ")?;
    let (line, rest) = rest.split_once(", column ")?;
    let (column, _) = rest.split_once(':')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}
