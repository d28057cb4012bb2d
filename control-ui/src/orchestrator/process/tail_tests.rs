use std::fs::OpenOptions;
use std::io::Write;

use super::*;
use crate::orchestrator::process::folders::Folders;
use crate::runs::RunId;

struct Setup {
    _folder: tempfile::TempDir,
    place: Place,
}

fn setup() -> Setup {
    let folder = tempfile::tempdir().unwrap();
    let place = Folders::new(folder.path().to_owned()).place(&RunId::fresh(), 1, 1);
    std::fs::create_dir_all(&place.attempt_dir).unwrap();
    Setup {
        _folder: folder,
        place,
    }
}

fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn tail(place: &Place) -> Tail {
    Tail::new(place.report_file(), Output::Standard)
}

fn read(tail: &mut Tail) -> Vec<String> {
    let mut lines = VecDeque::new();
    tail.read(&mut lines);
    lines.into_iter().map(|line| line.text).collect()
}

#[test]
fn lines_come_once_and_only_when_they_are_whole() {
    let setup = setup();
    let report = setup.place.report_file();
    let mut tail = tail(&setup.place);
    assert!(read(&mut tail).is_empty());
    append(&report, "one\ntw");
    assert_eq!(read(&mut tail), ["one"]);
    append(&report, "o\nthree\n");
    assert_eq!(read(&mut tail), ["two", "three"]);
    assert!(read(&mut tail).is_empty());
}

#[test]
fn a_rotation_loses_no_line() {
    let setup = setup();
    let report = setup.place.report_file();
    let mut tail = tail(&setup.place);
    append(&report, "one\n");
    assert_eq!(read(&mut tail), ["one"]);
    append(&report, "two\n");
    std::fs::rename(&report, predecessor(&report)).unwrap();
    append(&report, "three\n");
    assert_eq!(read(&mut tail), ["two", "three"]);
}

#[test]
fn a_reader_that_comes_late_begins_with_the_predecessor() {
    let setup = setup();
    let report = setup.place.report_file();
    append(&predecessor(&report), "one\n");
    append(&report, "two\n");
    assert_eq!(read(&mut tail(&setup.place)), ["one", "two"]);
}

#[tokio::test]
async fn lines_carry_their_own_moment_and_older_ones_can_be_left_out() {
    let setup = setup();
    append(
        &setup.place.report_file(),
        "{\"at\":\"2026-03-01T00:00:00.500Z\"}\n",
    );
    append(
        &setup.place.log_file(),
        "{\"timestamp\":\"2026-03-01T00:00:02.000001Z\"}\nwithout a moment\n",
    );
    let since = Some("2026-03-01T00:00:01Z".parse().unwrap());
    let lines: Vec<LogEntry> = lines(setup.place, since, false)
        .map(|line| line.unwrap())
        .collect()
        .await;
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.output == Output::Error));
    assert_eq!(lines[0].at, lines[1].at);
}
