//! Fields in other spellings: read where they are clear. Where they are not, they are neither absent nor guessed: shown
//! as they came, and no write rests on them.

mod alike;
mod flags;
mod pages;
mod records;
mod timers;

use crate::support::{TestEnv, bill};

/// A ticket with stopped time that waits.
const WAITS: &str = "32168";

fn spelled(which: &str, spelling: &str) -> TestEnv {
    TestEnv::with(&[&format!("{which}@*=spelled:{spelling}")])
}

#[test]
fn dates_and_flags_are_read_in_each_spelling() {
    for spelling in ["utc", "digits", "quoted"] {
        let env = spelled("read", spelling);
        let list = env.run(&["timer", "list", WAITS]);
        assert!(list.ends(0).stdout.contains("Not charged: 45 min in 1 timer entry\n"), "{list}");
        let charged = env.run(&["timer", "list", "32154"]);
        assert!(charged.ends(0).stdout.contains("Not charged: nothing"), "{charged}");
        env.run(&["timer", "charge", "32154", "--all", "--yes"]).ends(5);
        assert_eq!(env.writes().len(), 0);
        env.run(&["bill", WAITS, "--from-timers", "--no-comment", "--yes"]).ends(0);
        assert_eq!(env.writes().iter().filter(|one| one.method == "POST").count(), 2);
    }
}

#[test]
fn an_end_that_says_nothing_is_no_running_timer() {
    let env = spelled("read", "unclear-ends");
    let raw = "end_time \"Friday noon\"";
    for page in [["timer", "list", WAITS], ["ticket", WAITS, "--no-color"]] {
        let page = env.run(&page);
        assert!(page.ends(0).stdout.contains("unreadable"), "{page}");
        assert!(page.stdout.contains(raw) && !page.stdout.contains("RUNNING"), "{page}");
    }
    let list = env.run(&["timer", "list", WAITS, "--json"]);
    let id = list.ends(0).json().unwrap()[0]["id"].to_string();
    for args in [
        vec!["timer", "charge", WAITS, &id],
        vec!["timer", "update", WAITS, &id, "--minutes", "5"],
        vec!["timer", "delete", WAITS, &id],
        vec!["timer", "start", WAITS],
    ] {
        let ran = env.run(&[&args[..], &["--yes"]].concat());
        ran.ends(5).says(&format!("cannot read {raw} of timer entry {id}"));
    }
    env.run(&["bill", WAITS, "--from-timers", "--no-comment", "--yes"]).ends(5).says(raw);
    let bill = ["bill", WAITS, "--minutes", "15", "--labor", "remote", "--description", "Port"];
    env.run(&[&bill[..], &["--no-comment", "--yes"]].concat())
        .ends(5)
        .says("may be running")
        .says("--timer-running");
    assert_eq!(env.writes().len(), 0);
}

#[test]
fn a_flag_that_says_nothing_is_neither_yes_nor_no() {
    let env = spelled("read", "unclear-flags");
    let list = env.run(&["timer", "list", "32154"]);
    assert!(list.ends(0).stdout.contains("recorded \"perhaps\""), "{list}");
    env.run(&["timer", "charge", "32154", "--all", "--yes"]).ends(5);
    let product = env.run(&["product", "show", "17340021"]);
    assert!(product.ends(0).stdout.contains("Disabled") && product.stdout.contains("perhaps"));
    let line = env.run(&["line", "list", "32178"]);
    assert!(line.ends(0).stdout.contains("perhaps"), "{line}");
    env.run(&["invoice", "create", "32178", "--yes"]).ends(5).says("neither true nor false");
    assert_eq!(env.writes().len(), 0);
}

#[test]
fn a_price_with_an_ambiguous_comma_bills_nothing() {
    for (spelling, raw) in [("commas", "120,0"), ("points", "1.120,0")] {
        let env = spelled("product", spelling);
        let page = env.run(&["product", "show", "17340021"]);
        assert!(page.ends(0).stdout.contains(&format!("\"{raw}\"")), "{page}");
        let why = format!("cannot read price_retail \"{raw}\" of product 17340021");
        env.run(&bill(&["--yes"])).ends(5).says(&why);
        let line = ["line", "add", "32181", "--product", "17340021", "--yes"];
        env.run(&line).ends(5).says(&why);
        assert_eq!(env.writes().len(), 0);
    }
    let env = spelled("product", "dollars");
    let page = env.run(&["product", "show", "17340021"]);
    assert!(page.ends(0).stdout.contains("$120.00") && !page.stdout.contains('"'), "{page}");
    env.run(&bill(&["--yes"])).ends(0);
}

