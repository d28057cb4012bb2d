use super::*;
use crate::devices::Devices;
use crate::people::{PersonKey, Tier};
use crate::places::Places;
use crate::places::tests::audience;

/// Times of a first page in many visits of a country: sums, ascending, in milliseconds.
fn first_pages(country: &str, kind: Kind) -> Vec<u32> {
    let audience = audience(&[(country, 1.0)]);
    let (places, devices) = (Places::new(&audience).unwrap(), Devices::new(&audience));
    let streams = Streams::new("test", &[]);
    let mut sums = Vec::new();
    for ordinal in 0..6_000 {
        let mut stream = streams.stream(ordinal, Purpose::Equipment);
        let device = devices.pick(country, &mut stream);
        if device.kind != kind {
            continue;
        }
        let visiting = Visiting {
            ordinal,
            person: PersonKey(ordinal),
            returning: false,
            days_since_last: None,
            tier: Tier::Rest,
            signed_in: false,
            place: &places.all()[0],
            device,
            start_ms: 0,
            local_hour: 12,
            weekend: false,
            spike: None,
        };
        sums.push(sum(&Latency::of(&streams, &visiting).next_page()));
    }
    sums.sort_unstable();
    sums
}

fn sum(times: &PageTimings) -> u32 {
    times.network
        + times.server
        + times.transfer
        + times.dom_processing
        + times.dom_completion
        + times.on_load
}

fn at(sorted: &[u32], share: f64) -> u32 {
    sorted[(sorted.len() as f64 * share) as usize]
}

/// Property 23: right-skewed, by device and country, with a slow tail of 1 to 5 %.
#[test]
fn times_are_skewed_and_go_by_device_and_country() {
    let desktop = first_pages("DE", Kind::Desktop);
    let phone = first_pages("DE", Kind::Smartphone);
    let far = first_pages("NG", Kind::Smartphone);
    let median = at(&desktop, 0.5);
    assert!((1000..2000).contains(&median), "{median}");
    let mean = desktop.iter().map(|&ms| u64::from(ms)).sum::<u64>() / desktop.len() as u64;
    assert!(u64::from(median) * 11 / 10 < mean, "{median} {mean}");
    // 2,200 visits or more: medians are right to within 3 %.
    assert!(
        median * 3 / 2 < at(&phone, 0.5),
        "{} {}",
        median,
        at(&phone, 0.5)
    );
    assert!(at(&phone, 0.5) * 5 / 4 < at(&far, 0.5), "{}", at(&far, 0.5));
    let slow = desktop.iter().filter(|&&ms| median * 5 / 2 < ms).count();
    let share = slow as f64 / desktop.len() as f64;
    assert!((0.01..0.12).contains(&share), "{share}");
    assert!(*desktop.last().unwrap() < 120_000);
}

#[test]
fn later_pages_seldom_connect_anew() {
    let audience = audience(&[("SE", 1.0)]);
    let (places, devices) = (Places::new(&audience).unwrap(), Devices::new(&audience));
    let streams = Streams::new("test", &[]);
    let visiting = Visiting {
        ordinal: 1,
        person: PersonKey(1),
        returning: false,
        days_since_last: None,
        tier: Tier::Rest,
        signed_in: false,
        place: &places.all()[0],
        device: devices.pick("SE", &mut streams.stream(1, Purpose::Equipment)),
        start_ms: 0,
        local_hour: 12,
        weekend: false,
        spike: None,
    };
    let mut latency = Latency::of(&streams, &visiting);
    assert!(0 < latency.next_page().network);
    let later: Vec<_> = (0..1000).map(|_| latency.next_page()).collect();
    let connects = later.iter().filter(|times| 0 < times.network).count();
    assert!((60..150).contains(&connects), "{connects}");
    assert!(
        later
            .iter()
            .all(|times| 0 < times.server && 0 < times.dom_processing)
    );
}
