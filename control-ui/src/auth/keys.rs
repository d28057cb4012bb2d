//! Named keys: making, finding, listing and revoking them.
//!
//! Invariant: the key itself exists in the answer that made it and nowhere else; the store has its hash.

use config::Secret;

use super::authority::Auth;
use super::sessions::hash;
use crate::api::problem::{Code, Problem};
use crate::auth::Scope;
use crate::random;
use crate::store::{KEYS, KeyRow};
use crate::time::Timestamp;

/// What every named key begins with, so that people and scanners of source code recognise one.
pub(super) const KEY_PREFIX: &str = "tfk_";

/// Characters of a key, with its prefix, that lists show.
const SHOWN: usize = KEY_PREFIX.len() + 8;

/// The last use of a key is written down again after this long, in milliseconds, not with each request.
const TOUCH_MS: i64 = 60 * 1_000;

impl Auth {
    /// Makes a key; it is told once.
    ///
    /// # Errors
    /// There is no room for it, or the store does not answer.
    pub async fn make_key(
        &self,
        name: String,
        scope: Scope,
        life_ms: Option<i64>,
    ) -> Result<(KeyRow, Secret), Problem> {
        let now = self.clock.now();
        let key = format!("{KEY_PREFIX}{}", hex::encode(random::bytes::<24>()));
        let row = KeyRow {
            id: hex::encode(random::bytes::<8>()),
            name,
            hash: hash(&key),
            prefix: key[..SHOWN].to_owned(),
            scope,
            created: now,
            expires: life_ms.map(|life| Timestamp(now.0 + life)),
            last_used: None,
        };
        if self.store.add_key(row.clone()).await? {
            return Ok((row, Secret::from(key)));
        }
        Err(Problem::new(
            Code::KeysTooMany,
            format!("there are {KEYS} keys, which is the limit; revoke one that is not used"),
        ))
    }

    /// All keys, oldest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn keys(&self) -> Result<Vec<KeyRow>, Problem> {
        Ok(self.store.keys().await?)
    }

    /// Ends a key at once, and the event streams that were opened with it.
    ///
    /// # Errors
    /// No such key, or the store does not answer.
    pub async fn revoke_key(&self, id: String) -> Result<KeyRow, Problem> {
        let key = self.store.remove_key(id).await?;
        self.somebody_left();
        key.ok_or_else(|| {
            Problem::new(
                Code::NotFound,
                "no key of this id; GET /api/keys lists them",
            )
        })
    }

    /// The key with this hash, if it is still good. A store that does not answer counts as no; one that takes no
    /// writing, on a full disk, does not: people must see what is wrong.
    pub(super) async fn good_key(&self, hash: String) -> Option<KeyRow> {
        let now = self.clock.now();
        let key = match self.store.key(hash.clone()).await {
            Ok(key) => key.filter(|key| key.is_good(now))?,
            Err(error) => {
                tracing::error!(error = %error, "a key cannot be checked");
                return None;
            }
        };
        if key.last_used.is_none_or(|last| now.0 - last.0 >= TOUCH_MS)
            && let Err(error) = self.store.touch_key(hash, now).await
        {
            tracing::warn!(error = %error, "the use of a key cannot be written down");
        }
        Some(key)
    }
}
