//! What becomes of one hit: recorded, left out without a word, or refused.
//!
//! Pure: no clock, no state. The facts are those measured with a real Matomo 5.2. Knows nothing of
//! visits ([`crate::visits`]) or of how an answer looks ([`crate::answer`]).
//!
//! Invariant: the checks come in Matomo's order — the site, then whatever needs a token, then the
//! silent exclusions, then the values — so a hit with several faults is answered as there.

use std::net::{IpAddr, Ipv4Addr};

use chrono_tz::Tz;
use serde::Serialize;
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::{bots, moment::Moment, params::Params};

/// Parameters that only a bearer of a token may send, besides an old time.
const NEEDS_TOKEN: [&str; 6] = ["cip", "country", "region", "city", "lat", "long"];
/// Names under which a page's own URL carries a search word (Matomo's default list).
const SEARCH_NAMES: [&str; 7] = ["q", "query", "s", "search", "searchword", "k", "keyword"];
/// Performance timings; a negative one is refused.
const TIMINGS: [&str; 6] = ["pf_net", "pf_srv", "pf_tfr", "pf_dm1", "pf_dm2", "pf_onl"];

/// What a recorded hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Pageview,
    Event,
    Search,
    Outlink,
    Download,
    Order,
    Ping,
    Goal,
    Cart,
    Productview,
    Categoryview,
    Impression,
    Interaction,
}

impl Kind {
    /// Every kind, in the order in which they are reported.
    pub(crate) const ALL: [Self; 13] = [
        Self::Pageview,
        Self::Event,
        Self::Search,
        Self::Outlink,
        Self::Download,
        Self::Order,
        Self::Ping,
        Self::Goal,
        Self::Cart,
        Self::Productview,
        Self::Categoryview,
        Self::Impression,
        Self::Interaction,
    ];
}

/// What the practice target knows of its imagined sites.
#[derive(Debug, Clone)]
pub(crate) struct Sites {
    /// Sites that exist.
    pub(crate) ids: Vec<u32>,
    /// Goals that exist on each of them.
    pub(crate) goals: Vec<i64>,
    /// The time zone of each of them.
    pub(crate) zone: Tz,
}

/// What the HTTP request says about the sender, where the hit itself does not.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    pub(crate) address: IpAddr,
    pub(crate) agent: String,
    pub(crate) language: String,
    pub(crate) referrer: Option<String>,
}

/// Why a hit was left out although the answer says it was tracked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Exclusion {
    /// `rec` is missing or zero.
    NotToRecord,
    /// The user agent is a robot's.
    RobotAgent,
    /// The address is in a robot's range.
    RobotAddress,
    /// The referrer is a known spammer.
    SpamReferrer,
    /// A bulk entry that holds nothing.
    Empty,
    /// A cart or order whose items are JSON, but not a list.
    ItemsNotAList,
    /// A ping to a visit that is over.
    PingWithoutVisit,
    /// An order with a number that is booked already.
    RepeatedOrder,
    /// The fault `exclude_percent`.
    Fault,
}

/// Why a hit was answered 400, or counted as invalid in a bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Refusal {
    /// `idsite` is missing, not a number or unknown.
    UnknownSite,
    /// Something that needs a token came without one that allows it.
    NeedsToken,
    /// `cid` is not 16 characters long.
    BadVisitorId,
    /// `idgoal` is not a goal of the site.
    UnknownGoal,
    /// A performance timing is negative.
    NegativeTiming,
    /// `ca=1` and no action that fits.
    NothingToLog,
}

/// A hit that is to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Booking {
    pub(crate) site: u32,
    pub(crate) kind: Kind,
    /// Unix seconds at which it is booked.
    pub(crate) time: i64,
    /// It said a time that was not believed.
    pub(crate) time_disbelieved: bool,
    /// The visitor's address; 0.0.0.0 where `cip` was not an address.
    pub(crate) address: IpAddr,
    /// `cip` was not an address.
    pub(crate) address_unreadable: bool,
    /// What the order is worth, in millionths of the currency's unit.
    pub(crate) revenue_millionths: i64,
    /// The number of the order.
    pub(crate) order: Option<String>,
}

/// What becomes of a hit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    Record(Booking),
    Exclude(Exclusion),
    Refuse(Refusal),
}

