//! Channels: where a visit comes from.
//!
//! For: search engines, direct entries, social networks, websites, AI assistants, campaigns and e-mail, with referrer
//! and campaign parameters. Not for: what happens in the visit. Invariants: over all visits each channel has its share of
//! the plan, however much returning people and devices lean to one or the other; a referrer is filed by Matomo under the
//! channel that it was drawn for, as far as its version has that channel.

mod campaigns;
mod origins;

use config::{ChannelsPlan, Pages, RunPlan};
use tracking::Text;

use crate::balance::fit;
use crate::devices::Kind;
use crate::pages::{Page, site_of};
use crate::people::Visiting;
use crate::streams::{Purpose, Stream, Streams};
pub(crate) use campaigns::Landing;
use campaigns::{Campaign, Campaigns};
use origins::Origins;

/// Where a visit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Search,
    Direct,
    Social,
    Websites,
    AiAssistants,
    Campaigns,
    Email,
}

impl Channel {
    pub(crate) const ALL: [Self; 7] = [
        Self::Search,
        Self::Direct,
        Self::Social,
        Self::Websites,
        Self::AiAssistants,
        Self::Campaigns,
        Self::Email,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Direct => "direct",
            Self::Social => "social",
            Self::Websites => "websites",
            Self::AiAssistants => "ai_assistants",
            Self::Campaigns => "campaigns",
            Self::Email => "email",
        }
    }
}

/// Who visits, as far as the choice of a channel and the length of a visit depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) returning: bool,
    /// 0 desktop, 1 smartphone, 2 tablet.
    pub(crate) device: usize,
}

impl Group {
    pub(crate) const COUNT: usize = 6;

    pub(crate) fn of(visiting: &Visiting<'_>) -> Self {
        let device = match visiting.device.kind {
            Kind::Desktop => 0,
            Kind::Smartphone => 1,
            Kind::Tablet => 2,
        };
        Self {
            returning: visiting.returning,
            device,
        }
    }

    pub(crate) fn number(self) -> usize {
        usize::from(self.returning) * 3 + self.device
    }

    /// All groups, in the order of their numbers.
    pub(crate) fn all() -> [Self; Self::COUNT] {
        std::array::from_fn(|number| Self {
            returning: number >= 3,
            device: number % 3,
        })
    }

    /// How many of all visits are made by each group.
    pub(crate) fn weights(returning: f64, devices: [f64; 3]) -> [f64; Self::COUNT] {
        Self::all().map(|group| {
            let by_return = if group.returning {
                returning
            } else {
                1.0 - returning
            };
            by_return * devices[group.device]
        })
    }
}

/// How much more often people who were there before come by each channel, and people with a smartphone.
/// People come back by bookmark, typed address and letters; networks are used on phones, assistants at desks.
const RETURNING: [f64; 7] = [0.75, 2.2, 0.6, 0.7, 0.6, 0.7, 2.0];
const SMARTPHONE: [f64; 7] = [1.0, 0.85, 1.9, 0.8, 0.6, 1.1, 1.2];

/// All channels.
#[derive(Debug)]
pub(crate) struct Channels {
    /// For each group the channels' shares.
    mix: Vec<[f64; 7]>,
    origins: Origins,
    campaigns: Campaigns,
    /// What brings the visits of each of the plan's spikes.
    spikes: Vec<Campaign>,
}

/// Where one visit comes from.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(crate) channel: Channel,
    referrer: Option<origins::Origin>,
    campaign: Option<&'a Campaign>,
}

impl Channels {
    /// `groups` are the groups' shares of all visits.
    pub(crate) fn new(plan: &RunPlan, groups: &[f64; Group::COUNT]) -> Self {
        let site = match &plan.content.pages {
            Pages::BuiltIn { site } => site.as_str(),
            Pages::List(list) => list.first().map_or("", |page| site_of(&page.url)),
        };
        let zone = plan.load.time_zone;
        let spikes = &plan.load.rhythm.spikes;
        let plan = &plan.channels;
        let origins = Origins::new();
        Self {
            mix: mixed(plan, groups),
            spikes: spikes
                .iter()
                .map(|spike| Campaign::of_spike(spike, site, zone, &origins))
                .collect(),
            campaigns: Campaigns::new(&plan.own_campaigns, site, zone, &origins),
            origins,
        }
    }

    /// How often each channel is taken by a group.
    pub(crate) fn mix(&self, group: Group) -> &[f64; 7] {
        &self.mix[group.number()]
    }

    pub(crate) fn pick(&self, visiting: &Visiting<'_>, streams: &Streams) -> Source<'_> {
        let mut stream = streams.stream(visiting.ordinal, Purpose::Channel);
        let mut channel = self.channel(Group::of(visiting), &mut stream);
        let mut draws = streams.stream(visiting.ordinal, Purpose::Referrer);
        let country = visiting.place.country;
        if let Some(spike) = visiting.spike.and_then(|at| self.spikes.get(at)) {
            let channel = if spike.is_named() {
                Channel::Campaigns
            } else {
                Channel::Social
            };
            return Source {
                channel,
                referrer: self.origins.pick(Channel::Social, country, &mut draws),
                campaign: Some(spike),
            };
        }
        let campaign = self.campaigns.pick(channel, visiting.start_ms, &mut draws);
        if channel == Channel::Campaigns && campaign.is_none() {
            // None of the run's own runs on this day.
            channel = Channel::Direct;
        }
        let referrer = match campaign {
            Some(campaign) => campaign.referrer.clone(),
            None => self.origins.pick(channel, country, &mut draws),
        };
        Source {
            channel,
            referrer,
            campaign,
        }
    }

    fn channel(&self, group: Group, stream: &mut Stream) -> Channel {
        let mut place = stream.unit();
        for (channel, share) in Channel::ALL.into_iter().zip(self.mix(group)) {
            place -= share;
            if place < 0.0 {
                return channel;
            }
        }
        Channel::Direct
    }
}

/// For each group the channels' shares.
fn mixed(plan: &ChannelsPlan, groups: &[f64; Group::COUNT]) -> Vec<[f64; 7]> {
    let shares = [
        plan.search,
        plan.direct,
        plan.social,
        plan.websites,
        plan.ai_assistants,
        plan.campaigns,
        plan.email,
    ];
    let sum: f64 = shares.iter().sum();
    let shares = shares.map(|share| share / sum);
    let leaning = |row: usize, column: usize| {
        let group = Group::all()[row];
        let returning = if group.returning {
            RETURNING[column]
        } else {
            1.0
        };
        let device = if group.device == 1 {
            SMARTPHONE[column]
        } else {
            1.0
        };
        returning * device
    };
    fit(groups, &shares, leaning)
}

impl Source<'_> {
    /// Where the campaign leads, if it is one's visit.
    pub(crate) fn landing(&self) -> Option<Landing> {
        self.campaign.map(|campaign| campaign.landing)
    }

    /// The page of the campaign's own that it leads to.
    pub(crate) fn page(&self) -> Option<&Page> {
        self.campaign?.page.as_ref()
    }

    /// The referrer of the visit's first page. `words` are what a searcher looked for.
    pub(crate) fn referrer(&self, words: impl Fn() -> String) -> Option<Text> {
        self.referrer.as_ref().map(|origin| origin.address(words))
    }

    /// The address of the landing page as the visitor followed it: with the campaign, if there is one.
    pub(crate) fn tagged(&self, url: Text, start_ms: i64, words: impl Fn() -> String) -> Text {
        match self.campaign {
            Some(campaign) => campaign.tagged(&url, start_ms, words),
            None => url,
        }
    }
}

#[cfg(test)]
mod tests;
