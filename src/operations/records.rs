//! Customers and their records: create, update and delete, one implementation for every [`Resource`].

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::agreement::{CONTRACT, ESTIMATE, SCHEDULE};
use super::asset::ASSET;
use super::body;
use super::contact::CONTACT;
use super::customer::CUSTOMER;
use super::document_contents::brought;
use super::guard::Finding;
use super::later::{self, is_later};
use super::resource::{Removal, Resource};
use super::rule::{Call, Env, Proposed, Rule, Severe, gone, record_id};
use super::{comment, direct_invoice, on_ticket, sold};
use crate::api::fields::at;
use crate::api::ids::{CustomerId, ProductId};
use crate::api::resources::customers::Customer;
use crate::api::{Method, Record};
use crate::config::Settings;
use crate::error::Result;
use crate::render::preview::{Mailing, Sheet};
use crate::render::{article, in_brief, sentence};
use crate::write::{
    Collection, Effect, Field, Noun, Precondition, ReadSet, RecordId, RecordRef, Request, Scope,
    Snapshot, Step, Which, field_shown,
};

/// All kinds of record whose writes are known here.
const RESOURCES: [&Resource; 6] = [&CUSTOMER, &CONTACT, &ASSET, &ESTIMATE, &CONTRACT, &SCHEDULE];

/// What a guard tells of the records that it has looked through.
const TOLD: [&str; 6] = ["status", "contact_id", "is_paid", "name", "email", "paused"];

/// A write of a customer, or of a record of one.
#[derive(Debug)]
struct Records {
    resource: &'static Resource,
    act: Act,
    /// What the lines are made of that the body brings along.
    products: BTreeSet<ProductId>,
    /// What it names besides its customer.
    named: ReadSet,
}

#[derive(Debug)]
enum Act {
    /// One more in a list, and what is read beside it.
    Create { list: Collection, beside: ReadSet },
    /// A change, perhaps one that puts it out of use.
    Update { id: u64, retires: bool },
    /// What an earlier step has made gets the rest of its fields.
    Complete(RecordId),
    /// A removal.
    Delete(u64),
}

/// What a request does to such a record, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (folder, parts) = call.place()?;
    let resource = *RESOURCES.iter().find(|resource| resource.noun.folder() == Some(folder))?;
    let id = match parts.as_slice() {
        [] => None,
        [id] => Some(record_id(id)?),
        _ => return None,
    };
    let act = match (call.request.method, id) {
        (Method::Post, None) => Act::Create {
            list: (resource.list)(&call.fields)?,
            beside: (resource.alike_reads)(&call.fields),
        },
        (Method::Put | Method::Patch, Some(RecordId::Id(id))) => {
            Act::Update { id, retires: resource.retires(&call.fields) }
        }
        (Method::Put | Method::Patch, Some(id)) => Act::Complete(id),
        (Method::Delete, Some(RecordId::Id(id))) => Act::Delete(id),
        _ => return None,
    };
    let named = match act {
        Act::Create { .. } | Act::Update { .. } => {
            on_ticket::named_reads(&resource_fields(resource, call))
        }
        Act::Complete(_) | Act::Delete(_) => ReadSet::NOTHING,
    };
    Some(Box::new(Records { resource, act, products: sold::in_lines(call), named }))
}

/// What a body says, wrapped in its own name or not.
fn resource_fields(resource: &Resource, call: &Call) -> Map<String, Value> {
    body::inside(call.fields.clone(), resource.noun.label())
}

impl Rule for Records {
    fn record(&self) -> Option<RecordRef> {
        // A customer's own request says which it is.
        self.there().filter(|_| !self.resource.is_customer())
    }

