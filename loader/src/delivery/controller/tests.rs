//! The controller against a server made of workers, and against whatever answers there may be.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use proptest::prelude::*;

use super::*;

const FREE: Bounds = Bounds {
    in_flight: 50,
    adapts_in_flight: true,
    bulk_size: 50,
    adapts_bulk_size: true,
};

/// A server: so many workers, of which each takes so long for a request and for a hit.
#[derive(Clone, Copy)]
struct Server {
    workers: usize,
    request_ms: f64,
    hit_ms: f64,
}

impl Server {
    /// Hits a second when all work on bulks of that size.
    fn allows(&self, bulk_size: usize) -> f64 {
        let hits = bulk_size as f64;
        1_000.0 * self.workers as f64 * hits / (self.request_ms + hits * self.hit_ms)
    }
}

/// A loader that always has hits, and a server; time is what passes in it.
struct Trial {
    controller: Controller,
    now: Duration,
    /// When each request is answered, when it left, and its hits.
    under_way: BinaryHeap<Reverse<(Duration, Duration, usize)>>,
    /// When each worker is free.
    workers: Vec<Duration>,
    chance: u64,
}

impl Trial {
    fn new(bounds: Bounds) -> Self {
        Self {
            controller: Controller::new(bounds),
            now: Duration::ZERO,
            under_way: BinaryHeap::new(),
            workers: Vec::new(),
            chance: 1,
        }
    }

    /// From 1 − spread to 1 + spread.
    fn jitter(&mut self, spread: f64) -> f64 {
        self.chance = self
            .chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let share = (self.chance >> 33) as f64 / f64::from(u32::MAX >> 1);
        1.0 + spread * (2.0 * share - 1.0)
    }

    /// Goes on for so many seconds; says how many hits were answered a second.
    fn goes_on(&mut self, server: Server, spread: f64, seconds: u64) -> f64 {
        let (began, end) = (self.now, self.now + Duration::from_secs(seconds));
        self.workers.resize(server.workers, self.now);
        let mut hits_answered = 0;
        while self.now < end {
            while self.under_way.len() < usize::from(self.controller.in_flight()) {
                let hits = self.controller.bulk_size();
                let ms = (server.request_ms + hits as f64 * server.hit_ms) * self.jitter(spread);
                let worker = self.workers.iter_mut().min().unwrap();
                *worker = (*worker).max(self.now) + Duration::from_secs_f64(ms / 1e3);
                self.under_way.push(Reverse((*worker, self.now, hits)));
            }
            let in_flight = u32::try_from(self.under_way.len()).unwrap();
            let Reverse((answered, sent, hits)) = self.under_way.pop().unwrap();
            self.now = answered;
            hits_answered += hits;
            self.controller.answered(Answered {
                sent,
                took: answered - sent,
                hits,
                in_flight,
                sign: Sign::Fine,
            });
        }
        hits_answered as f64 / (self.now - began).as_secs_f64()
    }
}

#[test]
fn each_server_gives_nearly_what_it_can_without_a_long_queue() {
    let server = |workers, request_ms, hit_ms| Server {
        workers,
        request_ms,
        hit_ms,
    };
    for (server, spread) in [
        (server(4, 10.0, 2.0), 0.0),
        (server(4, 10.0, 2.0), 0.3),
        (server(1, 10.0, 2.0), 0.3),
        (server(2, 100.0, 20.0), 0.3),
        (server(16, 10.0, 2.0), 0.3),
        (server(32, 10.0, 2.0), 0.5),
        (server(4, 1.0, 0.01), 0.3),
    ] {
        let mut trial = Trial::new(FREE);
        trial.goes_on(server, spread, 60);
        let got = trial.goes_on(server, spread, 120);
        let Server {
            workers,
            request_ms,
            hit_ms,
        } = server;
        let name = format!("{workers} workers, {request_ms} ms, {hit_ms} ms a hit, ± {spread}");
        let (size, in_flight) = (trial.controller.bulk_size(), trial.controller.in_flight());
        let told = format!(
            "{name}: {got:.0} of {:.0} with {in_flight} × {size}",
            server.allows(size)
        );
        assert!(0.95 * server.allows(size) <= got, "{told}");
        let most = workers as f64 * 1.5 + 4.0;
        assert!(f64::from(in_flight) <= most, "{told}");
        if hit_ms <= 2.0 {
            assert!(0.93 * server.allows(MOST_HITS) <= got, "{told}");
        }
    }
}

