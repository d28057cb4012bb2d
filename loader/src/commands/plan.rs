//! `loader plan`: how much a run will send, how fast, and when it ends.
//!
//! Figures that are not in the configuration are measured on simulated visits, and say so.

use chrono::DateTime;
use config::{Countries, Pacing, RunPlan};
use serde::Serialize;
use simulation::{Arrival, BackfillDay, Pace, Simulation};

use super::{CommandError, DONE, say, warn};
use crate::cli::{Format, PlanArgs};
use crate::input;
use crate::run::{Given, TRIAL_VISITS_PER_SECOND, draw_keys};

/// Visits that are simulated for an estimate.
const SIMULATED: usize = 500;

/// Places in the days of a backfill from which some of them are taken.
const PLACES: u64 = 50;

/// The answer, in the shape of `--format json`.
#[derive(Debug, Serialize)]
struct Overview {
    target: String,
    site_id: u32,
    token: bool,
    countries: &'static str,
    visits_per_day: f64,
    visits_per_second: f64,
    visits_planned: Option<u64>,
    hits_per_visit_estimate: f64,
    hits_per_day_estimate: f64,
    hits_per_second_estimate: f64,
    /// Number of visits behind the estimates.
    simulated_visits: u64,
    /// The days, when past days are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    backfill: Option<Past>,
    pacing: String,
    method: String,
    concurrency: u16,
    stops: Vec<String>,
    seed: u64,
    population: String,
    origin: String,
}

/// Past days in figures.
#[derive(Debug, Serialize)]
struct Past {
    first: String,
    last: String,
    days: usize,
    time_zone: String,
    /// Visits of each day, ascending.
    visits_by_day: Vec<u64>,
    hits_estimate: f64,
    /// How long it takes at the limit on visits a second; `None` without one, since it depends on the target then.
    seconds_at_least: Option<f64>,
}

impl Past {
    fn of(plan: &RunPlan, simulation: &Simulation, hits_per_visit: f64) -> Option<Self> {
        let backfill = plan.backfill.as_ref()?;
        let days = simulation.backfill_days();
        let visits_by_day: Vec<u64> = days.iter().map(|day| day.visits).collect();
        let visits: u64 = visits_by_day.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let visits = visits as f64;
        let day = |day: Option<&BackfillDay>| day.map_or(String::new(), |day| day.day.to_string());
        Some(Self {
            first: day(days.first()),
            last: day(days.last()),
            days: days.len(),
            time_zone: plan.load.time_zone.name().to_owned(),
            hits_estimate: (hits_per_visit * visits).round(),
            seconds_at_least: backfill.visits_per_second.map(|rate| visits / rate),
            visits_by_day,
        })
    }

    fn visits(&self) -> u64 {
        self.visits_by_day.iter().sum()
    }

    fn tell(&self, simulated: u64) -> String {
        let fewest = self.visits_by_day.iter().min().copied().unwrap_or(0);
        let most = self.visits_by_day.iter().max().copied().unwrap_or(0);
        let a_day = match fewest == most {
            true => format!("{most}"),
            false => format!("{fewest} to {most}"),
        };
        let takes = match self.seconds_at_least {
            Some(seconds) => format!("at least {:.0} s, at the limit on visits", seconds),
            None => "unknown: as fast as the target and the limits allow".to_owned(),
        };
        format!(
            "days        {} to {}, {} days in {}\n\
             visits      {} in all, {a_day} a day\n\
             hits        {:.0} in all (estimated from {} simulated visits)\n\
             takes       {takes}\n",
            self.first,
            self.last,
            self.days,
            self.time_zone,
            self.visits(),
            self.hits_estimate,
            simulated
        )
    }
}

pub(super) fn plan(args: &PlanArgs) -> Result<u8, CommandError> {
    let (plan, warnings) = input::plan(input::check(&args.common, None)?)?;
    warn(&warnings);
    let overview = overview(args, &plan)?;
    let text = match args.format {
        Format::Json => {
            serde_json::to_string_pretty(&overview).map_err(std::io::Error::from)? + "\n"
        }
        Format::Text => tell(&overview),
    };
    say(&text)?;
    Ok(DONE)
}

fn overview(args: &PlanArgs, plan: &RunPlan) -> Result<Overview, CommandError> {
    let keys = draw_keys(&Given {
        seed: plan.audience.seed,
        population: plan.audience.population.clone(),
        origin_ms: args.common.origin.map(|origin| origin.timestamp_millis()),
    });
    let origin = DateTime::from_timestamp_millis(keys.origin_ms).unwrap_or_default();
    let simulation = Simulation::new(plan, keys.clone(), false)?;
    let sample = sample(&simulation, args.common.trial.is_none());
    let hits: usize = sample
        .iter()
        .map(|arrival| simulation.visit(arrival).hits.len())
        .sum();
    let simulated_visits = sample.len() as u64;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand hits")]
    let hits_per_visit = hits as f64 / simulated_visits.max(1) as f64;
    let visits_per_day = match args.common.trial {
        Some(_) => TRIAL_VISITS_PER_SECOND * 86_400.0,
        None => match &plan.backfill {
            Some(backfill) => f64::from(backfill.visits_per_day),
            None => plan.load.visits_on_a_day(),
        },
    };
    let past = match args.common.trial {
        Some(_) => None,
        None => Past::of(plan, &simulation, hits_per_visit),
    };
    let target = &plan.targets[0];
    Ok(Overview {
        target: target.url.to_string(),
        site_id: target.site_id,
        token: target.token.is_some(),
        countries: match (plan.audience.countries, &target.token) {
            (Countries::Off, _) | (Countries::Auto, None) => "off",
            (Countries::Auto, Some(_)) => "on if Matomo accepts the token",
            (Countries::On, _) => "on",
        },
        visits_per_day,
        visits_per_second: per_second(args, plan),
        visits_planned: match &past {
            Some(past) => Some(past.visits()),
            None => args.common.trial.or(plan.load.stop.after_visits),
        },
        hits_per_visit_estimate: hits_per_visit,
        hits_per_day_estimate: (hits_per_visit * visits_per_day).round(),
        hits_per_second_estimate: hits_per_visit * per_second(args, plan),
        simulated_visits,
        pacing: match plan.load.pacing {
            _ if past.is_some() => "backfill".to_owned(),
            Pacing::Live => "live".to_owned(),
            Pacing::Compressed {
                pause_min,
                pause_max,
            } => format!(
                "compressed, pauses of {} to {} s",
                pause_min.as_secs_f64(),
                pause_max.as_secs_f64()
            ),
        },
        backfill: past,
        method: format!("{:?}", plan.delivery.method).to_lowercase(),
        concurrency: plan.load.concurrency,
        stops: stops(plan, args.common.trial),
        seed: keys.seed,
        population: keys.population,
        origin: origin.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
    })
}

