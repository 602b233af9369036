//! A look: the reads that judging some steps needs, made at once and kept together. What one look has fetched
//! serves every step that needs it, so that a check costs no round trip that another one already paid.

use futures_util::future::OptionFuture;

use super::plan::Scope;
use crate::api::ids::{InvoiceId, LineItemId};
use crate::api::resources::comments::{self, Comment};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::line_items::LineItem;
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Error, Get, List, Listing, Reader, Record};

/// Which reads a look makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    ticket: bool,
    comments: bool,
    invoices: bool,
    customer: bool,
    invoice: Option<InvoiceId>,
}

impl Needs {
    /// No read at all.
    pub const NOTHING: Self = Self {
        ticket: false,
        comments: false,
        invoices: false,
        customer: false,
        invoice: None,
    };

    /// And the ticket with its line items.
    #[must_use]
    pub const fn ticket(self) -> Self {
        Self {
            ticket: true,
            ..self
        }
    }

    /// And all comments.
    #[must_use]
    pub const fn comments(self) -> Self {
        Self {
            comments: true,
            ..self
        }
    }

    /// And the ticket's invoices.
    #[must_use]
    pub const fn invoices(self) -> Self {
        Self {
            invoices: true,
            ..self
        }
    }

    /// And the customer with the prepaid hours.
    #[must_use]
    pub const fn customer(self) -> Self {
        Self {
            customer: true,
            ..self
        }
    }

    /// And one invoice with its lines.
    #[must_use]
    pub const fn invoice(self, invoice: InvoiceId) -> Self {
        Self {
            invoice: Some(invoice),
            ..self
        }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            ticket: self.ticket || other.ticket,
            comments: self.comments || other.comments,
            invoices: self.invoices || other.invoices,
            customer: self.customer || other.customer,
            invoice: self.invoice.or(other.invoice),
        }
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::NOTHING
    }
}

/// What one look has shown. Parts that were not asked for are empty.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The ticket.
    pub ticket: Option<Record<Ticket>>,
    /// Its comments, all of them, newest first.
    pub comments: Vec<Record<Comment>>,
    /// Its invoices, all of them.
    pub invoices: Vec<Record<Invoice>>,
    /// The customer.
    pub customer: Option<Record<Customer>>,
    /// The one invoice; `None` when the server has none of that id.
    pub invoice: Option<Record<Invoice>>,
}

impl View {
    /// The ticket's line items.
    #[must_use]
    pub fn lines(&self) -> &[Record<LineItem>] {
        self.ticket
            .as_ref()
            .map_or(&[], |ticket| &ticket.line_items)
    }

    /// One line item.
    #[must_use]
    pub fn line(&self, id: LineItemId) -> Option<&Record<LineItem>> {
        self.lines().iter().find(|line| line.id == id)
    }
}

/// How hard a look tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Each read is retried as any read is.
    Retry,
    /// Each read is made once: whoever looks again and again does the retrying.
    Once,
}

/// Makes the reads of `needs` at once, past any cache.
///
/// # Errors
/// The first read that failed; half a look shows nothing.
pub async fn look(
    reader: &Reader,
    scope: &Scope,
    needs: Needs,
    patience: Patience,
) -> Result<View, Error> {
    let ticket = needs
        .ticket
        .then(|| reader.get(one(tickets::get(scope.ticket), patience)));
    let comments = needs
        .comments
        .then(|| reader.all(many(comments::of_ticket(scope.ticket), patience)));
    let invoices = needs
        .invoices
        .then(|| reader.all(many(invoices::of_ticket(scope.ticket), patience)));
    let customer = needs
        .customer
        .then(|| reader.get(one(customers::get(scope.customer), patience)));
    let invoice = needs.invoice.map(|id| one_invoice(reader, id, patience));
    let (ticket, comments, invoices, customer, invoice) = tokio::join!(
        OptionFuture::from(ticket),
        OptionFuture::from(comments),
        OptionFuture::from(invoices),
        OptionFuture::from(customer),
        OptionFuture::from(invoice),
    );
    let mut invoices = invoices
        .transpose()?
        .map(whole)
        .transpose()?
        .unwrap_or_default();
    // A server that does not know the filter returns everybody's invoices.
    invoices.retain(|invoice| invoice.ticket_id == Some(scope.ticket));
    let ticket = ticket.transpose()?;
    let customer = customer.transpose()?;
    // An answer about another record shows nothing of this one.
    let other = ticket
        .as_ref()
        .is_some_and(|ticket| ticket.id != scope.ticket)
        || customer
            .as_ref()
            .is_some_and(|customer| customer.id != scope.customer);
    if other {
        return Err(not_asked(
            "the server answered with another record than was asked for",
        ));
    }
    Ok(View {
        ticket,
        comments: comments
            .transpose()?
            .map(whole)
            .transpose()?
            .unwrap_or_default(),
        invoices,
        customer,
        invoice: invoice.transpose()?.flatten(),
    })
}

fn one<T>(get: Get<T>, patience: Patience) -> Get<T> {
    match patience {
        Patience::Retry => get.fresh(),
        Patience::Once => get.fresh().once(),
    }
}

fn many<T>(list: List<T>, patience: Patience) -> List<T> {
    match patience {
        Patience::Retry => list.fresh(),
        Patience::Once => list.fresh().once(),
    }
}

/// The invoice with this id, or none. The path takes numbers too, so another invoice's number may answer.
async fn one_invoice(
    reader: &Reader,
    id: InvoiceId,
    patience: Patience,
) -> Result<Option<Record<Invoice>>, Error> {
    match reader.get(one(invoices::get(id), patience)).await {
        Ok(invoice) => Ok((invoice.id == id).then_some(invoice)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The records of a list that is complete; a part of one proves no absence.
/// # Errors
/// When the server counts more pages than it gives.
pub fn whole<T>(list: Listing<T>) -> Result<Vec<Record<T>>, Error> {
    if list.complete {
        return Ok(list.items);
    }
    Err(not_asked("the server counts more pages than it gives"))
}

fn not_asked(cause: &str) -> Error {
    Error::Foreign {
        what: "the look".to_owned(),
        cause: cause.to_owned(),
        status: None,
    }
}
