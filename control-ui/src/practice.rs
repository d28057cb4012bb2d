//! Whether the practice target is there: it is offered on the page only while it answers.
//!
//! Its address is the operator's own; nothing of a request reaches this. Invariant: nothing is sent, a connection
//! is enough to know.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::settings::Settings;

/// How long an answer is good.
const FRESH: Duration = Duration::from_secs(5);

/// A practice target that cannot be reached within this time is not there.
const PATIENCE: Duration = Duration::from_millis(500);

/// Looks for the practice target.
pub struct PracticeWatch {
    settings: Arc<Settings>,
    last: Mutex<Option<(Instant, bool)>>,
}

impl PracticeWatch {
    /// For the practice target of these settings, if there is one.
    #[must_use]
    pub fn new(settings: Arc<Settings>) -> Self {
        Self {
            settings,
            last: Mutex::new(None),
        }
    }

    /// Whether there is one and it answers.
    pub async fn is_there(&self) -> bool {
        let Some(practice) = &self.settings.practice else {
            return false;
        };
        let mut last = self.last.lock().await;
        if let Some((at, there)) = *last
            && at.elapsed() < FRESH
        {
            return there;
        }
        let there = answers(&practice.url).await;
        *last = Some((Instant::now(), there));
        there
    }
}

async fn answers(url: &Url) -> bool {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return false;
    };
    let host = host.trim_matches(['[', ']']);
    let connected = timeout(PATIENCE, TcpStream::connect((host, port))).await;
    matches!(connected, Ok(Ok(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_target_answers_while_somebody_listens() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        assert!(answers(&url).await);
        drop(listener);
        assert!(!answers(&url).await);
    }
}
