//! What customers owe: the unpaid invoices of each, by how long they are late, and when the customer paid last.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::row::row;
use super::{AtLeast, LeftOut, Mend, Received, Whose, Why, why};
use crate::api::Record;
use crate::api::fields::Said;
use crate::api::ids::{CustomerId, InvoiceId, Number, TicketId};
use crate::api::resources::invoices::Invoice;
use crate::billing::balance::{self, Standing};
use crate::sorting;

/// How late an invoice is: its name, and up to how many days.
pub const AGES: [(&str, i32); 5] =
    [("current", 0), ("d1_30", 30), ("d31_60", 60), ("d61_90", 90), ("over_90", i32::MAX)];

/// What the report is made of.
#[derive(Debug)]
pub struct Input<'i> {
    /// The invoices that are not paid, each with its payments, as far as these are known.
    pub invoices: &'i [Record<Invoice>],
    /// When customers paid last.
    pub received: &'i Received,
    /// The only customer, where one was asked for.
    pub customer: Option<CustomerId>,
    /// The day.
    pub today: Date,
}

/// What a customer owes.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Whose it is.
    pub whose: Whose,
    /// The sums.
    pub sums: Sums,
    /// The oldest day on which something was due.
    pub oldest_due: Option<Date>,
    /// When the customer paid last.
    pub last_payment: Option<Date>,
    /// The invoices, the oldest first.
    pub invoices: Vec<Owed>,
}

/// What is open on an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Its number.
    pub number: Number,
    /// Its id.
    pub id: InvoiceId,
    /// The ticket that it was made from.
    pub ticket: Option<TicketId>,
    /// Its total.
    pub total: Option<Decimal>,
    /// What is open.
    pub open: Decimal,
    /// When it is to be paid.
    pub due: Option<Date>,
    /// So many days it is late; less than none before it is due.
    pub days: Option<i32>,
}

impl Owed {
    /// How late it is, by its place among [`AGES`].
    #[must_use]
    pub fn age(&self) -> usize {
        let days = self.days.unwrap_or_default();
        AGES.iter().position(|(_, most)| days <= *most).unwrap_or_default()
    }

    /// The command that mends it: one that is late is emailed again.
    #[must_use]
    pub fn mend(&self) -> Mend {
        let verb = if self.age() == 0 { "show" } else { "email" };
        Mend::on_invoice(&self.number, self.id, verb)
    }
}

/// What is open: for a customer, or in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// By how late it is, as [`AGES`] has it.
    pub ages: [AtLeast; AGES.len()],
    /// All of it.
    pub open: AtLeast,
}

impl Sums {
    fn add(&mut self, age: usize, amount: Decimal) {
        if let Some(sum) = self.ages.get_mut(age) {
            sum.add(Some(amount));
        }
        self.open.add(Some(amount));
    }

    fn join(&mut self, other: &Self) {
        self.ages.iter_mut().zip(other.ages).for_each(|(sum, more)| sum.join(more));
        self.open.join(other.open);
    }

    fn missing(self, misses: bool) -> Self {
        let ages = self.ages.map(|sum| sum.missing(misses));
        Self { ages, open: self.open.missing(misses) }
    }

    fn named(&self) -> Vec<(&'static str, AtLeast)> {
        let ages = AGES.into_iter().zip(self.ages).map(|((name, _), sum)| (name, sum));
        ages.chain([("open", self.open)]).collect()
    }
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The customers, those who owe most first.
    pub rows: Vec<Row>,
    /// What all of them owe.
    pub totals: Sums,
    /// What credits give back that nobody has paid out: nobody owes it, and it lessens no sum.
    pub credits: AtLeast,
    /// What drafts come to: their customers have yet to get them.
    pub drafts: AtLeast,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// The invoices whose own pages are needed: what is said of them elsewhere does not tell what is open. A draft owes nothing.
pub fn undecided(invoices: &[Record<Invoice>]) -> impl Iterator<Item = &Record<Invoice>> {
    invoices.iter().filter(|one| !one.is_draft() && balance::certain(one).is_none())
}

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    let mut customers: BTreeMap<(Option<CustomerId>, String), Row> = BTreeMap::new();
    for invoice in input.invoices {
        let whose = Whose::of_invoice(invoice);
        let owed = match Standing::of(invoice, input.today) {
            Standing::Paid => continue,
            _ if input.customer.is_some() && whose.id.is_none() => Err(why::WHOSE),
            Standing::Draft => {
                report.drafts.add(invoice.total);
                continue;
            }
            Standing::Credit => {
                let given_back = |open: Decimal| (-open).max(Decimal::ZERO);
                report.credits.add(balance::certain(invoice).map(given_back));
                continue;
            }
            Standing::MarkedPaid => match invoice.due_though_paid() {
                Said::Unreadable => Err(why::OPEN),
                _ => Err(why::MARKED),
            },
            Standing::Overdue | Standing::Overpaid | Standing::Unpaid => owed(invoice, input.today),
        };
        match owed {
            Err(why) => report.left_out.add(why, whose.id),
            Ok(None) => {}
            Ok(Some(owed)) => {
                if owed.due.is_none() {
                    report.left_out.note(why::NO_DUE, whose.id);
                }
                // Those of nobody are told apart by their names.
                let name = if whose.id.is_none() { whose.customer.clone() } else { String::new() };
                customers.entry((whose.id, name)).or_default().add(whose, owed);
            }
        }
    }
    report.rows = customers.into_values().collect();
    report.finish(input);
    report
}

