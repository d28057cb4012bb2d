//! `POST /api/convert`: texts into run configurations, and back.

use actix_web::{post, web};
use config::TextFormat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::presets::Legacy;
use crate::api::problem::{Code, Problem, ProblemBody};
use crate::auth::Principal;
use crate::configuration::apart;
use crate::configuration::convert::{from_text, to_text};

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextFormatView {
    /// TOML.
    Toml,
    /// JSON; also a preset of the Python original.
    Json,
    /// Lines of `NAME=value`.
    Env,
}

/// How a text that is read is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GivenFormat {
    /// As it looks.
    #[default]
    Auto,
    /// TOML.
    Toml,
    /// JSON; also a preset of the Python original.
    Json,
    /// Lines of `NAME=value`.
    Env,
}

impl GivenFormat {
    pub(crate) fn known(self) -> Option<TextFormat> {
        match self {
            Self::Auto => None,
            Self::Toml => Some(TextFormat::Toml),
            Self::Json => Some(TextFormat::Json),
            Self::Env => Some(TextFormat::Env),
        }
    }
}

impl From<TextFormatView> for TextFormat {
    fn from(format: TextFormatView) -> Self {
        match format {
            TextFormatView::Toml => Self::Toml,
            TextFormatView::Json => Self::Json,
            TextFormatView::Env => Self::Env,
        }
    }
}

/// What to convert: a `text` into a document, or a `config` to a text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConvertRequest {
    /// The text to read.
    pub text: Option<String>,
    /// How it is written.
    #[serde(default)]
    #[schema(required = false)]
    pub format: GivenFormat,
    /// The document to write.
    #[schema(value_type = Option<Object>)]
    pub config: Option<serde_json::Value>,
    /// How to write it.
    pub to: Option<TextFormatView>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Converted {
    /// A text was read.
    Read(FromText),
    /// A text was written.
    Written(ToText),
}

/// What a text says.
#[derive(Debug, Serialize, ToSchema)]
pub struct FromText {
    /// The settings that could be read; never a secret.
    #[schema(value_type = Object)]
    pub config: serde_json::Value,
    /// How it was written.
    pub format: TextFormatView,
    /// The name of a preset of the Python original.
    #[schema(required)]
    pub title: Option<String>,
    /// What could not be read, and values that cannot be.
    pub problems: Vec<TextProblemView>,
    /// Whether it held a token or another secret, which was left out.
    pub secrets_removed: bool,
    /// Settings that were the original's default once; `null` when there are none.
    #[schema(required)]
    pub legacy: Option<Legacy>,
}

/// A text.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToText {
    /// The text; never with a secret.
    pub text: String,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TextProblemView {
    /// The setting, as a JSON pointer; empty for the text as a whole.
    pub pointer: String,
    /// Stable name of the rule.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The way out.
    #[schema(required)]
    pub hint: Option<String>,
    /// The line, from 1; `null` where it cannot be told.
    #[schema(required)]
    pub line: Option<usize>,
    /// The column, from 1.
    #[schema(required)]
    pub column: Option<usize>,
}

/// Convert a run configuration.
#[utoipa::path(
    tag = "configuration",
    operation_id = "convert",
    request_body = ConvertRequest,
    responses(
        (status = 200, description = "The document, with what is wrong with the text; or the text", body = Converted),
        (status = 400, description = "The body cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The document to write has problems; `errors` lists all", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/api/convert")]
pub(crate) async fn convert(
    _who: Principal,
    body: web::Json<ConvertRequest>,
) -> Result<web::Json<Converted>, Problem> {
    let converted = match body.into_inner() {
        ConvertRequest {
            text: Some(text),
            config: None,
            to: None,
            format,
        } => Converted::Read(apart(move || from_text(format.known(), &text)).await?),
        ConvertRequest {
            text: None,
            config: Some(config),
            to: Some(to),
            ..
        } => {
            let text = apart(move || to_text(to.into(), config)).await??;
            Converted::Written(ToText { text })
        }
        _ => {
            return Err(Problem::new(
                Code::RequestMalformed,
                "send a text to read, or a config and the format to write it in (to)",
            ));
        }
    };
    Ok(web::Json(converted))
}
