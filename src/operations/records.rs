//! Records of customers: create, update and delete, one implementation for every [`Resource`].

use serde_json::Value;

use super::body;
use super::contact::CONTACT;
use super::guard::Finding;
use super::resource::Resource;
use super::rule::{Call, Env, Proposed, Rule, digits, gone};
use crate::api::Method;
use crate::api::fields::{at, to_id};
use crate::api::ids::CustomerId;
use crate::api::resources::customers::Customer;
use crate::error::{Error, Result};
use crate::render::preview::Sheet;
use crate::render::sentence;
use crate::write::{
    Change, Effect, Field, Noun, Precondition, ReadSet, RecordId, RecordRef, Scope, Snapshot,
    field_shown,
};

/// All kinds of record whose writes are known here.
const RESOURCES: [&Resource; 1] = [&CONTACT];

/// A write of a record of a customer.
#[derive(Debug)]
struct Records {
    resource: &'static Resource,
    act: Act,
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Create(CustomerId),
    Update(u64),
    Delete(u64),
}

/// What a request does to a record of a customer, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (folder, id) = match call.path().as_slice() {
        [folder] => (*folder, None),
        [folder, id] => (*folder, Some(digits(id)?)),
        _ => return None,
    };
    let resource = *RESOURCES.iter().find(|resource| resource.path == folder)?;
    let act = match (call.request.method, id) {
        (Method::Post, None) => Act::Create(CustomerId(body::number(&call.fields, "customer_id")?)),
        (Method::Put | Method::Patch, Some(id)) => Act::Update(id),
        (Method::Delete, Some(id)) => Act::Delete(id),
        _ => return None,
    };
    Some(Box::new(Records { resource, act }))
}

impl Rule for Records {
    fn record(&self) -> Option<RecordRef> {
        match self.act {
            Act::Create(_) => None,
            Act::Update(id) | Act::Delete(id) => Some(self.resource.noun.record(RecordId::Id(id))),
        }
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        let customer = match self.act {
            Act::Create(customer) => Some(customer),
            Act::Update(id) | Act::Delete(id) => customer_of(self.found(seen, id)?),
        };
        Ok(Scope { customer, ..Scope::default() })
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let record = self.record();
        let shown = record.as_ref().and_then(|of| seen.record(of));
        let customer = match self.act {
            Act::Create(customer) => Some(customer),
            _ => shown.map_or(scope.customer, customer_of),
        };
        let needs = record.iter().fold(ReadSet::NOTHING, ReadSet::record);
        let needs = customer.map_or(needs.clone(), |id| needs.record(&customer_ref(id)));
        needs.and(self.guard_reads(customer))
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        match self.act {
            Act::Create(customer) => self.create(call, seen, env, customer),
            Act::Update(id) => self.update(call, seen, env, id),
            Act::Delete(id) => self.delete(call, seen, env, id),
        }
    }

    fn guard_reads(&self, customer: Option<CustomerId>) -> ReadSet {
        match (self.act, customer) {
            (Act::Create(id), _) => {
                ReadSet::NOTHING.collection(&(self.resource.collection)(id.into()))
            }
            (Act::Delete(_), Some(customer)) => (self.resource.removal_reads)(customer),
            _ => ReadSet::NOTHING,
        }
    }

    fn findings(&self, call: &Call, seen: &Snapshot, customer: Option<CustomerId>) -> Vec<Finding> {
        let found = match (self.act, customer) {
            (Act::Create(id), _) => {
                let there = seen.records(&(self.resource.collection)(id.into()));
                (self.resource.alike)(&there, &call.fields)
            }
            (Act::Delete(id), Some(customer)) => (self.resource.removal)(seen, customer, id),
            _ => None,
        };
        found.into_iter().collect()
    }
}

impl Records {
    fn create(
        &self,
        call: &Call,
        seen: &Snapshot,
        env: &Env<'_>,
        id: CustomerId,
    ) -> Result<Proposed> {
        let noun = self.resource.noun.label();
        let customer = seen.typed_record::<Customer>(&customer_ref(id));
        let customer = customer.ok_or_else(|| gone("customer", id.0))?;
        let given = self.resource.fields.iter().filter_map(|field| {
            let to = call.fields.get(field.name)?;
            Some((field, field.expected(to)))
        });
        let mut like = vec![Field::called("customer_id", "customer", id.0)];
        let mut check = Vec::new();
        let mut sheet = Sheet::default().customer(&customer).by(env.me);
        for (field, expected) in given {
            sheet = sheet.row(&sentence(field.label), field_shown(&expected.expected));
            like.extend(field.identifies.then(|| expected.clone()));
            check.push(expected);
        }
        let collection = (self.resource.collection)(id.into());
        let effect = Effect::created(collection).like(like).check(check);
        let name = body::said(&call.fields, "name").unwrap_or(noun);
        let step = call.step(noun, format!("make the {noun} {name}"), effect).reports(name);
        Ok(Proposed {
            title: format!("Create a {noun} of {}", customer.name()),
            sheet,
            whose: None,
            findings: self.findings(call, seen, Some(id)),
            step,
            scope: Scope::of_customer(id),
        })
    }

