//! The folder of everything that is kept: its lock, its id, its room, the file system that it lies on.
//!
//! Invariant: whoever changes what lies in it holds its lock, so there is one control plane for each folder, and
//! nothing is restored under a running one.

use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use nix::sys::statfs::statfs;
use nix::sys::statvfs::statvfs;

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Its lock is held.
    #[error(
        "another control plane uses the folder DATA_DIR={0}; end that one first, or name another folder"
    )]
    InUse(PathBuf),
    /// The system refuses it.
    #[error(
        "the folder DATA_DIR={path} cannot be used; make it writable for this user, or name another folder"
    )]
    Refused {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// Makes the folder, private, and takes its lock, which is held as long as the answer lives.
///
/// # Errors
/// It cannot be made, or another control plane holds the lock.
pub fn lock(path: &Path) -> Result<File, DataDirError> {
    let failed = |source| DataDirError::Refused {
        path: path.into(),
        source,
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(failed)?;
    let lock = File::create(path.join("lock")).map_err(failed)?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => DataDirError::InUse(path.into()),
        TryLockError::Error(error) => failed(error),
    })?;
    Ok(lock)
}

/// What distinguishes this control plane's loaders from those of others on the same engine; made once.
///
/// # Errors
/// It cannot be written down.
pub fn instance_id(path: &Path) -> Result<String, DataDirError> {
    let file = path.join("instance-id");
    if let Ok(text) = std::fs::read_to_string(&file)
        && !text.trim().is_empty()
    {
        return Ok(text.trim().to_owned());
    }
    let id = uuid::Uuid::now_v7().simple().to_string();
    std::fs::write(&file, &id).map_err(|source| DataDirError::Refused {
        path: path.into(),
        source,
    })?;
    Ok(id)
}

/// Bytes that may still be written there; `None` when the system does not say.
#[must_use]
pub fn free_bytes(path: &Path) -> Option<u64> {
    let found = statvfs(path).ok()?;
    Some(found.blocks_available() * found.fragment_size())
}

/// What kind of file system a folder lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSystem {
    /// A file system of this machine.
    Local,
    /// One that a program provides: it may lack shared memory between processes, which SQLite's WAL needs.
    Program(&'static str),
    /// One over a network: its locks do not hold, and a database on it gets damaged.
    Network(&'static str),
}

impl FileSystem {
    /// That of `path`; one that cannot be asked counts as local.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let magic = statfs(path).ok().map(|found| found.filesystem_type().0);
        magic
            .and_then(|magic| u32::try_from(magic & 0xffff_ffff).ok())
            .map_or(Self::Local, Self::known_as)
    }

    /// The numbers are those of `statfs(2)` and Linux' `magic.h`.
    fn known_as(magic: u32) -> Self {
        match magic {
            0x6969 => Self::Network("NFS"),
            0x517b => Self::Network("SMB"),
            0xff53_4d42 => Self::Network("CIFS"),
            0xfe53_4d42 => Self::Network("SMB2"),
            0x00c3_6400 => Self::Network("Ceph"),
            0x5346_414f => Self::Network("AFS"),
            0x0102_1997 => Self::Network("9p"),
            0x6573_5546 => Self::Program("FUSE"),
            _ => Self::Local,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_lock_is_refused_until_the_first_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let first = lock(folder.path()).unwrap();
        let refused = lock(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("another control plane"), "{refused}");
        drop(first);
        lock(folder.path()).unwrap();
    }

    #[test]
    fn file_systems_of_networks_and_programs_are_told_from_local_ones() {
        for (magic, expected) in [
            (0x6969, FileSystem::Network("NFS")),
            (0xff53_4d42, FileSystem::Network("CIFS")),
            (0xfe53_4d42, FileSystem::Network("SMB2")),
            (0x6573_5546, FileSystem::Program("FUSE")),
            (0xef53, FileSystem::Local),      // ext4
            (0x9123_683e, FileSystem::Local), // btrfs
            (0x794c_7630, FileSystem::Local), // overlayfs
        ] {
            assert_eq!(FileSystem::known_as(magic), expected, "{magic:x}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(FileSystem::of(folder.path()), FileSystem::Local);
        assert!(free_bytes(folder.path()).unwrap() > 0);
    }
}
