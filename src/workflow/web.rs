//! Where people see a record: the address of its page in Syncro.

use url::Url;

use crate::api::fields::to_id;
use crate::api::folder::{CUSTOMERS, Folder, INVOICES, TICKETS};
use crate::config::subdomain::web_root;
use crate::context::Context;
use crate::error::Result;
use crate::write::{Effect, Noun, Outcome};

/// The address of a record's page. The practice server has no pages.
///
/// # Errors
/// As [`Context::base`].
pub fn web_page(ctx: &Context, folder: Folder, id: u64) -> Result<Url> {
    let mut page = web_root(&ctx.base()?);
    let root = page.path().trim_end_matches('/').to_owned();
    page.set_path(&format!("{root}/{}/{id}", folder.name()));
    Ok(page)
}

/// The same for what is shown: nothing on the practice server.
#[must_use]
pub fn shown_page(ctx: &Context, folder: Folder, id: u64) -> Option<String> {
    if ctx.is_sandbox() {
        return None;
    }
    web_page(ctx, folder, id).ok().map(String::from)
}

/// The page in Syncro of what a plan was about: the invoice that it made or is about, else its ticket, else its customer,
/// unless the plan has deleted that.
pub(super) fn page_of(ctx: &Context, outcome: &Outcome) -> Option<String> {
    let id = |member: &str| outcome.made.one(member).and_then(|record| to_id(&record["id"]));
    let scope = &outcome.plan.scope;
    let is_gone = |noun: Noun| {
        let mut steps = outcome.plan.steps.iter();
        steps.any(
            |step| matches!(&step.effect, Effect::Deleted { of, .. } if of.noun() == Some(noun)),
        )
    };
    let is_there = |noun: Noun| !is_gone(noun);
    let ticket = scope.ticket.map(|id| id.0).or_else(|| id("ticket"));
    let customer = id("customer").or_else(|| scope.customer.map(|id| id.0));
    [
        (INVOICES, Noun::Invoice, id("invoice").or(scope.invoice.map(|id| id.0))),
        (TICKETS, Noun::Ticket, ticket),
        (CUSTOMERS, Noun::Customer, customer),
    ]
    .into_iter()
    .find_map(|(folder, noun, id)| Some((folder, id.filter(|_| is_there(noun))?)))
    .and_then(|(folder, id)| shown_page(ctx, folder, id))
}
