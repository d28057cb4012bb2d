//! Pages: the built-in site or a URL list.

use std::io::ErrorKind;
use std::path::Path;

use url::{Position, Url};

use super::{Conversion, target::public_part, url_list};
use crate::environment::unreadable;
use crate::plan::{ContentPlan, Page, Pages};
use crate::problem::{Problem, quoted};
use crate::sections::Content;

impl Conversion<'_> {
    pub(super) fn content(&mut self, content: &Content) -> Option<ContentPlan> {
        let list = content.urls_file.as_deref().map(|file| self.url_list(file));
        let site = site(&content.site_url)
            .map_err(|problem| self.problem(problem.at("/content/site_url")))
            .ok()?;
        let pages = match list {
            Some(pages) => Pages::List(pages?),
            None => Pages::BuiltIn { site },
        };
        Some(ContentPlan { pages })
    }

    fn url_list(&mut self, file: &str) -> Option<Vec<Page>> {
        let pointer = "/content/urls_file";
        let text = (self.facts.read)(Path::new(file))
            .map_err(|error| match error.kind() {
                ErrorKind::Unsupported => self.problem(not_here(pointer)),
                _ => self.problem(unreadable(pointer, file, &error)),
            })
            .ok()?;
        let complain = |problems: Vec<Problem>| {
            for problem in problems {
                self.problem(problem.at(pointer).origin(file));
            }
        };
        url_list::pages(&text).map_err(complain).ok()
    }
}

/// Whoever checks reads no files, and a loader elsewhere could not either.
fn not_here(pointer: &str) -> Problem {
    let message = "a run of the control plane cannot visit the pages of a file yet: its loader would not find the file";
    Problem::new(pointer, "not_available", message).hint(
        "for the built-in pages remove content.urls_file, or take URLS_FILE out of the control plane's environment and \
         start it again; for pages of your own run the loader by itself (loader run), which reads the file",
    )
}

/// Scheme and host of the built-in pages, which bring their own paths.
fn site(given: &str) -> Result<Url, Problem> {
    let url = http_url(given)?;
    let whole = url[Position::BeforeUsername..].trim_end_matches('/');
    if whole == &url[Position::BeforeHost..Position::AfterPort] {
        return Ok(url);
    }
    let message = format!(
        "{} is more than scheme and host",
        quoted(&public_part(given))
    );
    Err(Problem::new("", "invalid_url", message).hint("write it like https://shop.example"))
}

/// An http(s) address with a host; otherwise a problem without a pointer.
pub(super) fn http_url(given: &str) -> Result<Url, Problem> {
    let refuse = |why: &str, hint: &str| {
        let shown = quoted(&public_part(given));
        Problem::new("", "invalid_url", format!("{shown} {why}")).hint(hint)
    };
    let example = "write it like https://host.example/path";
    let url = Url::parse(given).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => refuse(
            "is no whole address: http:// or https:// is missing",
            example,
        ),
        error => refuse(&format!("is not an address: {error}"), example),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("is neither http nor https", example));
    }
    match url.host_str() {
        Some(host) if !host.is_empty() => Ok(url),
        _ => Err(refuse("names no host", example)),
    }
}
