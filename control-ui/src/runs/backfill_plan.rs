//! What a backfill would do, before anybody decides to let it.
//!
//! Starts nothing. Invariant: what is not known is said to be unknown, with the reason.

use std::sync::Arc;

use config::RunPlan;

use super::Runs;
use super::prepare::{aimed_at, problem};
use super::record::Run;
use super::site;
use super::window::PlannedDays;
use crate::api::backfill::{BackfillPlanRequest, BackfillPlanView};
use crate::api::problem::{ConfigProblem, Problem};
use crate::api::runs::create::NewRun;
use crate::api::view::TargetView;
use crate::configuration::{self, Basis, apart, figures};
use crate::time::Timestamp;

/// Settled hits below which a run says nothing about a site's speed.
const TELLING_HITS: u64 = 1_000;

/// What the configuration alone decides.
struct Outline {
    plan: RunPlan,
    target: TargetView,
    planned: PlannedDays,
    hits_per_visit: Option<f64>,
    /// Visits a second that it does not exceed.
    limit: Option<f64>,
    warnings: Vec<ConfigProblem>,
}

impl Runs {
    /// What a backfill of this configuration would do.
    ///
    /// # Errors
    /// The configuration has problems or is not one of a backfill, or the store does not answer.
    pub async fn plan_backfill(
        &self,
        request: BackfillPlanRequest,
    ) -> Result<BackfillPlanView, Problem> {
        let new = NewRun {
            use_configuration: request.use_configuration,
            preset: request.preset,
            use_practice_target: request.use_practice_target,
            ..NewRun::default()
        };
        let people = self.people_of(request.same_people_as.as_deref()).await?;
        let basis = self.basis_of(&new).await?;
        let (now, settings) = (self.needs().clock.now(), Arc::clone(&self.needs().settings));
        let config = match (&settings.practice, new.use_practice_target) {
            (Some(practice), true) => Some(aimed_at(practice, request.config)),
            _ => request.config,
        };
        let mut outline = apart(move || outline(&basis, config, now)).await??;
        if let Some(other) = people {
            outline
                .warnings
                .extend(self.later_people(&other, &outline.planned).await?);
        }
        let overlaps = self.overlaps(&outline.target, &outline.planned.window);
        let overlaps = overlaps.await?;
        let speed = self.speed_of(&outline.target).await?;
        let (host, site_id) = (outline.target.host.clone(), outline.target.site_id);
        let seen = self.needs().store.seen_site(host, site_id).await?;
        let window = &outline.planned.window;
        let days = (window.first, window.last);
        let ours = outline.plan.load.time_zone;
        let better = seen
            .as_ref()
            .and_then(|seen| site::better_zone(ours, &seen.facts, days.0, days.1));
        if let Some(seen) = &seen {
            let warnings = site::warnings(&outline.plan, &seen.facts, days);
            outline.warnings.extend(warnings);
        }
        Ok(BackfillPlanView {
            site_time_zone_unknown: seen.is_none().then(|| site::ZONE_UNKNOWN.to_owned()),
            better_time_zone: better.map(|zone| zone.name().to_owned()),
            site_seen_at: seen.as_ref().map(|seen| seen.at),
            site_time_zone: seen.map(|seen| seen.facts.time_zone),
            ..view(outline, speed, overlaps)
        })
    }

    /// Hits a second of earlier backfills into a site, and the number of these runs.
    async fn speed_of(&self, target: &TargetView) -> Result<Option<(f64, usize)>, Problem> {
        let store = &self.needs().store;
        let rows = store.backfills_into(target.host.clone(), target.site_id);
        let (mut settled, mut active_s, mut runs) = (0, 0.0, 0);
        for row in rows.await? {
            let run = Run::from_row(row).map_err(|error| Problem::internal(&error))?;
            let account = run.figures().account.unwrap_or_default();
            let hits = account.accepted + account.rejected + account.unknown;
            let took = run.active_s(self.needs().clock.now());
            if hits >= TELLING_HITS && took > 0.0 {
                settled += hits;
                active_s += took;
                runs += 1;
            }
        }
        Ok((runs > 0).then(|| (as_f64(settled) / active_s, runs)))
    }

