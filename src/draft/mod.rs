//! Prose from a local model, and the checks on any prose before a customer reads it. A draft is text and nothing else:
//! amounts, products and quantities never come from a model. Showing, editing and sending it are the commands' business.

pub mod check;
mod client;
pub mod credentials;
mod figures;
mod form;
mod input;
pub mod markup;
mod private;
mod wording;
mod words;

pub use check::{Draft, Finding};
pub use form::Form;
pub use input::{Input, Purpose};
pub use wording::{Drafted, Wording, without_its_line};

use crate::config::DraftSettings;
use crate::hosts;
use client::Host;
use private::Private;

/// Why there is no draft, in a sentence without its full stop. Never fatal: a person writes instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// `[draft]` is missing or not whole.
    #[error("no model is configured: set `urls` and `model` under [draft]")]
    NotConfigured,
    /// What was typed must not leave the machine's own prompt.
    #[error("your text was not sent to a model: {0}")]
    Secret(String),
    /// What was typed is longer than notes are.
    #[error("your text is too long for a model: {0} characters, at most {most}", most = words::LONGEST)]
    TooLong(usize),
    /// No address answered: each with its reason.
    #[error("cannot reach a model: {}", .0.iter().map(|(host, why)| format!("{host}: {why}")).collect::<Vec<_>>().join("; "))]
    Nobody(Vec<(String, String)>),
    /// The host has other models.
    #[error("{host} has no model \"{model}\"; available: {}", listed(.there))]
    NoModel {
        /// Who answered.
        host: String,
        /// The model that is configured.
        model: String,
        /// The models that are there.
        there: Vec<String>,
    },
    /// The model did not answer, or said no.
    #[error("{model} on {host} did not return a draft: {why}")]
    Failed {
        /// Who was asked.
        host: String,
        /// Which model.
        model: String,
        /// Why.
        why: String,
    },
}

fn listed(models: &[String]) -> String {
    match models {
        [] => "none".to_owned(),
        [one] => one.clone(),
        many => many.join(", "),
    }
}

/// A host that answers, and the models it has.
#[derive(Debug)]
pub struct Found {
    host: Host,
    /// The host as people know it: `localhost:11434`.
    pub name: String,
    /// Its models.
    pub models: Vec<String>,
}

impl Found {
    /// Whether it has the model of this name, read as Ollama itself reads a name without a tag.
    #[must_use]
    pub fn has(&self, model: &str) -> bool {
        let latest = format!("{model}:latest");
        self.models.iter().any(|one| one == model || *one == latest)
    }
}

/// The first of the configured hosts that answers. All are asked at once, so that dead ones cost one waiting time
/// together and none when the first answers.
///
/// # Errors
/// When none is configured or none answers.
pub async fn find(settings: &DraftSettings) -> Result<Found, Unavailable> {
    if settings.urls.is_empty() {
        return Err(Unavailable::NotConfigured);
    }
    let asked = settings.urls.iter().map(|url| async {
        let name = hosts::name(url);
        let found = async {
            let host = Host::new(url)?;
            let models = host.models(settings.find).await?;
            Ok((host, models))
        };
        match found.await {
            Ok((host, models)) => Ok(Found { host, name, models }),
            Err(why) => Err((name, why)),
        }
    });
    first(asked).await.map_err(Unavailable::Nobody)
}

/// The first in order that succeeds; later ones run meanwhile, and are dropped with it.
async fn first<T, E>(
    all: impl Iterator<Item = impl Future<Output = Result<T, E>>>,
) -> Result<T, Vec<E>> {
    use futures_util::stream::{FuturesOrdered, StreamExt};
    let mut waiting: FuturesOrdered<_> = all.collect();
    let mut failed = Vec::new();
    while let Some(answer) = waiting.next().await {
        match answer {
            Ok(found) => return Ok(found),
            Err(why) => failed.push(why),
        }
    }
    Err(failed)
}

/// Asks the configured model for a draft.
///
/// # Errors
/// Why there is none.
pub async fn draft(settings: &DraftSettings, input: &Input) -> Result<Draft, Unavailable> {
    let model = settings.model.as_deref().ok_or(Unavailable::NotConfigured)?;
    if let Some(what) = credentials::find(&input.typed) {
        return Err(Unavailable::Secret(what));
    }
    let length = input.typed.chars().count();
    if length > words::LONGEST {
        return Err(Unavailable::TooLong(length));
    }
    let found = find(settings).await?;
    if !found.has(model) {
        return Err(Unavailable::NoModel {
            host: found.name,
            model: model.to_owned(),
            there: found.models,
        });
    }
    let failed = |why: String| Unavailable::Failed {
        host: found.name.clone(),
        model: model.to_owned(),
        why,
    };
    let mut private = Private::default();
    let told = words::told(input, &mut private);
    let body = words::request(model, &told);
    let content = found.host.chat(&body, settings.timeout).await.map_err(failed)?;
    let answer = check::read(&content).map_err(failed)?.map(|text| private.restore(text));
    let checked = check::check(answer, input).map_err(failed)?;
    Ok(checked.by(found.name, model.to_owned()))
}
