//! `syncro api`: paths that other commands know, and one that none knows.

use serde_json::json;

use super::case::Case;
use super::case::Does::{Makes, Removes, Sets, Unseen};
use super::matrix;
use crate::support::{TILL, TestEnv, ticket_id};

/// Half an hour on the till's ticket, by somebody before us.
fn one_line(env: &TestEnv) -> Vec<String> {
    let line = env.account().line(TILL, "0.5", "95", "Looked at the spool");
    vec![line["id"].to_string()]
}

#[test]
fn api() {
    matrix(
        "api",
        vec![
            Case::new(
                "api POST contacts",
                &["api", "POST", "contacts", "-F", "customer_id=31204551", "-F", "name=Ada Finch"],
            )
            .step("api", "contact-create", Makes),
            Case::new(
                "api POST add_line_item",
                &[
                    "api",
                    "POST",
                    "tickets/108443837/add_line_item",
                    "-F",
                    "name=Labor - Remote",
                    "-F",
                    "description=Gift layout copied",
                    "-F",
                    "quantity=0.5",
                    "-F",
                    "price_retail=95",
                    "-F",
                    "taxable=false",
                ],
            )
            .step("api", "line", Makes),
            Case::new(
                "api PUT customers",
                &["api", "PUT", "customers/31204551", "-f", "phone=555-0199"],
            )
            .step("api", "customer-update", Sets),
            Case::new(
                "api POST remove_line_item",
                &[
                    "api",
                    "POST",
                    "tickets/108443837/remove_line_item",
                    "-F",
                    "ticket_line_item_id={0}",
                ],
            )
            .after(one_line)
            .step("api", "line-remove", Removes),
            Case::new("api DELETE contacts", &["api", "DELETE", "contacts/7804553"]).step(
                "api",
                "contact-delete",
                Removes,
            ),
            Case::new(
                "api POST rmm_alerts",
                &[
                    "api",
                    "POST",
                    "rmm_alerts",
                    "-F",
                    "customer_id=31204551",
                    "-F",
                    "description=The fan is loud",
                    "--unknown-path",
                ],
            )
            .step("api", "write", Unseen)
            // It lands while the account is being compared: `resume` of it waits for nothing.
            // Nobody looks, so nobody waits for what comes late; and a yes beside nulls is a yes.
            .without("late:120")
            .without("nulls")
            .without("late:1100")
            .without("late-hang:1500"),
        ],
    );
}

/// The id of an unpaid invoice of [`one_line`].
fn one_invoice(env: &TestEnv) -> Vec<String> {
    one_line(env);
    vec![env.account().invoice(TILL)["invoice"]["id"].to_string()]
}

/// An alert that is not resolved.
fn one_alert(env: &TestEnv) -> Vec<String> {
    vec![env.account().get("/rmm_alerts")["rmm_alerts"][0]["id"].to_string()]
}

/// Somebody else's visit, far from any other.
fn one_visit(env: &TestEnv) -> Vec<String> {
    let fields = json!({
        "summary": "Gift receipts", "ticket_id": ticket_id(TILL), "customer_id": 31_204_551,
        "start_at": "2027-03-17T15:00:00Z", "end_at": "2027-03-17T16:00:00Z", "do_not_email": true,
    });
    let (_, made) = env.account().call("POST", "/appointments", Some(&fields));
    vec![made["appointment"]["id"].to_string()]
}

/// A method, a path and fields of text or number, as arguments.
macro_rules! api {
    ($method:literal $path:literal $(, $field:literal)*) => {
        &["api", $method, $path $(, "-F", $field)*]
    };
}

