//! What `/metrics` says: the control plane in figures, for Prometheus and those who speak its format.
//!
//! Nothing is counted twice and nothing is remembered here but requests: each answer is made from what the store, the
//! runs and the log know at that moment. Invariant: every metric is in [`ALL`] with its meaning, and the number of its
//! series is bounded.

use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use prometheus::{CounterVec, GaugeVec, Opts, Registry, TextEncoder};

use crate::api::view::{Account, RunView};
use crate::app::Services;

/// Runs shown each for itself, the newest first. Further active ones are counted only.
const RUNS: usize = 20;

/// A metric and its meaning.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// Names of its labels.
    pub labels: &'static [&'static str],
    /// Its meaning, with the unit.
    pub help: &'static str,
}

macro_rules! metrics {
    ($($constant:ident = $name:literal [$($label:literal),*] $help:literal;)+) => {
        $(const $constant: Metric = Metric { name: $name, labels: &[$($label),*], help: $help };)+

        /// All metrics.
        pub const ALL: &[Metric] = &[$($constant),+];
    };
}

metrics! {
    BUILD = "trafficinator_build_info" ["version"] "Always 1; the version is in the label";
    CPU = "process_cpu_seconds_total" [] "Processor time of the control plane, seconds";
    MEMORY = "process_resident_memory_bytes" [] "Memory of the control plane, bytes";
    READY = "trafficinator_orchestrator_ready" ["orchestrator"] "1 when loaders can be started, else 0";
    READ_ONLY = "trafficinator_read_only" [] "1 when there is no room to write, else 0";
    FREE = "trafficinator_data_free_bytes" [] "Room in DATA_DIR, bytes";
    DATABASE = "trafficinator_database_bytes" [] "Size of the database, bytes";
    STREAMS = "trafficinator_live_streams" [] "Open event streams";
    REQUESTS = "trafficinator_http_requests_total" ["code"] "Answered requests by class of status: 2xx, 3xx, 4xx, 5xx";
    LOG_LINES = "trafficinator_log_lines_total" ["level"] "Lines of the control plane's log";
    RUNS_BY_STATE = "trafficinator_runs" ["state"] "Runs that are kept, by state";
    RUN = "trafficinator_run_info" ["run", "name", "state", "host"] "Always 1 for each active run; details are in the labels";
    HITS = "trafficinator_run_hits_total" ["run", "outcome"] "Hits of an active run that ended, by outcome";
    HITS_PLANNED = "trafficinator_run_hits_planned_total" ["run"] "Hits of all visits made so far";
    HITS_REMAINING = "trafficinator_run_hits_remaining" ["run"] "Hits that are planned and not settled yet";
    VISITS = "trafficinator_run_visits_per_second" ["run"] "Visits started a second, mean of 10 s";
    VISITS_PLANNED = "trafficinator_run_visits_per_second_planned" ["run"] "Visits a second that the plan asks for";
    LATENCY = "trafficinator_run_latency_p95_seconds" ["run"] "95th percentile from the intended moment to the answer, seconds";
    LATENESS = "trafficinator_run_lateness_p95_seconds" ["run"] "95th percentile from the intended moment to the sending, seconds";
    REPORT = "trafficinator_run_last_report_timestamp_seconds" ["run"] "When the loader last said something, seconds since the Unix epoch";
}

/// Requests answered so far, by the first digit of their status.
#[derive(Debug, Default)]
pub struct Requests([AtomicU64; 6]);

