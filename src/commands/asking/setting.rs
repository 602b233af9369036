//! What `config` asks for: a setting by its name, and a value that it can have. Neither an account nor a key is needed.

use super::pick::{self, of_list, typed, words};
use super::{Ask, Field, Question, Use, Word};
use crate::commands::config::set;
use crate::config::known::{Kind, SETTINGS, Setting};
use crate::context::Context;
use crate::error::Result;

/// The words that a person answers with; none where nothing has to be asked after all.
///
/// # Errors
/// As for [`pick::answer`].
pub async fn answer(ctx: &Context, question: &Question<'_>) -> Result<Vec<Word>> {
    let field = question.fields.first().cloned().unwrap_or_default();
    let value = match question.ask {
        Ask::Setting(of) => name(ctx, question, of, &field).await?,
        Ask::Value => value(ctx, question, &field).await?,
        _ => return Box::pin(pick::answer(ctx, question)).await,
    };
    Ok(vec![Word { flag: field.flag, value }])
}

/// The name of a setting, once all of them were shown.
async fn name(ctx: &Context, question: &Question<'_>, of: Use, field: &Field) -> Result<String> {
    if of != Use::Shown {
        set::refuse_practice(ctx.is_sandbox())?;
    }
    let (labor, plain): (Vec<&Setting>, Vec<&Setting>) = SETTINGS
        .iter()
        .filter(|setting| setting.kind != Kind::Secret)
        .partition(|setting| setting.is_of_labor());
    let plain: Vec<&str> = plain.iter().map(|setting| setting.key).collect();
    let labor: Vec<String> = labor.iter().map(|setting| setting.of_labor("NAME")).collect();
    ctx.ui().note(&format!("settings: {}", plain.join(", ")));
    ctx.ui().note(&format!("of each labor type: {}", labor.join(", ")));
    let asked = "Setting (tickets.priority)";
    typed(ctx, question, Ask::Setting(of), asked, None, field).await
}

/// The new value of the setting that was named: one of its words, where it has few.
async fn value(ctx: &Context, question: &Question<'_>, field: &Field) -> Result<String> {
    let key = question.given.get("key").map(String::as_str).unwrap_or_default();
    let setting = set::changeable(key, true)?;
    set::refuse_practice(ctx.is_sandbox())?;
    let asked = "New value";
    match setting.kind.words() {
        [] => typed(ctx, question, Ask::Value, asked, None, field).await,
        all => {
            let all: Vec<String> = all.iter().map(|word| (*word).to_owned()).collect();
            let at = of_list(ctx, asked, "", &words(&all)).await?;
            Ok(all.into_iter().nth(at).unwrap_or_default())
        }
    }
}
