//! The writes of customers and their records, by value.

use serde_json::{Value, json};

use super::super::example::{Office, request};
use super::super::guard::Guard;
use super::*;
use crate::write::{Collection, Request, Step};

const POST: Method = Method::Post;
const PUT: Method = Method::Put;
const DELETE: Method = Method::Delete;

fn books() -> RecordId {
    RecordId::Id(2)
}

fn look_up(name: &str) -> RecordRef {
    RecordRef::answer(&crate::api::resources::customers::autocomplete(name))
}

/// Customer 2 with what it has, and what is looked up of two names.
fn seen() -> Snapshot {
    let customer = json!({
        "id": 2, "business_name": "Books", "business_then_name": "Books", "email": "a@books.example",
        "phone": "555", "disabled": false, "no_email": false,
    });
    let closed = json!({"id": 1, "customer_id": 2, "status": "Resolved"});
    let open = json!({"id": 4, "customer_id": 2, "status": "New"});
    let invoice = json!({"id": 5, "number": "5", "customer_id": 2, "is_paid": false});
    let paid = json!({"id": 6, "number": "6", "customer_id": 2, "is_paid": true});
    let asset = json!({
        "id": 7, "name": "TILL-1", "asset_serial": "QF-1", "asset_type": "Desktop",
        "customer": customer, "properties": {"OS": "11", "Shelf": "3"},
    });
    let bare = json!({"id": 8, "name": "LAMP", "customer_id": 2});
    let alike = json!({"id": 3, "business_name": "Books and more"});
    let disabled = json!({"id": 9, "business_name": "Shut", "disabled": true});
    Snapshot::default()
        .with_record(Noun::Customer.record(books()), Some(customer.clone()))
        .with_record(Noun::Customer.record(RecordId::Id(9)), Some(disabled))
        .with_record(Noun::Asset.record(RecordId::Id(7)), Some(asset.clone()))
        .with_record(Noun::Asset.record(RecordId::Id(8)), Some(bare))
        .with_record(look_up("Books"), Some(json!({"customers": [customer, alike]})))
        .with_record(look_up("Mill"), Some(json!({"customers": []})))
        .with_collection(Collection::customers("business_name", "Books"), vec![customer.clone()])
        .with_collection(Collection::customers("email", "A@BOOKS.example"), vec![customer])
        .with_collection(Collection::assets(books()), vec![asset])
        .with_collection(Collection::open_tickets(books()), vec![closed, open])
        .with_collection(Collection::unpaid_invoices(books()), vec![invoice, paid])
}

fn propose(method: Method, path: &str, body: Value, before: &[Step]) -> Result<Proposed> {
    Office::new().propose(&request(method, path, body), &seen(), before)
}

/// Instead of the title of what changes nothing.
const SO_ALREADY: &str = "nothing changes";

/// What a request comes to: its title and its body, or why it does not.
fn comes_to(method: Method, path: &str, body: &Value) -> (String, Value, Vec<Guard>) {
    match propose(method, path, body.clone(), &[]) {
        Ok(proposed) if proposed.step.effect.changes_nothing() => {
            (SO_ALREADY.to_owned(), Value::Null, Vec::new())
        }
        Ok(proposed) => {
            let guards = proposed.findings.iter().map(|finding| finding.guard).collect();
            (proposed.title, proposed.step.request.body.unwrap_or_default(), guards)
        }
        Err(error) => (error.to_string(), Value::Null, Vec::new()),
    }
}

/// A write: what it is titled or why it is refused, what it sends, and the guard that stands against it.
type Case = (Method, &'static str, Value, &'static str, Value, Option<Guard>);

#[track_caller]
fn check(cases: impl IntoIterator<Item = Case>) {
    for (method, path, body, title, sent, guard) in cases {
        let wanted = (title.to_owned(), sent, Vec::from_iter(guard));
        assert_eq!(comes_to(method, path, &body), wanted, "{path} {body}");
    }
}

#[test]
fn writes_of_customers() {
    let mill = json!({"business_name": "Mill"});
    let books = json!({"business_name": "Books"});
    let email = json!({"business_name": "Mill", "email": "A@BOOKS.example"});
    let new = "Create the customer Mill";
    let (same, open) = (Some(Guard::SameCustomer), Some(Guard::OpenWork));
    let of_books = "Create the customer Books";
    let change = "Change customer Books";
    let phone = json!({"phone": "777", "business_name": "Books"});
    // What is so already is left out; what would fall back is sent along.
    let phone_sent = json!({"phone": "777", "no_email": false, "disabled": false});
    let off = json!({"disabled": true});
    let off_sent = json!({"disabled": true, "no_email": false});
    let gone = "there is no customer 3; nothing was written";
    check([
        (POST, "/customers", mill.clone(), new, mill, None),
        (POST, "/customers", email.clone(), new, email, same),
        (POST, "/customers", books.clone(), of_books, books, same),
        (PUT, "/customers/2", phone, change, phone_sent, None),
        (PUT, "/customers/2", off, change, off_sent, open),
        (PUT, "/customers/2", json!({"phone": "555"}), SO_ALREADY, Value::Null, None),
        (PUT, "/customers/3", json!({"phone": "1"}), gone, Value::Null, None),
        (DELETE, "/customers/2", json!({}), "Delete customer Books", json!({}), open),
    ]);
}

