use super::*;

/// 2026-03-10 12:00:00 UTC.
const NOON: i64 = 1_773_144_000;

/// Places hits as a tracker would: from their parameters, at seconds after noon.
struct Tracker {
    visits: Visits,
}

impl Tracker {
    fn new() -> Self {
        Self::in_zone(Tz::UTC)
    }

    fn in_zone(zone: Tz) -> Self {
        Self {
            visits: Visits::new(zone),
        }
    }

    fn hit(&mut self, query: &str, after_noon: i64) -> Option<Place> {
        let params = Params::parse(query);
        let sender = Sender {
            address: "192.0.2.7".parse().unwrap(),
            agent: "Chrome".to_owned(),
            language: "en".to_owned(),
            referrer: None,
        };
        let booking = Booking {
            site: params
                .int("idsite")
                .and_then(|site| u32::try_from(site).ok())
                .unwrap_or(1),
            kind: if params.flag("ping") {
                Kind::Ping
            } else {
                Kind::Pageview
            },
            time: NOON + after_noon,
            time_disbelieved: false,
            address: params
                .get("cip")
                .map_or(sender.address, |cip| cip.parse().unwrap()),
            address_unreadable: false,
            revenue_millionths: 0,
            order: None,
        };
        let fingerprint = fingerprint(&params, &sender, &booking);
        let forced_new = params.flag("new_visit");
        self.visits
            .place(Identity::of(&params), fingerprint, forced_new, &booking)
    }

    fn counts(&self) -> (u64, u64) {
        (self.visits.visitor_count(), self.visits.visit_count())
    }
}

const A: &str = "cid=aaaaaaaaaaaaaaaa";
const B: &str = "cid=bbbbbbbbbbbbbbbb";

/// Visitors and visits after hits at these seconds after noon.
fn counted(hits: &[(&str, i64)]) -> (u64, u64) {
    let mut tracker = Tracker::new();
    for (query, time) in hits {
        tracker.hit(query, *time);
    }
    tracker.counts()
}

#[test]
fn a_gap_of_thirty_minutes_starts_a_new_visit_and_a_second_less_does_not() {
    assert_eq!(counted(&[(A, 0), (A, 1_799)]), (1, 1));
    assert_eq!(counted(&[(A, 0), (A, 1_800)]), (1, 2));
}

#[test]
fn midnight_starts_a_new_visit() {
    assert_eq!(counted(&[(A, 43_190), (A, 43_200)]), (1, 2));
}

#[test]
fn midnight_is_that_of_the_site() {
    // An hour before that of UTC, in winter.
    let stockholm = || Tracker::in_zone(Tz::Europe__Stockholm);
    let mut tracker = stockholm();
    tracker.hit(A, 39_590);
    tracker.hit(A, 39_600);
    assert_eq!(tracker.counts(), (1, 2));
    let mut tracker = stockholm();
    tracker.hit(A, 43_190);
    tracker.hit(A, 43_200);
    assert_eq!(tracker.counts(), (1, 1));
}

#[test]
fn new_visit_starts_a_new_visit_and_later_hits_land_in_it() {
    let mut tracker = Tracker::new();
    let first = tracker.hit(A, 0).unwrap();
    let second = tracker.hit("cid=aaaaaaaaaaaaaaaa&new_visit=1", 10).unwrap();
    let third = tracker.hit(A, 20).unwrap();
    assert_ne!(first.visit, second.visit);
    assert_eq!(second.visit, third.visit);
    assert_eq!(tracker.counts(), (1, 2));
}

#[test]
fn forced_ids_are_never_merged_and_cookie_ids_of_one_browser_are() {
    assert_eq!(counted(&[(A, 0), (B, 1)]), (2, 2));
    assert_eq!(
        counted(&[("_id=aaaaaaaaaaaaaaaa", 0), ("_id=bbbbbbbbbbbbbbbb", 1)]),
        (1, 1)
    );
    assert_eq!(
        counted(&[("_id=aaaaaaaaaaaaaaaa", 0), ("_id=bbbbbbbbbbbbbbbb", 2_000)]),
        (2, 2)
    );
    let elsewhere = "_id=bbbbbbbbbbbbbbbb&cip=192.0.2.8";
    assert_eq!(
        counted(&[("_id=aaaaaaaaaaaaaaaa", 0), (elsewhere, 1)]),
        (2, 2)
    );
}

