//! Channels: shares that sum to 1.

use super::Conversion;
use crate::plan::{CampaignPlan, ChannelsPlan};
use crate::problem::Problem;
use crate::sections::{Behaviour, Channels};

/// How far the shares may be from 1 together, for the rounding of people who write thirds.
const ROUNDING: f64 = 0.001;

const NAMES: [&str; 7] = [
    "search",
    "direct",
    "social",
    "websites",
    "ai_assistants",
    "campaigns",
    "email",
];

impl Conversion<'_> {
    /// The original has one share of direct entries. Set, and none of the channels, it holds here too, and the others share
    /// the rest as before. Settled in the configuration, so that a stored document means the same.
    pub(super) fn settle_channels(&mut self, given: &mut Channels, behaviour: &Behaviour) {
        let old = "/behaviour/direct";
        if !self.is_set(old) || !self.sound(&[old]) {
            return;
        }
        let set = |name: &&str| self.is_set(&format!("/channels/{name}"));
        if set(&"direct") {
            if (behaviour.direct - given.direct).abs() > ROUNDING {
                let message = format!("channels.direct, which is {}, holds instead", given.direct);
                let hint = "remove this one (DIRECT_TRAFFIC_PROBABILITY), or make them equal";
                self.warning(Problem::new(old, "conflict", message).hint(hint));
            }
            return;
        }
        let any = NAMES.iter().any(set);
        let rest = shares(given).iter().sum::<f64>() - given.direct;
        given.direct = behaviour.direct;
        if !any && rest > 0.0 {
            let scale = (1.0 - behaviour.direct) / rest;
            for share in [
                &mut given.search,
                &mut given.social,
                &mut given.websites,
                &mut given.ai_assistants,
                &mut given.campaigns,
                &mut given.email,
            ] {
                // Digits that a person can read; the sum stays well within the rounding.
                *share = (*share * scale * 1e6).round() / 1e6;
            }
        }
    }

    pub(super) fn channels_sum(&mut self, given: &Channels) {
        let pointers = NAMES.map(|name| format!("/channels/{name}"));
        let sum: f64 = shares(given).iter().sum();
        if (sum - 1.0).abs() <= ROUNDING || !self.sound(&pointers.each_ref().map(String::as_str)) {
            return;
        }
        let told: Vec<_> = NAMES
            .iter()
            .zip(shares(given))
            .map(|(name, share)| format!("{name} {share}"))
            .collect();
        let message = format!(
            "the shares sum to {} instead of 1: {}",
            (sum * 1e4).round() / 1e4,
            told.join(", ")
        );
        let (verb, by) = if sum > 1.0 {
            ("lower", sum - 1.0)
        } else {
            ("raise", 1.0 - sum)
        };
        let hint = format!(
            "{verb} some of them by {} together",
            (by * 1e4).round() / 1e4
        );
        // Told at one that somebody set, so that the message leads to where it was written.
        let at = pointers
            .iter()
            .find(|pointer| self.is_set(pointer))
            .unwrap_or(&pointers[0]);
        self.problem(Problem::new(at, "does_not_sum", message).hint(hint));
    }
}

fn shares(given: &Channels) -> [f64; 7] {
    [
        given.search,
        given.direct,
        given.social,
        given.websites,
        given.ai_assistants,
        given.campaigns,
        given.email,
    ]
}

pub(super) fn plan(given: &Channels, own_campaigns: Vec<CampaignPlan>) -> ChannelsPlan {
    ChannelsPlan {
        search: given.search,
        direct: given.direct,
        social: given.social,
        websites: given.websites,
        ai_assistants: given.ai_assistants,
        campaigns: given.campaigns,
        email: given.email,
        own_campaigns,
    }
}
