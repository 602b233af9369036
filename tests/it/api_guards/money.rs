//! Invoices, payments and line items through `api`.

use serde_json::json;

use super::{body, done, invoice, refused, run, shown, ticket};
use crate::support::{Altered, Setup, TILL, TestEnv};

#[test]
fn an_invoice_is_deleted_changed_and_mailed_as_its_commands_do() {
    let env = TestEnv::new();
    let of = |number: &str| format!("invoices/{}", invoice(&env, number));
    refused(&env, &["DELETE", &of("67410")], 5, "fully or partly paid");
    refused(&env, &["DELETE", &of("66930")], 5, "fully or partly paid");
    // The number of one is not its id.
    refused(&env, &["DELETE", "invoices/67409"], 3, "67409");
    let note = ["-F", "note=Thanks"];
    let put = |number: &str| ["PUT".to_owned(), of(number)];
    let [method, path] = put("67410");
    refused(&env, &[&[method.as_str(), &path], &note[..]].concat(), 5, "--paid");
    let mail = |number: &str| format!("{}/email", of(number));
    refused(&env, &["POST", &mail("67410")], 5, "--paid");
    refused(&env, &["POST", &mail("67411")], 5, "--zero");
    refused(&env, &["POST", "invoices/1/email"], 3, "no invoice");
    shown(
        &env,
        &["POST", &mail("67409")],
        &["ruaridh@mossgate-vets.example", "$90.00", "Mossgate Veterinary"],
    );
    shown(&env, &["DELETE", &of("67409")], &["#67409", "Mossgate Veterinary", "$90.00"]);
    let [method, path] = put("67409");
    let json = done(&env, &[&[method.as_str(), &path], &note[..]].concat());
    assert_eq!(json["invoice"]["note"], "Thanks");
    done(&env, &["DELETE", &of("67409"), "--keep-status"]);
}

#[test]
fn a_mail_through_api_goes_out_once() {
    let env = TestEnv::with(&["invoice-email=close-after"]);
    let path = format!("invoices/{}/email", invoice(&env, "67409"));
    run(&env, &["POST", &path]).ends(6).says("ruaridh@mossgate-vets.example");
    let pending = env.journal()[0].id();
    env.run(&["resume", "--yes"]).ends(6);
    run(&env, &["POST", &path]).ends(5).says("syncro resume");
    env.run(&["resume", "--discard", &pending, "--yes"]).ends(0);
    assert_eq!(env.writes().len(), 1);
    let (env, _) = TestEnv::prepared(Setup::default(), |env| {
        let no = json!({"no_email": true});
        env.account().write("PUT", "/customers/31204671", &no)
    });
    refused(&env, &["POST", &path], 5, "--opted-out");
}

/// A field might send it to somebody whom no preview names.
#[test]
fn a_mail_through_api_goes_to_the_address_in_the_preview() {
    let env = TestEnv::new();
    let path = format!("invoices/{}/email", invoice(&env, "67409"));
    for field in ["email=somebody@elsewhere.example", "x=1"] {
        refused(&env, &["POST", &path, "-f", field], 2, "has no fields");
    }
    assert_eq!(env.writes().len(), 0);
}

