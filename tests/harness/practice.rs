//! A practice target of a test's own, and its ledger.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::process::{Running, clean, program};

/// The token that tests give to their practice target, and look for where it must not be.
pub const TOKEN: &str = "canary0token0canary0token0canary";

/// A running practice target.
#[derive(Debug)]
pub struct Practice {
    process: Option<Running>,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    http: reqwest::Client,
}

/// What a practice target counted.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Summary {
    /// HTTP requests on the tracking endpoint.
    pub requests: u64,
    /// Recorded hits.
    pub hits: u64,
    /// Hits answered as tracked and left out, as pings are whose visit is not there.
    pub excluded: u64,
    /// Visits.
    pub visits: u64,
    /// Visitors.
    pub visitors: u64,
    /// Recorded hits by kind.
    pub by_kind: std::collections::BTreeMap<String, u64>,
    /// Sum of booked orders.
    pub revenue: f64,
    /// Times that two requests of one visitor were in flight at once.
    pub overlapping: u64,
    /// Hits of a visitor that came with an earlier time than the one before.
    pub out_of_order: u64,
    /// Hits of an earlier day, in the sites' time zone, than one before.
    pub days_went_back: u64,
    /// Requests with a token in their URL.
    pub tokens_in_urls: u64,
}

impl Summary {
    /// Checks that the hits came as Matomo needs them: of a visitor never two at once and with ascending times, days
    /// one after the other.
    ///
    /// # Errors
    /// They did not; the message holds the whole summary.
    pub fn in_order(&self) -> Result<()> {
        let disorder = [self.overlapping, self.out_of_order, self.days_went_back];
        ensure!(disorder == [0; 3], "not in order: {self:?}");
        Ok(())
    }
}

/// One recorded hit.
#[derive(Debug, Clone, Deserialize)]
pub struct Hit {
    /// When the request came, RFC 3339.
    pub at: String,
    /// The moment it was booked at, RFC 3339.
    pub time: String,
    /// The kind of hit.
    pub kind: String,
    /// The parameters as they came, without a token.
    pub params: std::collections::BTreeMap<String, String>,
}

impl Practice {
    /// Starts one on a free port of loopback, with further arguments.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        Self::start_on("127.0.0.1:0", arguments)
    }

    /// Starts one on an address of the caller's choice.
    ///
    /// # Errors
    /// It does not start.
    pub fn start_on(listen: &str, arguments: &[&str]) -> Result<Self> {
        let mut command = clean(&program("demo-matomo")?);
        command
            .args(["--listen", listen])
            .args(arguments)
            .env("DEMO_MATOMO_TOKEN", TOKEN);
        let (process, base) = Running::start_and_read(&mut command, "listening on ")?;
        Ok(Self {
            process: Some(process),
            base,
            http: crate::control::http_client()?,
        })
    }

    /// The tracking endpoint.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/matomo.php", self.base)
    }

    /// `host:port`, which a person types back to confirm the target.
    #[must_use]
    pub fn host(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// One that somebody else started, to read its ledger.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn at(base: &str) -> Result<Self> {
        Ok(Self {
            process: None,
            base: base.to_owned(),
            http: crate::control::http_client()?,
        })
    }

    /// The process id, unless somebody else started it.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Running::id)
    }

    /// What it counted.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn summary(&self) -> Result<Summary> {
        let url = format!("{}/ledger/summary", self.base);
        self.http
            .get(url)
            .send()
            .await?
            .json()
            .await
            .context("reading the ledger's summary")
    }

    /// All recorded hits, in the order in which they came.
    ///
    /// # Errors
    /// It does not answer, or its ledger dropped hits.
    pub async fn hits(&self) -> Result<Vec<Hit>> {
        let mut all = Vec::new();
        loop {
            let url = format!("{}/ledger/hits?offset={}&limit=5000", self.base, all.len());
            let page: Value = self.http.get(url).send().await?.json().await?;
            let hits: Vec<Hit> = serde_json::from_value(page["hits"].clone())?;
            if hits.is_empty() {
                return Ok(all);
            }
            all.extend(hits);
        }
    }

    /// Asks for misbehaviour; an empty list ends it.
    ///
    /// # Errors
    /// It refused.
    pub async fn misbehave(&self, faults: Value) -> Result<()> {
        let url = format!("{}/control", self.base);
        let body = json!({ "faults": faults });
        self.http
            .post(url)
            .json(&body)
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }

    /// The misbehaviour in force, and how often each fault fired.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn faults(&self) -> Result<Value> {
        let url = format!("{}/control", self.base);
        self.http
            .get(url)
            .send()
            .await?
            .json()
            .await
            .context("reading the faults")
    }
}
