//! Figures of the store itself: its size, and how many runs it keeps.

use super::{Store, StoreError};
use crate::api::view::RunState;

impl Store {
    /// Size of the database, bytes.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn bytes(&self) -> Result<u64, StoreError> {
        self.with(|db| {
            let number = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let bytes = number("page_count")? * number("page_size")?;
            Ok(bytes.unsigned_abs())
        })
        .await
    }

    /// Number of runs in each state; deleted ones do not count.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn runs_by_state(&self) -> Result<Vec<(&'static str, u64)>, StoreError> {
        self.with(|db| {
            let mut count = db
                .prepare_cached("SELECT count(*) FROM runs WHERE state = ?1 AND deleted IS NULL")?;
            let mut counts = Vec::new();
            for state in RunState::ALL {
                let state = state.as_str();
                let number: i64 = count.query_row([state], |row| row.get(0))?;
                counts.push((state, number.unsigned_abs()));
            }
            Ok(counts)
        })
        .await
    }
}
