//! A file that is cut when it grows: one file in use and one predecessor.
//!
//! It does not look into what is written. Invariant: the two files together stay below twice the limit plus a line.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Size at which a file becomes the predecessor, in bytes. The predecessor before it is removed.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// See the module's description.
#[derive(Debug)]
pub struct RotatedFile {
    path: PathBuf,
    file: File,
    written: u64,
    limit: u64,
}

impl RotatedFile {
    /// Opens `directory/name` to append; what an earlier attempt wrote stays.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(directory: &Path, name: &str) -> io::Result<Self> {
        Self::with_limit(directory.join(name), MAX_BYTES)
    }

    fn with_limit(path: PathBuf, limit: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let written = file.metadata()?.len();
        Ok(Self {
            path,
            file,
            written,
            limit,
        })
    }

    fn rotate(&mut self) -> io::Result<()> {
        let mut predecessor = self.path.clone().into_os_string();
        predecessor.push(".1");
        std::fs::rename(&self.path, predecessor)?;
        self.file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)?;
        self.written = 0;
        Ok(())
    }
}

impl Write for RotatedFile {
    /// Takes all of `line`, so that a line is never cut in two by a rotation.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let size = line.len() as u64;
        if 0 < self.written && self.limit < self.written + size {
            self.rotate()?;
        }
        self.file.write_all(line)?;
        self.written += size;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_becomes_the_only_predecessor_and_no_line_is_cut() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("report.jsonl");
        let mut file = RotatedFile::with_limit(path.clone(), 20).unwrap();
        for number in 0..5 {
            file.write_all(format!("line {number}..\n").as_bytes())
                .unwrap();
        }
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        assert_eq!(read(&path), "line 4..\n");
        assert_eq!(
            read(&directory.path().join("report.jsonl.1")),
            "line 2..\nline 3..\n"
        );
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 2);
    }

    #[test]
    fn an_existing_file_is_continued() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("loader.log"), "earlier\n").unwrap();
        let mut file = RotatedFile::open(directory.path(), "loader.log").unwrap();
        file.write_all(b"later\n").unwrap();
        let text = std::fs::read_to_string(directory.path().join("loader.log")).unwrap();
        assert_eq!(text, "earlier\nlater\n");
    }
}
