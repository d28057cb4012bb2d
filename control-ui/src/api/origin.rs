//! Where a value came from, as the API tells it.

use config::{Origin, OriginKind};
use serde::Serialize;
use utoipa::ToSchema;

/// The kind of source of a value, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginKindView {
    /// Built in.
    Default,
    /// The preset.
    Preset,
    /// The operator's document, `CONFIG_FILE`.
    File,
    /// An environment variable of the control plane.
    Environment,
    /// The request, or the saved configuration.
    You,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OriginView {
    /// The kind of source.
    pub kind: OriginKindView,
    /// Which of its kind: a preset, a path, a variable; empty where there is one alone.
    pub name: String,
}

impl From<&Origin> for OriginView {
    fn from(origin: &Origin) -> Self {
        let kind = match origin.kind {
            OriginKind::Default => OriginKindView::Default,
            OriginKind::Preset => OriginKindView::Preset,
            OriginKind::File => OriginKindView::File,
            OriginKind::Environment => OriginKindView::Environment,
            OriginKind::You | OriginKind::CommandLine => OriginKindView::You,
        };
        Self {
            kind,
            name: origin.name.clone(),
        }
    }
}
