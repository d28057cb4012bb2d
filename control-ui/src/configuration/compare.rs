//! Two run configurations side by side.
//!
//! Invariant: what is compared is what runs would use, so a setting that is given and equals the default is no change;
//! of secrets it is told only whether they are set.

use config::{OriginKind, SettingValue};
use serde_json::{Value, json};

use super::{Basis, Configurations, apart};
use crate::api::compare::{Change, Side};
use crate::api::origin::OriginView;
use crate::api::problem::{Code, Problem};

/// One side, ready to be checked.
struct Ready {
    basis: Basis,
    config: Option<Value>,
    /// What a run has of a token, which its document does not say.
    token: Option<bool>,
    /// Whether its values have origins.
    told: bool,
}

impl Configurations {
    /// The settings in which two sides differ, in the order of a form.
    ///
    /// # Errors
    /// A side names nothing that there is, or several things at once.
    pub async fn compare(&self, from: Side, to: Side) -> Result<Vec<Change>, Problem> {
        let (from, to) = (self.ready(from).await?, self.ready(to).await?);
        apart(move || changes(&from, &to)).await
    }

    async fn ready(&self, side: Side) -> Result<Ready, Problem> {
        let plain = |basis| Ready {
            basis,
            config: None,
            token: None,
            told: true,
        };
        match side {
            Side {
                preset,
                configuration: false,
                run: None,
                document: None,
            } => Ok(plain(self.basis(preset.as_deref()).await?)),
            Side {
                preset: None,
                configuration: true,
                run: None,
                document: None,
            } => Ok(plain(self.working_basis().await?)),
            Side {
                preset: None,
                configuration: false,
                run: Some(id),
                document: None,
            } => {
                let run = self.0.store.run(id).await?.ok_or_else(|| {
                    Problem::new(
                        Code::NotFound,
                        "no run of this id; GET /api/runs lists them",
                    )
                })?;
                Ok(Ready {
                    basis: Basis::default(),
                    config: Some(run.config),
                    token: Some(run.document["has_secrets"] == true),
                    told: false,
                })
            }
            Side {
                preset: None,
                configuration: false,
                run: None,
                document: Some(document),
            } => {
                let mut basis = self.basis(document.preset.as_deref()).await?;
                if document.use_saved_token {
                    basis = basis.with_secrets(self.saved_secrets()?);
                }
                Ok(Ready {
                    config: Some(document.config.into()),
                    ..plain(basis)
                })
            }
            _ => Err(Problem::new(
                Code::RequestMalformed,
                "a side is one of preset, configuration, run and document",
            )),
        }
    }
}

fn changes(from: &Ready, to: &Ready) -> Vec<Change> {
    let (before, after) = (from.values(), to.values());
    let pairs = before.into_iter().zip(after);
    let pairs = pairs.filter(|(before, after)| !same(&before.0, &after.0));
    pairs
        .map(|((value, setting), (to_value, to_setting))| Change {
            pointer: setting.pointer.clone(),
            title: setting.title.clone(),
            unit: setting.unit.clone(),
            from: value,
            to: to_value,
            from_origin: from.told.then(|| OriginView::from(&setting.origin)),
            to_origin: to.told.then(|| OriginView::from(&to_setting.origin)),
        })
        .collect()
}

/// 5 and 5.0 are the same.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

impl Ready {
    fn values(&self) -> Vec<(Value, SettingValue)> {
        let values = self.basis.check(self.config.clone()).values().into_iter();
        values
            .map(|setting| (self.shown(&setting), setting))
            .collect()
    }

    fn shown(&self, setting: &SettingValue) -> Value {
        if !setting.secret {
            return setting.value.clone();
        }
        let given = setting.origin.kind != OriginKind::Default;
        let token = self
            .token
            .filter(|_| setting.pointer.ends_with("/token_auth"));
        json!(if token.unwrap_or(given) {
            "set"
        } else {
            "not set"
        })
    }
}
