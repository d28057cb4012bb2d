use super::*;

/// 2026-03-10 12:00:00 UTC.
const NOW: i64 = 1_773_144_000;
const CHROME: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36";

fn sender(agent: &str) -> Sender {
    Sender {
        address: "192.0.2.7".parse().unwrap(),
        agent: agent.to_owned(),
        language: "en".to_owned(),
        referrer: None,
    }
}

fn sites() -> Sites {
    Sites {
        zone: chrono_tz::Tz::UTC,
        ids: vec![1, 2],
        goals: vec![7],
    }
}

fn judged(query: &str, trusted: bool) -> Verdict {
    judge(
        &Params::parse(query),
        trusted,
        &sender(CHROME),
        &sites(),
        NOW,
    )
}

fn booked(query: &str) -> Booking {
    match judged(query, true) {
        Verdict::Record(booking) => booking,
        other => panic!("{query} was not recorded: {other:?}"),
    }
}

/// What the measured table says of a hit, in one word.
fn outcome(query: &str, trusted: bool) -> String {
    match judged(query, trusted) {
        Verdict::Record(booking) => format!("at {}", booking.time - NOW),
        Verdict::Exclude(why) => format!("excluded {why:?}"),
        Verdict::Refuse(why) => format!("refused {why:?}"),
    }
}

/// Parameters, whether the token allows it, and what becomes of the hit (Matomo 5.2, measured).
const MEASURED: &[(&str, bool, &str)] = &[
    ("idsite=1&rec=1&url=http://a/", false, "at 0"),
    ("idsite=2&rec=1&send_image=0", false, "at 0"),
    ("idsite=1&rec=1&cip=192.0.2.1", false, "refused NeedsToken"),
    ("idsite=1&rec=1&country=de", false, "refused NeedsToken"),
    ("idsite=1&rec=1&region=BE", false, "refused NeedsToken"),
    ("idsite=1&rec=1&city=Berlin", false, "refused NeedsToken"),
    ("idsite=1&rec=1&lat=52.5", false, "refused NeedsToken"),
    ("idsite=1&rec=1&long=13.4", false, "refused NeedsToken"),
    ("idsite=1&rec=1&cip=192.0.2.1&country=de", true, "at 0"),
    ("idsite=1&rec=1&cip=", false, "at 0"),
    (
        "idsite=1&rec=1&cdt=2026-03-01+12:00:00",
        false,
        "refused NeedsToken",
    ),
    ("idsite=1&rec=1&cdt=2026-03-01+12:00:00", true, "at -777600"),
    ("idsite=1&rec=1&cdt=2026-03-09+13:00:00", false, "at -82800"),
    ("idsite=1&rec=1&token_auth=wrong", false, "at 0"),
    ("idsite=1&rec=1&cdt=garbage", false, "at 0"),
    ("idsite=1&rec=1&cdt=2026-03-10+12:00:30", false, "at 0"),
    ("idsite=1&rec=1&cdt=1999-01-01+00:00:00", false, "at 0"),
    ("idsite=1&rec=1&cdt=1773143000", false, "at -1000"),
    ("idsite=1&rec=1&cdt=2026-03-10T11:00:00Z", false, "at -3600"),
    ("idsite=1&rec=1&cip=999.1.1.1", true, "at 0"),
    ("idsite=3&rec=1", true, "refused UnknownSite"),
    ("idsite=0&rec=1", true, "refused UnknownSite"),
    ("idsite=one&rec=1", true, "refused UnknownSite"),
    ("rec=1", true, "refused UnknownSite"),
    ("idsite=1&rec=1&idgoal=8", true, "refused UnknownGoal"),
    ("idsite=1&rec=1&idgoal=7", true, "at 0"),
    ("idsite=1", false, "excluded NotToRecord"),
    ("idsite=1&rec=0", false, "excluded NotToRecord"),
    (
        "idsite=1&rec=1&ua=Googlebot/2.1",
        false,
        "excluded RobotAgent",
    ),
    ("idsite=1&rec=1&ua=Googlebot/2.1&bots=1", false, "at 0"),
    (
        "idsite=1&rec=1&cip=74.125.3.4",
        true,
        "excluded RobotAddress",
    ),
    ("idsite=1&rec=1&cip=74.125.3.4&bots=1", true, "at 0"),
    (
        "idsite=1&rec=1&urlref=http://semalt.com/x",
        false,
        "excluded SpamReferrer",
    ),
    ("idsite=1&rec=1&ua=curl/8.5", false, "at 0"),
    ("idsite=1&rec=1&ua=HeadlessChrome/120", false, "at 0"),
    ("idsite=1&rec=1&url=not+a+url", false, "at 0"),
    ("idsite=1&rec=1&_id=short", false, "at 0"),
    (
        "idsite=1&rec=1&cid=0123456789abcde",
        false,
        "refused BadVisitorId",
    ),
    (
        "idsite=1&rec=1&cid=0123456789abcdef0",
        false,
        "refused BadVisitorId",
    ),
    ("idsite=1&rec=1&cid=short&uid=me", false, "at 0"),
    ("idsite=1&rec=1&pf_net=-5", false, "refused NegativeTiming"),
    ("idsite=1&rec=1&ca=1", false, "refused NothingToLog"),
    ("idsite=1&rec=1&ca=1&e_c=a&e_a=b", false, "at 0"),
];

