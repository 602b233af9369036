//! Nothing that a person wrote is lost: what was not sent is in a private file that is named, is offered when the same
//! command is begun again, and is gone when it was sent.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::support::{CTRL_C, Ran, Setup, TILL, Terminal, TestEnv, UNBILLED, files};

pub(crate) const PROMPT: &str = "[y/N/p";
pub(crate) const KEPT: &str = "your text is kept in";
pub(crate) const OFFER: &str = "Use the text from ";
const PRIVATE: &str = "Use the private note from ";
const TEXT: &str = "The gift layout is on the new till.";

/// One that stands in a row with its prompt.
const SHORT: &str = "Till dark";

/// The texts that wait, and what they say.
pub(crate) fn kept(env: &TestEnv) -> Vec<(PathBuf, String)> {
    let all = files(&env.state_dir().join("texts"));
    all.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// One text waits, nobody else can read it, and `shown` says where it is.
#[track_caller]
pub(crate) fn one_waits(env: &TestEnv, shown: &str, text: &str) {
    let all = kept(env);
    let [(path, found)] = &all[..] else {
        unreachable!("one text: {all:?}\n{shown}");
    };
    assert_eq!(found, text);
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    let shown: String = shown.split_whitespace().collect();
    let named: String = format!("{KEPT}{}", path.display()).split_whitespace().collect();
    assert!(shown.contains(&named), "{named}: {shown}");
}

#[test]
fn a_text_that_was_not_sent_is_offered_until_it_is() {
    let env = TestEnv::new();
    let typed = ["comment", "32181", "--hidden"];
    let mut terminal = env.terminal(&typed);
    terminal.answer("Comment (Enter opens the editor):", TEXT);
    terminal.answer(PROMPT, "n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    one_waits(&env, &shown, TEXT);

    // Another command, another ticket, and what asks nothing do not offer it.
    for other in [&["close", "32181"][..], &["comment", "32175"], &["comment", "32181"]] {
        let mut terminal = env.terminal(other);
        let came = terminal.expect("(Enter opens the editor):");
        assert!(!came.contains("Use the "), "{came}");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
    }
    env.run(&["comment", "32181", "--hidden", "--yes"]).ends(2);
    let ran = env.run(&["comment", "32181", "--hidden", "-m", "Another.", "--dry-run"]);
    assert!(!ran.ends(0).stdout.contains(TEXT), "{ran}");
    one_waits(&env, &shown, TEXT);

    // Ctrl-C at the preview keeps it.
    let mut terminal = env.terminal(&typed);
    let came = terminal.expect(PRIVATE);
    assert!(came.contains(&format!("| {TEXT}")), "{came}");
    terminal.answer("[Y/n]", "y");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains(TEXT), "{preview}");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    one_waits(&env, &shown, TEXT);

    let mut terminal = env.terminal(&typed);
    terminal.expect(PRIVATE);
    terminal.answer("[Y/n]", "y");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains(KEPT), "{shown}");
    assert_eq!(kept(&env), []);
    assert_eq!(env.writes()[0].body["body"], TEXT);
}

#[test]
fn a_text_that_is_not_wanted_waits_on_when_another_is_sent() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["close", "32181", "-m", TEXT]);
    terminal.answer(PROMPT, "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    one_waits(&env, &shown, TEXT);
    let mut terminal = env.terminal(&["close", "32181", "--no-log"]);
    terminal.expect(OFFER);
    terminal.answer("[Y/n]", "n");
    terminal.answer("Resolution (Enter opens the editor):", "Replaced the roller.");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.writes()[0].body["body"], "Replaced the roller.");
    let [(path, left)] = &kept(&env)[..] else { unreachable!("{shown}") };
    assert_eq!(left, TEXT);
    // It was said where it is, and it is not offered at every start.
    let said: String = shown.split_whitespace().collect();
    let stays = format!("it is not offered again; for 30 days it stays in {}", path.display());
    assert!(said.contains(&stays.split_whitespace().collect::<String>()), "{shown}");
    let mut terminal = env.terminal(&["close", "32181", "--no-log"]);
    let came = terminal.expect("Resolution (Enter opens the editor):");
    assert!(!came.contains("Use the "), "{came}");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
    // Nor has it gone when it was left at its offer.
    let mut terminal = env.terminal(&["comment", "32181", "-m", "Another."]);
    terminal.answer(PROMPT, "n");
    terminal.end();
    for _ in 0..2 {
        let mut terminal = env.terminal(&["comment", "32181"]);
        terminal.expect(OFFER);
        terminal.expect("[Y/n]");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
    }
}

