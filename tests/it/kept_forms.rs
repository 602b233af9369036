//! The answers of a form are kept with its text, and offered before the first question when it is begun again.

use crate::kept::{ANSWERS, KEPT, PROMPT, kept, one_waits, to_choices};
use crate::support::{CTRL_C, CTRL_D, TestEnv};

/// The form of a new ticket as it is kept.
pub(crate) fn form(text: &str, answers: &[&str]) -> String {
    let head = ["customer: id:31204551", "subject: Till prints blank"];
    let lines: Vec<&str> = head.iter().chain(answers).copied().collect();
    format!("{text}\n--- answers ---\n{}\n", lines.join("\n"))
}

#[test]
fn all_answers_of_the_form_are_kept_and_offered_whole() {
    let env = TestEnv::new();
    let typed = ["create", "Quillfeather Books", "Till prints blank"];
    let mut terminal = env.terminal(&typed);
    for answer in ["4 high", "5 Till dark", "7 2027-05-21", "9 joss"] {
        terminal.answer("Enter to continue:", answer);
    }
    terminal.answer("Enter to continue:", "");
    terminal.answer(PROMPT, "n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    let answers = ["Priority: 1 High", "Due: 2027-05-21", "Contact: Joss Pennock"];
    one_waits(&env, &shown, &form("Till dark", &answers));

    // Another customer is not offered it, nor is a dry run or a script.
    let mut terminal = env.terminal(&["create", "31204602", "Till prints blank"]);
    let came = terminal.expect("Enter to continue:");
    assert!(!came.contains(ANSWERS), "{came}");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
    let planned = env.run(&[&typed[..], &["--dry-run", "--json"]].concat()).ends(0).json();
    assert_eq!(planned.unwrap()["writes"][0]["body"]["due_date"], serde_json::Value::Null);

    // What a flag says counts; a field can be kept by Enter and cleared by a sign.
    let mut terminal = env.terminal(&[&typed[..], &["--due", "2027-06-01"]].concat());
    let came = terminal.expect(ANSWERS);
    assert!(came.contains("| Priority: 1 High") && came.contains("| Till dark"), "{came}");
    terminal.answer("[Y/n]", "y");
    let page = terminal.answer("Enter to continue:", "4");
    for text in ["1 High", "Till dark", "2027-06-01", "Joss Pennock"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    terminal.answer("(Enter keeps it, - clears it) [1 High]:", "");
    terminal.answer("Enter to continue:", "9");
    terminal.answer("(Enter keeps it, - clears it) [Joss Pennock]:", "-");
    terminal.answer("Enter to continue:", "");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let body = &env.writes()[0].body;
    assert_eq!((&body["priority"], &body["due_date"]), (&"1 High".into(), &"2027-06-01".into()));
    assert_eq!(body["contact_id"], serde_json::Value::Null);
    assert_eq!(kept(&env), []);
}

#[test]
fn what_was_asked_for_is_offered_when_the_command_is_begun_again() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["create"]);
    terminal.answer("Customer (name or id):", "quillfeather books");
    terminal.answer("Subject:", "Till prints blank");
    terminal.answer("Enter to continue:", "4 high");
    terminal.expect("Enter to continue:");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    one_waits(&env, &shown, &form("", &["Priority: 1 High"]));
    let mut terminal = env.terminal(&["create"]);
    terminal.expect(ANSWERS);
    terminal.answer("[Y/n]", "y");
    let form = terminal.answer("Enter to continue:", "");
    assert!(form.contains("New ticket for Quillfeather Books: Till prints blank"), "{form}");
    assert!(form.contains("1 High"), "{form}");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(kept(&env), []);

    let mut terminal = env.terminal(&["payment", "add", "67409"]);
    terminal.answer("Payment method [1-", "Check");
    terminal.answer("Amount [90.00]", "12.50");
    terminal.answer(PROMPT, "n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(shown.contains(KEPT), "{shown}");
    // Another invoice is another payment.
    let mut terminal = env.terminal(&["payment", "add", "67410"]);
    let came = terminal.answer("already paid. Continue? [y/N]", "y");
    assert!(!came.contains(ANSWERS), "{came}");
    terminal.answer("Nothing is open on invoice #67410. Continue? [y/N]", "y");
    let came = terminal.expect("Payment method [1-");
    assert!(!came.contains(ANSWERS), "{came}");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
    let mut terminal = env.terminal(&["payment", "add", "67409"]);
    let came = terminal.expect(ANSWERS);
    assert!(came.contains("| amount: 12.50"), "{came}");
    terminal.answer("[Y/n]", "y");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("$12.50") && preview.contains("Check"), "{preview}");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
}

