//! A ticket's clocked time as lines of a bill: which timer entries wait to be charged, as what each is sold, and the two
//! writes that make a line of one: the charge, and the mending of what the server drops on the way. Pure.

use serde_json::{Value, json};

use super::ask::unsold;
use super::facts::Facts;
use super::planned::{PlannedLine, Way};
use super::request::{BillRequest, Clocked};
use crate::api::ids::{ProductId, TicketId};
use crate::api::resources::line_items;
use crate::api::resources::products::Product;
use crate::api::resources::tickets::Timer;
use crate::api::{Record, Write};
use crate::billing::labor::{self, Amount, BilledLine, RateSource, Resolved, Work};
use crate::billing::quantity::{Minutes, Rounding};
use crate::config::{LaborType, Settings, Unit};
use crate::error::{Error, Hint, Result};
use crate::operations::readable;
use crate::operations::timer::product_of;
use crate::render::when;
use crate::write::RecordId;

/// What an entry is sold as.
enum Sold<'s> {
    Labor(&'s LaborType),
    Product(ProductId),
}

impl Sold<'_> {
    /// Whether its labor type says how time is rounded.
    fn rounds(&self) -> bool {
        match self {
            Self::Labor(labor) => labor.rounding != Rounding::default(),
            Self::Product(_) => false,
        }
    }
}

/// The entries that a request is about, in the ticket's order.
#[must_use]
pub fn chosen<'f>(facts: &'f Facts, from_timers: &Clocked) -> Vec<&'f Record<Timer>> {
    let all = facts.ticket.ticket_timers.iter();
    match &from_timers.which {
        Some(ids) => all.filter(|timer| ids.contains(&timer.id)).collect(),
        None => all.filter(|timer| timer.waits()).collect(),
    }
}

/// Whether an entry has no product, and nobody has said what it is sold as.
///
/// # Errors
/// Exit 5 for one whose product cannot be read.
pub fn lacks_product(facts: &Facts, from_timers: &Clocked) -> Result<bool> {
    let is_said = from_timers.labor.is_some() || from_timers.product_id.is_some();
    let products = chosen(facts, from_timers).into_iter().map(|timer| product_of(timer));
    let products = products.collect::<Result<Vec<_>>>()?;
    Ok(!is_said && products.contains(&None))
}

/// The products that the entries' lines need and that were not read yet.
///
/// # Errors
/// As for [`lines`].
pub fn missing_products(
    settings: &Settings,
    request: &BillRequest,
    facts: &Facts,
) -> Result<Vec<ProductId>> {
    let mut missing = Vec::new();
    let Some(from_timers) = &request.from_timers else {
        return Ok(missing);
    };
    for timer in chosen(facts, from_timers) {
        let id = match sold(settings, from_timers, timer)? {
            Sold::Product(id) => id,
            Sold::Labor(labor) => {
                resolved(settings, request, facts, labor, timer)?.labor.product_id
            }
        };
        if !facts.products.contains_key(&id) && !missing.contains(&id) {
            missing.push(id);
        }
    }
    Ok(missing)
}

/// The entries with the lines that they are to become.
///
/// # Errors
/// Exit 2 for an entry that nobody says what it is sold as; exit 5 for one without a length, and for a product without a
/// price.
pub fn lines(
    settings: &Settings,
    request: &BillRequest,
    facts: &Facts,
) -> Result<Vec<PlannedLine>> {
    let Some(from_timers) = &request.from_timers else {
        return Ok(Vec::new());
    };
    chosen(facts, from_timers)
        .into_iter()
        .map(|timer| {
            let sold = sold(settings, from_timers, timer)?;
            let line = line(settings, request, &sold, facts, timer)?;
            // What the prepaid rule has multiplied is the labor type's own affair.
            let is_plain = line.asked == line.labor && !sold.rounds();
            let keeps_rounding = !request.exact && is_plain;
            Ok(PlannedLine {
                line,
                way: Way::Charged { timer: Box::new(timer.clone()), keeps_rounding },
            })
        })
        .collect()
}

