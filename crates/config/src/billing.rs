//! Hosts where each hit costs money.
//!
//! For: asking for a hit budget before a full run there. Not for: what a hit costs. Invariant: known by their domain
//! alone, so no other host is taken for one.

use crate::plan::TargetPlan;

/// Domains whose sites are billed by hits: Matomo's own cloud, under its present and its earlier name.
const BILLED: [&str; 2] = ["matomo.cloud", "innocraft.cloud"];

impl TargetPlan {
    /// Whether hits at this target's host cost money. A port does not matter.
    #[must_use]
    pub fn is_billed_by_hits(&self) -> bool {
        is_billed(&self.host)
    }
}

fn is_billed(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or_default();
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    BILLED.iter().any(|domain| {
        name.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_the_cloud_are_known_by_their_domain_and_nothing_else() {
        for host in [
            "a.matomo.cloud",
            "A.B.Innocraft.Cloud:8443",
            "matomo.cloud",
            "a.matomo.cloud.",
        ] {
            assert!(is_billed(host), "{host}");
        }
        for host in [
            "matomo.example",
            "notmatomo.cloud",
            "matomo.cloud.example",
            "",
        ] {
            assert!(!is_billed(host), "{host}");
        }
    }
}
