//! Estimates that become invoices, invoices of no ticket, lines of both, and what is removed for good.

use serde_json::{Value, json};

use super::{body, done, invoice, refused, run, shown};
use crate::support::{Setup, TILL, TestEnv, ticket_id};

/// The estimate of the cameras, which nobody has answered.
const CAMERAS: &str = "estimates/9120011";

/// The invoices of a customer; the one of the cameras has one from before.
fn invoices_of(env: &TestEnv, customer: i64) -> Vec<Value> {
    let mut all = env.account().get("/invoices")["invoices"].take();
    let all = all.as_array_mut().unwrap();
    all.retain(|invoice| invoice["customer_id"] == customer);
    std::mem::take(all)
}

#[test]
fn an_estimate_becomes_one_invoice() {
    let env = TestEnv::new();
    let convert = format!("{CAMERAS}/convert_to_invoice");
    shown(&env, &["POST", &convert], &["E2197", "Cameras for the car park", "$480.00", "Customer"]);
    refused(&env, &["POST", "estimates/1/convert_to_invoice"], 3, "no estimate 1");
    refused(&env, &["POST", "estimates/9120037/convert_to_invoice"], 5, "--declined");
    refused(&env, &["POST", "estimates/E2197/convert_to_invoice"], 2, "record id");
    let json = done(&env, &["POST", &convert]);
    assert_eq!(json["invoice"]["subtotal"], "480.0", "{json}");
    let ran = run(&env, &["POST", &convert]);
    ran.ends(5).says("--again");
    assert_eq!(env.writes().len(), 1, "{ran}");
    run(&env, &["POST", &convert, "--again"]).ends(0);
    assert_eq!(invoices_of(&env, 31_204_618).len(), 3);
}

/// Where the answer is lost, the invoice is looked for, and never sent again.
#[test]
fn the_invoice_of_an_estimate_is_looked_for() {
    let convert = format!("{CAMERAS}/convert_to_invoice");
    for (fault, code) in [("close-after", 0), ("500-before", 6)] {
        let env = TestEnv::with(&[&format!("estimate-convert={fault}")]);
        let ran = run(&env, &["POST", &convert]);
        ran.ends(code);
        assert_eq!(env.writes().len(), 1, "{ran}");
        if code == 6 {
            run(&env, &["POST", &convert]).ends(5).says("syncro resume");
            env.run(&["resume", "--yes"]).ends(0);
        }
        assert_eq!(invoices_of(&env, 31_204_618).len(), 2, "{fault}");
    }
}

#[test]
fn what_was_previewed_of_an_estimate_must_hold() {
    let (env, _) = TestEnv::prepared(Setup::default(), |env| {
        env.account().write("PUT", "/estimates/9120011", &json!({"status": "Approved"}))
    });
    shown(&env, &["POST", &format!("{CAMERAS}/convert_to_invoice")], &["$480.00"]);
}

#[test]
fn an_invoice_without_a_ticket_is_made_once_a_day() {
    let env = TestEnv::new();
    let file = env.dir().join("invoice.json");
    let lines = json!([{"item": "Toner", "quantity": 2, "price": "45.00"}]);
    let body = json!({"customer_id": 31_204_602, "note": "Thanks", "line_items": lines});
    std::fs::write(&file, body.to_string()).unwrap();
    let listed = ["POST", "invoices", "--input", file.to_str().unwrap()];
    shown(&env, &listed, &["2 x Toner @ $45.00 = $90.00", "$90.00 before tax", "Thanks"]);
    let empty = ["POST", "invoices", "-F", "customer_id=31204602"];
    refused(&env, &empty, 5, "--zero");
    refused(&env, &["POST", "invoices", "-F", "customer_id=1"], 3, "no customer 1");
    let json = done(&env, &[&empty[..], &["--zero"]].concat());
    assert_eq!(json["invoice"]["customer_id"], 31_204_602, "{json}");
    let ran = run(&env, &[&empty[..], &["--zero"]].concat());
    ran.ends(5).says("--again");
    assert_eq!(env.writes().len(), 1, "{ran}");
    run(&env, &[&empty[..], &["--zero", "--again"]].concat()).ends(0);
    assert_eq!(env.writes().len(), 2);
}

