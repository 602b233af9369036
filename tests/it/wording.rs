//! What people read before and after: previews that name people, days and zones, messages that fit, hints that work.

use serde_json::json;

use crate::support::{Ran, Running, Setup, TestEnv, ticket_id};

/// What a dry run shows.
fn preview(env: &TestEnv, args: &[&str]) -> String {
    let ran = env.run(&[args, &["--dry-run"]].concat());
    ran.ends(0).stdout.clone()
}

/// Refused with this code, saying all of it, and nothing of what is `never` said.
#[track_caller]
fn refused(ran: &Ran, code: i32, says: &[&str], never: &[&str]) {
    ran.ends(code);
    for text in says {
        ran.says(text);
    }
    for text in never {
        assert!(!ran.stderr.contains(text), "`{text}` is said: {ran}");
    }
}

#[test]
fn days_have_their_weekday_wherever_they_change() {
    let env = TestEnv::new();
    let shown = preview(&env, &["invoice", "update", "67409", "--due", "2026-06-30"]);
    assert!(shown.contains("due date Sun 2026-03-15 -> Tue 2026-06-30"), "{shown}");
    env.run(&["update", "32181", "--due", "2026-05-20", "--yes"]).ends(0);
    let shown = preview(&env, &["update", "32181", "--due", "2026-05-23"]);
    assert!(shown.contains("due date Wed 2026-05-20 -> Sat 2026-05-23"), "{shown}");
}

#[test]
fn a_colleagues_time_has_the_colleagues_name() {
    let env = TestEnv::new();
    let (timer, name) = {
        let list = env.run(&["timer", "list", "32165"]);
        let row = list.ends(0).stdout.lines().find(|row| row.contains("Mika"));
        let row = row.unwrap_or_else(|| unreachable!("{list}")).to_owned();
        let id = row.split_whitespace().last().unwrap().to_owned();
        (id, "Mika Thornquist")
    };
    for args in [
        &["timer", "charge", "32165", &timer, "--labor", "remote"][..],
        &["bill", "32165", "--from-timers", "--no-comment", "--labor", "remote"],
        &["timer", "update", "32165", &timer, "--notes", "x"],
        &["timer", "delete", "32165", &timer],
    ] {
        let shown = preview(&env, args);
        assert!(shown.contains(name), "{args:?}: {shown}");
        assert!(!shown.contains("user 81"), "{args:?}: {shown}");
    }
}

#[test]
fn a_contacts_customer_is_named_with_its_id() {
    let env = TestEnv::new();
    for args in [
        &["contact", "update", "Imelda Quill", "--phone", "555-0199"][..],
        &["contact", "disable", "Imelda Quill"],
        &["contact", "delete", "Imelda Quill"],
    ] {
        let shown = preview(&env, args);
        let row = shown.lines().find(|line| line.contains("Customer"));
        let row = row.unwrap_or_else(|| unreachable!("{args:?}: {shown}"));
        assert!(row.ends_with("Quillfeather Books (id 31204551)"), "{shown}");
        assert!(!shown.contains("no email no"), "{shown}");
    }
}

#[test]
fn an_assets_type_is_one_of_the_accounts() {
    let env = TestEnv::new();
    for args in [
        &["asset", "create", "31204551", "TILL-9", "--type", "Desktp"][..],
        &["asset", "update", "TILL-1", "--type", "Desktp"],
    ] {
        let ran = env.run(&[args, &["--yes"]].concat());
        let says = ["no asset type \"Desktp\"", "did you mean Desktop?", "Laptop"];
        refused(&ran, 2, &says, &[]);
    }
    assert!(env.writes().is_empty());
    env.run(&["asset", "create", "31204551", "TILL-9", "--type", "desk", "--yes"]).ends(0);
    assert_eq!(env.writes()[0].body["asset_type_name"], "Desktop");
}

