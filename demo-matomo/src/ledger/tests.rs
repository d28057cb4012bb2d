use super::*;

/// 2026-03-10 12:00:00 UTC.
const NOON: i64 = 1_773_144_000;
const DAY_S: i64 = 86_400;

fn book(ledger: &mut Ledger, kind: Kind, query: &str, revenue_millionths: i64) {
    book_at(ledger, kind, query, revenue_millionths, NOON);
}

fn book_at(ledger: &mut Ledger, kind: Kind, query: &str, revenue_millionths: i64, time: i64) {
    let params = Params::parse(query);
    let sender = Sender {
        address: "192.0.2.7".parse().unwrap(),
        agent: String::new(),
        language: String::new(),
        referrer: None,
    };
    let booking = Booking {
        site: 1,
        kind,
        time,
        time_disbelieved: false,
        address: sender.address,
        address_unreadable: false,
        revenue_millionths,
        order: params.get("ec_id").map(str::to_owned),
    };
    let arrival = Arrival {
        params: &params,
        sender: &sender,
        transport: Transport::Form,
        at_ms: NOON * 1_000,
    };
    ledger.book(booking, &arrival);
}

#[test]
fn totals_stay_exact_when_hits_are_dropped_and_the_answer_says_where_it_starts() {
    let mut ledger = Ledger::new(3, Tz::UTC);
    for n in 0..10 {
        book(
            &mut ledger,
            Kind::Pageview,
            &format!("cid=aaaaaaaaaaaaaaaa&n={n}"),
            0,
        );
    }
    let summary = Value::Object(ledger.summary());
    assert_eq!(
        (&summary["hits"], &summary["by_kind"]["pageview"]),
        (&10.into(), &10.into())
    );
    assert_eq!(summary["dropped_from_ledger"], 7);
    let page = ledger.page(Some(0), None);
    assert_eq!(
        (&page["total"], &page["offset"], &page["dropped"]),
        (&10.into(), &7.into(), &7.into())
    );
    let kept: Vec<_> = page["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| &hit["n"])
        .collect();
    assert_eq!(kept, [7, 8, 9]);
    assert_eq!(page["hits"][0]["params"]["n"], "7");
}

#[test]
fn a_hit_of_an_earlier_day_than_one_before_is_noticed() {
    let mut ledger = Ledger::new(0, Tz::UTC);
    let mut on = |visitor: &str, time| {
        let query = format!("cid={visitor}");
        book_at(&mut ledger, Kind::Event, &query, 0, time);
        let summary = ledger.summary();
        (
            summary["days_went_back"].clone(),
            summary["out_of_order"].clone(),
        )
    };
    assert_eq!(on("aaaaaaaaaaaaaaaa", NOON), (0.into(), 0.into()));
    assert_eq!(on("bbbbbbbbbbbbbbbb", NOON + DAY_S), (0.into(), 0.into()));
    assert_eq!(
        on("cccccccccccccccc", NOON + DAY_S / 2),
        (0.into(), 0.into())
    );
    assert_eq!(on("dddddddddddddddd", NOON), (1.into(), 0.into()));
}

#[test]
fn pages_join_without_gaps_or_doubles() {
    let mut ledger = Ledger::new(100, Tz::UTC);
    for n in 0..25 {
        book(
            &mut ledger,
            Kind::Event,
            &format!("cid=aaaaaaaaaaaaaaaa&n={n}"),
            0,
        );
    }
    let mut seen = Vec::new();
    loop {
        let page = ledger.page(Some(seen.len() as u64), Some(10));
        let hits = page["hits"].as_array().unwrap();
        if hits.is_empty() {
            break;
        }
        seen.extend(hits.iter().map(|hit| hit["n"].as_u64().unwrap()));
    }
    assert_eq!(seen, (0..25).collect::<Vec<_>>());
    assert_eq!(ledger.page(Some(99), None)["hits"], json!([]));
}

#[test]
fn a_hit_is_shown_with_its_times_visitor_and_parameters_but_no_token() {
    let mut ledger = Ledger::new(1, Tz::UTC);
    book(
        &mut ledger,
        Kind::Search,
        "cid=00000000000000ab&search=a+b&token_auth=planted",
        0,
    );
    assert_eq!(
        ledger.page(None, None)["hits"][0],
        json!({
            "n": 0,
            "at": "2026-03-10T12:00:00.000Z",
            "time": "2026-03-10T12:00:00Z",
            "kind": "search",
            "visitor": "00000000000000ab",
            "visit": 1,
            "transport": "form",
            "params": { "cid": "00000000000000ab", "search": "a b" },
        })
    );
}

#[test]
fn an_order_number_is_booked_once_and_prices_add_up_to_the_cent() {
    let mut ledger = Ledger::new(10, Tz::UTC);
    for number in 0..3 {
        book(
            &mut ledger,
            Kind::Order,
            &format!("cid=aaaaaaaaaaaaaaaa&ec_id=A{number}"),
            100_000,
        );
    }
    book(
        &mut ledger,
        Kind::Order,
        "cid=bbbbbbbbbbbbbbbb&ec_id=A1",
        100_000,
    );
    let summary = Value::Object(ledger.summary());
    assert_eq!(
        (&summary["hits"], &summary["by_kind"]["order"]),
        (&3.into(), &3.into())
    );
    assert_eq!(summary["revenue"], 0.3);
    assert_eq!(summary["excluded_by"]["repeated_order"], 1);
}

#[test]
fn every_name_in_the_summary_stands_for_its_own_count() {
    let mut ledger = Ledger::new(0, Tz::UTC);
    for exclusion in EXCLUSIONS {
        ledger.exclude(exclusion);
    }
    for refusal in REFUSALS {
        ledger.refuse(refusal, None);
    }
    for kind in Kind::ALL {
        // A number of its own for the order; for other kinds it is not looked at.
        book(&mut ledger, Kind::Pageview, "cid=aaaaaaaaaaaaaaaa", 0);
        book(&mut ledger, kind, "cid=aaaaaaaaaaaaaaaa", 0);
    }
    let summary = Value::Object(ledger.summary());
    for group in ["excluded_by", "refused_by"] {
        let counts: Vec<_> = summary[group].as_object().unwrap().values().collect();
        assert!(
            counts.iter().all(|count| **count == 1),
            "{group}: {counts:?}"
        );
    }
    assert_eq!(summary["by_kind"]["pageview"], 14);
    assert_eq!(summary["by_kind"]["impression"], 1);
    let sum: u64 = summary["by_kind"]
        .as_object()
        .unwrap()
        .values()
        .map(|count| count.as_u64().unwrap())
        .sum();
    assert_eq!(summary["hits"], sum);
}

#[test]
fn a_reset_forgets_hits_visits_and_order_numbers() {
    let mut ledger = Ledger::new(10, Tz::UTC);
    let empty = ledger.summary();
    book(&mut ledger, Kind::Order, "cid=aaaaaaaaaaaaaaaa&ec_id=A1", 5);
    assert_ne!(ledger.summary(), empty);
    ledger.reset();
    assert_eq!(ledger.summary(), empty);
    book(&mut ledger, Kind::Order, "cid=aaaaaaaaaaaaaaaa&ec_id=A1", 5);
    assert_eq!(ledger.summary()["hits"], 1);
}
