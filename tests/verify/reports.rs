//! Matomo's own reports of a day, over its reporting API; the token is in the body of each question.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::expected::{Days, Figures};

/// A site of a Matomo.
pub(crate) struct Matomo {
    api: reqwest::Url,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    token: String,
    site: u32,
}

impl Matomo {
    pub(crate) fn new(tracker: &str, token: String, site: u32) -> Result<Self> {
        // A second installation is refused, which is as good as ours.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tracker = reqwest::Url::parse(tracker).context("MATOMO_URL is no address")?;
        Ok(Self {
            api: tracker.join("index.php")?,
            http: reqwest::Client::builder().build()?,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
            token,
            site,
        })
    }

    fn ask(&self, method: &str, more: &[(&str, &str)]) -> Result<Value> {
        let site = self.site.to_string();
        let mut body = reqwest::Url::parse("body:")?;
        body.query_pairs_mut()
            .extend_pairs([
                ("module", "API"),
                ("format", "json"),
                ("filter_limit", "-1"),
            ])
            .extend_pairs([
                ("method", method),
                ("idSite", &site),
                ("token_auth", &self.token),
            ])
            .extend_pairs(more);
        let form = body.query().unwrap_or_default().to_owned();
        let asked = self
            .http
            .post(self.api.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let text = self
            .runtime
            .block_on(async { asked.send().await?.text().await })?;
        serde_json::from_str(&text)
            .with_context(|| format!("{method}: not the answer of a reporting API"))
    }

    /// The site's time zone, in which Matomo cuts its days.
    pub(crate) fn time_zone(&self) -> Result<String> {
        let site = self.ask("SitesManager.getSiteFromId", &[])?;
        let zone = site["timezone"]
            .as_str()
            .with_context(|| format!("no site {}: {site}", self.site))?;
        ensure!(
            zone.parse::<chrono_tz::Tz>().is_ok(),
            "the site's time zone {zone} is no place's; choose one in Matomo"
        );
        Ok(zone.to_owned())
    }

    /// What the reports say of a day.
    pub(crate) fn figures(&self, day: &str) -> Result<Figures> {
        let mut figures = Figures::default();
        let ask = |method, more: &[(&str, &str)]| {
            let mut all = vec![("period", "day"), ("date", day)];
            all.extend(more);
            self.ask(method, &all)
        };
        let visits = ask("VisitsSummary.get", &[])?;
        let actions = ask("Actions.get", &[])?;
        let orders = ask("Goals.get", &[("idGoal", "ecommerceOrder")])?;
        for (report, field, name) in [
            (&visits, "nb_visits", "visits"),
            (&visits, "nb_actions", "actions"),
            (&actions, "nb_searches", "searches"),
            (&actions, "nb_outlinks", "outlinks"),
            (&actions, "nb_downloads", "downloads"),
            (&orders, "nb_conversions", "orders"),
            (&orders, "revenue", "revenue"),
        ] {
            if let Some(value) = number(report, field) {
                figures.set(name, value);
            }
        }
        if let Value::Array(rows) = ask("Events.getCategory", &[])? {
            figures.set(
                "events",
                rows.iter().filter_map(|row| number(row, "nb_events")).sum(),
            );
        }
        Ok(figures)
    }

    /// What came in since.
    pub(crate) fn added(&self, before: &Days) -> Result<Days> {
        let days = before.iter();
        days.map(|(day, figures)| Ok((day.clone(), self.figures(day)?.less(figures))))
            .collect()
    }
}

/// A figure of a report. An empty report is a list without rows, and all its figures are 0.
fn number(report: &Value, field: &str) -> Option<f64> {
    match report {
        Value::Array(rows) if rows.is_empty() => Some(0.0),
        Value::Object(fields) if fields.get("result").is_some_and(|result| result == "error") => {
            None
        }
        _ => match &report[field] {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => Some(0.0),
        },
    }
}
