//! A document as it is kept: known settings in their own spelling, secrets apart.
//!
//! For: storing what a person wrote without what must not be stored. Not for: checking it together with
//! other layers. Invariant: the document holds no secret, and reading it again gives the same document.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document;
use crate::origin::{Origin, OriginKind};
use crate::problem::Problem;
use crate::secret::Secret;
use crate::sections::VERSION;
use crate::shape::{self, Leaves};

/// What a person wrote.
#[derive(Debug, Default)]
pub struct Written {
    /// The settings that were given and are sound; nothing else.
    pub config: Value,
    /// The secrets that were given, by their pointers.
    pub secrets: BTreeMap<String, Secret>,
    /// What could not be read: unknown keys, wrong types.
    pub problems: Vec<Problem>,
}

impl Written {
    /// Reads a document's tree.
    #[must_use]
    pub fn read(tree: Value) -> Self {
        let mut problems = Vec::new();
        let leaves = match document::known_version(tree) {
            Ok(tree) => Leaves::read(tree, &Origin::new(OriginKind::You, ""), &mut problems),
            Err(problem) => {
                problems.push(problem);
                Leaves::default()
            }
        };
        Self {
            problems,
            ..Self::of(leaves)
        }
    }

    /// A document of these values.
    pub(crate) fn of(leaves: Leaves) -> Self {
        let values = leaves.values.iter();
        let values = values.filter(|(pointer, _)| *pointer != "/version");
        let secrets = leaves.secrets.into_iter();
        Self {
            config: shape::tree(values.map(|(pointer, given)| (pointer.as_str(), &given.value))),
            secrets: secrets
                .map(|(pointer, given)| (pointer, given.value))
                .collect(),
            problems: Vec::new(),
        }
    }

    /// Takes out where the hits go, which belongs to no preset; says which settings that were.
    pub fn take_targets(&mut self) -> Vec<String> {
        let mut taken: Vec<String> = std::mem::take(&mut self.secrets).into_keys().collect();
        let targets = self
            .config
            .as_object_mut()
            .and_then(|it| it.remove("targets"));
        for (at, target) in targets
            .as_ref()
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let names = target.as_object().into_iter().flatten();
            taken.extend(names.map(|(name, _)| format!("/targets/{at}/{name}")));
        }
        taken.sort();
        taken
    }

    /// The document as it is stored and exported: with the version of its format.
    #[must_use]
    pub fn versioned(&self) -> Value {
        let mut document = serde_json::Map::from_iter([("version".to_owned(), VERSION.into())]);
        document.extend(self.config.as_object().cloned().unwrap_or_default());
        Value::Object(document)
    }
}