    /// Warns when the people's days of another run lie after these: Matomo sees people as returning in time order only.
    async fn later_people(
        &self,
        other: &Run,
        planned: &PlannedDays,
    ) -> Result<Option<ConfigProblem>, Problem> {
        let last = self.days_of(other).await?.last().map(|day| day.day);
        let message = format!(
            "run {} has days after {}; Matomo sees its people as returning in time order only, so there they stay new",
            other.name, planned.window.first
        );
        let warning = problem(
            "/same_people_as",
            "people.later",
            &message,
            "take new people, or days after those of that run",
        );
        Ok(last
            .filter(|last| planned.window.first < *last)
            .map(|_| warning))
    }
}

fn outline(
    basis: &Basis,
    config: Option<serde_json::Value>,
    now: Timestamp,
) -> Result<Outline, Problem> {
    let checked = basis.check(config);
    let mut problems = configuration::problems(&checked.problems);
    let Some(plan) = checked.plan.filter(|_| problems.is_empty()) else {
        return Err(Problem::invalid(problems));
    };
    let Some(planned) = PlannedDays::of(&plan, plan.audience.seed.unwrap_or_default(), now) else {
        problems.push(problem(
            "/backfill/enabled",
            "backfill.off",
            "this configuration sends in real time and fills no past days",
            "set it to true",
        ));
        return Err(Problem::invalid(problems));
    };
    Ok(Outline {
        target: super::prepare::target(&plan)?,
        planned,
        hits_per_visit: figures::hits_per_visit(&plan),
        limit: plan
            .backfill
            .as_ref()
            .and_then(|backfill| backfill.visits_per_second),
        plan,
        warnings: configuration::problems(&checked.warnings),
    })
}

fn view(
    outline: Outline,
    speed: Option<(f64, usize)>,
    overlaps: Vec<crate::api::backfill::BackfillOverlap>,
) -> BackfillPlanView {
    let Outline {
        plan: _,
        target,
        planned,
        hits_per_visit,
        limit,
        warnings,
    } = outline;
    let visits: u64 = planned.days.iter().map(|day| day.visits).sum();
    let fullest = planned
        .days
        .iter()
        .map(|day| day.visits)
        .max()
        .unwrap_or_default();
    let hits = hits_per_visit.map(|each| each * as_f64(visits));
    let least_s = limit.map_or(0.0, |limit| as_f64(visits) / limit);
    let duration = hits
        .zip(speed)
        .map(|(hits, (speed, _))| (hits / speed).max(least_s));
    let duration_basis = match (speed, hits) {
        (None, _) => "unknown: no backfill into this site has settled 1,000 hits yet".to_owned(),
        (_, None) => "unknown: no visit of this configuration can be simulated".to_owned(),
        (Some((speed, runs)), Some(_)) => {
            let whose = match runs {
                1 => "the mean of one earlier backfill".to_owned(),
                _ => format!("the mean of {runs} earlier backfills"),
            };
            format!("{speed:.0} hits a second, {whose} into this site")
        }
    };
    BackfillPlanView {
        target,
        window: planned.window,
        site_time_zone: None,
        better_time_zone: None,
        site_seen_at: None,
        site_time_zone_unknown: None,
        visits,
        hits_estimate: hits.map(whole),
        visits_simulated: hits.map_or(0, |_| figures::VISITS_SIMULATED),
        rows_per_day_estimate: hits_per_visit.map(|each| whole((each + 1.0) * as_f64(fullest))),
        duration_s_estimate: duration,
        duration_basis,
        warnings,
        overlaps,
        days: planned.days,
    }
}

#[expect(clippy::cast_precision_loss, reason = "an estimate has two digits")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of hits is positive and far from 2^64"
)]
fn whole(count: f64) -> u64 {
    count.round() as u64
}