#[test]
fn api_on_records() {
    matrix(
        "api on records",
        vec![
            Case::new(
                "api DELETE tickets",
                &["api", "DELETE", "tickets/108443222", "--number", "32166"],
            )
            .step("api", "ticket-delete", Removes),
            Case::new(
                "api PUT tickets",
                api!("PUT" "tickets/108443837", "priority=1 High"),
            )
            .step("api", "ticket-update", Sets),
            Case::new("api DELETE invoices", api!("DELETE" "invoices/{0}"))
                .after(one_invoice)
                .step("api", "invoice-delete", Removes),
            Case::new("api DELETE rmm_alerts", api!("DELETE" "rmm_alerts/{0}"))
                .after(one_alert)
                .step("api", "write", Sets),
            Case::new(
                "api PUT appointments",
                api!("PUT" "appointments/{0}", "start_at=2027-03-19T14:00:00Z"),
            )
            .after(one_visit)
            .step("api", "appointment-update", Sets),
            Case::new(
                "api PUT update_timer_entry",
                api!("PUT" "tickets/108443304/update_timer_entry", "timer_entry_id=48700003", "notes=And the port"),
            )
            .step("api", "timer-update", Sets),
            Case::new(
                "api POST delete_timer_entry",
                api!("POST" "tickets/108443304/delete_timer_entry", "timer_entry_id=48700003"),
            )
            .step("api", "timer-delete", Removes),
        ],
    );
}

#[test]
fn api_on_lists() {
    matrix(
        "api on lists",
        vec![
            Case::new("api POST email", api!("POST" "invoices/{0}/email"))
                .after(one_invoice)
                // Nobody looks, so nobody waits for what comes late.
                .without("late:120")
                .step("api", "invoice-email", Unseen),
            Case::new(
                "api POST payments",
                api!("POST" "payments", "invoice_id={0}", "amount_cents=2005", "payment_method=Check"),
            )
            .after(one_invoice)
            .step("api", "payment-create", Makes),
            Case::new(
                "api POST tickets",
                api!("POST" "tickets", "customer_id=31204551", "subject=Receipts come out blank"),
            )
            .step("api", "ticket-create", Makes),
            Case::new(
                "api POST customers",
                api!("POST" "customers", "business_name=Bluebird Bakery"),
            )
            .step("api", "customer-create", Makes),
            Case::new(
                "api POST appointments",
                api!("POST" "appointments", "ticket_id=108443837", "summary=Till", "start_at=2027-03-18T09:00:00Z"),
            )
            .step("api", "appointment-create", Makes),
            Case::new(
                "api POST timer_entry",
                api!("POST" "tickets/108443837/timer_entry", "start_at=2026-03-17T08:00:00Z", "duration_minutes=30"),
            )
            .step("api", "timer-add", Makes),
            Case::new(
                "api POST charge_timer_entry",
                api!("POST" "tickets/108443304/charge_timer_entry", "timer_entry_id=48700003"),
            )
            .step("api", "timer-charge", Makes),
        ],
    );
}

/// An invoice of half an hour, and its line.
fn one_document(env: &TestEnv) -> Vec<String> {
    let id = one_invoice(env).remove(0);
    let lines = env.account().get(&format!("/invoices/{id}"))["invoice"]["line_items"].take();
    vec![id, lines[0]["id"].to_string()]
}

#[test]
fn api_on_documents() {
    matrix(
        "api on documents",
        vec![
            Case::new(
                "api POST convert_to_invoice",
                api!("POST" "estimates/9120011/convert_to_invoice"),
            )
            .step("api", "estimate-convert", Makes),
            Case::new(
                "api POST invoices",
                &["api", "POST", "invoices", "-F", "customer_id=31204602", "--zero"],
            )
            .step("api", "invoice-create", Makes),
            Case::new(
                "api POST line_items",
                api!("POST" "invoices/{0}/line_items", "item=Toner", "name=Black", "price=45", "quantity=2", "taxable=false"),
            )
            .after(one_document)
            .step("api", "invoice-line", Makes),
            Case::new(
                "api PUT line_items",
                api!("PUT" "invoices/{0}/line_items/{1}", "price=50"),
            )
            .after(one_document)
            .step("api", "invoice-line", Sets),
            Case::new("api DELETE line_items", api!("DELETE" "invoices/{0}/line_items/{1}"))
                .after(one_document)
                .step("api", "invoice-line", Removes),
            Case::new(
                "api POST estimates",
                api!("POST" "estimates/9120011/line_items", "item=Mast", "name=Steel", "price=45", "taxable=false"),
            )
            .step("api", "estimate-line", Makes),
            Case::new(
                "api PUT line_items of an estimate",
                api!("PUT" "estimates/9120011/line_items/3188200034", "quantity=2"),
            )
            .step("api", "estimate-line", Sets),
            Case::new(
                "api DELETE line_items of an estimate",
                api!("DELETE" "estimates/9120011/line_items/3188200034"),
            )
            .step("api", "estimate-line", Removes),
        ],
    );
}

