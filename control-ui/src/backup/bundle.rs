//! The file that a backup is: a tar of plain names, the manifest first.
//!
//! Invariant: a name in a bundle is never used as a path. What is unpacked lies in a folder of its own under a name
//! that this program chose, and only what the manifest announced is unpacked, with the size and the checksum it has.

use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::BackupError;

/// Number of this form of bundle. A newer one is refused.
pub(super) const FORMAT: u32 = 1;

/// Name of the manifest in a bundle.
const MANIFEST: &str = "manifest.json";

/// Name of the database in a bundle.
pub(super) const DATABASE: &str = "control-ui.sqlite3";

/// What names of secrets begin with in a bundle.
pub(super) const SECRET: &str = "secret-";

/// The largest manifest that is read, bytes: enough for all files. A larger one is refused.
const MANIFEST_BYTES: u64 = 4 * 1024 * 1024;

/// The most files in a bundle. More are refused.
const FILES: usize = 10_000;

/// The largest file of secrets that is read, bytes. A larger one is refused.
const SECRET_BYTES: u64 = 1024 * 1024;

/// What a bundle says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    /// Version of the program that made it.
    pub(super) program: String,
    /// Number of the database's schema.
    pub(super) schema: usize,
    pub(super) created_at: String,
    /// What marks the loaders of the control plane that made it.
    pub(super) instance: Option<String>,
    pub(super) with_secrets: bool,
    pub(super) files: Vec<Entry>,
}

/// A file in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// Describes a file that goes into a bundle as `name`.
pub(super) fn entry(name: String, file: &Path) -> Result<Entry, BackupError> {
    let mut file = File::open(file).map_err(|error| BackupError::file("read", file, error))?;
    let mut sum = Sum::default();
    let bytes = std::io::copy(&mut file, &mut sum).map_err(BackupError::Bundle)?;
    Ok(Entry {
        name,
        bytes,
        sha256: sum.hex(),
    })
}

/// Writes a bundle of `files`, in the manifest's order.
pub(super) fn write(
    to: impl Write,
    manifest: &Manifest,
    files: &[PathBuf],
) -> Result<(), BackupError> {
    let mut bundle = tar::Builder::new(to);
    let text = serde_json::to_vec_pretty(manifest).map_err(std::io::Error::from);
    let text = text.map_err(BackupError::Bundle)?;
    let mut append = |name: &str, bytes: u64, content: &mut dyn Read| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_entry_type(tar::EntryType::Regular);
        bundle
            .append_data(&mut header, name, content)
            .map_err(BackupError::Bundle)
    };
    append(MANIFEST, text.len() as u64, &mut text.as_slice())?;
    for (entry, path) in manifest.files.iter().zip(files) {
        let mut file = File::open(path).map_err(|error| BackupError::file("read", path, error))?;
        append(&entry.name, entry.bytes, &mut file)?;
    }
    let mut out = bundle.into_inner().map_err(BackupError::Bundle)?;
    out.flush().map_err(BackupError::Bundle)
}

/// A bundle that was unpacked: the database, and secrets by their names.
pub(super) struct Unpacked {
    pub(super) manifest: Manifest,
    pub(super) database: PathBuf,
    pub(super) secrets: Vec<(String, PathBuf)>,
}

