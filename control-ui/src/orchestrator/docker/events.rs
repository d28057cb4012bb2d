//! What the engine tells of our containers, as it happens.
//!
//! The engine keeps its last few hundred events, so a short absence costs none; a longer one may. Invariant: only
//! loaders of this control plane are told of, by their labels, and no container is named to the engine.

use std::collections::HashMap;

use bollard::Docker;
use bollard::models::EventMessage;
use bollard::query_parameters::EventsOptionsBuilder;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, TryStreamExt, future};

use super::engine::said;
use super::template::{LABEL_INSTANCE, LABEL_RUN, Template};
use crate::orchestrator::{Change, Changes, Happened, LoaderId};

pub(super) fn changes(docker: &Docker, template: &Template, since: DateTime<Utc>) -> Changes {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let mut filters: HashMap<String, Vec<String>> = template.own_containers();
    filters.insert("type".to_owned(), words(&["container"]));
    // Podman filters by its own word and tells in Docker's.
    filters.insert("event".to_owned(), words(&["start", "oom", "die", "died"]));
    let since = format!(
        "{}.{:09}",
        since.timestamp(),
        since.timestamp_subsec_nanos()
    );
    let options = EventsOptionsBuilder::default()
        .since(&since)
        .filters(&filters)
        .build();
    // Not every engine takes all labels of a filter together.
    let instance = template.instance.clone();
    docker
        .events(Some(options))
        .map_err(|error| said("listen to what happens to loaders", &error))
        .try_filter_map(move |event| future::ready(Ok(change(event, &instance))))
        .boxed()
}

/// The event, if it is one of a loader of this instance; commands that are run once are waited for by whoever runs them.
fn change(event: EventMessage, instance: &str) -> Option<Change> {
    let what = match event.action?.as_str() {
        "start" => Happened::Started,
        "oom" => Happened::OutOfMemory,
        "die" => Happened::Ended,
        _ => return None,
    };
    let actor = event.actor?;
    let labels = actor.attributes?;
    labels.get(LABEL_RUN)?;
    labels.get(LABEL_INSTANCE).filter(|own| *own == instance)?;
    Some(Change {
        loader: LoaderId(actor.id?),
        what,
        at: DateTime::from_timestamp_nanos(event.time_nano?),
    })
}

#[cfg(test)]
mod tests {
    use bollard::models::EventActor;

    use super::*;

    fn event(action: &str, label: &str) -> EventMessage {
        EventMessage {
            action: Some(action.to_owned()),
            actor: Some(EventActor {
                id: Some("0123456789ab".to_owned()),
                attributes: Some(HashMap::from([
                    (label.to_owned(), "x".to_owned()),
                    (LABEL_INSTANCE.to_owned(), "own".to_owned()),
                ])),
            }),
            time_nano: Some(1_790_000_000_123_456_789),
            ..EventMessage::default()
        }
    }

    #[test]
    fn starts_ends_and_a_lack_of_memory_are_told_of_loaders_alone() {
        for (action, what) in [
            ("start", Happened::Started),
            ("oom", Happened::OutOfMemory),
            ("die", Happened::Ended),
        ] {
            let told = change(event(action, LABEL_RUN), "own").unwrap();
            assert_eq!((told.what, told.loader.0.as_str()), (what, "0123456789ab"));
            assert_eq!(told.at.timestamp_subsec_nanos(), 123_456_789);
        }
        assert_eq!(change(event("attach", LABEL_RUN), "own"), None);
        assert_eq!(change(event("die", LABEL_RUN), "another"), None);
        assert_eq!(change(event("die", "io.trafficinator.once"), "own"), None);
    }
}
