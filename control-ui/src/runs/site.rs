//! What a backfill should know of its site: where Matomo cuts the days, and what its reports will not show as meant.
//!
//! Asks nobody: a connection test read it. Invariant: what is not known is said to be unknown, with the way to know it.

use chrono::{Days, NaiveDate, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;
use config::RunPlan;
use run_report::connection::SiteFacts;

use super::prepare::problem;
use crate::api::problem::ConfigProblem;

/// Why the site's time zone is not known.
pub(super) const ZONE_UNKNOWN: &str = "Matomo was not asked yet: test the connection with a token that may see the \
    site, or compare the run's time zone with the one in Matomo's site settings";

/// The zone of the database of time zones that cuts days where the site does. Matomo names whole hours `UTC+2`, which
/// that database calls `Etc/GMT-2`; it has none for half hours.
pub(super) fn usable_zone(facts: &SiteFacts) -> Option<Tz> {
    let name = facts.time_zone.as_str();
    let of_hours = || {
        let hours: i32 = name.strip_prefix("UTC")?.parse().ok()?;
        format!("Etc/GMT{:+}", -hours).parse().ok()
    };
    name.parse().ok().or_else(of_hours)
}

/// The zone to take instead of `ours`, when the days from `first` to `last` begin at another moment there.
pub(super) fn better_zone(
    ours: Tz,
    facts: &SiteFacts,
    first: NaiveDate,
    last: NaiveDate,
) -> Option<Tz> {
    usable_zone(facts).filter(|theirs| !cut_alike(ours, *theirs, first, last))
}

/// Whether two zones, such as `CET` and `Europe/Stockholm`, cut these days at the same moments.
fn cut_alike(one: Tz, other: Tz, first: NaiveDate, last: NaiveDate) -> bool {
    let offset = |zone: Tz, day: NaiveDate| {
        zone.offset_from_utc_datetime(&day.and_time(NaiveTime::MIN))
            .fix()
    };
    let until = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let mut days = first.iter_days().take_while(|day| *day <= until);
    days.all(|day| offset(one, day) == offset(other, day))
}

/// What is doubtful about sending this plan into these days of this site.
pub(super) fn warnings(
    plan: &RunPlan,
    facts: &SiteFacts,
    (first, last): (NaiveDate, NaiveDate),
) -> Vec<ConfigProblem> {
    let ours = plan.load.time_zone;
    let alike = usable_zone(facts).is_some_and(|theirs| cut_alike(ours, theirs, first, last));
    let zone = (!alike).then(|| zone(ours, facts));
    zone.into_iter().chain(shop(plan, facts)).collect()
}

fn zone(ours: Tz, facts: &SiteFacts) -> ConfigProblem {
    let theirs = &facts.time_zone;
    let message = format!(
        "days are cut in {ours}, and Matomo cuts those of the site in {theirs}: visits near midnight are split or counted \
         on another day than planned"
    );
    let hint = match usable_zone(facts) {
        Some(zone) => format!("set the time zone to {zone}"),
        None => "choose the time zone that is nearest to it".to_owned(),
    };
    problem("/load/time_zone", "site.time_zone", &message, &hint)
}

fn shop(plan: &RunPlan, facts: &SiteFacts) -> Option<ConfigProblem> {
    if plan.commerce.order <= 0.0 {
        return None;
    }
    if facts.ecommerce == Some(false) {
        return Some(problem(
            "/commerce/order",
            "site.no_shop",
            "the site is no shop in Matomo, so its reports show no orders",
            "switch e-commerce on in Matomo's site settings, or set the share of orders to 0",
        ));
    }
    (plan.commerce.currency != facts.currency).then(|| {
        let message = format!(
            "orders are meant in {}, and Matomo shows those of the site in {}: it takes the figures as they are",
            plan.commerce.currency, facts.currency
        );
        let hint = format!("set the currency and the order values for {}", facts.currency);
        problem("/commerce/currency", "site.currency", &message, &hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(time_zone: &str) -> SiteFacts {
        SiteFacts {
            name: "Shop".to_owned(),
            time_zone: time_zone.to_owned(),
            currency: "SEK".to_owned(),
            ecommerce: Some(true),
        }
    }

    #[test]
    fn a_zone_by_name_or_by_whole_hours_can_be_used() {
        for (theirs, ours) in [
            ("Europe/Stockholm", Some(Tz::Europe__Stockholm)),
            ("UTC", Some(Tz::UTC)),
            ("UTC+2", Some(Tz::Etc__GMTMinus2)),
            ("UTC-11", Some(Tz::Etc__GMTPlus11)),
            ("UTC+5.5", None),
            ("Atlantis", None),
        ] {
            assert_eq!(usable_zone(&site(theirs)), ours, "{theirs}");
        }
    }

    #[test]
    fn zones_of_other_names_with_the_same_midnights_are_as_good() {
        let day = |text: &str| text.parse().expect("a day");
        let better = |ours: Tz, first, last| {
            better_zone(ours, &site("Europe/Stockholm"), day(first), day(last))
        };
        assert_eq!(better(Tz::CET, "2026-01-01", "2026-12-31"), None);
        let stockholm = Some(Tz::Europe__Stockholm);
        assert_eq!(better(Tz::UTC, "2026-01-01", "2026-01-02"), stockholm);
        // Alike in winter alone.
        let lagos = Tz::Africa__Lagos;
        assert_eq!(better(lagos, "2026-01-01", "2026-03-20"), None);
        assert_eq!(better(lagos, "2026-03-20", "2026-03-30"), stockholm);
    }
}
