//! The loader's only source of chance: keys that were not given, and the spread of retries.
//!
//! What visitors do never depends on it; that is drawn from the run's keys.

use rand::TryRng;
use rand::rngs::SysRng;

/// 53 evenly drawn bits from the operating system: as many as a browser reads in a number without loss.
///
/// Without a source there (a broken sandbox) they come from the clock: nothing here must be unguessable.
pub(crate) fn bits() -> u64 {
    SysRng.try_next_u64().unwrap_or_else(|_| {
        crate::clock::wall_ms()
            .unsigned_abs()
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }) >> 11
}

/// Evenly drawn from 0 to 1.
pub(crate) fn share() -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let share = bits() as f64 / (1u64 << 53) as f64;
    share
}
