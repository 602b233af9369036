//! At the moment of yes: the question names whom it reaches and how much it is about, and so do the last lines before it.

use serde_json::json;

use crate::support::{BILL, Setup, Terminal, TestEnv};

const IMELDA: &str = "imelda@quillfeather.example";
/// Cyan and bold, as styles write it.
const STANDS_OUT: &str = "\u{1b}[1m\u{1b}[36m";

/// What was shown until the question's choices, and the question itself.
fn asked(terminal: &mut Terminal) -> (String, String) {
    let shown = terminal.expect(" [y/N/p");
    let (before, question) = shown.rsplit_once('\n').unwrap();
    (before.to_owned(), question.trim_end_matches(" [y/N/p").to_owned())
}

#[test]
fn the_question_names_the_stakes_of_each_write() {
    let env = TestEnv::new();
    env.run(&["line", "list", "32178"]).ends(0);
    let line = env.state(32_178).lines[0]["id"].to_string();
    let removed = format!("Remove line item {line}: ");
    let cases: [(&[&str], String); 17] = [
        (&BILL, format!("Email {IMELDA}, invoice $60.00?")),
        (&["comment", "32181", "-m", "Done"], format!("Email {IMELDA}?")),
        (
            &["comment", "32181", "-m", "Done", "--hidden"],
            "Add the comment (private: the customer cannot see it)?".to_owned(),
        ),
        (
            &["close", "32181", "-m", "Done", "--no-log"],
            format!("Email {IMELDA}, set the status to Resolved?"),
        ),
        (&["update", "32181", "Resolved"], "Set the status to Resolved?".to_owned()),
        (&["invoice", "create", "32178"], "Invoice $134.50?".to_owned()),
        (&["invoice", "email", "67409"], "Email invoice #67409 of $90.00 to ".to_owned()),
        (
            &["invoice", "delete", "67409", "--keep-status"],
            "Delete invoice #67409 of $90.00?".to_owned(),
        ),
        (
            &["payment", "add", "67409", "--amount", "50", "--method", "Check"],
            "Add the payment of $50.00 by Check for invoice #67409?".to_owned(),
        ),
        (
            &[
                "line",
                "add",
                "32181",
                "--minutes",
                "30",
                "--labor",
                "remote",
                "--description",
                "Till",
            ],
            "Add the line item 0.5 x Labor - Remote @ $120.00 = $60.00?".to_owned(),
        ),
        (&["line", "remove", "32178", &line], removed),
        (
            &["line", "update", "32178", &line, "--quantity", "0.75"],
            format!("Change line item {line} to 0.75 x "),
        ),
        (
            &["appointment", "add", "32181", "--start", "2027-03-17 10:00", "--mail"],
            format!("Email the appointment to {IMELDA}?"),
        ),
        (&["customer", "create", "Ondine Kites"], "Create the customer Ondine Kites?".to_owned()),
        (&["timer", "start", "32181"], "Start a timer at ".to_owned()),
        (&["appointment", "cancel", "5560900000"], "Cancel appointment 5560900000?".to_owned()),
        (
            &["api", "POST", "contacts", "-F", "customer_id=31204551", "-F", "name=Joe Quill"],
            "Create the contact Joe Quill?".to_owned(),
        ),
    ];
    for (typed, question) in cases {
        let mut terminal = env.terminal(typed);
        let (_, asked) = asked(&mut terminal);
        assert!(asked.starts_with(&question), "{typed:?}: {asked}, not {question}");
        terminal.say("n");
        assert_eq!(terminal.end().0, 9);
    }
    assert!(env.writes().is_empty());
}

#[test]
fn whom_it_reaches_and_how_much_are_the_last_lines_and_stand_out() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&BILL);
    let (before, _) = asked(&mut terminal);
    let last: Vec<&str> = before.lines().rev().take(2).collect();
    assert_eq!(last[1], format!("  Email     {IMELDA}"), "{before}");
    assert!(last[0].starts_with("  Subtotal  $60.00"), "{before}");
    let raw = terminal.raw();
    for row in ["  Email ", "  Subtotal "] {
        assert!(raw.contains(&format!("{STANDS_OUT}{row}")), "{raw:?}");
    }
    assert_eq!(before.matches("Subtotal").count(), 1, "{before}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
    for plain in [&[("NO_COLOR", "1")][..], &[("TERM", "dumb")]] {
        let mut terminal = env.terminal_with(&BILL, plain);
        let (before, _) = asked(&mut terminal);
        assert!(before.contains("  Subtotal  $60.00"), "{before}");
        assert!(!terminal.raw().contains(STANDS_OUT), "{plain:?}: {:?}", terminal.raw());
        terminal.say("n");
        assert_eq!(terminal.end().0, 9);
    }
}

