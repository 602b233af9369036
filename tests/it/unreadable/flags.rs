//! Every guard that rests on a flag of the server asks, too, where that flag is neither true nor false.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Setup, TestEnv, many};

/// A write whose guard rests on a flag; `~` is a space within a word.
struct Row {
    guard: &'static str,
    /// What answers with flags that say nothing.
    unclear: &'static [&'static str],
    typed: &'static str,
    /// How the guard shows it.
    raw: &'static str,
}

const fn row(
    guard: &'static str,
    unclear: &'static [&'static str],
    typed: &'static str,
    raw: &'static str,
) -> Row {
    Row { guard, unclear, typed, raw }
}

const DISABLED: &str = "disabled \"perhaps\"";
const SILENT: &str = "no_email \"perhaps\"";
const CONVERTED: &str = "converted \"perhaps\"";
const SOLD: &[&str] = &["product", "products"];
const BILL: &str = "bill 32181 -t 30 -l remote -m Copied";

const ROWS: &[Row] = &[
    row("paid", &["invoice"], "invoice email 67410", "is_paid \"perhaps\""),
    row("paid", &["invoice"], "invoice update 67410 --note Thanks", "is_paid \"perhaps\""),
    row(
        "paid",
        &["invoice"],
        "api POST invoices/1652214539/line_items -f item=Mast -f name=Mast -F price=1",
        "is_paid \"perhaps\"",
    ),
    row("disabled", SOLD, BILL, DISABLED),
    row("disabled", SOLD, "line add 32181 --labor remote --minutes 30", DISABLED),
    row("disabled", SOLD, "timer charge 32168", DISABLED),
    row("disabled", &["customer"], BILL, DISABLED),
    row(
        "disabled",
        &["customer"],
        "bill 32181 -t 30 -l remote --no-comment --description Copied",
        DISABLED,
    ),
    row("disabled", &["customer", "ticket"], "line add 32181 --product 17340025", DISABLED),
    row("disabled", &["customer"], "timer charge 32168", DISABLED),
    row("disabled", &["customer"], "invoice create 32178", DISABLED),
    row("disabled", &["customer"], "comment 32181 Copied", DISABLED),
    row("disabled", &["customer"], "close 32181 -m Copied", DISABLED),
    row("disabled", &["customer"], "create 31204551 Blank", DISABLED),
    row("opted-out", &["customer"], BILL, SILENT),
    row("opted-out", &["customer"], "comment 32181 Copied", SILENT),
    row("opted-out", &["ticket"], "comment 32181 Copied", "opt_out \"perhaps\""),
    row("opted-out", &["customer"], "close 32181 -m Copied", SILENT),
    row("opted-out", &["customer"], "create 31204551 Blank --description Copied", SILENT),
    row("opted-out", &["customer"], "invoice email 67409", SILENT),
    row("opted-out", &["customer"], "api POST invoices/1652300002/publish", SILENT),
    row(
        "opted-out",
        &["customer"],
        "appointment add 32181 --start 2027-03-17~10:00 --mail",
        SILENT,
    ),
    row("open-work", &["customer"], "customer disable mossgate", "open"),
    row("open-work", &["invoices"], "customer disable mossgate", "and 1 unpaid invoice"),
    row(
        "invoiced-line",
        &["ticket"],
        "line update 32178 2964400001 --price 95 --taxable false",
        CONVERTED,
    ),
    row("invoiced-line", &["ticket"], "line remove 32178 2964400001", CONVERTED),
    row("same-line", &["ticket"], "line add 32178 --labor travel", "the same line item"),
];

/// What has happened before.
fn before(row: &Row, env: &TestEnv) {
    if row.typed.ends_with("/publish") {
        env.account().write("POST", "/invoices/1652300002/convert_to_draft", &json!({}));
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "syncro {}: --{} of {:?}", self.typed, self.guard, self.unclear)
    }
}

#[test]
fn a_guard_asks_about_a_flag_that_says_nothing() {
    many("unreadable flags", ROWS, |row, problems| {
        let faults = row.unclear.iter().map(|which| format!("{which}@*=spelled:unclear-flags"));
        let setup = Setup { faults: faults.collect(), ..Setup::default() };
        let env = TestEnv::prepared(setup, |env| before(row, env)).0;
        let words = row.typed.split(' ').map(|word| word.replace('~', " ")).collect::<Vec<_>>();
        let typed: Vec<&str> = words.iter().map(String::as_str).chain(["--yes"]).collect();
        let sent = env.writes().len();
        let ran = env.run(&typed);
        let guards = ROWS.iter().map(|row| row.guard).chain(["zero"]);
        let guards: Vec<String> = guards.map(|guard| format!("--{guard}")).collect();
        let words = ran.stderr.split_whitespace().map(str::to_owned);
        let named: BTreeSet<String> = words.filter(|word| guards.contains(word)).collect();
        let flag = format!("--{}", row.guard);
        let right = ran.code == 5 && named.contains(&flag) && ran.stderr.contains(row.raw);
        problems.unless(right && env.writes().len() == sent, || format!("refused: {ran}"));
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        let ran = env.run(&[&typed[..], &named].concat());
        problems.unless(env.writes().len() > sent, || format!("passes: {ran}"));
    });
}

#[test]
fn a_preview_shows_the_flag_as_it_came() {
    let env = TestEnv::with(&["invoice@*=spelled:unclear-flags"]);
    let ran = env.run(&["invoice", "email", "67410", "--dry-run"]);
    assert!(ran.ends(0).stdout.contains("$244.87, is_paid \"perhaps\""), "{ran}");
    let env = TestEnv::with(&["customer@*=spelled:unclear-flags"]);
    let ran = env.run(&["comment", "32181", "Copied", "--dry-run"]);
    let says =
        "public; imelda@quillfeather.example may have opted out of email (no_email \"perhaps\")";
    assert!(ran.ends(0).stdout.contains(says), "{ran}");
}

/// Nothing else keeps it from being lost.
#[test]
fn an_invoice_that_may_be_paid_is_not_deleted() {
    let env = TestEnv::with(&["invoice@*=spelled:unclear-flags"]);
    env.run(&["invoice", "delete", "67409", "--yes", "--keep-status"])
        .ends(5)
        .says("is_paid \"perhaps\"");
    assert_eq!(env.writes().len(), 0);
}
