//! What a ticket has beside its conversation, its time and its money, a line each: parent, assets, tags, SLA, contract,
//! properties and files. In any form that an account has them; what there is none of has no line.

use serde_json::Value;

use super::sheet::Sheet;
use crate::api::fields::{at, may_be_yes};

impl Sheet<'_> {
    /// The lines of a ticket, by its own page.
    pub(super) fn parts(&mut self, ticket: &Value) {
        for (label, text) in [
            ("Parent", parent(ticket)),
            ("Assets", assets(ticket)),
            ("Tags", texts(&ticket["tag_list"]).join(", ")),
            ("SLA", sla(ticket)),
            ("Contract", contract(ticket)),
            ("Properties", properties(&ticket["properties"])),
            ("Attached", named(&ticket["attachments"], &["file_name", "filename", "name"])),
        ] {
            self.said(label, &text);
        }
    }
}

fn parent(ticket: &Value) -> String {
    let number = text(at(ticket, "parent.number"));
    let id = text(at(ticket, "parent_id"));
    match (number.is_empty(), id.is_empty()) {
        (false, _) => format!("#{number}"),
        (true, false) => format!("id:{id}"),
        (true, true) => String::new(),
    }
}

/// The assets by name, else by id.
fn assets(ticket: &Value) -> String {
    let named = named(&ticket["assets"], &["name", "asset_serial"]);
    if named.is_empty() { texts(&ticket["asset_ids"]).join(", ") } else { named }
}

fn sla(ticket: &Value) -> String {
    let breached = may_be_yes(&ticket["sla_breached"]).then(|| "breached".to_owned());
    let parts = [Some(text(&ticket["sla_name"])), breached].into_iter().flatten();
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn contract(ticket: &Value) -> String {
    let name = text(&ticket["contract_name"]);
    let id = text(at(ticket, "contract_id"));
    match (name.is_empty(), id.is_empty()) {
        (true, true) => String::new(),
        (false, true) => name,
        (true, false) => format!("id {id}"),
        (false, false) => format!("{name} (id {id})"),
    }
}

fn properties(properties: &Value) -> String {
    let Some(members) = properties.as_object() else {
        return texts(properties).join(", ");
    };
    let members = members.iter().map(|(name, value)| (name, text(value)));
    let said = members.filter(|(_, text)| !text.is_empty());
    said.map(|(name, text)| format!("{name}: {text}")).collect::<Vec<_>>().join(", ")
}

/// The records of a list, each by the first of `names` that it has, else by its id.
fn named(list: &Value, names: &[&str]) -> String {
    let of = |record: &Value| {
        let names = names.iter().map(|name| text(&record[*name]));
        names.chain([text(&record["id"])]).find(|text| !text.is_empty())
    };
    let records = list.as_array().into_iter().flatten();
    records.filter_map(of).collect::<Vec<_>>().join(", ")
}

/// A list of words; one word is one.
fn texts(value: &Value) -> Vec<String> {
    let words = match value {
        Value::Array(items) => items.iter().map(text).collect(),
        value => vec![text(value)],
    };
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

/// A value for people; nothing for none.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Value::Array(items) if items.is_empty() => String::new(),
        Value::Object(members) if members.is_empty() => String::new(),
        value => value.to_string(),
    }
}
