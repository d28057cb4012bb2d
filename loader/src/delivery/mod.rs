//! Delivery: takes hits from the queue, sends them, tries again what surely was not recorded, and settles each one.
//!
//! It decides neither when a hit is due nor what an answer proves (that is `tracking`'s table).
//!
//! Invariants: every hit of a batch is settled exactly once, also when the run is cut short (in a backfill it may be
//! left to another attempt then); a hit is sent again only if it surely was not recorded, or if the plan asks to resend
//! hits in doubt, which is then counted as a possible double.

mod backoff;
mod breaker;
mod budget;
mod controller;
mod exchange;
mod queue;
mod rate;
mod refusal;
mod settle;
mod steering;
mod transport;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use config::{DeliveryPlan, RunPlan, Secret};
use run_report::Shard;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use breaker::{Breaker, Outage, Pass};
pub use budget::Budget;
pub use queue::{Batch, MAX_WAITING, Queue};
pub use transport::{Http, Reply, SendError, Transport};

use controller::Bounds;
use rate::Rate;
use refusal::Refusals;
use steering::Steering;

use crate::clock::Clock;
use crate::journal::Journal;
use crate::ledger::Ledger;

/// Everything that the senders share.
pub struct Delivery<T> {
    /// Where hits come from.
    pub queue: Arc<Queue>,
    /// Where they are settled.
    pub ledger: Arc<Ledger>,
    /// What time it is.
    pub clock: Arc<Clock>,
    /// How they travel.
    pub transport: T,
    /// Retries, policies, bulk size.
    pub plan: DeliveryPlan,
    /// The target's token, for the hits that need one.
    pub token: Option<Secret>,
    /// Whether the target is up.
    pub breaker: Breaker,
    /// How many hits may leave.
    pub budget: Budget,
    /// The run only waits for what is in flight: nothing is tried again, and a target that is down is not waited for.
    pub give_up: CancellationToken,
    /// Cut short: what is unsent stays unsent, what is in flight is in doubt.
    pub halt: CancellationToken,
    /// How many requests may leave a second; `None` is without a limit.
    rate: Option<Rate>,
    /// How many may be in flight, and how many hits in a bulk; `None` is as the plan says.
    steering: Option<Steering>,
    past: Option<Past>,
    refusals: Refusals,
    in_flight: AtomicU32,
}

/// What is different when past days are sent: nothing is late, an answer's time counts from the sending, and what a
/// stop leaves unsent is not settled, since another attempt sends it.
#[derive(Default)]
pub struct Past {
    /// Where it is written what is about to be sent, if there is a state directory.
    pub journal: Option<Arc<Journal>>,
}

impl<T: Transport> Delivery<T> {
    /// Senders that do not send yet.
    #[must_use]
    pub fn new(
        queue: Arc<Queue>,
        ledger: Arc<Ledger>,
        clock: Arc<Clock>,
        transport: T,
        plan: DeliveryPlan,
        token: Option<Secret>,
        budget: Budget,
    ) -> Self {
        Self {
            queue,
            ledger,
            clock,
            transport,
            plan,
            token,
            breaker: Breaker::default(),
            budget,
            give_up: CancellationToken::new(),
            halt: CancellationToken::new(),
            rate: None,
            past: None,
            refusals: Refusals::default(),
            steering: None,
            in_flight: AtomicU32::new(0),
        }
    }

    /// Sends as a backfill asks for, of which this loader does a share; a live run stays as it is.
    #[must_use]
    pub fn replaying(mut self, plan: &RunPlan, shard: Shard) -> Self {
        let Some(backfill) = &plan.backfill else {
            return self;
        };
        let share = |requests| requests / f64::from(shard.of.max(1));
        self.rate = backfill
            .requests_per_second
            .map(|requests| Rate::per_second(share(requests)));
        let bounds = Bounds {
            in_flight: plan.load.concurrency,
            adapts_in_flight: plan.delivery.adapts_in_flight,
            bulk_size: usize::from(plan.delivery.bulk_size),
            adapts_bulk_size: plan.delivery.adapts_bulk_size
                && plan.delivery.method == config::Method::Bulk,
        };
        if bounds.adapts_in_flight || bounds.adapts_bulk_size {
            let steering = Steering::new(bounds);
            if bounds.adapts_bulk_size {
                self.queue.resize(steering.bulk_size());
            }
            self.steering = Some(steering);
        }
        self
    }

    /// The same for past days.
    #[must_use]
    pub fn of_past(mut self, past: Past) -> Self {
        self.past = Some(past);
        self
    }

    /// Starts `concurrency` senders; each has one request in flight at most.
    pub fn start(self: &Arc<Self>, concurrency: u16) -> JoinSet<()> {
        let mut senders = JoinSet::new();
        for _ in 0..concurrency {
            let delivery = Arc::clone(self);
            senders.spawn(async move {
                while let Some(batch) = delivery.next().await {
                    delivery.deliver(&batch.hits).await;
                    delivery.queue.give_back(batch);
                    delivery.leave();
                }
            });
        }
        senders
    }

    /// The next batch, and a place for it. Nobody has a place while waiting for a batch, or those who stand aside with
    /// the last hits of a day would wait for a place, and everybody else for the next day.
    async fn next(&self) -> Option<Batch> {
        let turn = self.queue.turn().await;
        while self.queue.wait_for_batch(&turn).await {
            if let Some(steering) = &self.steering {
                steering.enter().await;
            }
            if let Some(batch) = self.queue.take_ready(&turn) {
                return Some(batch);
            }
            self.leave();
        }
        None
    }

    fn leave(&self) {
        if let Some(steering) = &self.steering {
            steering.leave();
        }
    }

    /// Requests without an answer at the moment.
    #[must_use]
    pub fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// For how long the target has been down; `None` while it is up.
    #[must_use]
    pub fn down_for(&self) -> Option<Duration> {
        self.breaker.outage().map(|outage| outage.since)
    }
}

/// The queue that fits the plan: batches for bulk, single hits otherwise.
#[must_use]
pub fn queue_for(plan: &DeliveryPlan) -> Queue {
    match plan.method {
        config::Method::Bulk => Queue::new(usize::from(plan.bulk_size), plan.bulk_wait),
        config::Method::Beacon | config::Method::Get | config::Method::Form => {
            Queue::new(1, Duration::ZERO)
        }
    }
}

#[cfg(test)]
mod tests;