/// Whatever a server makes of the lines that come with it: what it made is compared with what was sent.
#[test]
fn an_invoice_that_ignored_its_lines_is_not_done() {
    let env = TestEnv::new();
    let file = env.dir().join("invoice.json");
    let lines = json!([{"item": "Toner", "price": "45.00"}]);
    let body = json!({"customer_id": 31_204_602, "line_items": lines});
    std::fs::write(&file, body.to_string()).unwrap();
    let ran = run(&env, &["POST", "invoices", "--input", file.to_str().unwrap()]);
    assert_ne!(ran.code, 0, "{ran}");
    ran.says("the invoice shows $0.00 instead of $45.00");
    assert_eq!(env.writes().len(), 1, "{ran}");
}

#[test]
fn lines_of_documents_are_guarded_as_those_of_tickets() {
    let env = TestEnv::new();
    let add = format!("{CAMERAS}/line_items");
    let line = |more: &[&'static str]| -> Vec<&'static str> {
        let fields = more.iter().flat_map(|field| ["-F", *field]);
        fields.collect()
    };
    let post = |more: &[&'static str]| -> Vec<String> {
        let args = ["POST", add.as_str()].into_iter().chain(line(more));
        args.map(str::to_owned).collect()
    };
    let refuses = |more: &[&'static str], code: i32, says: &str| {
        let args = post(more);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        refused(&env, &args, code, says);
    };
    let same = ["item=As agreed", "name=Cameras for the car park", "price=1"];
    refuses(&same, 5, "--same-line");
    refuses(&["item=Mast", "price=0"], 5, "--zero");
    refuses(&["item=Mast", "price=6000"], 5, "--large");
    refuses(&["item=Mast", "price=1", "name=password: hunter-two"], 5, "--allow-secrets");
    refuses(&["item=Mast", "price=1.005"], 2, "whole cents");
    refuses(&["item=Mast", "price=1,50"], 2, "price");
    let paid = format!("invoices/{}/line_items", invoice(&env, "67410"));
    refused(&env, &["POST", &paid, "-F", "item=Mast", "-F", "price=1"], 5, "--paid");
    let open = invoice(&env, "67409");
    let lines = env.account().get(&format!("/invoices/{open}"))["invoice"]["line_items"].take();
    let one = format!("invoices/{open}/line_items/{}", lines[0]["id"]);
    refused(&env, &["PUT", &one, "-F", "price=0"], 5, "--zero");
    refused(&env, &["DELETE", &format!("invoices/{open}/line_items/1")], 3, "no line item 1");
    shown(&env, &["PUT", &one, "-F", "price=50"], &["#67409", "Mossgate", "-> ", "taxable"]);
    shown(&env, &["DELETE", &one], &["Remove", "#67409"]);
    done(&env, &["PUT", &one, "-F", "price=50"]);
    assert_eq!(body(&env)["taxable"], lines[0]["taxable"]);
    run(&env, &["DELETE", &one]).ends(5).says("--keep-status");
    run(&env, &["DELETE", &one, "--keep-status"]).ends(0);
    let left = env.account().get(&format!("/invoices/{open}"))["invoice"]["line_items"].take();
    assert_eq!(left.as_array().unwrap().len() + 1, lines.as_array().unwrap().len());
}

#[test]
fn a_post_that_nobody_knows_is_sent_once_a_day() {
    let env = TestEnv::new();
    let alert =
        |text: &'static str| ["POST", "rmm_alerts", "-F", "customer_id=31204551", "-F", text];
    refused(&env, &alert("description=Loud"), 5, "--unknown-path");
    let known = |text: &'static str| [&alert(text)[..], &["--unknown-path"]].concat();
    run(&env, &known("description=Loud")).ends(0);
    let ran = run(&env, &known("description=Loud"));
    ran.ends(5).says("--again");
    assert_eq!(env.writes().len(), 1, "{ran}");
    run(&env, &known("description=Hot")).ends(0);
    run(&env, &[&known("description=Loud")[..], &["--again"]].concat()).ends(0);
    assert_eq!(env.writes().len(), 3);
}

/// One that the API refused was sent, but has made nothing.
#[test]
fn a_post_that_was_refused_may_be_sent_again() {
    let env = TestEnv::with(&["write=422"]);
    let alert = ["POST", "rmm_alerts", "-F", "customer_id=31204551", "--unknown-path"];
    run(&env, &alert).ends(5);
    run(&env, &alert).ends(0);
}

#[test]
fn what_is_removed_for_good_is_named_again() {
    let env = TestEnv::new();
    for (path, right, wrong) in [
        ("customers/31204551", ["--name", "Quillfeather Books"], ["--name", "Quillfeather"]),
        ("contracts/310021", ["--name", "Care, quarterly"], ["--number", "310021"]),
        (CAMERAS, ["--number", "E2197"], ["--number", "9120011"]),
    ] {
        refused(&env, &["DELETE", path], 2, right[0]);
        refused(&env, &[&["DELETE", path], &wrong[..]].concat(), 2, right[0]);
        shown(&env, &["DELETE", path], &["for good"]);
    }
    refused(&env, &["DELETE", CAMERAS], 2, "does not delete an estimate");
    refused(&env, &["DELETE", "contracts/1", "--name", "x"], 3, "no contract 1");
    done(&env, &["DELETE", CAMERAS, "--number", "E2197"]);
    run(&env, &["DELETE", "contracts/310021", "--name", "Care, quarterly"]).ends(0);
    assert_eq!(env.writes().len(), 2);
}

#[cfg(unix)]
#[test]
fn on_a_terminal_the_name_is_typed() {
    for (typed, code) in [("Care", 9), ("Care, quarterly", 0)] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&["api", "DELETE", "contracts/310021"]);
        terminal.expect("Type the contract name");
        terminal.say(typed);
        if code == 0 {
            terminal.answer("[y/N/p", "y");
        }
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        assert_eq!(env.writes().len(), usize::from(code == 0));
    }
}

