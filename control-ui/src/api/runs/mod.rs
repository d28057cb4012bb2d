//! `/api/runs`: starting runs, looking at them, and everything that can be asked of them. One endpoint, one file.

pub mod account;
mod account_page;
pub mod again;
pub mod apply;
pub mod create;
pub mod days;
pub mod delete;
pub mod edit;
pub mod list;
pub mod logs;
pub mod pause;
pub mod restart;
pub mod resume;
pub mod samples;
pub mod show;
pub mod stop;

use crate::api::problem::{Code, Problem};
use crate::runs::RunId;

/// The id from a path. A malformed one is answered like an unknown one.
fn run_id(text: &str) -> Result<RunId, Problem> {
    RunId::parse(text).ok_or_else(no_such_run)
}

pub(crate) fn no_such_run() -> Problem {
    Problem::new(
        Code::NotFound,
        "no run of this id; GET /api/runs lists the runs",
    )
}
