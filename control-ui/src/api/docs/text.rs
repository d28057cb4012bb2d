//! The little Markdown that descriptions use: paragraphs, lists, code, links.

use maud::{Markup, html};

/// Paragraphs and lists.
pub(super) fn prose(text: &str) -> Markup {
    let blocks = text.split("\n\n").map(str::trim);
    html! {
        @for block in blocks.filter(|block| !block.is_empty()) {
            @if block.starts_with("* ") {
                ul { @for item in block.split("\n* ") { li { (words(item.trim_start_matches("* "))) } } }
            } @else {
                p { (words(block)) }
            }
        }
    }
}

/// Text between code. A link keeps its words and loses its address, which counts from another place.
fn words(text: &str) -> Markup {
    html! {
        @for (n, part) in text.split('`').enumerate() {
            @if n % 2 == 1 { code { (part) } } @else { (without_links(part)) }
        }
    }
}

fn without_links(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once('[') {
        let Some((label, after)) = after.split_once("](") else {
            break;
        };
        let Some((_, after)) = after.split_once(')') else {
            break;
        };
        plain.push_str(before);
        plain.push_str(label);
        rest = after;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_code_and_links_are_drawn_and_everything_is_escaped() {
        let drawn = prose("one `a<b` [two](x.md#y)\n\n* three\n* <four>").into_string();
        assert_eq!(
            drawn,
            "<p>one <code>a&lt;b</code> two</p><ul><li>three</li><li>&lt;four&gt;</li></ul>"
        );
        assert_eq!(prose(" ").into_string(), "");
        assert_eq!(prose("a [b] c").into_string(), "<p>a [b] c</p>");
    }
}
