//! Products that line items are made of, on tickets and on documents alike: what is read of them, what stands against selling
//! one, and that it is still called and sold as in the preview.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::body;
use super::clear::state;
use super::guard::{Finding, Guard};
use super::rule::{Call, Proposed, gone};
use crate::api::folder::{ESTIMATES, Folder, INVOICES, SCHEDULES, TICKETS};
use crate::api::ids::ProductId;
use crate::api::resources::line_items::{ADD, BELOW};
use crate::api::resources::products::{self, Product};
use crate::api::{Method, Record};
use crate::error::{Error, Result};
use crate::write::{Noun, Precondition, ReadSet, RecordRef, Snapshot};

/// What a preview shows of a product that is sold.
pub(super) const PREVIEWED: [&str; 3] = ["name", "price_retail", "disabled"];

/// The same where the line says the rest by itself.
pub(super) const IS_SOLD: [&str; 1] = ["disabled"];

/// What a preview shows of one that time is to be sold as.
pub(super) const NAMED: [&str; 2] = ["name", "disabled"];

/// The record of a product.
#[must_use]
pub fn product_ref(id: ProductId) -> RecordRef {
    RecordRef::answer(&products::get(id))
}

/// Products of which line items are to be made, to be read before that.
pub(super) fn of_products(products: impl IntoIterator<Item = ProductId>) -> ReadSet {
    let products = products.into_iter().map(product_ref);
    products.fold(ReadSet::NOTHING, |needs, of| needs.record(&of))
}

/// The products that a line is to be of: of one that is of it already, nothing new is sold.
pub(super) fn other_than(
    products: &BTreeSet<ProductId>,
    there: Option<ProductId>,
) -> Vec<ProductId> {
    products.iter().copied().filter(|product| there != Some(*product)).collect()
}

/// What names the product of a line.
const PRODUCT: &str = "product_id";

/// How a member is called that holds a line.
const WRAPPED: &str = "line_item";

/// Members of a body that hold lines.
const LINES: [&str; 2] = [BELOW, "lines"];

/// Folders whose records have lines of their own, which have a path each.
const LINED: [Folder; 4] = [TICKETS, INVOICES, ESTIMATES, SCHEDULES];

/// How a body calls the lines of a record of a folder, and what each of them is called.
pub(super) fn words(folder: Folder) -> (&'static str, &'static str) {
    if folder == SCHEDULES { ("lines", "name") } else { (BELOW, "item") }
}

/// The body of a request, and what it wraps in the record's own name or in that of a line: a server may read either.
pub(super) fn parts(call: &Call) -> Vec<&Map<String, Value>> {
    let own = call.place().and_then(|(folder, _)| call.fields.get(folder.one())?.as_object());
    own.into_iter().chain(bodies(&call.fields)).collect()
}

/// That all lines which a body brings along are read here, since a server may read them in another form, too; and that a
/// change brings none along, whose amounts nobody would look at.
///
/// # Errors
/// Exit 2 for lines of a change, for lines that are not a list of objects, and for a line that is none.
pub(super) fn readable(call: &Call, folder: Folder) -> Result<()> {
    let (member, called) = words(folder);
    let wrong = |name: &str, is: &str| {
        let hint = format!(
            "use --input FILE with a list, like {{\"{member}\": [{{\"{called}\": \"...\"}}]}}"
        );
        Err(Error::usage(format!("{name} is not {is}")).nothing_sent().hint(hint))
    };
    let is_change = matches!(call.request.method, Method::Put | Method::Patch);
    let has_path = is_change && LINED.contains(&folder);
    let reads_one = [INVOICES, ESTIMATES].contains(&folder);
    for (name, value) in parts(call).into_iter().flatten() {
        let lines = name.strip_suffix(body::NESTED).unwrap_or(name);
        match value {
            _ if has_path && LINES.contains(&lines) => return Err(has_own_path(name, folder)),
            Value::Null => {}
            _ if reads_one && LINES.contains(&lines) && lines != member => {
                return wrong(name, &format!("a field of an {}", folder.one()));
            }
            Value::Array(all)
                if LINES.contains(&name.as_str()) && all.iter().all(Value::is_object) => {}
            _ if LINES.contains(&lines) => return wrong(name, "a list of line items"),
            Value::Object(_) => {}
            _ if name.ends_with(WRAPPED) => return wrong(name, "a line item"),
            _ => {}
        }
    }
    Ok(())
}

fn has_own_path(name: &str, folder: Folder) -> Error {
    let verb = if folder == TICKETS { ADD } else { BELOW };
    let text = format!("{name} is not part of a change: what it does would not be checked");
    let hint = format!("use the path of line items, like POST {}/ID/{verb}", folder.name());
    Error::usage(text).nothing_sent().hint(hint)
}

