//! For the tests in this directory: a practice target and a loader, both real binaries, and their outputs read back.

#![expect(dead_code, reason = "each test file takes what it needs")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use run_report::{Event, Finished, Line, Progress};
use serde_json::Value;
use tempfile::TempDir;

/// Longest time that anything in a test may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// Where a test waits for a condition, how often it looks.
const LOOK: Duration = Duration::from_millis(10);

/// A token that must not show up anywhere.
pub(crate) const CANARY: &str = "c4na7yc4na7yc4na7yc4na7yc4na7y00";

/// Waits until `condition` gives something.
pub(crate) fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::sleep(LOOK);
    }
}

/// A practice target that ends with the test.
pub(crate) struct Target {
    child: Child,
    address: String,
    control: String,
}

impl Drop for Target {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Target {
    pub(crate) fn start(options: &[&str]) -> Self {
        let binary = Path::new(env!("CARGO_BIN_EXE_loader")).with_file_name("demo-matomo");
        assert!(
            binary.exists(),
            "{} is missing: run `cargo build -p demo-matomo` first",
            binary.display()
        );
        let mut child = Command::new(binary)
            .args(["--listen", "127.0.0.1:0", "--control-listen", "127.0.0.1:0"])
            .args(["--token", CANARY])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = |mark: &str| {
            let line = lines.next().unwrap().unwrap();
            let start = line.find(mark).unwrap_or_else(|| panic!("{line}")) + mark.len();
            line[start..].trim().to_owned()
        };
        let (address, control) = (
            address("listening on http://"),
            address("control on http://"),
        );
        Self {
            child,
            address,
            control,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/matomo.php", self.address)
    }

    /// What a person types to confirm the target.
    pub(crate) fn host(&self) -> &str {
        &self.address
    }

    pub(crate) fn summary(&self) -> Value {
        self.ask("GET", "/ledger/summary", "")
    }

    /// All hits that were recorded.
    pub(crate) fn hits(&self) -> Vec<Value> {
        let page = self.ask("GET", "/ledger/hits?offset=0&limit=10000", "");
        let hits = page["hits"].as_array().unwrap().clone();
        assert_eq!(page["total"], hits.len(), "more hits than one page");
        hits
    }

    pub(crate) fn misbehave(&self, faults: Value) {
        self.ask(
            "POST",
            "/control",
            &serde_json::json!({ "faults": faults }).to_string(),
        );
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(&self.control).unwrap();
        let host = &self.control;
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        serde_json::from_str(body).unwrap()
    }
}

/// A run configuration that takes seconds: many visits at once, short pauses.
pub(crate) fn quick(target: &Target, visits: u64) -> Value {
    serde_json::json!({
        "targets": [{"url": target.url(), "site_id": 1}],
        "load": {
            "visits_per_day": 100_000_000,
            "stop_after_visits": visits,
            "pacing": "compressed",
            "pause_min": 0.1,
            "pause_max": 0.1,
            "concurrency": 20,
        },
        "audience": {"countries": "off"},
        "delivery": {"bulk_wait_seconds": 0.05},
    })
}

/// A loader at work.
pub(crate) struct Loader {
    child: Child,
    directory: TempDir,
}

impl Drop for Loader {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a loader left.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) report: String,
    pub(crate) log: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) directory: TempDir,
}