/// A contract that is called nothing is told by its id.
#[test]
fn what_has_no_name_is_removed_by_its_id() {
    let (env, _) = TestEnv::prepared(Setup::default(), |env| {
        env.account().write("PUT", "/contracts/310021", &json!({ "name": "" }))
    });
    let delete = ["DELETE", "contracts/310021"];
    refused(&env, &delete, 2, "--yes --name 310021");
    refused(&env, &[&delete[..], &["--name", "Care"]].concat(), 2, "--name does not match");
    refused(&env, &[&delete[..], &["--name", ""]].concat(), 2, "--name does not match");
    run(&env, &[&delete[..], &["--name", "310021"]].concat()).ends(0);
    assert_eq!(env.writes().len(), 1);
}

/// What Syncro is known to refuse of a contract's prices is not sent.
#[test]
fn prices_that_a_contract_cannot_have_are_refused_before_they_are_sent() {
    let env = TestEnv::new();
    let file = env.dir().join("body.json");
    let discount = |percent: Value| {
        let price = json!([{"product_id": 17_340_021, "discount_percentage": percent}]);
        json!({"customer_id": 31_204_602, "name": "Care", "product_price_overrides": price})
    };
    for (body, says) in [
        (json!({"customer_id": 31_204_602, "product_price_overrides": null}), "cannot be null"),
        (json!({"customer_id": 31_204_602, "non_billable_product_ids": null}), "use []"),
        (discount(json!(0)), "discount_percentage cannot be 0"),
        (discount(json!("100.5")), "at most 100"),
        (discount(json!("half")), "above 0"),
    ] {
        std::fs::write(&file, body.to_string()).unwrap();
        for to in [["POST", "contracts"], ["PUT", "contracts/310021"]] {
            refused(&env, &[&to[..], &["--input", file.to_str().unwrap()]].concat(), 5, says);
        }
    }
    std::fs::write(&file, discount(json!(100)).to_string()).unwrap();
    let put = ["PUT", "contracts/310021", "--input", file.to_str().unwrap()];
    shown(&env, &put, &["Care"]);
    assert!(env.writes().is_empty(), "{:?}", env.writes());
}

