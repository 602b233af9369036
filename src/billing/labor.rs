//! From a labor type and an amount to a line item: which product, how much, at what price and where the price comes
//! from; the rule for customers with prepaid hours; what a prepaid block would cover.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::money;
use super::quantity::Minutes;
use super::typed;
use crate::api::ids::ProductId;
use crate::api::resources::products::Product;
use crate::config::{LaborType, Unit};

/// How much of a labor type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// Time, for labor by the hour.
    Minutes(Minutes),
    /// Pieces, for labor by each.
    Units(Decimal),
}

impl Amount {
    /// The time, where it is that.
    #[must_use]
    pub const fn minutes(self) -> Option<Minutes> {
        match self {
            Self::Minutes(minutes) => Some(minutes),
            Self::Units(_) => None,
        }
    }
}

/// What a technician asks to bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// The configured labor type.
    pub labor: String,
    /// How much of it.
    pub amount: Amount,
    /// Whether time is billed as it is, whatever the labor type rounds it up to.
    pub exact: bool,
}

/// Which labor type is billed in the end, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// The labor type that the line will have.
    pub labor: &'a LaborType,
    /// Hours or pieces.
    pub quantity: Decimal,
    /// Why it is not what was asked for.
    pub note: Option<String>,
}

/// Applies the rounding of what was asked for and the prepaid rule and computes the quantity. `None` when the labor type is not configured.
#[must_use]
pub fn resolve<'a>(types: &'a [LaborType], work: &Work, balance: Decimal) -> Option<Resolved<'a>> {
    let find = |key: &str| LaborType::named(types, key);
    let asked = find(&work.labor)?;
    let rule = asked.when_prepaid.as_ref().filter(|_| balance > Decimal::ZERO);
    let (labor, multiplier, note) = match rule {
        None => (asked, Decimal::ONE, None),
        Some(rule) => (
            find(&rule.labor)?,
            rule.multiplier,
            Some(format!(
                "{} is billed as {} x {}: the customer has prepaid hours",
                asked.key,
                rule.labor,
                rule.multiplier.normalize()
            )),
        ),
    };
    let (quantity, rounded) = match work.amount {
        Amount::Minutes(spent) => {
            let (billed, rounded) = match work.exact {
                true => (spent, None),
                false => asked.rounding.up(spent),
            };
            (billed.quantity(multiplier), rounded)
        }
        Amount::Units(units) => (units, None),
    };
    let notes: Vec<String> = rounded.into_iter().chain(note).collect();
    let note = (!notes.is_empty()).then(|| notes.join("; "));
    Some(Resolved { labor, quantity, note })
}

/// Where a line's price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateSource {
    /// `rate` in the configuration.
    Pinned,
    /// The product's own `price_retail`.
    Product,
}

/// A line item to be billed, with all that its preview shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledLine {
    /// The labor type that was asked for.
    pub asked: String,
    /// The labor type that it is.
    pub labor: String,
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub name: String,
    /// What was done.
    pub description: String,
    /// Hours or pieces.
    pub quantity: Decimal,
    /// The price of one.
    pub rate: Decimal,
    /// Where the price comes from.
    pub source: RateSource,
    /// Whether tax is added.
    pub taxable: bool,
    /// Hours or pieces.
    pub unit: Unit,
    /// Whether it debits prepaid hours.
    pub prepaid: bool,
    /// Why it is not the labor type that was asked for.
    pub note: Option<String>,
}

impl BilledLine {
    /// Quantity times rate, to the cent.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        money::amount(self.quantity, self.rate)
    }

    /// Whether its labor type is meant to cost nothing, whatever else its product is sold as.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.source == RateSource::Pinned && self.rate.is_zero()
    }
}

/// What a product lacks to be a line item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lacks {
    /// A price, and none is pinned.
    #[error("product {0} (labor type \"{1}\") has no price, and none is pinned")]
    Price(ProductId, String),
    /// A price that can be read: what stands there, and why it says nothing.
    #[error("cannot read {2} of product {0} (labor type \"{1}\"): it is {3}")]
    Readable(ProductId, String, String, &'static str),
    /// A price in whole cents.
    #[error(
        "product {0} (labor type \"{1}\") costs {2}, but line items need {usual}",
        usual = typed::money().usual()
    )]
    Cents(ProductId, String, Decimal),
    /// A name, and none is configured.
    #[error("product {0} (labor type \"{1}\") has no name, and none is configured")]
    Name(ProductId, String),
}

impl Lacks {
    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        let (what, key, labor) = match self {
            Self::Price(_, labor) | Self::Readable(_, labor, ..) | Self::Cents(_, labor, _) => {
                ("price", "rate", labor)
            }
            Self::Name(_, labor) => ("name", "name", labor),
        };
        format!("set a {what} for the product in Syncro, or set `{key}` in [labor.{labor}]")
    }
}

/// The line of one piece of work.
///
/// # Errors
/// What is missing to make it.
pub fn line(
    resolved: &Resolved<'_>,
    asked: &str,
    product: Option<&Product>,
    description: &str,
) -> Result<BilledLine, Lacks> {
    let labor = resolved.labor;
    let (id, key) = (labor.product_id, labor.key.clone());
    let own_name =
        product.map(|product| product.name.clone()).filter(|name| !name.trim().is_empty());
    let (rate, source) = match (labor.rate, product.and_then(|product| product.price_retail)) {
        (Some(rate), _) => (rate, RateSource::Pinned),
        (None, Some(rate)) => (rate, RateSource::Product),
        (None, None) => {
            let unread = product.and_then(|product| product.unreadable.among(&["price_retail"]));
            return Err(match unread {
                Some(found) => Lacks::Readable(id, key, found.to_string(), found.sort.refusal()),
                None => Lacks::Price(id, key),
            });
        }
    };
    if !money::is_kept(rate) {
        return Err(Lacks::Cents(id, key, rate));
    }
    let name = labor.name.clone().or(own_name);
    let name = name.ok_or(Lacks::Name(id, key))?;
    Ok(BilledLine {
        asked: asked.to_owned(),
        labor: labor.key.clone(),
        product_id: labor.product_id,
        description: if description.trim().is_empty() {
            name.clone()
        } else {
            description.to_owned()
        },
        name,
        quantity: resolved.quantity,
        rate,
        source,
        taxable: labor.taxable,
        unit: labor.unit,
        prepaid: labor.prepaid && labor.unit == Unit::Hour,
        note: resolved.note.clone(),
    })
}
