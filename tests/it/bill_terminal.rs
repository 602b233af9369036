//! The conversation of a bill on a terminal: what is asked, what is shown, and what each key does.
#![cfg(unix)]

use serde_json::json;

use crate::support::{BILL, BILLED, CTRL_C, MESSAGE, Setup, TILL, TestEnv, UNBILLED, ticket_id};

const PROMPT: &str = "[y/N/p";

/// Nothing of ours is on the ticket, and nothing was tried.
#[track_caller]
fn untouched(env: &TestEnv) {
    assert!(env.writes().is_empty(), "{:?}", env.writes());
    assert_eq!(env.state(TILL).ours(), UNBILLED);
    assert!(env.journal().is_empty());
}

#[test]
fn what_is_missing_is_asked_for() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["bill", "32181"]);
    let heading = terminal.expect("Minutes");
    assert!(heading.contains("Quillfeather Books"), "{heading}");
    terminal.say("soon");
    terminal.expect("Minutes");
    terminal.say("30");
    let labor = terminal.expect("Labor type");
    assert!(labor.contains("remote") && labor.contains("emergency"), "{labor}");
    assert!(!labor.contains("travel"), "counted by each: {labor}");
    terminal.say("1");
    terminal.expect("Comment");
    terminal.say(MESSAGE);
    let preview = terminal.expect(PROMPT);
    for shown in [
        "Quillfeather Books",
        "Robin Ashgrove",
        MESSAGE,
        "120.00",
        "60.00",
        "Invoiced",
        "emailed to",
    ] {
        assert!(preview.contains(shown), "{shown}: {preview}");
    }
    assert!(env.writes().is_empty());
    terminal.reply(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let state = env.state(TILL);
    assert_eq!(state.ours(), BILLED);
    assert_eq!(state.lines[0]["description"], MESSAGE);
    assert!(shown.contains(state.invoices[0]["number"].as_str().unwrap()), "{shown}");
}

/// What stands against the bill whatever is billed is asked before anything that a person has to think of, and a status that
/// the account does not have is no bill at all.
#[test]
fn what_is_known_is_asked_before_the_first_question() {
    let said = |env: &TestEnv, number: &'static str, more: &[&'static str]| {
        let mut terminal = env.terminal(&[&["bill", number], more].concat());
        let shown = terminal.expect("[y/N]");
        assert!(!shown.contains("Minutes"), "{shown}");
        terminal.say("n");
        let (code, rest) = terminal.end();
        assert_eq!(code, 9, "{rest}");
        assert!(env.writes().is_empty(), "{rest}");
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let env = TestEnv::new();
    let invoiced = said(&env, "32177", &[]);
    assert!(invoiced.contains("already invoiced"), "{invoiced}");
    let running = said(&env, "32175", &[]);
    assert!(running.contains("timer is running"), "{running}");
    env.account().write(
        "PUT",
        "/contacts/7804551",
        &json!({"name": "Imelda Quill", "opt_out": true}),
    );
    let opted_out = said(&env, "32181", &[]);
    assert!(opted_out.contains("told not to email this contact"), "{opted_out}");
    env.account().write("PUT", "/customers/31204551", &json!({"disabled": true}));
    let disabled = said(&env, "32181", &["--no-email"]);
    assert!(disabled.contains("is disabled"), "{disabled}");

    // Once answered, it is not asked again.
    let mut terminal = env.terminal(&["bill", "32181", "--no-email"]);
    terminal.answer("[y/N]", "y");
    for (asked, typed) in [("Minutes", "30"), ("Labor type", "1"), ("Comment", MESSAGE)] {
        terminal.expect(asked);
        terminal.say(typed);
    }
    terminal.answer(PROMPT, "y");
    assert_eq!(terminal.end().0, 0);

    let replace = vec![("after_bill = \"Invoiced\"", "after_bill = \"Billed\"".to_owned())];
    let env = TestEnv::of(Setup { replace, ..Setup::default() });
    let (code, shown) = env.terminal(&["bill", "32181"]).end();
    assert_eq!(code, 10, "{shown}");
    assert!(
        shown.contains("there is no status \"Billed\"") && !shown.contains("Minutes"),
        "{shown}"
    );
}

