//! Random bytes from the operating system, for codes, sessions, nonces and seeds.

use rand::TryRng;
use rand::rngs::SysRng;

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SysRng
        .try_fill_bytes(&mut bytes)
        .expect("an operating system without random numbers cannot keep anybody out");
    bytes
}
