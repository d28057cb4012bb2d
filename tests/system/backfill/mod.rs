//! Backfills by the real loader into the practice target, whose ledger is compared with the plan hit by hit.
//!
//! Here is what these tests share: one backfill with fixed keys, its plan as `loader preview` tells it, and attempts.

mod containers;
mod days;
mod disk;
mod flat;
mod kills;
mod onward;
mod plane;
mod same;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use harness::loader::{Said, command, run};
use harness::practice::{Hit, Practice, TOKEN};
use harness::process::Running;
use run_report::{Account, DayAccount, Event, Finished};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Hits as Matomo would see them, and how many of each.
type Hits = BTreeMap<String, u64>;

/// A hit by its parameters, its time included; what depends on the way it travels is left out.
fn as_seen(params: impl IntoIterator<Item = (String, String)>) -> String {
    let kept: BTreeMap<String, String> = params
        .into_iter()
        .filter(|(name, _)| !["token_auth", "send_image"].contains(&name.as_str()))
        .collect();
    serde_json::to_string(&kept).unwrap_or_default()
}

/// The moment that Matomo would book.
fn booked(hit: &Hit) -> Result<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(&hit.time).context("a time of the ledger")?;
    Ok(time.to_utc())
}

/// A backfill against a practice target of its own.
struct Backfill {
    practice: Practice,
    zone: Tz,
    folder: TempDir,
    origin: String,
}

impl Backfill {
    fn new(origin: &str, config: &Value) -> Result<Self> {
        // In the run's zone, as a site should be: its days and its midnights are those of the plan.
        let zone = config["load"]["time_zone"].as_str().unwrap_or("UTC");
        let practice = Practice::start(&["--max-hits-kept", "1000000", "--time-zone", zone])?;
        Self::against(practice, origin, config)
    }

