//! How far the guards reach: what they are against in its less plain forms, what else stands beside it, and how several of
//! them are told at once.

use serde_json::json;

use crate::support::{Altered, Ran, Setup, TILL, TestEnv, bill, ticket_id};

fn prepared(office: fn(&TestEnv)) -> TestEnv {
    TestEnv::prepared(Setup::default(), office).0
}

fn yes(env: &TestEnv, args: &[&str]) -> Ran {
    env.run(&[args, &["--yes"]].concat())
}

/// What a dry run says that nobody is asked about.
#[track_caller]
fn warned(env: &TestEnv, args: &[&str]) -> Vec<String> {
    let json = env.run(&[args, &["--dry-run", "--json"]].concat()).ends(0).json().unwrap();
    let warnings = json["warnings"].as_array().unwrap();
    warnings.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// A line of labor on the till's ticket, invoiced by a server that leaves it unmarked.
fn unmarked(labor: &str) -> (TestEnv, String, String) {
    let env = TestEnv::with(&["invoice-create=unmarked"]);
    let add = ["line", "add", "32181", "--labor", labor, "--minutes", "30"];
    yes(&env, &[&add[..], &["--description", "At the till"]].concat()).ends(0);
    yes(&env, &["invoice", "create", "32181"]).ends(0);
    let state = env.state(TILL);
    assert_eq!(state.lines[0]["converted"], false);
    let number = state.invoices[0]["number"].as_str().unwrap().to_owned();
    let line = state.lines[0]["id"].to_string();
    (env, line, number)
}

#[test]
fn a_line_on_an_invoice_is_guarded_without_its_mark() {
    let (env, line, number) = unmarked("remote");
    let id = format!("ticket_line_item_id={line}");
    let path = |verb: &str| format!("tickets/{}/{verb}", ticket_id(TILL));
    let (update, remove) = (path("update_line_item"), path("remove_line_item"));
    for args in [
        &["line", "update", "32181", &line, "--price", "95"][..],
        &["line", "remove", "32181", &line],
        &["api", "PUT", &update, "-F", &id, "-F", "price_retail=95"],
        &["api", "POST", &remove, "-F", &id],
    ] {
        yes(&env, args).ends(5).says("--invoiced-line").says(&number);
    }
    yes(&env, &["line", "remove", "32181", &line, "--invoiced-line"]).ends(0);
}

#[test]
fn a_line_on_an_invoice_waits_for_none_without_its_mark() {
    let (env, ..) = unmarked("onsite");
    let closes = env.run(&["close", "32181", "--no-comment", "--dry-run"]);
    assert!(!closes.ends(0).stdout.contains("invoice"), "{closes}");
    // Other hours are not stacked upon it, and other work is not the same line.
    let emergency = ["line", "add", "32181", "--labor", "emergency", "--minutes", "60"];
    let again = ["line", "add", "32181", "--labor", "onsite", "--minutes", "30"];
    let bill = ["bill", "32181", "--minutes", "60", "--labor", "emergency", "--no-comment"];
    for (args, flag) in [(emergency, "--stacked"), (again, "--same-line"), (bill, "--stacked")] {
        let ran = env.run(&[&args[..], &["--description", "Other work", "--dry-run"]].concat());
        assert!(!ran.ends(0).stdout.contains(flag), "{ran}");
    }
}

#[test]
fn a_discount_counts_in_what_a_line_comes_to() {
    let env = TestEnv::new();
    let path = format!("tickets/{}/add_line_item", ticket_id(TILL));
    let cable = ["-F", "name=Cable", "-F", "description=x", "-F", "price_retail=40"];
    let cable = [&["api", "POST", &path][..], &cable, &["-F", "quantity=2", "-F", "taxable=false"]];
    let cable = cable.concat();
    let change = format!("tickets/{}/update_line_item", ticket_id(32_178));
    let change = ["api", "PUT", &change, "-F", "ticket_line_item_id=2964400001"];
    let invoice = ["api", "POST", "invoices/1652300000/line_items", "-f", "item=Cable"];
    let invoice =
        [&invoice[..], &["-f", "name=x", "-F", "price=40", "-F", "taxable=false"]].concat();
    let cases: [(&[&str], &str, i32, &str); 10] = [
        (&cable, "line_discount_percent=100", 5, "would be $0.00"),
        (&cable, "discount_dollars=80", 5, "would be $0.00"),
        (&cable, "line_discount_percent=101", 2, "discount"),
        (&cable, "discount_dollars=81", 2, "discount"),
        (&cable, "line_discount_percent=soon", 2, "discount"),
        (&change, "line_discount_percent=100", 5, "would be $0.00"),
        (&change, "discount_dollars=-1", 2, "discount"),
        (&invoice, "discount_percent=100", 5, "would be $0.00"),
        (&invoice, "line_discount_percent=100", 5, "would be $0.00"),
        (&invoice, "discount_dollars=41", 2, "discount"),
    ];
    for (args, field, code, says) in cases {
        let ran = yes(&env, &[args, &["-F", field]].concat());
        ran.ends(code).says(says);
        assert!(env.writes().is_empty(), "{ran}");
    }
    let shown = env.run(&[&cable[..], &["-F", "line_discount_percent=10", "--dry-run"]].concat());
    shown.ends(0);
    assert!(shown.stdout.contains("less 10% = $72.00"), "{shown}");
    let body = env.dir().join("body.json");
    let line = json!({"item": "Cable", "quantity": 1, "price": 40, "discount_percent": 100});
    let new = json!({"customer_id": 31_204_602, "line_items": [line]});
    std::fs::write(&body, new.to_string()).unwrap();
    yes(&env, &["api", "POST", "invoices", "--input", body.to_str().unwrap()])
        .ends(5)
        .says("--zero");
}

#[test]
fn a_payment_for_no_invoice_is_the_same_as_the_next_for_one() {
    let env = TestEnv::new();
    let invoice = env.account().get("/invoices/67409")["invoice"].take();
    let customer = format!("customer_id={}", invoice["customer_id"]);
    let first = ["api", "POST", "payments", "-F", &customer, "-F", "amount_cents=4000"];
    yes(&env, &[&first[..], &["-f", "payment_method=Check"]].concat()).ends(0);
    let pay = |amount: &'static str| ["payment", "add", "67409", "--amount", amount];
    let pay = |amount, more: &[&'static str]| {
        yes(&env, &[&pay(amount)[..], &["--method", "Check"], more].concat())
    };
    pay("40", &[]).ends(5).says("--same-payment").says("no invoice");
    pay("41", &[]).ends(0);
    pay("40", &["--same-payment"]).ends(0);
}

#[test]
fn a_status_or_a_removal_names_what_it_leaves_behind() {
    let env = TestEnv::new();
    for (args, says, next) in [
        (&["update", "32178", "Invoiced"][..], "not invoiced", "syncro invoice create 32178"),
        (&["update", "32178", "Resolved"], "not invoiced", "syncro invoice create 32178"),
        (&["update", "32181", "Invoiced"], "is invoiced", "syncro bill 32181"),
        (&["update", "32168", "Resolved"], "not charged yet", "syncro bill 32168 --from-timers"),
        (&["update", "32175", "Resolved"], "is running", "syncro timer stop 32175"),
        (&["delete", "32178", "--number", "32178"], "not invoiced", "syncro invoice create 32178"),
        (&["delete", "32168"], "not charged yet", "syncro bill 32168 --from-timers"),
        (&["delete", "32175"], "is running", "syncro timer stop 32175"),
    ] {
        let warnings = warned(&env, args);
        let is_said = |text: &String| text.contains(says) && text.contains(next);
        assert!(warnings.iter().any(is_said), "{args:?}: {says}: {warnings:?}");
    }
    for args in [
        &["update", "32178", "In Progress"][..],
        &["update", "32181", "Resolved"],
        &["update", "32177", "Invoiced"],
    ] {
        let warnings = warned(&env, args);
        let leaves = |text: &String| text.contains("syncro ");
        assert!(!warnings.iter().any(leaves), "{args:?}: {warnings:?}");
    }
}

#[test]
fn time_that_is_deleted_is_named_with_what_bills_it() {
    let env = TestEnv::new();
    for (timer, says, next) in [
        (["32168", "48700003"], "not charged yet", "syncro timer charge 32168 48700003"),
        (["32175", "48700000"], "is running", "syncro timer stop 32175 48700000"),
    ] {
        let ran = env.run(&[&["timer", "delete"][..], &timer, &["--dry-run"]].concat());
        let lines = ran.ends(0).stdout.lines();
        let is_said = |line: &&str| line.contains(says) && line.contains(next);
        assert_eq!(lines.filter(is_said).count(), 1, "{ran}");
    }
}

/// Imelda wants no email; she has the customer's own address.
fn opted_out(env: &TestEnv) {
    let contact = json!({"name": "Imelda Quill", "opt_out": true});
    env.account().write("PUT", "/contacts/7804551", &contact);
}

fn silent(env: &TestEnv) {
    env.account().write("PUT", "/customers/31204551", &json!({"no_email": true}));
}

fn silent_by_itself(env: &TestEnv) {
    env.account().write("PUT", "/customers/31204551", &json!({"opt_out": true}));
}

#[test]
fn a_customers_own_opt_out_is_one() {
    let env = prepared(silent_by_itself);
    for args in
        [&["comment", "32181", "The spool"][..], &["close", "32181", "-m", "The spool", "--no-log"]]
    {
        yes(&env, args).ends(5).says("--opted-out").says("this customer");
    }
    let shown = env.run(&["customer", "show", "31204551"]);
    assert!(shown.ends(0).stdout.contains("opted out"), "{shown}");
}

#[test]
fn whoever_wants_no_email_is_asked_about_whatever_is_emailed() {
    for office in [opted_out, silent, silent_by_itself] {
        let env = prepared(|env| {
            env.account().line(TILL, "0.5", "120", "Spool");
            env.account().invoice(TILL);
        });
        office(&env);
        let number = env.state(TILL).invoices[0]["number"].as_str().unwrap().to_owned();
        let path = format!("invoices/{}/email", env.state(TILL).invoices[0]["id"]);
        let visit = ["appointment", "add", "32181", "--start", "2027-03-17 10:00", "--mail"];
        let new =
            ["create", "31204551", "Blank", "--start", "2027-03-18 10:00", "--mail-appointment"];
        for args in [
            &["invoice", "email", &number][..],
            &["api", "POST", &path],
            &visit,
            &[&new[..], &["--contact", "7804551"]].concat(),
        ] {
            yes(&env, args).ends(5).says("--opted-out").says("told not to email");
        }
        assert!(env.writes().is_empty());
        yes(&env, &["invoice", "email", &number, "--opted-out"]).ends(0);
        yes(&env, &[&visit[..], &["--opted-out"]].concat()).ends(0);
    }
}

/// What this program has sent itself, its journal tells.
#[test]
fn an_invoice_is_emailed_twice_only_where_somebody_says_so() {
    let env = TestEnv::new();
    let id = env.account().get("/invoices/67409")["invoice"]["id"].to_string();
    let email = ["invoice", "email", "67409"];
    yes(&env, &email).ends(0);
    yes(&env, &email).ends(5).says("--again").says("he email of invoice #67409");
    yes(&env, &["api", "POST", &format!("invoices/{id}/email")]).ends(5).says("--again");
    assert_eq!(env.writes().len(), 1);
    yes(&env, &["invoice", "email", "67409", "--again"]).ends(0);
    // A refusal has sent nothing.
    let env = TestEnv::with(&["invoice-email=422"]);
    yes(&env, &email).ends(5);
    assert!(!yes(&env, &email).stderr.contains("--again"));
}

#[test]
fn a_credential_is_seen_in_each_text_and_in_each_spelling() {
    let env = TestEnv::new();
    let secret = "password: hunter-two";
    let pay = ["payment", "add", "67409", "--amount", "1", "--method", "Check", "--ref", secret];
    yes(&env, &pay).ends(5).says("--allow-secrets");
    let order = ["invoice", "update", "67409", "--po-number", secret];
    yes(&env, &order).ends(5).says("--allow-secrets");
    let path = format!("tickets/{}/comment", ticket_id(TILL));
    let field = format!("sms_body[]={secret}");
    let sms = ["api", "POST", &path, "-f", "subject=Up", "-f", "body=Done", "-f", "hidden=true"];
    yes(&env, &[&sms[..], &["-f", &field]].concat()).ends(5).says("--allow-secrets");
    for spelled in [
        "\u{ff50}\u{ff41}\u{ff53}\u{ff53}\u{ff57}\u{ff4f}\u{ff52}\u{ff44}\u{ff1a} hunter-two",
        "pass\u{200d}word: hunter-two",
        "pass\u{ad}word: hunter-two",
        "pass\u{2060}word: hunter-two",
        "Logo <svg> fixed.\npassword:\nhunter-2x9",
        // A letter of another alphabet looks the same.
        "\u{440}\u{430}ssw\u{43e}rd: hunter-two",
        "\u{3c1}assw\u{3bf}rd: hunter-two",
        "\u{1d429}\u{1d41a}\u{1d42c}\u{1d42c}\u{1d430}\u{1d428}\u{1d42b}\u{1d41d}: hunter-two",
        "password\u{a789} hunter-two",
    ] {
        yes(&env, &["comment", "32181", spelled]).ends(5).says("--allow-secrets");
        yes(&env, &["line", "update", "32178", "2964400001", "--name", spelled])
            .ends(5)
            .says("--allow-secrets");
        // It stands above the comment.
        let named = ["comment", "32181", "Fan cleaned", "--tech", spelled];
        yes(&env, &named).ends(5).says("--allow-secrets");
    }
    assert!(env.writes().is_empty());
}

/// What hides text hides no secret: neither where it never ends nor where it does.
#[test]
fn a_credential_is_seen_in_what_a_page_would_not_show() {
    let env = TestEnv::new();
    for html in [
        "<svg><p>pass<b></b>word: hunter-two</p>",
        "<script>pass<i></i>word: hunter-two",
        "<svg><text>pass</text><text>word: hunter-two</text></svg>",
        "<style>pass<b></b>word: hunter-two</style>",
        "<svg/onload>pass<i></i>word: hunter-two",
        "pass<small></small>word: <what>hunter-two</what>",
        "pass<what></what>word: hunter-two",
        "Logo <svg> fixed. password:\nhunter-2x9",
    ] {
        yes(&env, &["comment", "32181", "--html", html]).ends(5).says("--allow-secrets");
        let note = ["invoice", "update", "66930", "--note", html];
        yes(&env, &note).ends(5).says("--allow-secrets");
    }
    assert!(env.writes().is_empty());
}

/// A server may take the one path for the other, and its guards would be asleep.
#[test]
fn a_path_in_odd_letters_is_not_sent() {
    let env = TestEnv::new();
    let id = env.account().get("/invoices/67410")["invoice"]["id"].to_string();
    let ticket = ticket_id(TILL);
    for (method, path) in [
        ("DELETE", format!("Invoices/{id}")),
        ("DELETE", format!("INVOICES/{id}/")),
        ("PUT", format!("/Tickets/{ticket}")),
        ("POST", format!("invoices/{id}/Email")),
        ("POST", format!("tickets/{ticket}/Comment")),
        ("POST", format!("tickets/{ticket}/COMMENT/")),
        ("POST", "Payments".to_owned()),
        ("POST", "//payments".to_owned()),
        ("POST", "payments//".to_owned()),
        ("POST", "payments.json".to_owned()),
        ("POST", "payment%73".to_owned()),
        ("DELETE", format!("\u{456}nvoices/{id}")),
        ("DELETE", format!("invoices/{id}\u{ff10}")),
        ("DELETE", format!("api/v1/Invoices/{id}")),
        ("DELETE", format!("API/v1/invoices/{id}")),
    ] {
        let typed = ["api", method, &path, "-F", "body=x", "--unknown-path"];
        yes(&env, &typed).ends(2).says("path");
    }
    // A slash at its end changes nothing, and its guards are awake.
    yes(&env, &["api", "POST", &format!("invoices/{id}/email/")]).ends(5).says("--paid");
    assert!(env.writes().is_empty());
}

/// A bill that was cut off, and what has come to stand against the rest of it.
#[test]
fn the_rest_of_a_plan_takes_the_flags_of_its_command() {
    let env = TestEnv::with(&["line=close-before"]);
    yes(&env, &bill(&[])).ends(6);
    env.account().write("PUT", "/customers/31204551", &json!({"disabled": true}));
    let id = env.journal()[0].id();
    let sent = env.writes().len();
    yes(&env, &["resume", &id])
        .ends(5)
        .says("is disabled")
        .says(&format!("resume {id} --yes --disabled"));
    yes(&env, &["resume", &id, "--zero"]).ends(5).says("is disabled");
    yes(&env, &["resume", "--disabled"]).ends(2).says("plan");
    assert_eq!(env.writes().len(), sent);
    yes(&env, &["resume", &id, "--disabled"]).ends(0);
    assert_eq!(env.state(TILL).invoices.len(), 1);
}

/// A field of which nothing is known, that the server has said yes to and not stored.
#[tokio::test]
async fn what_was_not_stored_is_said_and_leaves_nothing_behind() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |_, _| ()).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let ticket = format!("/tickets/{}", ticket_id(TILL));
    let (_, same) = env.account().call("GET", &ticket, None);
    server.answering(("PUT", &*ticket), 200, &same).await;
    let put = |field: &str| {
        let args = ["api", "PUT", &ticket, "-F", field, "--yes", "--json"];
        env.run_with(&args, &there)
    };
    let ran = put("location_name=Harbor");
    let json = ran.ends(1).says("did not store").json().unwrap();
    assert_eq!(
        (&json["outcome"], &json["writes"][0]["outcome"]),
        (&"failed".into(), &"failed".into())
    );
    env.run_with(&["resume"], &there).ends(0).says("no pending plans");
    // What is known to be stored is in doubt, as ever.
    put("priority=1 High").ends(6);
}

