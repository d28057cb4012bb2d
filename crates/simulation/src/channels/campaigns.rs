//! Campaigns: which one leads to a visit, and how its address tells so.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use config::{CampaignPlan, LandingPage, SpikePlan};
use tracking::{CampaignStyle, CampaignTags, Text};

use super::Channel;
use super::origins::{Origin, Origins};
use crate::pages::{Page, title_from_address};
use crate::streams::Stream;
use crate::table::{number, optional, rows};

const CAMPAIGNS: &str = include_str!("../../data/campaigns.tsv");

/// The medium by which Matomo and people know e-mail.
const EMAIL: &str = "email";
/// Share of visits from e-mail whose link was tagged; the others come from webmail, or untagged.
const TAGGED: f64 = 0.8;
/// What stands for the visit's month and for what the visitor looked for.
const MONTH: &str = "{month}";
const WORDS: &str = "{words}";

/// Campaigns by channel.
#[derive(Debug)]
pub(crate) struct Campaigns {
    email: Vec<Campaign>,
    other: Vec<Campaign>,
}

/// A campaign.
#[derive(Debug)]
pub(crate) struct Campaign {
    weight: f64,
    /// From and until when it runs, in milliseconds since the Unix epoch.
    runs_ms: (i64, i64),
    name: String,
    source: String,
    medium: String,
    keyword: Option<String>,
    content: Option<String>,
    style: CampaignStyle,
    pub(crate) landing: Landing,
    /// The page that it leads to, if it leads to one of its own.
    pub(crate) page: Option<Page>,
    /// Where the visitor saw it.
    pub(crate) referrer: Option<Origin>,
    /// The parameters, where they are the same for every visit.
    query: Option<Text>,
}

/// On what kind of page a campaign's visits land.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Landing {
    Home,
    Category,
    Content,
    Product,
}

impl Campaigns {
    /// The plan's own campaigns, or the built-in ones where it has none. `site` is scheme and host of the pages; days are
    /// cut in `zone`.
    pub(crate) fn new(own: &[CampaignPlan], site: &str, zone: Tz, origins: &Origins) -> Self {
        let all: Vec<Campaign> = match own {
            [] => rows(CAMPAIGNS)
                .map(|row| Campaign::built_in(row, origins))
                .collect(),
            own => own
                .iter()
                .map(|plan| Campaign::own(plan, site, zone, origins))
                .collect(),
        };
        let (email, other) = all
            .into_iter()
            .partition(|campaign| campaign.medium.eq_ignore_ascii_case(EMAIL));
        Self { email, other }
    }

    /// The campaign of a visit by this channel at this time, if one runs.
    pub(crate) fn pick(
        &self,
        channel: Channel,
        start_ms: i64,
        stream: &mut Stream,
    ) -> Option<&Campaign> {
        match channel {
            Channel::Campaigns => one_of(&self.other, start_ms, stream),
            Channel::Email if stream.chance(TAGGED) => one_of(&self.email, start_ms, stream),
            _ => None,
        }
    }
}

/// One of those that run, by their weights.
fn one_of<'a>(
    campaigns: &'a [Campaign],
    start_ms: i64,
    stream: &mut Stream,
) -> Option<&'a Campaign> {
    let running = || {
        campaigns
            .iter()
            .filter(|campaign| (campaign.runs_ms.0..campaign.runs_ms.1).contains(&start_ms))
    };
    let mut place = stream.unit() * running().map(|campaign| campaign.weight).sum::<f64>();
    let mut last = None;
    for campaign in running() {
        last = Some(campaign);
        place -= campaign.weight;
        if place < 0.0 {
            break;
        }
    }
    last
}

