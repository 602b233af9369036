//! Prepaid hours: what each block has left, what waits to be taken from it, and how long it lasts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::parts::exact_hours;
use super::row::{self, row};
use super::{AtLeast, LeftOut, Mend, Parts, Seen, Whose, Why, customer_name, why};
use crate::api::Record;
use crate::api::fields::Unread;
use crate::api::ids::{CustomerId, ProductId};
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::{Invoice, InvoiceLine};
use crate::api::resources::products::Product;
use crate::config::LaborType;
use crate::sorting;

/// So many days back it is looked at what was burned and bought.
pub const LOOKED_BACK: i32 = 90;
/// The same for the shorter sum.
const LATELY: i32 = 30;
/// Those days in weeks.
const WEEKS: Decimal = Decimal::from_parts(1286, 0, 0, false, 2);
/// A block that lasts fewer weeks is low.
const FEW_WEEKS: Decimal = Decimal::from_parts(4, 0, 0, false, 0);

/// What the report is made of.
#[derive(Debug)]
pub struct Input<'i> {
    /// The customers.
    pub customers: &'i [Record<Customer>],
    /// The invoices of those days, with their lines.
    pub invoices: &'i [Record<Invoice>],
    /// The tickets on which something may wait.
    pub tickets: &'i [Seen],
    /// The products of all their lines; one that could not be read is not there.
    pub products: &'i BTreeMap<ProductId, Record<Product>>,
    /// The labor types, of which some take nothing from a block.
    pub labor_types: &'i [LaborType],
    /// A block is low that has fewer hours left.
    pub low: Decimal,
    /// The day.
    pub today: Date,
    /// The zone that days are in.
    pub zone: &'i TimeZone,
}

/// A customer's block.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Whose it is.
    pub whose: Whose,
    /// The hours that are left.
    pub left: Decimal,
    /// Hours that are done and not invoiced.
    pub waiting: AtLeast,
    /// Hours that were taken in the last 30 days.
    pub burned_30: AtLeast,
    /// The same in the last 90.
    pub burned_90: AtLeast,
    /// Hours that were bought in the last 90 days.
    pub bought_90: AtLeast,
    /// What is to be said of it. What is not known can only make it worse.
    pub flag: Option<Flag>,
}

/// What is to be said of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// More waits than is left: the next bill asks for money.
    Over,
    /// It does not last long.
    Low,
}

impl Flag {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Low => "low",
        }
    }
}

/// The whole report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The blocks, those with the least left over first.
    pub rows: Vec<Row>,
    /// What could not be judged.
    pub left_out: LeftOut,
}

/// The hours of a customer's block; nothing where there is none.
///
/// # Errors
/// Why that is not known.
pub fn block(customer: &Record<Customer>) -> Result<Option<Decimal>, Why> {
    match (customer.unreadable.raw("prepay_hours"), customer.raw.get("prepay_hours")) {
        (Some(_), _) => Err(why::HOURS),
        // A field that is not there says nothing.
        (None, None) => Err(why::PREPAID),
        (None, Some(_)) => Ok(customer.prepay_hours),
    }
}

/// So many days before today an invoice was made; fewer than none for one of a later day.
///
/// # Errors
/// Why that is not known.
pub fn age(invoice: &Invoice, today: Date, zone: &TimeZone) -> Result<i32, Why> {
    let day = invoice.day(zone).ok_or(why::INVOICED_ON)?;
    Ok(day.until(today).map_or(0, |span| span.get_days()))
}

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: LeftOut) -> Report {
    let mut report = Report { left_out, ..Report::default() };
    let mut blocks: BTreeMap<CustomerId, Row> = BTreeMap::new();
    for customer in input.customers {
        match block(customer) {
            Ok(None) => {}
            Ok(Some(left)) => {
                let name = customer_name(&customer.raw).unwrap_or_default();
                let mut whose = Whose { customer: name, id: Some(customer.id) };
                row::mark_unnamed([&mut whose].into_iter(), &mut report.left_out);
                blocks.insert(customer.id, Row { whose, left, ..Row::default() });
            }
            Err(why) => report.left_out.add(why, Some(customer.id)),
        }
    }
    // What a draft takes and adds, its account says once it is published.
    for invoice in input.invoices.iter().filter(|one| !one.is_draft()) {
        let block = invoice.customer_id.and_then(|id| blocks.get_mut(&id));
        if let Some(block) = block {
            block.take(input, invoice, &mut report.left_out);
        }
    }
    for seen in input.tickets {
        match seen.ticket.customer_id {
            Some(id) => {
                if let Some(block) = blocks.get_mut(&id) {
                    block.wait(input, seen, &mut report.left_out);
                }
            }
            None if Parts::of(seen).is_ok_and(|parts| parts.is_nothing_at_all()) => {}
            None => report.left_out.add(why::TICKET_OF, None),
        }
    }
    for mut row in blocks.into_values() {
        let misses = report.left_out.is_missed_by(row.whose.id);
        for sum in row.sums_mut() {
            *sum = sum.missing(misses);
        }
        if misses || !row.is_nothing() {
            row.flag = row.judged(input.low);
            report.rows.push(row);
        }
    }
    sorting::sort_by_key(&mut report.rows, |row| (row.flag.is_none(), row.flag, row.rest()));
    report
}

