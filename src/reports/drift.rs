//! Where status and money of a ticket say different things: a finding a row, each with a code and a level.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

pub use super::code::{Code, Level};
use super::row::row;
use super::{AtLeast, LeftOut, Mend, Parts, Seen, Taken, Takes, Whose, Why, why};
use crate::api::Record;
use crate::api::ids::{CustomerId, Number, ProductId};
use crate::api::resources::invoices::{Invoice, InvoiceLine};
use crate::api::resources::tickets::Ticket;
use crate::billing::money;
use crate::config::LaborType;
use crate::names;

/// A ticket with its invoices.
#[derive(Debug, Clone)]
pub struct Case {
    /// The ticket, and its lines on invoices.
    pub seen: Seen,
    /// All invoices that name it, those of nothing with their lines; or why they are not known.
    pub invoices: Result<Vec<Record<Invoice>>, Why>,
}

/// What the report is made of.
#[derive(Debug)]
pub struct Input<'i> {
    /// The tickets.
    pub cases: &'i [Case],
    /// Which customers' recurring invoices take what waits.
    pub takes: &'i Takes,
    /// What products cost; one that could not be read is not there.
    pub prices: &'i BTreeMap<ProductId, Decimal>,
    /// Prepaid hours of customers, none where they have no block; a customer that could not be read is not there.
    pub prepaid: &'i BTreeMap<CustomerId, Option<Decimal>>,
    /// Statuses that count as closed.
    pub closed: &'i [String],
    /// The status of a ticket that was billed, where there is one.
    pub after_bill: Option<&'i str>,
    /// The labor types, of which some are meant to cost nothing.
    pub labor_types: &'i [LaborType],
    /// What time without a product is sold as, where it is billed, and only one will do.
    pub labor: Option<&'i str>,
    /// The zone that days are in.
    pub zone: &'i TimeZone,
}

/// A finding.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is.
    pub code: Code,
    /// Whose it is.
    pub whose: Whose,
    /// The ticket.
    pub ticket: Ticket,
    /// What it comes to, where that is said by records.
    pub amount: Option<AtLeast>,
    /// Hours that wait.
    pub hours: AtLeast,
    /// The numbers of its invoices.
    pub invoices: Vec<Number>,
    /// Since when.
    pub since: Option<Date>,
    /// The schedule that takes what waits.
    pub taken: Option<Taken>,
    /// What mends it.
    pub mend: Option<Mend>,
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The findings, losses first.
    pub rows: Vec<Row>,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    for case in input.cases {
        match judged(input, case) {
            Ok(found) => report.rows.extend(found),
            Err(why) => report.left_out.add(why, case.seen.ticket.customer_id),
        }
    }
    let key = |row: &Row| {
        let known = row.amount.unwrap_or_default().known;
        (row.code.level(), row.code, std::cmp::Reverse(known))
    };
    crate::sorting::sort_by_key(&mut report.rows, key);
    report
}

/// The tickets that cannot be judged for this reason: what they lack can be read.
pub fn lacking<'i>(input: &'i Input<'i>, why: Why) -> impl Iterator<Item = &'i Case> {
    input.cases.iter().filter(move |case| judged(input, case).err() == Some(why))
}

/// What is looked at to judge one ticket.
struct Looked<'c> {
    ticket: &'c Record<Ticket>,
    parts: Parts<'c>,
    invoices: &'c [Record<Invoice>],
    taken: Option<&'c Taken>,
    is_billed: bool,
    is_closed: bool,
    zone: &'c TimeZone,
}

/// The findings of one ticket.
///
/// # Errors
/// Why it cannot be judged: then nothing is said of it, since one part that is not known can turn each of them around.
fn judged(input: &Input<'_>, case: &Case) -> Result<Vec<Row>, Why> {
    let ticket = &case.seen.ticket;
    let invoices = case.invoices.as_ref().map_err(|why| *why)?;
    let parts = Parts::of(&case.seen)?;
    if parts.unclear_lines > 0 {
        return Err(why::LINE);
    }
    if parts.unclear_timers > 0 {
        return Err(why::TIMER);
    }
    if ticket.status.trim().is_empty() {
        return Err(why::STATUS);
    }
    if invoices.iter().any(|one| one.total.is_none() || one.subtotal.is_none()) {
        return Err(why::MONEY);
    }
    let taken = match parts.waiting.is_empty() {
        true => None,
        false => input.takes.by(ticket.customer_id)?,
    };
    let is_billed = input.after_bill.is_some_and(|status| names::same(status, &ticket.status));
    let is_closed = is_billed || ticket.is_in(input.closed);
    let zone = input.zone;
    let looked = Looked { ticket, parts, invoices, taken, is_billed, is_closed, zone };
    let mut found = Vec::from_iter(looked.billed(input));
    found.extend(looked.closed(input));
    found.extend(looked.zero(input)?);
    found.extend(looked.of_invoices(input));
    found.extend(looked.unequal(input)?);
    if let Some(taken) = taken {
        let row = looked.row(Code::WaitsRecurring, Some(looked.parts.amount()), None);
        found.push(Row { taken: Some(taken.clone()), ..row });
    }
    Ok(found)
}

