//! How many requests a report needs is said before they are made, and asked about where that is more than a minute's worth.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::render::counted;
use crate::ui::Ui;

/// So many are made without a question: what Syncro allows in a minute.
const FREE: usize = 180;

/// The requests of one report: those that were agreed to, and those that were made.
#[derive(Debug, Default)]
pub(super) struct Permission {
    agreed: usize,
    made: usize,
}

impl Permission {
    /// Says that about so many more are to be made, and asks where these are too many. What was agreed to before is not
    /// asked about again; a number that turns out larger is.
    ///
    /// # Errors
    /// Exit 9 for a No; exit 2 where nobody can be asked.
    pub(super) async fn expect(&mut self, ctx: &Context, more: usize) -> Result<()> {
        let all = self.made.saturating_add(more);
        if all <= self.agreed || ctx.is_offline() {
            return Ok(());
        }
        let than = match self.agreed {
            0 => String::new(),
            agreed => format!(", more than the {agreed} that were expected"),
        };
        let needs =
            format!("this report needs about {}{than}", counted(all, "request", "requests"));
        if all <= FREE || ctx.how().yes {
            // A few more that need no question need no word, either.
            if self.agreed == 0 || all > FREE {
                ctx.ui().note(&needs);
            }
        } else if ctx.ui().is_interactive() {
            let minutes = all.div_ceil(FREE);
            let question = format!("{needs}: at least {minutes} minutes. Read them?");
            if !ctx.blocking(move |ui: &Ui| ui.ask_question(&question)).await? {
                return Err(Error::cancelled());
            }
        } else {
            let error = Error::usage(format!("{needs}, and more than {FREE} are asked about"));
            return Err(
                error.hint("use --yes to make them, or a filter such as --customer to need fewer")
            );
        }
        self.agreed = all;
        Ok(())
    }

    /// The same, and they are made.
    ///
    /// # Errors
    /// As for [`Permission::expect`].
    pub(super) async fn spend(&mut self, ctx: &Context, more: usize) -> Result<()> {
        self.expect(ctx, more).await?;
        self.made = self.made.saturating_add(more);
        Ok(())
    }
}
