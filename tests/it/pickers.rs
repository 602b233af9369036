//! Records are named by what people call them: what is missing is picked from a list where that is short, several of a
//! name are told apart, and wherever an id is taken a name is taken, too.
#![cfg(unix)]

use serde_json::Value;

use crate::support::{CTRL_C, Terminal, TestEnv};

const PROMPT: &str = "[y/N/p";

fn left(mut terminal: Terminal) {
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
}

#[track_caller]
fn shows(terminal: Terminal, text: &str) {
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains(text), "{text}: {shown}");
}

#[test]
fn of_few_one_is_picked_by_number_name_or_beginning() {
    let env = TestEnv::new();
    for typed in ["2", "Joss Pennock", "jos", "7804552"] {
        let mut terminal = env.terminal(&["contact", "show", "--customer", "quillfeather books"]);
        let list = terminal.expect("Contact [1-3, Enter cancels]:");
        assert!(list.contains("2) Joss Pennock (id 7804552, joss@quillfeather.example"), "{list}");
        terminal.say(typed);
        shows(terminal, "Shop assistant");
    }
    let mut terminal = env.terminal(&["asset", "show", "--customer", "quillfeather books"]);
    let list = terminal.expect("Asset [1-");
    assert!(list.contains("TILL-2 (id 12390017"), "{list}");
    terminal.say("till-2");
    shows(terminal, "LF-000118");

    let mut terminal = env.terminal(&["product", "show"]);
    let list = terminal.expect("Product [1-");
    assert!(list.contains("Labor - Remote (id 17340021, $120.00)"), "{list}");
    // Several fit: more of the name is asked for.
    terminal.say("labor");
    terminal.expect("fit: type one of these numbers, or more of the name");
    terminal.say("labor - rem");
    shows(terminal, "Labor - Remote");

    // Nothing is chosen by an empty answer.
    let mut terminal = env.terminal(&["product", "show"]);
    terminal.answer("Product [1-", "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");

    let mut terminal = env.terminal(&["payment", "show"]);
    let list = terminal.expect("Payment [1-");
    assert!(list.contains("(id 6120"), "{list}");
    left(terminal);
    let mut terminal = env.terminal(&["appointment", "show"]);
    terminal.expect("Appointment [1-");
    terminal.say("greenhouse");
    shows(terminal, "Greenhouse wiring");
}

/// A list has what is likely: whatever else would do as the argument is taken at its prompt, by the same reader.
#[test]
fn what_is_not_in_the_list_is_taken_as_the_argument_would_be() {
    let env = TestEnv::new();
    let quill = ["contact", "show", "--customer", "quillfeather books"];
    for (args, question, typed, shown) in [
        (&["ticket"][..], "Ticket [1-", "32153", "#32153"),
        (&["ticket"], "Ticket [1-", "id:108442689", "#32153"),
        (&["invoice", "show"], "Invoice [1-", "#66811", "Invoice #66811"),
        (&["invoice", "show"], "Invoice [1-", "id:67402", "Invoice #1188"),
        (&["open"], "Ticket [1-", "32153", "/tickets/108442689"),
        (&quill, "Contact [1-3", "id:7804552", "Shop assistant"),
        (&["product", "show"], "Product [1-", "id:17340021", "Labor - Remote"),
        (&["payment", "show"], "Payment [1-", "id:61200001", "Payment $300.00"),
        (&["appointment", "show"], "Appointment [1-", "id:5560900000", "5560900000"),
    ] {
        let mut terminal = env.terminal(args);
        terminal.answer(question, typed);
        shows(terminal, shown);
    }
    // Whom there is not is asked for again, and the list stands there once.
    let mut terminal = env.terminal(&["invoice", "show"]);
    for (typed, wrong) in
        [("99999", "there is no invoice #99999"), ("a/b", "use the invoice number (67410)")]
    {
        let list = terminal.answer("Invoice [1-", typed);
        assert_eq!(list.contains("  1) "), typed == "99999", "{list}");
        terminal.expect(wrong);
    }
    terminal.answer("Invoice [1-", "66811");
    shows(terminal, "Invoice #66811");

    // Another record is typed where several are told apart, too.
    for (args, typed, shown) in [
        (&["customer", "show", "brindlewood"][..], "31204551", "Quillfeather Books"),
        (&["customer", "show", "brindlewood"], "larkspur brew", "Larkspur Brewery"),
        (&["contact", "show", "oduya"], "id:7804552", "Shop assistant"),
        (&["asset", "show", "srv-01"], "till-2", "LF-000118"),
    ] {
        let mut terminal = env.terminal(args);
        terminal.answer("Which one? [1-2, Enter cancels]:", "zebra");
        terminal.expect("there is no ");
        terminal.answer("Which one? [1-2, Enter cancels]:", typed);
        shows(terminal, shown);
    }
    let mut terminal = env.terminal(&["update", "32181"]);
    terminal.answer("What to change [1-", "Assignee");
    terminal.answer("User [1-", "me");
    let shown = terminal.expect("already");
    assert!(!shown.contains("type a number"), "{shown}");
    drop(terminal);
    let mut terminal = env.terminal(&["update", "32181"]);
    terminal.answer("What to change [1-", "Priority");
    terminal.answer("New value [1-", "medium");
    shows(terminal, "priority is already 2 Normal");
}