    /// The configuration gets the target, and settings that every test wants.
    fn against(practice: Practice, origin: &str, config: &Value) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut config = config.clone();
        let zone = config["load"]["time_zone"]
            .as_str()
            .unwrap_or("UTC")
            .parse()?;
        config["targets"] = json!([{ "url": practice.url(), "site_id": 1, "token_auth": TOKEN }]);
        config["backfill"]["enabled"] = true.into();
        let ends = config["backfill"]["run_once"].as_bool().unwrap_or(true);
        config["backfill"]["run_once"] = ends.into();
        config["behaviour"] = json!({ "visit_duration_min": 0.5, "visit_duration_max": 5 });
        std::fs::write(folder.path().join("run.json"), config.to_string())?;
        Ok(Self {
            practice,
            zone,
            folder,
            origin: origin.to_owned(),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn arguments(&self, command: &str, more: &[&str]) -> Vec<String> {
        let config = self.path("run.json").to_string_lossy().into_owned();
        let keys = ["--seed", "7", "--population", "people", "--origin"];
        [command, "--config", &config]
            .into_iter()
            .chain(keys)
            .chain([self.origin.as_str()])
            .chain(more.iter().copied())
            .map(str::to_owned)
            .collect()
    }

    fn command(&self, more: &[&str]) -> Result<std::process::Command> {
        let mut arguments = self.arguments("run", more);
        arguments.extend([
            "--confirm-target".to_owned(),
            self.practice.host().to_owned(),
        ]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        command(&arguments)
    }

    /// Sends it, or what is left of it, to its end.
    async fn sent(&self, more: &[&str]) -> Result<Ended> {
        Ok(Ended(run(self.command(more)?).await?))
    }

    /// Begins to send it; the report goes to a file.
    fn begun(&self, more: &[&str]) -> Result<Running> {
        let report = File::create(self.path("report.jsonl"))?;
        let said = File::create(self.path("said.txt"))?;
        let mut command = self.command(more)?;
        Running::start(command.stdout(report).stderr(Stdio::from(said)))
    }

    /// What an attempt with a report in a file said.
    fn said(&self) -> Result<Ended> {
        let stdout = std::fs::read_to_string(self.path("report.jsonl"))?;
        let stderr = std::fs::read_to_string(self.path("said.txt"))?;
        let lines = stdout
            .lines()
            .filter_map(|line| run_report::Line::parse(line).ok());
        Ok(Ended(Said {
            lines: lines.collect(),
            stdout,
            stderr,
            code: None,
        }))
    }

    /// All hits of the plan.
    async fn planned(&self) -> Result<Hits> {
        let arguments = self.arguments("preview", &["--visits", "1000000", "--format", "json"]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let said = run(command(&arguments)?).await?;
        ensure!(said.code == Some(0), "{}", said.stderr);
        let mut hits = Hits::new();
        for line in said.stdout.lines() {
            let value: Value = serde_json::from_str(line)?;
            let params: BTreeMap<String, String> = serde_json::from_value(value["params"].clone())?;
            *hits.entry(as_seen(params)).or_default() += 1;
        }
        ensure!(
            hits.values().all(|times| *times == 1),
            "two planned hits are alike in all parameters"
        );
        Ok(hits)
    }

    /// All hits that the practice target recorded; days came one after the other.
    async fn recorded(&self) -> Result<Hits> {
        self.days_ascend().await?;
        self.recorded_by_several().await
    }

    async fn days_ascend(&self) -> Result<()> {
        let recorded = self.practice.hits().await?;
        let days: Vec<NaiveDate> = recorded
            .iter()
            .map(|hit| Ok(booked(hit)?.with_timezone(&self.zone).date_naive()))
            .collect::<Result<_>>()?;
        ensure!(days.is_sorted(), "a day came after a later one");
        Ok(())
    }

    /// All hits that the practice target recorded, of loaders that each have an order of their own.
    async fn recorded_by_several(&self) -> Result<Hits> {
        let recorded = self.practice.hits().await?;
        let mut hits = Hits::new();
        for hit in recorded {
            *hits.entry(as_seen(hit.params)).or_default() += 1;
        }
        Ok(hits)
    }
}

/// What an attempt said.
struct Ended(Said);

impl Ended {
    fn finished(&self) -> Result<&Finished> {
        self.0.finished()
    }

    /// The last line, of an attempt with nothing left to do.
    fn done(&self) -> Result<&Finished> {
        let finished = self.finished()?;
        let done = finished.outcome == run_report::Outcome::Done && finished.account.remaining == 0;
        ensure!(done && finished.account.adds_up(), "{finished:?}");
        let days = self.days();
        ensure!(days.values().all(|day| day.closed), "{days:?}");
        let sum = days
            .values()
            .fold(Account::default(), |sum, day| sum.plus(&day.account));
        ensure!(
            sum == finished.account,
            "the days are {sum:?}: {finished:?}"
        );
        Ok(finished)
    }

    /// The last word on each day.
    fn days(&self) -> BTreeMap<String, DayAccount> {
        let told = self.0.lines.iter().filter_map(|line| match &line.event {
            Event::Account(day) => Some((day.day.to_string(), day.as_ref().clone())),
            _ => None,
        });
        told.collect()
    }

    /// Hits that this attempt found in doubt.
    fn hits_of(&self, code: &str) -> Result<u64> {
        let rows = self.finished()?.reasons.iter();
        Ok(rows
            .filter(|row| row.code == code)
            .map(|row| row.hits)
            .sum())
    }
}

/// Whether two sets of hits are the same; says where they differ.
fn same(name: &str, planned: &Hits, recorded: &Hits) -> Result<()> {
    let of = |one: &Hits, other: &Hits| -> Vec<(String, u64)> {
        let differs = one
            .iter()
            .filter(|(hit, times)| other.get(*hit) != Some(times));
        differs
            .take(2)
            .map(|(hit, times)| (hit.clone(), *times))
            .collect()
    };
    let (less, more) = (of(planned, recorded), of(recorded, planned));
    ensure!(
        less.is_empty() && more.is_empty(),
        "{name}: planned {} and recorded {}; of the plan {less:#?}, of the ledger {more:#?}",
        planned.len(),
        recorded.len()
    );
    Ok(())
}