#[test]
fn api_on_agreements() {
    matrix(
        "api on agreements",
        vec![
            Case::new(
                "api DELETE estimates",
                &["api", "DELETE", "estimates/9120011", "--number", "E2197"],
            )
            .step("api", "estimate-delete", Removes),
            Case::new(
                "api POST contracts",
                api!("POST" "contracts", "customer_id=31204551", "name=Care", "contract_amount=45 a month"),
            )
            .step("api", "contract-create", Makes),
            Case::new("api PUT contracts", api!("PUT" "contracts/310021", "status=Lost"))
                .step("api", "contract-update", Sets),
            // One that is gone is null, as a broken answer may be.
            Case::new(
                "api DELETE contracts",
                &["api", "DELETE", "contracts/310021", "--name", "Care, quarterly"],
            )
            .step("api", "contract-delete", Removes),
        ],
    );
}

/// A timer of ours that runs on the till's ticket.
fn one_live_timer(env: &TestEnv) -> Vec<String> {
    let body = json!({"ticket_id": ticket_id(TILL), "product_id": 17_340_021, "notes": "Spool"});
    let (_, made) = env.account().call("POST", "/ticket_timers", Some(&body));
    vec![made["ticket_timer"]["id"].to_string()]
}

#[test]
fn api_on_live_timers() {
    matrix(
        "api on live timers",
        vec![
            Case::new(
                "api POST ticket_timers",
                api!("POST" "ticket_timers", "ticket_id=108443837"),
            )
            // The second one finds the first, and goes on with it.
            .without("twice")
            .step("api", "timer-begin", Makes),
            Case::new("api POST pause", api!("POST" "ticket_timers/{0}/pause"))
                .after(one_live_timer)
                .volatile("_counted")
                .step("api", "timer-pause", Sets),
            Case::new("api POST stop", api!("POST" "ticket_timers/{0}/stop"))
                .after(one_live_timer)
                .volatile("active_duration")
                .volatile("_counted")
                .step("api", "timer-stop", Sets),
        ],
    );
}

/// The draft of half an hour on the till's ticket.
fn one_draft(env: &TestEnv) -> Vec<String> {
    let made = one_invoice(env);
    env.account().write("POST", &format!("/invoices/{}/convert_to_draft", made[0]), &json!({}));
    made
}

/// A schedule of the till's customer with one line.
fn one_schedule(env: &TestEnv) -> Vec<String> {
    let fields = json!({
        "customer_id": 31_204_551, "name": "Care", "frequency": "Monthly", "next_run": "2027-03-01",
    });
    let (_, made) = env.account().call("POST", "/schedules", Some(&fields));
    let id = made["schedule"]["id"].to_string();
    let path = format!("/schedules/{id}/line_items");
    let line = json!({"name": "Watch", "price_retail": 20, "quantity": 1, "taxable": false});
    let (_, line) = env.account().call("POST", &path, Some(&line));
    vec![id, line["schedule_line_item"]["id"].to_string()]
}

#[test]
fn api_on_drafts() {
    matrix(
        "api on drafts",
        vec![
            Case::new("api POST publish", api!("POST" "invoices/{0}/publish"))
                .after(one_draft)
                .step("api", "invoice-publish", Sets),
            Case::new("api POST convert_to_draft", api!("POST" "invoices/{0}/convert_to_draft"))
                .after(one_invoice)
                .step("api", "invoice-draft", Sets),
        ],
    );
}