impl Looked<'_> {
    fn row(&self, code: Code, amount: Option<AtLeast>, mend: Option<(&str, &str)>) -> Row {
        let changed = self.ticket.resolved_at.or(self.ticket.updated_at);
        let changed = changed.map(|at| at.to_zoned(self.zone.clone()).date());
        let waits =
            [Code::InvoicedLeft, Code::ClosedUnbilled, Code::WaitsRecurring].contains(&code);
        Row {
            code,
            whose: Whose::of(self.ticket),
            ticket: self.ticket.view.clone(),
            amount,
            hours: self.parts.hours(),
            invoices: self.invoices.iter().map(|one| one.number.clone()).collect(),
            since: self.parts.oldest(self.zone).filter(|_| waits).or(changed),
            taken: None,
            mend: mend.map(|(verb, flags)| Mend::on(self.ticket, verb, flags)),
        }
    }

    /// Lines that wait and are not meant to be free.
    fn waits(&self, input: &Input<'_>) -> bool {
        self.parts.waiting.iter().any(|line| {
            let is_nothing = line.amount().is_some_and(|amount| amount.is_zero());
            !(is_nothing && LaborType::is_free(input.labor_types, line.product_id, &line.name))
        })
    }

    /// It counts as billed.
    fn billed(&self, input: &Input<'_>) -> Option<Row> {
        let nothing_waits = self.parts.waiting.is_empty();
        if !self.is_billed {
            return None;
        }
        if nothing_waits && self.invoices.is_empty() && self.parts.invoiced.is_empty() {
            let bill = self.row(Code::InvoicedNothing, None, Some(("bill", "")));
            let of_time = self.mend(input).filter(|_| !self.parts.owed.is_empty());
            return Some(Row { mend: of_time.or_else(|| bill.mend.clone()), ..bill });
        }
        let is_left = self.taken.is_none() && self.waits(input) || !self.parts.owed.is_empty();
        is_left.then(|| self.left(Code::InvoicedLeft, input))
    }

    /// It is closed and does not count as billed.
    fn closed(&self, input: &Input<'_>) -> Option<Row> {
        if !self.is_closed || self.is_billed {
            return None;
        }
        let amount = self.lost();
        let has_money = self.waits(input) && (amount.known > Decimal::ZERO || amount.misses);
        let is_left = has_money || !self.parts.owed.is_empty();
        is_left.then(|| self.left(Code::ClosedUnbilled, input))
    }

    /// What the lines come to that wait and that no recurring invoice takes.
    fn lost(&self) -> AtLeast {
        self.taken.map_or_else(|| self.parts.amount(), |_| AtLeast::default())
    }

    /// What waits that nobody takes, and the command that bills it.
    fn left(&self, code: Code, input: &Input<'_>) -> Row {
        Row { mend: self.mend(input), ..self.row(code, Some(self.lost()), None) }
    }

    fn mend(&self, input: &Input<'_>) -> Option<Mend> {
        Mend::of_waiting(self.ticket, &self.parts, Some(self.taken.is_some()), input.labor)
    }

    /// An invoice of nothing, with something on it that costs.
    fn zero(&self, input: &Input<'_>) -> Result<Option<Row>, Why> {
        let empty =
            self.invoices.iter().filter(|one| one.subtotal.is_some_and(|sum| sum.is_zero()));
        let mut lost = AtLeast::default();
        let mut is_found = false;
        for invoice in empty {
            if !invoice.raw["line_items"].is_array() {
                return Err(why::INVOICE);
            }
            for line in &invoice.line_items {
                if let Some(amount) = lost_on(line, input)? {
                    is_found = true;
                    lost.add(Some(amount));
                }
            }
        }
        if !is_found {
            return Ok(None);
        }
        let code = match self.prepaid(input)? {
            Some(_) => Code::ZeroPrepaid,
            None => Code::ZeroInvoice,
        };
        Ok(Some(self.row(code, Some(lost), Some(("ticket", "")))))
    }

    fn prepaid(&self, input: &Input<'_>) -> Result<Option<Decimal>, Why> {
        let customer = self.ticket.customer_id.ok_or(why::PREPAID)?;
        input.prepaid.get(&customer).copied().ok_or(why::PREPAID)
    }

    /// What the invoices alone say.
    fn of_invoices(&self, input: &Input<'_>) -> Vec<Row> {
        let totals = self.invoices.iter().filter_map(|one| one.total);
        let owed: Vec<Decimal> = totals.filter(|total| *total > Decimal::ZERO).collect();
        let mut amount = AtLeast::default();
        owed.iter().for_each(|total| amount.add(Some(*total)));
        let amount = Some(amount);
        let mut found = Vec::new();
        if owed.len() > 1 {
            found.push(self.row(Code::Twice, amount, Some(("ticket", ""))));
        }
        if !self.is_closed && !owed.is_empty() {
            // Without a status for what is billed, a person chooses one.
            let mend = input.after_bill.map_or_else(
                || Mend::on(self.ticket, "update", ""),
                |status| Mend::status(self.ticket, status),
            );
            found.push(Row { mend: Some(mend), ..self.row(Code::OpenInvoiced, amount, None) });
        }
        found
    }

    /// Its one invoice comes to something else than its lines, by more than a cent a line.
    fn unequal(&self, input: &Input<'_>) -> Result<Option<Row>, Why> {
        let ([invoice], false) = (self.invoices, self.parts.invoiced.is_empty()) else {
            return Ok(None);
        };
        let (lines, subtotal) =
            (self.parts.invoiced_amount(), invoice.subtotal.unwrap_or_default());
        let cents = money::CENT.saturating_mul(Decimal::from(self.parts.invoiced.len()));
        let apart = lines.known.saturating_sub(subtotal).abs();
        if lines.misses {
            return Err(why::MONEY);
        }
        if apart <= cents || self.prepaid(input)?.is_some() {
            return Ok(None);
        }
        let amount = Some(AtLeast { known: apart, misses: false });
        Ok(Some(self.row(Code::Unequal, amount, Some(("ticket", "")))))
    }
}

