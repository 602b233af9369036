//! What else than an entry of a list is typed at its prompt: whatever would do as an argument, read by the reader that reads
//! the argument.

use super::Ask;
use super::pick::{Asking, of_list};
use crate::api::resources::customers::Customer;
use crate::api::{Reader, Record};
use crate::commands::appointment::find as appointment;
use crate::commands::bill::labor_name::{key_of, labor_type};
use crate::commands::invoice::find::{InvoiceArg, find_or_customers};
use crate::commands::resolve::candidates::{lines, only};
use crate::commands::resolve::{
    self, Candidate, IdOrName, TicketArg, UserArg, choice, named, reading,
};
use crate::commands::{asset, contact, payment, product};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::ui::{Picked, Ui};

/// The customer that was typed; who was meant is seen before anything else is asked.
///
/// # Errors
/// As for [`fn@resolve::customer`].
pub async fn customer_meant(
    ctx: &Context,
    reader: &Reader,
    typed: &str,
) -> Result<Record<Customer>> {
    let typed = typed.parse().map_err(Error::usage)?;
    let customer = resolve::customer(ctx, reader, &typed).await?;
    ctx.ui().note(&lines(&[Candidate::customer(&customer)]).join("\n"));
    Ok(customer)
}

impl Asking<'_> {
    /// One of a list; for what else was typed, what commands take for the record that it means. Asked again until there is
    /// one.
    pub(super) async fn picked(
        &self,
        ask: Ask,
        prompt: &'static str,
        nothing: &str,
        all: &[Candidate],
    ) -> Result<Picked> {
        let lines = lines(all);
        if lines.len() < 2 {
            return of_list(self.ctx, prompt, nothing, all).await.map(Picked::At);
        }
        let mut shown = false;
        loop {
            let lines = lines.clone();
            let select = move |ui: &Ui| ui.select_or_type(prompt, &lines, shown);
            let typed = match self.ctx.blocking(select).await? {
                Picked::Typed(typed) => typed,
                picked @ Picked::At(_) => return Ok(picked),
            };
            match self.found(ask, &typed, all).await {
                Ok(other) => return Ok(Picked::Typed(other)),
                Err(error) => named::once_more(self.ctx, error)?,
            }
            shown = true;
        }
    }

    /// What commands take for what was typed, by the reader that reads their arguments; `all` were shown.
    pub(super) async fn found(&self, ask: Ask, typed: &str, all: &[Candidate]) -> Result<String> {
        let (ctx, reader, whose) = (self.ctx, &self.reader, self.whose.get());
        let words = || all.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        let id = match ask {
            Ask::Ticket | Ask::Running => {
                let typed: TicketArg = typed.parse().map_err(Error::usage)?;
                return Ok(reading::ticket(ctx, reader, &typed).await?.number.to_string());
            }
            Ask::Invoice | Ask::Unpaid => {
                let typed: InvoiceArg = typed.parse().map_err(Error::usage)?;
                return Ok(find_or_customers(ctx, reader, &typed).await?.number.to_string());
            }
            Ask::Labor => {
                let key = key_of(ctx, typed).await?;
                return labor_type(ctx.settings(), &key).map(|labor| labor.key.clone());
            }
            Ask::Method => return choice("payment method", typed, &words()),
            Ask::Word(which) => return choice(which.what(), typed, &words()),
            Ask::User | Ask::Assignee => {
                let typed: UserArg = typed.parse().map_err(Error::usage)?;
                return Ok(resolve::user(ctx, reader, &typed).await?.0.to_string());
            }
            Ask::Customer => customer_meant(ctx, reader, typed).await?.id.0,
            Ask::Contact => {
                contact::find::find(ctx, reader, &id_or_name(typed)?, whose).await?.id.0
            }
            Ask::Asset => asset::find::find(ctx, reader, &id_or_name(typed)?, whose).await?.id.0,
            Ask::Product => product::find::find(ctx, reader, &id_or_name(typed)?).await?.id.0,
            Ask::Appointment => appointment::id_of(ctx, reader, &id_or_name(typed)?).await?.0,
            Ask::Payment => payment_id(ctx, reader, typed).await?,
            // A part of the ticket, or a word of few: there are no others.
            _ => return its_own(typed, all).map(|one| one.id),
        };
        Ok(format!("id:{id}"))
    }
}

/// The id of the payment that was meant.
async fn payment_id(ctx: &Context, reader: &Reader, typed: &str) -> Result<u64> {
    let found = payment::show::find(ctx, reader, &id_or_name(typed)?).await?;
    found.id.map(|id| id.0).ok_or_else(|| Error::usage("the payment has no id"))
}

fn id_or_name(typed: &str) -> Result<IdOrName> {
    typed.parse().map_err(Error::usage)
}

/// The one of all that there are that was meant.
fn its_own(typed: &str, all: &[Candidate]) -> Result<Candidate> {
    let id = id_or_name(typed)?.id().map(|id| id.to_string());
    let found = all.iter().find(|one| Some(&one.id) == id.as_ref());
    found.map_or_else(|| only("the list", "entry", typed, all), |one| Ok(one.clone()))
}
