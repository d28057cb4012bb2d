//! Processes of this machine, read from `/proc`.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, SysconfVar, sysconf};

use super::folders::Place;
use crate::orchestrator::{Ending, OrchestratorError, Usage};

/// The process whose command line has `--output FOLDER` with this attempt's folder. The folder's name holds the
/// run's random id, so no other process has it, whatever became of process numbers meanwhile.
pub(super) fn find(place: &Place) -> Option<Pid> {
    let wanted = place.attempt_dir.as_os_str().as_bytes();
    let processes = fs::read_dir("/proc").ok()?;
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok())
        .find(|pid| is_loader_at(*pid, wanted))
        .map(Pid::from_raw)
}

/// Whether a process that was found before is still there.
pub(super) fn is_still(pid: Pid, place: &Place) -> bool {
    is_loader_at(pid.as_raw(), place.attempt_dir.as_os_str().as_bytes())
}

fn is_loader_at(pid: i32, folder: &[u8]) -> bool {
    let Ok(line) = fs::read(format!("/proc/{pid}/cmdline")) else {
        return false;
    };
    let mut words = line.split(|byte| *byte == 0);
    words.any(|word| word == b"--output") && words.next() == Some(folder)
}

pub(super) fn signal(pid: Pid, signal: Signal) -> nix::Result<()> {
    match kill(pid, signal) {
        Err(nix::errno::Errno::ESRCH) => Ok(()),
        result => result,
    }
}

pub(super) fn ending(status: ExitStatus) -> Ending {
    let signal = status.signal().map(|signal| 128 + i64::from(signal));
    Ending {
        exit_code: status.code().map(i64::from).or(signal),
        out_of_memory: false,
    }
}

pub(super) fn check_executable(path: &Path) -> Result<(), OrchestratorError> {
    let usable = fs::metadata(path)
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0);
    if usable {
        return Ok(());
    }
    Err(OrchestratorError::Unavailable(format!(
        "there is no loader at {}; build it with `cargo build --release -p loader` or set LOADER_BIN",
        path.display()
    )))
}

/// Processor time and memory, from fields 14, 15 and 24 of `/proc/PID/stat` (proc(5)).
pub(super) fn usage(pid: Pid) -> Option<Usage> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the program's name in brackets and may hold spaces.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    let unit = |name| sysconf(name).ok()?.and_then(|n| u64::try_from(n).ok());
    let ticks = field(14)? + field(15)?;
    Some(Usage {
        cpu_ms: ticks * 1_000 / unit(SysconfVar::CLK_TCK)?,
        memory_bytes: field(24)? * unit(SysconfVar::PAGE_SIZE)?,
    })
}
