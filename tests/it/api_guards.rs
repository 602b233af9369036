//! `api` on paths that a command knows: the command's own preview, questions and looks, whatever way the path is typed.

use serde_json::{Value, json};

use crate::support::{Ran, Setup, TILL, TestEnv, ticket_id};

fn run(env: &TestEnv, args: &[&str]) -> Ran {
    env.run(&[&["api"], args, &["--yes", "--json"]].concat())
}

/// Refused with this code before anything was sent, and nothing is pending.
#[track_caller]
fn refused(env: &TestEnv, args: &[&str], code: i32, says: &str) {
    let ran = run(env, args);
    ran.ends(code).says(says);
    assert!(env.writes().is_empty(), "{ran}");
    assert!(env.journal().iter().all(|plan| plan.is_closed()), "{ran}");
}

#[track_caller]
fn done(env: &TestEnv, args: &[&str]) -> Value {
    let json = run(env, args).ends(0).json().unwrap();
    assert_eq!(json["outcome"], "done", "{args:?}");
    json
}

/// What would be shown, of which nothing is sent.
#[track_caller]
fn shown(env: &TestEnv, args: &[&str], texts: &[&str]) {
    let ran = env.run(&[&["api"], args, &["--dry-run"]].concat());
    for text in texts {
        assert!(ran.ends(0).stdout.contains(text), "{text}: {ran}");
    }
    assert!(env.writes().is_empty(), "{ran}");
}

/// The body of the only write.
#[track_caller]
fn body(env: &TestEnv) -> Value {
    let [write] = &env.writes()[..] else {
        unreachable!("one write: {:?}", env.writes());
    };
    write.body.clone()
}

fn ticket(number: i64) -> String {
    format!("tickets/{}", ticket_id(number))
}

/// The id of the invoice with that number.
fn invoice(env: &TestEnv, number: &str) -> String {
    env.account().get(&format!("/invoices/{number}"))["invoice"]["id"].to_string()
}

#[test]
fn a_ticket_is_deleted_by_its_number_only() {
    let env = TestEnv::new();
    let path = ticket(32_166);
    shown(
        &env,
        &["DELETE", &path],
        &["#32166", "Customer", "for good", "DELETE /tickets/"],
    );
    refused(&env, &["DELETE", &path], 2, "--number 32166");
    refused(
        &env,
        &["DELETE", &path, "--number", "32165"],
        2,
        "another ticket",
    );
    // An id is what the path has said already.
    let id = format!("id:{}", ticket_id(32_166));
    refused(&env, &["DELETE", &path, "--number", &id], 2, "--number");
    refused(&env, &["DELETE", "tickets/1", "--number", "1"], 3, "404");
    let billed = ticket(32_176);
    refused(
        &env,
        &["DELETE", &billed, "--number", "32176"],
        5,
        "--invoiced",
    );
    done(&env, &["DELETE", &path, "--number", "32166"]);
    // With the override it is asked for, and refused by the server itself.
    run(
        &env,
        &["DELETE", &billed, "--number", "32176", "--invoiced"],
    )
    .ends(5);
    assert_eq!(env.writes().len(), 2);
    assert_eq!(env.account().call("GET", &format!("/{path}"), None).0, 404);
}

#[cfg(unix)]
#[test]
fn on_a_terminal_the_number_is_typed() {
    for (typed, code) in [("32165", 9), ("32166", 0)] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&["api", "DELETE", &ticket(32_166)]);
        let before = terminal.expect("Type its number");
        assert!(
            before.contains("#32166 Osprey Lane Nursery School"),
            "{before}"
        );
        terminal.say(typed);
        if code == 0 {
            terminal.answer("[y/N/p]", "y");
        }
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        assert_eq!(env.writes().len(), usize::from(code == 0));
    }
}