#[test]
fn a_payment_is_counted_against_its_invoice() {
    let env = TestEnv::new();
    let (paid, open) = (invoice(&env, "67410"), invoice(&env, "67409"));
    let pay = |env: &TestEnv, id: &str, cents: &str, more: &[&str]| {
        let (applied, amount) =
            (format!("apply_payments[{id}]={cents}"), format!("amount_cents={cents}"));
        let args = [
            "POST",
            "payments",
            "-F",
            "customer_id=31204671",
            "-F",
            &amount,
            "-F",
            "payment_method=Check",
            "-F",
            &applied,
        ];
        run(env, &[&args[..], more].concat())
    };
    for (id, cents, says) in [
        (&paid, "100", "--again"),
        (&open, "9001", "--over"),
        (&"1".to_owned(), "100", "no invoice"),
    ] {
        let ran = pay(&env, id, cents, &[]);
        ran.says(says);
        assert_ne!(ran.code, 0, "{ran}");
        assert!(env.writes().is_empty(), "{ran}");
    }
    refused(
        &env,
        &[
            "POST",
            "payments",
            "-F",
            "customer_id=31204671",
            "-F",
            "amount_cents=5",
            "-F",
            "payment_method=check",
        ],
        2,
        ", not ",
    );
    let shares = [format!("apply_payments[{open}]=5000"), format!("apply_payments[{paid}]=5000")];
    refused(
        &env,
        &[
            "POST",
            "payments",
            "-F",
            "customer_id=31204671",
            "-F",
            "amount_cents=10000",
            "-F",
            &shares[0],
            "-F",
            &shares[1],
        ],
        5,
        "--again",
    );
    let plan = env.run(&[
        "api",
        "POST",
        "payments",
        "-F",
        "customer_id=31204671",
        "-F",
        "amount_cents=5000",
        "-F",
        &shares[0],
        "--dry-run",
    ]);
    for text in ["#67409", "$90.00", "$40.00", "Mossgate Veterinary"] {
        assert!(plan.ends(0).stdout.contains(text), "{text}: {plan}");
    }
    pay(&env, &open, "2005", &[]).ends(0);
    pay(&env, &open, "2005", &[]).ends(5).says("--same-payment");
    assert_eq!(env.writes().len(), 1);
    pay(&env, &open, "2005", &["--same-payment"]).ends(0);
    assert_eq!(env.writes().len(), 2);
}

#[test]
fn line_items_are_guarded_as_by_line() {
    let (env, line) = TestEnv::prepared(Setup::default(), |env| {
        env.account().line(TILL, "0.5", "95", "Looked at the spool")["id"].to_string()
    });
    let path = |verb: &str| format!("{}/{verb}", ticket(TILL));
    let which = format!("ticket_line_item_id={line}");
    let update = path("update_line_item");
    let put = |field: &'static str| ["PUT", update.as_str(), "-F", which.as_str(), "-F", field];
    refused(&env, &put("price_retail=0"), 5, "--zero");
    run(&env, &put("quantity=0.5")).is_so_already();
    let add = path("add_line_item");
    let fields =
        ["name=Labor", "description=x", "quantity=500", "price_retail=950", "taxable=false"];
    let mut args = vec!["POST", &add];
    for field in fields {
        args.extend(["-F", field]);
    }
    refused(&env, &args, 5, "--large");
    shown(&env, &["POST", &path("remove_line_item"), "-F", &which], &["#32181", "0.5 x Labor"]);
    shown(&env, &put("quantity=0.75"), &["0.5 -> 0.75", "taxable"]);
    done(&env, &put("quantity=0.75"));
    assert_eq!(body(&env)["taxable"], false);
}

/// What a guard cannot read, `--zero` and `--large` do not answer either.
#[test]
fn an_amount_that_cannot_be_read_is_not_sent() {
    let (env, line) = TestEnv::prepared(Setup::default(), |env| {
        env.account().line(TILL, "0.5", "95", "Looked at the spool")["id"].to_string()
    });
    let which = format!("ticket_line_item_id={line}");
    let path = |verb: &str| format!("{}/{verb}", ticket(TILL));
    let (add, update) = (path("add_line_item"), path("update_line_item"));
    let odd = ["NaN", "1,5", "1_000", "1e400", "99999999999999999999999999999999999999"];
    for field in ["quantity", "price_retail"] {
        for odd in odd {
            let odd = format!("{field}={odd}");
            let line = ["POST", &add, "-F", "name=Labor", "-F", "description=x", "-F", &odd];
            refused(&env, &[&line[..], &["--zero", "--large"]].concat(), 2, field);
            let line = ["PUT", &update, "-F", &which, "-F", &odd];
            refused(&env, &[&line[..], &["--zero", "--large"]].concat(), 2, field);
        }
    }
}

