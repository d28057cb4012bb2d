//! Copies of the database: made while others use it, looked at before they are believed, put in its place.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{BUSY, FILE, StoreError, migrations};

/// Copies kept of each kind: made before a migration, put aside by a restore. Older ones are deleted.
const COPIES: usize = 3;

/// The three files that a database is made of.
const SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

/// Copies the database in `data_dir` to the new file `to`, as it is at one moment; whoever uses it goes on. Sessions and
/// sign-in codes are left out. The answer is the number of its schema.
///
/// # Errors
/// There is no database, or it cannot be read or copied.
pub fn copy(data_dir: &Path, to: &Path) -> Result<usize, StoreError> {
    let path = data_dir.join(FILE);
    let failed = |source| StoreError::Sqlite {
        path: path.clone(),
        source,
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(&path, flags).map_err(failed)?;
    database.busy_timeout(BUSY).map_err(failed)?;
    database
        .execute("VACUUM INTO ?1", [to.to_string_lossy()])
        .map_err(failed)?;
    let copy = Connection::open_with_flags(to, flags).map_err(failed)?;
    copy.execute_batch("PRAGMA secure_delete = ON; DELETE FROM codes; DELETE FROM sessions;")
        .map_err(failed)?;
    drop(copy);
    examine(to)
}

/// Whether `file` is a whole database that this program can use; the number of its schema.
///
/// # Errors
/// It is none, is damaged, or a newer program wrote it.
pub fn examine(file: &Path) -> Result<usize, StoreError> {
    let damaged = |why: String| StoreError::Damaged {
        path: file.into(),
        why,
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let look = || -> rusqlite::Result<(i64, String, bool)> {
        let database = Connection::open_with_flags(file, flags)?;
        let version = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let state = database.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
        let ours = database.table_exists(None, "runs")?;
        Ok((version, state, ours))
    };
    let (version, state, ours) = look().map_err(|error| damaged(error.to_string()))?;
    let version = usize::try_from(version).unwrap_or(0);
    if migrations::latest() < version {
        return Err(StoreError::Newer { path: file.into() });
    }
    if version == 0 || !ours {
        return Err(damaged("it was not written by this program".to_owned()));
    }
    if state != "ok" {
        return Err(damaged(state));
    }
    Ok(version)
}

/// Puts the examined file `from` in the place of the database in `data_dir`, whose lock the caller holds. The previous
/// one is kept aside, with `stamp` in its name; the answer says where, when there was one.
///
/// # Errors
/// A file cannot be renamed.
pub fn replace(
    data_dir: &Path,
    from: &Path,
    stamp: &str,
) -> Result<Option<PathBuf>, std::io::Error> {
    let path = data_dir.join(FILE);
    let aside = path.with_extension(format!("before-restore-{stamp}.sqlite3"));
    let there = path.exists();
    for suffix in SUFFIXES {
        let part = with_suffix(&path, suffix);
        if part.exists() {
            std::fs::rename(&part, with_suffix(&aside, suffix))?;
        }
    }
    std::fs::rename(from, &path)?;
    forget_old(&path, "before-restore-");
    Ok(there.then_some(aside))
}

/// Deletes all but the newest copies of the database at `path` whose names go on with `kind`. What cannot be deleted is
/// logged: a copy too many harms nobody.
pub(super) fn forget_old(path: &Path, kind: &str) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_stem()) else {
        return;
    };
    let prefix = format!("{}.{kind}", name.to_string_lossy());
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut copies: Vec<(u64, String)> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| {
            let digits = name.strip_prefix(&prefix)?.strip_suffix(".sqlite3")?;
            Some((digits.parse().ok()?, name))
        })
        .collect();
    copies.sort_unstable();
    let old = copies.len().saturating_sub(COPIES);
    for (_, name) in &copies[..old] {
        for suffix in SUFFIXES {
            let part = with_suffix(&folder.join(name), suffix);
            if let Err(error) = std::fs::remove_file(&part)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(file = %part.display(), error = %error, "an old copy cannot be deleted");
            }
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