#[test]
fn several_findings_are_a_list_with_their_flags() {
    let env = prepared(|env| {
        env.account().line(TILL, "1", "0", "Left by somebody");
        env.account().write("PUT", "/customers/31204551", &json!({"disabled": true}));
    });
    let ran = yes(&env, &["invoice", "create", "32181"]);
    ran.ends(5).says("guards found 2 problems; nothing was written");
    let lines: Vec<&str> = ran.stderr.lines().map(str::trim).collect();
    for end in [": --zero", ": --disabled"] {
        assert_eq!(lines.iter().filter(|line| line.ends_with(end)).count(), 1, "{ran}");
    }
    let hint = "hint: to proceed anyway: syncro invoice create 32181 --yes --zero --disabled";
    assert!(lines.contains(&hint), "{ran}");
    yes(&env, &["invoice", "create", "32181", "--zero", "--disabled"]).ends(0);
}

/// Whom Syncro was told not to email is named in the preview, and nothing says that he was emailed.
#[test]
fn a_comment_to_a_disabled_contact_is_not_said_to_be_emailed() {
    let env = TestEnv::new();
    yes(&env, &["contact", "disable", "7804551"]).ends(0);
    let before = env.writes().len();
    let comment = ["comment", "32181", "Parts are here"];
    let close = ["close", "32181", "-m", "Parts are here", "--no-log"];
    let work = ["--minutes", "30", "--labor", "remote", "-m", "Parts are here"];
    let bill = [&["bill", "32181"][..], &work].concat();
    for args in [&comment[..], &close, &bill] {
        let plan = env.run(&[args, &["--dry-run"]].concat());
        let page = plan.ends(0).page();
        assert!(page.contains("opted out of email, and may or may not get it"), "{page}");
        assert!(page.contains("told not to email this contact, Imelda Quill"), "{page}");
        yes(&env, args).ends(5).says("--opted-out").says("Imelda Quill");
        assert_eq!(env.writes().len(), before);
        assert!(!page.contains("emailed to"), "{page}");
    }
    let ran = yes(&env, &[&comment[..], &["--opted-out"]].concat());
    let page = ran.ends(0).page();
    assert!(page.contains("may or may not get it") && !page.contains("emailed to"), "{page}");
}