impl Requests {
    fn note(&self, status: u16) {
        if let Some(count) = self.0.get(usize::from(status / 100)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn counts(&self) -> impl Iterator<Item = (String, u64)> {
        let classes = self.0.iter().enumerate().skip(2);
        classes.map(|(class, count)| (format!("{class}xx"), count.load(Ordering::Relaxed)))
    }
}

/// Counts each request by its answer.
///
/// # Errors
/// Those of the handler.
pub async fn count<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let services = request.app_data::<web::Data<Services>>().cloned();
    let answer = next.call(request).await;
    if let Some(services) = services {
        let status = match &answer {
            Ok(answer) => answer.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        services.requests.note(status.as_u16());
    }
    answer
}

/// The figures of the control plane itself.
pub(crate) struct Figures {
    pub(crate) ready: bool,
    pub(crate) database_bytes: u64,
    pub(crate) runs_by_state: Vec<(&'static str, u64)>,
    pub(crate) active: Vec<RunView>,
}

/// The text that `/metrics` answers.
///
/// # Errors
/// Two metrics have one name; a test shows that they do not.
pub(crate) fn page(services: &Services, figures: &Figures) -> Result<String, prometheus::Error> {
    let page = Page(Registry::new());
    page.gauge(&BUILD, [(vec![env!("CARGO_PKG_VERSION").to_owned()], 1.0)])?;
    if let Some(usage) = crate::orchestrator::process::own_usage() {
        page.counter(&CPU, [(vec![], precise(usage.cpu_ms) / 1_000.0)])?;
        page.gauge(&MEMORY, [(vec![], precise(usage.memory_bytes))])?;
    }
    let ready = f64::from(u8::from(figures.ready));
    page.gauge(
        &READY,
        [(vec![services.orchestrator.kind().to_owned()], ready)],
    )?;
    let read_only = f64::from(u8::from(services.storage.read_only().is_some()));
    page.gauge(&READ_ONLY, [(vec![], read_only)])?;
    let free = services.storage.free_bytes();
    page.gauge(&FREE, free.map(|free| (vec![], precise(free))))?;
    page.gauge(&DATABASE, [(vec![], precise(figures.database_bytes))])?;
    let streams = u64::try_from(services.live.readers()).unwrap_or(u64::MAX);
    page.gauge(&STREAMS, [(vec![], precise(streams))])?;
    page.counter(
        &REQUESTS,
        services
            .requests
            .counts()
            .map(|(class, n)| (vec![class], precise(n))),
    )?;
    let lines = services.own_log.counts();
    page.counter(
        &LOG_LINES,
        lines.map(|(level, n)| (vec![level.to_owned()], precise(n))),
    )?;
    let states = figures.runs_by_state.iter();
    page.gauge(
        &RUNS_BY_STATE,
        states.map(|(state, n)| (vec![(*state).to_owned()], precise(*n))),
    )?;
    let shown = figures.active.len().min(RUNS);
    page.runs(&figures.active[..shown])?;
    TextEncoder::new().encode_to_string(&page.0.gather())
}

/// A value of a metric, with the values of its labels.
type Series = (Vec<String>, f64);

struct Page(Registry);

impl Page {
    fn runs(&self, runs: &[RunView]) -> Result<(), prometheus::Error> {
        let of = |value: &dyn Fn(&RunView) -> Option<f64>| -> Vec<Series> {
            let series = |run: &RunView| Some((vec![run.summary.id.clone()], value(run)?));
            runs.iter().filter_map(series).collect()
        };
        let account = |part: fn(&Account) -> u64| {
            of(&|run| run.summary.account.as_ref().map(part).map(precise))
        };
        self.gauge(
            &RUN,
            runs.iter().map(|run| {
                let run = &run.summary;
                let labels = [&run.id, &run.name, run.state.as_str(), &run.target.host];
                (labels.map(str::to_owned).to_vec(), 1.0)
            }),
        )?;
        self.counter(&HITS, runs.iter().flat_map(outcomes))?;
        self.counter(&HITS_PLANNED, account(|account| account.planned))?;
        self.gauge(&HITS_REMAINING, account(|account| account.remaining))?;
        self.gauge(
            &VISITS,
            of(&|run| run.rate.as_ref().map(|rate| rate.visits_per_s)),
        )?;
        self.gauge(
            &VISITS_PLANNED,
            of(&|run| run.rate.as_ref().map(|rate| rate.visits_per_s_planned)),
        )?;
        self.gauge(
            &LATENCY,
            of(&|run| run.latency_ms.as_ref().map(|times| times.p95 / 1_000.0)),
        )?;
        self.gauge(
            &LATENESS,
            of(&|run| run.lateness_ms.as_ref().map(|times| times.p95 / 1_000.0)),
        )?;
        self.gauge(
            &REPORT,
            of(&|run| run.last_report_at.map(|at| signed(at.0) / 1_000.0)),
        )
    }

    fn gauge(
        &self,
        metric: &Metric,
        series: impl IntoIterator<Item = Series>,
    ) -> Result<(), prometheus::Error> {
        let gauges = GaugeVec::new(Opts::new(metric.name, metric.help), metric.labels)?;
        for (labels, value) in series {
            gauges.get_metric_with_label_values(&labels)?.set(value);
        }
        self.0.register(Box::new(gauges))
    }

    fn counter(
        &self,
        metric: &Metric,
        series: impl IntoIterator<Item = Series>,
    ) -> Result<(), prometheus::Error> {
        let counters = CounterVec::new(Opts::new(metric.name, metric.help), metric.labels)?;
        for (labels, value) in series {
            counters
                .get_metric_with_label_values(&labels)?
                .inc_by(value);
        }
        self.0.register(Box::new(counters))
    }
}

fn outcomes(run: &RunView) -> Vec<Series> {
    let Some(account) = run.summary.account else {
        return Vec::new();
    };
    let parts = [
        ("accepted", account.accepted),
        ("rejected", account.rejected),
        ("failed", account.failed),
        ("unknown", account.unknown),
        ("skipped", account.skipped),
    ];
    parts
        .map(|(outcome, n)| (vec![run.summary.id.clone(), outcome.to_owned()], precise(n)))
        .to_vec()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the format's numbers are floating; 2^53 hits are not reached"
)]
fn precise(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds since 1970 are far below 2^53"
)]
fn signed(milliseconds: i64) -> f64 {
    milliseconds as f64
}