#[test]
fn messages_fit_what_was_typed() {
    let env = TestEnv::new();
    let run = |args: &[&str]| env.run(args);
    for args in [&["tickets", "--limit", "0"][..], &["invoice", "list", "--limit", "0"]] {
        refused(&run(args), 2, &["at least 1; --all"], &["non-zero"]);
    }
    for (args, says) in [
        (
            &["line", "remove", "32181", "id:x"][..],
            "error: invalid line \"id:x\": use digits after id:\n",
        ),
        (
            &["timer", "delete", "32181", "id:1.5"],
            "error: invalid timer \"id:1.5\": use digits after id:\n",
        ),
        (&["bill", "32181", "--minutes", "x"], "error: --minutes: invalid time \"x\": use 30, "),
        (
            &["timer", "add", "32181", "--minutes", "x"],
            "error: --minutes: invalid time \"x\": use 30, ",
        ),
        (
            &["payment", "add", "67409", "--method", "Check", "--amount", "x"],
            "error: --amount: invalid amount \"x\": use a number",
        ),
        (
            &["line", "add", "32181", "--product", "1", "--quantity", "x"],
            "error: --quantity: invalid quantity \"x\": use a number",
        ),
        (&["tickets", "--limit", "x"], "error: --limit: invalid value \"x\": use a whole number"),
        (
            &["tickets", "--sort", "sum"],
            "error: --sort: invalid value \"sum\": use number, created, updated, due, priority, status, customer or assignee\n",
        ),
        (
            &["tickets", "--sort", "prioritx"],
            "customer or assignee\nhint: did you mean priority?\n",
        ),
        (&["sandbox", "serve", "--port", "x"], "error: --port: invalid value \"x\": use digits"),
        (&["completions", "x"], "error: invalid shell \"x\": use bash, elvish, fish, "),
        (
            &["ticket", "1/2"],
            "error: invalid number \"1/2\": use the ticket number (32181), or id:",
        ),
        (&["ticket", "quill"], "`syncro tickets --customer quill` to list a customer's tickets\n"),
        (
            &["bill", "harbor dental", "--minutes", "30"],
            "`syncro tickets --customer \"harbor dental\"` to list a customer's tickets\n",
        ),
    ] {
        refused(&run(args), 2, &[says], &["digit found", "cannot parse"]);
    }
    refused(
        &run(&["init", "--subdomain", "acme", "--key-file", "nope", "--yes"]),
        2,
        &["there is no such file"],
        &["entity"],
    );
    refused(
        &run(&["create", "31204551", "x", "--asset", "nope", "--yes"]),
        3,
        &["Quillfeather Books has no asset \"nope\"", "choose from: TILL-2"],
        &["the account has"],
    );
    let bob = run(&["create", "31204551", "x", "--contact", "Bob", "--yes"]);
    bob.ends(3);
    assert_eq!(bob.stderr.matches("nothing was written").count(), 1, "{bob}");
    refused(
        &run(&["payment", "add", "67409", "--method", "Check", "--yes"]),
        2,
        &["--amount", "--full"],
        &[],
    );
    refused(
        &run(&["product", "show", "labr"]),
        3,
        &["there is no product", "did you mean Labor - "],
        &[],
    );
    let mut command = env.command();
    command.args(["api", "POST", "tickets", "--input", "-", "--yes"]);
    let ran = Running::fed(command, b"{nope");
    refused(&ran.wait(), 2, &["standard input is not JSON"], &["- is not"]);
    assert!(env.writes().is_empty());
}

#[test]
fn one_is_no_plural() {
    let env = TestEnv::new();
    let shown = preview(&env, &["invoice", "delete", "67409"]);
    assert!(shown.contains("with 1 line; it can") || shown.contains(" lines; they can"), "{shown}");
    let ran = env.run(&["create", "31204551", "Counted", "--description", "x", "--yes", "--json"]);
    let number = ran.ends(0).json().unwrap()["ticket"]["number"].to_string();
    let shown = preview(&env, &["delete", number.trim_matches('"')]);
    assert!(shown.contains("1 comment, 0 line items, 0 timer entries, 0 appointments"), "{shown}");
}