#[test]
fn each_row_of_the_measured_table_is_judged_as_measured() {
    for (query, trusted, expected) in MEASURED {
        assert_eq!(
            outcome(query, *trusted),
            *expected,
            "{query} (trusted: {trusted})"
        );
    }
}

#[test]
fn the_site_is_checked_before_the_token_and_the_token_before_rec() {
    for (query, expected) in [
        ("idsite=9&cip=192.0.2.1", "refused UnknownSite"),
        ("idsite=1&cip=192.0.2.1", "refused NeedsToken"),
        ("idsite=1&cdt=2026-03-01+12:00:00", "refused NeedsToken"),
        ("idsite=1&cid=short", "excluded NotToRecord"),
        ("idsite=1&idgoal=99", "excluded NotToRecord"),
    ] {
        assert_eq!(outcome(query, false), expected, "{query}");
    }
}

#[test]
fn a_robot_is_known_by_the_header_too() {
    let params = Params::parse("idsite=1&rec=1");
    let verdict = judge(&params, false, &sender("bingbot/2.0"), &sites(), NOW);
    assert_eq!(verdict, Verdict::Exclude(Exclusion::RobotAgent));
}

#[test]
fn an_unreadable_address_is_stored_as_zeroes_and_an_unbelieved_time_is_noted() {
    let booking = booked("idsite=1&rec=1&cip=999.1.1.1&cdt=garbage");
    assert_eq!(booking.address.to_string(), "0.0.0.0");
    assert!(booking.address_unreadable && booking.time_disbelieved);
    let booking = booked("idsite=1&rec=1&cip=2001:db8::1");
    assert!(!booking.address_unreadable && !booking.time_disbelieved);
}

#[test]
fn the_last_match_of_the_order_says_what_a_hit_is() {
    for (query, kind) in [
        ("action_name=Home", Kind::Pageview),
        ("url=http://a/?q=shoes", Kind::Search),
        ("url=http://a/?q=", Kind::Pageview),
        ("url=http://a/?page=2", Kind::Pageview),
        ("search=shoes", Kind::Search),
        ("search=shoes&c_n=banner", Kind::Impression),
        ("c_n=banner&c_i=click&ca=1", Kind::Interaction),
        ("_pks=S1&_pkn=Shoe&_pkc=Shoes&_pkp=9.5", Kind::Productview),
        ("_pkn=Shoe", Kind::Productview),
        ("_pkc=Shoes", Kind::Categoryview),
        ("_pkc=", Kind::Pageview),
        ("_pkc=Shoes&e_c=a&e_a=b", Kind::Event),
        ("_pks=S1&ping=1", Kind::Ping),
        ("c_n=banner&e_c=a&e_a=b", Kind::Event),
        ("e_c=a", Kind::Pageview),
        ("e_c=a&e_a=b&link=http://b/", Kind::Outlink),
        ("link=http://b/&download=http://a/x.pdf", Kind::Download),
        ("download=http://a/x.pdf&ping=1", Kind::Ping),
        ("idgoal=7&e_c=a&e_a=b", Kind::Goal),
        ("idgoal=0&ec_id=A1&revenue=5", Kind::Order),
        ("idgoal=0&revenue=5", Kind::Cart),
        ("ec_id=A1", Kind::Pageview),
        ("idgoal=none", Kind::Pageview),
    ] {
        assert_eq!(
            booked(&format!("idsite=1&rec=1&{query}")).kind,
            kind,
            "{query}"
        );
    }
}

#[test]
fn the_referring_page_stands_in_for_a_missing_url() {
    let mut sender = sender(CHROME);
    sender.referrer = Some("http://a/?search=boots".to_owned());
    let verdict = judge(
        &Params::parse("idsite=1&rec=1"),
        false,
        &sender,
        &sites(),
        NOW,
    );
    assert!(matches!(
        verdict,
        Verdict::Record(Booking {
            kind: Kind::Search,
            ..
        })
    ));
}

#[test]
fn an_order_has_its_number_and_revenue_and_items_that_are_a_list() {
    let order = "idsite=1&rec=1&idgoal=0&ec_id=A1&revenue=19.99";
    let booking = booked(order);
    assert_eq!(booking.order.as_deref(), Some("A1"));
    assert_eq!(booking.revenue_millionths, 19_990_000);
    for (items, expected) in [
        ("[[\"sku\",\"n\",\"c\",1,1]]", "at 0"),
        ("not json", "at 0"),
        ("[{\"sku\":1}]", "at 0"),
        ("{\"sku\":1}", "excluded ItemsNotAList"),
    ] {
        assert_eq!(
            outcome(&format!("{order}&ec_items={items}"), false),
            expected,
            "{items}"
        );
    }
    assert_eq!(
        booked("idsite=1&rec=1&idgoal=0&revenue=5").revenue_millionths,
        0,
        "a cart"
    );
}
