//! Listening, accepting, refusing for a while, and stopping.
//!
//! Invariant: a listener that a fault closed is opened again at the same address, whatever happens.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    time::{Instant, sleep, sleep_until, timeout},
};

use crate::{app::App, args::Options, connection, http::Reach};

/// Connections open at a time on one listener; further ones wait in the system's queue.
const CONNECTIONS_MAX: u32 = 8_192;
/// After a stop, requests under way may take this long.
const STOP_GRACE: Duration = Duration::from_secs(3);
/// Pause after a failed accept or bind, so that a full table of files does not spin.
const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}; choose another address with --listen")]
pub struct BindError {
    address: SocketAddr,
    source: io::Error,
}

/// A practice target that listens but does not answer yet.
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    listener: TcpListener,
    control: Option<TcpListener>,
}

impl Server {
    /// Binds the addresses.
    ///
    /// # Errors
    /// When an address cannot be had.
    pub async fn bind(options: &Options) -> Result<Self, BindError> {
        let control = match options.control_listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        let listener = bind(options.listen).await?;
        Ok(Self {
            app: Arc::new(App::new(options)),
            listener,
            control,
        })
    }

    /// The address that takes hits.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The address of `--control-listen`.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn control_address(&self) -> io::Result<Option<SocketAddr>> {
        self.control
            .as_ref()
            .map(TcpListener::local_addr)
            .transpose()
    }

    /// Serves until `stop` is ready, then lets requests under way end within the grace time.
    ///
    /// # Errors
    /// When the system does not tell the address listened on.
    pub async fn run(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let stopping = watch::Sender::new(false);
        let address = self.address()?;
        let main = accept(
            &self.app,
            self.listener,
            address,
            Reach::Everything,
            stopping.subscribe(),
        );
        let control = async {
            if let Some(listener) = self.control
                && let Ok(address) = listener.local_addr()
            {
                accept(
                    &self.app,
                    listener,
                    address,
                    Reach::Control,
                    stopping.subscribe(),
                )
                .await;
            }
        };
        let stop = async {
            stop.await;
            stopping.send_replace(true);
        };
        tokio::join!(main, control, stop);
        Ok(())
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| BindError { address, source })
}

/// Accepts connections until the stop, and waits for the open ones to end.
async fn accept(
    app: &Arc<App>,
    listener: TcpListener,
    address: SocketAddr,
    reach: Reach,
    stopping: watch::Receiver<bool>,
) {
    let mut refusing = app.faults.refusing_until();
    let mut stop = stopping.clone();
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX as usize));
    let mut listener = Some(listener);
    loop {
        let until = *refusing.borrow_and_update();
        let closed = until.filter(|until| reach == Reach::Everything && *until > Instant::now());
        if let Some(until) = closed {
            listener = None;
            tokio::select! {
                () = sleep_until(until) => {}
                _ = refusing.changed() => {}
                _ = stop.wait_for(|stop| *stop) => break,
            }
            continue;
        }
        let Some(open) = &listener else {
            match TcpListener::bind(address).await {
                Ok(again) => listener = Some(again),
                Err(_) => sleep(RETRY_PAUSE).await,
            }
            continue;
        };
        let accepted = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            _ = refusing.changed() => continue,
            accepted = accept_one(open, &slots) => accepted,
        };
        let Some((slot, stream, peer)) = accepted else {
            sleep(RETRY_PAUSE).await;
            continue;
        };
        let serving = connection::serve(
            Arc::clone(app),
            stream,
            peer.ip(),
            reach,
            refusing.clone(),
            stopping.clone(),
        );
        tokio::spawn(async move {
            serving.await;
            drop(slot);
        });
    }
    drop(listener);
    // All slots free: every connection has ended.
    let _ = timeout(STOP_GRACE, slots.acquire_many(CONNECTIONS_MAX)).await;
}

type Accepted = (
    tokio::sync::OwnedSemaphorePermit,
    tokio::net::TcpStream,
    SocketAddr,
);

async fn accept_one(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<Accepted> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((slot, stream, peer)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            None
        }
    }
}
