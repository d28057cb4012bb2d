use super::*;
use crate::ledger::IN_FLIGHT;
use crate::testing::{due_hits, ledger};

fn places(of: &[u16]) -> Places {
    let mut places = Places::default();
    of.iter().for_each(|nth| places.insert(*nth));
    places
}

/// A journal in which the first visit of a few was made.
fn begun(directory: &Path) -> (Journal, Vec<Due>) {
    let mut due = due_hits(3, &ledger());
    let ordinal = due[0].visit.ordinal;
    due.retain(|hit| hit.visit.ordinal == ordinal);
    let journal = Journal::begin(directory, BTreeMap::new()).unwrap();
    journal.made(ordinal, u16::try_from(due.len()).unwrap());
    (journal, due)
}

#[test]
fn neighbours_are_written_as_one() {
    let text = serde_json::to_string(&places(&[7, 0, 1, 2])).unwrap();
    assert_eq!(text, "[[0,2],[7,7]]");
    let read: Places = serde_json::from_str(&text).unwrap();
    assert_eq!(read, places(&[0, 1, 2, 7]));
}

#[test]
fn what_happened_since_a_checkpoint_is_read_in_its_order() {
    let directory = tempfile::tempdir().unwrap();
    let (journal, due) = begun(directory.path());
    let all: Vec<&Due> = due.iter().collect();
    let ordinal = due[0].visit.ordinal;
    journal.intend(&all[..2]).unwrap();
    let mark = journal.cut();
    assert_eq!(mark.open[&ordinal].sent, places(&[0, 1]));
    journal
        .settled(&all[..1], HitOutcome::Accepted, Why::default())
        .unwrap();
    let why = Why::new(Some(&IN_FLIGHT), false);
    journal
        .settled(&all[1..2], HitOutcome::Unknown, why.clone())
        .unwrap();
    let records = replay(directory.path(), &mark).unwrap();
    let settled = |nth, outcome, why| Record::Settled {
        hits: BTreeMap::from([(ordinal, places(&[nth]))]),
        outcome,
        why,
    };
    assert_eq!(
        records,
        [
            settled(0, HitOutcome::Accepted, Why::default()),
            settled(1, HitOutcome::Unknown, why.clone()),
        ]
    );
    assert_eq!(why.cause(), Some(IN_FLIGHT));
    // The first intent counts only before the checkpoint.
    assert_eq!(replay(directory.path(), &Mark::default()).unwrap().len(), 3);
    journal.forget(&mark);
    assert_eq!(replay(directory.path(), &Mark::default()).unwrap().len(), 2);
}

#[test]
fn a_line_that_broke_off_is_left_out_and_the_next_one_counts() {
    let directory = tempfile::tempdir().unwrap();
    let (journal, due) = begun(directory.path());
    let all: Vec<&Due> = due.iter().collect();
    journal.intend(&all[..1]).unwrap();
    {
        let mut state = journal.lock();
        state.file.write_all(b"{\"i\":{\"0\":[[0,").unwrap();
        state.torn = true;
    }
    journal.withdraw(&all[..1]).unwrap();
    let records = replay(directory.path(), &Mark::default()).unwrap();
    assert_eq!(records.len(), 2);
    assert!(matches!(records[1], Record::Withdrawn(_)));
}

#[test]
fn a_visit_is_open_until_its_last_hit_is_settled() {
    let directory = tempfile::tempdir().unwrap();
    let (journal, due) = begun(directory.path());
    let all: Vec<&Due> = due.iter().collect();
    let (last, others) = all.split_last().unwrap();
    journal
        .settled(others, HitOutcome::Accepted, Why::default())
        .unwrap();
    assert_eq!(journal.cut().open.len(), 1);
    journal.intend(&[*last]).unwrap();
    journal
        .settled(&[*last], HitOutcome::Failed, Why::default())
        .unwrap();
    assert!(journal.cut().open.is_empty());
}

#[test]
fn another_attempt_begins_behind_all_files_of_the_one_before() {
    let directory = tempfile::tempdir().unwrap();
    let (journal, _) = begun(directory.path());
    let before = journal.cut();
    let open = before.open.clone();
    drop(journal);
    let again = Journal::begin(directory.path(), open.clone()).unwrap();
    let mark = again.cut();
    assert_eq!(mark.open, open);
    assert!(before.journal < mark.journal);
}
