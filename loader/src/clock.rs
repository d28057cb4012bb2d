//! The plan's clock: what time it is on the plan's time line.
//!
//! It runs on the machine's monotonic clock and is anchored once, at the start of an attempt, so an adjusted wall
//! clock neither bunches nor stalls the traffic. What the wall clock shows is kept as a shift beside it, for the
//! times that Matomo is told.
//!
//! It does not sleep and does not decide what is due.
//!
//! While the plan has not begun, the plan's clock follows the wall's: a start at 02:00 is at 02:00 by the wall, also if
//! that was wrong before, or the machine slept.
//!
//! Invariant: once the plan has begun, [`Clock::now_us`] never goes back.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A difference between wall clock and monotonic clock above this is a jump, in milliseconds.
const JUMP_MS: i64 = 5_000;

/// See the module's description. Shared by everything that needs the time of the plan.
#[derive(Debug)]
pub struct Clock {
    anchor: Instant,
    plan_at_anchor_us: AtomicI64,
    /// How far the plan was behind the wall clock when it began.
    replay_ms: AtomicI64,
    /// Sum of the wall clock's jumps since.
    jumped_ms: AtomicI64,
}

impl Clock {
    /// A clock that shows `plan_ms` at this moment.
    ///
    /// A plan whose time zero lies in the past is replayed from its beginning: its clock then runs behind the wall
    /// by a constant.
    #[must_use]
    pub fn starting_at(plan_ms: i64) -> Self {
        Self {
            anchor: Instant::now(),
            plan_at_anchor_us: AtomicI64::new(plan_ms * 1_000),
            replay_ms: AtomicI64::new(wall_ms() - plan_ms),
            jumped_ms: AtomicI64::new(0),
        }
    }

    /// Microseconds since the Unix epoch on the plan's time line.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        let elapsed = i64::try_from(self.anchor.elapsed().as_micros()).unwrap_or(i64::MAX);
        let plan_at_anchor_us = self.plan_at_anchor_us.load(Ordering::Relaxed);
        plan_at_anchor_us.saturating_add(elapsed)
    }

    /// Milliseconds since the Unix epoch on the plan's time line.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_us().div_euclid(1_000)
    }

    /// How long ago the clock was started.
    #[must_use]
    pub fn running_for(&self) -> Duration {
        self.anchor.elapsed()
    }

    /// How long ago the clock showed `plan_ms`; zero while that lies ahead.
    #[must_use]
    pub fn since(&self, plan_ms: i64) -> Duration {
        let passed_us = self.now_us().saturating_sub(plan_ms.saturating_mul(1_000));
        Duration::from_micros(u64::try_from(passed_us).unwrap_or(0))
    }

    /// The instant at which the clock shows `plan_ms`; now, when that has passed.
    #[must_use]
    pub fn until(&self, plan_ms: i64) -> Duration {
        let wait_us = plan_ms.saturating_mul(1_000).saturating_sub(self.now_us());
        Duration::from_micros(u64::try_from(wait_us).unwrap_or(0))
    }

    /// What has to be added to a time of the plan to get the wall clock's, in milliseconds.
    #[must_use]
    pub fn wall_minus_plan_ms(&self) -> i64 {
        self.replay_ms.load(Ordering::Relaxed) + self.jumped_ms()
    }

    /// The sum of the wall clock's jumps since the start, in milliseconds.
    #[must_use]
    pub fn jumped_ms(&self) -> i64 {
        self.jumped_ms.load(Ordering::Relaxed)
    }

    /// Compares with the wall clock. After a jump the shift is anchored anew and the jump returned, in milliseconds;
    /// positive when the wall clock went forward.
    pub fn follow_wall(&self) -> Option<i64> {
        self.follow(wall_ms())
    }

    fn follow(&self, wall_ms: i64) -> Option<i64> {
        let jump = self.jump(wall_ms)?;
        self.jumped_ms.fetch_add(jump, Ordering::Relaxed);
        Some(jump)
    }

    /// The same while the plan has not begun: the plan's clock goes along, up to the plan's beginning at `origin_ms`.
    pub fn wait_by_wall(&self, origin_ms: i64) -> Option<i64> {
        self.wait_by(wall_ms(), origin_ms)
    }

    fn wait_by(&self, wall_ms: i64, origin_ms: i64) -> Option<i64> {
        let jump = self.jump(wall_ms)?;
        let plan_ms = wall_ms.min(origin_ms);
        let forward_us = (plan_ms - self.now_ms()) * 1_000;
        self.plan_at_anchor_us
            .fetch_add(forward_us, Ordering::Relaxed);
        self.replay_ms.store(wall_ms - plan_ms, Ordering::Relaxed);
        Some(jump)
    }

    /// By how much the wall clock is off from where it was expected, if that is a jump.
    fn jump(&self, wall_ms: i64) -> Option<i64> {
        let jump = wall_ms - self.now_ms() - self.wall_minus_plan_ms();
        (JUMP_MS < jump.abs()).then_some(jump)
    }
}

/// What the wall clock shows, in milliseconds since the Unix epoch.
#[must_use]
pub fn wall_ms() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_of_the_wall_clock_moves_the_shift_and_not_the_plan() {
        let clock = Clock::starting_at(wall_ms());
        let before = clock.now_us();
        assert_eq!(clock.follow(wall_ms() + 1_000), None);
        let jump = clock
            .follow(wall_ms() + 3_600_000)
            .expect("an hour is a jump");
        assert!((jump - 3_600_000).abs() < 1_000, "{jump}");
        assert!((clock.wall_minus_plan_ms() - 3_600_000).abs() < 1_000);
        assert!(clock.now_us() - before < 1_000_000);
        assert!(clock.follow(wall_ms()).is_some_and(|back| back < 0));
    }

    #[test]
    fn a_start_that_is_waited_for_is_at_its_time_by_the_wall() {
        let now = wall_ms();
        let origin = now + 7_200_000;
        let clock = Clock::starting_at(now);
        assert_eq!(clock.wait_by(now + 1_000, origin), None);
        // The clock is set an hour ahead: an hour less to wait.
        assert!(clock.wait_by(now + 3_600_000, origin).is_some());
        assert!((clock.now_ms() - now - 3_600_000).abs() < 1_000);
        assert!(clock.wall_minus_plan_ms().abs() < 1_000);
        // And back.
        assert!(clock.wait_by(now, origin).is_some_and(|jump| jump < 0));
        assert!((clock.now_ms() - now).abs() < 1_000);
        // The machine slept over the start: the plan begins at its beginning, late.
        assert!(clock.wait_by(origin + 60_000, origin).is_some());
        assert!((clock.now_ms() - origin).abs() < 1_000);
        assert!((clock.wall_minus_plan_ms() - 60_000).abs() < 1_000);
    }

    #[test]
    fn a_plan_of_the_past_is_replayed_from_its_time_zero() {
        let origin = wall_ms() - 86_400_000;
        let clock = Clock::starting_at(origin);
        assert!((clock.now_ms() - origin).abs() < 1_000);
        assert!((clock.wall_minus_plan_ms() - 86_400_000).abs() < 1_000);
        assert_eq!(clock.until(origin - 1), Duration::ZERO);
        assert!(clock.until(origin + 60_000) > Duration::from_secs(58));
    }
}
