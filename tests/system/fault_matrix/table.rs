//! The table of the documents: written when asked to, compared otherwise.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::Load;
use super::cases::Case;

const HEAD: &str = "\
# Faults, and what becomes of hits

<!-- Generated. Refresh with: UPDATE_GENERATED=1 cargo test -p system-tests --test system fault_matrix -->

A live run of single hits and a backfill in bulk meet each of these in a test, with real programs against the practice
target. In every one of them the account adds up at each report, the run ends by itself, and the target's own ledger
holds no fewer hits than were accepted and no more than were accepted or are unknown (a ping whose visit was lost counts
as held: Matomo answers it as tracked and leaves it out). With `delivery.doubt` as it is by default (`skip`). Hits that
do not meet the fault are accepted.

| What the server does | A single hit, live | A bulk, in a backfill |
|---|---|---|
";

/// Checks that the document says what the cases say.
pub(super) fn is_current(cases: &[Case]) -> Result<()> {
    let mut text = HEAD.to_owned();
    for case in cases {
        let (live, backfill) = (case.end(Load::Live), case.end(Load::Backfill));
        writeln!(
            text,
            "| {} | {} | {} |",
            case.name, live.words, backfill.words
        )?;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/delivery-faults.md");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        return std::fs::write(&path, text).context("writing docs/delivery-faults.md");
    }
    let written = std::fs::read_to_string(&path).context("reading docs/delivery-faults.md")?;
    ensure!(
        written == text,
        "docs/delivery-faults.md is stale; refresh it as it says"
    );
    Ok(())
}