    fn update(&self, call: &Call, seen: &Snapshot, env: &Env<'_>, id: u64) -> Result<Proposed> {
        let resource = self.resource;
        let raw = self.found(seen, id)?;
        let what = format!("{} {}", resource.noun.label(), body::shown_name(raw));
        let (changes, unseen) = body::changes_of(&call.fields, raw, resource.fields);
        let names: Vec<&str> = resource.kept().collect();
        let kept = body::kept(&call.fields, raw, &names);
        let mut sheet = self.which(seen, raw, id).by(env.me);
        for change in &changes {
            sheet = sheet.row("Change", change.says());
        }
        let notices = body::notices(&call.fields, raw, &unseen);
        let sheet = sheet.all_notices(&notices);
        // What is sent along and what is replaced with its part must be as it was previewed.
        let parts = resource.whole.iter().filter(|part| call.fields.contains_key(**part));
        let rests_on: Vec<&str> = names.iter().chain(parts).copied().collect();
        let says = changes.iter().map(Change::says).collect::<Vec<_>>().join("; ");
        let mut request = call.request.clone();
        if let Some(Value::Object(body)) = &mut request.body {
            if !env.as_typed {
                body.retain(|name, _| self.changes_by(&changes, name));
            }
            body.extend(kept);
        }
        let of = resource.noun.record(RecordId::Id(id));
        let effect = Effect::updated(of, &what, changes, resource.side_effects);
        let name = format!("update_{}", resource.noun.label());
        let mut step = call
            .step(&name, format!("change {what}: {says}"), effect)
            .reports(says)
            .requires_unchanged(raw, &rests_on);
        step.request = request;
        step.effect.settle(unseen).map_err(Error::refused)?;
        Ok(Proposed {
            title: format!("Change {what}"),
            sheet,
            whose: None,
            findings: Vec::new(),
            step,
            scope: self.scope(seen)?,
        })
    }

    /// Whether a field of the body is one of the changes.
    fn changes_by(&self, changes: &[Change], name: &str) -> bool {
        let field = self.resource.fields.iter().find(|field| field.name == name);
        let path = field.map_or(name, |field| field.shown);
        changes.iter().any(|change| change.path == path)
    }

    fn delete(&self, call: &Call, seen: &Snapshot, env: &Env<'_>, id: u64) -> Result<Proposed> {
        let resource = self.resource;
        let raw = self.found(seen, id)?;
        let what = format!("{} {}", resource.noun.label(), body::shown_name(raw));
        let telling = resource.fields.iter().filter(|field| resource.telling.contains(&field.name));
        let rows = telling.map(|field| (sentence(field.label), field_shown(at(raw, field.shown))));
        let said = rows.filter(|(_, text)| text != &field_shown(&Value::Null));
        let sheet =
            said.fold(self.which(seen, raw, id), |sheet, (label, text)| sheet.row(&label, text));
        let of = resource.noun.record(RecordId::Id(id));
        let effect = Effect::Deleted { of: of.clone(), label: what.clone() };
        let named = resource.fields.iter().filter(|field| field.identifies);
        let named: Vec<&str> = named.map(|field| field.shown).chain(["customer_id"]).collect();
        let step = call
            .step(&format!("delete_{}", resource.noun.label()), format!("delete {what}"), effect)
            .requires(Precondition::kept(of, &what, raw, &named).recheck());
        Ok(Proposed {
            title: format!("Delete {what}"),
            sheet: sheet.by(env.me).row("Delete", "for good"),
            whose: None,
            findings: self.findings(call, seen, customer_of(raw)),
            step,
            scope: self.scope(seen)?,
        })
    }

    /// The record that it changes or deletes.
    fn found<'s>(&self, seen: &'s Snapshot, id: u64) -> Result<&'s Value> {
        let record = seen.record(&self.resource.noun.record(RecordId::Id(id)));
        record.ok_or_else(|| gone(self.resource.noun.label(), id))
    }

    /// Which record it is, and whose.
    fn which(&self, seen: &Snapshot, raw: &Value, id: u64) -> Sheet {
        let name = body::shown_name(raw);
        let sheet = Sheet::default()
            .row(&sentence(self.resource.noun.label()), format!("{name} (id {id})"));
        let customer = customer_of(raw);
        match customer.and_then(|id| seen.typed_record::<Customer>(&customer_ref(id))) {
            Some(customer) => sheet.customer(&customer),
            None => sheet.maybe("Customer", customer.map(|id| format!("id {id}"))),
        }
    }
}

fn customer_of(raw: &Value) -> Option<CustomerId> {
    to_id(at(raw, "customer_id")).map(CustomerId)
}

fn customer_ref(id: CustomerId) -> RecordRef {
    Noun::Customer.record(id)
}
