//! What a test finds at a right Matomo, and what it never does.

use loader::probe::{Report, Rights, State, Step, Whereabouts, probe, text};

use crate::servers::{MATOMO, Matomo, Role, Server, TOKEN, says};
use crate::{asked, found, plan, target, test};

#[tokio::test]
async fn a_name_that_nobody_has_is_told_apart_from_the_rest() {
    let report = test(&target("http://matomo.invalid/matomo.php")).await;
    let code = found(&report, Step::Dns).code.as_str();
    // Without a network no name server answers.
    assert!(
        ["dns.no_such_name", "dns.resolver_away"].contains(&code),
        "{code}"
    );
    assert_eq!(found(&report, Step::Connect).code, "connect.not_reached");
}

#[tokio::test]
async fn a_right_matomo_passes_and_nothing_is_recorded_unless_asked_for() {
    for (role, rights) in [
        (Role::Write, Rights::Write),
        (Role::Admin, Rights::Admin),
        (Role::Super, Rights::Superuser),
    ] {
        let matomo = Matomo { role, ..MATOMO };
        let server = Server::answering(move |request| matomo.answer(request)).await;
        let mut asked = asked(plan(&target(&server.url())));
        let report = probe(&asked).await;
        assert!(report.ok, "{report:?}");
        assert_eq!(report.token.state, rights);
        assert_eq!(report.matomo.version.as_deref(), Some("5.2.0"));
        assert_eq!(
            report
                .matomo
                .clock_difference_s
                .map(i64::abs)
                .map(|s| s <= 2),
            Some(true)
        );
        assert!(report.matomo.latency_ms.is_some());
        let site = &found(&report, Step::Site).message;
        assert_eq!(
            site,
            "site 3 is “Shop” (time zone Europe/Stockholm, currency SEK)"
        );
        assert!(
            server
                .seen()
                .iter()
                .all(|request| !request.body.contains("rec=1"))
        );

        asked.write_hit = true;
        let report = probe(&asked).await;
        assert_eq!(found(&report, Step::Hit).code, "hit.accepted");
        let seen = server.seen();
        let hits: Vec<_> = seen
            .iter()
            .filter(|request| request.body.contains("rec=1"))
            .collect();
        assert_eq!(hits.len(), 1);
        assert!(
            hits[0].body.contains("Trafficinator%20connection%20test"),
            "{hits:?}"
        );
        assert!(!hits[0].body.contains(TOKEN));
    }
}

#[tokio::test]
async fn a_loopback_address_is_warned_of_only_where_it_is_a_container_and_nobody_answers() {
    let nobody = "http://localhost:1/matomo.php";
    let server = Server::answering(|request| MATOMO.answer(request)).await;
    for (whereabouts, state, words) in [
        (
            Whereabouts::Machine,
            State::Ok,
            "an address that a target can have",
        ),
        (
            Whereabouts::OwnContainer,
            State::Warning,
            "is the loader itself",
        ),
        (
            Whereabouts::SharedContainer,
            State::Warning,
            "the control plane and its loaders",
        ),
    ] {
        let mut asked = asked(plan(&target(nobody)));
        asked.whereabouts = whereabouts;
        let report = probe(&asked).await;
        let address = found(&report, Step::Address);
        assert_eq!(address.state, state, "{whereabouts:?}");
        assert!(address.message.contains(words), "{address:?}");
        let named = format!("{:?}", found(&report, Step::Connect));
        let loader_network = whereabouts == Whereabouts::OwnContainer;
        assert_eq!(named.contains("LOADER_NETWORK"), loader_network, "{named}");
        let docker = whereabouts != Whereabouts::Machine;
        assert_eq!(named.contains("host.docker.internal"), docker, "{named}");

        let mut asked = crate::asked(plan(&target(&server.url())));
        asked.whereabouts = whereabouts;
        let report = probe(&asked).await;
        assert!(report.ok, "{whereabouts:?}");
        assert_eq!(found(&report, Step::Address).state, State::Ok);
    }
}

#[tokio::test]
async fn a_token_goes_nowhere_but_to_a_matomo_at_the_targets_own_address() {
    let elsewhere = Server::answering(|request| MATOMO.answer(request)).await;
    let to = format!("Location: {}\r\n", elsewhere.url());
    let redirects = Server::answering(move |_| says(307, &to, "")).await;
    let stranger = Server::answering(|_| says(200, "", "<html>hello</html>")).await;
    let first: Report = test(&target(&redirects.url())).await;
    assert_eq!(found(&first, Step::Http).code, "http.redirect");
    assert!(found(&first, Step::Http).message.contains(&elsewhere.url()));
    assert!(elsewhere.seen().is_empty());
    test(&target(&stranger.url())).await;
    for request in redirects.seen().iter().chain(&stranger.seen()) {
        assert!(!format!("{request:?}").contains(TOKEN), "{request:?}");
    }
}

#[tokio::test]
async fn a_foreign_version_or_name_is_not_repeated_as_it_comes() {
    let odd = Matomo {
        version: "<script>alert(1)</script>",
        ..MATOMO
    };
    let server = Server::answering(move |request| odd.answer(request)).await;
    let report = test(&target(&server.url())).await;
    assert_eq!(report.matomo.version, None);
    assert!(!text(&report).contains("script"));
}
