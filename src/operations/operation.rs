//! Operations: a request of which it is known what it does. From the request alone follows what must be read, and from
//! that, without a request, everything that is to be shown, asked and checked.

use serde_json::{Map, Value};

use super::body;
use super::contact::CONTACT;
use super::guard::Finding;
use super::resource::Resource;
use crate::api::Method;
use crate::api::fields::{at, to_id};
use crate::api::ids::CustomerId;
use crate::api::resources::customers::Customer;
use crate::api::resources::users::Me;
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::render::sentence;
use crate::write::{
    Change, Effect, Field, Precondition, ReadSet, RecordId, RecordRef, Request, Scope, Snapshot,
    Step, field_shown,
};

/// All kinds of record whose writes are known here.
const RESOURCES: [&Resource; 1] = [&CONTACT];

/// A request of which it is known what it does.
#[derive(Debug, Clone)]
pub struct Operation {
    resource: &'static Resource,
    act: Act,
    request: Request,
    /// What the request says of the record, in its query and its body.
    fields: Map<String, Value>,
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Create(CustomerId),
    Update(u64),
    Delete(u64),
}

/// What a proposal depends on besides the request and what was read.
#[derive(Debug, Clone, Copy)]
pub struct Env<'e> {
    /// Whose key it is.
    pub me: &'e Me,
    /// Whether the request is sent as it was typed; else what would change nothing is left out.
    pub as_typed: bool,
}

/// What an operation comes to.
#[derive(Debug)]
pub struct Proposed {
    /// What it does, in a line.
    pub title: String,
    /// What is shown of it.
    pub sheet: Sheet,
    /// What the guards found.
    pub findings: Vec<Finding>,
    /// What is sent, what it makes true and what it rests on.
    pub step: Step,
    /// What it is about.
    pub scope: Scope,
}

