//! A door between the control plane and the engine's socket, which tests close as they like, and which may put one
//! word for another into what passes to the engine.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Mutex;
use tokio::task::{AbortHandle, JoinHandle};

/// Two words of the same length, so that what is said about lengths stays true: what is passed on instead of what.
pub type Instead = [&'static [u8]; 2];

/// Forwards a socket of its own to another one while it is open.
#[derive(Debug)]
pub struct Door {
    path: PathBuf,
    to: PathBuf,
    instead: Option<Instead>,
    open: Option<JoinHandle<()>>,
    passing: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Door {
    /// An open door at `path` to the socket `to`.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn open(path: &Path, to: &Path) -> Result<Self> {
        Self::open_with(path, to, None)
    }

    /// The same, with something instead of something else in what passes to the engine.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn open_with(path: &Path, to: &Path, instead: Option<Instead>) -> Result<Self> {
        let mut door = Self {
            path: path.to_owned(),
            to: to.to_owned(),
            instead,
            open: None,
            passing: Arc::default(),
        };
        door.reopen()?;
        Ok(door)
    }

    /// Lets connections through again.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn reopen(&mut self) -> Result<()> {
        let _ = std::fs::remove_file(&self.path); // Nothing there: fine.
        let listener = UnixListener::bind(&self.path).context("making the door's socket")?;
        let (to, passing) = (self.to.clone(), Arc::clone(&self.passing));
        let instead = self.instead;
        self.open = Some(tokio::spawn(async move {
            while let Ok((inside, _)) = listener.accept().await {
                let to = to.clone();
                let pass = tokio::spawn(async move {
                    if let Ok(outside) = UnixStream::connect(&to).await {
                        pass_through(inside, outside, instead).await;
                    }
                });
                let mut passing = passing.lock().await;
                passing.retain(|pass| !pass.is_finished());
                passing.push(pass.abort_handle());
            }
        }));
        Ok(())
    }

    /// Cuts every connection and takes no new ones; the number of those cut.
    pub async fn shut(&mut self) -> usize {
        if let Some(open) = self.open.take() {
            open.abort();
            // Until it is gone, it may still let one through.
            let _ = open.await;
        }
        let _ = std::fs::remove_file(&self.path); // Gone already: fine.
        let mut passing = self.passing.lock().await;
        let cut = passing.iter().filter(|pass| !pass.is_finished()).count();
        for pass in passing.drain(..) {
            pass.abort();
        }
        cut
    }
}

/// Passes everything on until both sides hung up. Errors are those of a side that hung up.
async fn pass_through(mut inside: UnixStream, mut outside: UnixStream, instead: Option<Instead>) {
    let (mut asked, mut answer) = inside.split();
    let (mut answered, mut ask) = outside.split();
    let there = async {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(count) = asked.read(&mut bytes).await {
            if let Some(instead) = instead {
                put_instead(&mut bytes[..count], instead);
            }
            if count == 0 || ask.write_all(&bytes[..count]).await.is_err() {
                break;
            }
        }
        let _ = ask.shutdown().await;
    };
    let back = async {
        let _ = copy(&mut answered, &mut answer).await;
        let _ = answer.shutdown().await;
    };
    tokio::join!(there, back);
}

/// A word that arrives in two parts is not found, which the test that needs it finds out.
fn put_instead(bytes: &mut [u8], [word, other]: Instead) {
    let mut from = 0;
    while let Some(at) = bytes[from..]
        .windows(word.len())
        .position(|found| found == word)
    {
        bytes[from + at..][..other.len()].copy_from_slice(other);
        from += at + word.len();
    }
}