#[test]
fn a_form_is_offered_however_much_of_it_is_asked_for() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["create", "Quillfeather Books", "Till prints blank"]);
    terminal.answer("Enter to continue:", "4 high");
    terminal.expect("Enter to continue:");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    let mut terminal = env.terminal(&["create", "Quillfeather Books"]);
    let came = terminal.expect(ANSWERS);
    assert!(!came.contains("Subject:"), "{came}");
    assert!(came.contains("| Priority: 1 High"), "{came}");
    terminal.answer("[Y/n]", "y");
    let page = terminal.expect("Enter to continue:");
    assert!(page.contains("1 High"), "{page}");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    one_waits(&env, &shown, &form("", &["Priority: 1 High"]));
}

/// The same customer may be named otherwise: the form is offered before the first question.
#[test]
fn a_form_is_offered_first_however_its_customer_is_named() {
    for named in ["quill", "quillfeather books", "31204551", "id:31204551"] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&["create", "Quillfeather Books"]);
        terminal.answer("Subject:", "Till prints blank");
        terminal.answer("Enter to continue:", "4 high");
        terminal.expect("Enter to continue:");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
        let mut terminal = env.terminal(&["create", named]);
        let came = terminal.expect(ANSWERS);
        assert!(!came.contains("Subject:"), "{named}: {came}");
        assert!(came.contains("| subject: Till prints blank"), "{named}: {came}");
        terminal.answer("[Y/n]", "y");
        let page = terminal.expect("Enter to continue:");
        assert!(page.contains("Quillfeather Books: Till prints blank"), "{named}: {page}");
        assert!(page.contains("1 High"), "{named}: {page}");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
        // Another customer's command does not offer it.
        let mut terminal = env.terminal(&["create", "31204602"]);
        assert!(!terminal.expect("Subject:").contains(ANSWERS), "{}", terminal.shown());
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
    }
}

#[test]
fn a_form_is_offered_once_its_customer_is_chosen() {
    let env = TestEnv::new();
    for (customer, subject) in [("31204551", "Till prints blank"), ("31204602", "No network")] {
        let mut terminal = env.terminal(&["create", customer]);
        terminal.answer("Subject:", subject);
        terminal.answer("Enter to continue:", "4 high");
        terminal.expect("Enter to continue:");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
    }
    let mut terminal = env.terminal(&["create"]);
    let came = terminal.expect("[Y/n]");
    assert!(came.contains("| subject: No network"), "{came}");
    terminal.reply("[Y/n]", "n");
    terminal.answer("Customer (name or id):", "quillfeather books");
    let came = terminal.expect(ANSWERS);
    assert!(came.contains("| subject: Till prints blank"), "{came}");
    assert!(!came.contains("Subject:"), "{came}");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
}

/// A word that is spelled like the customer may be a text that is mailed.
#[test]
fn only_the_customers_own_word_stands_for_the_customer() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["create", "Quillfeather Books"]);
    terminal.answer("Subject:", "Till prints blank");
    terminal.answer("Enter to continue:", "4 high");
    terminal.expect("Enter to continue:");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
    let mut terminal = env.terminal(&["create", "--description", "quill", "quill"]);
    terminal.answer("Subject:", "No network");
    terminal.answer("Enter to continue:", "");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let sent: Vec<String> = env.writes().iter().map(|line| line.body.to_string()).collect();
    let sent = sent.join("\n");
    assert!(sent.contains("\"quill\"") && !sent.contains("id:"), "{sent}");
}

/// What flags say is a part of what was typed: begun again without them, the command has them.
#[test]
fn flags_are_kept_with_the_answers() {
    let env = TestEnv::new();
    let named = "Quillfeather Books";
    let flags = ["create", "--contact", "joss", "--no-email", "--due=2027-05-21", named];
    let mut terminal = env.terminal(&flags);
    terminal.answer("Subject:", "Till prints blank");
    terminal.expect("Enter to continue:");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    let answers = ["Email it: no", "Due: 2027-05-21", "Contact: Joss Pennock"];
    one_waits(&env, &shown, &form("", &answers));
    let mut terminal = env.terminal(&["create", named]);
    let came = terminal.answer("[Y/n]", "y");
    assert!(came.contains("| Contact: Joss Pennock"), "{came}");
    terminal.answer("Enter to continue:", "");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let body = &env.writes()[0].body;
    assert_eq!(body["due_date"], "2027-05-21");
    assert_eq!(body["contact_id"], 7_804_552);

    let mut terminal = env.terminal(&["timer", "add", "32181", "--labor=onsite"]);
    terminal.answer("Minutes (30", "45");
    terminal.answer(PROMPT, "n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    let mut terminal = env.terminal(&["timer", "add", "32181"]);
    let came = terminal.answer("[Y/n]", "y");
    assert!(came.contains("| labor: onsite"), "{came}");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("Onsite") && preview.contains("45 min"), "{preview}");
    terminal.send(CTRL_C);
    terminal.end();
}

