//! `.env` files: lines of `NAME=value`, as Compose reads them.
//!
//! A `#` at the start of a line, or behind a blank, begins a comment. A value in double quotes may go on over several
//! lines and knows `\n`, `\r`, `\t`, `\"` and `\\`; one in single quotes is taken as it is. The last of several lines
//! of one name counts.

use std::collections::BTreeMap;

use super::{TextProblem, TextRead, variables_read};
use crate::problem::Problem;

/// Most lines that are reported as unreadable; the rest is left out.
const MAX_BAD: usize = 20;

pub(super) fn read(text: &str) -> TextRead {
    let mut lines = BTreeMap::new();
    let mut variables = BTreeMap::new();
    let mut bad = Vec::new();
    let mut rest = text;
    let mut number = 1;
    while !rest.is_empty() {
        let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let line = rest[..line_end].trim();
        let mut used = line_end;
        if !line.is_empty() && !line.starts_with('#') {
            let start = line_end - rest[..line_end].trim_start().len();
            match variable(&rest[start..]) {
                Some((name, value, length)) => {
                    used = used.max(start + length);
                    lines.insert(name.to_owned(), number);
                    variables.insert(name.to_owned(), value);
                }
                None => bad.push(number),
            }
        }
        number += rest[..used].matches('\n').count();
        rest = &rest[used..];
    }
    let variables = variables.into_iter().collect();
    let mut read = variables_read(variables, |name| lines.get(name).map(|line| (*line, 1)));
    let bad = bad.into_iter().take(MAX_BAD).map(|line| TextProblem {
        problem: Problem::new(
            "",
            "syntax",
            format!("line {line} is not of the form NAME=value"),
        )
        .hint("write a name, an equals sign and a value, or begin the line with #"),
        at: Some((line, 1)),
    });
    read.problems.extend(bad);
    read.problems.sort_by_key(|problem| problem.at);
    read
}

/// Name and value at the start of the text, and how many bytes they take.
fn variable(text: &str) -> Option<(&str, String, usize)> {
    let after = text.strip_prefix("export ").unwrap_or(text);
    let (name, _) = after.split_once('=')?;
    let clean = name.trim_end();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if clean.is_empty() || !clean.bytes().all(is_name) {
        return None;
    }
    let behind_name = text.len() - after.len() + name.len() + 1;
    let value = &text[behind_name..];
    let blanks = value.len() - value.trim_start_matches([' ', '\t']).len();
    let value = &value[blanks..];
    let (value, length) = match value.chars().next() {
        Some('"') => double_quoted(&value[1..])?,
        Some('\'') => {
            let end = value[1..].find('\'')?;
            (value[1..=end].to_owned(), end + 2)
        }
        _ => {
            let line = value.split('\n').next().unwrap_or_default();
            let end = line.find(" #").unwrap_or(line.len());
            (line[..end].trim().to_owned(), line.len())
        }
    };
    Some((clean, value, behind_name + blanks + length))
}

/// The value up to the closing quote, and how many bytes it takes with both quotes.
fn double_quoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, at + 2)),
            '\\' => match letters.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                other => value.push(other),
            },
            letter => value.push(letter),
        }
    }
    None
}

/// A value as a line holds it: in quotes where it needs some.
pub(super) fn quoted(value: &str) -> String {
    let plain = |letter: char| {
        !letter.is_control() && !letter.is_whitespace() && !"\"'#\\$`".contains(letter)
    };
    if value.chars().all(plain) {
        return value.to_owned();
    }
    let mut quoted = String::from('"');
    for letter in value.chars() {
        match letter {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
