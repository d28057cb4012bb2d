//! What was sent on each day, by the loader's own plan, and how it is compared.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use chrono::DateTime;
use chrono_tz::Tz;
use serde_json::Value;

/// Figures by day.
pub(crate) type Days = BTreeMap<String, Figures>;

/// Names of the figures, in the order of the table.
pub(crate) const NAMES: [&str; 8] = [
    "visits",
    "actions",
    "searches",
    "outlinks",
    "downloads",
    "events",
    "orders",
    "revenue",
];

/// Two sums of money that differ by less than this are the same.
const CENT: f64 = 0.01;

/// The figures of one day; those that are not there are not known.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Figures {
    values: BTreeMap<&'static str, f64>,
    /// Hits of all kinds, of what was sent alone.
    pub(crate) hits: f64,
}

impl Figures {
    pub(crate) fn set(&mut self, name: &'static str, value: f64) {
        self.values.insert(name, value);
    }

    fn add(&mut self, name: &'static str, value: f64) {
        *self.values.entry(name).or_default() += value;
    }

    /// Whether any figure is more than 0.
    pub(crate) fn shows_something(&self) -> bool {
        self.values.values().any(|value| 0.0 < *value)
    }

    /// Without what was there before.
    pub(crate) fn less(mut self, before: &Self) -> Self {
        for (name, value) in &mut self.values {
            *value -= before.values.get(name).copied().unwrap_or(0.0);
        }
        self
    }

    /// Name, sent, and reported if Matomo says so.
    pub(crate) fn beside(&self, shown: &Self) -> Vec<(&'static str, f64, Option<f64>)> {
        let round = |value: f64| (value * 100.0).round() / 100.0;
        NAMES
            .into_iter()
            .map(|name| {
                let sent = self.values.get(name).copied().unwrap_or(0.0);
                (
                    name,
                    round(sent),
                    shown.values.get(name).copied().map(round),
                )
            })
            .collect()
    }

    /// The figures that are not the same; one that is not available is not.
    pub(crate) fn differences(&self, shown: &Self) -> Vec<&'static str> {
        let differs = |sent: f64, reported: Option<f64>| {
            reported.is_none_or(|reported| CENT <= (sent - reported).abs())
        };
        self.beside(shown)
            .into_iter()
            .filter(|(_, sent, reported)| differs(*sent, *reported))
            .map(|(name, _, _)| name)
            .collect()
    }
}

/// Adds the figures of what `loader preview` lists, by day.
pub(crate) fn of_preview(mut preview: Command, zone: &str) -> Result<Days> {
    let output = preview
        .args(["--visits", "100000", "--format", "json"])
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let zone: Tz = zone
        .parse()
        .ok()
        .with_context(|| format!("time zone {zone}"))?;
    let mut days = Days::new();
    let mut visits: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let hit: Value = serde_json::from_str(line)?;
        let at = DateTime::parse_from_rfc3339(hit["at"].as_str().context("a time")?)?;
        let day = at.with_timezone(&zone).date_naive().to_string();
        visits
            .entry(day.clone())
            .or_default()
            .insert(hit["visit"].as_u64().context("a visit")?);
        add_hit(days.entry(day).or_default(), &hit["params"]);
    }
    for (day, figures) in &mut days {
        figures.set("visits", visits[day].len() as f64);
    }
    Ok(days)
}

/// Reads a hit as Matomo does: which action it is, if any.
fn add_hit(figures: &mut Figures, params: &Value) {
    let has = |name: &str| !params[name].is_null();
    figures.hits += 1.0;
    if has("ping") {
        return;
    }
    if has("idgoal") {
        if has("ec_id") {
            let revenue = params["revenue"]
                .as_str()
                .and_then(|text| text.parse().ok());
            figures.add("orders", 1.0);
            figures.add("revenue", revenue.unwrap_or(0.0));
        }
        return;
    }
    if has("c_n") {
        return;
    }
    figures.add("actions", 1.0);
    for (parameter, name) in [
        ("download", "downloads"),
        ("link", "outlinks"),
        ("e_c", "events"),
        ("search", "searches"),
    ] {
        if has(parameter) {
            figures.add(name, 1.0);
            return;
        }
    }
}
