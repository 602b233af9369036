//! What the lines of invoices, estimates and schedules say, in the words of each, and what stands against that.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::guard::{Finding, Guard};
use super::line::{amounts, described};
use super::resource::ResourceField;
use super::rule::{Call, Env};
use super::written::hours;
use super::{body, figures, sold};
use crate::api::fields::{self, at, to_decimal, to_id};
use crate::api::folder::{ESTIMATES, Folder, INVOICES, SCHEDULES};
use crate::api::ids::ProductId;
use crate::billing::discount::Discount;
use crate::billing::expected::discounted;
use crate::error::{Error, Result};
use crate::render::preview::Sheet;
use crate::write::{FieldKind, Noun, normal_text};

/// How the lines of a kind of document name what they say.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) folder: Folder,
    pub(super) on: Noun,
    /// What is sold.
    pub(super) name: &'static str,
    /// What was done.
    pub(super) text: &'static str,
    /// The price of one unit.
    pub(super) price: &'static str,
    /// The same in cents, where the server takes that, too.
    pub(super) in_cents: Option<&'static str>,
    /// Fields that are known of a line.
    pub(super) fields: &'static [ResourceField],
    /// What must be as previewed when a line of it is written.
    pub(super) previewed: &'static [&'static str],
}

pub(super) const FORMS: [Form; 3] = [
    Form { folder: INVOICES, on: Noun::Invoice, ..DOCUMENT },
    Form { folder: ESTIMATES, on: Noun::Estimate, ..DOCUMENT },
    Form {
        folder: SCHEDULES,
        on: Noun::Schedule,
        name: "name",
        text: "description",
        price: "price_retail",
        in_cents: Some("retail_cents"),
        fields: &[
            ResourceField::new("price_retail", "price").kind(FieldKind::Money),
            ResourceField::new("taxable", "taxable").kind(FieldKind::Flag),
            ResourceField::new("quantity", "quantity"),
            ResourceField::new("product_id", "product_id"),
            ResourceField::new("name", "name"),
            ResourceField::new("description", "description"),
        ],
        previewed: &["name", "customer_id", "paused"],
    },
];

impl Form {
    /// What a preview shows of a line that is there.
    pub(super) fn shown(&self) -> impl Iterator<Item = &'static str> {
        let fields = self.fields.iter().map(|field| field.name);
        fields.chain(Discount::FIELDS)
    }

    /// The price that a body names.
    pub(super) fn price_in(&self, fields: &Map<String, Value>) -> Result<Option<Decimal>> {
        figures::price_or_cents(fields, self.price, self.in_cents)
    }
}

const DOCUMENT: Form = Form {
    folder: INVOICES,
    on: Noun::Invoice,
    name: "item",
    text: "name",
    price: "price",
    in_cents: None,
    fields: &[
        ResourceField::new("price", "price").kind(FieldKind::Money),
        ResourceField::new("taxable", "taxable").kind(FieldKind::Flag),
        ResourceField::new("name", "description").kind(FieldKind::Prose),
        ResourceField::new("quantity", "quantity"),
        ResourceField::new("product_id", "product_id"),
        ResourceField::new("item", "item"),
    ],
    previewed: &["number", "customer_id", "is_paid", "invoice_id"],
};

/// What a line says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contents<'b> {
    pub(super) product: Option<ProductId>,
    pub(super) name: &'b str,
    pub(super) text: &'b str,
    pub(super) quantity: Decimal,
    pub(super) price: Decimal,
    /// None where nobody can tell.
    pub(super) discount: Option<Discount>,
    pub(super) is_taxed: bool,
}

