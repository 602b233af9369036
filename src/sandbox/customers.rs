//! Customers, and the shape in which they are embedded elsewhere.
//!
//! One POST makes one record, whether or not there is one like it. Names that are put together
//! from others follow them. Their phones and contacts have files of their own.

use serde_json::{Value, json};

use super::call::Call;
use super::listing::{bad_email, chosen, is_blank, like, mentions, page, sort};
use super::phones;
use super::reply::Reply;
use super::state::{State, Table};
use super::table::{blank, given};
use super::value::{Record, flags, integer, parse_instant, public, record, text, truth};

/// Entries that the fast look-up answers with.
const AUTOCOMPLETE: usize = 10;

/// `GET /customers`: the full look-up.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let disabled_too = call.asked("include_disabled") == Some("true");
    let mut found: Vec<&Record> = state
        .all(Table::Customers)
        .filter(|customer| disabled_too || truth(customer, "disabled") != Some(true))
        .filter(|customer| {
            ["business_name", "firstname", "lastname"]
                .iter()
                .all(|field| like(call, customer, field))
                && call
                    .asked("email")
                    .is_none_or(|email| text(customer, "email").eq_ignore_ascii_case(email))
                && chosen(call, customer, "id", "not_id")
        })
        .filter(|customer| call.asked("query").is_none_or(|query| matches(customer, query)))
        .collect();
    sort(call, &mut found);
    Reply::list("customers", page(call, found, call.list_page), |customer| {
        with_contacts(state, customer)
    })
}

/// `GET /customers/autocomplete`: the fast look-up, without `meta`.
pub(super) fn autocomplete(state: &State, call: &Call) -> Reply {
    let found: Vec<Value> = state
        .all(Table::Customers)
        .filter(|customer| truth(customer, "disabled") != Some(true))
        .filter(|customer| call.asked("query").is_none_or(|query| matches(customer, query)))
        .take(AUTOCOMPLETE)
        .map(|customer| with_contacts(state, customer))
        .collect();
    Reply::ok(json!({ "customers": found }))
}

/// `GET /customers/latest`: the one made last.
pub(super) fn latest(state: &State, _: &Call) -> Reply {
    let newest = state
        .all(Table::Customers)
        .filter(|customer| truth(customer, "disabled") != Some(true))
        .max_by_key(|customer| {
            (parse_instant(text(customer, "created_at")), integer(customer, "id"))
        });
    wrapped(state, newest)
}

/// `GET /customers/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    wrapped(state, state.get(Table::Customers, id))
}

fn wrapped(state: &State, customer: Option<&Record>) -> Reply {
    match customer {
        Some(customer) => Reply::ok(json!({"customer": with_contacts(state, customer)})),
        None => Reply::not_found(),
    }
}

/// Returns the customer with its contacts, as tickets and invoices embed it too.
pub(super) fn with_contacts(state: &State, customer: &Record) -> Value {
    let mut shown = public(customer);
    let contacts: Vec<Record> = integer(customer, "id")
        .map(|id| state.belonging(Table::Contacts, "customer_id", id).map(public).collect())
        .unwrap_or_default();
    shown.insert("contacts".to_owned(), json!(contacts));
    Value::Object(shown)
}

/// Returns true when all words of the query occur in the customer's names, email or phone.
pub(super) fn matches(customer: &Record, query: &str) -> bool {
    mentions(customer, &["business_name", "fullname", "email", "phone"], query)
}

/// `POST /customers`.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let problems = problems(&call.body);
    if !problems.is_empty() {
        return Reply::invalid_of(&call.body, json!(problems));
    }
    let mut customer = blank(Table::Customers);
    customer.extend(written(&call.body));
    customer.extend(flags(&call.body, &["get_sms", "opt_out", "no_email"]));
    if let Some(Value::Object(properties)) = call.body.get("properties") {
        customer.insert("properties".to_owned(), json!(properties));
    }
    let id = state.add(Table::Customers, call.now, customer);
    let derived = state.get(Table::Customers, id).map(derived).unwrap_or_default();
    state.change(Table::Customers, id, call.now, derived);
    phones::write_first(state, call.now, id);
    get(state, call, id)
}

/// `PUT /customers/{id}`: what is left out stays as it is, but for `get_sms`, which falls back.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    let mut fields = written(&call.body);
    fields.extend(flags(&call.body, &["opt_out", "no_email", "disabled"]));
    let texts = truth(&call.body, "get_sms").unwrap_or(false);
    fields.insert("get_sms".to_owned(), Value::Bool(texts));
    if let Some(Value::Object(properties)) = call.body.get("properties") {
        fields.insert("properties".to_owned(), json!(properties));
    }
    let after = state.with(Table::Customers, id, &fields);
    let problems = problems(&after);
    if !problems.is_empty() {
        return Reply::invalid(json!(problems));
    }
    let derived = derived(&after);
    rename(state, id, text(&derived, "business_then_name"));
    fields.extend(derived);
    state.change(Table::Customers, id, call.now, fields);
    get(state, call, id)
}

/// Tickets and invoices show the name that their customer has now.
fn rename(state: &mut State, customer: i64, name: &str) {
    const SHOWN: &str = "customer_business_then_name";
    for table in [Table::Tickets, Table::Invoices] {
        let old: Vec<Record> = state
            .belonging(table, "customer_id", customer)
            .filter(|one| text(one, SHOWN) != name)
            .cloned()
            .collect();
        for mut one in old {
            one.insert(SHOWN.to_owned(), Value::from(name));
            state.put(table, one);
        }
    }
}

/// `DELETE /customers/{id}`: contacts and phones go with it, tickets and invoices stay.
pub(super) fn delete(state: &mut State, _: &Call, id: i64) -> Reply {
    for table in [Table::Contacts, Table::Phones] {
        state.remove_belonging(table, "customer_id", id);
    }
    state.remove(Table::Customers, id);
    Reply::ok(json!({"message": "The customer is deleted."}))
}

/// Returns the texts that a body sets. Of telephone numbers, the digits are kept.
fn written(body: &Record) -> Record {
    let mut fields = given(Table::Customers, body);
    phones::keep_digits(&mut fields, &["phone", "mobile"]);
    fields
}

fn problems(customer: &Record) -> Vec<&'static str> {
    let person = !is_blank(customer, "firstname") && !is_blank(customer, "lastname");
    let mut problems = Vec::new();
    if is_blank(customer, "business_name") && !person {
        problems.push("Business name or a first and a last name can't be blank");
    }
    if bad_email(customer, "email") {
        problems.push("Email is not an address");
        problems.push("Email can only be read in part");
    }
    problems
}

/// Returns what follows from the other fields: composed names, and the address of the customer's own page.
pub(super) fn derived(customer: &Record) -> Record {
    let full = format!("{} {}", text(customer, "firstname"), text(customer, "lastname"));
    let full = full.trim();
    let business = text(customer, "business_name").trim();
    let both = match (business, full) {
        ("", full) => full.to_owned(),
        (business, "") => business.to_owned(),
        (business, full) => format!("{business} - {full}"),
    };
    let name = if business.is_empty() { full } else { business };
    let key = integer(customer, "id").unwrap_or_default();
    let profile =
        format!("https://sandbox.example/my_profile/v2/index?portal_key=not-a-secret-{key}");
    record(json!({
        "fullname": full,
        "business_and_full_name": both,
        "business_then_name": name,
        "online_profile_url": profile,
    }))
}