/// Dates, lengths and addresses that a question is about, however narrow the terminal: it goes on below, and what was
/// typed wrongly is asked again in its last row alone.
#[test]
fn a_question_goes_on_below_and_nothing_of_it_is_cut() {
    let env = TestEnv::new();
    let cases: [(&[&str], &[&str]); 4] = [
        (
            &[
                "move-appointment",
                "31204551",
                "--date",
                "2026-03-18",
                "--appointment",
                "5560900009",
                "--to",
                "2027-03-18T14:00",
            ],
            &["Move appointment 5560900009 to Thu 2027-03-18 14:00 CDT to 15:30? [y/N/p"],
        ),
        (
            &["timer", "update", "32168", "48700003", "--minutes", "6128", "--large"],
            &["Change timer entry 48700003: length -> 102 h 8 min ("],
        ),
        (
            &[
                "contact",
                "update",
                "7804552",
                "--email",
                "joss.the.younger@quillfeather.example",
                "--phone",
                "5550100199",
            ],
            &["joss.the.younger@quillfeather.example", "5550100199? [y/N/p"],
        ),
        (
            &[
                "update",
                "32181",
                "--subject",
                "The till in the front of the shop prints no gift receipts",
                "--due",
                "2027-03-22",
                "--priority",
                "high",
            ],
            &["prints no gift receipts", "-> Mon 2027-03-22", "priority 2 Normal -> 1 High"],
        ),
    ];
    for width in [50, 80] {
        for (args, parts) in cases {
            let mut terminal = env.terminal_of(width, args);
            let first = terminal.expect("[y/N/p");
            let is_wide = |line: &str| line.chars().count() > width;
            assert!(!first.lines().any(is_wide), "{width}: {first}");
            // The preview's own rows are indented.
            let mut rows: Vec<&str> =
                first.lines().rev().take_while(|line| !line.starts_with(' ')).collect();
            rows.reverse();
            let question = rows.join(" ");
            for part in parts {
                assert!(question.contains(part), "{width}: {part}: {first}");
            }
            assert!(!question.contains('…'), "{width}: {first}");
            terminal.say("x");
            let again = terminal.expect("Enter\n");
            assert!(again.contains("unknown answer: type y, n, p"), "{again}");
            let last = terminal.expect("[y/N/p");
            assert!(!last.contains('\n'), "{last}");
            terminal.say("n");
            let (code, shown) = terminal.end();
            assert_eq!(code, 9, "{shown}");
        }
    }
}