    fn severe(&self) -> Option<Severe> {
        let Act::Delete(id) = self.act else {
            return None;
        };
        let what = self.resource.typed_again?;
        Some(Severe {
            of: self.resource.noun.record(RecordId::Id(id)),
            what,
            is: self.resource.name,
        })
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        let customer = match &self.act {
            Act::Create { list, .. } => list.customer().and_then(RecordId::id).map(CustomerId),
            Act::Update { id, .. } | Act::Delete(id) if self.resource.is_customer() => {
                Some(CustomerId(*id))
            }
            Act::Update { id, .. } | Act::Delete(id) => {
                self.resource.customer_of(self.found(seen, *id)?)
            }
            Act::Complete(_) => None,
        };
        Ok(Scope { customer, ..Scope::default() })
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let record = self.there();
        let shown = record.as_ref().and_then(|of| seen.record(of));
        let customer = match &self.act {
            Act::Create { list, .. } => list.customer().and_then(RecordId::id).map(CustomerId),
            _ => shown.map_or(scope.customer, |raw| self.resource.customer_of(raw)),
        };
        let is_shown = record.is_some() && self.resource.shows_customer;
        let named = customer.filter(|_| !is_shown).map(customer_ref);
        let needs = record.iter().chain(&named).fold(ReadSet::NOTHING, ReadSet::record);
        let products = sold::of_products(self.products.iter().copied());
        needs.and(self.guard_reads(customer)).and(products).and(self.named.clone())
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let today = env.now.to_zoned(env.settings.timezone.clone()).date();
        let sound = self.resource.sound;
        // A body that repeats what the record has is held to the API's rules, and asked nothing.
        let asked = sound(&call.fields, today)?;
        let against = asked.and(sound(&self.moved(call, seen), today)?);
        if !self.named.is_nothing() {
            let fields = resource_fields(self.resource, call);
            on_ticket::named_theirs(&fields, seen, self.scope(seen)?.customer)?;
        }
        let proposed = match &self.act {
            Act::Create { list, .. } => match list.customer() {
                Some(RecordId::Later(_)) => later::create(self.resource, call, env, list),
                Some(RecordId::Id(id)) => {
                    let of = CustomerId(*id);
                    let customer = seen.typed_record::<Customer>(&customer_ref(of));
                    let customer = customer.ok_or_else(|| gone("customer", *id))?;
                    let title = format!(
                        "Create {} of {}",
                        article(self.resource.noun.label()),
                        customer.name()
                    );
                    let sheet = Sheet::default().customer(&customer).by(env.me);
                    self.create(call, seen, (list, title, sheet))
                }
                None => {
                    let (noun, name) =
                        (self.resource.noun.label(), (self.resource.name)(&call.fields));
                    let sheet = Sheet::default().row(&sentence(noun), &name).by(env.me);
                    let title = format!("Create the {noun} {name}");
                    self.create(call, seen, (list, title, sheet))
                }
            },
            Act::Update { id, .. } => self.update(call, seen, env, *id),
            Act::Complete(id) => later::complete(self.resource, call, env, id),
            Act::Delete(id) => self.delete(call, seen, env, *id),
        };
        let mut proposed = proposed?;
        proposed.findings.extend(against);
        if let Act::Create { .. } = self.act {
            self.with_lines(call, env, &mut proposed)?;
        }
        let products = self.products.iter().copied();
        sold::selling(proposed, call, seen, (products, &sold::IS_SOLD))
    }
}

impl Records {
    fn guard_reads(&self, customer: Option<CustomerId>) -> ReadSet {
        match (&self.act, customer) {
            // What an earlier step has yet to make has none.
            (Act::Create { list, .. }, _) if is_later(list) => ReadSet::NOTHING,
            (Act::Create { list, beside }, _) => beside.clone().collection(list),
            (Act::Delete(_) | Act::Update { retires: true, .. }, Some(customer)) => {
                (self.resource.removal_reads)(customer)
            }
            _ => ReadSet::NOTHING,
        }
    }

    /// The step that rests on what its guard has looked through, too.
    fn guarded(&self, step: Step, seen: &Snapshot, customer: Option<CustomerId>) -> Step {
        let reads = self.guard_reads(customer);
        let lists = reads.lists().filter(|list| list.customer().is_some());
        lists.fold(step, |step, list| {
            let label = format!("{} of the customer", article(list.noun.label()));
            let listed = Precondition::some_listed((list, Which::All), label, seen, &TOLD);
            listed.into_iter().fold(step, Step::requires)
        })
    }

