//! One hit, when a person asks for it.

use tracking::Answer;
use tracking::probe as questions;

use super::Asked;
use super::report::{Finding, State, Step};
use crate::delivery::Http;

/// Sends one marked page view, and says what its answer proves.
pub(super) async fn hit(asked: &Asked, http: &Http) -> Finding {
    if !asked.write_hit {
        return Finding::new(
            Step::Hit,
            State::Skipped,
            "hit.not_asked",
            "no hit was sent, because none was asked for",
        );
    }
    let visitor = format!("{:016x}", crate::chance::bits());
    let request = questions::hit(asked.target.site_id, &visitor);
    let reply = match http.ask(request).await {
        Ok(reply) => reply,
        Err(fault) => {
            let (_, message) = fault.words();
            return Finding::new(Step::Hit, State::Unknown, "hit.unclear", message);
        }
    };
    let answer = tracking::classify_single(
        reply.status,
        reply.content_type.as_deref(),
        reply.retry_after.as_deref(),
        &reply.body,
    );
    match answer {
        Answer::Accepted | Answer::AcceptedUnverified => Finding::ok(
            Step::Hit,
            "hit.accepted",
            format!(
                "Matomo took one page view, titled “{}”",
                questions::HIT_TITLE
            ),
        )
        .hint(
            "Matomo says the same of hits that it leaves out by its rules: see Visitors, Visits log, whether it is there",
        ),
        Answer::Rejected(reason) | Answer::NotMatomo(reason) => Finding::failed(
            Step::Hit,
            "hit.refused",
            format!("the page view was refused: {}", reason.message),
        ),
        Answer::RetryLater { reason, .. } | Answer::Unknown(reason) => Finding::new(
            Step::Hit,
            State::Unknown,
            "hit.unclear",
            format!("whether the page view was taken is not known: {}", reason.message),
        ),
        Answer::TooLarge => Finding::failed(
            Step::Hit,
            "hit.refused",
            "the server refused one page view as too large",
        ),
    }
}