/// Judges one hit at the moment `now` (Unix seconds); `trusted` says whether its token allows it to
/// override time, address and place.
pub(crate) fn judge(
    params: &Params,
    trusted: bool,
    sender: &Sender,
    sites: &Sites,
    now: i64,
) -> Verdict {
    let Some(site) = known_site(params, sites) else {
        return Verdict::Refuse(Refusal::UnknownSite);
    };
    let moment = Moment::of(params, now);
    let needs_token = matches!(moment, Moment::Old(_))
        || NEEDS_TOKEN.iter().any(|name| params.filled(name).is_some());
    if needs_token && !trusted {
        return Verdict::Refuse(Refusal::NeedsToken);
    }
    let claimed = params.filled("cip").map(str::parse::<IpAddr>);
    let address_unreadable = matches!(claimed, Some(Err(_)));
    let address = match claimed {
        Some(claimed) => claimed.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        None => sender.address,
    };
    if let Some(exclusion) = exclusion(params, sender, address) {
        return Verdict::Exclude(exclusion);
    }
    let kind = match kind(params, sender, &sites.goals) {
        Ok(kind) => kind,
        Err(refusal) => return Verdict::Refuse(refusal),
    };
    if matches!(kind, Kind::Order | Kind::Cart) && items_are_not_a_list(params) {
        return Verdict::Exclude(Exclusion::ItemsNotAList);
    }
    let is_order = kind == Kind::Order;
    Verdict::Record(Booking {
        site,
        kind,
        time: match moment {
            Moment::Recent(time) | Moment::Old(time) => time,
            Moment::Unsaid | Moment::Disbelieved => now,
        },
        time_disbelieved: moment == Moment::Disbelieved,
        address,
        address_unreadable,
        revenue_millionths: if is_order {
            revenue_millionths(params)
        } else {
            0
        },
        order: is_order.then(|| params.get("ec_id").unwrap_or_default().to_owned()),
    })
}

fn known_site(params: &Params, sites: &Sites) -> Option<u32> {
    let site = u32::try_from(params.int("idsite")?).ok()?;
    sites.ids.contains(&site).then_some(site)
}

fn exclusion(params: &Params, sender: &Sender, address: IpAddr) -> Option<Exclusion> {
    if !params.flag("bots") {
        if bots::is_robot_agent(params.filled("ua").unwrap_or(&sender.agent)) {
            return Some(Exclusion::RobotAgent);
        }
        if bots::is_robot_address(address) {
            return Some(Exclusion::RobotAddress);
        }
    }
    if !params.flag("rec") {
        return Some(Exclusion::NotToRecord);
    }
    let spam = params.filled("urlref").is_some_and(bots::is_spam_referrer);
    spam.then_some(Exclusion::SpamReferrer)
}

/// Which kind the hit is; the values are checked on the way.
fn kind(params: &Params, sender: &Sender, goals: &[i64]) -> Result<Kind, Refusal> {
    let forced = params
        .filled("cid")
        .filter(|_| params.filled("uid").is_none());
    if forced.is_some_and(|id| id.len() != 16) {
        return Err(Refusal::BadVisitorId);
    }
    if TIMINGS
        .iter()
        .any(|name| params.int(name).is_some_and(|ms| ms < 0 && ms != -1))
    {
        return Err(Refusal::NegativeTiming);
    }
    match params.int("idgoal") {
        Some(0) if params.filled("ec_id").is_some() => return Ok(Kind::Order),
        Some(0) => return Ok(Kind::Cart),
        Some(goal) if goal > 0 && goals.contains(&goal) => return Ok(Kind::Goal),
        Some(goal) if goal > 0 => return Err(Refusal::UnknownGoal),
        _ => {}
    }
    if params.flag("ping") {
        return Ok(Kind::Ping);
    }
    match action(params, sender) {
        Kind::Pageview if params.flag("ca") => Err(Refusal::NothingToLog),
        Kind::Pageview => Ok(shown(params)),
        action => Ok(action),
    }
}

/// The last match of Matomo's order wins: page, search, content, event, outlink, download.
fn action(params: &Params, sender: &Sender) -> Kind {
    let has = |name| params.filled(name).is_some();
    if has("download") {
        Kind::Download
    } else if has("link") {
        Kind::Outlink
    } else if has("e_c") && has("e_a") {
        Kind::Event
    } else if has("c_n") && has("c_i") {
        Kind::Interaction
    } else if has("c_n") {
        Kind::Impression
    } else if has("search") || url_searches(params.filled("url").or(sender.referrer.as_deref())) {
        Kind::Search
    } else {
        Kind::Pageview
    }
}

/// A page view that names a product is the product's, one that names a category alone the category's.
fn shown(params: &Params) -> Kind {
    let has = |name| params.filled(name).is_some();
    if has("_pks") || has("_pkn") {
        Kind::Productview
    } else if has("_pkc") {
        Kind::Categoryview
    } else {
        Kind::Pageview
    }
}

/// Does the page's own URL carry a search word?
fn url_searches(url: Option<&str>) -> bool {
    let Some(url) = url.filter(|url| url.contains('?')) else {
        return false;
    };
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let query = url.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .any(|(name, word)| !word.trim().is_empty() && SEARCH_NAMES.contains(&name.as_ref()))
}

/// Text that is no JSON at all is read as "no items" and is not a fault.
fn items_are_not_a_list(params: &Params) -> bool {
    let Some(items) = params.filled("ec_items") else {
        return false;
    };
    serde_json::from_str::<Value>(items).is_ok_and(|items| !items.is_array())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to a range whose millionths fit before the cast"
)]
fn revenue_millionths(params: &Params) -> i64 {
    let revenue = params.float("revenue").unwrap_or(0.0).clamp(-1e12, 1e12);
    (revenue * 1e6).round() as i64
}

#[cfg(test)]
mod tests;