impl Loader {
    /// Starts `loader run` with `config`; the options are its command line.
    pub(crate) fn start(config: &Value, options: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("run.json"), config.to_string()).unwrap();
        Self::start_in(directory, options)
    }

    pub(crate) fn start_in(directory: TempDir, options: &[&str]) -> Self {
        let path = directory.path();
        let open = |name| {
            File::options()
                .create(true)
                .append(true)
                .open(path.join(name))
                .unwrap()
        };
        let child = Command::new(env!("CARGO_BIN_EXE_loader"))
            .env_clear()
            .arg("run")
            .arg("--config")
            .arg(path.join("run.json"))
            .args(options)
            .current_dir(path)
            .stdout(open("stdout"))
            .stderr(open("stderr"))
            .spawn()
            .unwrap();
        Self { child, directory }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().to_owned()
    }

    /// Waits until a heartbeat satisfies `condition`.
    pub(crate) fn wait_until(&self, what: &str, condition: impl Fn(&Progress) -> bool) {
        wait_for(what, || {
            let lines = read_lines(&self.directory.path().join("stdout"));
            lines
                .iter()
                .any(|line| matches!(&line.event, Event::Progress(progress) if condition(progress)))
                .then_some(())
        });
    }

    pub(crate) fn signal(&self, signal: nix::sys::signal::Signal) {
        let id = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        nix::sys::signal::kill(id, signal).unwrap();
    }

    pub(crate) fn wait(mut self) -> Ended {
        let status: ExitStatus =
            wait_for("the end of the loader", || self.child.try_wait().unwrap());
        let directory = std::mem::replace(&mut self.directory, tempfile::tempdir().unwrap());
        let read = |name| std::fs::read_to_string(directory.path().join(name)).unwrap();
        let ended = Ended {
            code: status.code(),
            report: read("stdout"),
            log: read("stderr"),
            lines: read_lines(&directory.path().join("stdout")),
            directory,
        };
        ended.check_lines();
        ended
    }
}

fn read_lines(path: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole
        .lines()
        .map(|line| Line::parse(line).unwrap())
        .collect()
}

impl Ended {
    /// What holds for each report: numbered without a gap, short lines, accounts that add up.
    fn check_lines(&self) {
        for line in &self.lines {
            match &line.event {
                Event::Progress(progress) => assert!(progress.account.adds_up(), "{progress:?}"),
                Event::Account(day) => {
                    assert!(day.account.adds_up(), "{day:?}");
                    assert!(day.by_kind.values().all(|account| account.adds_up()));
                }
                Event::Finished(finished) => {
                    assert!(finished.account.adds_up(), "{finished:?}");
                    assert_eq!(finished.account.remaining, 0, "{finished:?}");
                }
                Event::Started(_) | Event::Incident(_) => {}
            }
        }
        let attempts = self.lines.iter().filter(|line| line.seq == 1).count();
        let gaps = self
            .lines
            .windows(2)
            .filter(|pair| pair[1].seq != pair[0].seq + 1)
            .count();
        assert!(gaps < attempts.max(1), "lines are missing: {}", self.report);
        assert!(
            self.report
                .lines()
                .all(|line| line.len() <= run_report::MAX_LINE_BYTES)
        );
    }

    pub(crate) fn finished(&self) -> &Finished {
        match self.lines.last().map(|line| &line.event) {
            Some(Event::Finished(finished)) => finished,
            _ => panic!("no last line\n{}\n{}", self.report, self.log),
        }
    }

    /// Hits of the day accounts, added up.
    pub(crate) fn days(&self) -> run_report::Account {
        self.lines
            .iter()
            .filter_map(|line| match &line.event {
                Event::Account(day) => Some(day.account),
                _ => None,
            })
            .fold(run_report::Account::default(), |sum, day| sum.plus(&day))
    }

    pub(crate) fn incidents(&self) -> Vec<&str> {
        self.lines
            .iter()
            .filter_map(|line| match &line.event {
                Event::Incident(incident) => Some(incident.code.as_str()),
                _ => None,
            })
            .collect()
    }

    /// Hits with a reason of this code.
    pub(crate) fn reason(&self, code: &str) -> u64 {
        self.finished()
            .reasons
            .iter()
            .filter(|reason| reason.code == code)
            .map(|reason| reason.hits)
            .sum()
    }
}

/// Runs any subcommand to its end: exit code, standard output, standard error.
pub(crate) fn command(arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_loader"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}