#[test]
fn of_many_one_is_asked_for_by_words_until_somebody_has_them() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["customer", "show"]);
    terminal.answer("Customer (name or id):", "zebra");
    terminal.expect("there is no customer \"zebra\"");
    // A list that is left without a choice leads back to the words.
    terminal.answer("Customer (name or id):", "brindlewood");
    terminal.answer("Which one? [1-2, Enter cancels]:", "");
    terminal.answer("Customer (name or id):", "brindlewood");
    terminal.answer("Which one? [1-2, Enter cancels]:", "garden");
    shows(terminal, "Brindlewood Garden Center");

    let mut terminal = env.terminal(&["contact", "show"]);
    terminal.answer("Contact (name or id):", "nobody like this");
    terminal.expect("there is no contact");
    terminal.answer("Contact (name or id):", "imelda quill");
    shows(terminal, "Office manager");

    let mut terminal = env.terminal(&["asset", "show"]);
    terminal.answer("Asset (name or id):", "srv-01");
    terminal.answer("Which one? [1-2, Enter cancels]:", "northlight");
    shows(terminal, "SV-0107");
}

/// Of more than anybody reads, none is picked: the beginning of them is shown, and more of the name is asked for.
#[test]
fn too_many_are_not_shown_to_be_picked_from() {
    let env = TestEnv::new();
    let args = ["contact", "show", "example"];
    let script = env.run(&args);
    let (code, shown) = env.terminal(&args).end();
    assert_eq!(code, 2, "{shown}");
    for said in [&script.ends(2).stderr, &shown] {
        assert!(said.contains(" contacts match \"example\""), "{said}");
        assert!(said.contains("\nhint: type more letters\n"), "{said}");
        assert_eq!(said.matches("(id ").count(), 10, "{said}");
    }
    let few = env.run(&["contact", "show", "quill", "--customer", "31204551"]);
    assert!(!few.ends(2).stderr.contains("more letters"), "{few}");
}

#[test]
fn those_of_one_name_are_told_apart() {
    let env = TestEnv::new();
    let ran = env.run(&["customer", "show", "wren & otter"]);
    ran.ends(2)
        .says("Wren & Otter (id 31205054, cosima@wrenotter.example)")
        .says("WREN & OTTER (id 31205071, barnaby@wren-otter-west.example)");
    let mut terminal = env.terminal(&["customer", "show", "wren & otter"]);
    let list = terminal.answer("Which one? [1-2, Enter cancels]:", "barnaby");
    assert!(list.contains("cosima@wrenotter.example"), "{list}");
    shows(terminal, "31205071");

    let named = ["create", "31205462", "Till dark", "--contact", "Ikenna Saltmarsh", "--dry-run"];
    let error = env.run(&[&named[..], &["--json"]].concat()).ends(2).error();
    let hint = error["hint"].as_str().unwrap();
    let told: Vec<&str> = hint.split("Ikenna Saltmarsh (id ").skip(1).collect();
    assert!(told.len() == 2 && told.iter().all(|one| one.contains('@')), "{hint}");
}

/// A ticket of a customer with two contacts of one name.
fn of_saltmarsh(env: &TestEnv) -> String {
    let typed = ["create", "31205462", "Till dark", "--yes", "--json"];
    let made = env.run(&typed).ends(0).json().unwrap();
    made["ticket"]["number"].to_string().trim_matches('"').to_owned()
}