#[test]
fn writes_of_assets() {
    let serial = json!({"customer_id": 2, "name": "T", "asset_serial": "qf-1"});
    let os = json!({"properties": {"OS": "12"}});
    let whole = json!({"name": "TILL-1", "properties": {"OS": "12", "Shelf": "3"}});
    let first = json!({"name": "LAMP", "properties": {"OS": "12"}});
    let same = Some(Guard::SameAsset);
    let as_it_is = json!({"asset_type_name": "Desktop", "properties": {"OS": "11"}});
    check([
        (POST, "/customer_assets", serial.clone(), "Create an asset of Books", serial, same),
        (PUT, "/customer_assets/7", os.clone(), "Change asset TILL-1", whole, None),
        (PUT, "/customer_assets/8", os, "Change asset LAMP", first, None),
        (PUT, "/customer_assets/7", as_it_is, SO_ALREADY, Value::Null, None),
    ]);
}

#[test]
fn what_is_read_for_it() {
    let reads = |method, path: &str, body: Value| {
        let request: Request = request(method, path, body);
        let operation = super::super::Operation::of(&request).unwrap();
        operation.reads(&Snapshot::default(), &Scope::of_customer(CustomerId(2)))
    };
    let customer = ReadSet::NOTHING.record(&Noun::Customer.record(books()));
    let new = ReadSet::NOTHING.record(&look_up("Mill"));
    let listed = new.collection(&Collection::customers("business_name", "Mill"));
    assert_eq!(reads(POST, "/customers", json!({"business_name": "Mill"})), listed);
    assert_eq!(reads(PUT, "/customers/2", json!({"phone": "1"})), customer);
    let lists = [
        Collection::open_tickets(books()),
        Collection::unpaid_invoices(books()),
        Collection::of_customer_if_readable(Noun::Schedule, books()),
        Collection::of_customer_if_readable(Noun::Contract, books()),
    ];
    let open = lists.iter().fold(customer, ReadSet::collection);
    for yes in [json!({"disabled": "TRUE"}), json!({"customer": {"disabled": 2}})] {
        assert_eq!(reads(PUT, "/customers/2", yes), open);
    }
    // An asset shows whose it is.
    let asset = ReadSet::NOTHING.record(&Noun::Asset.record(RecordId::Id(7)));
    assert_eq!(reads(PUT, "/customer_assets/7", json!({"name": "T"})), asset);
    let contact = json!({"customer_id": "{customer.id}", "name": "Ada"});
    assert_eq!(reads(POST, "/contacts", contact), ReadSet::NOTHING);
}

#[test]
fn a_token_stands_for_what_an_earlier_step_makes() {
    let customer = propose(POST, "/customers", json!({"business_name": "Mill"}), &[]).unwrap();
    let contact = json!({"customer_id": "{customer.id}", "name": "Ada", "phone": "1"});
    let made = propose(POST, "/contacts", contact.clone(), &[customer.step]).unwrap();
    assert_eq!(
        made.step.effect.collection(),
        Some(&Collection::contacts(RecordId::later("customer")))
    );
    assert_eq!(made.sheet.text(), "  Contact   Ada, 1\n");
    assert!(propose(POST, "/contacts", contact, &[]).is_err());

    let body = json!({"customer_id": 2, "name": "TILL-2"});
    let asset = propose(POST, "/customer_assets", body, &[]).unwrap();
    let body = json!({"name": "TILL-2", "properties": {"OS": "12"}});
    let path = "/customer_assets/{asset.id}";
    let rest = propose(PUT, path, body.clone(), &[asset.step]).unwrap();
    assert_eq!(rest.scope, Scope::of_customer(CustomerId(2)));
    assert_eq!(
        (rest.step.name.as_str(), rest.step.request.body),
        ("properties", Some(body.clone()))
    );
    let changed: Vec<&str> =
        rest.step.effect.changes().iter().map(|change| change.path.as_str()).collect();
    assert_eq!(changed, ["properties.OS"]);
    assert!(propose(PUT, path, body, &[]).is_err());
}

#[test]
fn one_that_is_the_same_is_asked_about_and_one_that_looks_like_it_is_named() {
    let new = propose(POST, "/customers", json!({"business_name": "Books"}), &[]).unwrap();
    assert_eq!(new.findings[0].text, "Books (id 2) has the same name");
    let rows = new.sheet.text();
    assert!(rows.ends_with("  Books and more (id 3) also exists\n"), "{rows}");
    // One that is out of use already can be put out of use again, as far as this guard goes.
    let seen = seen().with_collection(
        Collection::open_tickets(RecordId::Id(9)),
        vec![json!({"id": 4, "customer_id": 9, "status": "New"})],
    );
    let body = json!({"disabled": true, "business_name": "Closed"});
    let shut = Office::new().propose(&request(PUT, "/customers/9", body), &seen, &[]).unwrap();
    assert!(shut.findings.is_empty(), "{:?}", shut.findings);
}
