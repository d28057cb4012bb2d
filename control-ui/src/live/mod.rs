//! Live events: one stream for all browsers, with a bounded memory so that a reader who lost the connection
//! catches up.
//!
//! Invariant: a reader sees every event after the one it named, in order and once, or it is told to read
//! everything anew (`resync`). Publishing never waits for a reader.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::broadcast;

/// Events kept for readers that come back. With 8 runs this is about a minute; whoever comes later resyncs.
const RING: usize = 2_048;

/// Bytes of events kept for readers that come back; the oldest go first.
const RING_BYTES: usize = 8 * 1024 * 1024;

/// Events that a slow reader may lag behind before it is told to resync.
const LAG: usize = 1_024;

/// One event, ready to be written.
#[derive(Debug)]
pub struct Event {
    /// Its number; counts from 1 without gaps.
    pub number: u64,
    /// `run`, `sample`, `log`, `control_log` or `status`.
    pub name: &'static str,
    /// JSON text without line feeds.
    pub data: String,
}

/// Takes events in and hands them out.
pub struct Hub {
    /// Distinguishes the numbers of this process from those before a restart.
    epoch: String,
    inner: Mutex<Inner>,
}

struct Inner {
    last: u64,
    ring: VecDeque<Arc<Event>>,
    ring_bytes: usize,
    /// `None` once the hub is closed.
    sender: Option<broadcast::Sender<Arc<Event>>>,
}

/// What a reader gets: the past it asked for, and the future.
pub struct Subscription {
    /// Events after the one that the reader named.
    pub replay: Vec<Arc<Event>>,
    /// Whether events between are lost, so that the reader must read everything anew.
    pub resync: bool,
    /// Number of the last event before the future ones.
    pub last: u64,
    /// `None` when the hub is closed.
    pub receiver: Option<broadcast::Receiver<Arc<Event>>>,
}

impl Hub {
    /// An empty hub; `epoch` must differ from that of earlier processes and hold no `-`.
    #[must_use]
    pub fn new(epoch: String) -> Self {
        Self {
            epoch,
            inner: Mutex::new(Inner {
                last: 0,
                ring: VecDeque::new(),
                ring_bytes: 0,
                sender: Some(broadcast::channel(LAG).0),
            }),
        }
    }

    /// Hands `value` to all readers as an event `name`.
    pub fn publish(&self, name: &'static str, value: &impl Serialize) {
        let data = match serde_json::to_string(value) {
            Ok(data) => data,
            Err(error) => {
                tracing::error!(event = name, error = %error, "a live event cannot be written as JSON");
                return;
            }
        };
        let mut inner = self.lock();
        inner.last += 1;
        let event = Arc::new(Event {
            number: inner.last,
            name,
            data,
        });
        inner.ring_bytes += event.data.len();
        inner.ring.push_back(Arc::clone(&event));
        while inner.ring.len() > RING || inner.ring_bytes > RING_BYTES {
            let Some(oldest) = inner.ring.pop_front() else {
                break;
            };
            inner.ring_bytes -= oldest.data.len();
        }
        if let Some(sender) = &inner.sender {
            // Fails only when nobody reads, which is fine.
            let _ = sender.send(event);
        }
    }

    /// Begins to read after `last_event_id`, the id that a browser sends when it comes back.
    #[must_use]
    pub fn subscribe(&self, last_event_id: Option<&str>) -> Subscription {
        let inner = self.lock();
        let seen = last_event_id.map(|id| self.number_of(id));
        let first_kept = inner.ring.front().map_or(inner.last + 1, |e| e.number);
        let (replay, resync) = match seen {
            None => (Vec::new(), false),
            Some(Some(number)) if number <= inner.last && first_kept <= number + 1 => {
                let missed = inner.ring.iter().filter(|event| event.number > number);
                (missed.cloned().collect(), false)
            }
            Some(_) => (Vec::new(), true),
        };
        Subscription {
            replay,
            resync,
            last: inner.last,
            receiver: inner.sender.as_ref().map(broadcast::Sender::subscribe),
        }
    }

    /// The id of the event with this number, as readers name it.
    #[must_use]
    pub fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.epoch)
    }

    /// Number of open streams.
    #[must_use]
    pub fn readers(&self) -> usize {
        let sender = &self.lock().sender;
        sender.as_ref().map_or(0, broadcast::Sender::receiver_count)
    }

    /// Ends all streams, so that the server can stop.
    pub fn close(&self) {
        self.lock().sender = None;
    }

    fn number_of(&self, id: &str) -> Option<u64> {
        let (epoch, number) = id.split_once('-')?;
        (epoch == self.epoch).then(|| number.parse().ok())?
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing panics while it holds the lock, so a poisoned one holds whole data.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(subscription: &Subscription) -> Vec<u64> {
        subscription.replay.iter().map(|e| e.number).collect()
    }

    #[test]
    fn a_reader_that_comes_back_gets_what_it_missed() {
        let hub = Hub::new("a".into());
        for n in 0..5 {
            hub.publish("run", &n);
        }
        let back = hub.subscribe(Some("a-3"));
        assert_eq!((numbers(&back), back.resync), (vec![4, 5], false));
        let up_to_date = hub.subscribe(Some("a-5"));
        assert_eq!((numbers(&up_to_date), up_to_date.resync), (vec![], false));
        let fresh = hub.subscribe(None);
        assert_eq!((numbers(&fresh), fresh.resync), (vec![], false));
    }

    #[test]
    fn a_reader_whose_place_is_lost_is_told_to_resync() {
        let hub = Hub::new("a".into());
        for n in 0..=RING {
            hub.publish("run", &n);
        }
        for id in ["a-0", "b-2", "nonsense", "a-99999999"] {
            assert!(hub.subscribe(Some(id)).resync, "{id}");
        }
        assert!(!hub.subscribe(Some("a-1")).resync);
    }

    #[test]
    fn large_events_push_out_more_of_the_old_ones() {
        let hub = Hub::new("a".into());
        for _ in 0..10 {
            hub.publish("run", &"x".repeat(RING_BYTES / 4));
        }
        assert!(hub.subscribe(Some("a-1")).resync);
        assert_eq!(numbers(&hub.subscribe(Some("a-8"))), [9, 10]);
    }

    #[tokio::test]
    async fn closing_the_hub_ends_its_readers() {
        let hub = Hub::new("a".into());
        let mut receiver = hub.subscribe(None).receiver.unwrap();
        hub.publish("run", &1);
        hub.close();
        assert_eq!(receiver.recv().await.unwrap().number, 1);
        assert!(receiver.recv().await.is_err());
        assert!(hub.subscribe(None).receiver.is_none());
    }
}
