//! Looking at runs: lists, one in full, samples. Changes nothing.

use super::record::Run;
use super::{RunId, Runs, UNFINISHED_SEEN};
use crate::api::page;
use crate::api::problem::Problem;
use crate::api::view::{RunSummary, RunView, Sample};
use crate::settings::host_of;
use crate::store::RunFilter;

impl Runs {
    /// Hosts that may be targets of full runs: those that a person typed back, and the practice target's.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn confirmed_hosts(&self) -> Result<Vec<String>, Problem> {
        let confirmed = self.needs().store.confirmations().await?;
        let mut hosts: Vec<String> = confirmed.into_iter().map(|known| known.host).collect();
        if let Some(practice) = &self.needs().settings.practice {
            hosts.push(host_of(&practice.url));
        }
        hosts.sort_unstable();
        hosts.dedup();
        Ok(hosts)
    }

    /// Runs that have not ended, newest first; paused ones too.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn active(&self) -> Result<Vec<RunSummary>, Problem> {
        summaries(self.needs().store.unfinished_runs(UNFINISHED_SEEN).await?)
    }

    /// The same in full.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn active_in_full(&self) -> Result<Vec<RunView>, Problem> {
        let rows = self.needs().store.unfinished_runs(UNFINISHED_SEEN).await?;
        rows.into_iter()
            .map(|row| Run::from_row(row).map(|run| self.view_of(&run)))
            .collect::<Result<_, _>>()
            .map_err(|error| Problem::internal(&error))
    }

    /// Runs, newest first, and whether there are more.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn list(
        &self,
        filter: RunFilter,
        limit: u32,
    ) -> Result<(Vec<RunSummary>, bool), Problem> {
        let mut rows = self.needs().store.list_runs(filter, limit + 1).await?;
        let more = page::cut(&mut rows, limit);
        Ok((summaries(rows)?, more))
    }

    /// A run in full.
    ///
    /// # Errors
    /// No such run, or the store does not answer.
    pub async fn view(&self, id: &RunId) -> Result<RunView, Problem> {
        Ok(self.view_of(&*self.entry(id).await?.run.lock().await))
    }

    /// A run's samples, oldest first.
    ///
    /// # Errors
    /// No such run, or the store does not answer.
    pub async fn samples(&self, id: &RunId) -> Result<Vec<Sample>, Problem> {
        self.entry(id).await?;
        Ok(self.needs().store.samples(id.to_string()).await?)
    }
}

fn summaries(rows: Vec<crate::store::RunRow>) -> Result<Vec<RunSummary>, Problem> {
    rows.into_iter()
        .map(|row| Run::from_row(row).map(|run| run.summary()))
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::internal(&error))
}