/// What a line of an invoice of nothing should have come to, where its product costs something and is not meant to be free.
fn lost_on(line: &InvoiceLine, input: &Input<'_>) -> Result<Option<Decimal>, Why> {
    let (Some(quantity), Some(price)) = (line.quantity, line.price) else {
        return Err(why::MONEY);
    };
    let is_free = LaborType::is_free(input.labor_types, line.product_id, &line.item);
    let Some(product) = line.product_id.filter(|_| !is_free) else {
        return Ok(None);
    };
    if quantity <= Decimal::ZERO || !price.is_zero() {
        return Ok(None);
    }
    let costs = input.prices.get(&product).ok_or(why::PRODUCT)?;
    Ok((*costs > Decimal::ZERO).then(|| money::amount(quantity, *costs)))
}

impl Report {
    /// The findings of a level.
    pub(super) fn of(&self, level: Level) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.code.level() == level)
    }

    /// What the losses come to. Of some, no record says that.
    #[must_use]
    pub fn losses(&self) -> AtLeast {
        let mut losses = AtLeast::default().missing(self.left_out.is_missed());
        for row in self.of(Level::Loss) {
            match (row.code, row.amount) {
                // Asked for twice is not lost; how much of it is too much, nobody can tell.
                (Code::Twice, _) | (_, None) => losses.misses = true,
                (_, Some(amount)) => losses.join(amount.missing(row.hours.known > Decimal::ZERO)),
            }
        }
        losses
    }

    /// The hours that were not billed.
    #[must_use]
    pub fn hours(&self) -> AtLeast {
        let mut hours = AtLeast::default().missing(self.left_out.is_missed());
        self.of(Level::Loss)
            .filter(|row| row.code.is_unbilled())
            .for_each(|row| hours.join(row.hours));
        hours
    }

    /// How many findings there are of each code of a level, in the order of their weight.
    #[must_use]
    pub fn counts(&self, level: Level) -> Vec<(Code, usize)> {
        let count = |code: Code| self.of(level).filter(|row| row.code == code).count();
        let counts = Code::ALL.into_iter().map(|code| (code, count(code)));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        let (losses, hours) = (self.losses(), self.hours());
        let counts = Level::ALL.into_iter().flat_map(|level| self.counts(level));
        let counts: Map<String, Value> =
            counts.map(|(code, count)| (code.name().to_owned(), json!(count))).collect();
        json!({
            "findings": counts,
            "losses": losses.json(),
            "hours": hours.json(),
            "at_least": AtLeast::names(&[("losses", losses), ("hours", hours)]),
        })
    }
}

/// The members of a row.
pub const MEMBERS: [&str; 17] = [
    "customer",
    "customer_id",
    "ticket",
    "ticket_id",
    "code",
    "level",
    "status",
    "amount",
    "hours",
    "invoices",
    "since",
    "mend",
    "subject",
    "assignee",
    "schedule",
    "next_run",
    "at_least",
];

impl Row {
    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let amount = self.amount.unwrap_or_default();
        let own = json!({
            "code": self.code.name(),
            "level": self.code.level().name(),
            "status": self.ticket.status,
            "amount": self.amount.map(|amount| amount.json()),
            "hours": self.hours.json(),
            "invoices": self.invoices,
            "since": self.since,
            "mend": self.mend.as_ref().map(|mend| mend.line(program)),
            "subject": self.ticket.subject,
            "assignee": self.ticket.assignee(),
            "schedule": self.taken.as_ref().map(|taken| &taken.schedule),
            "next_run": self.taken.as_ref().and_then(|taken| taken.next_run),
            "at_least": AtLeast::names(&[("amount", amount)]),
        });
        row(&self.whose, Some(&self.ticket), own)
    }
}

#[cfg(test)]
#[path = "drift_tests.rs"]
pub(in crate::reports) mod tests;
