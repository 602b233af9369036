//! What a command line lacks is asked for on a terminal, with one list or question an argument; a script is told of it.
#![cfg(unix)]

use crate::support::{CTRL_C, MESSAGE, TILL, Terminal, TestEnv};

const PROMPT: &str = "[y/N/p";

fn left(mut terminal: Terminal) {
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
}

fn declined(mut terminal: Terminal) -> String {
    terminal.answer(PROMPT, "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    shown
}

#[test]
fn without_a_number_my_open_tickets_are_offered() {
    let env = TestEnv::new();
    for (command, next) in [
        ("bill", "Minutes"),
        ("b", "Minutes"),
        ("comment", "Comment"),
        ("close", "Resolution"),
        ("update", "What to change"),
    ] {
        let mut terminal = env.terminal(&[command]);
        let list = terminal.expect("Ticket [1-");
        let till = "32181 Quillfeather Books - Till will not print gift receipts (In Progress)";
        assert!(list.contains(till), "{list}");
        assert!(!list.contains("32159"), "a colleague's: {list}");
        // By its number as well as by its place.
        terminal.say(if command == "b" { "32181" } else { "1" });
        let asked = terminal.until_end(next);
        assert!(asked.is_some(), "{command}: {}", terminal.shown());
        left(terminal);
    }
    let mut terminal = env.terminal(&["ticket"]);
    terminal.expect("Ticket [1-");
    terminal.say("1");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("Imelda Quill"), "{shown}");
    for command in ["bill", "comment", "close", "update", "ticket"] {
        env.run(&[command]).ends(2).says("<NUMBER>");
        let (code, shown) = env.terminal(&[command, "--yes"]).end();
        assert_eq!(code, 2, "{shown}");
        assert!(shown.contains("<NUMBER>"), "{shown}");
    }
    assert!(env.writes().is_empty());
}

#[test]
fn the_only_running_timer_is_stopped_and_of_several_one_is_chosen() {
    let env = TestEnv::new();
    let shown = declined(env.terminal(&["timer", "stop", "--large"]));
    assert!(shown.contains("32175 Tidewrack Surveyors"), "{shown}");
    assert!(!shown.contains("Timer [1-"), "{shown}");

    env.run(&["timer", "start", "32181", "--yes", "--timer-running"]).ends(0);
    let mut terminal = env.terminal(&["timer", "stop"]);
    let list = terminal.expect("Timer [1-2, ");
    assert!(list.contains("32175") && list.contains("32181"), "{list}");
    terminal.say("32181");
    let shown = declined(terminal);
    assert!(shown.contains("Till will not print"), "{shown}");
    env.run(&["timer", "stop"]).ends(2).says("<NUMBER>");

    for verb in ["start", "charge", "add"] {
        let mut terminal = env.terminal(&["timer", verb]);
        terminal.expect("Ticket [1-");
        left(terminal);
    }
}

