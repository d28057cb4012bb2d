//! Where a value came from.
//!
//! For: telling a person which of the layers decided, and which kind of layer wins over which. Not for:
//! putting layers together, which is the work of `layers`. Invariant: as text an origin reads well in brackets behind a message.

use std::fmt;

/// The kind of source of a value. A later one wins over an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OriginKind {
    /// Built in.
    Default,
    /// A preset.
    Preset,
    /// A document.
    File,
    /// An environment variable.
    Environment,
    /// A person, on the page or in a request.
    You,
    /// An option of the command line, or what the control plane hands over.
    CommandLine,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The kind of source.
    pub kind: OriginKind,
    /// Which of its kind: a preset's name, a document's path, a variable; empty where there is one alone.
    pub name: String,
}

impl Origin {
    pub(crate) fn new(kind: OriginKind, name: &str) -> Self {
        let name = name.to_owned();
        Self { kind, name }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            OriginKind::Default => f.write_str("default"),
            OriginKind::Preset => write!(f, "preset {}", self.name),
            OriginKind::Environment => write!(f, "environment variable {}", self.name),
            OriginKind::You => f.write_str("you"),
            OriginKind::File | OriginKind::CommandLine => f.write_str(&self.name),
        }
    }
}