#[test]
fn a_line_that_cannot_be_read_is_not_invoiced() {
    let env = spelled("ticket", "commas");
    let list = env.run(&["line", "list", "32178"]);
    assert!(list.ends(0).stdout.contains("\"89,5\""), "{list}");
    env.run(&["invoice", "create", "32178", "--yes"]).ends(5).says("it is no clear number");
    assert_eq!(env.writes().len(), 0);
}

/// Row 12: `[9999, null]` among the users.
#[test]
fn one_odd_user_does_not_lose_the_others() {
    let env = spelled("users", "odd-user");
    let ran = env.run(&["tickets", "--assignee", "robin"]);
    ran.ends(0).says("skipped a user that cannot be read");
    assert!(ran.stdout.contains("32168"), "{ran}");
    let ran = env.run(&["tickets", "--assignee", "nobody by that name"]);
    assert!(!ran.ends(3).stderr.contains("proxy"), "{ran}");
}

/// Row 21: blanks that do not break, two of them, and accents behind their letters.
#[test]
fn names_that_look_the_same_are_the_same() {
    let env = spelled("read", "decomposed");
    env.run(&["update", "32181", "on the\u{a0} bench", "--dry-run"]).ends(0);
    env.run(&["tickets", "--assignee", "robin ashgrove"]).ends(0);
    env.run(&["product", "show", "Labor - Remote"]).ends(0);
    let customer = env.run(&["customer", "show", "Quillfeather\u{a0} Books"]);
    assert!(customer.ends(0).stdout.contains("31204551"), "{customer}");
    for name in ["Quillfeather\u{200b} Books", "\u{feff}Quill\u{200c}feather Books\u{2060}"] {
        let customer = env.run(&["customer", "show", name]);
        assert!(customer.ends(0).stdout.contains("31204551"), "{customer}");
        let tickets = env.run(&["tickets", "--customer", name]);
        assert!(tickets.ends(0).stdout.contains("Quillfeather Books"), "{tickets}");
    }
    env.run(&["update", "32181", "on the\u{200b} bench", "--dry-run"]).ends(0);
    // What is left of them may be nothing, which is in every name.
    for name in ["\u{feff}", "\u{200b} \u{2060}"] {
        env.run(&["customer", "show", name]).ends(2).says("use an id or a name");
        env.run(&["tickets", "--assignee", name]).ends(2).says("use an id");
        env.run(&["contact", "show", name]).ends(2).says("use an id or a name");
    }
    let plain = TestEnv::new();
    let labor = ["bill", "32181", "--minutes", "15", "--labor", "Remote\u{a0}", "--dry-run"];
    plain.run(&[&labor[..], &["--no-comment", "--description", "Till"]].concat()).ends(0);
}

/// What is not over may run, whoever cannot tell; what has ended does not.
#[test]
fn a_timer_that_may_run_is_not_absent() {
    let raw = "may be running: cannot read recorded \"perhaps\"";
    let running = TestEnv::new().run(&["timer", "list", "--json"]);
    let running = running.ends(0).json().unwrap();
    let env = spelled("timers", "unclear-flags");
    let list = env.run(&["timer", "list"]);
    assert!(list.ends(0).stdout.contains("unreadable"), "{list}");
    list.says(raw);
    let json = env.run(&["timer", "list", "--json"]);
    let shown = json.ends(0).json().unwrap();
    assert_eq!(shown.as_array().unwrap().len(), running.as_array().unwrap().len(), "{json}");
    let env = spelled("read", "unclear-flags");
    let stop = env.run(&["timer", "stop", "32175", "--yes"]);
    stop.ends(5).says("cannot read recorded \"perhaps\" of timer entry");
    let close = env.run(&["close", "32175", "--no-comment", "--dry-run"]);
    assert!(close.ends(0).stdout.contains(raw), "{close}");
    assert_eq!(env.writes().len(), 0);
}

#[test]
fn a_preview_shows_an_amount_as_it_came() {
    let env = spelled("read", "commas");
    let plan = env.run(&["invoice", "email", "67409", "--dry-run"]);
    let total = plan.ends(0).stdout.lines().find(|line| line.contains("Total"));
    assert!(total.is_some_and(|total| total.contains(",0\", ") && !total.contains('?')), "{plan}");
    env.run(&["invoice", "email", "67409", "--yes"]).ends(5).says("--zero");
    assert_eq!(env.writes().len(), 0);
}

/// What may be unpaid is told, where a page leaves it out.
#[test]
fn an_invoice_that_may_be_paid_is_not_left_out_in_silence() {
    let env = spelled("invoices", "unclear-flags");
    let page = env.run(&["customer", "show", "31204671"]);
    page.ends(0).says("left out, because a value is unreadable: 1 invoice (");
}
