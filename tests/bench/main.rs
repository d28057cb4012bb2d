//! Prints the figures that `make bench` promises, a line for each: `name value unit goal VALUE ok|short`; one that others are
//! compared with has no goal.
//!
//! Everything is measured from outside, on whole processes: user and system time and peak memory as the operating
//! system counts them, moments of arrival as a sink in this process sees them. The sink answers at once unless a
//! figure says otherwise. Lines that begin with `#` say how a figure was measured.

mod backfill;
mod figures;
mod measure;
mod programs;
mod sink;

use anyhow::Result;
use figures::{Figure, how};

fn main() -> Result<()> {
    let simulation = std::env::args().nth(1).and_then(|value| value.parse().ok());
    how("one machine holds loader and sink; compare CPU seconds, not rates");
    how(
        "simulation: one thread makes visits and writes their hits as query strings (crates/simulation)",
    );
    Figure::new("simulation_cpu_per_1000_hits", simulation, "s").at_most(0.0007);

    programs::delivery_costs()?;
    backfill::costs_of_a_backfill()?;
    backfill::speed_of_a_backfill()?;
    programs::starts_of_visits()?;
    programs::memory_of_a_million_visits_a_day()?;
    programs::plan_shown()?;
    programs::control_plane()?;
    programs::images();
    Ok(())
}