/// The lines that a body brings along, also inside the record's own name that wraps them.
pub(super) fn lines(call: &Call) -> Vec<&Map<String, Value>> {
    let parts = parts(call).into_iter().flatten();
    let lists = parts.filter(|(name, _)| LINES.contains(&name.as_str()));
    let lines = lists.filter_map(|(_, lines)| lines.as_array()).flatten();
    lines.filter_map(Value::as_object).collect()
}

/// The products of those.
pub(super) fn in_lines(call: &Call) -> BTreeSet<ProductId> {
    let lines = lines(call).into_iter();
    lines.filter_map(|line| body::number(line, PRODUCT)).map(ProductId).collect()
}

/// What stands in the body of a line under the name of one.
pub(super) fn wrapped(
    fields: &Map<String, Value>,
) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
    let wrapped = fields.iter().filter(|(name, _)| name.ends_with(WRAPPED));
    wrapped.filter_map(|(name, value)| Some((name.as_str(), value.as_object()?)))
}

/// The body of a line, and what stands in it under the name of one.
fn bodies(fields: &Map<String, Value>) -> Vec<&Map<String, Value>> {
    wrapped(fields).map(|(_, line)| line).chain([fields]).collect()
}

/// The products that the body of a line names.
pub(super) fn in_body(call: &Call) -> BTreeSet<ProductId> {
    let named = bodies(&call.fields).into_iter().filter_map(|body| body::number(body, PRODUCT));
    named.map(ProductId).chain(in_lines(call)).collect()
}

/// A product that was read. What is not there is not sold, and what cannot be read is neither there nor gone.
///
/// # Errors
/// Exit 3 where there is none, exit 5 for one that cannot be read.
pub(super) fn product(seen: &Snapshot, id: ProductId) -> Result<Record<Product>> {
    let raw = seen.record(&product_ref(id)).ok_or_else(|| gone("product", id.0))?;
    Record::read(raw.clone()).map_err(|error| {
        Error::refused(format!("cannot read product {id}: {error}")).nothing_written()
    })
}

/// The product of a line that is there already, which is read to be asked about alone: the line is billed whatever has
/// become of it, and whoever may not read it bills it, too.
pub(super) fn known_ref(id: ProductId) -> RecordRef {
    RecordRef::Asked { noun: Noun::Product, id: id.0 }
}

/// The same as it was read.
///
/// # Errors
/// What is said where it could not be: nobody knows whether it is disabled.
pub(super) fn known(seen: &Snapshot, id: ProductId) -> Result<Record<Product>, String> {
    seen.typed_record(&known_ref(id)).ok_or_else(|| {
        format!("cannot read product {id} of a line on the ticket: it may be disabled")
    })
}

/// The question about a product that is no longer sold.
pub(super) fn disabled(product: &Product) -> Option<Finding> {
    let flag = (&product.unreadable, "disabled", product.disabled);
    let what = format!("the product, {},", product_name(product));
    state(Guard::Disabled, flag, what, "disabled")
}

/// A write that makes line items of products: each must be there, one that is no longer sold is asked about, and what the
/// preview rests on of each, `shown`, is looked at again before the write is sent.
///
/// # Errors
/// Those of [`product`]; exit 2 for a product that the body names in a way that no guard reads, though a server might.
pub(super) fn selling(
    mut proposed: Proposed,
    call: &Call,
    seen: &Snapshot,
    (products, shown): (impl IntoIterator<Item = ProductId>, &[&str]),
) -> Result<Proposed> {
    for line in lines(call).into_iter().chain(bodies(&call.fields)) {
        let is_blank = line.get(PRODUCT).and_then(Value::as_str).is_some_and(str::is_empty);
        if !is_blank {
            body::count(line, PRODUCT)?;
        }
    }
    for id in products {
        let product = product(seen, id)?;
        proposed.findings.extend(disabled(&product));
        proposed.step = proposed.step.requires(sold_as(&product, shown));
    }
    Ok(proposed)
}

/// That a product is still called and sold as in the preview.
pub(super) fn sold_as(product: &Record<Product>, names: &[&str]) -> Precondition {
    kept_as(product_ref(product.id), product, names)
}

/// The same of one that a line on the ticket is of.
pub(super) fn still_sold(product: &Record<Product>) -> Precondition {
    kept_as(known_ref(product.id), product, &IS_SOLD)
}

fn kept_as(of: RecordRef, product: &Record<Product>, names: &[&str]) -> Precondition {
    Precondition::kept(of, &format!("product {}", product.id), &product.raw, names)
}

/// A product for people.
pub(super) fn product_name(product: &Product) -> String {
    format!("{} (id {})", product.name, product.id)
}
