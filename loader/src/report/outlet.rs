//! A bounded way out for lines: a writer thread of its own, so that a reader who does not read never slows the pace.
//!
//! It does not know what the lines mean. When the queue is full the oldest line that may be lost makes room; lines
//! that must not be lost always enter (their number is bounded by the caller) and are waited for at the end.
//!
//! Invariant: every line is written whole, dropped and counted, or still queued.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Lines that may wait for the reader. A full queue loses its oldest line that may be lost.
const MAX_QUEUED: usize = 512;

/// One line on its way out.
struct Queued {
    text: Vec<u8>,
    keep: bool,
}

#[derive(Default)]
struct State {
    lines: VecDeque<Queued>,
    dropped: u64,
    writing: bool,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic between two plain assignments cannot leave the queue half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sending end; cheap to clone.
#[derive(Clone, Default)]
pub struct Outlet {
    shared: Arc<Shared>,
}

impl Outlet {
    /// Starts the writer thread for `sink`.
    ///
    /// # Errors
    /// When the operating system refuses another thread.
    pub fn start(name: &str, sink: impl Write + Send + 'static) -> std::io::Result<Self> {
        let outlet = Self::default();
        let shared = Arc::clone(&outlet.shared);
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || write_all(&shared, sink))?;
        Ok(outlet)
    }

    /// Queues a line, which should end in a line feed. With `keep` it is never dropped to make room.
    pub fn send(&self, text: Vec<u8>, keep: bool) {
        let mut state = self.shared.lock();
        if state.lines.len() >= MAX_QUEUED {
            match state.lines.iter().position(|line| !line.keep) {
                Some(oldest) => {
                    state.lines.remove(oldest);
                    state.dropped += 1;
                }
                None if !keep => {
                    state.dropped += 1;
                    return;
                }
                None => {}
            }
        }
        state.lines.push_back(Queued { text, keep });
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Lines dropped so far, those included that could not be written because the reader is gone.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.shared.lock().dropped
    }

    /// Waits until everything is written, for `limit` at most; says whether it is.
    #[must_use]
    pub fn finish(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        let mut state = self.shared.lock();
        state.closed = true;
        self.shared.changed.notify_all();
        while !state.lines.is_empty() || state.writing {
            let now = Instant::now();
            if now >= deadline {
                return false;
            }
            state = self
                .shared
                .changed
                .wait_timeout(state, deadline - now)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        true
    }
}

fn write_all(shared: &Shared, mut sink: impl Write) {
    loop {
        let mut state = shared.lock();
        state.writing = false;
        shared.changed.notify_all();
        let line = loop {
            if let Some(line) = state.lines.pop_front() {
                state.writing = true;
                break line;
            }
            if state.closed {
                return;
            }
            state = shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        };
        drop(state);
        if sink
            .write_all(&line.text)
            .and_then(|()| sink.flush())
            .is_err()
        {
            shared.lock().dropped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// A reader that takes nothing until it is allowed to.
    struct Gate {
        open: mpsc::Receiver<()>,
        opened: bool,
        taken: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if !self.opened {
                self.open.recv().ok();
                self.opened = true;
            }
            self.taken.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn gate() -> (mpsc::Sender<()>, Arc<Mutex<Vec<u8>>>, Outlet) {
        let (open, wait) = mpsc::channel();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let sink = Gate {
            open: wait,
            opened: false,
            taken: Arc::clone(&taken),
        };
        (open, taken, Outlet::start("test outlet", sink).unwrap())
    }

    #[test]
    fn a_blocked_reader_loses_old_lines_but_never_those_to_keep() {
        let (open, taken, outlet) = gate();
        outlet.send(b"first to keep\n".to_vec(), true);
        for number in 0..2 * MAX_QUEUED {
            outlet.send(format!("line {number}\n").into_bytes(), false);
        }
        outlet.send(b"last to keep\n".to_vec(), true);
        let dropped = outlet.dropped();
        assert!(dropped >= MAX_QUEUED as u64, "{dropped}");
        open.send(()).unwrap();
        assert!(outlet.finish(Duration::from_secs(10)));
        let text = String::from_utf8(taken.lock().unwrap().clone()).unwrap();
        assert!(text.starts_with("first to keep\n"));
        assert!(text.ends_with(&format!("line {}\nlast to keep\n", 2 * MAX_QUEUED - 1)));
        assert_eq!(
            text.lines().count() as u64,
            2 * MAX_QUEUED as u64 + 2 - dropped
        );
    }

    #[test]
    fn a_reader_who_never_reads_is_waited_for_only_so_long() {
        let (_open, _taken, outlet) = gate();
        outlet.send(b"line\n".to_vec(), true);
        assert!(!outlet.finish(Duration::from_millis(20)));
    }

    #[test]
    fn lines_for_a_reader_who_is_gone_count_as_dropped() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let outlet = Outlet::start("test outlet", Gone).unwrap();
        outlet.send(b"line\n".to_vec(), true);
        assert!(outlet.finish(Duration::from_secs(10)));
        assert_eq!(outlet.dropped(), 1);
    }
}