/// What takes money along the way is asked about, wherever the field stands.
#[test]
fn a_payment_is_not_taken_by_the_way() {
    let env = TestEnv::new();
    let file = env.dir().join("body.json");
    let lines = json!([{"item": "Toner", "price": "45.00"}]);
    let plain = json!({"customer_id": 31_204_602, "line_items": lines, "paid": "true"});
    let wrapped = json!({"schedule": {"charge_mop": 1}, "customer_id": 31_204_551, "name": "Care"});
    for (body, path, says) in [
        (&plain, "invoices", "takes the payment of the invoice at once"),
        (&wrapped, "schedules", "stored payment method"),
    ] {
        std::fs::write(&file, body.to_string()).unwrap();
        let post = ["POST", path, "--input", file.to_str().unwrap()];
        refused(&env, &post, 5, says);
        refused(&env, &post, 5, "--take-payment");
    }
    let ticket = format!("ticket_id={}", ticket_id(TILL));
    let of_ticket = ["POST", "invoices", "-F", &ticket, "-F", "customer_id=31204551"];
    refused(&env, &[&of_ticket[..], &["-F", "paid=yes"]].concat(), 5, "--take-payment");
    let open = format!("invoices/{}", invoice(&env, "67409"));
    for field in ["paid", "is_paid", "tech_marked_paid", "verified_paid"] {
        refused(&env, &["PUT", &open, "-F", &format!("{field}=true")], 5, "--take-payment");
    }
    // What says no takes none.
    let no = ["POST", "invoices", "-F", "customer_id=31204602", "-F", "paid=false", "--zero"];
    done(&env, &no);
}

/// What bills or binds by itself is not made twice by mistake.
#[test]
fn the_same_schedule_contract_or_estimate_is_asked_about() {
    let env = TestEnv::new();
    for (path, fields) in [
        ("schedules", &["-f", "frequency=Monthly", "-f", "next_run=2027-03-01"][..]),
        ("contracts", &[]),
        ("estimates", &["-f", "date=2027-03-01"]),
    ] {
        let named = |name| {
            let whose = ["POST", path, "-F", "customer_id=31204551", "-f", name];
            [&whose[..], fields].concat()
        };
        done(&env, &named("name=Care"));
        run(&env, &named("name=Care")).ends(5).says("was sent within a day").says("--again");
        done(&env, &named("name=Other"));
    }
    assert_eq!(env.writes().len(), 6);
}

/// Access to the portal is named, though no GET shows it.
#[test]
fn what_opens_the_portal_is_named() {
    let env = TestEnv::new();
    let make = ["POST", "contacts", "-F", "customer_id=31204551", "-F", "name=Ada Finch"];
    let portal = "enable_portal_user gives access to the customer portal";
    shown(&env, &[&make[..], &["-F", "enable_portal_user=true"]].concat(), &[portal]);
    let change = ["PUT", "contacts/7804551", "-F", "enable_portal_user=true"];
    shown(&env, &change, &[portal]);
}

/// Of a list that a change replaces, what it leaves out is named.
#[test]
fn what_a_list_of_a_contract_loses_is_named() {
    let (env, _) = TestEnv::prepared(Setup::default(), |env| {
        let overrides = json!([{"product_id": 17_340_021, "price_retail_cents": 9000},
            {"product_id": 17_340_022, "price_retail_cents": 8000}]);
        let body = json!({"product_price_overrides": overrides});
        env.account().write("PUT", "/contracts/310021", &body)
    });
    let file = env.dir().join("body.json");
    let one = json!([{"product_id": 17_340_021, "price_retail_cents": 9500}]);
    let body = json!({ "product_price_overrides": one });
    std::fs::write(&file, body.to_string()).unwrap();
    let put = ["PUT", "contracts/310021", "--input", file.to_str().unwrap()];
    shown(&env, &put, &["replaced as a whole", "17340022"]);
    done(&env, &put);
    let shows = env.account().get("/contracts/310021");
    let shown = shows["product_price_overrides"].as_array().unwrap();
    // The server has given the entry an id, which nobody sent.
    assert!(shown.len() == 1 && shown[0]["id"].is_number(), "{shows}");
    assert_eq!(shown[0]["price_retail_cents"], 9500, "{shows}");
    run(&env, &put).is_so_already();
}

