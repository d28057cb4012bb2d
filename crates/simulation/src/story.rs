//! A visit in words: who comes, from where, and what they do.
//!
//! For: people who judge whether they would believe it. Not for: programs, which read the hits' parameters.

use chrono::DateTime;
use chrono_tz::Tz;
use tracking::Action;

use crate::{TimedHit, Visit};

/// A visit as a person reads it, a line for each hit; the first says who comes. Times are those of `zone`.
#[must_use]
pub fn story(visit: &Visit, zone: Tz) -> Vec<String> {
    let line = |(nth, timed): (usize, &TimedHit)| {
        let at = DateTime::from_timestamp_millis(timed.time_ms)
            .unwrap_or_default()
            .with_timezone(&zone);
        let at = match nth {
            0 => at.format("%a %-d %b %H:%M:%S"),
            _ => at.format("%H:%M:%S"),
        };
        format!("{at} {}", deed(visit, nth))
    };
    visit.hits.iter().enumerate().map(line).collect()
}

/// What happens with the hit of this number, from 0; of the first, who does it, too. Empty when there is none.
#[must_use]
pub fn deed(visit: &Visit, nth: usize) -> String {
    let Some(timed) = visit.hits.get(nth) else {
        return String::new();
    };
    let done = done(visit.channel, timed, nth == 0);
    match nth {
        0 => format!("{} {done}", who(visit)),
        _ => done,
    }
}

fn who(visit: &Visit) -> String {
    let visitor = &visit.visitor;
    let from = match &visitor.country {
        Some(country) => format!(" from {country}"),
        None => String::new(),
    };
    let known = if visitor.returning {
        "returning"
    } else {
        "new"
    };
    let kind = match visit.persona {
        "bouncer" => " who only has a look",
        "casual" => " who looks around",
        "researcher" => " who wants to know it all",
        "buyer" => " who came to buy",
        "loyal" => " who comes often",
        "employee" => " who works here",
        _ => "",
    };
    format!(
        "a {known} visitor{from} ({} on {}, {}){kind}",
        visitor.browser, visitor.os, visitor.device
    )
}

/// How the visit came about; `referrer` is what the first page view tells.
fn coming(channel: &str, referrer: Option<&str>) -> String {
    let way = match channel {
        "search" => "by a search engine",
        "social" => "by a social network",
        "websites" => "by a link",
        "ai_assistants" => "on the word of an AI assistant",
        "campaigns" => "by a campaign",
        "email" => "by e-mail",
        _ => "directly",
    };
    match referrer {
        Some(referrer) => format!("coming {way} from {referrer}"),
        None => format!("coming {way}"),
    }
}

fn done(channel: &str, timed: &TimedHit, first: bool) -> String {
    let page = timed.hit.page();
    match timed.hit.action() {
        Action::PageView if first => {
            let from = coming(channel, page.referrer.as_deref());
            format!("arrives at \"{}\" {} {from}", page.title, page.url)
        }
        Action::PageView => format!("opens \"{}\" {}", page.title, page.url),
        Action::Event(event) => {
            let name = match event.name.as_deref() {
                Some(name) => format!(" ({name})"),
                None => String::new(),
            };
            format!("does \"{}\" in \"{}\"{name}", event.action, event.category)
        }
        Action::Search(search) => format!(
            "searches for \"{}\", {} results",
            search.keyword, search.results
        ),
        Action::Outlink(url) => format!("leaves for {url}"),
        Action::Download(url) => format!("downloads {url}"),
        Action::Cart(cart) => {
            let pieces: u32 = cart.items.iter().map(|item| item.quantity).sum();
            format!("has {pieces} in the cart, for {}", cart.total)
        }
        Action::Order(order) => format!("orders {} for {}", order.id, order.revenue),
        Action::Goal(goal) => format!("reaches goal {}", goal.id),
        Action::Impression(content) => format!("sees \"{}\"", content.name),
        Action::Interaction {
            content,
            interaction,
        } => format!("does \"{interaction}\" with \"{}\"", content.name),
        Action::Ping => "is still there".to_owned(),
    }
}