#[test]
fn practice_leads_to_practice() {
    let env = TestEnv::new();
    env.run(&["timer", "start", "32181", "--yes", "--sandbox"]).ends(0);
    let ran = env.run(&["close", "32181", "--no-comment", "--dry-run", "--sandbox"]);
    let shown = &ran.ends(0).stdout;
    assert!(shown.contains(": syncro --sandbox timer stop 32181"), "{shown}");
    let ran = env.run(&["product", "show", "zzzz", "--sandbox"]);
    ran.ends(3).says("`syncro --sandbox product list`");
    env.run(&["product", "show", "zzzz"]).ends(3).says("`syncro product list`");
}

#[test]
fn what_is_gone_is_followed_by_what_is_left() {
    let env = TestEnv::new();
    for (args, next) in [
        (&["appointment", "cancel", "5560900000"][..], "Next: syncro appointment list\n"),
        (&["contact", "delete", "Imelda Quill", "--open-tickets"], "Next: syncro contact list\n"),
        (&["delete", "32166", "--number", "32166"], "Next: syncro tickets\n"),
    ] {
        let ran = env.run(&[args, &["--yes"]].concat());
        assert!(ran.ends(0).stdout.ends_with(next), "{ran}");
    }
}

/// What was changed was seen in the preview and is told again: its page has no more to say of it.
#[test]
fn nothing_leads_back_to_where_it_comes_from() {
    let env = TestEnv::new();
    let fields = json!({
        "summary": "Gift receipts", "customer_id": 31_204_551,
        "start_at": "2027-03-17T15:00:00Z", "end_at": "2027-03-17T16:00:00Z", "user_id": 81_204,
    });
    let (_, made) = env.account().call("POST", "/appointments", Some(&fields));
    let id = made["appointment"]["id"].to_string();
    for args in [
        &["comment", "32181", "Parts are here"][..],
        &["update", "32181", "Waiting for Parts"],
        &["timer", "add", "32181", "--minutes", "10"],
        &["invoice", "email", "67409"],
        &["payment", "add", "67409", "--method", "Check", "--full"],
        &["contact", "update", "7804552", "--phone", "555-0199"],
        &["contact", "disable", "7804552"],
        &["asset", "update", "12390017", "--serial", "QF-0032"],
        &["customer", "update", "31204551", "--phone", "555-0199"],
        &["customer", "disable", "31204731", "--open-work"],
        &["move-appointment", "31204551", "--appointment", &id, "--to", "2027-03-18 10:00"],
    ] {
        let ran = env.run(&[args, &["--yes"]].concat());
        assert!(!ran.ends(0).stdout.contains("Next: "), "{ran}");
    }
    // What was changed of an invoice is for its customer.
    let ran = env.run(&["invoice", "update", "66937", "--po-number", "PO-7", "--yes"]);
    assert!(ran.ends(0).stdout.ends_with("Next: syncro invoice email 66937\n"), "{ran}");
}

/// An invoice that no bill makes leaves the ticket's status to somebody.
#[test]
fn an_invoice_by_itself_is_followed_by_the_status_of_its_ticket() {
    let create = ["invoice", "create", "32178", "--yes"];
    let ends = |env: &TestEnv, status: &str| {
        let ran = env.run(&create);
        let number = env.account().get("/invoices")["invoices"][0]["number"].take();
        let next = format!("Next: syncro invoice email {}\n{status}", number.as_str().unwrap());
        assert!(ran.ends(0).stdout.ends_with(&next), "{ran}");
    };
    ends(&TestEnv::new(), "      syncro update 32178 Invoiced\n");
    let is_so = |env: &TestEnv| {
        let path = format!("/tickets/{}", ticket_id(32_178));
        env.account().write("PUT", &path, &json!({"status": "Invoiced"}));
    };
    ends(&TestEnv::prepared(Setup::default(), is_so).0, "");
    for (to, status) in [
        ("after_bill = \"Waiting for Parts\"", "      syncro update 32178 \"Waiting for Parts\"\n"),
        ("after_bill = \"\"", ""),
    ] {
        let replace = vec![("after_bill = \"Invoiced\"", to.to_owned())];
        ends(&TestEnv::of(Setup { replace, ..Setup::default() }), status);
    }
}

