use config::Secret;

use super::*;

fn template() -> Template {
    Template {
        instance: "instance".into(),
        image: "image:latest".into(),
        network: None,
    }
}

fn request(secrets: Option<&str>) -> StartRequest {
    StartRequest {
        run: RunId::parse(&"a".repeat(32)).unwrap(),
        attempt: 2,
        shard: 3,
        config: "{}".into(),
        secrets: secrets.map(|text| Secret::from(text.to_owned())),
        args: vec!["--seed".into(), "7".into()],
        log_level: "debug".into(),
    }
}

#[test]
fn a_container_gets_its_options_from_the_run_and_nothing_else() {
    let body = template().container(&request(None));
    let run = "a".repeat(32);
    let words = format!("run --config /state/run.json --state /state --run {run} --seed 7");
    assert_eq!(body.cmd.unwrap().join(" "), words);
    assert_eq!(body.env.unwrap(), ["LOG_LEVEL=debug"]);
    assert_eq!(body.user.as_deref(), Some("65532:65532"));
    let labels = body.labels.unwrap();
    assert_eq!(labels[LABEL_MANAGED], "1");
    assert_eq!(labels[LABEL_INSTANCE], "instance");
    assert_eq!(
        (
            &labels[LABEL_RUN],
            labels[LABEL_ATTEMPT].as_str(),
            labels[LABEL_SHARD].as_str()
        ),
        (&run, "2", "3")
    );
    let host = body.host_config.unwrap();
    assert_eq!(host.privileged, Some(false));
    assert_eq!(host.port_bindings, None);
    assert_eq!(host.binds, None);
    assert_eq!(host.cap_add, None);
    let mounts = host.mounts.unwrap();
    assert_eq!(mounts.len(), 1);
    assert_eq!(mounts[0].typ, Some(MountType::VOLUME));
}

#[test]
fn secrets_are_named_in_the_options_and_are_nowhere_in_the_body() {
    let body = template().container(&request(Some("c4n4ry")));
    let text = serde_json::to_string(&body).unwrap();
    assert!(text.contains("/state/secrets.json"));
    assert!(!text.contains("c4n4ry"));
}

#[test]
fn attempts_share_a_volume_and_have_names_of_their_own_and_so_have_loaders_of_one_run() {
    let run = RunId::fresh();
    assert_ne!(template().name(&run, 1, 1), template().name(&run, 2, 1));
    assert_ne!(template().name(&run, 1, 1), template().name(&run, 1, 2));
    assert_ne!(template().volume(&run, 1), template().volume(&run, 2));
    // As an earlier version named it.
    let named = format!("trafficinator-state-{run}");
    assert_eq!(template().volume(&run, 1), named);
}

#[test]
fn only_volumes_of_the_run_and_of_this_control_plane_are_the_runs() {
    let (run, other) = (RunId::fresh(), RunId::fresh());
    let labels = template().volume_labels(&run);
    assert!(template().is_of(&run, &labels));
    assert!(!template().is_of(&other, &labels));
    let stranger = Template {
        instance: "another".into(),
        ..template()
    };
    assert!(!stranger.is_of(&run, &labels));
    assert!(!template().is_of(&run, &HashMap::new()));
}
