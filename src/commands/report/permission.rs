//! How many requests a report needs is said before they are made, and asked about where that is more than a minute's worth.

use super::known::Known;
use crate::api::Reader;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::render::counted;
use crate::ui::Ui;

/// So many are made without a question: what Syncro allows in a minute.
const FREE: usize = 180;

/// The requests of one report: those that were agreed to, beside those that its reader has made.
pub(super) struct Permission {
    reader: Reader,
    agreed: usize,
    /// What was read with them by its id.
    pub(super) known: Known,
}

impl Permission {
    /// That of a report which reads with `reader`, or copies of it.
    pub(super) fn of(reader: &Reader) -> Self {
        Self { reader: reader.clone(), agreed: 0, known: Known::default() }
    }

    /// Says that so many more are to be made, and perhaps some beside them, and asks where the former are too many: "at most"
    /// both together, or "at least" the former where both are more than [`FREE`]. What was agreed to before is not asked about
    /// again; a number that turns out larger is. What only may be needed makes no question.
    ///
    /// # Errors
    /// Exit 9 for a No; exit 2 where nobody can be asked.
    pub(super) async fn expect(
        &mut self,
        ctx: &Context,
        more: usize,
        perhaps: usize,
    ) -> Result<()> {
        let least = self.reader.asked().saturating_add(more);
        if least <= self.agreed || ctx.is_offline() {
            return Ok(());
        }
        let most = least.saturating_add(perhaps);
        let all = least.max(most.min(FREE));
        let than = match self.agreed {
            0 => String::new(),
            agreed => format!(", more than the {agreed} that were expected"),
        };
        let (bound, number) = if most > all { ("least", least) } else { ("most", all) };
        let number = counted(number, "request", "requests");
        let needs = format!("this report needs at {bound} {number}{than}");
        if all <= FREE || ctx.how().yes {
            ctx.ui().note(&needs);
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

    /// The same of those that are made next.
    ///
    /// # Errors
    /// As for [`Permission::expect`].
    pub(super) async fn spend(&mut self, ctx: &Context, more: usize) -> Result<()> {
        self.expect(ctx, more, 0).await
    }
}