#[test]
fn what_another_command_lacks_is_asked_for() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["create"]);
    terminal.expect("Customer (name or id)");
    terminal.say("31204551");
    terminal.expect("Subject");
    terminal.say("-- blanks only");
    let form = terminal.expect("Enter to continue");
    assert!(form.contains("New ticket for Quillfeather Books: -- blanks only"), "{form}");
    left(terminal);

    let mut terminal = env.terminal(&["payment", "add"]);
    let list = terminal.expect("Invoice [1-");
    assert!(list.contains("67409 Mossgate Veterinary"), "{list}");
    // Where nothing is open, nothing is paid.
    for settled in ["67410", "67411", "66944"] {
        assert!(!list.contains(settled), "{list}");
    }
    terminal.say("67409");
    terminal.expect("Payment method [1-");
    terminal.say("Check");
    // What is open is offered.
    terminal.expect("Amount [90.00]");
    terminal.say("ninety");
    terminal.expect("invalid amount");
    terminal.expect("Amount [90.00]");
    terminal.say("");
    let shown = declined(terminal);
    assert!(shown.contains("$90.00") && shown.contains("Check"), "{shown}");

    let mut terminal = env.terminal(&["line", "remove", "32178"]);
    let list = terminal.expect("Line item [1-2, ");
    assert!(list.contains("1 x SSD 1 TB @ $89.50"), "{list}");
    terminal.say("2");
    let shown = declined(terminal);
    assert!(shown.contains("SSD 1 TB"), "{shown}");

    let mut terminal = env.terminal(&["line", "add", "32181"]);
    let list = terminal.expect("Labor type [1-");
    for price in ["remote: $120.00 an hour", "travel: $45.00 each"] {
        assert!(list.contains(price), "{list}");
    }
    terminal.reply("Labor type [1-", "rem");
    terminal.expect("Minutes (");
    terminal.say("soon");
    terminal.expect("invalid time");
    terminal.expect("Minutes (");
    terminal.say("1:30");
    let shown = declined(terminal);
    assert!(shown.contains("1.5 x Labor - Remote"), "{shown}");

    let mut terminal = env.terminal(&["invoice", "show"]);
    terminal.expect("Invoice [1-");
    terminal.say("67409");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");

    for (args, asked) in [
        (&["customer", "show"][..], "Customer (name or id)"),
        (&["contact", "show"], "Contact (name or id)"),
        (&["asset", "show"], "Asset (name or id)"),
        (&["product", "show"], "Product [1-"),
        (&["search"], "Search for"),
        (&["invoice", "email"], "Invoice [1-"),
        (&["open"], "Ticket [1-"),
        (&["appointment", "cancel"], "Appointment [1-"),
    ] {
        let mut terminal = env.terminal(args);
        terminal.expect(asked);
        left(terminal);
        env.run(args).ends(2);
    }
    assert!(env.writes().is_empty(), "{:?}", env.writes());
}

#[test]
fn what_to_change_is_chosen_and_so_is_its_new_value() {
    let env = TestEnv::new();
    for (field, value, shown) in [
        ("New status", "Waiting on V", "Waiting on Vendor"),
        ("Priority", "1", "1 High"),
        ("Due date", "3/17/2027", "2027-03-17"),
    ] {
        let mut terminal = env.terminal(&["update", "32181"]);
        terminal.expect("What to change [1-9, ");
        terminal.say(field);
        match field {
            "Due date" => terminal.expect("Due date: 2026-05-23"),
            _ => terminal.expect("New value [1-"),
        };
        terminal.say(value);
        let after = terminal.expect(PROMPT);
        assert!(after.contains(shown), "{field}: {after}");
        left(terminal);
    }
    env.run(&["update", "32181"]).ends(2).says("no changes were given");
}

/// Somebody who types, and how many keys that took.
struct Hands<'e> {
    env: &'e TestEnv,
    keys: usize,
}

impl Hands<'_> {
    fn starts(&mut self, words: &str) -> Terminal {
        self.keys += "syncro ".len() + words.len() + 1;
        self.env.terminal(&words.split(' ').collect::<Vec<_>>())
    }

    #[track_caller]
    fn answers(&mut self, terminal: &mut Terminal, prompt: &str, typed: &str) {
        terminal.expect(prompt);
        self.keys += typed.len() + 1;
        terminal.say(typed);
    }

    /// Words that somebody writes to a customer are no way that could be shorter: their Enter alone counts.
    #[track_caller]
    fn writes(&mut self, terminal: &mut Terminal, text: &str) {
        terminal.expect("Comment (Enter opens the editor):");
        self.keys += 1;
        terminal.say(text);
    }
}

fn done(terminal: Terminal) -> String {
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    shown
}

