//! How Matomo is spoken: hits as tracking requests, single and bulk, and what its answers prove.
//!
//! For: the one place that knows Matomo's parameter names and the meaning of its replies (Matomo 5,
//! `core/Tracker` and `plugins/BulkTracking`, and measurements on a real 5.2). Not for: sending
//! anything, deciding what visitors do, retrying. Invariants: no I/O, no clock; a token travels in a
//! POST body and is never part of a query or of anything printable.

mod action;
mod answer;
mod bots;
mod bulk_answer;
mod campaign;
mod encode;
mod hit;
mod identity;
mod kind;
mod order;
mod page;
pub mod probe;
mod query;
pub mod reporting;
mod request;
mod text;

pub use action::{Action, Content, Event, Goal, Search};
pub use answer::{Answer, MAX_RETRY_AFTER, Reason, classify_single};
pub use bots::in_bot_range;
pub use bulk_answer::{BulkAnswer, classify_bulk};
pub use campaign::{CampaignStyle, CampaignTags};
pub use hit::{Hit, LocalTime};
pub use identity::{Features, Identity, IdentityParts, Location};
pub use kind::Kind;
pub use order::{Cart, Cents, Item, Order};
pub use page::{Dimension, PageTimings, PageView, PageViewId, Shown, ShownProduct};
pub use request::{BulkBody, Method, Request, single};
pub use text::Text;
