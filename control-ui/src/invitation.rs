//! What the control plane prints when it is ready: the sign-in link, and on a machine far away how to reach it.

use config::Secret;

use crate::settings::Settings;

/// Files that container engines put into their containers.
const IN_A_CONTAINER: &[&str] = &["/.dockerenv", "/run/.containerenv"];

/// The lines to print. `variable` looks up the environment.
#[must_use]
pub fn invitation(
    settings: &Settings,
    link: &Secret,
    port: u16,
    variable: &dyn Fn(&str) -> Option<String>,
) -> String {
    let contained = IN_A_CONTAINER
        .iter()
        .any(|path| std::path::Path::new(path).exists());
    let open = format!("Open {}", link.expose());
    match tunnel(settings, port, contained, variable) {
        Some(tunnel) => format!("{open}\n{tunnel}"),
        None => open,
    }
}

/// The way to a loopback address of another machine. Nothing where people have an address of their own to open.
fn tunnel(
    settings: &Settings,
    port: u16,
    contained: bool,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    if settings.public_url.is_some() {
        return None;
    }
    // "client-address client-port server-address server-port": how the person at the keyboard came here.
    let connection = variable("SSH_CONNECTION");
    let here = connection
        .as_deref()
        .and_then(|text| text.split(' ').nth(2));
    let loopback = settings.listen.ip().is_loopback() || settings.listen.ip().is_unspecified();
    if !loopback || (here.is_none() && !contained) {
        return None;
    }
    let user = variable("USER").filter(|user| here.is_some() && !user.is_empty());
    let user = user.unwrap_or_else(|| "user".to_owned());
    let host = here.unwrap_or("host");
    Some(format!(
        "From another machine, first: ssh -L {port}:127.0.0.1:{port} {user}@{host}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::tests::settings_for_tests;

    fn ask(public: Option<&str>, contained: bool, ssh: bool) -> Option<String> {
        let settings = settings_for_tests(public);
        tunnel(&settings, 8000, contained, &|name| match name {
            "SSH_CONNECTION" if ssh => Some("198.51.100.4 50000 192.0.2.7 22".into()),
            "USER" => Some("ann".into()),
            _ => None,
        })
    }

    #[test]
    fn people_far_away_are_told_the_way_and_nobody_else() {
        let line = |to: &str| {
            Some(format!(
                "From another machine, first: ssh -L 8000:127.0.0.1:8000 {to}"
            ))
        };
        assert_eq!(ask(None, false, true), line("ann@192.0.2.7"));
        assert_eq!(ask(None, true, false), line("user@host"));
        assert_eq!(ask(None, false, false), None);
        assert_eq!(ask(Some("https://traffic.example"), true, true), None);
    }
}
