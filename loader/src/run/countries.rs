//! Whether visitors get addresses of their own: only once Matomo has honoured the token.
//!
//! The question records no hit. Invariant: without a proven token no hit names an address.

use std::time::Duration;

use config::{Countries, RunPlan};
use tracking::probe::{self, TokenAnswer};

use crate::delivery::{SendError, Transport};
use crate::state_dir::Checkpoint;

/// How often the question is asked when nobody answers it.
const ATTEMPTS: u32 = 3;

/// Wait between two attempts.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(1);

/// Longest time for the question in all; a target that has not answered by then does not hold up the start.
const LONGEST: Duration = Duration::from_secs(10);

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// The token is proven.
    On,
    /// As the plan says.
    Off,
    /// Off although the plan would have had them on if it could; says why.
    OffBecause(String),
    /// The plan insists and the token does not do; says why and what to do.
    Refused(String),
}

/// Asks the target, if the plan wants countries and there is a token. A backfill keeps what its first attempt found.
pub(super) async fn decide(
    plan: &RunPlan,
    transport: &impl Transport,
    earlier: Option<&Checkpoint>,
) -> Decision {
    let target = &plan.targets[0];
    let insists = match plan.audience.countries {
        Countries::Off => return Decision::Off,
        Countries::Auto => false,
        Countries::On => true,
    };
    let Some(token) = &target.token else {
        return if insists {
            Decision::Refused(
                "visitor countries need a token, and there is none: set MATOMO_TOKEN_AUTH, or switch countries off"
                    .to_owned(),
            )
        } else {
            Decision::Off
        };
    };
    match earlier.and_then(|earlier| earlier.backfill.as_ref()) {
        Some(backfill) if !insists && backfill.countries => return Decision::On,
        Some(_) if !insists => return Decision::Off,
        _ => {}
    }
    let question = ask(transport, || probe::token(target.site_id, token.expose()));
    let problem = match tokio::time::timeout(LONGEST, question).await {
        Err(_) => format!(
            "the token could not be proven: no answer within {} s",
            LONGEST.as_secs()
        ),
        Ok(Ok(TokenAnswer::Accepted)) => return Decision::On,
        Ok(Ok(TokenAnswer::Refused)) => format!(
            "Matomo refuses the token for site {}: it needs write or admin access there (and the site must exist)",
            target.site_id
        ),
        Ok(Ok(TokenAnswer::Unclear(reason))) => {
            format!("the token could not be proven: {}", reason.message)
        }
        Ok(Err(error)) => format!("the token could not be proven: {error}"),
    };
    if insists {
        Decision::Refused(format!(
            "{problem}; give a token that works, or switch visitor countries off"
        ))
    } else {
        Decision::OffBecause(format!(
            "{problem}; visitors get no addresses and countries of their own in this run"
        ))
    }
}

async fn ask(
    transport: &impl Transport,
    request: impl Fn() -> tracking::Request,
) -> Result<TokenAnswer, SendError> {
    let mut attempt = 1;
    loop {
        match transport.send(request()).await {
            Ok(reply) => {
                let content_type = reply.content_type.as_deref();
                return Ok(probe::classify_token(
                    reply.status,
                    content_type,
                    &reply.body,
                ));
            }
            Err(error) if ATTEMPTS <= attempt => return Err(error),
            Err(_) => {
                attempt += 1;
                tokio::time::sleep(BETWEEN_ATTEMPTS).await;
            }
        }
    }
}
