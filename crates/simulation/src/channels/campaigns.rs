//! Campaigns: which one leads to a visit, and how its address tells so.

use chrono::{DateTime, Datelike};
use tracking::{CampaignStyle, CampaignTags, Text};

use super::Channel;
use super::origins::{Origin, Origins};
use crate::streams::Stream;
use crate::table::{Weighted, number, optional, rows};

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
    email: Option<Weighted<Campaign>>,
    other: Option<Weighted<Campaign>>,
}

/// A campaign.
#[derive(Debug)]
pub(crate) struct Campaign {
    name: String,
    source: String,
    medium: String,
    keyword: Option<String>,
    content: Option<String>,
    style: CampaignStyle,
    pub(crate) landing: Landing,
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
    pub(crate) fn new(origins: &Origins) -> Self {
        let all = rows(CAMPAIGNS).map(|row| Campaign::built_in(row, origins));
        let (email, other): (Vec<_>, Vec<_>) =
            all.partition(|(_, campaign)| campaign.medium == EMAIL);
        Self {
            email: Weighted::new(email),
            other: Weighted::new(other),
        }
    }

    /// The campaign of a visit by this channel.
    pub(crate) fn pick(&self, channel: Channel, stream: &mut Stream) -> Option<&Campaign> {
        match channel {
            Channel::Campaigns => self.other.as_ref().map(|campaigns| campaigns.pick(stream)),
            Channel::Email if stream.chance(TAGGED) => {
                self.email.as_ref().map(|campaigns| campaigns.pick(stream))
            }
            _ => None,
        }
    }
}

impl Campaign {
    fn built_in(row: [&'static str; 8], origins: &Origins) -> (f64, Self) {
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
            name: name.to_owned(),
            source: source.to_owned(),
            medium: medium.to_owned(),
            keyword: optional(keyword).map(str::to_owned),
            content: optional(content).map(str::to_owned),
            style,
            landing,
            referrer: origins.of_source(source),
            query: None,
        };
        (number(weight), campaign.ready())
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