impl Operation {
    /// What a request does; none where that is not known here.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        let path = request.path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let (folder, id) = match parts.as_slice() {
            [folder] => (*folder, None),
            // A server may read an id that is not digits alone in another way.
            [folder, id] if id.bytes().all(|byte| byte.is_ascii_digit()) => {
                (*folder, Some(id.parse().ok()?))
            }
            _ => return None,
        };
        let resource = *RESOURCES.iter().find(|resource| resource.path == folder)?;
        let fields = body::fields(request);
        let act = match (request.method, id) {
            (Method::Post, None) => Act::Create(CustomerId(body::number(&fields, "customer_id")?)),
            (Method::Put | Method::Patch, Some(id)) => Act::Update(id),
            (Method::Delete, Some(id)) => Act::Delete(id),
            _ => return None,
        };
        Some(Self { resource, act, request: request.clone(), fields })
    }

    /// The record that it changes or deletes.
    #[must_use]
    pub fn record(&self) -> Option<RecordRef> {
        match self.act {
            Act::Create(_) => None,
            Act::Update(id) | Act::Delete(id) => Some((self.resource.record)(RecordId::Id(id))),
        }
    }

    /// What it is about, once its record was read.
    ///
    /// # Errors
    /// Exit 3 when there is no such record.
    pub fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        let customer = match self.act {
            Act::Create(customer) => Some(customer),
            Act::Update(id) | Act::Delete(id) => customer_of(self.found(seen, id)?),
        };
        Ok(Scope { customer, ..Scope::default() })
    }

    /// What must be read before it is proposed, as far as that is known by now: asked again until nothing more is
    /// needed. `customer` is whose the record was when it was found.
    #[must_use]
    pub fn reads(&self, seen: &Snapshot, customer: Option<CustomerId>) -> ReadSet {
        let record = self.record();
        let shown = record.as_ref().and_then(|of| seen.record(of));
        let customer = match self.act {
            Act::Create(customer) => Some(customer),
            _ => shown.map_or(customer, customer_of),
        };
        let needs = record.iter().fold(ReadSet::NOTHING, ReadSet::record);
        let needs = customer.map_or(needs.clone(), |id| needs.record(&customer_ref(id)));
        needs.and(self.guard_reads(customer))
    }

    /// What its guards need of a customer.
    #[must_use]
    pub fn guard_reads(&self, customer: Option<CustomerId>) -> ReadSet {
        match (self.act, customer) {
            (Act::Create(id), _) => {
                ReadSet::NOTHING.collection(&(self.resource.collection)(id.into()))
            }
            (Act::Delete(_), Some(customer)) => (self.resource.removal_reads)(customer),
            _ => ReadSet::NOTHING,
        }
    }

    /// What its guards find in what was read.
    #[must_use]
    pub fn findings(&self, seen: &Snapshot, customer: Option<CustomerId>) -> Vec<Finding> {
        let found = match (self.act, customer) {
            (Act::Create(id), _) => {
                let there = seen.records(&(self.resource.collection)(id.into()));
                (self.resource.alike)(&there, &self.fields)
            }
            (Act::Delete(id), Some(customer)) => (self.resource.removal)(seen, customer, id),
            _ => None,
        };
        found.into_iter().collect()
    }

    /// What it comes to, by what was read.
    ///
    /// # Errors
    /// Exit 3 for a record that is not there, exit 5 where nothing would change.
    pub fn propose(&self, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let proposed = match self.act {
            Act::Create(customer) => self.create(seen, env, customer),
            Act::Update(id) => self.update(seen, env, id),
            Act::Delete(id) => self.delete(seen, env, id),
        }?;
        Ok(if env.as_typed { self.as_typed(proposed) } else { proposed })
    }

    fn create(&self, seen: &Snapshot, env: &Env<'_>, id: CustomerId) -> Result<Proposed> {
        let noun = self.resource.noun;
        let customer = seen.typed_record::<Customer>(&customer_ref(id));
        let customer = customer.ok_or_else(|| gone("customer", id.0))?;
        let given = self.resource.fields.iter().filter_map(|field| {
            let to = self.fields.get(field.name)?;
            Some((field, field.expected(to)))
        });
        let mut like = vec![Field::called("customer_id", "customer", id.0)];
        let mut check = Vec::new();
        let mut sheet = self.begin(env).customer(&customer).by(env.me);
        for (field, expected) in given {
            sheet = sheet.row(&sentence(field.label), field_shown(&expected.expected));
            like.extend(field.identifies.then(|| expected.clone()));
            check.push(expected);
        }
        let effect = Effect::Created {
            collection: (self.resource.collection)(id.into()),
            label: noun.to_owned(),
            member: noun.to_owned(),
            like,
            check,
            totals: None,
            by: None,
            wrapper: Some(noun.to_owned()),
        };
        let name = body::said(&self.fields, "name").unwrap_or(noun);
        let step = self.step(noun, format!("make the {noun} {name}"), effect).reports(name);
        Ok(Proposed {
            title: format!("Create a {noun} of {}", customer.name()),
            sheet,
            findings: self.findings(seen, Some(id)),
            step,
            scope: Scope::of_customer(id),
        })
    }

    fn update(&self, seen: &Snapshot, env: &Env<'_>, id: u64) -> Result<Proposed> {
        let resource = self.resource;
        let raw = self.found(seen, id)?;
        let what = format!("{} {}", resource.noun, body::shown_name(raw));
        let (changes, unseen) = body::changes_of(&self.fields, raw, resource.fields);
        let names: Vec<&str> = resource.kept().collect();
        let kept = body::kept(&self.fields, raw, &names);
        let mut sheet = self.which(seen, env, raw, id).by(env.me);
        for change in &changes {
            sheet = sheet.row("Change", change.says());
        }
        let notices = body::notices(&self.fields, raw, &unseen);
        let sheet = sheet.all_notices(&notices);
        // What is sent along and what is replaced with its part must be as it was previewed.
        let parts = resource.whole.iter().filter(|part| self.fields.contains_key(**part));
        let rests_on: Vec<&str> = names.iter().chain(parts).copied().collect();
        let says = changes.iter().map(Change::says).collect::<Vec<_>>().join("; ");
        let mut request = self.request.clone();
        if let Some(Value::Object(body)) = &mut request.body {
            if !env.as_typed {
                body.retain(|name, _| self.changes_by(&changes, name));
            }
            body.extend(kept);
        }
        let of = (resource.record)(RecordId::Id(id));
        let effect = Effect::updated(of, &what, changes, resource.side_effects);
        let name = format!("update_{}", resource.noun);
        let mut step = self
            .step(&name, format!("change {what}: {says}"), effect)
            .reports(says)
            .requires_unchanged(raw, &rests_on);
        step.request = request;
        step.effect.settle(unseen).map_err(Error::refused)?;
        Ok(Proposed {
            title: format!("Change {what}"),
            sheet,
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

    fn delete(&self, seen: &Snapshot, env: &Env<'_>, id: u64) -> Result<Proposed> {
        let resource = self.resource;
        let raw = self.found(seen, id)?;
        let what = format!("{} {}", resource.noun, body::shown_name(raw));
        let telling = resource.fields.iter().filter(|field| resource.telling.contains(&field.name));
        let rows = telling.map(|field| (sentence(field.label), field_shown(at(raw, field.shown))));
        let said = rows.filter(|(_, text)| text != &field_shown(&Value::Null));
        let sheet = said
            .fold(self.which(seen, env, raw, id), |sheet, (label, text)| sheet.row(&label, text));
        let of = (resource.record)(RecordId::Id(id));
        let effect = Effect::Deleted { of: of.clone(), label: what.clone() };
        let named = resource.fields.iter().filter(|field| field.identifies);
        let named: Vec<&str> = named.map(|field| field.shown).chain(["customer_id"]).collect();
        let step = self
            .step(&format!("delete_{}", resource.noun), format!("delete {what}"), effect)
            .requires(Precondition::kept(of, &what, raw, &named).recheck());
        Ok(Proposed {
            title: format!("Delete {what}"),
            sheet: sheet.by(env.me).row("Delete", "for good"),
            findings: self.findings(seen, customer_of(raw)),
            step,
            scope: self.scope(seen)?,
        })
    }

    fn step(&self, name: &str, description: String, effect: Effect) -> Step {
        Step::of(name, description, self.request.clone(), effect)
    }

    /// The record that it changes or deletes.
    fn found<'s>(&self, seen: &'s Snapshot, id: u64) -> Result<&'s Value> {
        let record = seen.record(&(self.resource.record)(RecordId::Id(id)));
        record.ok_or_else(|| gone(self.resource.noun, id))
    }

    /// How its preview begins.
    fn begin(&self, env: &Env<'_>) -> Sheet {
        let line = env.as_typed.then(|| self.line());
        Sheet::default().maybe("Sends", line)
    }

    /// Which record it is, and whose.
    fn which(&self, seen: &Snapshot, env: &Env<'_>, raw: &Value, id: u64) -> Sheet {
        let name = body::shown_name(raw);
        let sheet = self.begin(env).row(&sentence(self.resource.noun), format!("{name} (id {id})"));
        let customer = customer_of(raw);
        match customer.and_then(|id| seen.typed_record::<Customer>(&customer_ref(id))) {
            Some(customer) => sheet.customer(&customer),
            None => sheet.maybe("Customer", customer.map(|id| format!("id {id}"))),
        }
    }

    fn line(&self) -> String {
        format!("{} {}", self.request.method.name(), self.request.path)
    }

    /// The same with all that is sent, by the names that were typed.
    fn as_typed(&self, mut proposed: Proposed) -> Proposed {
        for (name, value) in &self.fields {
            proposed.sheet = proposed.sheet.row(name, field_shown(value));
        }
        let sent = proposed.step.request.body.as_ref().and_then(Value::as_object);
        for (name, value) in sent.into_iter().flatten() {
            if !self.fields.contains_key(name) {
                let shown = field_shown(value);
                let text = format!("{shown} (unchanged; sent because Syncro may reset it)");
                proposed.sheet = proposed.sheet.row(name, text);
            }
        }
        proposed.title = format!("{}: {}", self.line(), proposed.title);
        "api".clone_into(&mut proposed.step.name);
        proposed
    }
}

fn customer_of(raw: &Value) -> Option<CustomerId> {
    to_id(at(raw, "customer_id")).map(CustomerId)
}

fn customer_ref(id: CustomerId) -> RecordRef {
    RecordRef::Customer(id.into())
}

fn gone(noun: &str, id: u64) -> Error {
    Error::new(Kind::NotFound, format!("there is no {noun} {id}; nothing was written"))
}