impl Campaign {
    fn built_in(row: [&'static str; 8], origins: &Origins) -> Self {
        let [
            weight,
            name,
            source,
            medium,
            keyword,
            content,
            style,
            landing,
        ] = row;
        let style = match style {
            "utm" => CampaignStyle::Utm,
            _ => CampaignStyle::Mtm,
        };
        let landing = match landing {
            "home" => Landing::Home,
            "category" => Landing::Category,
            "product" => Landing::Product,
            _ => Landing::Content,
        };
        let campaign = Self {
            weight: number(weight),
            runs_ms: (i64::MIN, i64::MAX),
            name: name.to_owned(),
            source: source.to_owned(),
            medium: medium.to_owned(),
            keyword: optional(keyword).map(str::to_owned),
            content: optional(content).map(str::to_owned),
            style,
            landing,
            page: None,
            referrer: origins.of_source(source),
            query: None,
        };
        campaign.ready()
    }

    fn own(plan: &CampaignPlan, site: &str, zone: Tz, origins: &Origins) -> Self {
        let address = match &plan.landing {
            LandingPage::Any => None,
            LandingPage::Path(path) => Some(format!("{}{path}", site.trim_end_matches('/'))),
            LandingPage::Address(address) => Some(address.clone()),
        };
        let page = address.map(|address| Page {
            title: title_from_address(&address).into(),
            url: address.into(),
        });
        let midnight = |day: NaiveDate| {
            let local = zone
                .from_local_datetime(&day.and_time(NaiveTime::MIN))
                .earliest();
            local.map_or(i64::MIN, |moment| moment.timestamp_millis())
        };
        let until = plan
            .to
            .and_then(|last| last.succ_opt())
            .map_or(i64::MAX, midnight);
        let campaign = Self {
            weight: plan.weight,
            runs_ms: (plan.from.map_or(i64::MIN, midnight), until),
            name: plan.name.clone(),
            source: plan.source.clone(),
            medium: plan.medium.clone(),
            keyword: plan.keyword.clone(),
            content: plan.content.clone(),
            style: match plan.style {
                config::CampaignStyle::Utm => CampaignStyle::Utm,
                config::CampaignStyle::Mtm => CampaignStyle::Mtm,
            },
            landing: Landing::Category,
            page,
            referrer: origins.of_source(&plan.source),
            query: None,
        };
        campaign.ready()
    }

    /// What brings the visits of a spike: its campaign, if it names one, and its landing page.
    pub(crate) fn of_spike(plan: &SpikePlan, site: &str, zone: Tz, origins: &Origins) -> Self {
        let landing = match plan.landing.as_deref() {
            None => LandingPage::Any,
            Some(path) if path.starts_with('/') => LandingPage::Path(path.to_owned()),
            Some(address) => LandingPage::Address(address.to_owned()),
        };
        let plan = CampaignPlan {
            name: plan.campaign.clone().unwrap_or_default(),
            source: String::new(),
            medium: String::new(),
            keyword: None,
            content: None,
            weight: 1.0,
            from: None,
            to: None,
            landing,
            style: config::CampaignStyle::Utm,
        };
        Self::own(&plan, site, zone, origins)
    }

    /// Whether its name is told; a spike may have none.
    pub(crate) fn is_named(&self) -> bool {
        !self.name.is_empty()
    }

    /// Writes the parameters down once, where nothing in them changes.
    fn ready(self) -> Self {
        let changes = self.name.contains(MONTH)
            || self
                .keyword
                .as_deref()
                .is_some_and(|words| words.contains(WORDS));
        let query = (!changes).then(|| self.query(0, String::new).into());
        Self { query, ..self }
    }

    fn query(&self, start_ms: i64, words: impl Fn() -> String) -> String {
        let name = match self.name.contains(MONTH) {
            true => {
                let date = DateTime::from_timestamp_millis(start_ms).unwrap_or_default();
                let month = format!("{}-{:02}", date.year(), date.month());
                &self.name.replace(MONTH, &month)
            }
            false => &self.name,
        };
        let keyword = self
            .keyword
            .as_deref()
            .map(|keyword| match keyword.contains(WORDS) {
                true => keyword.replace(WORDS, &words()),
                false => keyword.to_owned(),
            });
        let tags = CampaignTags {
            name,
            source: &self.source,
            medium: &self.medium,
            keyword: keyword.as_deref(),
            content: self.content.as_deref(),
        };
        tags.query(self.style)
    }

    /// The address with the campaign's parameters, in front of a fragment.
    pub(crate) fn tagged(&self, url: &Text, start_ms: i64, words: impl Fn() -> String) -> Text {
        if !self.is_named() {
            return url.clone();
        }
        let made;
        let query = match &self.query {
            Some(query) => query,
            None => {
                made = Text::from(self.query(start_ms, words));
                &made
            }
        };
        let joint = |plain: &str| if plain.contains('?') { "&" } else { "?" };
        match url.split_once('#') {
            None => Text::concat(&[url, &joint(url).into(), query]),
            Some((page, fragment)) => {
                format!("{page}{}{}#{fragment}", joint(page), &**query).into()
            }
        }
    }
}
