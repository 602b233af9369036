//! Everything that a bill rests on, read at once: the ticket, all its comments, the customer, the labor products, the
//! ticket's invoices, and whose key this is.

use std::collections::BTreeMap;
use std::time::Instant;

use futures_util::future::try_join_all;
use jiff::Timestamp;
use serde_json::Value;

use crate::api::ids::{CustomerId, ProductId};
use crate::api::resources::comments::{self, Comment};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::products::{self, Product};
use crate::api::resources::tickets::{self, Ticket};
use crate::api::resources::users::{self, Me};
use crate::api::{Listing, Reader, Record};
use crate::billing::uninvoiced::may_have;
use crate::commands::resolve::Target;
use crate::error::{Error, Kind, Result};
use crate::operations::Names;
use crate::operations::readable;
use crate::workflow::Known;
use crate::write::{Collection, Noun, Scope, Snapshot, whole};

/// What was read.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The ticket, with its lines and timers.
    pub ticket: Record<Ticket>,
    /// Whose it is.
    pub customer: Record<Customer>,
    /// The labor products asked about.
    pub products: BTreeMap<ProductId, Record<Product>>,
    /// All its comments and its invoices as they came, where they were asked for.
    pub lists: Option<(Vec<Value>, Vec<Value>)>,
    /// Those of its invoices, with their lines, that may have a line which is not marked as invoiced.
    pub pages: Vec<Record<Invoice>>,
    /// The key's owner.
    pub me: Record<Me>,
    /// The account's words, as far as the bill needs them.
    pub names: Names,
    /// Time of other tickets that what is logged may overlap.
    pub elsewhere: Snapshot,
    /// The server's clock.
    pub server_date: Option<Timestamp>,
    /// When the first read began.
    pub at: Instant,
}

impl Facts {
    /// What a bill is about.
    pub fn scope(&self) -> Scope {
        let ticket = &self.ticket;
        Scope::of_ticket(ticket.id, ticket.number.clone(), Some(self.customer.id))
    }

    /// The same as what a write knows already.
    pub fn known(&self) -> Known {
        let raw = |list: &[Value]| list.to_vec();
        let customer = Noun::Customer.record(self.customer.id);
        let mut view = Snapshot::default()
            .with_ticket(self.ticket.clone())
            .with_record(customer, Some(self.customer.raw.clone()));
        if let Some((comments, invoices)) = &self.lists {
            view = view
                .with_collection(Collection::COMMENTS, raw(comments))
                .with_collection(Collection::INVOICES, raw(invoices));
        }
        for page in &self.pages {
            view = view.with_record(Noun::Invoice.record(page.id), Some(page.raw.clone()));
        }
        view = view.and(self.elsewhere.clone());
        view = self.server_date.into_iter().fold(view, Snapshot::with_server_date);
        Known { view, me: Some(self.me.clone()), names: Some(self.names.clone()), at: self.at }
    }
}

/// Reads all of it side by side: one round trip when the customer is known, one more when the ticket has moved to
/// another customer since it was last seen. Comments and invoices are read only for `all`.
///
/// # Errors
/// Exit 3 when the ticket is gone; those of the reader.
pub async fn gather(
    reader: &Reader,
    target: &Target,
    labor: &[ProductId],
    all: bool,
) -> Result<Facts> {
    let at = Instant::now();
    let id = target.id;
    let known = async {
        match target.customer {
            Some(customer) => reader.get(customers::get(customer).fresh()).await.map(Some),
            None => Ok(None),
        }
    };
    let comments = async {
        match all {
            true => reader.all(comments::of_ticket(id).fresh()).await.map(Some),
            false => Ok(None),
        }
    };
    let invoices = async {
        match all {
            true => reader.all(invoices::of_ticket(id).fresh()).await.map(Some),
            false => Ok(None),
        }
    };
    let products = labor.iter().map(|id| reader.get(products::get(*id)));
    let (ticket, comments, known, products, invoices, me) = tokio::try_join!(
        reader.get(tickets::get(id).fresh()),
        comments,
        known,
        try_join_all(products),
        invoices,
        reader.get(users::me()),
    )?;
    let customer_id = customer_of(&ticket)?;
    let customer = match known.filter(|customer| customer.id == customer_id) {
        Some(customer) => customer,
        None => reader.get(customers::get(customer_id).fresh()).await?,
    };
    same("customer", customer.id.0, customer_id.0)?;
    readable(&customer.unreadable, &["prepay_hours"], format_args!("customer {customer_id}"))?;
    let lists = comments.zip(invoices).map(|(comments, invoices)| lists(comments, invoices));
    let (comments, listed) = lists.transpose()?.unzip();
    let listed: Vec<Record<Invoice>> = listed.unwrap_or_default();
    let raw = listed.iter().map(|one| one.raw.clone()).collect();
    let lists = comments.map(|comments| (comments, raw));
    let asked = listed.iter().filter(|one| may_have(one, &ticket.line_items));
    let pages = asked.map(|one| reader.get(invoices::get(one.id).fresh()));
    let pages = try_join_all(pages).await?;
    let mut facts = Facts {
        ticket,
        customer,
        products: BTreeMap::new(),
        lists,
        pages,
        me,
        names: Names::default(),
        elsewhere: Snapshot::default(),
        server_date: reader.server_date(),
        at,
    };
    facts.keep(labor, products)?;
    Ok(facts)
}

impl Facts {
    /// The same with further products, which only the ticket has told of.
    ///
    /// # Errors
    /// Those of the reader.
    pub async fn with_products(mut self, reader: &Reader, more: &[ProductId]) -> Result<Self> {
        let products = more.iter().map(|id| reader.get(products::get(*id)));
        let products = try_join_all(products).await?;
        self.keep(more, products)?;
        Ok(self)
    }

    fn keep(&mut self, asked: &[ProductId], products: Vec<Record<Product>>) -> Result<()> {
        for (product, asked) in products.iter().zip(asked) {
            same("product", product.id.0, asked.0)?;
        }
        self.products.extend(asked.iter().copied().zip(products));
        Ok(())
    }
}

/// Both lists, whole, the comments as they came.
fn lists(
    comments: Listing<Comment>,
    invoices: Listing<Invoice>,
) -> Result<(Vec<Value>, Vec<Record<Invoice>>)> {
    let comments = whole(comments)?.into_iter().map(|one| one.raw);
    Ok((comments.collect(), whole(invoices)?))
}

/// An answer about another record than the one asked for would bill the wrong price or the wrong customer.
fn same(what: &str, answered: u64, asked: u64) -> Result<()> {
    if answered == asked {
        return Ok(());
    }
    Err(Error::new(
        Kind::Unavailable,
        format!("asked for {what} {asked}, but Syncro returned {what} {answered}"),
    )
    .nothing_written()
    .hint("try again; if it happens again, check for a cache or proxy in between"))
}

fn customer_of(ticket: &Ticket) -> Result<CustomerId> {
    ticket.customer_id.ok_or_else(|| {
        Error::new(
            Kind::Refused,
            format!("ticket #{} has no customer, so nobody can be billed", ticket.number),
        )
    })
}
