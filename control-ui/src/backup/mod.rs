//! Backups: `control-ui backup` and `control-ui restore`.
//!
//! A backup is a copy of the database as it was at one moment, with a manifest; tokens are in it only when asked for.
//! Invariants: a backup never disturbs a running control plane, and a restore never happens under one; nothing is put
//! in its place before all of it was checked; what was there before is kept aside.

mod bundle;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use self::bundle::{DATABASE, FORMAT, Manifest, SECRET};
use crate::data_dir::{self, DataDirError};
use crate::store::{StoreError, copies};
use crate::time::Timestamp;

/// Why there is no backup, or nothing was restored. Nothing was changed then, unless the message says so.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The data folder cannot be used, mostly because a control plane does.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// There is nothing to copy, or what is to be restored cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be used.
    #[error("could not {what} {path}: {source}")]
    File {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The bundle cannot be written or read.
    #[error("the backup cannot be written or read: {0}")]
    Bundle(std::io::Error),
    /// The file is something else.
    #[error("this is no backup of a control plane: {why}; nothing was changed")]
    NotABackup {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The file was damaged on its way.
    #[error("the backup is damaged: the checksum of {name} is another one; nothing was changed")]
    Checksum {
        /// The file in the bundle.
        name: String,
    },
    /// A newer program made it.
    #[error(
        "this backup was made by version {program}, which is newer than this program ({}): restore it with that version",
        env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// Version of that program.
        program: String,
    },
}

impl BackupError {
    fn file(what: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::File {
            what,
            path: path.into(),
            source,
        }
    }
}

/// Writes a backup of the data in `data_dir` to `to`; a control plane may run meanwhile. The answer is a sentence for
/// whoever asked.
///
/// # Errors
/// There is no database, it cannot be copied, or `to` cannot be written.
pub fn backup(
    data_dir: &Path,
    to: impl Write,
    with_secrets: bool,
    now: Timestamp,
) -> Result<String, BackupError> {
    let folder = WorkFolder::make(data_dir)?;
    let database = folder.0.join("database");
    let schema = copies::copy(data_dir, &database)?;
    let mut entries = vec![bundle::entry(DATABASE.to_owned(), &database)?];
    let mut files = vec![database];
    if with_secrets {
        for (name, path) in secret_files(&data_dir.join("secrets"))? {
            entries.push(bundle::entry(format!("{SECRET}{name}"), &path)?);
            files.push(path);
        }
    }
    let bytes: u64 = entries.iter().map(|entry| entry.bytes).sum();
    let secrets = entries.len() - 1;
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema,
        created_at: now.to_string(),
        instance: std::fs::read_to_string(data_dir.join("instance-id")).ok(),
        with_secrets,
        files: entries,
    };
    bundle::write(to, &manifest, &files)?;
    Ok(if with_secrets {
        format!(
            "wrote a backup of {bytes} bytes WITH {secrets} files of SECRETS, readable for everybody who has it: keep it \
             as you keep passwords"
        )
    } else {
        format!(
            "wrote a backup of {bytes} bytes; tokens are not in it (--with-secrets takes them along)"
        )
    })
}

/// The same into the new file `to`, which others cannot read.
///
/// # Errors
/// As [`backup`], or there is such a file already.
pub fn backup_to_file(
    data_dir: &Path,
    to: &Path,
    with_secrets: bool,
    now: Timestamp,
) -> Result<String, BackupError> {
    let file = private_file(to)?;
    let written = backup(data_dir, &file, with_secrets, now).and_then(|said| {
        file.sync_all()
            .map_err(|error| BackupError::file("write", to, error))?;
        Ok(said)
    });
    if written.is_err() {
        // Half a backup must not be taken for one.
        let _ = std::fs::remove_file(to);
    }
    written
}

/// Puts a backup, or a copy of the database as migrations make them, in the place of the data in `data_dir`. The answer
/// is a sentence for whoever asked.
///
/// # Errors
/// A control plane runs on this data, or the file cannot be used.
pub fn restore(data_dir: &Path, from: impl Read, now: Timestamp) -> Result<String, BackupError> {
    let _lock = data_dir::lock(data_dir)?;
    let folder = WorkFolder::make(data_dir)?;
    let (plain, mut from) = bundle::is_database(from).map_err(BackupError::Bundle)?;
    let found = if plain {
        let database = folder.0.join("database");
        let mut copy = private_file(&database)?;
        std::io::copy(&mut from, &mut copy)
            .and_then(|_| copy.sync_all())
            .map_err(|error| BackupError::file("write", &database, error))?;
        (database, Vec::new(), None)
    } else {
        let unpacked = bundle::unpack(from, &folder.0)?;
        let instance = unpacked.manifest.instance;
        (unpacked.database, unpacked.secrets, instance)
    };
    let (database, secrets, instance) = found;
    let schema = copies::examine(&database)?;
    let aside = copies::replace(data_dir, &database, &stamp(now))
        .map_err(|error| BackupError::file("replace the database in", data_dir, error))?;
    let number = secrets.len();
    put_secrets(&data_dir.join("secrets"), secrets)?;
    let id = data_dir.join("instance-id");
    if let Some(instance) = instance
        && !id.exists()
    {
        std::fs::write(&id, instance).map_err(|error| BackupError::file("write", &id, error))?;
    }
    let kept = aside.map_or_else(String::new, |aside| {
        format!("; the previous database is {}", aside.display())
    });
    Ok(format!(
        "restored a database of schema {schema} and {number} files of secrets{kept}"
    ))
}

/// A folder beside the data for what is not finished yet; it goes with the handle.
struct WorkFolder(PathBuf);

impl WorkFolder {
    fn make(data_dir: &Path) -> Result<Self, BackupError> {
        let name = format!("unfinished-{}", uuid::Uuid::now_v7().simple());
        let path = data_dir.join(name);
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| BackupError::file("make", &path, error))?;
        Ok(Self(path))
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), error = %error, "an unfinished copy cannot be deleted");
        }
    }
}

fn private_file(path: &Path) -> Result<File, BackupError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| BackupError::file("write", path, error))
}

/// The files of secrets by name, in order. A link is no file of ours.
fn secret_files(folder: &Path) -> Result<Vec<(String, PathBuf)>, BackupError> {
    let failed = |error| BackupError::file("read", folder, error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().map_err(failed)?.is_file() && bundle::is_plain_name(&name) {
            files.push((name, entry.path()));
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn put_secrets(folder: &Path, secrets: Vec<(String, PathBuf)>) -> Result<(), BackupError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| BackupError::file("make", folder, error))?;
    for (name, path) in secrets {
        let to = folder.join(name);
        std::fs::rename(&path, &to).map_err(|error| BackupError::file("write", &to, error))?;
    }
    Ok(())
}

/// Digits only, so that names of copies sort by age.
fn stamp(now: Timestamp) -> String {
    let text = now.to_string();
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests;