/// A script and a blueprint are asked about, sent once, and the same not twice a day.
#[test]
fn what_nothing_undoes_is_asked_about_and_sent_once() {
    let run_script = "rmm/public_scripts/12390017/schedule";
    let script = ["POST", run_script, "-F", "script_id=4401", "-f", "run_type=now"];
    let apply = ["POST", "ticket_blueprints/7301/apply", "-F", "customer_id=31204551"];
    for (post, rows, fault) in [
        (&script[..], ["Quillfeather Books", "4401"], "script"),
        (&apply, ["Quillfeather Books", "7301"], "blueprint"),
    ] {
        let env = TestEnv::new();
        shown(&env, post, &rows);
        refused(&env, post, 5, "--no-undo");
        let sure = [post, &["--no-undo"]].concat();
        run(&env, &sure).ends(0);
        let ran = run(&env, &sure);
        ran.ends(5).says("--again");
        assert_eq!(env.writes().len(), 1, "{ran}");
        run(&env, &[&sure[..], &["--again"]].concat()).ends(0);
        // Nobody can look, so nobody sends it again.
        let env = TestEnv::with(&[&format!("{fault}=close-after")]);
        run(&env, &sure).ends(6);
        run(&env, &[&sure[..], &["--again"]].concat()).ends(5).says("resume --discard");
        env.run(&["resume", "--yes"]).ends(6);
        assert_eq!(env.writes().len(), 1);
    }
    let env = TestEnv::new();
    refused(&env, &["POST", "rmm/public_scripts/1/schedule", "--no-undo"], 3, "no asset 1");
    refused(&env, &[&apply[..2], &["-F", "customer_id=1", "--no-undo"]].concat(), 3, "customer 1");
}

