//! Waiting for a condition instead of for a time.

use std::future::Future;
use std::time::Duration;

use anyhow::{Result, bail};

/// How often a condition is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Looks at a condition until it yields a value.
///
/// # Errors
/// The deadline passed, or looking itself failed for good.
pub async fn until<T, F, R>(what: &str, within: Duration, mut look: F) -> Result<T>
where
    F: FnMut() -> R,
    R: Future<Output = Result<Option<T>>>,
{
    let deadline = tokio::time::Instant::now() + within;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if deadline <= tokio::time::Instant::now() {
            bail!("waited {within:?} in vain for: {what}");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