#[test]
fn no_way_of_typing_a_path_leads_around_its_guards() {
    let env = TestEnv::new();
    for path in [
        "tickets/108443222.json",
        "tickets/10844322%32",
        "tickets/108443222-x",
        "tickets/+108443222",
        "ticket%73/108443222",
        "invoices/67410-1",
    ] {
        refused(&env, &["DELETE", path], 2, "path");
    }
    // What is asked for behind the path counts as the body does.
    let paid = invoice(&env, "67410");
    let path = format!(
        "payments?amount_cents=100&customer_id=31204671&payment_method=Check&invoice_id={paid}"
    );
    refused(&env, &["POST", &path], 5, "--again");
    let odd = ["POST", "tickets/108443222?_method=delete"];
    refused(&env, &odd, 2, "_method");
    let cents = ["POST", "payments", "-f", "amount_cents=0.5"];
    refused(&env, &cents, 2, "no count of cents");
    // More than `bill` would send is no way around what it asks.
    let more = |ticket: i64| -> Vec<String> {
        let ticket = format!("ticket_id={}", ticket_id(ticket));
        ["POST", "invoices", "-f", &ticket, "-f", "date=2026-03-17"]
            .map(str::to_owned)
            .to_vec()
    };
    for (ticket, flag) in [(32_176, "--again"), (TILL, "--zero")] {
        let args = more(ticket);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        refused(&env, &args, 5, flag);
    }
}

#[test]
fn an_invoice_is_deleted_changed_and_mailed_as_its_commands_do() {
    let env = TestEnv::new();
    let of = |number: &str| format!("invoices/{}", invoice(&env, number));
    refused(&env, &["DELETE", &of("67410")], 5, "has been paid");
    refused(&env, &["DELETE", &of("66930")], 5, "has been paid");
    // The number of one is not its id.
    refused(&env, &["DELETE", "invoices/67409"], 3, "67409");
    let note = ["-f", "note=Thanks"];
    let put = |number: &str| ["PUT".to_owned(), of(number)];
    let [method, path] = put("67410");
    refused(
        &env,
        &[&[method.as_str(), &path], &note[..]].concat(),
        5,
        "--paid",
    );
    let mail = |number: &str| format!("{}/email", of(number));
    refused(&env, &["POST", &mail("67410")], 5, "--paid");
    refused(&env, &["POST", &mail("67411")], 5, "--zero");
    refused(&env, &["POST", "invoices/1/email"], 3, "no invoice");
    shown(
        &env,
        &["POST", &mail("67409")],
        &[
            "ruaridh@mossgate-vets.example",
            "$90.00",
            "Mossgate Veterinary",
        ],
    );
    shown(
        &env,
        &["DELETE", &of("67409")],
        &["#67409", "Mossgate Veterinary", "$90.00"],
    );
    let [method, path] = put("67409");
    let json = done(&env, &[&[method.as_str(), &path], &note[..]].concat());
    assert_eq!(json["invoice"]["note"], "Thanks");
    done(&env, &["DELETE", &of("67409")]);
}

#[test]
fn a_mail_through_api_goes_out_once() {
    let env = TestEnv::with(&["invoice-email=close-after"]);
    let path = format!("invoices/{}/email", invoice(&env, "67409"));
    run(&env, &["POST", &path])
        .ends(6)
        .says("ruaridh@mossgate-vets.example");
    let pending = env.journal()[0].id();
    env.run(&["resume", "--yes"]).ends(6);
    run(&env, &["POST", &path]).ends(5).says("syncro resume");
    env.run(&["resume", "--discard", &pending, "--yes"]).ends(0);
    assert_eq!(env.writes().len(), 1);
    let (env, _) = TestEnv::prepared(Setup::default(), |env| {
        let no = json!({"no_email": true});
        env.account().write("PUT", "/customers/31204671", &no)
    });
    refused(&env, &["POST", &path], 5, "no_email");
}

