//! `syncro customer show`: a customer on a page, or whole with `--json`: what there is of people, machines, open tickets
//! and unpaid invoices, all read at once.

use std::future::Future;

use serde_json::Value;

use crate::api::folder::CUSTOMERS;
use crate::api::ids::CustomerId;
use crate::api::resources::assets::{self, Asset};
use crate::api::resources::contacts::{self, Contact};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::tickets::Ticket;
use crate::api::{Error as ApiError, Listing, Reader, Record};
use crate::commands::answer::warn_of_unclear;
use crate::commands::listing::look;
use crate::commands::open::{self, WebFlag};
use crate::commands::payment::received::payments_of;
use crate::commands::resolve::{self, CustomerArg};
use crate::commands::tickets::{
    self,
    filter::{Filter, Status},
};
use crate::context::Context;
use crate::error::Result;
use crate::output::OfflineFlag;
use crate::render::customer::{CustomerPage, Part, page};
use crate::render::list::Shape;
use crate::render::{self, Look};
use crate::workflow::shown_page;

/// Show one customer
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro customer show quillfeather
  syncro customer show 31204551 --json | jq .unpaid_invoices

Parts that the API key cannot read are left out with a note; with --json they are null.")]
pub struct ShowArgs {
    /// Customer: an id or a name (id:31204551 is always an id)
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// In the browser
    #[command(flatten)]
    pub browser: WebFlag,
    /// From where
    #[command(flatten)]
    pub offline: OfflineFlag,
}

/// A customer and what belongs to it, as far as the key may read it.
struct Whole {
    customer: Record<Customer>,
    contacts: Option<Listing<Contact>>,
    assets: Option<Listing<Asset>>,
    open_tickets: Option<Listing<Ticket>>,
    unpaid_invoices: Option<Listing<Invoice>>,
}

/// Runs `syncro customer show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    if args.browser.web {
        return open::customer(ctx, &args.customer).await;
    }
    let reader = ctx.reader_to_show()?;
    let mut whole = match args.customer.id() {
        // An id needs no look-up before the rest is read; digits that are none may still be a name.
        Some(id) => match read(ctx, &reader, id).await {
            Ok(whole) if whole.customer.id == id => whole,
            Err(error) if !error.is_none() => return Err(error.into()),
            _ => by_name(ctx, &reader, &args.customer).await?,
        },
        None => by_name(ctx, &reader, &args.customer).await?,
    };
    if let Some(tickets) = &whole.open_tickets {
        ctx.ticket_numbers()?.remember_all(&tickets.items);
    }
    if ctx.how().json {
        let mut customer = json(whole);
        customer["warnings"] = ctx.ui().warned().into();
        return ctx.json(&customer);
    }
    if let Some(invoices) = &mut whole.unpaid_invoices {
        payments_of(&reader, &mut invoices.items).await;
    }
    let address = shown_page(ctx, CUSTOMERS, whole.customer.id.0);
    let look = Look { address, ..look(ctx) };
    let shown = CustomerPage {
        customer: &whole.customer,
        contacts: whole.contacts.as_ref().map(part),
        assets: whole.assets.as_ref().map(part),
        open_tickets: whole.open_tickets.as_ref().map(part),
        unpaid_invoices: whole.unpaid_invoices.as_ref().map(part),
        closed: &ctx.settings().tickets.closed,
    };
    ctx.ui().page(&page(&shown, &look))
}

async fn by_name(ctx: &Context, reader: &Reader, typed: &CustomerArg) -> Result<Whole> {
    let found = resolve::customer::no_id(ctx, reader, typed).await?;
    Ok(read(ctx, reader, found.id).await?)
}

/// All at once.
async fn read(ctx: &Context, reader: &Reader, id: CustomerId) -> Result<Whole, ApiError> {
    let filter = Filter {
        status: Status::Open(ctx.settings().tickets.closed.clone()),
        customer: Some(id),
        ..Filter::default()
    };
    let contacts = reader.all(contacts::of_customer(Some(id)).partly());
    let assets = reader.all(assets::search(Some(id), None).partly());
    let invoices = reader.all(invoices::unpaid_of(id).partly());
    let open_tickets = tickets::read(reader, &filter, usize::MAX);
    let (customer, contacts, assets, open_tickets, unpaid_invoices) = tokio::try_join!(
        reader.get(customers::get(id)),
        allowed(ctx, "contacts", &render::contact::LIST, contacts),
        allowed(ctx, "assets", &render::asset::LIST, assets),
        allowed(ctx, "open tickets", &render::tickets::LIST, open_tickets),
        allowed(ctx, "invoices", &render::invoice::LIST, invoices),
    )?;
    Ok(Whole { customer, contacts, assets, open_tickets, unpaid_invoices })
}

const fn part<T>(list: &Listing<T>) -> Part<'_, T> {
    Part { records: list.items.as_slice(), is_short: list.short || !list.unclear.is_empty() }
}

/// A part of the page; nothing, and a warning, where the key may not read it or the account does without.
async fn allowed<T>(
    ctx: &Context,
    what: &str,
    shape: &Shape,
    list: impl Future<Output = Result<Listing<T>, ApiError>>,
) -> Result<Option<Listing<T>>, ApiError> {
    match list.await {
        Ok(listing) => {
            warn_of_unclear(ctx, shape, &listing.unclear);
            Ok(Some(listing))
        }
        Err(ApiError::NotAuthorised { status: 403, .. }) => {
            ctx.ui().warn(&format!("the API key cannot read {what} (403)"));
            Ok(None)
        }
        Err(ApiError::NotFound { .. }) => {
            ctx.ui().warn(&format!("the account has no {what} (404)"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The API's own customer, with its own objects in what is added.
fn json(whole: Whole) -> Value {
    fn raw<T>(list: Option<Listing<T>>) -> Value {
        list.map_or(Value::Null, |list| list.items.into_iter().map(|record| record.raw).collect())
    }
    let mut customer = whole.customer.raw;
    customer["contacts"] = raw(whole.contacts);
    customer["assets"] = raw(whole.assets);
    customer["open_tickets"] = raw(whole.open_tickets);
    customer["unpaid_invoices"] = raw(whole.unpaid_invoices);
    customer
}
