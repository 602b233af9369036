//! What to type next for the account that was checked.

use crate::context::Context;

/// How the program is called for this account, for hints.
pub(super) fn command(ctx: &Context, rest: &str) -> String {
    let sandbox = if ctx.is_sandbox() { " --sandbox" } else { "" };
    let profile = ctx
        .settings()
        .profile
        .as_ref()
        .map_or_else(String::new, |name| format!(" --profile {name}"));
    format!("syncro{sandbox}{profile} {rest}")
}
