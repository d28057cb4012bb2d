//! The heartbeat's line: what the loader is doing, with all running totals.
//!
//! It only puts together what others have found.

use std::sync::PoisonError;

use run_report::{Event, LoaderState, MAX_PROGRESS_REASONS, Progress, Rate};
use simulation::Pace;

use super::backfill::Backfill;
use super::heartbeat::Heartbeat;
use super::moment;
use super::words::{self, Scene, Told};
use crate::delivery::Transport;
use crate::ledger::Picture;
use crate::pacer::Outlook;

impl<T: Transport> Heartbeat<T> {
    pub(super) fn tell_progress(&self, picture: &Picture, scene: &Scene) {
        let told = words::tell(scene);
        let wall = |plan_ms| moment(plan_ms + scene.wall_minus_plan_ms);
        let place = self.past().map(Backfill::place);
        let next_visit_ms = match told.state {
            LoaderState::Stopping => None,
            _ if place.is_some() => None,
            _ => scene.outlook.next_visit_ms,
        };
        let reasons = picture.reasons.iter().take(MAX_PROGRESS_REASONS);
        let progress = Progress {
            state: told.state,
            next_visit_at: next_visit_ms.map(wall),
            until: told.until_ms.map(wall),
            day: place.and_then(|place| place.day),
            days_done: self.backfill.as_ref().map(Backfill::days_done),
            days_planned: self.backfill.as_ref().map(|of| of.window().days),
            account: picture.account,
            visits: run_report::Visits {
                planned: self.visits_planned,
                ..picture.visits
            },
            rate: Rate {
                visits_per_s_planned: self.planned_rate(&told, scene),
                visits_per_s: picture.means.visits,
                hits_per_s: picture.means.hits,
                errors_per_s: picture.means.errors,
            },
            latency_ms: picture.latency_minute,
            lateness_ms: picture.lateness_minute,
            in_flight: scene.in_flight,
            requests: picture.requests,
            unverified: picture.unverified,
            by_kind: picture.by_kind.clone(),
            reasons: reasons.cloned().collect(),
            lines_dropped: self.attempt.reporter.lines_dropped(),
            detail: told.detail,
        };
        let reporter = &self.attempt.reporter;
        reporter.say(Event::Progress(Box::new(progress)));
    }

    /// How far the past days came: the last heartbeat may have been before their end.
    pub(super) fn tell_last_place(&self) {
        if self.past().is_some() {
            let outlook = *self.outlook.lock().unwrap_or_else(PoisonError::into_inner);
            let picture = self.ledger.picture(self.clock.now_us());
            self.tell_progress(&picture, &self.scene(&picture, &outlook));
        }
    }

    /// Visits a second that the plan asks for at the moment.
    fn planned_rate(&self, told: &Told, scene: &Scene) -> f64 {
        let rests = matches!(told.state, LoaderState::Stopping | LoaderState::PausedAtCap)
            || scene.now_ms < scene.origin_ms
            || scene.quiet_until_ms.is_some()
            || scene.outlook.next_visit_ms.is_none();
        let whole = match self.pace {
            _ if rests => 0.0,
            Pace::Trial { per_second, .. } => per_second,
            // As fast as allowed.
            Pace::Backfill => 0.0,
            Pace::Plan => self.simulation.visits_per_second(scene.now_ms),
        };
        whole / f64::from(self.attempt.shard.of)
    }

    pub(super) fn scene(&self, picture: &Picture, outlook: &Outlook) -> Scene {
        let now_ms = self.clock.now_ms();
        let grace = self.delivery.plan.grace;
        let stopping = self.control.stopping_since();
        Scene {
            now_ms,
            wall_minus_plan_ms: self.clock.wall_minus_plan_ms(),
            zone: self.attempt.plan.load.time_zone,
            origin_ms: self.keys.origin_ms,
            outlook: *outlook,
            stage: self.control.stage(),
            grace_left: stopping.map(|since| grace.saturating_sub(since.elapsed())),
            open: picture.visits.open,
            in_flight: self.delivery.in_flight(),
            waiting: self.delivery.queue.waiting(),
            outage: self.delivery.breaker.outage(),
            late_ms: self.watch.late_ms(),
            past_day: self.past().and_then(|past| {
                let place = past.place();
                let day = place.day?;
                Some((day, place.done + 1, past.window().days))
            }),
            quiet_until_ms: match self.pace {
                Pace::Plan => self.simulation.quiet_until(now_ms),
                Pace::Backfill | Pace::Trial { .. } => None,
            },
        }
    }
}
