//! What feeds the queue in an attempt: the pacer, or for past days the feeder.
//!
//! It only puts them together. Invariant: an attempt has one source, on a thread of its own.

use std::io;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use super::{Attempt, Control, RunError, Session};
use crate::delivery::Queue;
use crate::feeder::Feeder;
use crate::pacer::{Outlook, Pacer, Planner, shortest_sleep};
use crate::timeline::Timeline;

/// See the module's description.
pub(super) enum Source {
    Pacer(Box<Pacer>),
    Feeder(Box<Feeder<Planner>>),
}

impl Source {
    pub(super) fn of(
        session: &Session,
        attempt: &Attempt,
        timeline: Timeline,
        (queue, control, outlook): (&Arc<Queue>, &Arc<Control>, &Arc<Mutex<Outlook>>),
    ) -> Result<Self, RunError> {
        let plan = &attempt.plan;
        let made = Planner {
            ledger: Arc::clone(&session.ledger),
            clock: Arc::clone(&session.clock),
        };
        if let Some(backfill) = session.past() {
            let whole = plan
                .backfill
                .as_ref()
                .and_then(|backfill| backfill.visits_per_second);
            return Ok(Self::Feeder(Box::new(Feeder {
                timeline,
                days: backfill.days().to_vec(),
                queue: Arc::clone(queue),
                control: Arc::clone(control),
                made,
                clock: Arc::clone(&session.clock),
                begins_at_ms: session.began_ms,
                visits_per_second: whole.map(|rate| rate / f64::from(attempt.shard.of.max(1))),
                place: Arc::clone(&backfill.place),
            })));
        }
        let state = attempt.state.as_ref();
        let cursor = state.map(|state| state.cursor(timeline.cursor()));
        Ok(Self::Pacer(Box::new(Pacer {
            timeline,
            queue: Arc::clone(queue),
            made,
            control: Arc::clone(control),
            cursor: cursor.transpose()?,
            outlook: Arc::clone(outlook),
            grace: plan.delivery.grace,
            shortest_sleep: shortest_sleep(&plan.delivery),
            refused: 0,
        })))
    }

    pub(super) fn start(self) -> io::Result<JoinHandle<()>> {
        match self {
            Self::Pacer(pacer) => thread::Builder::new()
                .name("pacer".to_owned())
                .spawn(move || pacer.run()),
            Self::Feeder(feeder) => thread::Builder::new()
                .name("feeder".to_owned())
                .spawn(move || feeder.run()),
        }
    }
}
