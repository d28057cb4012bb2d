//! One line of the journal.
//!
//! Invariant: a line that broke off is not a line, whatever it began with.

use std::collections::BTreeMap;
use std::io;

use run_report::HitOutcome;
use serde::{Deserialize, Serialize};

use super::Places;
use crate::ledger::Cause;

/// Something that happened to hits, which are named by their visit's ordinal and their places in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// They are about to be sent.
    #[serde(rename = "i")]
    Intent(BTreeMap<u64, Places>),
    /// They surely were not recorded, and are not settled.
    #[serde(rename = "w")]
    Withdrawn(BTreeMap<u64, Places>),
    /// They are settled.
    #[serde(rename = "s")]
    Settled {
        /// Which.
        hits: BTreeMap<u64, Places>,
        /// In which state.
        outcome: HitOutcome,
        /// Why, and with what reservation.
        #[serde(flatten)]
        why: Why,
    },
    /// A remark on accepted hits: code, message, their number.
    #[serde(rename = "r")]
    Remarked(String, String, u64),
}

/// What the account says of settled hits beside their state.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// Code and message of the reason; `None` for plain acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<(String, String)>,
    /// Accepted, but Matomo only queued them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
}

impl Why {
    /// As the ledger is told.
    #[must_use]
    pub fn new(cause: Option<&Cause>, unverified: bool) -> Self {
        Self {
            cause: cause.map(|cause| (cause.code.to_string(), cause.message.to_string())),
            unverified,
        }
    }

    /// The reason as the ledger takes it.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        let cause = self.cause.clone();
        cause.map(|(code, message)| Cause::of(code, message))
    }
}

impl Record {
    /// The record as a line; on a line of its own even when the one before broke off.
    pub(super) fn to_line(&self, after_torn: bool) -> io::Result<Vec<u8>> {
        let mut line = Vec::with_capacity(256);
        if after_torn {
            line.push(b'\n');
        }
        serde_json::to_writer(&mut line, self)?;
        line.push(b'\n');
        Ok(line)
    }

    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}