/// What was answered is what was asked: the same guard may find something else once more is known.
#[test]
fn an_answer_is_none_to_another_finding_of_its_guard() {
    let (env, ()) = TestEnv::prepared(Setup::default(), |env| {
        env.account().write("PUT", "/customers/31204551", &json!({"disabled": true}));
        let product = json!({"disabled": true, "taxable": false});
        env.account().write("PUT", "/products/17340021", &product);
    });
    let mut terminal = env.terminal(&["bill", "32181", "--no-email"]);
    let first = terminal.expect("[y/N]");
    assert!(first.contains("The customer, ") && !first.contains("product"), "{first}");
    terminal.say("y");
    for (asked, typed) in [("Minutes", "30"), ("Labor type", "1"), ("Comment", MESSAGE)] {
        terminal.expect(asked);
        terminal.say(typed);
    }
    let second = terminal.expect("[y/N]");
    assert!(second.contains("product"), "{second}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
    untouched(&env);
}

/// What the line says was done is the comment's first line that is no greeting: shown, not asked for, and edited with `e`.
#[test]
fn the_comments_first_line_is_the_description_and_is_edited_with_e() {
    let text = format!("Hi Imelda,\n\n{MESSAGE}\nRobin");
    let given = ["bill", "32181", "--minutes", "30", "--labor", "remote", "-m", &text];
    for (edits, description) in [(false, MESSAGE), (true, "Till")] {
        let env = TestEnv::new();
        let editor = env.editor("sed -i 's/^Line item: .*/Line item: Till/' \"$1\"");
        let mut terminal = env.terminal_with(&given, &[("EDITOR", &editor)]);
        let preview = terminal.expect(&format!("\"{MESSAGE}\""));
        assert!(!preview.contains("Line description"), "{preview}");
        if edits {
            terminal.answer("[y/N/p/e]", "e");
            let preview = terminal.expect("\"Till\"");
            assert!(preview.contains("| Hi Imelda,"), "{preview}");
            let first = format!("Line item: {MESSAGE}\n\nHi Imelda,");
            assert!(env.editor_saw().starts_with(&first), "{}", env.editor_saw());
        }
        terminal.answer("[y/N/p/e]", "y");
        assert_eq!(terminal.end().0, 0);
        assert_eq!(env.state(TILL).lines[0]["description"], description);
        let sent = env.writes()[0].body["body"].clone();
        assert_eq!(sent, text.replace('\n', "<br>"));
    }
}

/// Each labor type is shown with its rate; Enter alone is no answer. The only one is no question.
#[test]
fn the_labor_question_shows_rates_and_has_no_default() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["bill", "32181", "-t", "30", "-m", MESSAGE]);
    let labor = terminal.expect("Labor type");
    assert!(labor.contains("remote: $120.00 an hour"), "{labor}");
    terminal.say("");
    terminal.expect("type a number from 1 to");
    terminal.expect("Labor type");
    terminal.say("rem");
    terminal.answer(PROMPT, "");
    assert_eq!(terminal.end().0, 9);

    let others = syncro::sandbox::config();
    let from = others.find("[labor.onsite]").unwrap();
    let to = others.find("[labor.travel]").unwrap();
    let project = others.find("[labor.project]").unwrap();
    let rest = others[project..].find("\n\n").map_or(others.len(), |end| project + end);
    let replace = [&others[from..to], &others[project..rest]];
    let replace = replace.iter().map(|old| (&**old, String::new())).collect();
    let env = TestEnv::of(Setup { replace, ..Setup::default() });
    let mut terminal = env.terminal(&["bill", "32181", "-t", "30", "-m", MESSAGE]);
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains("$60.00") && !preview.contains("Labor type"), "{preview}");
    terminal.reply(PROMPT, "");
    assert_eq!(terminal.end().0, 9);
    // In a script nothing is taken that was not said.
    env.run(&["bill", "32181", "-t", "30", "-m", MESSAGE, "--yes"]).ends(2).says("--labor");
}

#[test]
fn anything_but_a_yes_is_a_no() {
    for answer in ["", "n", "no", "N"] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&BILL);
        terminal.answer(PROMPT, answer);
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{answer:?}: {shown}");
        assert!(shown.contains("nothing was written"), "{shown}");
        untouched(&env);
    }
}

