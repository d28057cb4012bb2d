//! `make verify-matomo`: sends a small known backfill and a trial to somebody's test Matomo, and compares what was sent
//! with what Matomo's own reports say of each day.
//!
//! It prints a table and a verdict; the exit code is 0 when everything agrees, 1 when something differs, 2 when it could
//! not be found out. It adds visits to two past days and to today, for ever: for a Matomo that is there for tests.

mod expected;
mod reports;

use std::io::Write as _;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use expected::Figures;
use harness::process::{clean, program};
use reports::Matomo;
use run_report::{Event, Finished, Line};
use serde_json::json;

/// Visits of each of the two days.
const VISITS: u32 = 40;

/// Visits of the trial, at the moment itself.
const TRIAL: &str = "10";

/// The runs of a verification.
const RUNS: [Run; 2] = [Run::Backfill, Run::Trial];

/// How often Matomo is asked again while its reports are behind, and how long in between.
const TRIES: u32 = 12;
const BETWEEN: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    match verify() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "verify-matomo: {error:#}");
            ExitCode::from(2)
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Run {
    Backfill,
    Trial,
}

impl Run {
    /// Days that it fills.
    fn days(self) -> usize {
        match self {
            Self::Backfill => 2,
            Self::Trial => 1,
        }
    }
}

/// The target, and the folder with the run configuration.
struct Asked {
    url: String,
    token: String,
    site: u32,
    folder: tempfile::TempDir,
    /// People and origin of this one run, so that nobody was there before.
    keys: [String; 2],
}

impl Asked {
    fn read() -> Result<Self> {
        let given = |name: &str| {
            let value = std::env::var(name).ok().filter(|value| !value.is_empty());
            value.with_context(|| {
                format!("{name} is not set; usage: make verify-matomo MATOMO_URL=… TOKEN=… SITE=…")
            })
        };
        let now = chrono::Utc::now();
        Ok(Self {
            url: given("MATOMO_URL")?,
            token: given("TOKEN")?,
            site: given("SITE")?
                .parse()
                .context("SITE is the number of a site")?,
            folder: tempfile::tempdir()?,
            keys: [
                format!("verify-{}", now.timestamp_millis()),
                now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            ],
        })
    }

    fn write(&self, zone: &str) -> Result<()> {
        let config = json!({
            "targets": [{ "url": self.url, "site_id": self.site }],
            "load": { "visits_per_day": VISITS, "time_zone": zone },
            "backfill": { "enabled": true, "run_once": true, "days_back": 3, "duration_days": 2 },
            "behaviour": { "visit_duration_min": 0.1, "visit_duration_max": 0.2 },
            "commerce": { "order": 0.2 },
        });
        Ok(std::fs::write(
            self.folder.path().join("run.json"),
            config.to_string(),
        )?)
    }

    fn loader(&self, name: &str, run: Run) -> Result<Command> {
        let mut command = clean(&program("loader")?);
        let [people, origin] = &self.keys;
        command
            .arg(name)
            .arg("--config")
            .arg(self.folder.path().join("run.json"));
        command.args(["--seed", "1", "--origin", origin]);
        // People of its own for each: nobody comes back, and no order has the number of another.
        command.args(["--population", &format!("{people}-{run:?}")]);
        if let Run::Trial = run {
            command.args(["--trial", TRIAL]);
        }
        // The environment of a program of one's own; on no command line.
        command.env("MATOMO_TOKEN_AUTH", &self.token);
        Ok(command)
    }
}

fn verify() -> Result<bool> {
    let asked = Asked::read()?;
    let matomo = Matomo::new(&asked.url, asked.token.clone(), asked.site)?;
    let zone = matomo.time_zone()?;
    asked.write(&zone)?;
    let expected = planned(&asked, &zone)?;
    let before = expected
        .keys()
        .map(|day| Ok((day.clone(), matomo.figures(day)?)))
        .collect::<Result<expected::Days>>()?;
    let mut accepted = 0;
    for run in RUNS {
        let account = send(asked.loader("run", run)?, &asked.url)?.account;
        say(&format!("{run:?}: {account:?}"))?;
        accepted += account.accepted;
    }
    let hits: f64 = expected.values().map(|day| day.hits).sum();
    let mut agrees = accepted as f64 == hits;
    say(&format!("{hits} hits planned, {accepted} accepted"))?;
    let same = |shown: &expected::Days| {
        let mut days = expected.iter();
        days.all(|(day, known)| known.differences(&shown[day]).is_empty())
    };
    let mut shown = matomo.added(&before)?;
    for _ in 0..TRIES {
        if same(&shown) {
            break;
        }
        std::thread::sleep(BETWEEN);
        let earlier = std::mem::replace(&mut shown, matomo.added(&before)?);
        // Reports that show something and stand still will not catch up.
        if shown == earlier && shown.values().any(Figures::shows_something) {
            break;
        }
    }
    for (day, known) in &expected {
        agrees &= table(day, known, &shown[day])?;
    }
    say(match agrees {
        true => "verdict: Matomo's reports hold exactly what was sent",
        false => {
            "verdict: something differs. If nothing is shown at all, Matomo may archive by cron alone: run `console \
             core:archive` and look again. Reports of today that were drawn before the trial stand for up to 15 minutes \
             (Matomo's time_before_today_archive_considered_outdated). Searches need site search, orders need e-commerce switched on for the site."
        }
    })?;
    Ok(agrees)
}

/// What all runs are to put into each day.
fn planned(asked: &Asked, zone: &str) -> Result<expected::Days> {
    let mut all = expected::Days::new();
    for run in RUNS {
        let days = expected::of_preview(asked.loader("preview", run)?, zone)?;
        ensure!(
            days.len() == run.days(),
            "the plan of the {run:?} has {} days instead of {}; a trial shortly before midnight has two: try again later",
            days.len(),
            run.days()
        );
        all.extend(days);
    }
    Ok(all)
}

/// Runs a loader to its end; what it said last.
fn send(mut run: Command, url: &str) -> Result<Finished> {
    let address = reqwest::Url::parse(url).context("MATOMO_URL is no address")?;
    let host = address.host_str().context("MATOMO_URL names no host")?;
    let host = address
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let output = run.args(["--confirm-target", &host]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text
        .lines()
        .rev()
        .find_map(|line| match Line::parse(line).ok()?.event {
            Event::Finished(finished) => Some(*finished),
            _ => None,
        });
    match last {
        Some(finished) => Ok(finished),
        None => bail!(
            "the loader did not begin: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}

/// Prints a day; whether all of it agrees.
fn table(day: &str, known: &Figures, shown: &Figures) -> Result<bool> {
    let differences = known.differences(shown);
    for (name, sent, reported) in known.beside(shown) {
        let reported =
            reported.map_or_else(|| "not available".to_owned(), |figure| figure.to_string());
        let verdict = if differences.contains(&name) {
            "differs"
        } else {
            "agrees"
        };
        say(&format!(
            "{day}  {name:<10} sent {sent:>9}  reported {reported:>9}  {verdict}"
        ))?;
    }
    Ok(differences.is_empty())
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("writing to standard output")
}
