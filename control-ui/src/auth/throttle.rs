//! Slows down guessing: growing delays per address, and a limit for all addresses together.
//!
//! Invariant: the memory is bounded, and an attempt that was let through is counted before it is judged, so
//! parallel guesses do not slip past.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::time::Timestamp;

/// Wrong attempts of one address that cost nothing.
const FREE: u32 = 5;

/// The delay after the first attempt that costs, in milliseconds; it doubles with each further one.
const DELAY_MS: i64 = 2_000;

/// The longest delay, in milliseconds.
const DELAY_MAX_MS: i64 = 15 * 60 * 1_000;

/// After this long without an attempt an address is forgotten, in milliseconds.
const FORGET_MS: i64 = 60 * 60 * 1_000;

/// Addresses remembered. When full, the one that is silent the longest is forgotten; [`ALL_PER_MINUTE`] still holds.
const ADDRESSES: usize = 1_024;

/// Wrong attempts of all addresses together in a minute; further ones wait for the next minute.
const ALL_PER_MINUTE: u32 = 60;

#[derive(Default)]
pub(super) struct Throttle(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    by_address: HashMap<IpAddr, Attempts>,
    minute: i64,
    in_minute: u32,
}

struct Attempts {
    wrong: u32,
    last: i64,
    /// No attempt is judged before this moment.
    until: i64,
}

impl Throttle {
    /// Counts an attempt as wrong, to be forgiven when it turns out right.
    ///
    /// # Errors
    /// Seconds to wait, when there were too many.
    pub(super) fn attempt(&self, address: IpAddr, now: Timestamp) -> Result<(), u64> {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.check(address, now.0)?;
        memory.forget(now.0);
        let attempts = memory.by_address.entry(address).or_insert(Attempts {
            wrong: 0,
            last: now.0,
            until: 0,
        });
        attempts.wrong += 1;
        attempts.last = now.0;
        if let Some(costly) = attempts.wrong.checked_sub(FREE + 1) {
            let delay = DELAY_MS.saturating_mul(1 << costly.min(20));
            attempts.until = now.0 + delay.min(DELAY_MAX_MS);
        }
        memory.in_minute += 1;
        Ok(())
    }

    /// Whether an attempt of this address would be judged; counts nothing.
    ///
    /// # Errors
    /// Seconds to wait, when there were too many.
    pub(super) fn check(&self, address: IpAddr, now: Timestamp) -> Result<(), u64> {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.check(address, now.0)
    }

    /// The last attempt of this address was right.
    pub(super) fn forgive(&self, address: IpAddr) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.by_address.remove(&address);
        memory.in_minute = memory.in_minute.saturating_sub(1);
    }
}

impl Memory {
    fn check(&mut self, address: IpAddr, now: i64) -> Result<(), u64> {
        let minute = now.div_euclid(60_000);
        if self.minute != minute {
            (self.minute, self.in_minute) = (minute, 0);
        }
        if self.in_minute >= ALL_PER_MINUTE {
            return Err(seconds((minute + 1) * 60_000 - now));
        }
        match self.by_address.get(&address) {
            Some(attempts) if now < attempts.until => Err(seconds(attempts.until - now)),
            _ => Ok(()),
        }
    }

    fn forget(&mut self, now: i64) {
        self.by_address
            .retain(|_, attempts| now - attempts.last < FORGET_MS || now < attempts.until);
        while self.by_address.len() >= ADDRESSES {
            let oldest = self.by_address.iter().min_by_key(|(_, a)| a.last);
            let Some(address) = oldest.map(|(address, _)| *address) else {
                return;
            };
            self.by_address.remove(&address);
        }
    }
}

fn seconds(ms: i64) -> u64 {
    u64::try_from((ms + 999) / 1_000).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn delays_grow_after_a_few_wrong_attempts_and_end_with_a_right_one() {
        let throttle = Throttle::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..9 {
            if let Err(wait) = throttle.attempt(HOME, Timestamp(now)) {
                waits.push(wait);
                now += i64::try_from(wait).unwrap() * 1_000;
                throttle.attempt(HOME, Timestamp(now)).unwrap();
            }
        }
        assert_eq!(waits, [2, 4, 8]);
        throttle.forgive(HOME);
        assert_eq!(throttle.attempt(HOME, Timestamp(now)), Ok(()));
    }

    #[test]
    fn many_addresses_together_are_limited_too() {
        let throttle = Throttle::default();
        let results: Vec<_> = (0..100u8)
            .map(|n| throttle.attempt(IpAddr::from([10, 0, 0, n]), Timestamp(1_000)))
            .collect();
        assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 60);
        assert_eq!(results[99], Err(59));
        assert_eq!(throttle.attempt(HOME, Timestamp(60_000)), Ok(()));
    }

    #[test]
    fn the_memory_of_addresses_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..3_000u32 {
            let address = IpAddr::V4(std::net::Ipv4Addr::from(n));
            let _ = throttle.attempt(address, Timestamp(i64::from(n) * 2_000));
        }
        let memory = throttle.0.lock().unwrap();
        assert!(memory.by_address.len() <= ADDRESSES);
    }
}