#[test]
fn what_is_changed_is_chosen_from_what_there_is() {
    let env = TestEnv::new();
    let number = of_saltmarsh(&env);
    let mut terminal = env.terminal(&["update", &number, "--contact", "ikenna saltmarsh"]);
    let list = terminal.answer("Which one? [1-3, Enter cancels]:", "ikenna.p");
    assert!(list.contains("(id 7805462, counter@saltmarsh.example)"), "{list}");
    terminal.expect(PROMPT);
    left(terminal);
    env.run(&["update", &number, "--contact", "ikenna saltmarsh", "--yes"]).ends(2);

    for (field, asked, typed, shown) in [
        ("Contact", "Contact [1-4", "none", "-> nobody"),
        ("Assignee", "User [1-", "none", "-> nobody"),
        ("Customer", "Customer (name or id):", "garden center", "Brindlewood Garden Center"),
    ] {
        let mut terminal = env.terminal(&["update", "32181"]);
        terminal.answer("What to change [1-", field);
        terminal.answer(asked, typed);
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains(shown), "{preview}");
        left(terminal);
    }
    // What was typed waits to be used, unless somebody says No. A day that nobody understands is asked for again.
    let mut terminal = env.terminal(&["update", "32181"]);
    terminal.answer("Use what you had typed", "n");
    terminal.answer("What to change [1-", "Due");
    terminal.answer("Due date: ", "someday");
    terminal.answer("Due date: ", "2027-05-21");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("2027-05-21"), "{preview}");
    left(terminal);
}

fn planned(env: &TestEnv, args: &[&str]) -> Value {
    let ran = env.run(&[args, &["--dry-run", "--json"]].concat());
    ran.ends(0).json().unwrap()["writes"][0].clone()
}

#[test]
fn a_line_item_and_a_timer_entry_are_named_by_what_they_say() {
    let env = TestEnv::new();
    let lines = env.run(&["line", "list", "32178", "--json"]).ends(0).json().unwrap();
    let disk = lines.as_array().unwrap().iter().find(|one| one["name"] == "SSD 1 TB").unwrap();
    for typed in ["SSD 1 TB", "ssd", "archive pc"] {
        let write = planned(&env, &["line", "remove", "32178", typed]);
        assert_eq!(write["body"]["ticket_line_item_id"], disk["id"], "{typed}");
    }
    let write = planned(&env, &["line", "update", "32178", "ssd", "--quantity", "2"]);
    assert_eq!(write["body"]["ticket_line_item_id"], disk["id"]);
    env.run(&["line", "remove", "32178", "hdd", "--yes"])
        .ends(3)
        .says("ticket #32178 has no line item \"hdd\"")
        .says("1 x SSD 1 TB @ $89.50 (id ");
    // Digits are an id, whatever there is.
    env.run(&["line", "remove", "32178", "1", "--yes"]).ends(3);

    let first = "48700003";
    for (args, id) in [
        (&["timer", "update", "32168", "terminal", "--minutes", "50"][..], first),
        (&["timer", "delete", "32168", "remote"], first),
        (&["timer", "charge", "32168", "stopped"], first),
    ] {
        let write = planned(&env, args);
        assert_eq!(write["body"]["timer_entry_id"].to_string(), id, "{args:?}: {write}");
    }
    planned(&env, &["timer", "stop", "32175", "solveig", "--large"]);
    planned(&env, &["timer", "stop", "32175", "running", "--large"]);

    let several = ["timer", "delete", "32165", "account"];
    env.run(&["timer", "delete", "32165", "stopped", "--yes"])
        .ends(2)
        .says("2 timers match \"stopped\"; nothing was written\n")
        .says("Account and mailbox")
        .says("Laptop set up at the desk");
    let mut terminal = env.terminal(&["timer", "delete", "32165", "stopped"]);
    terminal.answer("Which one? [1-2, Enter cancels]:", "laptop");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("Laptop set up"), "{preview}");
    left(terminal);
    planned(&env, &several);
    assert!(env.writes().is_empty(), "{:?}", env.writes());
}

