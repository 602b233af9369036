//! Which ticket or invoice it is that a number names is said before anything is asked about it, by every command alike, and an
//! invoice is also found by its customer's name where somebody sees which one that is.
#![cfg(unix)]

use crate::support::{CTRL_C, Terminal, TestEnv};

const PROMPT: &str = "[y/N/p";

fn left(mut terminal: Terminal) {
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
}

#[test]
fn what_a_number_names_is_said_before_the_first_question() {
    let env = TestEnv::new();
    let till = "#32181 Quillfeather Books - Till will not print gift receipts\n";
    let disk = "#32178 Harrow & Finch Accounting - Disk nearly full on the archive PC\n";
    let terminals = "#32168 Brindlewood Garden Center - Card terminal loses its network at noon\n";
    let invoice = "67409 Mossgate Veterinary $90.00, ";
    for (typed, question, named) in [
        ("bill 32181", "Minutes (", till),
        ("comment 32181", "Comment (", till),
        ("close 32181 --no-log", "Resolution (", till),
        ("delete 32181", "Type the ticket number", till),
        ("update 32181", "What to change [", till),
        ("line add 32181", "Labor type [", till),
        ("timer add 32181", "Minutes (", till),
        ("appointment add 32181", "Start time", till),
        ("line update 32178", "Line item [", disk),
        ("line remove 32178", "Line item [", disk),
        ("timer update 32168", "What to change [", terminals),
        ("invoice update 67409", "What to change [", invoice),
        ("payment add 67409", "Payment method [", invoice),
        ("payment add 67409 --method Check", "Amount [", invoice),
        ("asset update 12390017", "What to change [", "TILL-2 (id 12390017"),
        ("contact update 7804552", "What to change [", "Joss Pennock (id 7804552"),
        ("customer update 31204551", "What to change [", "Quillfeather Books (id 31204551)"),
    ] {
        let words: Vec<&str> = typed.split(' ').collect();
        let mut terminal = env.terminal(&words);
        let before = terminal.expect(question);
        assert_eq!(before.matches(named).count(), 1, "{typed}: {before}");
        left(terminal);
    }
    assert!(env.writes().is_empty());
}

#[test]
fn the_invoice_to_email_is_one_that_is_open() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["invoice", "email"]);
    let list = terminal.expect("Invoice [1-");
    assert!(list.contains("67409 Mossgate Veterinary") && !list.contains(", paid"), "{list}");
    // Another one is typed, and asked about.
    terminal.say("67410");
    terminal.answer("Invoice #67410 is paid. Continue? [y/N] ", "y");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("#67410"), "{preview}");
    left(terminal);
}

#[test]
fn an_open_invoice_is_found_by_its_customers_name_where_somebody_sees_which() {
    let env = TestEnv::new();
    for (args, shown) in [
        (&["invoice", "email", "mossgate"][..], "#67409"),
        (&["invoice", "update", "mossgate", "--po-number", "PO-7"], "#67409"),
        (&["payment", "add", "mossgate", "--full", "--method", "Check"], "#67409"),
    ] {
        let mut terminal = env.terminal(args);
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains(shown), "{preview}");
        left(terminal);
    }
    // What else is missing is asked of the one that was picked, and it is picked once.
    let mut terminal = env.terminal(&["payment", "add", "saltmarsh pharmacy"]);
    let list = terminal.answer("Which one? [1-2, Enter cancels]:", "66909");
    assert!(list.contains("Saltmarsh Pharmacy has 2 open invoices"), "{list}");
    let named = terminal.answer("Payment method [1-", "Check");
    assert!(named.contains("66909 Saltmarsh Pharmacy $312.50"), "{named}");
    terminal.answer("Amount [312.50]:", "");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("#66909") && !preview.contains("Which one?"), "{preview}");
    left(terminal);
    // A script names it by its number.
    for more in ["--yes", "--dry-run"] {
        let ran = env.run(&["invoice", "email", "mossgate", more]);
        ran.ends(3)
            .says("there is no invoice #mossgate")
            .says("syncro invoice list --customer mossgate");
    }
    assert!(env.writes().is_empty());
}
