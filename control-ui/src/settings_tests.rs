use super::*;

fn options() -> Options {
    Options {
        listen: "127.0.0.1:8000".into(),
        data_dir: "./data".into(),
        orchestrator: "docker".into(),
        loader_image: "image".into(),
        loader_bin: None,
        contained: "0".into(),
        loader_network: None,
        config_file: None,
        practice_target: None,
        public_url: None,
        allowed_hosts: None,
        trusted_proxies: None,
        session_idle_hours: String::new(),
        session_days: String::new(),
        log_level: "info".into(),
    }
}

pub(crate) fn settings_for_tests(public_url: Option<&str>) -> Settings {
    let mut options = options();
    options.public_url = public_url.map(str::to_owned);
    options.settings(&|_| None).unwrap()
}

fn with(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    options().settings(&|name| {
        let found = variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn empty_variables_are_not_set() {
    let mut options = options();
    options.loader_network = Some(String::new());
    options.public_url = Some(" ".into());
    options.allowed_hosts = Some(",".into());
    let settings = options.settings(&|_| Some(String::new())).unwrap();
    assert_eq!(settings.loader_network, None);
    assert_eq!(settings.public_url, None);
    assert!(settings.allowed_hosts.is_empty());
    assert!(settings.api_key.is_none());
}

#[test]
fn addresses_with_a_password_are_refused_and_not_repeated() {
    for address in [
        "http://user:hunter2@practice/matomo.php",
        "user:hunter2@practice",
    ] {
        let mut practice = options();
        practice.practice_target = Some(address.into());
        let mut public = options();
        public.public_url = Some(address.into());
        for options in [practice, public] {
            let error = options.settings(&|_| None).unwrap_err();
            assert!(matches!(error, SettingsError::Credentials { .. }));
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}

#[test]
fn a_public_address_may_have_a_path_that_is_not_one_of_ours() {
    let with = |url: &str| {
        let mut options = options();
        options.public_url = Some(url.into());
        options.settings(&|_| None)
    };
    for (url, base, link) in [
        ("https://a.example", "", "https://a.example"),
        ("https://a.example/", "", "https://a.example"),
        ("https://a.example/x/", "/x", "https://a.example/x"),
        (
            "https://a.example/x/y-1?z#w",
            "/x/y-1",
            "https://a.example/x/y-1",
        ),
    ] {
        let settings = with(url).unwrap();
        assert_eq!(settings.base_path(), base, "{url}");
        assert_eq!(settings.address_for_people(1), link, "{url}");
    }
    for url in [
        "https://a.example/api",
        "https://a.example/docs/x",
        "https://a.example/a//b",
        "https://a.example/%22",
        "https://a.example/a\"b",
        "ftp://a.example",
    ] {
        assert!(with(url).is_err(), "{url}");
    }
}

#[test]
fn proxies_hosts_and_session_times_are_understood_or_refused() {
    let mut good = options();
    good.trusted_proxies = Some("172.18.0.0/16, 192.0.2.1,fd00::/8,".into());
    good.allowed_hosts = Some("A.example, b.example:8443".into());
    good.session_idle_hours = "1".into();
    good.session_days = "2".into();
    let settings = good.settings(&|_| None).unwrap();
    let proxies: Vec<String> = settings
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(proxies, ["172.18.0.0/16", "192.0.2.1/32", "fd00::/8"]);
    assert_eq!(settings.allowed_hosts[1].port, Some(8443));
    assert_eq!(settings.sessions, SessionTimes::new(1, 2));
    let refused = |change: fn(&mut Options)| {
        let mut options = options();
        change(&mut options);
        options.settings(&|_| None).unwrap_err().to_string()
    };
    let proxy = refused(|options| options.trusted_proxies = Some("proxy".into()));
    assert!(
        proxy.starts_with("TRUSTED_PROXIES=\"proxy\" must be"),
        "{proxy}"
    );
    let host = refused(|options| options.allowed_hosts = Some("a b".into()));
    assert!(host.starts_with("ALLOWED_HOSTS=\"a b\" must be"), "{host}");
    for hours in ["0", "721", "x", "-1"] {
        let mut options = options();
        options.session_idle_hours = hours.into();
        assert!(options.settings(&|_| None).is_err(), "{hours}");
    }
}

#[test]
fn keys_that_others_know_or_guess_are_refused_and_not_repeated() {
    for key in config::KNOWN_DEFAULT_KEYS
        .iter()
        .chain(&["short", "123456789012345"])
    {
        let error = with(&[("CONTROL_UI_API_KEY", key)]).unwrap_err();
        assert!(matches!(error, SettingsError::Key { .. }), "{key}");
        assert!(!error.to_string().contains(key), "{error}");
    }
    let settings = with(&[("CONTROL_UI_API_KEY", " 1234567890123456\n")]).unwrap();
    assert_eq!(settings.api_key.unwrap().expose(), "1234567890123456");
}

#[test]
fn a_key_may_lie_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, "a-key-from-a-file-0123\n").unwrap();
    let path = path.to_str().unwrap();
    let settings = with(&[("CONTROL_UI_API_KEY_FILE", path)]).unwrap();
    assert_eq!(settings.api_key.unwrap().expose(), "a-key-from-a-file-0123");
    let both = [
        ("CONTROL_UI_API_KEY_FILE", path),
        ("CONTROL_UI_API_KEY", "another-key-0123456"),
    ];
    assert!(matches!(with(&both), Err(SettingsError::Twice { .. })));
    let gone = with(&[("CONTROL_UI_API_KEY_FILE", "/nowhere/key")]);
    assert!(matches!(gone, Err(SettingsError::File { .. })));
}

#[test]
fn values_that_cannot_be_used_are_named_with_the_rule() {
    type Change = fn(&mut Options);
    let wrong: [(Change, &str); 4] = [
        (|o| o.listen = "8000".into(), "LISTEN"),
        (|o| o.orchestrator = "podman".into(), "ORCHESTRATOR"),
        (
            |o| o.practice_target = Some("demo:8080".into()),
            "PRACTICE_TARGET",
        ),
        (|o| o.public_url = Some("ftp://x".into()), "PUBLIC_URL"),
    ];
    for (change, name) in wrong {
        let mut options = options();
        change(&mut options);
        let error = options.settings(&|_| None).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{name}=")), "{error}");
    }
}

#[test]
fn people_get_an_address_that_they_can_open() {
    let mut settings = with(&[]).unwrap();
    for (listen, expected) in [
        ("127.0.0.1:0", "http://127.0.0.1:8123"),
        ("0.0.0.0:8000", "http://127.0.0.1:8123"),
        ("[::]:8000", "http://127.0.0.1:8123"),
        ("192.0.2.7:8000", "http://192.0.2.7:8123"),
    ] {
        settings.listen = listen.parse().unwrap();
        assert_eq!(settings.address_for_people(8123), expected);
    }
    settings.public_url = Url::parse("https://traffic.example/").ok();
    assert_eq!(settings.address_for_people(8123), "https://traffic.example");
}

#[test]
fn a_host_has_its_port_when_it_is_not_the_usual_one() {
    for (url, host) in [
        ("https://matomo.example/matomo.php", "matomo.example"),
        ("http://matomo.example:8080/", "matomo.example:8080"),
        ("https://matomo.example:443/", "matomo.example"),
    ] {
        assert_eq!(host_of(&Url::parse(url).unwrap()), host);
    }
}

#[test]
fn settings_do_not_show_their_secrets() {
    let settings = with(&[("CONTROL_UI_API_KEY", "a-key-that-is-secret")]).unwrap();
    assert!(!format!("{settings:?}").contains("a-key-that-is-secret"));
}

#[test]
fn a_relative_loader_counts_from_where_the_control_plane_was_started() {
    let mut options = options();
    options.loader_bin = Some("target/debug/loader".into());
    let settings = options.settings(&|_| None).unwrap();
    let here = std::env::current_dir().unwrap();
    assert_eq!(settings.loader_bin, here.join("target/debug/loader"));
}

#[test]
fn a_container_of_its_own_goes_with_processes_only() {
    let with = |contained: &str, orchestrator: &str| {
        let mut options = options();
        options.contained = contained.to_owned();
        options.orchestrator = orchestrator.to_owned();
        options
            .settings(&|_| None)
            .map(|settings| settings.contained)
    };
    assert_eq!(with("1", "process"), Ok(true));
    assert_eq!(with("", "docker"), Ok(false));
    for (contained, orchestrator) in [("1", "docker"), ("yes", "process")] {
        let error = with(contained, orchestrator).unwrap_err();
        assert!(error.to_string().starts_with("CONTAINED="), "{error}");
    }
}
