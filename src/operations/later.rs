//! Records of what an earlier step of the same plan makes: a new customer's contacts, and the parts of a new asset that its
//! POST ignores. There is nothing to read of them yet, and a token stands for the id.

use serde_json::Value;

use super::resource::Resource;
use super::rule::{Call, Env, Proposed};
use crate::api::ids::CustomerId;
use crate::error::{Error, Result};
use crate::render::preview::Sheet;
use crate::render::sentence;
use crate::write::{Collection, Effect, Field, RecordId, Scope, Step};

/// A record of a customer that an earlier step makes.
pub(super) fn create(
    resource: &Resource,
    call: &Call,
    env: &Env<'_>,
    list: &Collection,
) -> Result<Proposed> {
    let noun = resource.noun.label();
    list.customer().map_or(Ok(()), |id| made_before(env, id).map(|_| ()))?;
    let (effect, check) = resource.created(&call.fields, list);
    let said: Vec<String> = check.iter().map(Field::shows).collect();
    let said = said.join(", ");
    let effect = effect.check(check).shown_in(&format!("{noun}s"));
    let step = call.step(noun, format!("create the {noun} {said}"), effect).reports(&said);
    Ok(Proposed {
        title: format!("Create the {noun} {}", (resource.name)(&call.fields)),
        sheet: Sheet::default().row(&sentence(noun), said),
        whose: None,
        findings: Vec::new(),
        step,
        scope: Scope::default(),
    })
}

/// The rest of the fields of what an earlier step makes: nothing is there to compare them with. What every PUT sends
/// along says nothing new.
pub(super) fn complete(
    resource: &Resource,
    call: &Call,
    env: &Env<'_>,
    id: &RecordId,
) -> Result<Proposed> {
    let maker = made_before(env, id)?;
    let customer = maker.effect.collection().and_then(Collection::customer);
    let scope =
        Scope { customer: customer.and_then(RecordId::id).map(CustomerId), ..Scope::default() };
    let mut changes = Vec::new();
    let fields = call.fields.iter();
    let fields = fields.filter(|(name, _)| !resource.required.contains(&name.as_str()));
    for (name, value) in fields.clone() {
        match value {
            Value::Object(parts) => {
                changes.extend(parts.iter().map(|(key, value)| {
                    Field::called(&format!("{name}.{key}"), key, value.clone())
                }));
            }
            value => match resource.fields.iter().find(|field| field.name == name) {
                Some(field) => changes.push(field.expected(value)),
                None => changes.push(Field::called(name, name, value.clone())),
            },
        }
    }
    let names: Vec<&str> = fields.map(|(name, _)| name.as_str()).collect();
    let sheet = changes
        .iter()
        .fold(Sheet::default(), |sheet, change| sheet.row(&change.label, change.shows()));
    let says = changes.iter().map(Field::says).collect::<Vec<_>>().join("; ");
    let label = format!("{} {}", resource.noun.label(), names.join(", "));
    let effect = Effect::updated(resource.noun.record(id.clone()), &label, changes, &[]);
    let step = call.step(&names.join("_"), format!("set its {}", names.join(", ")), effect);
    Ok(Proposed {
        title: format!("Set the {} of the new {}", names.join(", "), resource.noun.label()),
        sheet,
        whose: None,
        findings: Vec::new(),
        step: step.reports(says),
        scope,
    })
}

/// The step before that makes the record which a token stands for.
///
/// # Errors
/// Exit 2 where there is none: nothing would ever take its place.
pub(super) fn made_before<'e>(env: &Env<'e>, id: &RecordId) -> Result<&'e Step> {
    let places = env.before.iter().enumerate().map(|(at, step)| {
        let named = env.before[..at].iter().filter(|other| other.name == step.name);
        (RecordId::nth(&step.name, named.count()), step)
    });
    let mut makers = places.filter(|(_, step)| step.effect.collection().is_some());
    makers.find(|(made, _)| made == id).map(|(_, step)| step).ok_or_else(|| {
        Error::usage(format!("{id} is the id of no record"))
            .nothing_sent()
            .hint("use the id of a record, in digits")
    })
}

/// Whether it is the list of a customer that an earlier step makes.
pub(super) fn is_later(list: &Collection) -> bool {
    matches!(list.customer(), Some(RecordId::Later(_)))
}