/// Visits to measure: some of all over the days of a backfill, if its days are sent, and else those of a trial.
fn sample(simulation: &Simulation, days: bool) -> Vec<Arrival> {
    let visits: u64 = match days {
        true => simulation
            .backfill_days()
            .iter()
            .map(|day| day.visits)
            .sum(),
        false => 0,
    };
    if visits == 0 {
        let pace = Pace::Trial {
            visits: SIMULATED as u64,
            per_second: TRIAL_VISITS_PER_SECOND,
        };
        return simulation.arrivals(pace).collect();
    }
    let some = |place: u64| {
        let mut arrivals = simulation.arrivals(Pace::Backfill);
        arrivals.seek(visits * place / PLACES);
        let until = visits * (place + 1) / PLACES;
        arrivals
            .take_while(move |arrival| arrival.ordinal < until)
            .take(SIMULATED / PLACES as usize)
    };
    (0..PLACES).flat_map(some).collect()
}

/// Mean rate of visits outside of quiet hours; of past days the limit, 0 without one.
fn per_second(args: &PlanArgs, plan: &RunPlan) -> f64 {
    match (args.common.trial, &plan.backfill) {
        (Some(_), _) => TRIAL_VISITS_PER_SECOND,
        (None, Some(backfill)) => backfill.visits_per_second.unwrap_or_default(),
        (None, None) => f64::from(plan.load.visits_per_day) / 86_400.0,
    }
}

fn stops(plan: &RunPlan, trial: Option<u64>) -> Vec<String> {
    let rules = &plan.load.stop;
    let window = rules.guard_window.as_secs();
    let mut stops = Vec::new();
    let backfill = plan.backfill.as_ref().filter(|_| trial.is_none());
    let past = backfill.is_some();
    match backfill.map(|backfill| backfill.run_once) {
        Some(true) => stops.push("ends with its last day".to_owned()),
        Some(false) => stops.push(format!(
            "goes on in real time behind its last day, {} visits a day",
            plan.load.visits_per_day
        )),
        None => {}
    }
    if let (Some(visits), false) = (trial.or(rules.after_visits), past) {
        stops.push(format!("ends after {visits} visits"));
    }
    if let Some(hits) = rules.after_hits {
        stops.push(format!("ends before it would send more than {hits} hits"));
    }
    if let Some(after) = rules.after {
        stops.push(format!("ends after {:.1} h", after.as_secs_f64() / 3_600.0));
    }
    if let (Some(visits), None, false) = (rules.visits_per_window, trial, past) {
        stops.push(format!("pauses at {visits} visits in 24 hours"));
    }
    if let Some(percent) = rules.error_percent {
        stops.push(format!(
            "stops itself when more than {percent} % of the hits fail for {window} s"
        ));
    }
    if let Some(p95) = rules.p95 {
        stops.push(format!(
            "stops itself when one answer in 20 takes longer than {} s for {window} s",
            p95.as_secs_f64()
        ));
    }
    if stops.is_empty() {
        stops.push("goes on until it is stopped".to_owned());
    }
    stops
}

fn tell(overview: &Overview) -> String {
    let token = if overview.token {
        "with a token"
    } else {
        "without a token"
    };
    let much = match &overview.backfill {
        Some(past) => past.tell(overview.simulated_visits),
        None => format!(
            "visits      {:.0} a day, {:.3} a second\n\
             hits        {:.1} a visit, {:.0} a day, {:.2} a second (estimated from {} simulated visits)\n",
            overview.visits_per_day,
            overview.visits_per_second,
            overview.hits_per_visit_estimate,
            overview.hits_per_day_estimate,
            overview.hits_per_second_estimate,
            overview.simulated_visits,
        ),
    };
    let mut text = format!(
        "target      {} site {}, {token}\n\
         countries   {}\n\
         {much}\
         pacing      {}\n\
         delivery    {}, up to {} requests in flight\n\
         keys        --seed {} --population {} --origin {}\n",
        overview.target,
        overview.site_id,
        overview.countries,
        overview.pacing,
        overview.method,
        overview.concurrency,
        overview.seed,
        overview.population,
        overview.origin,
    );
    for (at, stop) in overview.stops.iter().enumerate() {
        let label = if at == 0 { "end" } else { "" };
        text.push_str(&format!("{label:<11} {stop}\n"));
    }
    text
}