/// A change of what a payment is for is asked about as a new one is, whether or not a server takes it.
#[test]
fn a_payment_that_is_moved_is_counted_against_its_invoice() {
    let env = TestEnv::new();
    let (paid, open) = (invoice(&env, "67410"), invoice(&env, "67409"));
    let of_paid = &env.account().get(&format!("/invoices/{paid}"))["invoice"]["payments"][0]["id"];
    let path = format!("payments/{of_paid}");
    let applied = |id: &str, cents: &str| format!("apply_payments[{id}]={cents}");
    let amount = |cents: &str| format!("amount_cents={cents}");
    for method in ["PUT", "PATCH"] {
        for (fields, code, says) in [
            (vec![applied(&paid, "100"), amount("100")], 5, "--again"),
            (vec![applied(&open, "9001"), amount("9001")], 5, "--over"),
            (vec![applied("1", "100"), amount("100")], 3, "no invoice"),
            (vec![applied(&paid, "999999999")], 2, "go to invoices"),
            // Named alone, it gets all that was paid.
            (vec![format!("invoice_id={paid}")], 5, "--again"),
            (vec![format!("invoice_id={open}")], 5, "$244.87 is more than the open amount"),
            (vec!["invoice_id=1652300003".to_owned()], 5, "belongs to customer 31204655"),
            (vec!["invoice_id=1".to_owned()], 3, "no invoice"),
            (vec!["apply_payments=all".to_owned()], 2, "apply_payments"),
            (vec!["invoice_number=67409".to_owned()], 2, "apply_payments"),
            (
                vec![amount("100"), "payment_method=chek".to_owned()],
                2,
                "there is no payment method",
            ),
            (vec![amount("0.5")], 2, "amount_cents"),
        ] {
            let fields: Vec<&str> = fields.iter().flat_map(|field| ["-F", field]).collect();
            refused(&env, &[&[method, &*path], &*fields].concat(), code, says);
        }
    }
    // It is not its own twin, and what it was for is named.
    let moved = ["api", "PUT", &path, "-F", &format!("invoice_id={open}"), "--dry-run"];
    let plan = env.run(&moved);
    plan.ends(0);
    for text in ["Taken from", "invoice #67410, leaving $244.87 open", "#67409"] {
        assert!(plan.stdout.contains(text), "{text}: {plan}");
    }
    // What moves no money is a change like any other.
    let note = ["PUT", &path, "-F", "ref_num=881", "--dry-run"];
    let plan = env.run(&[&["api"], &note[..]].concat());
    assert!(!plan.ends(0).stdout.contains("Gets"), "{plan}");
}

/// A payment of all that is open on one invoice, and who it is of: the path of it.
fn paid(env: &TestEnv, invoice: &str, cents: i64) -> String {
    let body = json!({
        "customer_id": 31_204_671, "amount_cents": cents, "payment_method": "Check",
        "apply_payments": {invoice: cents},
    });
    format!("payments/{}", env.account().write("POST", "/payments", &body)["payment"]["id"])
}

