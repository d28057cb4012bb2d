//! A run's account as a page for people: one file, no script, no request to anybody.
//!
//! Invariant: every text is escaped by the template; each table of hits ends in its sum.

use std::fmt::Display;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use run_report::histogram;

use crate::api::view::{Account, HitOutcome, Latency, NextStep, RunAccount};

const STYLE: &str = include_str!("account.css");

/// The states of hits, in the order of the columns.
const STATES: [&str; 7] = [
    "planned",
    "accepted",
    "rejected",
    "failed",
    "unknown",
    "skipped",
    "remaining",
];

/// The whole page.
pub(super) fn page(account: &RunAccount) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "Account · " (account.name) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Account of “" (account.name) "”" }
                (about(account))
                (list("What is not known", &account.not_known))
                (next_steps(&account.next_steps))
                (checks(account))
                (by_kind(account))
                (days(account))
                (reasons(account))
                (speed(account))
                (attempts(account))
                (keys(account))
            }
        }
    }
}

fn next_steps(steps: &[NextStep]) -> Markup {
    html! {
        @if !steps.is_empty() {
            h2 { "What to do next" }
            ul {
                @for NextStep { text, command } in steps {
                    li { (text) @if let Some(command) = command { " " code { (command) } } }
                }
            }
        }
    }
}

fn about(account: &RunAccount) -> Markup {
    let kind = account.kind.as_str();
    html! {
        table {
            tbody {
                (row("Run", format!("{} ({kind})", account.run)))
                (row("State", account.state.as_str()))
                (row("Why", or_unknown(account.outcome_reason.as_ref())))
                (row("Target", format!("{}, site {}", account.target.url, account.target.site_id)))
                (row("Started", or_unknown(account.started_at)))
                (row("Ended", or_unknown(account.ended_at)))
                (row("Drawn up", account.drawn_up_at))
                (row("Possible doubles", account.possible_doubles))
                (row("Accepted, but only queued", account.unverified))
            }
        }
    }
}

fn row(name: &str, value: impl Display) -> Markup {
    html! { tr { th scope="row" { (name) } td { (value.to_string()) } } }
}

fn or_unknown(value: Option<impl Display>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| value.to_string())
}

fn list(title: &str, lines: &[String]) -> Markup {
    html! {
        @if !lines.is_empty() {
            h2 { (title) }
            ul { @for line in lines { li { (line) } } }
        }
    }
}

fn checks(account: &RunAccount) -> Markup {
    html! {
        h2 { "Sums" }
        @if account.checks.is_empty() { p { "There is nothing to add up." } }
        @else {
            table {
                thead { tr { th { "Sum" } th.n { "Parts" } th.n { "Whole" } th { "Adds up" } } }
                tbody {
                    @for check in &account.checks {
                        tr {
                            td { (check.sum) } td.n { (check.parts) } td.n { (check.whole) }
                            @if check.adds_up { td { "yes" } } @else { td.wrong { "no" } }
                        }
                    }
                }
            }
        }
    }
}

fn figures(account: &Account) -> [u64; 7] {
    [
        account.planned,
        account.accepted,
        account.rejected,
        account.failed,
        account.unknown,
        account.skipped,
        account.remaining,
    ]
}

fn cells(account: &Account) -> Markup {
    html! { @for figure in figures(account) { td.n { (figure) } } }
}

fn heads() -> Markup {
    html! { @for state in STATES { th.n { (state) } } }
}

fn by_kind(account: &RunAccount) -> Markup {
    html! {
        h2 { "Hits by kind" }
        div.wide { table {
            thead { tr { th { "Kind" } (heads()) } }
            tbody {
                @for (kind, hits) in &account.by_kind { tr { td { (kind) } (cells(hits)) } }
            }
            @if let Some(all) = &account.account {
                tfoot { tr { td { "all, as the run says" } (cells(all)) } }
            }
        } }
    }
}

fn days(account: &RunAccount) -> Markup {
    html! {
        h2 { "Hits by day and target" }
        div.wide { table {
            thead { tr { th { "Day" } th { "Target" } th.n { "visits" } (heads()) th { "Closed" } } }
            tbody {
                @for day in &account.days {
                    tr {
                        td { (day.day.to_string()) }
                        td { (day.host) ", site " (day.site_id) }
                        td.n {
                            (day.visits_started)
                            @if let Some(planned) = day.visits_planned { " of " (planned) }
                        }
                        (cells(&day.account))
                        td { @if day.closed { "yes" } @else { "no" } }
                    }
                }
            }
            @if let Some(all) = &account.account {
                tfoot { tr { td colspan="3" { "all, as the run says" } (cells(all)) td {} } }
            }
        } }
    }
}

