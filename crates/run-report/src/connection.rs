//! What a connection test found: the one line that `loader probe --json` prints.
//!
//! Invariants: a finished report has every step, in order, also those that were not reached; it is `ok` exactly if
//! none failed and something was found out.

use serde::{Deserialize, Serialize};

/// A step of the test, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Is the address one that a target can have?
    Address,
    /// Does the host's name lead to an address?
    Dns,
    /// Can a connection be made?
    Connect,
    /// Is the connection secure?
    Tls,
    /// Does a web server answer as it should?
    Http,
    /// Is it Matomo's tracker?
    Matomo,
    /// Does the site exist?
    Site,
    /// What may the token do?
    Token,
    /// Do the clocks agree?
    Clock,
    /// Was a hit taken, if one was asked for?
    Hit,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 10] = [
        Self::Address,
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Http,
        Self::Matomo,
        Self::Site,
        Self::Token,
        Self::Clock,
        Self::Hit,
    ];

    /// The stable name, also the beginning of its codes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Http => "http",
            Self::Matomo => "matomo",
            Self::Site => "site",
            Self::Token => "token",
            Self::Clock => "clock",
            Self::Hit => "hit",
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FindingState {
    /// As it should be.
    Ok,
    /// It works, but a person should know something.
    Warning,
    /// It does not work.
    Failed,
    /// It was not needed, or not reached.
    Skipped,
    /// It could not be found out.
    Unknown,
}

/// What a step found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ConnectionFinding))]
pub struct Finding {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub state: FindingState,
    /// Stable name of what was found, such as `dns.no_such_name`.
    #[cfg_attr(feature = "openapi", schema(example = "dns.no_such_name"))]
    pub code: String,
    /// What happened, and why.
    pub message: String,
    /// What to do about it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub hint: Option<String>,
}

impl Finding {
    /// A finding without a hint.
    #[must_use]
    pub fn new(
        step: Step,
        state: FindingState,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            step,
            state,
            code: code.into(),
            message: message.into(),
            hint: None,
        }
    }

    /// A step that ended as it should.
    #[must_use]
    pub fn ok(step: Step, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(step, FindingState::Ok, code, message)
    }

    /// A step that did not work.
    #[must_use]
    pub fn failed(step: Step, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(step, FindingState::Failed, code, message)
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The target that was tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ConnectionTarget))]
pub struct Subject {
    /// Its address; without the parts in which people leave secrets.
    pub url: String,
    /// Its host, with a port that is not the scheme's own; empty when the address has none.
    pub host: String,
    /// The site.
    pub site_id: u32,
}

/// What Matomo says of a site to whoever may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SiteFacts {
    /// Its name.
    pub name: String,
    /// Its IANA time zone, or `UTC+2` and the like.
    #[cfg_attr(feature = "openapi", schema(example = "Europe/Stockholm"))]
    pub time_zone: String,
    /// Its currency, ISO 4217.
    pub currency: String,
    /// Whether its orders are shown in reports; `null` when Matomo did not say.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub ecommerce: Option<bool>,
}

/// What was learnt about Matomo.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MatomoFacts {
    /// Its version, which it tells the bearer of a token alone.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub version: Option<String>,
    /// Median time of an answer, milliseconds.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub latency_ms: Option<f64>,
    /// Its clock minus the loader's, seconds; known to about a second.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub clock_difference_s: Option<i64>,
    /// The site, which it shows to the bearer of a token alone.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub site: Option<SiteFacts>,
}

/// What the token may do on the site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum TokenState {
    /// There is no token.
    None,
    /// Matomo does not know it.
    Refused,
    /// Matomo knows it, and it may not write to the site.
    View,
    /// It may write to the site.
    Write,
    /// It administers the site.
    Admin,
    /// It may do everything.
    Superuser,
    /// It could not be found out.
    #[default]
    Unknown,
}

/// The token, without the token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenFacts {
    /// What it may do.
    pub state: TokenState,
}

/// Why a target cannot be tested at all, as the check of a run configuration says it.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'a> {
    /// Where the setting is.
    pub pointer: &'a str,
    /// The problem's code.
    pub code: &'a str,
    /// What is wrong.
    pub message: &'a str,
    /// The way out.
    pub hint: Option<&'a str>,
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConnectionReport {
    /// Whether no step failed.
    pub ok: bool,
    /// From where it was tested, in words; the control plane fills it in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            required,
            example = "a loader in the Docker network trafficinator_default"
        )
    )]
    pub from: String,
    /// What was tested.
    pub target: Subject,
    /// One finding for each step, in order.
    pub steps: Vec<Finding>,
    /// What was learnt about Matomo.
    pub matomo: MatomoFacts,
    /// What the token may do.
    pub token: TokenFacts,
}

impl ConnectionReport {
    /// A report without findings.
    #[must_use]
    pub fn new(target: Subject) -> Self {
        Self {
            ok: false,
            from: String::new(),
            target,
            steps: Vec::with_capacity(Step::ALL.len()),
            matomo: MatomoFacts::default(),
            token: TokenFacts::default(),
        }
    }

    /// The report on a target whose settings were refused before anything was sent: the problem's pointer into the run
    /// configuration, its code, message and hint.
    #[must_use]
    pub fn refused(target: Subject, problem: Refusal<'_>) -> Self {
        let code = match problem.code {
            "forbidden_address" => "address.forbidden",
            _ if problem.pointer.ends_with("/url") => "address.invalid",
            _ => "address.settings",
        };
        let mut report = Self::new(target);
        report.note(Finding {
            hint: problem.hint.map(str::to_owned),
            ..Finding::failed(Step::Address, code, problem.message)
        });
        report.finish(false)
    }

    /// Adds a finding; says whether the test can go on.
    pub fn note(&mut self, finding: Finding) -> bool {
        let goes_on = finding.state != FindingState::Failed;
        self.steps.push(finding);
        goes_on
    }

    /// The finding of a step that was taken.
    pub fn found(&mut self, step: Step) -> Option<&mut Finding> {
        self.steps.iter_mut().find(|finding| finding.step == step)
    }

    /// Fills in the steps that were not reached, and puts all of them in order.
    #[must_use]
    pub fn finish(mut self, time_is_over: bool) -> Self {
        for step in Step::ALL {
            if self.steps.iter().all(|finding| finding.step != step) {
                let (state, message) = if time_is_over {
                    (
                        FindingState::Unknown,
                        "not found out: the time for the whole test was over",
                    )
                } else {
                    (
                        FindingState::Skipped,
                        "not tested, because an earlier step did not work",
                    )
                };
                self.steps.push(Finding::new(
                    step,
                    state,
                    format!("{}.not_reached", step.as_str()),
                    message,
                ));
            }
        }
        self.steps.sort_by_key(|finding| {
            Step::ALL
                .iter()
                .position(|step| *step == finding.step)
                .unwrap_or_default()
        });
        self.ok = self
            .steps
            .iter()
            .all(|finding| finding.state != FindingState::Failed)
            && !(time_is_over && self.matomo.latency_ms.is_none());
        self
    }
}