/// Unpacks a bundle into the empty folder `into`, and checks everything that can be checked without opening it.
pub(super) fn unpack(from: impl Read, into: &Path) -> Result<Unpacked, BackupError> {
    let mut bundle = tar::Archive::new(from);
    let mut entries = bundle.entries().map_err(BackupError::Bundle)?;
    let first = entries.next().ok_or_else(|| not_a_backup("it is empty"))?;
    let first = first.map_err(|_| not_a_backup("it is no bundle and no database"))?;
    let manifest = manifest(first)?;
    let mut unpacked = Unpacked {
        database: into.join("database"),
        secrets: Vec::new(),
        manifest,
    };
    for (number, expected) in unpacked.manifest.files.iter().enumerate() {
        let found = entries
            .next()
            .ok_or_else(|| not_a_backup("it ends too early"))?;
        let found = found.map_err(BackupError::Bundle)?;
        let path = match expected.name.strip_prefix(SECRET) {
            None => unpacked.database.clone(),
            Some(name) => {
                let path = into.join(format!("secret-{number}"));
                unpacked.secrets.push((name.to_owned(), path.clone()));
                path
            }
        };
        take(found, expected, &path)?;
    }
    if entries.next().is_some() {
        return Err(not_a_backup("it holds more than it says"));
    }
    Ok(unpacked)
}

fn manifest(mut from: tar::Entry<'_, impl Read>) -> Result<Manifest, BackupError> {
    if &*from.path_bytes() != MANIFEST.as_bytes() || MANIFEST_BYTES < from.size() {
        return Err(not_a_backup("it has no manifest"));
    }
    let mut text = Vec::new();
    from.read_to_end(&mut text).map_err(BackupError::Bundle)?;
    let form: Form =
        serde_json::from_slice(&text).map_err(|_| not_a_backup("its manifest cannot be read"))?;
    if FORMAT < form.format {
        return Err(BackupError::Newer {
            program: form.program,
        });
    }
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|_| not_a_backup("its manifest cannot be read"))?;
    let mut names: Vec<&str> = manifest.files.iter().map(|file| &*file.name).collect();
    names.sort_unstable();
    let unlike = names.windows(2).all(|pair| pair[0] != pair[1]);
    let databases = names.iter().filter(|name| **name == DATABASE).count();
    let known = manifest.files.iter().all(|file| {
        file.name == DATABASE
            || (file.bytes <= SECRET_BYTES
                && file.name.strip_prefix(SECRET).is_some_and(is_plain_name))
    });
    if FILES < names.len() || !unlike || databases != 1 || !known {
        return Err(not_a_backup("its manifest names files that no backup has"));
    }
    Ok(manifest)
}

/// What every form of manifest has.
#[derive(Deserialize)]
struct Form {
    format: u32,
    program: String,
}

fn take(
    mut from: tar::Entry<'_, impl Read>,
    expected: &Entry,
    to: &Path,
) -> Result<(), BackupError> {
    let plain = from.header().entry_type() == tar::EntryType::Regular;
    let same = &*from.path_bytes() == expected.name.as_bytes() && from.size() == expected.bytes;
    if !plain || !same {
        return Err(not_a_backup("it holds something else than it says"));
    }
    let mut file = super::private_file(to)?;
    let mut sum = Sum::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut buffer).map_err(BackupError::Bundle)?;
        if read == 0 {
            break;
        }
        sum.0.update(&buffer[..read]);
        file.write_all(&buffer[..read])
            .map_err(|error| BackupError::file("write", to, error))?;
    }
    file.sync_all()
        .map_err(|error| BackupError::file("write", to, error))?;
    if sum.hex() != expected.sha256 {
        return Err(BackupError::Checksum {
            name: expected.name.clone(),
        });
    }
    Ok(())
}

/// Whether a name can be that of a file of secrets: nothing that leads elsewhere.
pub(super) fn is_plain_name(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Whether a file begins as a database does; and the file, from its beginning.
pub(super) fn is_database(mut file: impl Read) -> std::io::Result<(bool, impl Read)> {
    let mut magic = Vec::new();
    file.by_ref().take(16).read_to_end(&mut magic)?;
    let is = magic == b"SQLite format 3\0";
    Ok((is, Cursor::new(magic).chain(file)))
}

fn not_a_backup(why: &'static str) -> BackupError {
    BackupError::NotABackup { why }
}

#[derive(Default)]
struct Sum(Sha256);

impl Sum {
    fn hex(self) -> String {
        hex::encode(self.0.finalize())
    }
}

impl Write for Sum {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
