//! Tokens at rest: one file for each run that needs one, and one for the saved configuration, in `DATA_DIR/secrets`,
//! readable by the owner alone.
//!
//! Not in SQLite, so that its copies and exports hold none. Invariant: a file is written whole or not at all, and it
//! is deleted with the last reason to keep it.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use config::Secret;

use crate::runs::RunId;

/// The file of the saved configuration's secrets.
const CONFIGURATION: &str = "configuration.json";

/// The folder of the secrets.
#[derive(Debug, Clone)]
pub struct SecretFiles(PathBuf);

/// A file of secrets could not be used. Says where, never what.
#[derive(Debug, thiserror::Error)]
#[error("could not {what} {path}: {source}; check the folder DATA_DIR and its owner")]
pub struct SecretFileError {
    what: &'static str,
    path: PathBuf,
    source: std::io::Error,
}

impl SecretFiles {
    /// Makes the folder when there is none.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(data_dir: &Path) -> Result<Self, SecretFileError> {
        let folder = data_dir.join("secrets");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|source| SecretFileError {
                what: "make the folder",
                path: folder.clone(),
                source,
            })?;
        Ok(Self(folder))
    }

    /// Writes a run's secrets.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, run: &RunId, secrets: &Secret) -> Result<(), SecretFileError> {
        write(self.path(run), secrets)
    }

    /// Writes the secrets of the saved configuration; with `None` there are none any more.
    ///
    /// # Errors
    /// The file cannot be written or deleted.
    pub fn write_configuration(&self, secrets: Option<&Secret>) -> Result<(), SecretFileError> {
        let path = self.0.join(CONFIGURATION);
        match secrets {
            Some(secrets) => write(path, secrets),
            None => delete(path),
        }
    }

    /// Reads the secrets of the saved configuration, if there are any.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_configuration(&self) -> Result<Option<Secret>, SecretFileError> {
        match read(self.0.join(CONFIGURATION)) {
            Ok(secrets) => Ok(Some(secrets)),
            Err(error) if error.source.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes what belongs to other runs than these: what was being written, or waiting to be deleted, when the
    /// control plane died. Called before anything is written. Files of anything but runs are left alone.
    ///
    /// # Errors
    /// The folder cannot be read, or a file cannot be deleted.
    pub fn keep_only(&self, runs: &HashSet<RunId>) -> Result<(), SecretFileError> {
        let kept: HashSet<PathBuf> = runs.iter().map(|run| self.path(run)).collect();
        let failed = |what, path: &Path, source| SecretFileError {
            what,
            path: path.to_owned(),
            source,
        };
        let entries = fs::read_dir(&self.0).map_err(|error| failed("read", &self.0, error))?;
        for entry in entries {
            let path = entry
                .map_err(|error| failed("read", &self.0, error))?
                .path();
            let of_a_run = path
                .file_stem()
                .and_then(|name| name.to_str())
                .is_some_and(|name| RunId::parse(name).is_some());
            if of_a_run && !kept.contains(&path) {
                fs::remove_file(&path).map_err(|error| failed("delete", &path, error))?;
            }
        }
        Ok(())
    }

    /// Reads a run's secrets.
    ///
    /// # Errors
    /// The file is gone or cannot be read.
    pub fn read(&self, run: &RunId) -> Result<Secret, SecretFileError> {
        read(self.path(run))
    }

    /// Deletes a run's secrets, if there are any.
    ///
    /// # Errors
    /// The file cannot be deleted.
    pub fn delete(&self, run: &RunId) -> Result<(), SecretFileError> {
        delete(self.path(run))
    }

    fn path(&self, run: &RunId) -> PathBuf {
        self.0.join(format!("{run}.json"))
    }
}

fn write(path: PathBuf, secrets: &Secret) -> Result<(), SecretFileError> {
    let temporary = path.with_extension("new");
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(secrets.expose().as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, &path)
    };
    write().map_err(|source| {
        // A part of it is as secret as the whole.
        let _ = fs::remove_file(&temporary);
        SecretFileError {
            what: "write",
            path: path.clone(),
            source,
        }
    })
}

fn read(path: PathBuf) -> Result<Secret, SecretFileError> {
    fs::read_to_string(&path)
        .map(Secret::from)
        .map_err(|source| SecretFileError {
            what: "read",
            path,
            source,
        })
}

fn delete(path: PathBuf) -> Result<(), SecretFileError> {
    match fs::remove_file(&path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(SecretFileError {
            what: "delete",
            path,
            source,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn secrets_are_read_back_by_the_owner_alone_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let files = SecretFiles::open(folder.path()).unwrap();
        let run = RunId::fresh();
        files
            .write(&run, &Secret::from("first".to_owned()))
            .unwrap();
        files
            .write(&run, &Secret::from("token".to_owned()))
            .unwrap();
        assert_eq!(files.read(&run).unwrap().expose(), "token");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&files.path(&run)), 0o600);
        assert_eq!(mode(&files.0), 0o700);
        files.delete(&run).unwrap();
        files.delete(&run).unwrap();
        assert!(files.read(&run).is_err());
    }

    #[test]
    fn what_a_death_left_behind_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let files = SecretFiles::open(folder.path()).unwrap();
        let (kept, unknown) = (RunId::fresh(), RunId::fresh());
        for run in [&kept, &unknown] {
            files.write(run, &Secret::from("token".to_owned())).unwrap();
        }
        let half = files.path(&unknown).with_extension("new");
        fs::write(&half, "tok").unwrap();
        files.keep_only(&HashSet::from([kept.clone()])).unwrap();
        assert!(files.read(&kept).is_ok());
        assert!(files.read(&unknown).is_err());
        assert!(!half.exists());
    }
}