#[test]
fn an_appointment_is_named_by_its_day_its_time_or_its_summary() {
    let env = TestEnv::new();
    let json = |typed: &str| {
        let ran = env.run(&["appointment", "show", typed, "--json"]);
        ran.ends(0).json().unwrap()["summary"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(json("greenhouse"), "Greenhouse wiring");
    let list = env.run(&["appointment", "list", "--json"]).ends(0).json().unwrap();
    let greenhouse = list.as_array().unwrap().iter().find(|one| {
        one["summary"].as_str().is_some_and(|summary| summary.starts_with("Greenhouse"))
    });
    let start = greenhouse.unwrap()["start_at"].as_str().unwrap();
    assert_eq!(json(start), "Greenhouse wiring");
    assert_eq!(json(&start[..10]), "Greenhouse wiring");
    env.run(&["appointment", "show", "zebra"]).ends(3).says("there is no appointment \"zebra\"");
    let day = env.run(&["appointment", "show", "2026-01-02"]);
    day.ends(3).says("from 2026-01-02 to 2026-01-02");

    let write = planned(&env, &["appointment", "cancel", "greenhouse"]);
    assert_eq!(write["method"], "DELETE");
    let moved = ["move-appointment", "copperkettle", "--appointment", "oven", "--to", "3pm"];
    let write = planned(&env, &moved);
    let id = list
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["summary"].as_str().is_some_and(|summary| summary.starts_with("Oven")));
    assert!(write["path"].as_str().unwrap().ends_with(&id.unwrap()["id"].to_string()), "{write}");
    env.run(&["move-appointment", "copperkettle", "--to", "3pm", "--yes"])
        .ends(2)
        .says("choose one with --appointment ID");
}

#[test]
fn an_address_is_named_by_its_name_its_street_or_its_city() {
    let env = TestEnv::new();
    for typed in ["dispensary", "quay stairs", "3 Quay Stairs, Upper Larkham IL 60000", "902114"] {
        let write = planned(&env, &["create", "31205462", "Till dark", "--address", typed]);
        assert_eq!(write["body"]["address_id"], 902_114, "{typed}");
    }
    let write = planned(&env, &["create", "saltmarsh pharmacy", "x", "--address", "quay"]);
    assert_eq!(write["body"]["address_id"], 902_114);
    env.run(&["create", "31205462", "Till dark", "--address", "zebra", "--yes"])
        .ends(3)
        .says("has no address \"zebra\"")
        .says("Dispensary (id 902114, 3 Quay Stairs, Upper Larkham IL 60000)");
    env.run(&["create", "31204551", "x", "--address", "zebra", "--yes"])
        .ends(3)
        .says("there is nothing to choose from");
    let mut terminal = env.terminal(&["create", "31205462", "Till dark"]);
    terminal.answer("Enter to continue:", "?10");
    let choices = terminal.expect("Enter to continue:");
    assert!(choices.contains("Dispensary (id 902114"), "{choices}");
    left(terminal);
}

#[test]
fn of_my_timers_on_one_ticket_one_is_picked() {
    let env = TestEnv::new();
    for notes in ["Counting stock", "Writing labels"] {
        let notes = format!("notes={notes}");
        let start = ["api", "POST", "tickets/108443837/timer_entry", "-f", &notes];
        let at = ["-f", "start_at=2026-03-17T14:00:00Z", "--yes", "--timer-running"];
        env.run(&[&start[..], &at].concat()).ends(0);
    }
    env.run(&["timer", "stop", "32181", "--yes"]).ends(2).says("Counting stock").says("use its id");
    let mut terminal = env.terminal(&["timer", "stop", "32181", "--large"]);
    let list = terminal.answer("Which one? [1-2, Enter cancels]:", "writing");
    assert!(list.contains("you have 2 running timers on ticket #32181:"), "{list}");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("timer entry 48700008"), "{preview}");
    left(terminal);
}

/// Digits are an id first, and then the reference that people have on paper.
#[test]
fn a_payment_is_named_by_its_reference_or_its_customer() {
    let env = TestEnv::new();
    for (typed, id) in [("7731", 61_200_016), ("61200001", 61_200_001), ("tidewrack", 61_200_012)] {
        let payment = env.run(&["payment", "show", typed, "--json"]).ends(0).json().unwrap();
        assert_eq!(payment["id"], id, "{typed}");
    }
    env.run(&["payment", "show", "7732"])
        .ends(3)
        .says("there is no payment with id 7732, nor is it the reference of one of the")
        .says("syncro payment list");
    env.run(&["payment", "show", "id:7731"]).ends(3);
}

