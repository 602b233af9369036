//! What runs elsewhere, makes a lot at once, and is shown by no GET: a script on a customer's machine, a ticket blueprint.
//! Nothing stops or undoes it, so that it is asked about, sent once and never again.

use serde_json::Value;

use super::guard::{Finding, Guard};
use super::rule::{Call, Env, Proposed, Rule, digits, gone};
use super::{body, on_ticket};
use crate::api::Method;
use crate::api::fields::{at, to_id};
use crate::api::ids::CustomerId;
use crate::error::{Error, Result};
use crate::render::preview::Sheet;
use crate::write::{
    Effect, Noun, Precondition, ReadSet, RecordId, RecordRef, Scope, Snapshot, field_shown,
};

/// What a script's request says, and what people call it.
const SAID: [(&str, &str); 3] = [("run_type", "Run"), ("next_time", "At"), ("freq", "Frequency")];

/// What a script's request may have besides, which is shown whole.
const OPTIONS: [&str; 2] = ["script_options", "mav_options"];

#[derive(Debug)]
enum NoUndo {
    /// A script that runs on an asset.
    Script { asset: u64 },
    /// The tickets of a blueprint, for a customer.
    Blueprint { id: u64, customer: CustomerId },
}

/// What a request sets off, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let rule = match (call.request.method, call.path().as_slice()) {
        (Method::Post, ["rmm", "public_scripts", asset, "schedule"]) => {
            NoUndo::Script { asset: digits(asset)? }
        }
        (Method::Post, ["ticket_blueprints", id, "apply"]) => NoUndo::Blueprint {
            id: digits(id)?,
            customer: CustomerId(body::number(&call.fields, "customer_id")?),
        },
        _ => return None,
    };
    Some(Box::new(rule))
}

impl Rule for NoUndo {
    fn record(&self) -> Option<RecordRef> {
        match self {
            Self::Script { asset } => Some(Noun::Asset.record(RecordId::Id(*asset))),
            Self::Blueprint { .. } => None,
        }
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        let customer = match self {
            Self::Script { asset } => owner(found(seen, *asset)?),
            Self::Blueprint { customer, .. } => Some(*customer),
        };
        Ok(Scope { customer, ..Scope::default() })
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let record = self.record();
        let customer = match self {
            Self::Script { .. } => {
                record.as_ref().and_then(|of| seen.record(of)).map_or(scope.customer, owner)
            }
            Self::Blueprint { customer, .. } => Some(*customer),
        };
        record.iter().fold(on_ticket::of_customer(customer), ReadSet::record)
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let scope = self.scope(seen)?;
        let nobody = || Error::refused("the asset has no customer").nothing_written();
        let customer = on_ticket::read_customer(seen, scope.customer.ok_or_else(nobody)?)?;
        let sheet = Sheet::default();
        let (title, sheet, label, text) = match self {
            Self::Script { asset } => {
                let name = body::shown_name(found(seen, *asset)?);
                let script = call.fields.get("script_id").map_or_else(unnamed, field_shown);
                let sheet =
                    sheet.row("Asset", format!("{name} (id {asset})")).row("Script", &script);
                let label = format!("the run of script {script} on {name}");
                let text = format!(
                    "script {script} would run on {name}: the run cannot be checked or stopped"
                );
                (format!("Run script {script} on {name}"), said(sheet, call), label, text)
            }
            Self::Blueprint { id, .. } => {
                let label = format!("the tickets of blueprint {id}");
                let text = format!(
                    "blueprint {id} makes a ticket with all its child tickets, which nothing undoes"
                );
                let sheet = sheet.row("Blueprint", format!("id {id}"));
                let sheet = sheet.notice("Syncro may email the customer about the new tickets");
                (format!("Apply ticket blueprint {id}"), sheet, label, text)
            }
        };
        let disabled = on_ticket::disabled(&customer);
        let findings = std::iter::once(Finding::new(Guard::NoUndo, text)).chain(disabled).collect();
        let step =
            call.step("no_undo", format!("send {}", call.line()), Effect::Unverifiable { label });
        let step = match (self.record(), self) {
            (Some(of), Self::Script { asset }) => {
                let raw = found(seen, *asset)?;
                let names = ["name", "customer_id"];
                step.requires(Precondition::kept(of, "the asset", raw, &names).recheck())
            }
            _ => step,
        };
        let sheet = sheet.customer(&customer).by(env.me);
        let whose = Some(on_ticket::named(&customer));
        Ok(Proposed { title, sheet, findings, step, whose, scope })
    }
}

/// The asset that was read.
///
/// # Errors
/// Exit 3 where there is none.
fn found(seen: &Snapshot, id: u64) -> Result<&Value> {
    seen.record(&Noun::Asset.record(RecordId::Id(id))).ok_or_else(|| gone("asset", id))
}

fn owner(raw: &Value) -> Option<CustomerId> {
    to_id(at(raw, "customer_id")).map(CustomerId)
}

fn unnamed() -> String {
    "without an id".to_owned()
}

/// What the request says of the run.
fn said(sheet: Sheet, call: &Call) -> Sheet {
    let shown = |name: &str| call.fields.get(name).map(field_shown);
    let sheet = SAID.iter().fold(sheet, |sheet, (name, label)| sheet.maybe(label, shown(name)));
    OPTIONS
        .iter()
        .fold(sheet, |sheet, name| sheet.maybe(&crate::render::sentence(name), shown(name)))
}
