//! Nothing that a person wrote is lost: what was not sent is in a private file that is named, is offered when the same
//! command is begun again, and is gone when it was sent.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::support::{CTRL_C, Ran, TILL, TestEnv, UNBILLED, files};

const PROMPT: &str = "[y/N/p";
const KEPT: &str = "your text is kept in ";
const OFFER: &str = "Use the text from ";
const TEXT: &str = "The gift layout is on the new till.";

/// One that stands in a row with its prompt.
const SHORT: &str = "Till dark";

/// The texts that wait, and what they say.
fn kept(env: &TestEnv) -> Vec<(PathBuf, String)> {
    let all = files(&env.state_dir().join("texts"));
    all.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// One text waits, nobody else can read it, and `shown` says where it is.
#[track_caller]
fn one_waits(env: &TestEnv, shown: &str, text: &str) {
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
    for other in [&["close", "32181"][..], &["comment", "32175"]] {
        let mut terminal = env.terminal(other);
        let came = terminal.expect("(Enter opens the editor):");
        assert!(!came.contains(OFFER), "{came}");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
    }
    env.run(&["comment", "32181", "--hidden", "--yes"]).ends(2);
    let ran = env.run(&["comment", "32181", "--hidden", "-m", "Another.", "--dry-run"]);
    assert!(!ran.ends(0).stdout.contains(TEXT), "{ran}");
    one_waits(&env, &shown, TEXT);

    // Ctrl-C at the preview keeps it.
    let mut terminal = env.terminal(&typed);
    let came = terminal.expect(OFFER);
    assert!(came.contains(&format!("| {TEXT}")), "{came}");
    terminal.answer("[y/N]", "y");
    let preview = terminal.expect(PROMPT);
    assert!(preview.contains(TEXT), "{preview}");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    one_waits(&env, &shown, TEXT);

    let mut terminal = env.terminal(&typed);
    terminal.expect(OFFER);
    terminal.answer("[y/N]", "y");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains(KEPT), "{shown}");
    assert_eq!(kept(&env), []);
    assert_eq!(env.writes()[0].body["body"], TEXT);
}

#[test]
fn a_text_that_is_not_wanted_makes_way_for_the_one_that_is_sent() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["close", "32181", "-m", TEXT]);
    terminal.answer(PROMPT, "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    one_waits(&env, &shown, TEXT);
    let mut terminal = env.terminal(&["close", "32181", "--no-log"]);
    terminal.expect(OFFER);
    terminal.answer("[y/N]", "n");
    terminal.answer("Resolution (Enter opens the editor):", "Replaced the roller.");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(kept(&env), []);
    assert_eq!(env.writes()[0].body["body"], "Replaced the roller.");
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
    terminal.expect("Line description");
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
    one_waits(&env, &shown, SHORT);
    let mut terminal = env.terminal(&typed);
    terminal.expect(OFFER);
    terminal.answer("[y/N]", "y");
    let form = terminal.expect("Enter to continue:");
    assert!(form.contains(SHORT), "{form}");
    terminal.say("");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(kept(&env), []);
}