/// Another amount is counted against what was paid before: without the payment itself, which is no other one of its amount.
#[test]
fn an_amount_that_is_changed_is_counted_against_its_invoice() {
    let env = TestEnv::new();
    let open = invoice(&env, "67409");
    let path = paid(&env, &open, 5000);
    let put = |fields: &[&str]| {
        let fields: Vec<&str> = fields.iter().flat_map(|field| ["-F", field]).collect();
        let plan = env.run(&[&["api", "PUT", &*path], &*fields, &["--dry-run"]].concat());
        plan.ends(0);
        plan
    };
    let named = format!("invoice_id={open}");
    for (fields, over, left) in [
        (&["amount_cents=9000"][..], false, "nothing"),
        (&["amount_cents=4000"], false, "$50.00"),
        (&["amount_cents=9001"], true, "$0.01 more"),
        (&[&*named], false, "$40.00"),
        (&["amount_cents=9001", &named], true, "$0.01 more"),
    ] {
        let plan = put(fields);
        let is_asked = |flag: &str| plan.stdout.contains(flag);
        assert_eq!(is_asked("more than the open amount of $90.00"), over, "{fields:?}: {plan}");
        assert!(is_asked(left) && !is_asked("already has a payment"), "{fields:?}: {plan}");
        assert!(!is_asked("Taken from"), "{fields:?}: {plan}");
    }
    refused(&env, &["PUT", &path, "-F", "amount_cents=9001"], 5, "--over");
    // Another payment of the same amount is one.
    paid(&env, &open, 1500);
    let plan = put(&["amount_cents=1500"]);
    assert!(plan.stdout.contains("already has a payment of $15.00"), "{plan}");
    // What each of several invoices gets of another amount, nobody can tell.
    let other = invoice(&env, "67410");
    let both = json!({
        "customer_id": 31_204_671, "amount_cents": 200, "payment_method": "Check",
        "apply_payments": {&*open: 100, &*other: 100},
    });
    let both = env.account().write("POST", "/payments", &both)["payment"]["id"].to_string();
    let both = format!("payments/{both}");
    refused(&env, &["PUT", &both, "-F", "amount_cents=300"], 2, "apply_payments");
    let one = format!("invoice_id={open}");
    let plan = env.run(&["api", "PUT", &both, "-F", &one, "--dry-run"]);
    assert!(plan.ends(0).stdout.contains("Taken from"), "{plan}");
}

/// Of a payment for other invoices as well nobody can tell what this one had: what is open is at most the rest, in every row
/// and in what is asked.
#[tokio::test]
async fn what_a_shared_payment_hides_is_said_to_be_at_most_open() {
    let env = TestEnv::new();
    let open = invoice(&env, "67409");
    let path = paid(&env, &open, 5000);
    paid(&env, &open, 1500);
    let (own, what) = (path.clone(), format!("GET /invoices/{open}"));
    let server = Altered::telling(env.account(), move |_, asked, answer| {
        let invoice = answer.get_mut("invoice").filter(|_| asked == what);
        let payments = invoice.and_then(|invoice| invoice["payments"].as_array_mut());
        for payment in payments.into_iter().flatten() {
            if !own.ends_with(&payment["id"].to_string()) {
                payment["invoice_ids"] = json!([1_652_300_000_u64, 1_652_300_001_u64]);
            }
        }
    })
    .await;
    for (cents, says) in [
        (4000, &["Open         at most $90.00", "Left         at most $50.00"][..]),
        (9000, &["Open         at most $90.00", "Left         nothing"]),
        (
            9001,
            &[
                "is more than the open amount of at most $90.00",
                "at least $0.01 more than the open amount",
            ],
        ),
    ] {
        let amount = format!("amount_cents={cents}");
        let args = ["api", "PUT", &*path, "-F", &amount, "--dry-run"];
        let plan = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
        for says in says {
            assert!(plan.ends(0).stdout.contains(says), "{cents}, {says}: {plan}");
        }
    }
}