#[test]
fn a_server_that_becomes_slow_gets_fewer_and_more_again_when_it_is_back() {
    let quick = Server {
        workers: 16,
        request_ms: 10.0,
        hit_ms: 2.0,
    };
    let mut trial = Trial::new(FREE);
    trial.goes_on(quick, 0.2, 60);
    let before = trial.controller.in_flight();
    trial.goes_on(
        Server {
            workers: 2,
            ..quick
        },
        0.2,
        50,
    );
    let hurried = trial.controller.in_flight();
    assert!(hurried <= before / 3, "{before}, then {hurried}");
    trial.goes_on(quick, 0.2, 60);
    let after = trial.controller.in_flight();
    assert!(
        before - 4 <= after,
        "{before}, then {hurried}, then {after}"
    );
}

/// The controller after one answer with this sign, and whatever left with it.
fn after(sign: Sign, bounds: Bounds) -> (u16, usize) {
    let mut controller = Controller::new(bounds);
    for _ in 0..20 {
        controller.answered(Answered {
            sent: Duration::ZERO,
            took: Duration::from_millis(100),
            hits: 50,
            in_flight: 4,
            sign,
        });
    }
    (controller.in_flight(), controller.bulk_size())
}

#[test]
fn signs_of_trouble_count_once_for_all_that_left_together() {
    for (sign, expected) in [
        (Sign::TooLarge, (4, 25)),
        (Sign::Busy, (2, 50)),
        (Sign::Failed, (2, 25)),
    ] {
        assert_eq!(after(sign, FREE), expected, "{sign:?}");
        let fixed = Bounds {
            adapts_in_flight: false,
            adapts_bulk_size: false,
            ..FREE
        };
        assert_eq!(after(sign, fixed), (50, 50), "{sign:?}");
    }
}

#[test]
fn a_bulk_that_was_too_long_does_not_come_back() {
    let server = Server {
        workers: 4,
        request_ms: 1.0,
        hit_ms: 0.1,
    };
    let mut trial = Trial::new(FREE);
    trial.controller.answered(Answered {
        sent: Duration::ZERO,
        took: Duration::from_millis(1),
        hits: 50,
        in_flight: 1,
        sign: Sign::TooLarge,
    });
    trial.goes_on(server, 0.2, 60);
    assert_eq!(trial.controller.bulk_size(), 25);
}

#[test]
fn requests_that_nobody_needed_do_not_grow_in_number() {
    let mut controller = Controller::new(FREE);
    for at in 0..500 {
        controller.answered(Answered {
            sent: Duration::from_millis(at * 100),
            took: Duration::from_millis(20),
            hits: 50,
            in_flight: 1,
            sign: Sign::Fine,
        });
    }
    assert!(
        controller.in_flight() <= FIRST_IN_FLIGHT,
        "{}",
        controller.in_flight()
    );
}

fn answers() -> impl Strategy<Value = Vec<(u64, u64, usize, u32, Sign)>> {
    let signs = prop::sample::select(vec![
        Sign::Fine,
        Sign::Fine,
        Sign::Fine,
        Sign::Fine,
        Sign::Fine,
        Sign::Fine,
        Sign::TooLarge,
        Sign::Busy,
        Sign::Failed,
    ]);
    prop::collection::vec(
        (0u64..1_000, 0u64..60_000, 0usize..300, 0u32..100, signs),
        0..400,
    )
}

proptest! {
    #[test]
    fn whatever_comes_the_bounds_hold(
        answers in answers(),
        most in 0u16..500,
        bulk_size in 0usize..500,
        adapts_in_flight: bool,
        adapts_bulk_size: bool,
    ) {
        let bounds = Bounds { in_flight: most, adapts_in_flight, bulk_size, adapts_bulk_size };
        let mut controller = Controller::new(bounds);
        let mut sent = Duration::ZERO;
        for (pause, took, hits, in_flight, sign) in answers {
            sent += Duration::from_millis(pause);
            let took = Duration::from_millis(took);
            controller.answered(Answered { sent, took, hits, in_flight, sign });
            let (now, size) = (controller.in_flight(), controller.bulk_size());
            prop_assert!((1..=most.max(1)).contains(&now), "{now}");
            prop_assert!(adapts_in_flight || now == most.max(1));
            if adapts_bulk_size {
                prop_assert!((LEAST_HITS..=MOST_HITS).contains(&size), "{size}");
            } else {
                prop_assert_eq!(size, bulk_size.max(1));
            }
        }
    }
}
