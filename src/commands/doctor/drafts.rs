//! Whether the local model of `[draft]` is there. Everything works without it, so that nothing here is a problem.

use super::check::Check;
use crate::config::DraftSettings;
use crate::draft::{self, Unavailable};

/// A line, where a model is configured.
pub(super) async fn look(settings: &DraftSettings) -> Option<Check> {
    let name = "draft";
    if settings.urls.is_empty() && settings.model.is_none() {
        return None;
    }
    let (Some(model), false) = (&settings.model, settings.urls.is_empty()) else {
        let half = Check::warning(name, Unavailable::NotConfigured.to_string());
        return Some(half.hint("set both or neither: drafts are optional"));
    };
    Some(match draft::find(settings).await {
        Ok(found) if found.has(model) => Check::ok(name, format!("{model} on {}", found.name)),
        Ok(found) => {
            Check::warning(name, format!("{} answers, but has no model {model:?}", found.name))
                .hint(match found.models.as_slice() {
                    [] => format!("on that machine: ollama pull {model}"),
                    models => format!("it has: {}", models.join(", ")),
                })
        }
        Err(why) => Check::warning(name, why.to_string())
            .hint("start it (ollama serve); drafts are optional"),
    })
}