impl<'b> Contents<'b> {
    /// Of a body.
    ///
    /// # Errors
    /// Exit 2 for a quantity, a price or a discount that cannot be read.
    pub(super) fn of(form: &Form, fields: &'b Map<String, Value>) -> Result<Self> {
        let quantity = figures::quantity(fields, "quantity")?.unwrap_or(Decimal::ONE);
        let price = form.price_in(fields)?.unwrap_or_default();
        Ok(Self {
            product: body::number(fields, "product_id").map(ProductId),
            name: body::text(fields, form.name),
            text: body::text(fields, form.text),
            quantity,
            price,
            discount: Some(figures::discount(fields, quantity, price)?.unwrap_or_default()),
            is_taxed: !fields.contains_key("taxable") || body::may_be_yes(fields, "taxable"),
        })
    }

    /// Of a line that is there.
    pub(super) fn shown_by(form: &Form, line: &'b Value) -> Self {
        let quantity = to_decimal(at(line, "quantity")).unwrap_or_default();
        let price = to_decimal(at(line, form.price)).unwrap_or_default();
        let full = quantity.saturating_mul(price);
        Self {
            product: to_id(at(line, "product_id")).map(ProductId),
            name: at(line, form.name).as_str().unwrap_or_default(),
            text: at(line, form.text).as_str().unwrap_or_default(),
            quantity,
            price,
            discount: line.as_object().and_then(|line| Discount::stated(line, full)),
            is_taxed: fields::may_be_yes(at(line, "taxable")),
        }
    }

    /// All of it in a line.
    pub(super) fn text(&self) -> String {
        let name = [self.name, self.text].into_iter().find(|text| !text.trim().is_empty());
        let product = self.product.map(|product| format!("product {product}"));
        let name = name.map(str::to_owned).or(product).unwrap_or_else(|| "no name".to_owned());
        discounted((self.quantity, self.price), &name, self.discount)
    }

    pub(super) fn shown(&self, sheet: Sheet) -> Sheet {
        let tax = if self.is_taxed { "taxed" } else { "not taxed" };
        described(sheet.row("Line item", format!("{}, {tax}", self.text())), self.text)
    }

    /// What it comes to, less its discount.
    pub(super) fn amount(&self) -> Decimal {
        self.discount.unwrap_or_default().amount(self.quantity, self.price)
    }

    pub(super) fn findings(&self, env: &Env<'_>) -> Vec<Finding> {
        let amount = self.amount();
        let what = ("the line item", self.product, self.name);
        let hours = self.product.and_then(|id| hours(id, self.quantity, env.settings));
        amounts(what, amount, self.price, env.settings).into_iter().chain(hours).collect()
    }

    /// The question about the same line, where it is there already.
    pub(super) fn same(&self, form: &Form, lines: &[&Value]) -> Option<Finding> {
        let is_same = |line: &&&Value| {
            let there = Contents::shown_by(form, line);
            let same_product = match self.product {
                Some(_) => there.product == self.product,
                None => normal_text(there.name) == normal_text(self.name),
            };
            same_product
                && there.quantity == self.quantity
                && normal_text(there.text) == normal_text(self.text)
        };
        let there = lines.iter().find(is_same)?;
        let (what, id) = (form.on.label(), at(there, "id"));
        let text = format!("the {what} already has the same line item ({id})");
        Some(Finding::new(Guard::SameLine, text))
    }
}

/// The lines that a new document brings along, whether the server takes them or not.
///
/// # Errors
/// Those of [`Contents::of`], and exit 2 for one of a product that says no price: which it gets is the server's to tell.
pub(super) fn brought(call: &Call) -> Result<Vec<Contents<'_>>> {
    let form = call.place().and_then(|(folder, _)| FORMS.iter().find(|one| one.folder == folder));
    let Some(form) = form else { return Ok(Vec::new()) };
    let one = |line| {
        let contents = Contents::of(form, line)?;
        match contents.product.is_some() && form.price_in(line)?.is_none() {
            true => Err(Error::usage(format!("the {} of a line item is missing", form.price))
                .nothing_sent()
                .hint("set it, also where the line item is of a product")),
            false => Ok(contents),
        }
    };
    sold::lines(call).into_iter().map(one).collect()
}