    /// What stands against a write that puts it out of use.
    fn removal(
        &self,
        seen: &Snapshot,
        customer: Option<CustomerId>,
        settings: &Settings,
    ) -> Removal {
        let id = match self.act {
            // One that is out of use already nobody asks about.
            Act::Update { id, retires: true } if !self.is_retired(seen, id) => id,
            Act::Delete(id) => id,
            _ => return Removal::default(),
        };
        let removal = |customer: CustomerId| (self.resource.removal)(seen, customer, id, settings);
        customer.map(removal).unwrap_or_default()
    }

    /// The record that is there already.
    fn there(&self) -> Option<RecordRef> {
        match self.act {
            Act::Update { id, .. } | Act::Delete(id) => {
                Some(self.resource.noun.record(RecordId::Id(id)))
            }
            Act::Create { .. } | Act::Complete(_) => None,
        }
    }

    fn is_retired(&self, seen: &Snapshot, id: u64) -> bool {
        let raw = seen.record(&self.resource.noun.record(RecordId::Id(id)));
        raw.is_some_and(|raw| self.resource.is_retired(raw))
    }

    fn create(
        &self,
        call: &Call,
        seen: &Snapshot,
        (list, title, mut sheet): (&Collection, String, Sheet),
    ) -> Result<Proposed> {
        let scope = self.scope(seen)?;
        let noun = self.resource.noun.label();
        let (effect, check) = self.resource.created(&call.fields, list);
        for field in &check {
            sheet = sheet.row(&sentence(&field.label), field.shows());
        }
        let alike = (self.resource.alike)(seen, list, &call.fields);
        sheet = alike.similar.iter().fold(sheet, Sheet::line);
        for name in self.resource.ignored.iter().filter(|name| call.fields.contains_key(**name)) {
            let noun = article(noun);
            sheet = sheet.notice(format!("Syncro ignores {name} when {noun} is created"));
        }
        let sheet = sheet.all_notices(&opened(self.resource, &call.fields));
        let name = (self.resource.name)(&call.fields);
        let step =
            call.step(noun, format!("create the {noun} {name}"), effect.check(check)).reports(name);
        let mut findings = Vec::from_iter(alike.same);
        let customer = scope.customer.and_then(|id| seen.typed_record(&customer_ref(id)));
        findings.extend(customer.as_ref().and_then(|customer| on_ticket::disabled(customer)));
        findings.extend(self.opted_out(call, customer.as_ref()));
        let whose = customer.as_ref().map(on_ticket::named);
        let step = self.guarded(step, seen, scope.customer);
        let enabled = customer.as_ref().and_then(on_ticket::as_enabled);
        let step = enabled.into_iter().fold(step, Step::requires);
        Ok(Proposed { title, sheet, whose, findings, step, scope })
    }

    /// Shows the lines that a new estimate or schedule brings along, and what stands against them.
    fn with_lines(&self, call: &Call, env: &Env<'_>, proposed: &mut Proposed) -> Result<()> {
        let lines = brought(call)?;
        if lines.is_empty() {
            return Ok(());
        }
        let sheet = std::mem::take(&mut proposed.sheet);
        proposed.sheet = lines.iter().fold(sheet, |sheet, line| line.shown(sheet));
        let what = format!("the {}", self.resource.noun.label());
        proposed.findings.extend(direct_invoice::against(&lines, &what, env));
        Ok(())
    }

    /// What a body says otherwise than the record.
    fn moved(&self, call: &Call, seen: &Snapshot) -> Map<String, Value> {
        let mut fields = body::inside(call.fields.clone(), self.resource.noun.label());
        if let Act::Update { id, .. } = &self.act
            && let Ok(raw) = self.found(seen, *id)
        {
            fields.retain(|name, value| at(raw, name) != value);
        }
        fields
    }

