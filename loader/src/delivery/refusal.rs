//! What is behind a refusal: whether Matomo's database is away, and what Matomo itself noted.
//!
//! It settles nothing. Invariants: at most one question about the database is under way, shared by all who wait for it;
//! what Matomo noted is asked for once a minute at most.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracking::probe;
use tracking::reporting::{self, ApiAnswer, Question};

use super::{Delivery, Transport};
use crate::ledger::Cause;

/// Time between two questions for what Matomo noted.
const ASK_EVERY: Duration = Duration::from_secs(60);

/// The database is away.
pub(super) const AWAY: Cause = Cause::fixed(
    "matomo.database",
    "Matomo has no database at the moment: it answers hits as if it refused them, and a question for its database with \
     an error; nothing was recorded",
);

/// What was asked, and when.
#[derive(Default)]
pub(super) struct Refusals {
    /// When the database was asked for, and whether it was away.
    database: tokio::sync::Mutex<Option<(Instant, bool)>>,
    noted: Mutex<Option<Instant>>,
}

impl<T: Transport> Delivery<T> {
    /// Whether a hit that was refused just now was so because the database is away.
    pub(super) async fn database_is_away(&self) -> bool {
        let refused = Instant::now();
        let mut known = self.refusals.database.lock().await;
        if let Some((asked, away)) = *known
            && refused <= asked
        {
            return away;
        }
        let asked = Instant::now();
        if let Some(rate) = &self.rate {
            rate.turn().await;
        }
        self.ledger.request(self.clock.now_us(), []);
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        let question = probe::database(self.ledger.site_id());
        let answer = tokio::select! {
            biased;
            () = self.halt.cancelled() => None,
            answer = self.transport.send(question) => answer.ok(),
        };
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        let away = answer.is_some_and(|reply| probe::database_is_away(reply.status, &reply.body));
        *known = Some((asked, away));
        away
    }

    /// Finds out why hits were rejected with this code, if Matomo tells the bearer of the token.
    pub(super) async fn explain(&self, code: &str) {
        let Some(token) = self.token.as_ref().filter(|_| self.may_ask_again()) else {
            return;
        };
        let question = reporting::ask(Question::TrackingFailures, token.expose());
        let answer = tokio::select! {
            biased;
            () = self.halt.cancelled() => None,
            answer = self.transport.ask_api(question) => answer,
        };
        let Some(ApiAnswer::Value(value)) = answer.as_deref().map(reporting::read) else {
            return;
        };
        let noted = reporting::failures(&value, self.ledger.site_id());
        if !noted.is_empty() {
            let message = format!(
                "Matomo refused the hit; among its tracking failures of the last two days it noted for this site: {}",
                noted.join("; ")
            );
            self.ledger.explain(code, &message);
        }
    }

    fn may_ask_again(&self) -> bool {
        let mut asked = self
            .refusals
            .noted
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let due = asked.is_none_or(|asked| ASK_EVERY <= asked.elapsed());
        if due {
            *asked = Some(Instant::now());
        }
        due
    }
}
