//! The course of an attempt that is under way: its heartbeat, its planned end, and each stage of a stop.
//!
//! It settles nothing itself, except what a stop finds unsent.
//!
//! Invariant: it returns once nothing waits and nothing is in flight, and after the grace time nothing holds it up.

use std::sync::Arc;
use std::time::Duration;

use run_report::Outcome;
use tokio::time::{Instant, sleep_until};

use super::heartbeat::Heartbeat;
use super::{Control, Ending, Session, Stage};
use crate::delivery::{Delivery, Transport};
use crate::pacer::skip_unsent;

impl Session {
    /// How long it takes until visits could begin for `after` in this attempt.
    fn left_of(&self, after: Duration) -> Duration {
        let wait = self.clock.until(self.began_ms);
        wait + after.saturating_sub(self.clock.since(self.began_ms))
    }

    /// Waits until the journal of a backfill cannot be written any more; says why.
    async fn journal_is_broken(&self) -> String {
        let journal = self.past().and_then(|past| past.journal.as_ref());
        let Some(journal) = journal else {
            return std::future::pending().await;
        };
        journal.broken.cancelled().await;
        journal.trouble().unwrap_or_default().to_owned()
    }

    fn budget_is_used_up(&self) -> String {
        let budget = self.hit_budget.unwrap_or_default();
        format!("the hit budget of {budget} is used up")
    }
}

/// Waits for the end of the run, and brings about each stage of a stop. A target that is down is not waited for in one.
pub(super) async fn supervise<T: Transport>(
    session: &Session,
    delivery: &Arc<Delivery<T>>,
    control: &Arc<Control>,
    ends_after: Option<Duration>,
    heartbeat: &mut Heartbeat<T>,
) {
    let mut stage = control.watch();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let far = Instant::now() + Duration::from_secs(86_400 * 365);
    loop {
        stage.borrow_and_update();
        // Reckoned anew each second: a start that is waited for moves with the wall clock.
        let ends_at = ends_after.map_or(far, |after| Instant::now() + session.left_of(after));
        let grace_ends = control
            .stopping_since()
            .map_or(far, |since| Instant::from_std(since) + delivery.plan.grace);
        // Nothing of a past day has to be finished in time: another attempt does it.
        let no_finish = session.past().is_some() || delivery.down_for().is_some();
        if control.stage() == Stage::Finishing && no_finish {
            control.advance(Stage::Cutting, None);
        }
        let now = control.stage();
        if Stage::Cutting <= now {
            let unsent = delivery.queue.close_and_empty();
            if session.past().is_none() {
                skip_unsent(&session.ledger, &session.clock, &unsent);
            }
        }
        if Stage::Halting <= now {
            delivery.halt.cancel();
        }
        tokio::select! {
            biased;
            () = delivery.queue.done() => return,
            _ = stage.changed() => {}
            // No hit becomes due any more. Those that wait for another attempt would hold up the end alone.
            () = delivery.queue.closed(), if Stage::Running < now && !delivery.give_up.is_cancelled() => {
                delivery.give_up.cancel();
            }
            () = delivery.budget.spent.cancelled(), if now < Stage::Cutting => {
                let ending = Ending {
                    outcome: Outcome::Done,
                    reason: session.budget_is_used_up(),
                };
                control.advance(Stage::Cutting, Some(ending));
            }
            why = session.journal_is_broken(), if now < Stage::Cutting => {
                let ending = Ending {
                    outcome: Outcome::Failed,
                    reason: why,
                };
                control.advance(Stage::Cutting, Some(ending));
            }
            () = sleep_until(ends_at), if now == Stage::Running => {
                let ending = Ending {
                    outcome: Outcome::Done,
                    reason: "the time set for the run is over".to_owned(),
                };
                control.advance(Stage::Finishing, Some(ending));
            }
            () = sleep_until(grace_ends), if now < Stage::Halting => {
                control.advance(Stage::Halting, None);
            }
            _ = ticks.tick() => heartbeat.beat(),
        }
    }
}