/// The amount in dollars, whose it is and whether it came in move money as well.
#[test]
fn a_payment_is_guarded_by_whichever_name_its_money_moves() {
    let env = TestEnv::new();
    let (paid_one, open) = (invoice(&env, "67410"), invoice(&env, "67409"));
    let shown = env.account().get(&format!("/invoices/{paid_one}"))["invoice"]["payments"].clone();
    let of_paid = format!("payments/{}", shown[0]["id"]);
    let of_open = paid(&env, &open, 5000);
    let all = |fields: &[&str]| -> Vec<String> {
        fields.iter().flat_map(|field| ["-F".to_owned(), (*field).to_owned()]).collect()
    };
    for (path, fields, code, says) in [
        (&of_paid, &["payment_amount=100"][..], 5, "#67410 is paid, with this payment"),
        (&of_paid, &["amount=100"], 5, "--again"),
        (&of_paid, &["payment_amount=300"], 5, "more than the open amount of $244.87"),
        (&of_open, &["payment_amount=90.01"], 5, "--over"),
        (&of_open, &["payment[payment_amount]=90.01"], 5, "--over"),
        (&of_open, &["payment_amount=0"], 2, "use whole cents"),
        (&of_open, &["payment_amount=1.005"], 2, "whole cents"),
        (&of_open, &["payment_amount=1,5"], 2, "no number"),
        (&of_open, &["payment_amount=5", "amount_cents=500"], 2, "say the amount twice"),
        (&of_open, &["success=false"], 5, "--paid"),
        (&of_open, &["invoice_ids=[67410]"], 2, "use apply_payments"),
        (&of_open, &["success=perhaps"], 2, "success is not true or false"),
        (&of_open, &["success=null"], 2, "success is not true or false"),
        (&of_open, &["customer_id=31204655"], 5, "not to customer 31204655"),
        (&of_open, &["customer_id=null"], 2, "customer_id is not the id of a customer"),
    ] {
        for method in ["PUT", "PATCH"] {
            let fields = all(fields);
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            refused(&env, &[&[method, path.as_str()], &*fields].concat(), code, says);
        }
    }
    let plan = |path: &str, fields: &[&str]| {
        let fields = all(fields);
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        let plan = env.run(&[&["api", "PUT", path], &*fields, &["--dry-run"]].concat());
        plan.ends(0);
        plan.stdout
    };
    let text = plan(&of_open, &["payment_amount=40"]);
    let undone = "Syncro documents no way to change or delete a payment: it may refuse this";
    for says in ["Left", "$50.00", undone] {
        assert!(text.contains(says), "{says}: {text}");
    }
    // Marked as failed, it is taken from its invoice, which nobody need be asked about.
    let text = plan(&of_paid, &["success=false"]);
    for says in ["invoice #67410, leaving $244.87 open", "becomes a failed one"] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.contains("already paid") && !text.contains("Left"), "{text}");
    // One for no invoice may become somebody else's, who is named; nobody's it does not.
    let body = json!({"customer_id": 31_204_671, "amount_cents": 700, "payment_method": "Check"});
    let free = env.account().write("POST", "/payments", &body)["payment"]["id"].to_string();
    let free = format!("payments/{free}");
    let text = plan(&free, &["customer_id=31204655"]);
    for says in ["Taken from", "Mossgate Veterinary", "31204655"] {
        assert!(text.contains(says), "{says}: {text}");
    }
    refused(&env, &["PUT", &free, "-F", "customer_id=9"], 3, "customer");
}

/// A payment that failed is called one: it pays nothing, whatever it is said to be for, until it is said to have come in.
#[test]
fn a_failed_payment_that_is_changed_is_called_one() {
    let env = TestEnv::with(&["payment-create=declined"]);
    let add = ["payment", "add", "67409", "--amount", "20", "--method", "Check", "--yes"];
    env.run(&add).ends(1).says("card declined");
    let made = env.account().get("/payments")["payments"][0].clone();
    assert_eq!(made["success"], false);
    let path = format!("payments/{}", made["id"]);
    let text = env.run(&["api", "PUT", &path, "-F", "amount_cents=9001", "--dry-run"]);
    text.ends(0);
    let is_said = |says: &str| text.stdout.contains(says);
    assert!(is_said("this is a failed payment: it pays nothing") && is_said("#67409"), "{text}");
    assert!(!is_said("Left") && !is_said("Gets") && !is_said("open amount"), "{text}");
    let text = env.run(&["api", "PUT", &path, "-F", "success=true", "--dry-run"]);
    for says in ["from then on it counts", "Left", "$70.00"] {
        assert!(text.ends(0).stdout.contains(says), "{says}: {text}");
    }
    let more = ["-F", "success=true", "-F", "payment_amount=90.01"];
    run(&env, &[&["PUT", &*path], &more[..]].concat()).ends(5).says("--over");
    assert_eq!(env.writes().len(), 1);
}
