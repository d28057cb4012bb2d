//! Bodies: reading one within a bound, and sending only half of one.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};

use crate::connection::Wire;

/// A body that is too large is still read up to here, so that the client gets to read the answer
/// instead of a reset; beyond it the connection breaks.
const DRAIN_BYTES_MAX: usize = 64 * 1_048_576;
/// A body that is not complete after this long is given up.
const BODY_TIME_MAX: Duration = Duration::from_secs(60);

/// Why there is no body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BodyFault {
    TooLarge,
    Broken,
    Slow,
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read(incoming: Incoming, limit: usize) -> Result<Bytes, BodyFault> {
    if incoming.is_end_stream() {
        return Ok(Bytes::new());
    }
    tokio::time::timeout(BODY_TIME_MAX, collect(incoming, limit))
        .await
        .unwrap_or(Err(BodyFault::Slow))
}

async fn collect(mut incoming: Incoming, limit: usize) -> Result<Bytes, BodyFault> {
    let mut whole = Vec::new();
    let mut length = 0;
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(|_| BodyFault::Broken)?.into_data() else {
            continue;
        };
        length += data.len();
        if length > DRAIN_BYTES_MAX {
            return Err(BodyFault::TooLarge);
        }
        if length <= limit {
            whole.extend_from_slice(&data);
        }
    }
    if length > limit {
        Err(BodyFault::TooLarge)
    } else {
        Ok(whole.into())
    }
}

/// Announces the whole body, sends half of it and has the connection closed.
pub(crate) struct HalfBody {
    half: Option<Bytes>,
    announced: u64,
    wire: Arc<Wire>,
}

impl HalfBody {
    pub(crate) fn new(whole: &Bytes, wire: Arc<Wire>) -> Self {
        let half = Some(whole.slice(..whole.len() / 2));
        Self {
            half,
            announced: whole.len() as u64,
            wire,
        }
    }
}

impl Body for HalfBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.half.take() {
            Some(half) => Poll::Ready(Some(Ok(Frame::data(half)))),
            None => {
                // Nothing wakes this body again: the connection is closed once it has been flushed.
                self.wire.close();
                Poll::Pending
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
