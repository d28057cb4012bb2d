//! How visits rise and fall: what is refused, all of it at once.

use serde_json::json;

use crate::support::{TOKEN, check_env, find, no_files, with_target};

#[test]
fn everything_that_is_wrong_with_a_rhythm_is_told_at_once() {
    let checked = with_target()
        .set("a test", "/load/curve", "hours".into())
        .set("a test", "/load/curve_hours", json!(vec![1.0; 23]))
        .set("a test", "/load/weekdays", json!([0, 0, 0, 0, 0, 0, 0]))
        .set(
            "a test",
            "/load/spikes",
            json!([{ "start": "tomorrow", "factor": 3, "half_life_hours": 4 }]),
        )
        .set("a test", "/audience/returning", json!(1.5))
        .check(&no_files);
    assert!(checked.plan.is_none());
    let hours = find(&checked.problems, "/load/curve_hours", "wrong_length");
    assert!(hours.message.contains("23 numbers"), "{}", hours.message);
    assert_eq!(hours.hint.as_deref(), Some("give 24 numbers"));
    find(&checked.problems, "/load/weekdays", "all_zero");
    let start = find(&checked.problems, "/load/spikes/0/start", "invalid_time");
    assert!(start.message.contains("tomorrow"), "{}", start.message);
    find(&checked.problems, "/audience/returning", "above_limit");
}

#[test]
fn a_rhythm_is_read_from_the_environment_too() {
    let checked = check_env(&[
        ("LOAD_CURVE", "hours"),
        (
            "LOAD_CURVE_HOURS",
            "0,0,0,0,0,0,0,0,1,1,1,1,1,1,1,1,1,0,0,0,0,0,0,0",
        ),
        ("LOAD_WEEKDAYS", "1,1,1,1,1,0.5,0.5"),
        ("LOAD_GROWTH_PERCENT", "20"),
        ("LOAD_HOLIDAYS", "2026-12-24,2026-12-25"),
        (
            "LOAD_SPIKES",
            r#"[{"start":"2026-03-29T02:30","factor":5,"half_life_hours":2,"campaign":"news"}]"#,
        ),
        ("TIMEZONE", "Europe/Stockholm"),
        ("MATOMO_TOKEN_AUTH", TOKEN),
    ]);
    let rhythm = checked.plan.expect("it is sound").load.rhythm;
    assert_eq!((rhythm.hours[7], rhythm.hours[8]), (0.0, 1.0));
    assert_eq!(rhythm.weekdays[5], 0.5);
    assert_eq!(rhythm.growth, 0.2);
    assert_eq!(rhythm.holidays.len(), 2);
    // Half past two is left out on that day: the spike begins at three, summer time.
    assert_eq!(rhythm.spikes[0].start_ms, 1_774_746_000_000);
    assert_eq!(rhythm.spikes[0].half_life_ms, 7_200_000);
    assert_eq!(rhythm.spikes[0].campaign.as_deref(), Some("news"));
}

#[test]
fn hours_that_no_curve_uses_and_people_without_a_population_are_warned_of() {
    let checked = check_env(&[("LOAD_CURVE_HOURS", "1,1"), ("PEOPLE_SINCE", "2026-01-01")]);
    find(&checked.warnings, "/load/curve_hours", "not_used");
    find(&checked.warnings, "/audience/people_since", "new_people");
}
