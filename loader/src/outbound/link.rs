//! One HTTP/1.1 connection, driven by whoever waits for its answer.
//!
//! It has no task of its own: a request costs no change of tasks, and a connection that lies idle costs nothing. It
//! neither opens connections nor keeps them.
//!
//! Invariant: [`Failed::Unsent`] gives the request back, and nothing of it was written.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1::{self, Connection, SendRequest};
use hyper_util::rt::TokioIo;

use super::way::Stream;

/// What is sent.
pub(crate) type Outgoing = Request<Full<Bytes>>;

/// Why no answer came.
#[derive(Debug)]
pub(super) enum Failed {
    /// The connection was closed before the request was begun.
    Unsent(Box<Outgoing>),
    /// It broke at some time after that.
    Broken,
}

type Driven = Connection<TokioIo<Stream>, Full<Bytes>>;

/// See the module's description.
pub(super) struct Link {
    sender: SendRequest<Full<Bytes>>,
    /// `None` once it has ended with something still asked of it.
    connection: Option<Driven>,
    /// The connection has ended, and must not be asked again.
    ended: bool,
}

impl Link {
    /// Speaks HTTP/1.1 over a stream. Sends nothing yet.
    pub(super) async fn over(stream: Stream) -> Result<Self, hyper::Error> {
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        Ok(Self {
            sender,
            connection: Some(connection),
            ended: false,
        })
    }

    /// Sends a request and waits for the head of the answer.
    pub(super) async fn ask(&mut self, request: Outgoing) -> Result<Response<Incoming>, Failed> {
        let sending = self.sender.try_send_request(request);
        drive(&mut self.connection, &mut self.ended, sending)
            .await
            .map_err(|mut error| match error.take_message() {
                Some(request) => Failed::Unsent(Box::new(request)),
                None => Failed::Broken,
            })
    }

    /// Reads the body of an answer, `most` bytes of it at most.
    pub(super) async fn read(
        &mut self,
        mut body: Incoming,
        most: usize,
    ) -> Result<Vec<u8>, hyper::Error> {
        let mut bytes = Vec::new();
        while !body.is_end_stream() && bytes.len() < most {
            let frame = drive(&mut self.connection, &mut self.ended, body.frame()).await;
            match frame {
                Some(frame) => {
                    if let Some(data) = frame?.data_ref() {
                        let room = most - bytes.len();
                        bytes.extend_from_slice(&data[..data.len().min(room)]);
                    }
                }
                None => break,
            }
        }
        Ok(bytes)
    }

    /// Whether another request may be sent: the last answer was read to its end, and the server keeps the connection.
    pub(super) async fn is_reusable(&mut self) -> bool {
        poll_fn(|cx| {
            self.ended = self.ended || has_ended(&mut self.connection, cx);
            let ready = matches!(self.sender.poll_ready(cx), Poll::Ready(Ok(())));
            Poll::Ready(ready && !self.ended)
        })
        .await
    }

    /// The stream underneath, after the answer to CONNECT. `None` if the other side has begun to talk: nobody would
    /// hear what it said.
    pub(super) fn into_stream(self) -> Option<Stream> {
        let parts = self.connection?.into_parts();
        parts.read_buf.is_empty().then(|| parts.io.into_inner())
    }
}

/// Waits for something that comes over a connection, and keeps the connection going meanwhile.
async fn drive<F: Future>(
    connection: &mut Option<Driven>,
    ended: &mut bool,
    awaited: F,
) -> F::Output {
    let mut awaited = pin!(awaited);
    poll_fn(|cx| {
        // The connection first, so that what it brings is there. Its own errors come by way of what is awaited.
        *ended = *ended || has_ended(connection, cx);
        let came = awaited.as_mut().poll(cx);
        if came.is_pending() && *ended {
            // The other side closed it before the request was taken up. The request lies in the connection, which gives
            // it back when it goes, and not before.
            *connection = None;
            return awaited.as_mut().poll(cx);
        }
        came
    })
    .await
}

fn has_ended(connection: &mut Option<Driven>, cx: &mut Context<'_>) -> bool {
    match connection {
        Some(connection) => Pin::new(connection).poll(cx).is_ready(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_on_a_connection_that_was_closed_meanwhile_comes_back_at_once() {
        let (ours, mut theirs) = tokio::io::duplex(4_096);
        let mut link = Link::over(Box::new(ours)).await.unwrap();
        let server = async {
            let mut read = [0; 1_024];
            assert!(0 < theirs.read(&mut read).await.unwrap());
            let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
            theirs.write_all(answer).await.unwrap();
        };
        let (answer, ()) = tokio::join!(link.ask(Outgoing::default()), server);
        assert_eq!(answer.unwrap().status(), 204);
        assert!(link.is_reusable().await);
        drop(theirs);

        let asked = link.ask(Outgoing::default());
        let failed = timeout(Duration::from_secs(60), asked).await;

        assert!(matches!(failed, Ok(Err(Failed::Unsent(_)))), "{failed:?}");
    }
}
