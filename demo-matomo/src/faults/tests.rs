use super::*;

fn faults(rules: &str) -> Faults {
    let faults = Faults::new();
    faults
        .set(format!("{{\"faults\":[{rules}]}}").as_bytes())
        .unwrap();
    faults
}

/// Which of the first requests (from 1) the rules end.
fn ended(rules: &str, requests: usize) -> Vec<usize> {
    let faults = faults(rules);
    (1..=requests)
        .filter(|_| faults.decide().ending.is_some())
        .collect()
}

#[test]
fn every_after_and_times_choose_the_requests() {
    assert_eq!(ended(r#"{"kind":"503"}"#, 3), [1, 2, 3]);
    assert_eq!(ended(r#"{"kind":"503","every":3}"#, 9), [3, 6, 9]);
    assert_eq!(ended(r#"{"kind":"503","after":2}"#, 4), [3, 4]);
    assert_eq!(
        ended(r#"{"kind":"503","every":2,"after":3,"times":2}"#, 12),
        [5, 7]
    );
    assert_eq!(ended(r#"{"kind":"503","times":0}"#, 3), [] as [usize; 0]);
}

#[test]
fn a_probability_chooses_about_its_share_and_the_same_requests_for_a_seed() {
    let rule = |seed| format!(r#"{{"kind":"502","probability":0.25,"seed":{seed}}}"#);
    let first = ended(&rule(1), 4_000);
    assert!(
        (900..1_100).contains(&first.len()),
        "{} of 4000",
        first.len()
    );
    assert_eq!(first, ended(&rule(1), 4_000));
    assert_ne!(first, ended(&rule(2), 4_000));
}

#[test]
fn delays_add_up_and_the_first_ending_counts_and_only_it_fires() {
    let faults = faults(
        r#"{"kind":"delay","ms":5},{"kind":"500_after"},{"kind":"reset"},{"kind":"delay","ms":7}"#,
    );
    let plan = faults.decide();
    assert_eq!(plan.delay, Duration::from_millis(12));
    assert_eq!(plan.ending, Some(Ending::ErrorAfter));
    let report = faults.report();
    let fired: Vec<_> = report["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["fired"])
        .collect();
    assert_eq!(fired, [1, 1, 0, 1]);
}

#[test]
fn a_share_of_the_hits_is_left_out_evenly_and_counted() {
    for (percent, hits, expected) in [(5.0, 1_000, 50), (29.0, 100, 29), (100.0, 7, 7)] {
        let faults = faults(&format!(
            r#"{{"kind":"exclude_percent","percent":{percent}}}"#
        ));
        let out = (0..hits).filter(|_| faults.leaves_out_a_hit()).count();
        assert_eq!(out, expected, "{percent} percent of {hits}");
        assert_eq!(faults.report()["faults"][0]["fired"], expected);
    }
}

#[test]
fn input_that_is_not_understood_names_every_problem_and_changes_nothing() {
    let faults = faults(r#"{"kind":"429","retry_after_s":3}"#);
    let before = faults.report();
    for (input, expected) in [
        ("nonsense", "the body is not JSON"),
        ("[]", "must be an object"),
        (r#"{"fault":[]}"#, "fault: not known"),
        (r#"{"faults":{}}"#, "must be a list"),
        (r#"{"faults":[{"kind":"explode"}]}"#, "explode"),
        (r#"{"faults":[{"kind":"429","evry":2}]}"#, "evry"),
        (r#"{"faults":[{"kind":"delay"}]}"#, "faults[0].ms: required"),
        (
            r#"{"faults":[{"kind":"delay","ms":600001}]}"#,
            "from 1 to 600000",
        ),
        (r#"{"faults":[{"kind":"429","ms":5}]}"#, "ms: only for"),
        (
            r#"{"faults":[{"kind":"429","every":0}]}"#,
            "every: 1 or more",
        ),
        (
            r#"{"faults":[{"kind":"429","probability":1.5}]}"#,
            "probability",
        ),
        (
            r#"{"faults":[{"kind":"502","retry_after_s":1}]}"#,
            "retry_after_s: only",
        ),
        (
            r#"{"faults":[{"kind":"429","retry_after_s":90000}]}"#,
            "up to 86400",
        ),
        (
            r#"{"faults":[{"kind":"502","recorded":true}]}"#,
            "recorded: only",
        ),
        (
            r#"{"faults":[{"kind":"exclude_percent"}]}"#,
            "percent: required",
        ),
        (
            r#"{"faults":[{"kind":"exclude_percent","percent":5,"every":2}]}"#,
            "percent alone",
        ),
        (
            r#"{"faults":[{"kind":"502","percent":5}]}"#,
            "percent: only",
        ),
    ] {
        let problems = faults.set(input.as_bytes()).unwrap_err().join("; ");
        assert!(problems.contains(expected), "{input}: {problems}");
        assert_eq!(faults.report(), before, "{input}");
    }
    let two = r#"{"faults":[{"kind":"delay"},{"kind":"502","every":0,"percent":1}]}"#;
    assert_eq!(faults.set(two.as_bytes()).unwrap_err().len(), 3);
}

#[test]
fn an_empty_object_takes_all_faults_back() {
    let faults = faults(r#"{"kind":"hang"}"#);
    faults.set(b"{}").unwrap();
    assert_eq!(faults.decide(), Plan::default());
    assert_eq!(faults.report(), json!({ "faults": [] }));
}

#[test]
fn refusing_begins_at_once_or_after_so_many_requests_and_once_unless_told_otherwise() {
    let at_once = faults(r#"{"kind":"refuse","ms":50}"#);
    assert!(at_once.refusing_until().borrow().is_some());
    assert_eq!(at_once.report()["faults"][0]["fired"], 1);
    at_once.decide();
    assert_eq!(at_once.report()["faults"][0]["fired"], 1);

    let later = faults(r#"{"kind":"refuse","ms":50,"after":1}"#);
    later.decide();
    assert!(later.refusing_until().borrow().is_none());
    later.decide();
    assert!(later.refusing_until().borrow().is_some());
    assert_eq!(later.report()["faults"][0]["fired"], 1);
    later.set(b"{}").unwrap();
    assert!(
        later.refusing_until().borrow().is_none(),
        "taking it back opens the listener"
    );
}
