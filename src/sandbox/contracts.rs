//! Contracts: flat in and out; of one that is gone, a GET says `null` and not 404.

use serde_json::{Value, json};

use super::call::Call;
use super::listing::{is_blank, page};
use super::reply::Reply;
use super::state::{State, Table};
use super::table::{blank, given, unsaved};
use super::value::{Record, integer, public};

/// The id of the first price that a contract has of its own.
const FIRST_OVERRIDE: i64 = 330_001;

/// `GET /contracts`: twice as many on a page as elsewhere.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let found: Vec<&Record> = state.all(Table::Contracts).collect();
    Reply::list("contracts", page(call, found, call.list_page * 2), public)
}

/// `GET /contracts/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    Reply::ok(json!(state.get(Table::Contracts, id).map(public)))
}

/// `POST /contracts`.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let mut contract = blank(Table::Contracts);
    contract.extend(given(Table::Contracts, &call.body));
    if let Some(problem) = problem(state, &contract) {
        let unsaved = unsaved(Table::Contracts, contract);
        return Reply::json(422, json!({"record": unsaved, "errors": problem}));
    }
    let id = state.add(Table::Contracts, call.now, contract);
    get(state, call, id)
}

/// `PUT /contracts/{id}`.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    let mut fields = given(Table::Contracts, &call.body);
    if let Some(Value::Array(overrides)) = fields.get_mut("product_price_overrides") {
        number(overrides);
    }
    if let Some(problem) = problem(state, &state.with(Table::Contracts, id, &fields)) {
        let before = state.get(Table::Contracts, id).map(public);
        return Reply::json(422, json!({"record": before, "errors": problem}));
    }
    state.change(Table::Contracts, id, call.now, fields);
    get(state, call, id)
}

/// `DELETE /contracts/{id}`.
pub(super) fn delete(state: &mut State, _: &Call, id: i64) -> Reply {
    state.remove(Table::Contracts, id);
    Reply::ok(json!({"success": true}))
}

/// Gives ids to new entries of a list.
fn number(overrides: &mut [Value]) {
    let new = overrides.iter_mut().filter_map(Value::as_object_mut);
    for (id, one) in (FIRST_OVERRIDE..).zip(new) {
        one.entry("id").or_insert_with(|| json!(id));
    }
}

fn problem(state: &State, contract: &Record) -> Option<Value> {
    if is_blank(contract, "customer_id") {
        return Some(json!("Customer can't be blank"));
    }
    let owner = integer(contract, "customer_id");
    owner
        .and_then(|id| state.get(Table::Customers, id))
        .is_none()
        .then(|| json!("Customer must exist"))
}