/// The comments of all tickets are read page by page, each once.
#[test]
fn the_comments_of_all_tickets_are_read_to_their_end() {
    let env = TestEnv::new();
    let read = |query: &str| -> Vec<Value> {
        let path = format!("ticket_comments{query}");
        let ran = env.run(&["api", "GET", &path, "--paginate"]);
        ran.ends(0).json().unwrap().as_array().unwrap().clone()
    };
    let all = read("");
    let mut ids: Vec<i64> = all.iter().map(|one| one["id"].as_i64().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert!(all.len() > 25 && ids.len() == all.len(), "{} of {}", ids.len(), all.len());
    let tickets: Vec<i64> = all.iter().map(|one| one["ticket_id"].as_i64().unwrap()).collect();
    assert!(tickets.is_sorted());
    // All but two of its filters are about the tickets.
    let of_one = read(&format!("?ticket_id={}", ticket_id(TILL)));
    let is_of_one = |one: &Value| one["ticket_id"] == ticket_id(TILL);
    assert!(!of_one.is_empty() && of_one.iter().all(is_of_one));
    let late = read("?comment_created_after=2026-03-16T00:00:00Z");
    let open = read("?status=Not%20Closed&customer_id=31204551");
    for some in [&late, &open] {
        assert!(!some.is_empty() && some.len() < all.len(), "{} of {}", some.len(), all.len());
    }
}

/// What is no longer sold is asked about before a line of any document is made of it, and looked at again before it is.
#[test]
fn a_line_of_a_disabled_product_is_asked_about_on_every_document() {
    let (env, of_schedule) = TestEnv::prepared(Setup::default(), |env| {
        let fields = json!({
            "customer_id": 31_204_551, "name": "Care", "frequency": "Monthly", "next_run": "2027-03-01",
        });
        let (_, made) = env.account().call("POST", "/schedules", Some(&fields));
        format!("schedules/{}/line_items", made["schedule"]["id"])
    });
    let file = env.dir().join("invoice.json");
    let lines = json!([{"item": "Drive", "product_id": 17_340_199, "quantity": 1, "price": "24"}]);
    let new = json!({"customer_id": 31_204_602, "line_items": lines});
    std::fs::write(&file, new.to_string()).unwrap();
    let input = ["POST", "invoices", "--input", file.to_str().unwrap()];
    let on_invoice = format!("invoices/{}/line_items", invoice(&env, "67409"));
    let product = ["-F", "product_id=17340199", "-F", "quantity=1"];
    let document = ["-f", "item=Drive", "-f", "name=For the archive", "-F", "price=24"];
    let schedule = ["-f", "name=Drive", "-f", "description=Archive", "-F", "price_retail=24"];
    let of_cameras = format!("{CAMERAS}/line_items");
    let add = |path, fields: &[&'static str]| -> Vec<String> {
        [&["POST", path], &product[..], fields].concat().into_iter().map(str::to_owned).collect()
    };
    for args in [
        input.map(str::to_owned).to_vec(),
        add(&on_invoice, &document),
        add(&of_cameras, &document),
        add(&of_schedule, &schedule),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ran = run(&env, &args);
        ran.ends(5).says("he product, Floppy drive, external (id 17340199), is disabled");
        ran.says("--disabled");
        assert!(env.writes().is_empty(), "{ran}");
    }
    let add = add(&on_invoice, &document);
    let add: Vec<&str> = add.iter().map(String::as_str).collect();
    run(&env, &[&add[..], &["--disabled"]].concat()).ends(0);
    assert_eq!(env.writes().len(), 1);
}

/// Whose a document is decides who pays what comes of it: it stays with its customer, as an invoice does.
#[test]
fn a_document_stays_with_its_customer() {
    let (env, schedule) = TestEnv::prepared(Setup::default(), scheduled);
    for (path, own) in
        [(schedule.as_str(), 31_204_618), (CAMERAS, 31_204_618), ("contracts/310021", 31_204_602)]
    {
        let other = ["PUT", path, "-F", "customer_id=31204551"];
        let says = format!("belongs to customer {own}, and stays with that customer");
        refused(&env, &other, 5, &says);
        let wrapped = path.split('/').next().unwrap().trim_end_matches('s');
        let field = format!("{wrapped}[customer_id]=31204551");
        refused(&env, &["PUT", path, "-F", &field], 5, &says);
        let same = format!("customer_id={own}");
        shown(&env, &["PUT", path, "-F", &same, "-f", "name=Watch"], &["Watch"]);
    }
}

/// A schedule of the garden center, by its path.
fn scheduled(env: &TestEnv) -> String {
    let fields = json!({
        "customer_id": 31_204_618, "name": "Care", "frequency": "Monthly", "next_run": "2027-03-01",
    });
    format!("schedules/{}", env.account().write("POST", "/schedules", &fields)["schedule"]["id"])
}

/// When a schedule runs next is a day, and one that is yet to come.
#[test]
fn a_schedule_runs_on_a_day_to_come() {
    let (env, schedule) = TestEnv::prepared(Setup::default(), scheduled);
    let post = ["POST", "schedules", "-F", "customer_id=31204618", "-f", "name=Watch"];
    let post = [&post[..], &["-f", "frequency=Monthly"]].concat();
    for to in [&["PUT", &*schedule][..], &post] {
        let run = |next: &'static str| [to, &["-f", next]].concat();
        for unread in ["next_run=soon", "next_run=2027-02-30", "next_run=2027-03-01th"] {
            refused(&env, &run(unread), 2, "is not a day");
        }
        refused(&env, &run("next_run=2020-03-01"), 5, "would be in the past");
        refused(&env, &run("schedule[next_run]=2020-03-01T00:00:00Z"), 5, "--past");
        shown(&env, &[&run("next_run=2020-03-01")[..], &["--past"]].concat(), &["2020-03-01"]);
        shown(&env, &run("next_run=2027-04-01"), &["2027-04-01"]);
    }
    assert!(env.writes().is_empty());
    // Whoever repeats what it has is asked nothing.
    let over = ["PUT", &*schedule, "-f", "next_run=2020-03-01"];
    run(&env, &[&over[..], &["--past"]].concat()).ends(0);
    run(&env, &[&over[..], &["-f", "name=Care anew"]].concat()).ends(0);
}