    fn update(&self, call: &Call, seen: &Snapshot, env: &Env<'_>, id: u64) -> Result<Proposed> {
        let resource = self.resource;
        let raw = &with_parts(self.found(seen, id)?, resource.whole);
        let what = format!("{} {}", resource.noun.label(), resource.called(raw));
        let mut request = call.request.clone();
        if !env.as_typed {
            fill_parts(&mut request, raw, resource.whole);
        }
        let fields = body::fields(&request);
        let customer = resource.customer_of(raw);
        if resource.stays {
            let fields = body::inside(fields.clone(), resource.noun.label());
            on_ticket::stays(&fields, &what, customer)?;
        }
        let (changes, unseen) = body::changes_of(&fields, raw, resource.fields);
        let names: Vec<&str> = resource.kept().collect();
        let kept = body::kept(&fields, raw, &names);
        let mut sheet = self.which(seen, raw, id).by(env.me);
        for change in &changes {
            sheet = sheet.row("Change", change.says());
        }
        let sheet = sheet.all_notices(&body::notices(&fields, raw, &unseen));
        let sheet = sheet.all_notices(&opened(resource, &fields));
        let says: Vec<String> = changes.iter().map(Field::says).collect();
        if let Some(Value::Object(body)) = &mut request.body {
            if !env.as_typed {
                body.retain(|name, _| self.changes_by(&changes, name));
            }
            body.extend(kept);
        }
        // What is sent along and what is replaced with its part must be as it was previewed.
        let sent = body::fields(&request);
        let parts = resource.whole.iter().filter(|part| sent.contains_key(**part));
        let head = self.shown().filter(|_| !resource.is_customer());
        let rests_on: Vec<&str> = names.iter().chain(parts).copied().chain(head).collect();
        let of = resource.noun.record(RecordId::Id(id));
        let effect = Effect::updated(of, &what, changes, resource.side_effects);
        let name = format!("update_{}", resource.noun.label());
        let mut step = call
            .step(&name, format!("change {what}: {}", in_brief(&says)), effect)
            .reports(says.join("; "))
            .requires_unchanged(raw, &rests_on);
        step.request = request;
        step.effect.settle(unseen);
        let removal = self.removal(seen, customer, env.settings);
        let opted_out = self.opted_out(call, self.owner(seen, raw).as_ref());
        Ok(Proposed {
            title: format!("Change {what}"),
            sheet: sheet.all_notices(&removal.notices),
            whose: self.whose(seen, raw, id),
            findings: removal.findings.into_iter().chain(opted_out).collect(),
            step: self.guarded(step, seen, customer),
            scope: self.scope(seen)?,
        })
    }

    /// The question about a record that emails a customer who wants no email.
    fn opted_out(&self, call: &Call, customer: Option<&Record<Customer>>) -> Option<Finding> {
        let fields = body::inside(call.fields.clone(), self.resource.noun.label());
        self.resource.emails.filter(|name| body::may_be_yes(&fields, name))?;
        let customer = customer?;
        comment::opted_out(None, customer, &Mailing::to(None, customer))
    }

    /// Whether a field of the body is one of the changes.
    fn changes_by(&self, changes: &[Field], name: &str) -> bool {
        let field = self.resource.fields.iter().find(|field| field.name == name);
        let path = field.map_or(name, |field| field.shown);
        let inside =
            |change: &str| change.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        changes.iter().any(|change| change.path == path || inside(&change.path))
    }

    fn delete(&self, call: &Call, seen: &Snapshot, env: &Env<'_>, id: u64) -> Result<Proposed> {
        let resource = self.resource;
        let raw = self.found(seen, id)?;
        let what = format!("{} {}", resource.noun.label(), resource.called(raw));
        let telling = resource.fields.iter().filter(|field| resource.telling.contains(&field.name));
        let rows = telling.map(|field| field.expected(at(raw, field.shown)));
        let said = rows.filter(|field| field_shown(&field.expected) != field_shown(&Value::Null));
        let sheet = said.fold(self.which(seen, raw, id), |sheet, field| {
            sheet.row(&sentence(&field.label), field.shows())
        });
        let of = resource.noun.record(RecordId::Id(id));
        let effect = Effect::Deleted { of: of.clone(), label: what.clone() };
        let told = resource.fields.iter().filter(|field| resource.telling.contains(&field.name));
        let named: Vec<&str> = told.map(|field| field.shown).chain(self.shown()).collect();
        let step = call
            .step(&format!("delete_{}", resource.noun.label()), format!("delete {what}"), effect)
            .requires(Precondition::kept(of, &what, raw, &named).recheck());
        let customer = self.resource.customer_of(raw);
        let removal = self.removal(seen, customer, env.settings);
        Ok(Proposed {
            title: format!("Delete {what}"),
            sheet: sheet.by(env.me).row("Delete", "for good").all_notices(&removal.notices),
            whose: self.whose(seen, raw, id),
            findings: removal.findings,
            step: self.guarded(step, seen, customer),
            scope: self.scope(seen)?,
        })
    }