#[test]
fn a_refusal_and_a_lost_network_keep_it_in_a_script_too() {
    let secret = "Your password: hunter-two";
    let says = |ran: &Ran| ran.error()["hint"].as_str().unwrap_or_default().to_owned();
    for start in [&["comment", "32181", "-m"][..], &["close", "32181", "-m"]] {
        let mut env = TestEnv::new();
        let run = |env: &TestEnv, text| env.run(&[start, &[text, "--yes", "--json"]].concat());
        let ran = run(&env, secret);
        ran.ends(5);
        one_waits(&env, &says(&ran), secret);
        // Sent at last, and with it its file.
        let allowed = env.run(&[start, &[secret, "--yes", "--allow-secrets"]].concat());
        assert!(!allowed.ends(0).stderr.contains(KEPT), "{allowed}");
        assert_eq!(kept(&env), []);
        env.stop();
        let ran = run(&env, TEXT);
        ran.ends(8);
        one_waits(&env, &says(&ran), TEXT);
    }
}

#[test]
fn what_a_bill_says_is_kept_and_a_plan_that_is_left_has_its_own() {
    let env = TestEnv::new();
    let typed = ["bill", "32181", "--minutes=30", "--labor=remote"];
    let mut terminal = env.terminal(&typed);
    terminal.answer("Comment (Enter opens the editor):", TEXT);
    terminal.expect(PROMPT);
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    one_waits(&env, &shown, TEXT);
    assert_eq!(env.state(TILL).ours(), UNBILLED);

    // The comment lands, the invoice is refused: the journal has the text.
    let env = TestEnv::with(&["invoice-create=422"]);
    let mut terminal = env.terminal(&[&typed[..], &["--description=Till", "-m", TEXT]].concat());
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 5, "{shown}");
    assert!(!shown.contains(KEPT), "{shown}");
    assert_eq!(kept(&env), []);
}

#[test]
fn a_description_of_a_new_ticket_is_kept() {
    let env = TestEnv::new();
    let typed = ["create", "Quillfeather Books", "Till prints blank"];
    let mut terminal = env.terminal(&typed);
    terminal.answer("Enter to continue:", &format!("5 {SHORT}"));
    terminal.expect("Enter to continue:");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    one_waits(&env, &shown, &crate::kept_forms::form(SHORT, &[]));
    let mut terminal = env.terminal(&typed);
    terminal.expect(ANSWERS);
    terminal.answer("[Y/n]", "y");
    let form = terminal.expect("Enter to continue:");
    assert!(form.contains(SHORT), "{form}");
    terminal.say("");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(kept(&env), []);
}

pub(crate) const ANSWERS: &str = "Use what you had typed (";

/// Commands with a text of their own: how each begins, the flag, and the field that it is sent in.
const TEXTS: [(&[&str], &str, &str); 13] = [
    (&["appointment", "add", "32181", "--start=tomorrow 2pm"], "--description", "description"),
    (&["contact", "create", "quillfeather", "Ada Finch"], "--notes", "notes"),
    (&["contact", "update", "Imelda Quill", "--title=Owner"], "--notes", "notes"),
    (&["customer", "create", "Bluebird Bakery"], "--notes", "notes"),
    (&["customer", "update", "31204551", "--phone=555-0199"], "--notes", "notes"),
    (&["invoice", "update", "67409", "--po-number=PO-1187"], "--note", "note"),
    (&["line", "add", "32181", "--labor=remote", "--minutes=30"], "--description", "description"),
    (&["line", "update", "32178", "2964400000", "--quantity=0.75"], "--description", "description"),
    (&["payment", "add", "67409", "--full", "--method=Check"], "--ref", "ref_num"),
    (&["timer", "add", "32181", "--minutes=30"], "--notes", "notes"),
    (&["timer", "start", "32181"], "--notes", "notes"),
    (&["timer", "stop", "32175"], "--notes", "notes"),
    (&["timer", "update", "32168", "48700003", "--minutes=50"], "--notes", "notes"),
];

/// Goes on to the preview, past what guards ask; what it can be answered with.
pub(crate) fn to_choices(terminal: &mut Terminal) -> String {
    loop {
        terminal.expect("[y/N");
        match terminal.expect("]").as_str() {
            "]" => terminal.reply("[y/N]", "y"),
            choices => return choices.to_owned(),
        }
    }
}

/// Goes on to the preview of a text.
fn to_preview(terminal: &mut Terminal) {
    assert_eq!(to_choices(terminal), "/p/e]");
}

#[test]
fn the_text_of_every_command_is_kept_offered_and_edited() {
    for (command, flag, field) in TEXTS {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&[command, &[flag, SHORT]].concat());
        to_preview(&mut terminal);
        terminal.say("n");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{command:?}: {shown}");
        one_waits(&env, &shown, SHORT);

        let editor = env.editor("printf 'Edited\\n' > \"$1\"");
        // Who changes another field of a record wants its text left alone.
        let is_update = command[1] == "update";
        let mut terminal = env.terminal_with(command, &[("EDITOR", &editor)]);
        if is_update {
            to_choices(&mut terminal);
            assert!(!terminal.shown().contains(OFFER), "{}", terminal.shown());
            terminal.say("n");
            assert_eq!(terminal.end().0, 9);
            one_waits(&env, &shown, SHORT);
            let typed = [command, &[flag, SHORT]].concat();
            terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
        } else {
            let came = terminal.expect(OFFER);
            assert!(came.contains(&format!("| {SHORT}")), "{came}");
            let offer = terminal.expect("[Y/n]");
            let named = flag.trim_start_matches('-');
            assert!(offer.contains(&format!("({named}")), "{command:?}: {offer}");
            terminal.reply("[Y/n]", "y");
        }
        to_preview(&mut terminal);
        assert!(terminal.shown().contains(SHORT), "{}", terminal.shown());
        terminal.reply(PROMPT, "e");
        to_preview(&mut terminal);
        assert!(env.editor_saw().starts_with(&format!("{SHORT}\n\n# ---")), "{command:?}");
        terminal.reply(PROMPT, "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{command:?}: {shown}");
        assert_eq!(env.writes()[0].body[field], "Edited", "{command:?}: {shown}");
        assert_eq!(kept(&env), []);
    }
}