/// What is open on an invoice; nothing where that is nothing.
fn owed(invoice: &Record<Invoice>, today: Date) -> Result<Option<Owed>, Why> {
    let open = balance::certain(invoice).ok_or(why::OPEN)?;
    if open <= Decimal::ZERO {
        return Ok(None);
    }
    if invoice.unreadable.raw("due_date").is_some() {
        return Err(why::DUE);
    }
    let late = |due: Date| due.until(today).map_or(0, |span| span.get_days());
    Ok(Some(Owed {
        number: invoice.number.clone(),
        id: invoice.id,
        ticket: invoice.ticket_id,
        total: invoice.total,
        open,
        due: invoice.due_date,
        days: invoice.due_date.map(late),
    }))
}

impl Report {
    fn finish(&mut self, input: &Input<'_>) {
        for row in &mut self.rows {
            self.totals.join(&row.sums);
            row.sums = row.sums.missing(self.left_out.is_missed_by(row.whose.id));
            sorting::sort_by_key(&mut row.invoices, |owed| (Reverse(owed.days), owed.id));
            match input.received.last(row.whose.id) {
                Ok(day) => row.last_payment = day,
                Err(why) => self.left_out.note(why, row.whose.id),
            }
        }
        self.totals = self.totals.missing(self.left_out.is_missed());
        sorting::sort_by_key(&mut self.rows, |row| Reverse(row.sums.open.known));
    }

    /// Each invoice with its customer, the oldest first.
    #[must_use]
    pub fn singly(&self) -> Vec<(&Row, &Owed)> {
        let each =
            self.rows.iter().flat_map(|row| row.invoices.iter().map(move |owed| (row, owed)));
        let mut all: Vec<(&Row, &Owed)> = each.collect();
        sorting::sort_by_key(&mut all, |(_, owed)| (Reverse(owed.days), owed.id));
        all
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        let mut named = self.totals.named();
        named.extend([("credits", self.credits), ("drafts", self.drafts)]);
        let mut totals = amounts(&named);
        totals.insert("at_least".to_owned(), AtLeast::names(&named));
        Value::Object(totals)
    }
}

/// The members of a customer's row.
pub const MEMBERS: [&str; 13] = [
    "customer",
    "customer_id",
    "current",
    "d1_30",
    "d31_60",
    "d61_90",
    "over_90",
    "open",
    "oldest_due",
    "last_payment",
    "invoices",
    "mend",
    "at_least",
];

/// The members of an invoice's row.
pub const SINGLY: [&str; 11] = [
    "customer",
    "customer_id",
    "ticket_id",
    "invoice",
    "invoice_id",
    "due",
    "days",
    "total",
    "open",
    "last_payment",
    "mend",
];

impl Row {
    fn add(&mut self, whose: Whose, owed: Owed) {
        self.sums.add(owed.age(), owed.open);
        self.oldest_due = match (self.oldest_due, owed.due) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        if self.whose.customer.is_empty() {
            self.whose = whose;
        }
        self.invoices.push(owed);
    }

    /// The command that mends it: that of the only invoice; of several, what lists them.
    #[must_use]
    pub fn mend(&self) -> Mend {
        match (self.invoices.as_slice(), self.whose.id) {
            ([only], _) => only.mend(),
            (_, Some(id)) => Mend(format!("report ar --customer {id} --invoices")),
            (_, None) => Mend("report ar --invoices".to_owned()),
        }
    }

    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let named = self.sums.named();
        let numbers: Vec<&Number> = self.invoices.iter().map(|owed| &owed.number).collect();
        let mut own = amounts(&named);
        for (name, value) in [
            ("oldest_due", json!(self.oldest_due)),
            ("last_payment", json!(self.last_payment)),
            ("invoices", json!(numbers)),
            ("mend", json!(self.mend().line(program))),
            ("at_least", AtLeast::names(&named)),
        ] {
            own.insert(name.to_owned(), value);
        }
        row(&self.whose, None, Value::Object(own))
    }

    /// The row of one of its invoices for scripts.
    #[must_use]
    pub fn one_json(&self, owed: &Owed, program: &str) -> Value {
        let sum = |known: Decimal| AtLeast { known, misses: false }.json();
        let own = json!({
            "ticket_id": owed.ticket,
            "invoice": owed.number,
            "invoice_id": owed.id,
            "due": owed.due,
            "days": owed.days,
            "total": owed.total.map(sum),
            "open": sum(owed.open),
            "last_payment": self.last_payment,
            "mend": owed.mend().line(program),
        });
        row(&self.whose, None, own)
    }
}

fn amounts(sums: &[(&str, AtLeast)]) -> Map<String, Value> {
    sums.iter().map(|(name, sum)| ((*name).to_owned(), sum.json())).collect()
}

#[cfg(test)]
#[path = "ar_tests.rs"]
pub(in crate::reports) mod tests;
