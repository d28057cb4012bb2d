//! A door between the control plane and the engine's socket, which tests close as they like.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Mutex;
use tokio::task::{AbortHandle, JoinHandle};

/// Forwards a socket of its own to another one while it is open.
#[derive(Debug)]
pub struct Door {
    path: PathBuf,
    to: PathBuf,
    open: Option<JoinHandle<()>>,
    passing: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Door {
    /// An open door at `path` to the socket `to`.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn open(path: &Path, to: &Path) -> Result<Self> {
        let mut door = Self {
            path: path.to_owned(),
            to: to.to_owned(),
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
        self.open = Some(tokio::spawn(async move {
            while let Ok((mut inside, _)) = listener.accept().await {
                let to = to.clone();
                let pass = tokio::spawn(async move {
                    if let Ok(mut outside) = UnixStream::connect(&to).await {
                        // Either side may hang up.
                        let _ = tokio::io::copy_bidirectional(&mut inside, &mut outside).await;
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