fn reasons(account: &RunAccount) -> Markup {
    let outcome = |outcome: HitOutcome| match outcome {
        HitOutcome::Accepted => "accepted",
        HitOutcome::Rejected => "rejected",
        HitOutcome::Failed => "failed",
        HitOutcome::Unknown => "unknown",
        HitOutcome::Skipped => "skipped",
    };
    html! {
        @if !account.reasons.is_empty() {
            h2 { "Why hits were not simply accepted" }
            div.wide { table {
                thead { tr { th { "State" } th { "Reason" } th.n { "Hits" } th { "Example" } } }
                tbody {
                    @for reason in &account.reasons {
                        tr {
                            td { (outcome(reason.outcome)) }
                            td { (reason.message) " (" code { (reason.code) } ")" }
                            td.n { (reason.hits) }
                            td { (reason.example.as_deref().unwrap_or("—")) }
                        }
                    }
                }
            } }
        }
    }
}

fn speed(account: &RunAccount) -> Markup {
    html! {
        h2 { "Speed" }
        table {
            tbody {
                (row("Worked for", format!("{:.1} s", account.throughput.active_s)))
                (row("Hits a second", or_unknown(account.throughput.hits_per_s.map(|rate| format!("{rate:.1}")))))
                (row("Requests", or_unknown(account.throughput.requests)))
                (row("Latency", times(account.latency_ms)))
                (row("Lateness", times(account.lateness_ms)))
            }
        }
        (answer_times(account))
    }
}

/// Shares of answers, in the table of answer times.
const SHARES: [f64; 7] = [0.10, 0.25, 0.50, 0.75, 0.90, 0.99, 0.999];

fn answer_times(account: &RunAccount) -> Markup {
    let times = histogram::merge(account.latency_histogram.as_deref());
    html! {
        @if let Some(times) = times {
            table {
                thead { tr { th { "Answers" } @for share in SHARES { th.n { (share * 100.0) " %" } } } }
                tbody {
                    tr {
                        th scope="row" { "within ms" }
                        @for ms in histogram::within(&times, SHARES) { td.n { (format!("{ms:.1}")) } }
                    }
                }
            }
        }
    }
}

fn times(times: Option<Latency>) -> String {
    let said = times.map(|ms| {
        format!(
            "median {:.1} ms, 95 % {:.1} ms, 99 % {:.1} ms, largest {:.1} ms, of {}",
            ms.p50, ms.p95, ms.p99, ms.max, ms.count
        )
    });
    or_unknown(said)
}

fn attempts(account: &RunAccount) -> Markup {
    html! {
        h2 { "Attempts" }
        div.wide { table {
            thead { tr {
                th.n { "Attempt" } th.n { "Loader" } th { "Started" } th { "Ended" } th.n { "Gap before" }
                th.n { "Hits settled" } th { "Why it ended" }
            } }
            tbody {
                @for attempt in &account.attempts {
                    tr {
                        td.n { (attempt.number) } td.n { (attempt.loader) }
                        td { (attempt.started_at.to_string()) } td { (or_unknown(attempt.ended_at)) }
                        td.n { (or_unknown(attempt.gap_s.map(|gap| format!("{gap:.0} s")))) }
                        td.n { (or_unknown(attempt.hits)) }
                        td { (or_unknown(attempt.reason.as_ref())) }
                    }
                }
            }
        } }
    }
}

fn keys(account: &RunAccount) -> Markup {
    let keys = &account.keys;
    let config = serde_json::to_string_pretty(&keys.config).unwrap_or_default();
    html! {
        h2 { "To repeat it" }
        table {
            tbody {
                (row("Seed", keys.seed)) (row("Population", &keys.population)) (row("Origin", keys.origin))
                (row("Trial", or_unknown(keys.trial.map(|visits| format!("{visits} visits")))))
            }
        }
        h2 { "Run configuration, without secrets" }
        pre { (config) }
    }
}
