//! The account of a run: everything it left, in one piece, with the sums that must come out.
//!
//! Invariant: a figure that nobody knows is left out and said to be missing, never guessed.

use super::days::kinds;
use super::record::Run;
use super::shard::Shard;
use super::{RunId, Runs};
use crate::api::problem::Problem;
use crate::api::view::{Account, AttemptView, DayView, RunAccount, RunKeys, SumCheck, Throughput};
use crate::time::Timestamp;

/// The reason under which loaders remark hits that were sent again in doubt.
const DOUBLE: &str = "double.possible";

impl Runs {
    /// The account of a run, as far as it got.
    ///
    /// # Errors
    /// No such run, or the store does not answer.
    pub async fn account(&self, id: &RunId) -> Result<RunAccount, Problem> {
        let run = self.entry(id).await?.run.lock().await.clone();
        let days = self.days_of(&run).await?;
        Ok(account(&run, days, self.needs().clock.now()))
    }
}

fn account(run: &Run, days: Vec<DayView>, now: Timestamp) -> RunAccount {
    let figures = run.figures();
    let doubles = figures.reasons.iter().filter(|said| said.code == DOUBLE);
    RunAccount {
        run: run.id.to_string(),
        name: run.name.clone(),
        kind: run.kind,
        state: run.state(),
        outcome_reason: run.outcome_reason.clone(),
        target: run.target.clone(),
        created_at: run.created_at,
        started_at: run.started_at,
        ended_at: run.ended_at,
        drawn_up_at: now,
        keys: RunKeys {
            seed: run.seed,
            population: run.population.clone(),
            origin: run.origin,
            trial: run.trial,
            config: run.config.clone(),
        },
        account: figures.account,
        by_kind: kinds(days.iter().map(|day| day.by_kind.clone())),
        possible_doubles: doubles.map(|said| said.hits).sum(),
        unverified: figures.unverified,
        throughput: throughput(run, figures.account, figures.requests, now),
        latency_ms: figures.latency_ms,
        latency_histogram: figures.latency_histogram,
        lateness_ms: figures.lateness_ms,
        attempts: attempts(&run.shards),
        checks: checks(run, figures.account, &days),
        not_known: not_known(run, figures.account, &days),
        next_steps: run.next_steps(),
        reasons: figures.reasons,
        days,
    }
}

impl Run {
    /// Seconds in which its loaders worked, that of them that worked for longest.
    pub(super) fn active_s(&self, now: Timestamp) -> f64 {
        let times = self.shards.iter().map(|shard| active_s(shard, now));
        times.fold(0.0, f64::max)
    }
}

/// Seconds in which one loader worked.
fn active_s(shard: &Shard, now: Timestamp) -> f64 {
    let ms = |end: Timestamp, start: Timestamp| (end.0 - start.0).max(0);
    let attempts = shard.attempts.iter();
    let worked: i64 = attempts
        .map(|attempt| ms(attempt.ended_at.unwrap_or(now), attempt.started_at))
        .sum();
    seconds(worked)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a run of years is far from 2^53 ms"
)]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a mean is said with a few digits"
)]
fn throughput(
    run: &Run,
    account: Option<Account>,
    requests: Option<u64>,
    now: Timestamp,
) -> Throughput {
    let active_s = run.active_s(now);
    let settled = account.map(|account| account.planned - account.remaining);
    let settled = settled.filter(|_| active_s >= 1.0);
    Throughput {
        active_s,
        hits_per_s: settled.map(|settled| settled as f64 / active_s),
        requests,
    }
}

fn attempts(shards: &[Shard]) -> Vec<AttemptView> {
    let mut views = Vec::new();
    for (shard, loader) in shards.iter().zip(1..) {
        let mut before: Option<Timestamp> = None;
        for attempt in &shard.attempts {
            views.push(AttemptView {
                number: attempt.number,
                loader,
                started_at: attempt.started_at,
                ended_at: attempt.ended_at,
                gap_s: before.map(|ended| seconds((attempt.started_at.0 - ended.0).max(0))),
                hits: attempt.ended_at.map(|_| attempt.hits()),
                reason: attempt.reason.clone(),
            });
            before = attempt.ended_at.or(before);
        }
    }
    views.sort_by_key(|view| (view.number, view.loader));
    views
}

fn checks(run: &Run, account: Option<Account>, days: &[DayView]) -> Vec<SumCheck> {
    let check = |sum: &str, parts: u64, whole: u64| SumCheck {
        sum: sum.to_owned(),
        parts,
        whole,
        adds_up: parts == whole,
    };
    let Some(all) = account else {
        return Vec::new();
    };
    let mut checks = vec![check(
        "accepted + rejected + failed + unknown + skipped + remaining = planned",
        states(&all),
        all.planned,
    )];
    if run.shards.len() > 1 {
        let loaders = run.shards.iter().filter_map(|shard| shard.figures.account);
        checks.push(check(
            "hits of all loaders = planned",
            loaders.map(|account| account.planned).sum(),
            all.planned,
        ));
    }
    if days.is_empty() {
        return checks;
    }
    let of = |part: fn(&Account) -> u64| days.iter().map(|day| part(&day.account)).sum();
    checks.push(check(
        "hits of all days = planned",
        of(|day| day.planned),
        all.planned,
    ));
    checks.push(check(
        "accepted of all days = accepted",
        of(|day| day.accepted),
        all.accepted,
    ));
    checks.push(check(
        "hits of each day in their states = hits of the days",
        of(states),
        of(|day| day.planned),
    ));
    let kinds = days.iter().flat_map(|day| day.by_kind.values());
    checks.push(check(
        "hits of all kinds = hits of the days",
        kinds.map(|hits| hits.planned).sum(),
        of(|day| day.planned),
    ));
    checks
}

/// All states together.
fn states(account: &Account) -> u64 {
    account.accepted
        + account.rejected
        + account.failed
        + account.unknown
        + account.skipped
        + account.remaining
}

fn not_known(run: &Run, account: Option<Account>, days: &[DayView]) -> Vec<String> {
    let mut told = Vec::new();
    match account {
        None => told.push("No loader reported: nothing is known of this run's hits.".to_owned()),
        Some(account) if account.unknown > 0 => told.push(format!(
            "Of {} hits no answer came: Matomo may or may not have recorded them.",
            account.unknown
        )),
        Some(_) => {}
    }
    if let Some(doubt) = &run.doubt {
        told.push(format!("{}.", doubt.message));
    }
    if days.is_empty() && account.is_some() {
        let why = match run.state().is_active() {
            true => "No loader told of a day yet.",
            false => "No loader told of single days: the account is of the whole run alone.",
        };
        told.push(why.to_owned());
    }
    if run.state().is_active() {
        told.push("The run goes on: days and totals were said at different moments.".to_owned());
    }
    told
}
