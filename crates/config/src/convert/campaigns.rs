//! Campaigns of the run's own: names, days and landing pages.

use chrono::NaiveDate;

use super::Conversion;
use super::content::http_url;
use crate::plan::{CampaignPlan, LandingPage};
use crate::problem::{Problem, quoted};
use crate::sections::{Campaign, RunConfig};

const POINTER: &str = "/channels/own_campaigns";

impl Conversion<'_> {
    pub(super) fn campaigns(&mut self, config: &RunConfig) -> Vec<CampaignPlan> {
        let window = self.days_of_run(config);
        let given = &config.channels.own_campaigns;
        for (nth, campaign) in given.iter().enumerate() {
            self.days_fit(nth, campaign, window);
        }
        let landings: Vec<_> = given
            .iter()
            .enumerate()
            .map(|(nth, campaign)| self.landing(nth, campaign))
            .collect();
        let plans = given
            .iter()
            .zip(landings)
            .map(|(campaign, landing)| CampaignPlan {
                name: campaign.name.clone(),
                source: campaign.source.clone(),
                medium: campaign.medium.clone(),
                keyword: campaign.keyword.clone(),
                content: campaign.content.clone(),
                weight: campaign.weight,
                from: campaign.from,
                to: campaign.to,
                landing,
                style: campaign.style,
            });
        plans.collect()
    }

    /// First and last day of the run, as far as they are known.
    fn days_of_run(&self, config: &RunConfig) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let today = self.today(&config.load);
        let past = &config.backfill;
        if !past.enabled {
            return (today, None);
        }
        let days = |back: u32| {
            today.and_then(|today| today.checked_sub_days(chrono::Days::new(back.into())))
        };
        let (first, last) = match (
            past.start_date,
            past.end_date,
            past.days_back,
            past.duration_days,
        ) {
            (Some(first), Some(last), _, _) => (Some(first), Some(last)),
            (_, _, Some(back), Some(count)) => (days(back), days((back + 1).saturating_sub(count))),
            _ => (None, None),
        };
        (first, last.filter(|_| past.run_once))
    }

    fn days_fit(
        &mut self,
        nth: usize,
        campaign: &Campaign,
        window: (Option<NaiveDate>, Option<NaiveDate>),
    ) {
        let name = quoted(&campaign.name);
        let place = format!("campaign {} ({name})", nth + 1);
        if let (Some(from), Some(to)) = (campaign.from, campaign.to)
            && from > to
        {
            let message = format!("{place} begins on {from} and ends on {to}");
            self.problem(
                Problem::new(POINTER, "min_above_max", message)
                    .hint("swap the two days, or leave one out"),
            );
            return;
        }
        let over = matches!((campaign.to, window.0), (Some(to), Some(first)) if to < first);
        let later = matches!((campaign.from, window.1), (Some(from), Some(last)) if from > last);
        if over || later {
            let day = |day: Option<NaiveDate>| {
                day.map_or_else(|| "open".to_owned(), |day| day.to_string())
            };
            let message = format!(
                "{place} runs from {} to {}, outside of the run's days, {} to {}",
                day(campaign.from),
                day(campaign.to),
                day(window.0),
                day(window.1)
            );
            let hint = "move its days into the run's, or remove it";
            self.problem(Problem::new(POINTER, "outside_window", message).hint(hint));
        }
    }

    fn landing(&mut self, nth: usize, campaign: &Campaign) -> LandingPage {
        match campaign.landing.as_deref() {
            None | Some("") => LandingPage::Any,
            Some(path) if path.starts_with('/') => LandingPage::Path(path.to_owned()),
            Some(address) => match http_url(address) {
                Ok(_) => LandingPage::Address(address.to_owned()),
                Err(problem) => {
                    let message = format!("campaign {}: landing {}", nth + 1, problem.message);
                    let hint = "write a path such as /sale, or a whole address";
                    self.problem(Problem::new(POINTER, "invalid_url", message).hint(hint));
                    LandingPage::Any
                }
            },
        }
    }
}