    /// What the head of a preview shows of a record, whatever is done to it: what it is called, and whose it is.
    fn shown(&self) -> impl Iterator<Item = &'static str> {
        let identifies = self.resource.fields.iter().filter(|field| field.identifies);
        identifies.map(|field| field.shown).chain(["customer_id"])
    }

    /// That whose it is is still called so.
    fn whose(&self, seen: &Snapshot, raw: &Value, id: u64) -> Option<Precondition> {
        if let Some(customer) = self.owner(seen, raw) {
            return Some(on_ticket::named(&customer));
        }
        let of = self.resource.noun.record(RecordId::Id(id));
        on_ticket::named_in(of, &format!("{} {id}", self.resource.noun.label()), raw)
    }

    /// Whose it is, where that record was read.
    fn owner(&self, seen: &Snapshot, raw: &Value) -> Option<Record<Customer>> {
        seen.typed_record(&customer_ref(self.resource.customer_of(raw)?))
    }

    /// The record that it changes or deletes.
    fn found<'s>(&self, seen: &'s Snapshot, id: u64) -> Result<&'s Value> {
        let record = seen.record(&self.resource.noun.record(RecordId::Id(id)));
        record.ok_or_else(|| gone(self.resource.noun.label(), id))
    }

    /// Which record it is, and whose.
    fn which(&self, seen: &Snapshot, raw: &Value, id: u64) -> Sheet {
        let name = self.resource.called(raw);
        let noun = self.resource.noun.label();
        let sheet = Sheet::default().row(&sentence(noun), format!("{name} (id {id})"));
        if self.resource.is_customer() {
            return sheet;
        }
        let shown = || Record::<Customer>::read(raw.get("customer")?.clone()).ok();
        match self.owner(seen, raw).or_else(shown) {
            Some(customer) => sheet.customer(&customer),
            None => {
                let customer = self.resource.customer_of(raw);
                sheet.maybe("Customer", customer.map(|id| format!("id {id}")))
            }
        }
    }
}

/// What a body opens to somebody, for a preview.
fn opened(resource: &Resource, fields: &Map<String, Value>) -> Vec<String> {
    let opens = resource.opens.iter().filter(|name| body::may_be_yes(fields, name));
    opens.map(|name| format!("{name} gives access to the customer portal")).collect()
}

/// The record with all its parts, empty ones too: a part of a body must not be taken for the record's own name.
fn with_parts(raw: &Value, parts: &[&str]) -> Value {
    let mut raw = raw.clone();
    if let Value::Object(members) = &mut raw {
        for part in parts {
            members.entry(*part).or_insert(Value::Null);
        }
    }
    raw
}

/// Adds to the parts of a body what the record has in them: a server that replaces and one that merges then do the same.
fn fill_parts(request: &mut Request, raw: &Value, parts: &[&str]) {
    for part in parts {
        let given = request.body.as_mut().and_then(|body| body.get_mut(*part));
        if let (Some(Value::Object(given)), Value::Object(there)) = (given, &raw[*part]) {
            for (name, value) in there {
                given.entry(name).or_insert_with(|| value.clone());
            }
        }
    }
}

fn customer_ref(id: CustomerId) -> RecordRef {
    Noun::Customer.record(id)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
#[path = "records_tests.rs"]
mod tests;