#[test]
fn a_payment_is_counted_against_its_invoice() {
    let env = TestEnv::new();
    let (paid, open) = (invoice(&env, "67410"), invoice(&env, "67409"));
    let pay = |env: &TestEnv, id: &str, cents: &str, more: &[&str]| {
        let (applied, amount) = (
            format!("apply_payments[{id}]={cents}"),
            format!("amount_cents={cents}"),
        );
        let args = [
            "POST",
            "payments",
            "-f",
            "customer_id=31204671",
            "-f",
            &amount,
            "-f",
            "payment_method=Check",
            "-f",
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
            "-f",
            "customer_id=31204671",
            "-f",
            "amount_cents=5",
            "-f",
            "payment_method=check",
        ],
        2,
        "is called",
    );
    let shares = [
        format!("apply_payments[{open}]=5000"),
        format!("apply_payments[{paid}]=5000"),
    ];
    refused(
        &env,
        &[
            "POST",
            "payments",
            "-f",
            "customer_id=31204671",
            "-f",
            "amount_cents=10000",
            "-f",
            &shares[0],
            "-f",
            &shares[1],
        ],
        5,
        "--again",
    );
    let plan = env.run(&[
        "api",
        "POST",
        "payments",
        "-f",
        "customer_id=31204671",
        "-f",
        "amount_cents=5000",
        "-f",
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
fn a_ticket_that_is_changed_is_named_with_old_and_new() {
    let env = TestEnv::new();
    let path = ticket(TILL);
    let put = |more: &[&'static str]| [&["PUT", path.as_str()], more].concat();
    shown(
        &env,
        &put(&["-f", "priority=1 High", "-f", "user_id=81207"]),
        &[
            "#32181 Till will not print",
            "Quillfeather Books",
            "2 Normal -> 1 High",
            "Robin Ashgrove -> ",
            "customer_reply",
        ],
    );
    for (field, code, says) in [
        ("status=Resolvd", 2, "Resolved"),
        ("status=resolved", 2, "is called"),
        ("contact_id=7804671", 3, "no contact"),
        ("customer_id=1", 3, "no customer"),
        ("user_id=1", 3, "no user"),
    ] {
        refused(&env, &put(&["-f", field]), code, says);
    }
    done(&env, &put(&["-f", "priority=1 High"]));
    assert_eq!(
        body(&env),
        json!({"priority": "1 High", "customer_reply": false})
    );
}

#[test]
fn an_alert_that_is_deleted_is_resolved() {
    let env = TestEnv::new();
    let alerts = env.account().get("/rmm_alerts")["rmm_alerts"].take();
    let path = format!("rmm_alerts/{}", alerts[0]["id"]);
    shown(&env, &["DELETE", &path], &["resolved", "Low disk space"]);
    let json = done(&env, &["DELETE", &path]);
    assert_eq!(json["writes"][0]["outcome"], "done");
    let alert = env.account().get(&format!("/{path}"))["rmm_alert"].take();
    assert_eq!(alert["resolved"], true);
    run(&env, &["DELETE", &path]).ends(5).says("already");
    assert_eq!(env.writes().len(), 1);
}

#[test]
fn booleans_that_are_left_out_go_along_as_they_are() {
    for (path, field, kept) in [
        (
            "customers/31204551",
            "phone=555-0199",
            &["get_sms", "opt_out", "no_email", "disabled"][..],
        ),
        ("contacts/7804551", "mobile=555-0198", &["opt_out"]),
        (
            "appointments/5560900004",
            "start_at=2036-03-19T14:00:00Z",
            &["all_day", "do_not_email"],
        ),
    ] {
        let env = TestEnv::new();
        let args = ["PUT", path, "-F", field];
        shown(&env, &args, kept);
        let before = env.account().get(&format!("/{path}"));
        let inside = ["customer", "appointment"].iter();
        let before = inside
            .filter_map(|name| before.get(name))
            .next()
            .unwrap_or(&before);
        done(&env, &args);
        for name in kept {
            assert_eq!(body(&env)[name], before[name], "{path} {name}");
        }
    }
    let env = TestEnv::new();
    // In its own name's member nothing can be added to it, so it is said.
    let wrapped = ["PUT", "customers/31204551", "-f", "customer[phone]=1"];
    shown(&env, &wrapped, &["fall back", "no_email"]);
    let product = "products/17340021";
    shown(
        &env,
        &["PUT", product, "-f", "description=Remote"],
        &["taxable", "default"],
    );
    // What is there and is replaced as a whole is named.
    shown(
        &env,
        &["PUT", "contacts/7804551", "-f", "properties[phone]=1"],
        &["title", "as a whole"],
    );
}

#[test]
fn what_is_there_already_is_not_made_again() {
    let env = TestEnv::new();
    let same = |list: &'static str, fields: &[&'static str], flag: &str| {
        let mut args = vec!["POST", list];
        for field in fields {
            args.extend(["-f", field]);
        }
        refused(&env, &args, 5, flag);
    };
    let of = "customer_id=31204551";
    same("contacts", &[of, "name=imelda quill"], "--same-contact");
    same(
        "contacts",
        &[of, "name=Ada", "email=IMELDA@quillfeather.example"],
        "--same-contact",
    );
    same(
        "customers",
        &["business_name=quillfeather  books"],
        "--same-customer",
    );
    same(
        "customers",
        &[
            "business_name=Ada Finch",
            "email=imelda@quillfeather.example",
        ],
        "--same-customer",
    );
    same("customer_assets", &[of, "name=till-1"], "--same-asset");
    same(
        "customer_assets",
        &[of, "name=Other", "asset_serial=LF-000117"],
        "--same-asset",
    );
    same(
        "tickets",
        &[of, "subject=Till will not print gift receipts"],
        "--same-subject",
    );
    refused(
        &env,
        &["POST", "contacts", "-f", "customer_id=1", "-f", "name=Ada"],
        3,
        "no customer",
    );
    shown(
        &env,
        &[
            "POST",
            "tickets",
            "-f",
            of,
            "-f",
            "subject=Till prints blanks",
        ],
        &["Quillfeather Books", "#32181", "nobody"],
    );
    done(
        &env,
        &[
            "POST",
            "contacts",
            "-f",
            of,
            "-f",
            "name=Imelda Quill",
            "--same-contact",
        ],
    );
}

#[test]
fn customers_and_contacts_with_open_work_are_asked_about() {
    let env = TestEnv::new();
    refused(&env, &["DELETE", "contacts/7804551"], 5, "--open-tickets");
    refused(
        &env,
        &["PUT", "customers/31204551", "-f", "disabled=true"],
        5,
        "--open-work",
    );
    refused(&env, &["DELETE", "customers/31204551"], 5, "--open-work");
    shown(
        &env,
        &["DELETE", "contacts/7804553"],
        &["Bea Quill", "for good"],
    );
    done(&env, &["DELETE", "contacts/7804551", "--open-tickets"]);
}

#[test]
fn appointments_show_when_they_are_and_what_they_overlap() {
    let env = TestEnv::new();
    let (id, visit) = (ticket_id(TILL).to_string(), "appointments/5560900001");
    let begins = env.account().get(&format!("/{visit}"))["appointment"]["start_at"].clone();
    let start = format!("start_at={}", begins.as_str().unwrap());
    let on = format!("ticket_id={id}");
    let past = "start_at=2020-01-06T10:00:00Z";
    let new = |start: &str| -> Vec<String> {
        [
            "POST",
            "appointments",
            "-f",
            &on,
            "-f",
            start,
            "-f",
            "summary=Till",
            "-f",
            "user_id=81204",
        ]
        .map(str::to_owned)
        .to_vec()
    };
    let args = new(past);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    refused(&env, &args, 5, "--past");
    let args = new(&start);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    shown(
        &env,
        &args,
        &[
            "#32181",
            "Quillfeather Books",
            "overlaps \"New order tablet\"",
        ],
    );
    refused(&env, &["PUT", visit, "-f", past], 5, "--past");
    shown(
        &env,
        &["PUT", "appointments/5560900000", "-f", &start],
        &["From", "overlaps \"New order tablet\""],
    );
    shown(&env, &["DELETE", visit], &["New order tablet", "Cancel"]);
    let same = format!("ticket_id={}", ticket_id(32_179));
    let args = [
        "POST",
        "appointments",
        "-f",
        &same,
        "-f",
        &start,
        "-f",
        "summary=x",
    ];
    refused(&env, &args, 5, "--same-time");
    done(&env, &["DELETE", visit]);
}

#[test]
fn time_is_guarded_as_by_timer() {
    let env = TestEnv::new();
    let verb = |ticket: i64, verb: &str| format!("tickets/{ticket}/{verb}");
    let entry = |method: &str, ticket: i64, path: &str, timer: u64, more: &[&str]| {
        let timer = format!("timer_entry_id={timer}");
        let path = verb(ticket, path);
        let args = [&[method, &path, "-f", &timer], more].concat();
        let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
        args
    };
    for (args, code, says) in [
        (
            entry("POST", 108_442_730, "delete_timer_entry", 48_700_001, &[]),
            5,
            "--charged-timer",
        ),
        (
            entry(
                "PUT",
                108_442_730,
                "update_timer_entry",
                48_700_001,
                &["-f", "notes=x"],
            ),
            5,
            "--charged-timer",
        ),
        (
            entry("POST", 108_442_730, "charge_timer_entry", 48_700_001, &[]),
            5,
            "charged already",
        ),
        (
            entry("POST", 108_443_591, "charge_timer_entry", 48_700_000, &[]),
            5,
            "is running",
        ),
        (
            entry("POST", 108_443_058, "charge_timer_entry", 48_700_002, &[]),
            5,
            "--zero",
        ),
        (
            entry("POST", 108_443_058, "delete_timer_entry", 1, &[]),
            3,
            "no timer entry",
        ),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        refused(&env, &args, code, says);
    }
    let path = verb(108_443_304, "timer_entry");
    let timers = env.account().get("/tickets/108443304")["ticket"]["ticket_timers"].take();
    let start = format!("start_at={}", timers[0]["start_time"].as_str().unwrap());
    let new =
        |more: &[&'static str]| [&["POST", path.as_str(), "-F", start.as_str()], more].concat();
    refused(&env, &new(&["-f", "duration_minutes=10"]), 5, "--overlap");
    refused(
        &env,
        &new(&["-f", "duration_minutes=6000", "--overlap"]),
        5,
        "--large",
    );
    let running = verb(108_443_591, "timer_entry");
    let args = ["POST", &running, "-f", "start_at=2026-03-17T14:00:00Z"];
    refused(&env, &args, 5, "--timer-running");
    let args = entry(
        "PUT",
        108_443_181,
        "update_timer_entry",
        48_700_005,
        &["-f", "notes=y"],
    );
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    done(&env, &args);
    // Left out, it would become the time of the key's owner.
    assert_eq!(body(&env)["user_id"], 81_207);
}

#[test]
fn line_items_are_guarded_as_by_line() {
    let (env, line) = TestEnv::prepared(Setup::default(), |env| {
        env.account().line(TILL, "0.5", "95", "Looked at the spool")["id"].to_string()
    });
    let path = |verb: &str| format!("{}/{verb}", ticket(TILL));
    let which = format!("ticket_line_item_id={line}");
    let update = path("update_line_item");
    let put = |field: &'static str| ["PUT", update.as_str(), "-f", which.as_str(), "-f", field];
    refused(&env, &put("price_retail=0"), 5, "--zero");
    refused(&env, &put("quantity=0.5"), 5, "already");
    let add = path("add_line_item");
    let fields = [
        "name=Labor",
        "description=x",
        "quantity=500",
        "price_retail=950",
        "taxable=false",
    ];
    let mut args = vec!["POST", &add];
    for field in fields {
        args.extend(["-f", field]);
    }
    refused(&env, &args, 5, "--large");
    shown(
        &env,
        &["POST", &path("remove_line_item"), "-f", &which],
        &["#32181", "0.5 x Labor"],
    );
    shown(&env, &put("quantity=0.75"), &["0.5 -> 0.75", "taxable"]);
    done(&env, &put("quantity=0.75"));
    assert_eq!(body(&env)["taxable"], false);
}

#[test]
fn what_no_command_knows_is_sent_once_and_says_so() {
    let env = TestEnv::new();
    shown(
        &env,
        &["PATCH", "ticket_timers/48700003?billable=false"],
        &["no command knows this path"],
    );
    run(&env, &["PATCH", "ticket_timers/48700003?billable=false"]).ends(0);
    assert_eq!(env.writes().len(), 1);
}