/// What somebody was asked about a moment ago is not pointed out once more below.
#[test]
fn a_guard_is_shown_once() {
    let env = TestEnv::new();
    let args = ["timer", "update", "32168", "48700003", "--minutes", "6128"];
    let mut terminal = env.terminal(&args);
    let asked = terminal.expect("Continue? [y/N");
    assert!(asked.contains("is unusually long"), "{asked}");
    terminal.reply("Continue? [y/N", "y");
    let shown = terminal.expect("[y/N/p");
    assert!(shown.contains("102 h 8 min") && !shown.contains("unusually"), "{shown}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
    // Where nobody was asked, it is pointed out.
    let mut terminal = env.terminal(&[&args[..], &["--large"]].concat());
    let shown = terminal.expect("[y/N/p");
    assert!(shown.contains("  ! 102 h 8 min is unusually long"), "{shown}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
}

/// `CLICOLOR_FORCE` colors a pipe, too; what it says there is in the order of a dry run.
#[test]
fn without_a_terminal_the_preview_is_as_in_a_dry_run() {
    let env = TestEnv::new();
    let dry = env.run(&[&BILL[..], &["--dry-run"]].concat());
    let sheet = dry.ends(0).stdout.split("\n\nPOST ").next().unwrap().to_owned();
    let sheet = sheet.replace("\r", "");
    let ran = env.run(&[&BILL[..], &["--yes"]].concat());
    assert!(ran.ends(0).stderr.contains(&sheet), "{ran}\n{sheet}");
}

#[test]
fn a_warning_stands_out_before_what_a_yes_is_about() {
    let env = TestEnv::new();
    let typed = ["comment", "32181", "-m", "**Done** with `it`"];
    let mut terminal = env.terminal(&typed);
    let (before, _) = asked(&mut terminal);
    let last: Vec<&str> = before.lines().rev().take(2).collect();
    assert_eq!(last[0], format!("  Email     {IMELDA}"));
    assert!(last[1].starts_with("  ! lists and Markdown"), "{before}");
    assert!(terminal.raw().contains("\u{1b}[33m  ! lists and Markdown"), "{:?}", terminal.raw());
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
}

#[test]
fn a_long_text_is_folded_until_p_shows_it_whole() {
    let env = TestEnv::new();
    let text = (1..=36).map(|at| format!("step {at} done")).collect::<Vec<_>>().join("\n");
    let typed = ["comment", "32181", "-m", &text];
    let mut terminal = env.terminal(&typed);
    let (before, _) = asked(&mut terminal);
    // The subject and an empty line stand before it.
    assert!(before.contains("\n  … 24 lines more; p shows all\n"), "{before}");
    assert!(before.contains("| step 8 done") && before.contains("| step 36 done"), "{before}");
    assert!(!before.contains("step 20"), "{before}");
    terminal.say("p");
    let whole = terminal.expect("POST /tickets/");
    assert!(whole.contains("| step 20 done\n") && !whole.contains("lines more"), "{whole}");
    terminal.answer("[y/N/p", "n");
    assert_eq!(terminal.end().0, 9);
    // Nobody is there to press `p`.
    let dry = env.run(&[&typed[..], &["--dry-run"]].concat());
    assert!(dry.ends(0).stdout.contains("| step 20 done\n"), "{dry}");
    let mut terminal = env.terminal(&[&typed[..], &["--yes"]].concat());
    terminal.expect("| step 20 done");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn prepaid_hours_are_part_of_the_stakes() {
    let env = TestEnv::of(Setup::default());
    let typed = ["bill", "32179", "--minutes", "60", "--labor", "remote", "-m", "Done"];
    let mut terminal = env.terminal(&[&typed[..], &["--description", "Work"]].concat());
    let (before, question) = asked(&mut terminal);
    assert!(question.contains(" after prepaid hours)?"), "{before}\n{question}");
    assert!(before.lines().last().unwrap().starts_with("  Prepaid "), "{before}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
}

/// Whom it reaches is named however many timers it stops, and the timers are counted.
#[test]
fn many_timers_do_not_hide_the_email() {
    let running = |env: &TestEnv| {
        for hour in 9..14 {
            env.account()
                .clock(32_181, &json!({"start_at": format!("2026-03-17T{hour:02}:00:00Z")}));
        }
    };
    let (env, ()) = TestEnv::prepared(Setup::default(), running);
    let typed = ["close", "32181", "--stop-timer", "-m", "Done", "--no-log", "--large"];
    let mut terminal = env.terminal(&typed);
    let (before, question) = asked(&mut terminal);
    let shown = format!("Email {IMELDA}, stop 5 timers, set the status to Resolved?");
    assert_eq!(question, shown, "{before}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
}

/// What several line items come to is asked about where no invoice says it; their checks are not.
#[test]
fn without_an_invoice_the_sum_is_asked_about() {
    let env = TestEnv::new();
    let typed = ["bill", "32165", "--from-timers", "--no-invoice", "--no-comment", "--add=travel"];
    let mut terminal = env.terminal(&typed);
    let (before, question) = asked(&mut terminal);
    assert!(
        question == "Charge 2 timer entries, add 1 line item; $270.01 stays uninvoiced?",
        "{question}"
    );
    assert!(!question.to_lowercase().contains("check that"), "{question}");
    assert!(before.lines().last().unwrap().contains("stays uninvoiced"), "{before}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
}