/// From the list to the bill and on to the next ticket.
#[test]
fn the_way_from_the_list_to_the_next_ticket_has_few_keys() {
    let env = TestEnv::new();
    let mut hands = Hands { env: &env, keys: 0 };
    let list = done(hands.starts("ls"));
    assert!(list.contains("#32181"), "{list}");

    let mut open = hands.starts("t");
    hands.answers(&mut open, "Ticket [1-", "1");
    assert!(done(open).contains("Till will not print"));

    let mut comment = hands.starts("c");
    hands.answers(&mut comment, "Ticket [1-", "1");
    hands.writes(&mut comment, "The layout is copied.");
    hands.answers(&mut comment, PROMPT, "y");
    done(comment);

    let mut bill = hands.starts("b");
    hands.answers(&mut bill, "Ticket [1-", "1");
    hands.answers(&mut bill, "Minutes", "30");
    hands.answers(&mut bill, "Labor type", "r");
    hands.writes(&mut bill, MESSAGE);
    hands.answers(&mut bill, PROMPT, "y");
    let shown = done(bill);
    assert_eq!(env.state(TILL).ours(), (1, 1, 1, "Invoiced"), "{shown}");

    // What is billed is open no more: the next one is the first.
    let mut next = hands.starts("t");
    hands.answers(&mut next, "Ticket [1-", "1");
    assert!(done(next).contains("Chairside PC 2"));
    let keys = hands.keys;
    assert!(keys <= 70, "{keys} keys");
}

#[test]
fn a_method_that_is_not_there_is_said_before_an_amount_is_asked() {
    let env = TestEnv::new();
    let (code, shown) = env.terminal(&["payment", "add", "66923", "--method", "chek"]).end();
    assert_eq!(code, 2, "{shown}");
    assert!(shown.contains("there is no payment method \"chek\""), "{shown}");
    assert!(!shown.contains("Amount"), "{shown}");
}

/// What stands against any payment is answered before a method and an amount are asked for, and once.
#[test]
fn what_stands_against_a_payment_is_asked_first() {
    let env = TestEnv::new();
    let paid = "Invoice #67410 is already paid. Continue? [y/N]";
    for (number, questions) in [
        ("67410", &[paid, "Nothing is open on invoice #67410. Continue? [y/N]"][..]),
        ("67411", &["Nothing is open on invoice #67411. Continue? [y/N]"]),
        ("66944", &["Nothing is open on invoice #66944. Continue? [y/N]"]),
    ] {
        let pay = ["payment", "add", number];
        let mut terminal = env.terminal(&pay);
        let asked = terminal.answer(questions[0], "n");
        assert!(!asked.contains("Payment method"), "{asked}");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
        let mut terminal = env.terminal(&pay);
        for question in questions {
            terminal.answer(question, "y");
        }
        terminal.answer("Payment method [1-", "Check");
        let shown = terminal.answer("Amount", "20");
        assert!(!shown.contains("Continue?"), "{shown}");
        let shown = declined(terminal);
        assert!(!shown[shown.rfind("Amount").unwrap()..].contains("Continue?"), "{shown}");
    }
    assert!(env.writes().is_empty());
}

/// What is not there is said before anything is asked about it.
#[test]
fn what_was_named_is_read_before_the_first_question() {
    let env = TestEnv::new();
    for (typed, wrong) in [
        (&["update", "67410"][..], "`syncro invoice show 67410`"),
        (&["line", "add", "99"], "there is no ticket #99"),
        (&["timer", "add", "99"], "there is no ticket #99"),
        (&["invoice", "update", "99"], "there is no invoice #99"),
        (&["customer", "update", "99"], "there is no customer \"99\""),
        (&["customer", "update", "zebra"], "there is no customer \"zebra\""),
        (&["contact", "update", "99"], "there is no contact"),
        (&["contact", "update", "zebra"], "there is no contact \"zebra\""),
        (&["contact", "update", "Joss Pennock", "--customer", "31204602"], "there is no contact"),
        (&["asset", "update", "99"], "there is no asset"),
        (&["contact", "create", "zebra"], "there is no customer \"zebra\""),
        (&["create", "zebra"], "there is no customer \"zebra\""),
        (&["create", "--contact", "Nobody Known", "Quillfeather Books"], "no contact"),
    ] {
        let (code, shown) = env.terminal(typed).end();
        assert_eq!(code, 3, "{typed:?}: {shown}");
        assert!(shown.contains(wrong) && !shown.contains("[1-"), "{typed:?}: {shown}");
    }
    // A contact of the customer that was asked for is read before the subject is, too.
    let mut terminal = env.terminal(&["create", "--contact", "Nobody Known"]);
    terminal.answer("Customer (name or id):", "quillfeather books");
    let (code, shown) = terminal.end();
    assert_eq!(code, 3, "{shown}");
    assert!(!shown.contains("Subject:"), "{shown}");
}
