//! One connection, and the two ways to cut it: with a reset, or closed in mid-answer.
//!
//! Invariant: a cut happens after everything handed to the connection before was written.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpStream,
    sync::{Notify, watch},
    time::Instant,
};

use crate::{app::App, http, http::Reach};

/// A connection without a request for this long is closed. Longer than clients keep theirs, so
/// that none is closed just as a request comes.
const IDLE_MAX: Duration = Duration::from_secs(180);

/// The handle by which a request reaches its own connection.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    cut: Notify,
    with_reset: AtomicBool,
    serves_control: AtomicBool,
}

impl Wire {
    /// Resets the connection: the client gets no answer.
    pub(crate) fn reset(&self) {
        self.with_reset.store(true, Relaxed);
        self.cut.notify_one();
    }

    /// Closes the connection after what was written so far.
    pub(crate) fn close(&self) {
        self.cut.notify_one();
    }

    /// Notes whether the latest request was about the practice target itself.
    pub(crate) fn note_control(&self, control: bool) {
        self.serves_control.store(control, Relaxed);
    }
}

/// Serves a connection until either side ends it. `refusing` closes it unless it was last used for
/// control; `stopping` lets the request under way end.
pub(crate) async fn serve(
    app: Arc<App>,
    stream: TcpStream,
    peer: IpAddr,
    reach: Reach,
    mut refusing: watch::Receiver<Option<Instant>>,
    mut stopping: watch::Receiver<bool>,
) {
    // Answers are small and written at once; waiting to merge them would only delay them.
    let _ = stream.set_nodelay(true);
    refusing.mark_unchanged();
    let wire = Arc::new(Wire::default());
    let service = service_fn(|request| {
        http::answer(Arc::clone(&app), Arc::clone(&wire), peer, reach, request)
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_MAX)
        .serve_connection(TokioIo::new(stream), service);
    loop {
        tokio::select! {
            // The connection first: what it still has to write is written before a cut.
            biased;
            _ = &mut connection => return,
            () = wire.cut.notified() => break,
            Ok(()) = stopping.changed() => std::pin::Pin::new(&mut connection).graceful_shutdown(),
            Ok(()) = refusing.changed() => {
                if refusing.borrow().is_some() && !wire.serves_control.load(Relaxed) {
                    std::pin::Pin::new(&mut connection).graceful_shutdown();
                }
            }
        }
    }
    let stream = connection.into_parts().io.into_inner();
    if wire.with_reset.load(Relaxed) {
        let _ = stream.set_zero_linger();
    }
}
