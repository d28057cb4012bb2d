//! Hosts that a person confirmed as targets.

use rusqlite::params;

use super::{Store, StoreError};
use crate::time::Timestamp;

/// Confirmed hosts kept. When full, the oldest must be confirmed again.
const HOSTS: u32 = 500;

impl Store {
    /// Remembers a host that was typed back.
    pub(crate) async fn confirm(&self, host: String, now: Timestamp) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute(
                "INSERT INTO confirmations (host, confirmed_at) VALUES (?1, ?2)
                 ON CONFLICT (host) DO UPDATE SET confirmed_at = excluded.confirmed_at",
                params![host, now.0],
            )?;
            db.execute(
                "DELETE FROM confirmations WHERE host NOT IN
                 (SELECT host FROM confirmations ORDER BY confirmed_at DESC LIMIT ?1)",
                [HOSTS],
            )?;
            Ok(())
        })
        .await
    }

    /// All confirmed hosts, by name.
    pub(crate) async fn confirmed_hosts(&self) -> Result<Vec<String>, StoreError> {
        self.with(|db| {
            let mut hosts = db.prepare("SELECT host FROM confirmations ORDER BY host")?;
            let hosts = hosts.query_map([], |row| row.get(0))?;
            Ok(hosts.collect::<Result<_, _>>()?)
        })
        .await
    }
}