#[test]
fn a_lost_mail_is_dropped_and_not_finished() {
    let env = TestEnv::with(&["invoice-email=close-after"]);
    let mail = ["invoice", "email", "67409", "--yes"];
    env.run(&mail).ends(6);
    let id = env.journal()[0].id();
    let drops = format!("`syncro resume --discard {id}` to discard the plan");
    refused(&env.run(&mail), 5, &["the API cannot confirm it", &drops], &["finishes it"]);
}

#[test]
fn a_second_mail_is_said_to_be_one() {
    let env = TestEnv::new();
    let shown = preview(&env, &["invoice", "email", "67409"]);
    assert!(shown.contains("may email it again"), "{shown}");
}

#[test]
fn long_names_keep_the_columns_of_a_preview() {
    let env = TestEnv::new();
    let typed = [
        "api",
        "PUT",
        "customers/31204551",
        "-F",
        "business_and_name=Quillfeather",
        "-F",
        "city=Elmfield",
    ];
    let shown = preview(&env, &typed);
    let at = |label: &str| {
        let row = shown.lines().find(|line| line.trim_start().starts_with(label));
        let row = row.unwrap_or_else(|| unreachable!("{label}: {shown}"));
        let label = row.len() - row.trim_start().len() + label.len();
        label + row[label..].len() - row[label..].trim_start().len()
    };
    assert_eq!(at("city"), at("business_and_name"), "{shown}");
    assert_eq!(at("Sends"), at("As"), "{shown}");
}

#[test]
fn help_is_not_broken_in_the_middle_of_a_sentence() {
    let env = TestEnv::new();
    for command in ["init", "doctor"] {
        let ran = env.run_with(&[command, "--help"], &[("COLUMNS", "80")]);
        let text = &ran.ends(0).stdout;
        let prose = text.rsplit("\n\n").next().unwrap();
        let lines: Vec<&str> = prose.trim_end().lines().collect();
        for (line, next) in lines.iter().zip(lines.iter().skip(1)) {
            let word = next.split_whitespace().next().unwrap();
            assert!(line.len() + 1 + word.len() > 80, "{command}: {prose}");
        }
    }
}

#[cfg(unix)]
#[test]
fn enter_at_the_number_prompt_cancels() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["delete", "32166"]);
    terminal.expect("Type the ticket number");
    terminal.say("");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(shown.contains("cancelled; nothing was written"), "{shown}");
    assert!(!shown.contains("does not match"), "{shown}");
}

#[cfg(unix)]
#[test]
fn the_form_shows_weekdays_and_counts_what_it_shows() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["create", "31204551", "A visit"]);
    terminal.expect("Enter to continue");
    terminal.say("99");
    let refused = terminal.expect("1 to 12");
    assert!(!refused.contains("1 to 17"), "{refused}");
    terminal.answer("Enter to continue:", "12 2027-03-14 02:30");
    let shown = terminal.expect("Enter to continue");
    assert!(shown.contains("Sun 2027-03-14 03:30 CDT"), "{shown}");
    assert!(shown.contains("does not exist on Sun 2027-03-14"), "{shown}");
    assert!(shown.contains("17  Email appointment"), "{shown}");
    terminal.say("");
    let shown = terminal.expect("[y/N/p");
    assert!(shown.contains("! 02:30 does not exist"), "{shown}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
}

#[cfg(unix)]
#[test]
fn at_forty_columns_ids_and_amounts_are_whole() {
    let env = TestEnv::new();
    env.run(&["line", "list", "32178"]).ends(0);
    let line = env.state(32_178).lines[0]["id"].to_string();
    for (args, whole) in [
        (&["line", "list", "32178"][..], [line.as_str(), "$89.50"]),
        (&["invoice", "list"], ["67410", "$244.87"]),
        (&["product", "list", "labor"], ["17340021", "$120.00"]),
        (&["appointment", "list", "--date", "2026-03-18"], ["5560900000", "Wed 2026-03-18 11:00"]),
    ] {
        let (code, shown) = env.terminal_of(40, args).end();
        assert_eq!(code, 0, "{shown}");
        for text in whole {
            assert!(shown.contains(text), "{text}: {shown}");
        }
    }
}