/// The entry's own product, else what was said. A product that is a configured labor type is billed as that.
fn sold<'s>(settings: &'s Settings, from_timers: &Clocked, timer: &Timer) -> Result<Sold<'s>> {
    let own = product_of(timer)?;
    let named = from_timers.labor.as_ref();
    let named = named.and_then(|name| settings.labor(name));
    let product = match (own, named, from_timers.product_id) {
        (Some(product), _, _) | (None, None, Some(product)) => product,
        (None, Some(labor), _) => return Ok(Sold::Labor(labor)),
        (None, None, None) => {
            let text = format!("timer entry {} has no product", timer.id);
            return Err(Error::usage(text).nothing_written().hint(
                Hint::from("use --labor NAME, or ")
                    .command("timer charge")
                    .text(" with --product ID"),
            ));
        }
    };
    let types: Vec<&LaborType> = settings
        .labor
        .iter()
        .filter(|labor| labor.unit == Unit::Hour && labor.product_id == product)
        .collect();
    match (types.as_slice(), named) {
        ([], _) => Ok(Sold::Product(product)),
        ([one], _) => Ok(Sold::Labor(one)),
        (several, Some(named)) if several.contains(&named) => Ok(Sold::Labor(named)),
        (several, _) => {
            let keys: Vec<&str> = several.iter().map(|labor| labor.key.as_str()).collect();
            Err(Error::usage(format!(
                "product {product} of timer entry {} is several labor types: {}",
                timer.id,
                keys.join(", ")
            ))
            .hint("choose one with --labor NAME"))
        }
    }
}

fn minutes(timer: &Timer) -> Result<Minutes> {
    let minutes = timer.billable_seconds().and_then(Minutes::of_seconds);
    minutes.ok_or_else(|| {
        Error::refused(format!("timer entry {} has no duration that can be billed", timer.id))
            .nothing_written()
    })
}

fn resolved<'s>(
    settings: &'s Settings,
    request: &BillRequest,
    facts: &Facts,
    labor: &LaborType,
    timer: &Timer,
) -> Result<Resolved<'s>> {
    let amount = Amount::Minutes(minutes(timer)?);
    let work = Work { labor: labor.key.clone(), amount, exact: request.exact };
    labor::resolve(&settings.labor, &work, facts.customer.prepaid())
        .ok_or_else(|| super::labor_name::unknown_labor(settings, &labor.key))
}

fn line(
    settings: &Settings,
    request: &BillRequest,
    sold: &Sold<'_>,
    facts: &Facts,
    timer: &Timer,
) -> Result<BilledLine> {
    let description = match timer.notes.trim() {
        "" => request.description.as_str(),
        notes => notes,
    };
    let product = |id: &ProductId| facts.products.get(id).map(|product| &product.view);
    let line = match sold {
        Sold::Labor(labor) => {
            let resolved = resolved(settings, request, facts, labor, timer)?;
            let of = product(&resolved.labor.product_id);
            labor::line(&resolved, &labor.key, of, description).map_err(|lacks| unsold(&lacks))?
        }
        Sold::Product(id) => of_product(*id, product(id), minutes(timer)?, description)?,
    };
    let notes: Vec<String> = partly(timer).into_iter().chain(line.note.clone()).collect();
    Ok(BilledLine { note: (!notes.is_empty()).then(|| notes.join("; ")), ..line })
}

/// That not all of an entry's time is billable, or more than it took: `45 min -> 20 min, billable`.
fn partly(timer: &Timer) -> Option<String> {
    let length = |seconds: u64| when::length(seconds / 60);
    let (all, part) = (timer.seconds()?, timer.billable_part()?);
    Some(format!("{} -> {}, billable", length(all), length(part)))
}

/// Time sold as a product that is no configured labor type: untaxed, at the product's own price.
fn of_product(
    id: ProductId,
    product: Option<&Product>,
    minutes: Minutes,
    description: &str,
) -> Result<BilledLine> {
    let refused =
        |what: &str| Error::refused(format!("product {id} has no {what}")).nothing_written();
    let name = product.map(|product| product.name.trim()).unwrap_or_default();
    if name.is_empty() {
        return Err(refused("name"));
    }
    let rate = product.and_then(|product| product.price_retail);
    if let Some(product) = product {
        readable(&product.unreadable, &["price_retail"], format_args!("product {id}"))?;
    }
    Ok(BilledLine {
        asked: String::new(),
        labor: String::new(),
        product_id: id,
        name: name.to_owned(),
        description: match description.trim() {
            "" => name.to_owned(),
            text => text.to_owned(),
        },
        quantity: minutes.quantity(rust_decimal::Decimal::ONE),
        rate: rate.ok_or_else(|| refused("price"))?,
        source: RateSource::Product,
        taxable: false,
        unit: Unit::Hour,
        prepaid: false,
        note: None,
    })
}

/// The request that gives the line of the charge at `place` its product, name, price and all the rest, where a GET does not
/// show them.
pub fn repair(ticket: TicketId, place: usize, line: &BilledLine) -> Write {
    let fields: [(&str, Value); 6] = [
        ("product_id", json!(line.product_id)),
        ("name", json!(line.name)),
        ("description", json!(line.description)),
        ("quantity", line_items::number(line.quantity)),
        ("price_retail", line_items::number(line.rate)),
        ("taxable", json!(line.taxable)),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    line_items::update_later(
        ticket,
        RecordId::nth("charge", place).json(),
        fields.into_iter().collect(),
    )
}
