//! The URL list: one page a line.
//!
//! A line is a URL, then, after a tab or two blanks, a title if there is one; `#` begins a comment
//! line. Lines may end as on Windows.

use crate::plan::Page;
use crate::problem::Problem;

/// Most pages of a list. A longer list is refused rather than cut.
const MAX_PAGES: usize = 1_000_000;
/// Most characters of a URL that Matomo stores (Matomo 5, `core/Tracker`); it would cut longer ones,
/// and book pages that differ behind the cut as one.
const MAX_URL: usize = 1024;
/// Most bad lines that are shown one by one; the rest is counted.
const MAX_SHOWN: usize = 20;

/// The pages of a list, or what is wrong with it (problems without pointer and origin).
pub(super) fn pages(text: &str) -> Result<Vec<Page>, Vec<Problem>> {
    let mut pages = Vec::new();
    let mut bad = Vec::new();
    let mut more = 0_usize;
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match page(line) {
            Ok(page) => pages.push(page),
            Err(problem) if bad.len() < MAX_SHOWN => {
                let message = format!("line {}: {}", at + 1, problem.message);
                bad.push(Problem {
                    message,
                    code: "bad_line".to_owned(),
                    ..problem
                });
            }
            Err(_) => more += 1,
        }
        if pages.len() > MAX_PAGES {
            break;
        }
    }
    if more > 0 {
        let message = format!("and {more} more bad lines");
        bad.push(Problem::new("", "bad_line", message).hint(
            "correct those above first; a list that is no list of URLs at all is another file",
        ));
    }
    if bad.is_empty() && pages.is_empty() {
        bad.push(
            Problem::new("", "empty_list", "the list holds no page")
                .hint("write one URL a line, or leave the setting empty for the built-in pages"),
        );
    }
    if pages.len() > MAX_PAGES {
        bad.push(
            Problem::new(
                "",
                "list_too_long",
                format!("the list holds more than {MAX_PAGES} pages"),
            )
            .hint("shorten it"),
        );
    }
    if bad.is_empty() { Ok(pages) } else { Err(bad) }
}

fn page(line: &str) -> Result<Page, Problem> {
    let split = [line.find('\t'), line.find("  ")]
        .into_iter()
        .flatten()
        .min();
    let (url, title) = match split {
        Some(at) => (&line[..at], line[at..].trim()),
        None => (line, ""),
    };
    if url.contains(' ') {
        let shown = crate::problem::quoted(url);
        return Err(
            Problem::new("", "bad_line", format!("{shown} holds a blank"))
                .hint("put a tab or two blanks between the URL and its title"),
        );
    }
    let length = url.chars().count();
    if length > MAX_URL {
        let message = format!("a URL of {length} characters is above the limit of {MAX_URL}");
        return Err(Problem::new("", "bad_line", message)
            .hint("Matomo cuts longer ones: shorten it or leave it out"));
    }
    super::content::http_url(url)?;
    let title = Some(title)
        .filter(|title| !title.is_empty())
        .map(str::to_owned);
    Ok(Page {
        url: url.to_owned(),
        title,
    })
}