#[test]
fn nonsense_is_asked_again_and_a_key_alone_does_nothing() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&BILL);
    for odd in ["yy", "sure"] {
        terminal.expect(PROMPT);
        terminal.say(odd);
        terminal.expect("unknown answer: type y, n, p, e or ? and Enter");
    }
    terminal.expect(PROMPT);
    // Enter is needed: a y that is taken back is none.
    terminal.send("y\u{7f}");
    terminal.reply(PROMPT, "");
    assert_eq!(terminal.end().0, 9);
    untouched(&env);
}

#[test]
fn a_question_mark_says_what_can_be_answered() {
    let env = TestEnv::new();
    let without = ["update", "32181", "--priority", "high"];
    for (typed, choices, edits) in [(&BILL[..], "[y/N/p/e]", true), (&without, "[y/N/p]", false)] {
        let mut terminal = env.terminal(typed);
        terminal.expect(choices);
        terminal.reply(choices, "?");
        let explained = terminal.expect(choices);
        for (key, is_there) in [("y", true), ("N", true), ("p", true), ("e", edits)] {
            let lines = explained.lines().filter(|line| line.starts_with(&format!("  {key}  ")));
            assert_eq!(lines.count(), usize::from(is_there), "{key}: {explained}");
        }
        terminal.reply(choices, "");
        assert_eq!(terminal.end().0, 9);
    }
    untouched(&env);
}

#[test]
fn p_shows_the_payloads_and_asks_again() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&BILL);
    terminal.answer(PROMPT, "p");
    let payloads = terminal.expect(PROMPT);
    let ticket = ticket_id(TILL);
    for shown in [
        format!("POST /tickets/{ticket}/comment"),
        format!("POST /tickets/{ticket}/add_line_item"),
        "POST /invoices".to_owned(),
        format!("PUT /tickets/{ticket}"),
        "\"price_retail\": 120".to_owned(),
        "\"do_not_email\": false".to_owned(),
    ] {
        assert!(payloads.contains(&shown), "{shown}: {payloads}");
    }
    assert!(env.writes().is_empty());
    terminal.reply(PROMPT, "y");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn ctrl_c_at_a_prompt_ends_it() {
    for (args, at) in [(&["bill", "32181"][..], "Minutes"), (&BILL[..], PROMPT)] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(args);
        terminal.expect(at);
        terminal.send(CTRL_C);
        let (code, shown) = terminal.end();
        assert_eq!(code, 130, "{at}: {shown}");
        untouched(&env);
    }
}

#[test]
fn ctrl_c_while_it_reads_ends_it() {
    let env = TestEnv::with(&["ticket=slow:3000"]);
    let mut terminal = env.terminal(&BILL);
    env.until_logged(|line| line.path.ends_with("/me"));
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    untouched(&env);
}

#[test]
fn ctrl_c_in_a_write_waits_for_it_and_begins_no_other() {
    let steps = [("comment", (1, 0, 0)), ("line", (1, 1, 0)), ("invoice-create", (1, 1, 1))];
    for (step, counts) in steps {
        let env = TestEnv::with(&[&format!("{step}=slow:1200")]);
        let mut terminal = env.terminal(&BILL);
        terminal.answer(PROMPT, "y");
        crate::support::until("the write is applied", || env.state(TILL).counts() == counts);
        terminal.send(CTRL_C);
        terminal.expect("Ctrl-C again");
        let (code, shown) = terminal.end();
        assert_eq!(code, 130, "{step}: {shown}");
        let said = shown.replace("\n  ", " ");
        assert!(said.contains("ritten: comment"), "what was written is said: {shown}");
        assert!(shown.contains("syncro resume"), "{shown}");
        let state = env.state(TILL);
        assert_eq!((state.counts(), state.status()), (counts, "In Progress"), "{step}");
        let answered = env.journal()[0].story();
        assert!(
            answered.iter().any(|one| one.starts_with("checked")),
            "it was awaited: {answered:?}"
        );
        env.run(&["resume", "--yes", "--json"]).ends(0);
        assert_eq!(env.state(TILL).ours(), BILLED, "{step}");
    }
}