#[test]
fn client_hints_tell_browsers_apart_that_name_themselves_alike() {
    let told = |id: char, hints: &str| format!("_id={}&uadata={hints}", id.to_string().repeat(16));
    let counts = |first: &str, second: &str| {
        let hits = [told('a', first), told('b', second)];
        counted(&[(&hits[0], 0), (&hits[1], 1)])
    };
    let windows = r#"{"platform":"Windows","model":""}"#;
    let linux = r#"{"platform":"Linux","model":""}"#;
    assert_eq!(counts(windows, linux), (2, 2));
    // Models do not count.
    assert_eq!(
        counts(windows, r#"{"platform":"Windows","model":"A"}"#),
        (1, 1)
    );
    // What cannot be read says nothing.
    assert_eq!(counts("Windows", "{"), (1, 1));
}

#[test]
fn a_merged_cookie_id_with_new_visit_is_the_other_visitor_returning() {
    let hits = [
        ("_id=aaaaaaaaaaaaaaaa", 0),
        ("_id=bbbbbbbbbbbbbbbb&new_visit=1", 1),
    ];
    assert_eq!(counted(&hits), (1, 2));
}

#[test]
fn a_hit_without_an_id_is_found_by_what_its_browser_looks_like() {
    assert_eq!(
        counted(&[("", 0), ("", 60), ("ua=Firefox", 70), ("lang=de", 80)]),
        (3, 3)
    );
    assert_eq!(counted(&[("_id=short", 0), ("", 60)]), (1, 1));
    assert_eq!(counted(&[("cid=not-hexadecimal!", 0), ("", 60)]), (1, 1));
}

#[test]
fn a_user_is_one_visitor_on_two_devices_and_named_as_matomo_names_it() {
    let mut tracker = Tracker::new();
    let first = tracker
        .hit("uid=anna&cid=aaaaaaaaaaaaaaaa&cip=192.0.2.1", 0)
        .unwrap();
    let second = tracker
        .hit("uid=anna&cid=bbbbbbbbbbbbbbbb&cip=192.0.2.2", 5_000)
        .unwrap();
    assert_eq!(first.visitor, second.visitor);
    // sha1("anna") begins with these 16 digits.
    assert_eq!(format!("{:016x}", first.visitor), "2bc1ecb410e142bc");
}

#[test]
fn a_user_joins_the_anonymous_visit_of_the_same_browser_but_not_another_users() {
    assert_eq!(counted(&[(A, 0), ("uid=anna", 10)]), (1, 1));
    assert_eq!(counted(&[("uid=berta", 0), ("uid=anna", 10)]), (2, 2));
}

#[test]
fn a_ping_lengthens_a_visit_and_is_dropped_when_there_is_none() {
    let mut tracker = Tracker::new();
    let ping = "cid=aaaaaaaaaaaaaaaa&ping=1";
    assert_eq!(tracker.hit(ping, 0), None);
    assert_eq!(tracker.counts(), (0, 0));
    tracker.hit(A, 0);
    assert!(tracker.hit(ping, 1_500).is_some());
    tracker.hit(A, 3_000);
    assert_eq!(tracker.counts(), (1, 1), "the ping kept the visit alive");
    assert_eq!(tracker.hit(ping, 5_400), None);
}

#[test]
fn a_hit_back_in_time_stays_in_its_visit_and_is_noticed() {
    let mut tracker = Tracker::new();
    assert!(!tracker.hit(A, 0).unwrap().went_back);
    assert!(!tracker.hit(A, 600).unwrap().went_back);
    assert!(tracker.hit(A, 300).unwrap().went_back);
    assert!(
        !tracker.hit(A, 600).unwrap().went_back,
        "the same second is not backwards"
    );
    assert_eq!(tracker.counts(), (1, 1));
}

#[test]
fn a_day_sent_after_a_later_one_is_a_visit_of_its_own() {
    assert_eq!(
        counted(&[(A, 0), (A, -86_400), (A, -86_400 + 60), (A, 60)]),
        (1, 2)
    );
}

#[test]
fn sites_do_not_share_visitors() {
    assert_eq!(
        counted(&[(A, 0), ("idsite=2&cid=aaaaaaaaaaaaaaaa", 1)]),
        (2, 2)
    );
}

#[test]
fn a_visit_ends_after_ten_thousand_hits() {
    let mut tracker = Tracker::new();
    for _ in 0..VISIT_HITS {
        tracker.hit(A, 0);
    }
    assert_eq!(tracker.counts(), (1, 1));
    tracker.hit(A, 0);
    assert_eq!(tracker.counts(), (1, 2));
}