#[test]
fn a_new_customer_is_kept_and_offered() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["customer", "create"]);
    terminal.answer("Name:", "Bluebird Bakery");
    terminal.answer("[y/N/p]", "n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    one_waits(&env, &shown, "\n--- answers ---\nname: Bluebird Bakery\n");
    let mut terminal = env.terminal(&["customer", "create"]);
    let came = terminal.expect(ANSWERS);
    assert!(came.contains("| name: Bluebird Bakery"), "{came}");
    terminal.answer("[Y/n]", "y");
    terminal.answer("[y/N/p]", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.writes()[0].body["business_name"], "Bluebird Bakery");
    assert_eq!(kept(&env), []);
}

/// Only a No sets aside what waits: Enter takes it, and Ctrl-D leaves it where it is.
#[test]
fn enter_loses_nothing_of_what_was_typed() {
    let env = TestEnv::new();
    let typed = ["create", "Quillfeather Books", "Till prints blank"];
    let mut terminal = env.terminal(&typed);
    terminal.answer("Enter to continue:", "4 high");
    terminal.expect("Enter to continue:");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    let mut terminal = env.terminal(&typed);
    terminal.expect(ANSWERS);
    terminal.expect("[Y/n]");
    terminal.send(CTRL_D);
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert_eq!(kept(&env).len(), 1, "{shown}");
    for (answer, says) in [("", "1 High"), ("n", "2 Normal")] {
        let mut terminal = env.terminal(&typed);
        terminal.expect(ANSWERS);
        terminal.answer("[Y/n]", answer);
        let page = terminal.expect("Enter to continue:");
        assert!(page.contains(says), "{answer:?}: {page}");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
        assert_eq!(kept(&env).len(), 1, "{answer:?}");
    }
    // It is there, and offered no more.
    let mut terminal = env.terminal(&typed);
    let page = terminal.expect("Enter to continue:");
    assert!(!page.contains(ANSWERS), "{page}");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
}

/// A command that changes a record, what is changed, what is typed for it, and the field with what is sent.
type Change = (&'static [&'static str], &'static str, &'static str, (&'static str, &'static str));

const CHANGES: [Change; 7] = [
    (&["update", "32181"], "Due date", "2027-05-21", ("due_date", "2027-05-21")),
    (&["customer", "update", "quillfeather"], "Phone", "555-0199", ("phone", "555-0199")),
    (&["contact", "update", "Imelda Quill"], "Title", "Owner", ("title", "Owner")),
    (&["invoice", "update", "67409"], "PO number", "PO-1187", ("po_number", "PO-1187")),
    (&["line", "update", "32178", "2964400000"], "Quantity", "0.75", ("quantity", "0.75")),
    (&["timer", "update", "32168", "48700003"], "Time spent", "50", ("duration_minutes", "50")),
    (&["asset", "update", "ORDERS"], "Serial number", "TB-4411", ("asset_serial", "TB-4411")),
];

/// What was typed for a change is kept whatever it is, until it is written.
#[test]
fn what_was_typed_for_a_change_is_kept_and_offered() {
    for (command, what, typed, (field, sent)) in CHANGES {
        let env = TestEnv::new();
        let mut terminal = env.terminal(command);
        terminal.answer("What to change [1-", what);
        terminal.answer(":", typed);
        to_choices(&mut terminal);
        terminal.say("n");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{command:?}: {shown}");
        assert!(shown.contains(KEPT), "{command:?}: {shown}");
        for (answer, code) in [(CTRL_C, 130), ("y\r", 0)] {
            let mut terminal = env.terminal(command);
            let came = terminal.expect(ANSWERS);
            assert!(came.contains(&format!(": {typed}\n")), "{command:?}: {came}");
            terminal.answer("[Y/n]", "");
            to_choices(&mut terminal);
            terminal.send(answer);
            let (ended, shown) = terminal.end();
            assert_eq!(ended, code, "{command:?}: {shown}");
        }
        assert_eq!(kept(&env), [], "{command:?}");
        let says = |body: &serde_json::Value| match &body[field] {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let writes = env.writes();
        assert!(writes.iter().any(|write| says(&write.body) == sent), "{command:?}: {writes:?}");
    }
    // Another record is not offered it, the same is, however its number is typed; what is chosen is chosen as quickly again.
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["update", "32181"]);
    terminal.answer("What to change [1-", "Due date");
    terminal.answer(":", "2027-05-21");
    to_choices(&mut terminal);
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
    for (number, is_offered) in [("32175", false), ("#32181", true)] {
        let mut terminal = env.terminal(&["update", number]);
        terminal.expect_any(&["What to change [1-", "[Y/n]"]);
        let shown = terminal.shown();
        assert_eq!(shown.contains(ANSWERS), is_offered, "{number}: {shown}");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
    }
}