/// What a line of an invoice does to a block.
enum Flow {
    Takes(Decimal),
    Adds(Decimal),
    Nothing,
}

/// Whether a line takes hours from a block, adds some, or does neither.
fn flow(input: &Input<'_>, line: &InvoiceLine) -> Result<Flow, Why> {
    let Some(product) = sold_as(input, line.product_id, &line.unreadable)? else {
        return Ok(Flow::Nothing);
    };
    if product.is_of(Product::PREPAY_HOURS) {
        return Ok(Flow::Adds(line.quantity.ok_or(why::MONEY)?));
    }
    if !is_labor(input, product, &line.item) {
        return Ok(Flow::Nothing);
    }
    let (quantity, price) = line.quantity.zip(line.price).ok_or(why::MONEY)?;
    if !price.is_zero() {
        return Ok(Flow::Nothing);
    }
    match product.price_retail.ok_or(why::PRODUCT)? > Decimal::ZERO {
        true => Ok(Flow::Takes(quantity)),
        false => Ok(Flow::Nothing),
    }
}

/// The product of a line; nothing where it has none.
fn sold_as<'i>(
    input: &Input<'i>,
    product: Option<ProductId>,
    unreadable: &Unread,
) -> Result<Option<&'i Product>, Why> {
    match product {
        Some(id) => input.products.get(&id).map(|one| Some(&one.view)).ok_or(why::PRODUCT),
        None if unreadable.raw("product_id").is_some() => Err(why::PRODUCT),
        None => Ok(None),
    }
}

/// Whether what is sold as that, by that name, is labor that a block covers.
fn is_labor(input: &Input<'_>, product: &Product, name: &str) -> bool {
    let is_exempt = LaborType::is_exempt(input.labor_types, Some(product.id), name);
    product.is_of(Product::LABOR) && !is_exempt
}

impl Row {
    /// Adds what an invoice took from it and added to it.
    fn take(&mut self, input: &Input<'_>, invoice: &Invoice, left_out: &mut LeftOut) {
        let days = match age(invoice, input.today, input.zone) {
            Ok(days) => days,
            Err(why) => return left_out.add(why, self.whose.id),
        };
        if days > LOOKED_BACK {
            return;
        }
        for line in &invoice.line_items {
            match flow(input, line) {
                Ok(Flow::Nothing) => {}
                Ok(Flow::Adds(hours)) => self.bought_90.add(Some(hours)),
                Ok(Flow::Takes(hours)) => {
                    self.burned_90.add(Some(hours));
                    if days <= LATELY {
                        self.burned_30.add(Some(hours));
                    }
                }
                Err(why) => left_out.add(why, self.whose.id),
            }
        }
    }

    /// Adds what waits on a ticket.
    fn wait(&mut self, input: &Input<'_>, seen: &Seen, left_out: &mut LeftOut) {
        let parts = match Parts::of(seen) {
            Ok(parts) => parts,
            Err(why) => return left_out.add(why, self.whose.id),
        };
        (0..parts.unclear_lines).for_each(|_| left_out.add(why::LINE, self.whose.id));
        (0..parts.unclear_timers).for_each(|_| left_out.add(why::TIMER, self.whose.id));
        for (timer, seconds) in &parts.owed {
            // Time that is sold as nothing yet is labor.
            let is_exempt = LaborType::is_exempt(input.labor_types, timer.product_id, "");
            if !is_exempt {
                self.waiting.add(Some(exact_hours(*seconds)));
            }
        }
        for line in &parts.waiting {
            match sold_as(input, line.product_id, &line.unreadable) {
                Ok(Some(product)) if is_labor(input, product, &line.name) => match line.quantity {
                    Some(hours) => self.waiting.add(Some(hours)),
                    None => left_out.add(why::MONEY, self.whose.id),
                },
                Ok(_) => {}
                Err(why) => left_out.add(why, self.whose.id),
            }
        }
    }

