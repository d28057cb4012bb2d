//! Hosts that a person confirmed as targets.

use rusqlite::params;

use super::{Store, StoreError};
use crate::time::Timestamp;

/// Confirmed hosts kept. When full, the oldest must be confirmed again.
const HOSTS: u32 = 500;

/// A host that a person typed back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmedHost {
    /// The host.
    pub host: String,
    /// When it was typed back last.
    pub at: Timestamp,
    /// By whom; not known of what an older version kept.
    pub who: Option<String>,
}

impl Store {
    /// Remembers a host that `who` typed back.
    pub(crate) async fn confirm(
        &self,
        host: String,
        who: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute(
                "INSERT INTO confirmations (host, confirmed_at, who) VALUES (?1, ?2, ?3)
                 ON CONFLICT (host) DO UPDATE SET confirmed_at = excluded.confirmed_at, who = excluded.who",
                params![host, now.0, who],
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

    /// Forgets a host. False when it was not confirmed.
    pub(crate) async fn forget_confirmation(&self, host: String) -> Result<bool, StoreError> {
        self.with(move |db| {
            let deleted = db.execute("DELETE FROM confirmations WHERE host = ?1", [host])?;
            Ok(deleted > 0)
        })
        .await
    }

    /// All confirmed hosts, by name.
    pub(crate) async fn confirmations(&self) -> Result<Vec<ConfirmedHost>, StoreError> {
        self.with(|db| {
            let mut hosts =
                db.prepare("SELECT host, confirmed_at, who FROM confirmations ORDER BY host")?;
            let hosts = hosts.query_map([], |row| {
                Ok(ConfirmedHost {
                    host: row.get(0)?,
                    at: Timestamp(row.get(1)?),
                    who: row.get(2)?,
                })
            })?;
            Ok(hosts.collect::<Result<_, _>>()?)
        })
        .await
    }
}