#[test]
fn a_value_in_error_is_said_before_the_missing_terminal() {
    let env = TestEnv::new();
    for (args, says) in [
        (&["update", "32181", "--due", "someday"][..], "--due"),
        (&["update", "32181", "--assign", ""], "`me`"),
        (&["update", "32181", "--subject", " "], "--subject"),
        (&["update", "32181"], "no changes"),
        (&["comment", "32181", "--file", "nowhere.txt"], "nowhere.txt"),
        (&["bill", "32181", "--minutes", "soon"], "--minutes"),
        (&["bill", "32181", "--labor", "magic"], "magic"),
        (&["line", "add", "32181", "--labor", "magic"], "magic"),
        (&["line", "update", "32178", "1"], "no changes"),
        (&["timer", "add", "32181", "--minutes", "soon"], "soon"),
        (&["timer", "add", "32181", "--minutes", "5", "--start", "someday"], "someday"),
        (&["create", "31204551", " "], "subject"),
        (&["create", "31204551", "Blank", "--due", "someday"], "someday"),
        (&["create", "31204551", "Blank", "--start", "someday"], "someday"),
        (&["appointment", "add", "32181", "--start", "someday"], "someday"),
        (&["move-appointment", "31204551", "--to", "someday"], "someday"),
        (&["invoice", "update", "67409", "--due", "someday"], "--due"),
        (&["payment", "add", "67409", "--method", "Check"], "amount"),
        (&["api", "POST", "tickets.json"], "path"),
        (&["api", "POST", "payments", "-F", "amount_cents=0.5"], "amount_cents"),
    ] {
        let ran = env.run(args);
        ran.ends(2).says(says);
        assert!(!ran.stderr.contains("without a terminal"), "{ran}");
    }
    assert!(env.log().is_empty(), "{:?}", env.log());
    // What may be so already is read first.
    env.run(&["update", "32181", "--priority", "high"]).ends(2).says("without a terminal");
}