#[test]
fn api_on_schedules() {
    matrix(
        "api on schedules",
        vec![
            Case::new(
                "api POST schedules",
                api!("POST" "schedules", "customer_id=31204551", "name=Care", "frequency=Monthly", "next_run=2027-03-01"),
            )
            .step("api", "schedule-create", Makes),
            Case::new(
                "api POST schedule line_items",
                api!("POST" "schedules/{0}/line_items", "name=Care", "price_retail=45", "quantity=1", "taxable=false"),
            )
            .after(one_schedule)
            .step("api", "schedule-line", Makes),
            Case::new(
                "api PUT schedule line_items",
                api!("PUT" "schedules/{0}/line_items/{1}", "quantity=2"),
            )
            .after(one_schedule)
            .step("api", "schedule-line", Sets),
            Case::new(
                "api POST remove_line_item of a schedule",
                api!("POST" "schedules/{0}/remove_line_item", "schedule_line_item_id={1}"),
            )
            .after(one_schedule)
            .step("api", "schedule-line", Removes),
            Case::new(
                "api DELETE schedule line_items",
                api!("DELETE" "schedules/{0}/line_items/{1}"),
            )
            .after(one_schedule)
            .step("api", "schedule-line", Removes),
            Case::new(
                "api POST add_line_item of a schedule",
                api!("POST" "schedules/{0}/add_line_item", "name=Care", "price_retail=45", "quantity=1", "taxable=false"),
            )
            .after(one_schedule)
            .step("api", "schedule-line", Makes),
        ],
    );
}

#[test]
fn api_without_undo() {
    matrix(
        "api without undo",
        vec![
            Case::new(
                "api POST apply",
                &[
                    "api",
                    "POST",
                    "ticket_blueprints/7301/apply",
                    "-F",
                    "customer_id=31204551",
                    "--no-undo",
                ],
            )
            .step("api", "blueprint", Unseen)
            // Nobody looks, so nobody waits for what comes late.
            .without("late:120")
            .without("late:1100")
            .without("late-hang:1500"),
            Case::new(
                "api POST script",
                &[
                    "api",
                    "POST",
                    "rmm/public_scripts/12390017/schedule",
                    "-F",
                    "script_id=4401",
                    "--no-undo",
                ],
            )
            .step("api", "script", Unseen)
            .without("late:120")
            .without("late:1100")
            .without("late-hang:1500"),
        ],
    );
}

/// A customer without tickets.
fn one_customer(env: &TestEnv) -> Vec<String> {
    let (_, made) =
        env.account().call("POST", "/customers", Some(&json!({"business_name": "Rill"})));
    vec![made["customer"]["id"].to_string()]
}

/// What remains of the writes that `operations` knows.
#[test]
fn api_on_what_remains() {
    matrix(
        "api on what remains",
        vec![
            Case::new(
                "api DELETE customers",
                &["api", "DELETE", "customers/{0}", "--name", "Rill"],
            )
            .after(one_customer)
            .step("api", "customer-delete", Removes),
            Case::new(
                "api PUT products",
                api!("PUT" "products/17340101", "description=A spool of paper"),
            )
            .step("api", "product-write", Sets),
            // When it has moved, the plan of its move is one of the customer before.
            Case::new(
                "api PUT contacts, to another customer",
                api!("PUT" "contacts/7804553", "customer_id=31204602"),
            )
            .step("api", "contact-update", Sets),
            Case::new(
                "api PATCH ticket_timers",
                api!("PATCH" "ticket_timers/48700003", "billable=false"),
            )
            .step("api", "timer-billable", Sets),
            Case::new(
                "api POST estimates",
                api!("POST" "estimates", "customer_id=31204551", "name=Cameras", "date=2027-03-01", "number=E9"),
            )
            .step("api", "estimate-create", Makes),
            Case::new(
                "api PUT estimates",
                api!("PUT" "estimates/9120011", "name=Two cameras"),
            )
            .step("api", "estimate-update", Sets),
            Case::new("api PUT schedules", api!("PUT" "schedules/{0}", "name=Watch"))
                .after(one_schedule)
                .step("api", "schedule-update", Sets),
            Case::new("api DELETE schedules", &["api", "DELETE", "schedules/{0}", "--name", "Care"])
                .after(one_schedule)
                .step("api", "schedule-delete", Removes),
        ],
    );
}