#[test]
fn a_text_that_never_came_to_its_preview_is_kept_too() {
    let mut env = TestEnv::new();
    env.run(&["ticket", "32181"]).ends(0);
    env.stop();
    let typed = ["timer", "add", "32181", "--minutes=30", "--notes", TEXT, "--yes", "--json"];
    let ran = env.run(&typed);
    ran.ends(8);
    one_waits(&env, ran.error()["hint"].as_str().unwrap(), TEXT);
}

#[test]
fn what_nobody_wrote_is_edited_and_not_kept() {
    let env = TestEnv::new();
    let typed = ["line", "add", "32181", "--labor=remote", "--minutes=30"];
    let mut terminal = env.terminal(&typed);
    to_preview(&mut terminal);
    terminal.say("n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert_eq!(kept(&env), []);

    let editor = env.editor("printf 'Edited\\n' > \"$1\"");
    let bill = ["bill", "32181", "--minutes=30", "--labor=remote", "--no-comment"];
    for typed in [&typed[..], &[&bill[..], &["--description=Till"]].concat()] {
        let mut terminal = env.terminal_with(typed, &[("EDITOR", &editor)]);
        to_preview(&mut terminal);
        terminal.reply(PROMPT, "e");
        to_preview(&mut terminal);
        terminal.say("n");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
        assert!(shown.contains("\"Edited\"") && shown.contains(KEPT), "{shown}");
    }
}

#[test]
fn a_text_is_offered_for_what_it_was_meant() {
    let env = TestEnv::new();
    let note = "One.\nTwo.\nThree.\nFour.\nFive.";
    let mut terminal = env.terminal(&["comment", "32181", "--hidden", "-m", note]);
    terminal.answer(PROMPT, "n");
    terminal.end();
    let mut terminal = env.terminal(&["comment", "32181", "--hidden", "--html", "-m", "<b>x</b>"]);
    terminal.answer(PROMPT, "n");
    terminal.end();
    let mut terminal = env.terminal(&["comment", "32181", "--hidden"]);
    let came = terminal.expect(PRIVATE);
    assert!(came.contains("| One.\n| Two.\n| Three.\n| +2 lines\n"), "{came}");
    assert!(terminal.expect("[Y/n]").contains("(ticket #32181, 5 lines, 28 characters)?"));
    terminal.send(CTRL_C);
    terminal.end();
}

/// The text of a plan that is discarded waits for the same command unless it was sent: the journal is nothing to look into.
#[test]
fn a_discarded_plan_gives_back_the_text_that_was_not_sent() {
    for (typed, limited) in [
        (&["comment", "32181", "-m", TEXT][..], "comment"),
        (&["bill", "32181", "-t", "30", "-l", "remote", "-m", TEXT], "comment"),
        (&["timer", "add", "32181", "--minutes", "5", "--notes", TEXT], "timer-add"),
    ] {
        let env = TestEnv::of(limits(limited));
        let ran = env.run(&[typed, &["--yes"]].concat());
        ran.ends(7);
        assert!(kept(&env).is_empty(), "the journal has it: {ran}");
        let discard = ["resume", "--discard", &env.journal()[0].id(), "--yes"];
        let ran = env.run(&discard);
        one_waits(&env, &ran.ends(0).stderr, TEXT);
        // What was typed without its text is offered the one that waits.
        let without: Vec<&str> =
            typed.iter().copied().filter(|word| ![TEXT, "-m", "--notes"].contains(word)).collect();
        let mut terminal = env.terminal(&without);
        terminal.answer(OFFER, "y");
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains(TEXT), "{preview}");
        terminal.reply(PROMPT, "n");
        assert_eq!(terminal.end().0, 9);
    }
    // The comment is there: only the line is not.
    let env = TestEnv::of(limits("line"));
    env.run(&["bill", "32181", "-t", "30", "-l", "remote", "-m", TEXT, "--yes"]).ends(7);
    let ran = env.run(&["resume", "--discard", &env.journal()[0].id(), "--yes"]);
    assert!(!ran.ends(0).stderr.contains(KEPT) && kept(&env).is_empty(), "{ran}");
}

/// Syncro limits every try of a write.
fn limits(write: &str) -> Setup {
    let faults = (1..=4).map(|time| format!("{write}@{time}=429:0")).collect();
    Setup { faults, ..Setup::default() }
}
