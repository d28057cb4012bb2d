//! One of the loaders of runs that have several.

use run_report::Event;

use super::{Fake, id};
use crate::orchestrator::{Ending, StartRequest};
use crate::runs::RunId;

/// The loaders of one number, from 1.
pub struct Nth<'a> {
    fake: &'a Fake,
    shard: u32,
}

impl Fake {
    /// The loaders of this number, from 1. What is asked of the fake itself is asked of the first ones.
    #[must_use]
    pub fn nth(&self, shard: u32) -> Nth<'_> {
        Nth { fake: self, shard }
    }
}

impl Nth<'_> {
    /// What the loader of this attempt was started with.
    #[must_use]
    pub fn request(&self, run: &RunId, attempt: u32) -> Option<StartRequest> {
        let loaders = self.fake.loaders();
        let loader = loaders.get(&id(run, attempt, self.shard));
        loader.map(|loader| loader.request.clone())
    }

    /// Lets a loader write a line of its run report.
    pub fn say(&self, run: &RunId, attempt: u32, event: Event) {
        let id = id(run, attempt, self.shard);
        self.fake.change(&id, |loader| loader.say(event));
    }

    /// Lets a loader end.
    pub fn end(&self, run: &RunId, attempt: u32, ending: Ending) {
        let id = id(run, attempt, self.shard);
        self.fake.ended(&id, ending);
    }
}