#[test]
fn a_second_ctrl_c_ends_it_at_once() {
    let env = TestEnv::with(&["line=slow:60000"]);
    let mut terminal = env.terminal(&BILL);
    terminal.answer(PROMPT, "y");
    crate::support::until("the line is there", || env.state(TILL).lines.len() == 1);
    terminal.send(CTRL_C);
    terminal.expect("Ctrl-C again");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    env.run(&["resume", "--yes", "--json"]).ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn what_is_typed_ahead_confirms_nothing() {
    let env = TestEnv::with(&["ticket=slow:700"]);
    let mut terminal = env.terminal(&BILL);
    // While it still reads, and all at once.
    terminal.send("y\ry\ry\r");
    env.until_logged(|line| line.path.ends_with("/me"));
    terminal.send("y\r");
    terminal.answer(PROMPT, "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    untouched(&env);
}

#[test]
fn guards_are_questions() {
    let args = [
        "bill",
        "32177",
        "--minutes",
        "30",
        "--labor",
        "remote",
        "-m",
        MESSAGE,
        "--description",
        "Alarm mails",
    ];
    let env = TestEnv::new();
    let mut terminal = env.terminal(&args);
    let question = terminal.expect("[y/N]");
    assert!(question.contains("67409"), "{question}");
    terminal.reply("[y/N]", "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(env.writes().is_empty());

    let mut terminal = env.terminal(&args);
    terminal.answer("[y/N]", "y");
    terminal.expect(PROMPT);
    assert!(env.writes().is_empty(), "a guard's question confirms no plan");
    terminal.reply(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.state(32_177).invoices.len(), 2);
}

#[test]
fn yes_asks_nothing_on_a_terminal_either() {
    let env = TestEnv::new();
    let terminal = env.terminal(&[&BILL[..], &["--yes"]].concat());
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("[y/N"), "{shown}");
    assert_eq!(env.state(TILL).ours(), BILLED);
    let (code, shown) = env.terminal(&["bill", "32177", "--yes"]).end();
    assert_eq!(code, 2, "{shown}");
}

#[test]
fn a_lost_step_is_asked_about_and_sent_again_only_on_a_yes() {
    for (answer, code, ours) in [("y", 0, BILLED), ("", 6, (1, 0, 0, "In Progress"))] {
        let env = TestEnv::with(&["line=close-before"]);
        let mut terminal = env.terminal(&BILL);
        terminal.answer(PROMPT, "y");
        let question = terminal.expect("[y/N]");
        assert!(question.contains("Send it again?"), "{question}");
        terminal.reply("[y/N]", answer);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        assert_eq!(env.state(TILL).ours(), ours);
        env.run(&["resume", "--yes", "--json"]).ends(0);
        assert_eq!(env.state(TILL).ours(), BILLED);
    }
}

#[test]
fn a_repair_is_offered() {
    let env = TestEnv::with(&["line=lost-price"]);
    let mut terminal = env.terminal(&BILL);
    terminal.answer(PROMPT, "y");
    let repair = terminal.expect(PROMPT);
    assert!(repair.contains("reprice") && repair.contains("120.00"), "{repair}");
    terminal.reply(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.state(TILL).ours(), BILLED);

    // What is cancelled is the rest: the bill was written.
    for (answer, says) in
        [("n\r", "cancelled; nothing more was written"), (CTRL_C, "nothing more was sent")]
    {
        let env = TestEnv::with(&["line=lost-price"]);
        let mut terminal = env.terminal(&BILL);
        terminal.answer(PROMPT, "y");
        terminal.expect(PROMPT);
        terminal.send(answer);
        let (_, shown) = terminal.end();
        assert!(shown.contains(says), "{shown}");
    }
}

#[test]
fn resume_shows_what_is_left_and_asks() {
    let env = TestEnv::with(&["line=close-before"]);
    env.run(&[&BILL[..], &["--yes"]].concat()).ends(6);
    let sent = env.writes().len();
    let mut terminal = env.terminal(&["resume"]);
    let left = terminal.expect(PROMPT);
    assert!(left.contains("invoice") && left.contains("line item"), "{left}");
    terminal.reply(PROMPT, "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert_eq!(env.writes().len(), sent);
    let mut terminal = env.terminal(&["resume"]);
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn a_closed_terminal_is_no_yes() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&BILL);
    terminal.expect(PROMPT);
    terminal.hang_up();
    untouched(&env);
}
