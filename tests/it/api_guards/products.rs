//! What lines are made of: a product must be there and be sold, on tickets and on documents alike, whether the line is new,
//! gets another product, or stands in the body of a new document.

use serde_json::{Value, json};

use super::{invoice, ticket};
use crate::support::{Altered, Ran, Setup, TestEnv, ticket_id};

/// A drive that is no longer sold.
const DRIVE: u64 = 17_340_199;

/// Remote labor, which is.
const REMOTE: u64 = 17_340_021;

/// Onsite labor, which no line has that is changed here.
const ONSITE: u64 = 17_340_022;

/// A request: its method, its path and its body.
type Request = (&'static str, String, Value);

/// An account with a schedule that has a line, and its path.
fn with_schedule(faults: &[&str]) -> (TestEnv, String) {
    let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
    TestEnv::prepared(Setup { faults, ..Setup::default() }, |env| {
        let fields = json!({
            "customer_id": 31_204_551, "name": "Care", "frequency": "Monthly", "next_run": "2027-03-01",
        });
        let made = env.account().write("POST", "/schedules", &fields);
        let path = format!("schedules/{}", made["schedule"]["id"]);
        let line = json!({"name": "Watch", "price_retail": 20, "quantity": 1, "taxable": false});
        env.account().write("POST", &format!("/{path}/line_items"), &line);
        path
    })
}

/// Every request that makes a line of a product, or gives one another product.
fn selling(env: &TestEnv, schedule: &str, product: &Value) -> Vec<Request> {
    let on_ticket = ticket(32_178);
    let number = invoice(env, "67409");
    let on_invoice = format!("invoices/{number}/line_items");
    let shown = env.account().get(&format!("/invoices/{number}"))["invoice"].take();
    let invoiced = format!("{on_invoice}/{}", shown["line_items"][0]["id"]);
    let shown = env.account().get(&format!("/{schedule}"))["schedule"].take();
    let scheduled = format!("{schedule}/line_items/{}", shown["lines"][0]["id"]);
    let other = json!({ "product_id": product });
    let of_ticket = json!({"ticket_line_item_id": 2_964_400_001_u64, "product_id": product});
    let line = json!({
        "name": "Drive", "description": "For the archive", "quantity": 1, "price_retail": 24,
        "taxable": false, "product_id": product,
    });
    let document = json!({
        "item": "Drive", "name": "For the archive", "quantity": 1, "price": "24",
        "taxable": false, "product_id": product,
    });
    let new_invoice = json!({"customer_id": 31_204_602, "line_items": [document]});
    let of_a_ticket = json!({
        "ticket_id": ticket_id(32_178), "customer_id": 31_204_655, "line_items": [document],
    });
    let new_estimate = json!({
        "customer_id": 31_204_618, "name": "Masts", "date": "2027-03-01", "line_items": [document],
    });
    let new_schedule = json!({
        "customer_id": 31_204_618, "name": "Watch", "frequency": "Monthly", "next_run": "2027-03-01",
        "lines": [line],
    });
    vec![
        ("POST", format!("{on_ticket}/add_line_item"), line.clone()),
        ("PUT", format!("{on_ticket}/update_line_item"), of_ticket),
        ("POST", on_invoice, document.clone()),
        ("PUT", invoiced, other.clone()),
        ("POST", "estimates/9120011/line_items".to_owned(), document),
        ("PUT", "estimates/9120011/line_items/3188200034".to_owned(), other.clone()),
        ("POST", format!("{schedule}/line_items"), line.clone()),
        ("POST", format!("{schedule}/add_line_item"), line),
        ("PUT", scheduled, other),
        ("POST", "invoices".to_owned(), new_invoice),
        ("POST", "invoices".to_owned(), of_a_ticket),
        ("POST", "estimates".to_owned(), new_estimate),
        ("POST", "schedules".to_owned(), new_schedule),
    ]
}

fn sent(env: &TestEnv, (method, path, body): &Request, more: &[&str], at: Option<&str>) -> Ran {
    let file = env.dir().join("body.json");
    std::fs::write(&file, body.to_string()).unwrap();
    let args = ["api", method, path, "--input", file.to_str().unwrap(), "--yes", "--json"];
    let server = at.map(|base| ("SYNCRO_BASE_URL", base));
    env.run_with(&[&args[..], more].concat(), server.as_slice())
}

/// Refused before anything was sent.
#[track_caller]
fn held(env: &TestEnv, request: &Request, ran: &Ran, code: i32, says: &[&str]) {
    assert_eq!(ran.code, code, "{request:?}: {ran}");
    for says in says {
        ran.says(says);
    }
    assert!(env.writes().is_empty() && env.journal().is_empty(), "{request:?}: {ran}");
}

/// A server may read what stands under the name of a line.
#[test]
fn a_product_is_read_under_the_name_of_a_line_as_well() {
    let (env, schedule) = with_schedule(&[]);
    let shown = env.account().get(&format!("/{schedule}"))["schedule"].take();
    let path = format!("{schedule}/line_items/{}", shown["lines"][0]["id"]);
    for (product, code, says) in [
        (json!(99), 3, "there is no product 99"),
        (json!("17340199x"), 2, "product_id (17340199x) is not a whole number"),
        (json!(DRIVE), 5, "--disabled"),
    ] {
        let body = json!({"schedule_line_item": {"product_id": product}});
        let request = ("PUT", path.clone(), body);
        let ran = sent(&env, &request, &[], None);
        held(&env, &request, &ran, code, &[says]);
    }
}

#[test]
fn no_line_is_made_of_a_product_that_is_not_there() {
    let (env, schedule) = with_schedule(&[]);
    for request in selling(&env, &schedule, &json!(99)) {
        let ran = sent(&env, &request, &["--disabled"], None);
        held(&env, &request, &ran, 3, &["there is no product 99"]);
    }
    // A server may take it for the digits that it begins with.
    for request in selling(&env, &schedule, &json!("17340199x")) {
        let ran = sent(&env, &request, &[], None);
        held(&env, &request, &ran, 2, &["product_id (17340199x) is not a whole number"]);
    }
}

#[test]
fn a_product_that_is_no_longer_sold_is_asked_about() {
    let (env, schedule) = with_schedule(&[]);
    let says = ["he product, Floppy drive, external (id 17340199), is disabled", "--disabled"];
    for request in selling(&env, &schedule, &json!(DRIVE)) {
        held(&env, &request, &sent(&env, &request, &[], None), 5, &says);
    }
    for place in 0..selling(&env, &schedule, &json!(DRIVE)).len() {
        let (env, schedule) = with_schedule(&[]);
        let request = selling(&env, &schedule, &json!(DRIVE)).remove(place);
        let ran = sent(&env, &request, &["--disabled"], None);
        // The practice server makes an invoice without the lines of its body, which its check shows; what one of a ticket
        // takes is not checked.
        let code = match (request.0, &*request.1, request.2["ticket_id"].is_null()) {
            ("POST", "invoices", true) => 1,
            _ => 0,
        };
        assert_eq!((ran.code, env.writes().len()), (code, 1), "{request:?}: {ran}");
    }
}

/// A line that has the product already sells nothing new.
#[test]
fn a_line_that_keeps_its_product_is_changed_without_a_question() {
    let prepare = |env: &TestEnv| {
        let off = json!({"disabled": true, "taxable": false});
        env.account().write("PUT", &format!("/products/{REMOTE}"), &off);
        let line = json!({
            "item": "Remote", "name": "Port", "quantity": 1, "price": "120", "taxable": false,
            "product_id": REMOTE,
        });
        let path = "/estimates/9120011/line_items";
        env.account().write("POST", path, &line)["line_item"]["id"].to_string()
    };
    let (env, line) = TestEnv::prepared(Setup::default(), prepare);
    let path = format!("estimates/9120011/line_items/{line}");
    let request = ("PUT", path, json!({"product_id": REMOTE, "quantity": 2}));
    let ran = sent(&env, &request, &[], None);
    ran.ends(0);
    let products = format!("/products/{REMOTE}");
    assert!(env.log().iter().all(|line| !line.path.contains(&products)), "{ran}");
}

/// What cannot be read is neither sold nor gone: its flag is asked about, and where nothing of it can be read, no line of any
/// kind is made.
#[tokio::test]
async fn a_product_that_cannot_be_read_is_not_taken_for_one_that_is_sold() {
    let (env, schedule) = with_schedule(&[]);
    let server = Altered::telling(env.account(), |_, what, answer| {
        if what == format!("GET /products/{ONSITE}") {
            answer["product"]["disabled"] = json!("perhaps");
        }
    })
    .await;
    let says = ["may be disabled: cannot read", "--disabled"];
    for request in selling(&env, &schedule, &json!(ONSITE)) {
        let ran = sent(&env, &request, &[], Some(&*server.base()));
        held(&env, &request, &ran, 5, &says);
    }
    let (env, schedule) = with_schedule(&["product@*=garbled"]);
    for request in selling(&env, &schedule, &json!(ONSITE)) {
        let ran = sent(&env, &request, &["--disabled"], None);
        held(&env, &request, &ran, 8, &[]);
    }
}

/// What is no yes or no, or no number, where the product has one, is refused: nobody knows what a server makes of it.
#[test]
fn what_cannot_be_read_of_a_product_is_not_sent() {
    let env = TestEnv::new();
    let put = |field: &str| {
        let args = ["api", "PUT", "products/17340101", "-F", field, "--yes"];
        env.run(&args)
    };
    for (field, says) in [
        ("taxable=perhaps", "taxable \"perhaps\" is neither true nor false"),
        ("disabled=yes", "use -F disabled=true or -F disabled=false"),
        ("maintain_stock=2", "maintain_stock 2 is neither true nor false"),
        ("taxable[]=true", "taxable [true] is neither true nor false"),
        ("price_retail=12,50", "price_retail \"12,50\" is no number"),
        ("price_cost=$5", "price_cost \"$5\" is no number"),
        // Whether null clears it nobody knows.
        ("price_cost=", "price_cost is empty"),
        ("price_cost=", "use a number, or leave price_cost out to keep it as it is"),
        ("product[taxable]=soon", "taxable \"soon\" is neither true nor false"),
        ("quantity=many", "quantity \"many\" is no number"),
    ] {
        put(field).ends(2).says(says).says("nothing was sent");
    }
    assert!(env.writes().is_empty());
    for field in ["taxable=false", "disabled=1", "price_retail=12.5"] {
        put(field).ends(0);
    }
}

/// A price or a quantity that is null would pass every guard of a line.
#[test]
fn a_line_has_no_null_for_a_figure() {
    let env = TestEnv::new();
    for (method, path, field) in [
        ("PUT", "invoices/1652300001/line_items/1", "price"),
        ("POST", "invoices/1652300001/line_items", "quantity"),
        ("PUT", "tickets/108443714/update_line_item", "price_retail"),
        ("POST", "tickets/108443837/add_line_item", "quantity"),
    ] {
        let ran = env.run(&["api", method, path, "-F", &format!("{field}=null"), "--yes"]);
        ran.ends(2).says(&format!("{field} null is no number")).says("leave");
    }
    assert_eq!(env.log().len(), 0);
}
