//! What a visit looks like: bounds, shares of visits, and whether they fit together.

use super::{Conversion, above_zero, seconds};
use crate::plan::BehaviourPlan;
use crate::problem::{Problem, path};
use crate::sections::{Behaviour, Commerce};

/// Bounds of an engaged visit that nobody bounded: page views, minutes.
const PAGE_VIEWS: (u32, u32) = (2, 100);
const MINUTES: (f64, f64) = (0.1, 120.0);

impl Conversion<'_> {
    /// The believable model bounds visits that see more than one page, and leaves them free unless somebody says
    /// otherwise; the defaults are the flat model's. Settled in the configuration, so that a stored document means the same.
    pub(super) fn settle_behaviour(&self, given: &mut Behaviour) {
        let free = |pointer| !self.is_set(pointer);
        if free("/behaviour/page_views_max") {
            given.page_views_max = PAGE_VIEWS.1;
        }
        if free("/behaviour/page_views_min") {
            given.page_views_min = PAGE_VIEWS.0.min(given.page_views_max);
        }
        if free("/behaviour/visit_duration_max") {
            given.visit_duration_max = MINUTES.1;
        }
        if free("/behaviour/visit_duration_min") {
            given.visit_duration_min = MINUTES.0.min(given.visit_duration_max);
        }
        let (fewest, most) = bounds(given);
        if free("/behaviour/depth") && !(fewest < given.depth && given.depth < most) {
            given.depth = f64::midpoint(fewest, most.max(fewest));
        }
    }

    pub(super) fn behaviour(&mut self, given: &Behaviour) -> BehaviourPlan {
        self.ordered(
            ("/behaviour/page_views_min", given.page_views_min.into()),
            ("/behaviour/page_views_max", given.page_views_max.into()),
        );
        self.ordered(
            ("/behaviour/visit_duration_min", given.visit_duration_min),
            ("/behaviour/visit_duration_max", given.visit_duration_max),
        );
        BehaviourPlan {
            realism: given.realism,
            page_views_min: given.page_views_min,
            page_views_max: given.page_views_max,
            visit_duration_min: seconds(given.visit_duration_min * 60.0),
            visit_duration_max: seconds(given.visit_duration_max * 60.0),
            search: given.search,
            outlink: given.outlink,
            download: given.download,
            click_event: given.click_event,
            random_event: given.random_event,
            direct: given.direct,
            bounce: given.bounce,
            depth: given.depth,
            dwell: seconds(given.dwell_seconds),
            zipf: given.zipf,
            entry_zipf: given.entry_zipf,
            contents: given.contents,
            heartbeat: above_zero(given.heartbeat_seconds.into()).map(seconds),
            page_timings: given.page_timings,
        }
    }

    /// Whatever happens beside page views happens in visits that see more than one page.
    pub(super) fn engaged_visits_suffice(&mut self, given: &Behaviour, commerce: &Commerce) {
        self.depth_fits(given);
        if !self.sound(&["/behaviour/bounce"]) {
            return;
        }
        let engaged = 1.0 - given.bounce;
        for (pointer, share) in [
            ("/behaviour/search", given.search),
            ("/behaviour/outlink", given.outlink),
            ("/behaviour/download", given.download),
            ("/behaviour/click_event", given.click_event),
            ("/behaviour/random_event", given.random_event),
            ("/commerce/order", commerce.order),
            ("/commerce/cart", commerce.cart.unwrap_or_default()),
        ] {
            if share > engaged + 1e-9 && self.sound(&[pointer]) {
                let message = format!(
                    "{share} of all visits is more than the {engaged:.2} that see more than one page, with a \
                     behaviour.bounce of {}",
                    given.bounce
                );
                let hint = format!("lower it to {engaged:.2} or less, or lower behaviour.bounce");
                self.problem(Problem::new(pointer, "does_not_fit", message).hint(hint));
            }
        }
    }

    fn depth_fits(&mut self, given: &Behaviour) {
        let pages = ["/behaviour/page_views_min", "/behaviour/page_views_max"];
        let (fewest, most) = bounds(given);
        if !self.sound(&pages) || given.page_views_min > given.page_views_max {
            return;
        }
        if given.page_views_max == 1 && given.bounce < 1.0 {
            let message = "a visit of one page is a bounce, and not all visits are to bounce";
            let hint = "raise it to 2 or more, or set behaviour.bounce to 1";
            self.problem(Problem::new(pages[1], "does_not_fit", message).hint(hint));
        } else if given.page_views_max > 1 && !(fewest <= given.depth && given.depth <= most) {
            let pointer = "/behaviour/depth";
            let message = format!(
                "a mean of {} page views does not lie between {fewest} and {most}, the fewest and most of a visit \
                 that does not bounce",
                given.depth
            );
            let hint = format!("choose one between, or change {}", path(pages[1]));
            self.problem(Problem::new(pointer, "does_not_fit", message).hint(hint));
        }
    }
}

/// Fewest and most page views of a visit that does not bounce.
fn bounds(given: &Behaviour) -> (f64, f64) {
    (
        given.page_views_min.max(2).into(),
        given.page_views_max.into(),
    )
}
