//! What Matomo said of a site when a connection was last tested with a token that may see it.

use run_report::connection::SiteFacts;
use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};
use crate::time::Timestamp;

/// Sites kept. When full, the one read longest ago is forgotten, and its time zone is unknown until the next test.
const SITES: u32 = 500;

/// A site as Matomo described it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenSite {
    /// What it said.
    pub facts: SiteFacts,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Remembers what Matomo at `host` said of a site.
    pub(crate) async fn see_site(
        &self,
        (host, site_id): (String, u32),
        facts: SiteFacts,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.with(move |db| {
            db.execute(
                "INSERT INTO sites (host, site_id, facts, read_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (host, site_id) DO UPDATE SET facts = excluded.facts, read_at = excluded.read_at",
                params![host, site_id, serde_json::to_string(&facts)?, now.0],
            )?;
            db.execute(
                "DELETE FROM sites WHERE (host, site_id) NOT IN
                 (SELECT host, site_id FROM sites ORDER BY read_at DESC LIMIT ?1)",
                [SITES],
            )?;
            Ok(())
        })
        .await
    }

    /// What Matomo said of a site, if it was asked.
    pub(crate) async fn seen_site(
        &self,
        host: String,
        site_id: u32,
    ) -> Result<Option<SeenSite>, StoreError> {
        self.with(move |db| {
            let row = db
                .query_row(
                    "SELECT facts, read_at FROM sites WHERE host = ?1 AND site_id = ?2",
                    params![host, site_id],
                    |row| Ok((row.get::<_, String>(0)?, row.get(1)?)),
                )
                .optional()?;
            let seen = row.map(|(facts, at)| {
                let facts = serde_json::from_str(&facts)?;
                let at = Timestamp(at);
                Ok(SeenSite { facts, at })
            });
            seen.transpose()
        })
        .await
    }
}