    fn sums_mut(&mut self) -> [&mut AtLeast; 4] {
        [&mut self.waiting, &mut self.burned_30, &mut self.burned_90, &mut self.bought_90]
    }

    fn named(&self) -> [(&'static str, AtLeast); 4] {
        [
            ("waiting", self.waiting),
            ("burned_30", self.burned_30),
            ("burned_90", self.burned_90),
            ("bought_90", self.bought_90),
        ]
    }

    /// Whether it is empty, and nobody uses it.
    fn is_nothing(&self) -> bool {
        let hours = [self.left, self.waiting.known, self.burned_90.known, self.bought_90.known];
        hours.iter().all(Decimal::is_zero)
    }

    /// What is left once all that is known to wait is taken; it may be less.
    fn rest(&self) -> Decimal {
        self.left.saturating_sub(self.waiting.known)
    }

    /// What is left once all that waits is taken, where that is known.
    #[must_use]
    pub fn after(&self) -> Option<Decimal> {
        (!self.waiting.misses).then(|| self.rest())
    }

    /// So many weeks it lasts at the rate of the last 90 days, or fewer; nothing where nothing is known to be taken.
    fn lasts(&self) -> Option<Decimal> {
        self.left.checked_mul(WEEKS)?.checked_div(self.burned_90.known)
    }

    /// The same, where it is known.
    #[must_use]
    pub fn weeks(&self) -> Option<Decimal> {
        let weeks = self.lasts().filter(|_| !self.burned_90.misses)?;
        Some(weeks.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
    }

    fn judged(&self, low: Decimal) -> Option<Flag> {
        let rest = self.rest();
        let is_low = rest < low || self.lasts().is_some_and(|weeks| weeks < FEW_WEEKS);
        match rest < Decimal::ZERO {
            true => Some(Flag::Over),
            false => is_low.then_some(Flag::Low),
        }
    }

    /// The command that shows why.
    #[must_use]
    pub fn mend(&self) -> Mend {
        let id = self.whose.id.map_or_else(String::new, |id| id.to_string());
        Mend(match self.flag {
            Some(Flag::Over) => format!("report uninvoiced --customer {id}"),
            _ => format!("customer show {id}"),
        })
    }

    /// The row for scripts; `program` is how this program is called.
    #[must_use]
    pub fn json(&self, program: &str) -> Value {
        let hours = |known: Decimal| AtLeast { known, misses: false }.json();
        let own = json!({
            "left": hours(self.left),
            "waiting": self.waiting.json(),
            "after": self.after().map(hours),
            "burned_30": self.burned_30.json(),
            "burned_90": self.burned_90.json(),
            "bought_90": self.bought_90.json(),
            "weeks": self.weeks().map(|weeks| format!("{weeks:.1}")),
            "flag": self.flag.map(Flag::name),
            "mend": self.mend().line(program),
            "at_least": AtLeast::names(&self.named()),
        });
        row(&self.whose, None, own)
    }
}

/// The members of a row.
pub const MEMBERS: [&str; 12] = [
    "customer",
    "customer_id",
    "left",
    "waiting",
    "after",
    "burned_30",
    "burned_90",
    "bought_90",
    "weeks",
    "flag",
    "mend",
    "at_least",
];

impl Report {
    /// How many blocks have a flag.
    #[must_use]
    pub fn flagged(&self) -> usize {
        self.rows.iter().filter(|row| row.flag.is_some()).count()
    }

    /// How many blocks have that flag.
    #[must_use]
    pub fn count(&self, flag: Flag) -> usize {
        self.rows.iter().filter(|row| row.flag == Some(flag)).count()
    }

    /// Its sums for scripts.
    #[must_use]
    pub fn totals_json(&self) -> Value {
        json!({ "low": self.count(Flag::Low), "over": self.count(Flag::Over) })
    }
}

#[cfg(test)]
#[path = "prepaid_tests.rs"]
pub(in crate::reports) mod tests;
