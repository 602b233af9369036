//! `syncro whoami`: whom the key belongs to, and where it came from; never the key.

use crate::api::Error as ApiError;
use crate::api::resources::users::{self, Me};
use crate::context::Context;
use crate::error::{Error, Result};

/// Show the API key's user and where the key comes from
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro whoami
  syncro whoami --profile sam
  syncro whoami --json | jq .user_id")]
pub struct WhoamiArgs {}

/// Runs `syncro whoami`.
///
/// # Errors
/// Exit 4 when the key is refused; else see `syncro help exit-codes`.
pub async fn run(ctx: &Context, _: &WhoamiArgs) -> Result<()> {
    let me = ctx.reader()?.get(users::me()).await;
    let me = me.map_err(|error| refused(ctx, error))?;
    if let Some(user) = ctx.settings().user.as_deref().filter(|user| !me.is_named(user)) {
        ctx.ui().warn(&format!(
            "the configured user is {user}; everything done with this key is done as {}",
            me.user_name
        ));
    }
    if ctx.how().json {
        return ctx.json(&me.raw);
    }
    ctx.ui().stdout(&text(ctx, &me)?)
}

/// A refused key is one of several that there may be: which of them it was is told.
pub(super) fn refused(ctx: &Context, error: ApiError) -> Error {
    let is_refusal = matches!(error, ApiError::NotAuthorised { .. });
    let error = Error::from(error);
    if !is_refusal || ctx.is_sandbox() {
        return error;
    }
    let origin = ctx.settings().key_origin();
    error
        .hint(format!("the key came from {origin}"))
        .next("init", "store another key")
        .next("doctor", "check everything else")
}

fn text(ctx: &Context, me: &Me) -> Result<String> {
    let settings = ctx.settings();
    let account = match (ctx.is_sandbox(), &settings.base) {
        (true, _) | (_, None) => "the practice server".to_owned(),
        (false, Some(base)) => base.to_string(),
    };
    let profile = settings.profile.as_deref().unwrap_or("none");
    let file =
        settings.file.as_ref().map_or_else(|| "none".to_owned(), |file| file.display().to_string());
    let lines = [
        ("User", format!("{} <{}>", me.user_name, me.user_email)),
        ("User id", me.user_id.to_string()),
        ("Account", account),
        ("Profile", profile.to_owned()),
        ("Key from", settings.key_origin()),
        ("Settings", file),
    ];
    Ok(lines
        .iter()
        .map(|(name, value)| format!("{name:<9} {}\n", crate::render::sanitise::one_line(value)))
        .collect())
}