/// The only open invoice, or one of several that are shown.
#[test]
fn an_invoice_is_named_by_its_customer_where_it_is_read() {
    let env = TestEnv::new();
    for (typed, number) in [
        ("mossgate", "67409"),
        ("Larkspur Brewery", "66937"),
        ("kestrel legal", ""),
        ("saltmarsh pharmacy", ""),
        ("zebra", ""),
        ("zebra crossing", ""),
    ] {
        let ran = env.run(&["invoice", "show", typed, "--json"]);
        match number {
            "" => drop(ran.ends(if typed.starts_with("salt") { 2 } else { 3 })),
            number => assert_eq!(ran.ends(0).json().unwrap()["number"], number, "{ran}"),
        }
    }
    let several = env.run(&["invoice", "show", "saltmarsh pharmacy"]);
    several.ends(2).says("Saltmarsh Pharmacy has 2 open invoices").says("66909");
    env.run(&["invoice", "show", "kestrel"])
        .ends(3)
        .says("Kestrel Legal has no open invoice")
        .says("syncro invoice list --customer ");
    env.run(&["invoice", "show", "zebra"])
        .ends(3)
        .says("there is no invoice #zebra")
        .says("syncro invoice list --customer zebra");
    let mut terminal = env.terminal(&["invoice", "show", "saltmarsh pharmacy"]);
    terminal.answer("Which one? [1-2", "66909");
    shows(terminal, "Invoice #66909");
    let opened = env.run(&["open", "invoice", "mossgate", "--json"]);
    assert!(opened.ends(0).stdout.contains("/invoices/"), "{opened}");
    // What is written is named by its number alone.
    for verb in ["email", "delete"] {
        let ran = env.run(&["invoice", verb, "larkspur brewery", "--yes"]);
        ran.ends(3).says("syncro invoice list --customer \"larkspur brewery\"");
    }
    assert!(env.writes().is_empty(), "{:?}", env.writes());
}

#[test]
fn what_a_list_is_sorted_by_may_be_shortened() {
    let env = TestEnv::new();
    for (short, whole) in [("pri", "priority"), ("ASS", "assignee"), ("n", "number")] {
        let of =
            |word: &str| env.run(&["tickets", "--sort", word, "--json"]).ends(0).stdout.clone();
        assert_eq!(of(short), of(whole), "{short}");
    }
    let ran = env.run(&["tickets", "--sort", "c"]);
    ran.ends(2).says("created").says("customer");
}

/// What a line sells is chosen like anything else, whether it is labor or not.
#[test]
fn a_line_sells_a_product_that_is_picked() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["line", "add", "32181"]);
    let list = terminal.answer("Labor type [1-", "another product");
    assert!(list.contains("remote: $120.00 an hour"), "{list}");
    terminal.answer("Product [1-", "ssd 1");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("1 x SSD 1 TB") && !preview.contains("Minutes ("), "{preview}");
    terminal.reply(PROMPT, "n");
    assert_eq!(terminal.end().0, 9);
}

/// What may be changed is called by a name, in its list and where its value is asked for.
#[test]
fn what_may_be_changed_has_a_name() {
    let env = TestEnv::new();
    for (typed, names, field, asked) in [
        (
            &["timer", "update", "32168", "48700003"][..],
            "Time spent, Start time, Notes, Labor type, Product, Assignee",
            "Notes",
            "Notes:",
        ),
        (
            &["update", "32181"],
            "New status, Priority, Assignee, Due date, Issue type, Ticket type, Subject, Contact, Customer",
            "Due date",
            "Due date: 2026-05-23, fri, 7d, or none:",
        ),
        (
            &["invoice", "update", "67409"],
            "Invoice date, Due date, PO number, Note",
            "Note",
            "Note:",
        ),
    ] {
        let mut terminal = env.terminal(typed);
        let list = terminal.answer("What to change [1-", field);
        let listed = list.lines().filter_map(|line| line.trim().split_once(") "));
        let listed: Vec<&str> = listed.map(|(_, name)| name).collect();
        assert_eq!(listed.join(", "), names, "{list}");
        terminal.expect(asked);
        left(terminal);
    }
}

/// Who does not want the time that a timer has run by now is told how another is set.
#[test]
fn no_to_a_stop_names_the_way_to_another_time() {
    let env = TestEnv::new();
    for asked in ["Continue? [y/N]", PROMPT] {
        let mut terminal = env.terminal(&["timer", "stop", "32175"]);
        if asked == PROMPT {
            terminal.answer("Continue? [y/N]", "y");
        }
        terminal.answer(asked, "n");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains("syncro timer update 32175 48700000 --minutes T"), "{shown}");
    }
}

/// What tells records apart, amounts and ids and states, stands at the end of their lines, and is whole at any width.
#[test]
fn no_list_to_pick_from_is_cut() {
    let env = TestEnv::new();
    for columns in [50, 80, 120, 200] {
        for typed in [&["open", "invoice"][..], &["payment", "show", "copper"], &["close"]] {
            let mut terminal = env.terminal_of(columns, typed);
            let list = terminal.expect("[1-");
            assert!(list.contains("1) ") && !list.contains('…'), "{columns}: {list}");
            left(terminal);
        }
    }
}
