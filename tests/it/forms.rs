//! Lists as scripts read them: `--json`, `--jq`, `--csv`, `--tsv` and `--columns`, on every list there is.

use serde_json::{Value, json};
use syncro::render::list::{Shape, at};
use syncro::render::lists::{LISTS, of_command};

use crate::support::{Account, Asked, Both, Deaf, Ran, TILL, TestEnv};

/// Every list, as it is asked for, and where its rows are in its JSON.
pub(crate) const ALL: [(&[&str], &str); 32] = [
    (&["tickets", "--limit", "12"], "."),
    (&["tickets", "--limit", "12", "--details"], "."),
    (&["search", "printer"], "."),
    (&["customers", "a"], "."),
    (&["customers", "quill", "--details"], "."),
    (&["contact", "list"], "."),
    (&["contact", "list", "--customer", "31204551"], "."),
    (&["asset", "list"], "."),
    (&["asset", "patches", "12390699"], "."),
    (&["line", "list", "32178"], "."),
    (&["timer", "list", "32175"], "."),
    (&["invoice", "list"], "."),
    (&["payment", "list"], "."),
    (&["appointment", "list", "--date", "2026-03-01..2026-12-31"], "."),
    (&["product", "list"], "."),
    (&["report", "alerts"], ".rows"),
    (&["report", "ar"], ".rows"),
    (&["report", "ar", "--invoices"], ".rows"),
    (&["report", "close", "--month", "2026-03"], ".rows"),
    (&["report", "assets"], ".rows"),
    (&["report", "duplicates"], ".rows"),
    (&["report", "patches"], ".rows"),
    (&["report", "prepaid"], ".rows"),
    (&["report", "recurring"], ".rows"),
    (&["report", "stale", "--customer", "31204655"], ".rows"),
    (&["report", "time", "--since", "2026-03-10", "--until", "2026-03-10"], ".rows"),
    (&["today"], ".rows"),
    (&["report", "drift", "--since", "2026-01-01"], ".rows"),
    (&["report", "uninvoiced", "--since", "2026-01-01", "--customer", "31204655"], ".rows"),
    (&["unbilled", "--since", "2026-01-01", "--customer", "31204655"], ".rows"),
    (&["config", "list"], "."),
    (&["api", "GET", "products"], ".products"),
];

pub(crate) fn shape(args: &[&str]) -> &'static Shape {
    let named = of_command(&args[..args.len().min(2)].join(" "));
    named.or_else(|| of_command(args[0])).unwrap()
}

pub(crate) fn with(args: &[&'static str], more: &[&'static str]) -> Vec<&'static str> {
    [args, more].concat()
}

fn rows(env: &TestEnv, args: &[&'static str], place: &str) -> Vec<Value> {
    let printed = env.run(&with(args, &["--json"])).ends(0).json().unwrap();
    let rows = if place == "." { &printed } else { &printed[&place[1..]] };
    let rows = rows.as_array().unwrap();
    assert!(!rows.is_empty(), "{args:?}");
    rows.clone()
}

/// A value as a cell has it, but for what is kept from terminals.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

/// Whether a cell shows a value: as it is, or as the same number or moment.
fn shows(shown: &str, value: &str) -> bool {
    let number = |text: &str| text.parse::<rust_decimal::Decimal>().ok();
    let moment = |text: &str| text.parse::<jiff::Timestamp>().ok();
    shown == value
        || number(value).is_some_and(|is| number(shown) == Some(is))
        || moment(value).is_some_and(|is| moment(shown) == Some(is))
        // A day is written as its midnight.
        || value.strip_prefix(shown).is_some_and(|rest| rest == "T00:00:00.000Z")
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic() || c == ' ') && !text.contains("portal")
}

#[test]
fn no_list_is_forgotten() {
    for list in LISTS {
        assert!(
            ALL.iter().any(|(args, _)| shape(args).command == list.command),
            "{}",
            list.command
        );
        let mut keys = list.keys();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), list.columns.len(), "{}: two columns of one name", list.command);
    }
}

#[test]
fn every_list_is_a_csv_that_a_strict_reader_takes() {
    let both = Both::new();
    for (args, place) in ALL {
        let env = both.of(args);
        let rows = rows(env, args, place);
        let ran = env.run(&with(args, &["--csv"]));
        let text = &ran.ends(0).stdout;
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert!(names.len() > 3, "{args:?}: {names:?}");
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), rows.len(), "{args:?}");
        assert!(text.ends_with("\r\n"), "{args:?}");
        // Written again by the book, it is the same: no quote is missing or too much.
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(&names).unwrap();
        records.iter().for_each(|record| writer.write_record(record).unwrap());
        let again = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        assert_eq!(*text, again, "{args:?}");
        assert_eq!(text.matches("\r\n").count(), rows.len() + 1, "{args:?}");
        let mut compared = 0;
        for (record, row) in records.iter().zip(&rows) {
            for (name, shown) in names.iter().zip(record) {
                let value = match at(row, name) {
                    // The names of the sums that a report does not know whole, of those that are alike, and what it says of a row.
                    Some(Value::Array(names))
                        if ["at_least", "names", "ids", "shared", "notes"].contains(&&**name) =>
                    {
                        let names = names.iter().map(|name| cell(Some(name)));
                        names.collect::<Vec<_>>().join(", ")
                    }
                    value => cell(value),
                };
                let is_number = serde_json::from_str::<serde_json::Number>(&value).is_ok();
                if at(row, name).is_some() && is_plain(&value) {
                    compared += 1;
                    let guarded = format!("'{value}");
                    assert!(
                        shows(shown, &value) || shown == guarded && !is_number,
                        "{name}: {shown}"
                    );
                }
                let is_formula = shown.starts_with(['=', '+', '-', '@', '\t', '\r']);
                assert!(!is_formula || is_number, "{args:?}: {name}: {shown}");
            }
        }
        assert!(compared > rows.len(), "{args:?}: nothing was compared");
    }
}

#[test]
fn every_list_has_cells_apart_by_tabs() {
    let both = Both::new();
    for (args, place) in ALL {
        let env = both.of(args);
        let rows = rows(env, args, place);
        let text = env.run(&with(args, &["--tsv"])).ends(0).stdout.clone();
        let tabs: Vec<usize> = text.lines().map(|line| line.matches('\t').count()).collect();
        assert_eq!(tabs.len(), rows.len() + 1, "{args:?}");
        assert!(tabs[0] >= 3 && tabs.iter().all(|count| *count == tabs[0]), "{args:?}: {text}");
    }
}

#[test]
fn every_list_shows_the_columns_that_are_named() {
    let both = Both::new();
    for (args, place) in ALL {
        let env = both.of(args);
        let rows = rows(env, args, place);
        let member = rows[0].as_object().unwrap().keys().next().unwrap();
        let inner = rows.iter().find_map(|row| {
            let objects = row.as_object().unwrap().iter();
            let first = |(name, value): (&String, &Value)| {
                let mut names = value.as_object()?.keys();
                Some(format!("{name}.{}", names.find(|name| !name.contains([' ', ',', '.']))?))
            };
            objects.filter_map(first).next()
        });
        let inner = inner.unwrap_or_else(|| member.clone());
        let named = format!("{member},{inner}");
        let chosen: Vec<&str> = [args, &["--columns", &named]].concat();
        let ran = env.run(&chosen);
        let mut lines = ran.ends(0).stdout.lines();
        let title = lines.next().unwrap();
        let titles: Vec<&str> = title.split_whitespace().collect();
        assert_eq!(titles, [member, &*inner], "{ran}");
        assert_eq!(lines.count(), rows.len(), "{ran}");
        let chosen: Vec<&str> = [&chosen[..], &["--csv"]].concat();
        let csv = env.run(&chosen);
        assert_eq!(csv.ends(0).stdout.lines().next(), Some(&*named));
        for (line, row) in csv.stdout.split_terminator("\r\n").skip(1).zip(&rows) {
            let (value, beside) = (cell(at(row, member)), cell(at(row, &inner)));
            let is_plain = is_plain(&value) && is_plain(&beside) && !beside.contains([',', '"']);
            let is_shown = line
                .split_once(',')
                .is_some_and(|(first, second)| shows(first, &value) && shows(second, &beside));
            assert!(!is_plain || is_shown, "{chosen:?}: {line}");
        }
        // A name that none has is a mistake, in every form.
        let named = format!("{member},{member}x,zzz.zzz");
        for form in [&[][..], &["--csv"], &["--tsv"]] {
            let wrong: Vec<&str> = [args, &["--columns", &named], form].concat();
            let ran = env.run(&wrong);
            refused(&ran, &format!("has {member}x or zzz.zzz\n"));
            ran.says(&format!("did you mean {member}?\n"));
        }
    }
}

/// Lists that say something of themselves as a whole below their rows.
const REMARKING: [&str; 3] = ["asset patches", "line list", "timer list"];

#[test]
fn every_list_in_a_pipe_is_titles_and_rows() {
    let both = Both::new();
    for (args, place) in ALL {
        let env = both.of(args);
        let shape = shape(args);
        let rows = rows(env, args, place);
        let ran = env.run(args);
        // `api` alone prints what came, as it came.
        if shape.command == "api" {
            assert_eq!(ran.ends(0).json().unwrap()[&place[1..]], json!(rows));
            continue;
        }
        let mut lines = ran.ends(0).stdout.lines();
        let titles = lines.next().unwrap();
        assert!(titles.split("  ").filter(|title| !title.is_empty()).count() > 2, "{titles}");
        let remarks = usize::from(REMARKING.contains(&shape.command));
        assert_eq!(lines.count(), rows.len() + remarks, "{ran}");
    }
}

#[cfg(unix)]
#[test]
fn every_list_in_a_pipe_has_the_titles_of_the_terminal() {
    let both = Both::new();
    for (args, _) in ALL.iter().filter(|(args, _)| shape(args).command != "api") {
        let env = both.of(args);
        let ran = env.run(args);
        let titles = ran.ends(0).stdout.lines().next().unwrap();
        // Notes and progress are no tables.
        let (code, shown) = env.terminal_of(300, &[*args, &["--quiet"]].concat()).end();
        assert_eq!(code, 0, "{shown}");
        let on_terminal = shown.lines().next().unwrap().split("  ");
        let on_terminal: Vec<&str> =
            on_terminal.map(str::trim).filter(|title| !title.is_empty()).collect();
        // What is empty everywhere has no room on a terminal.
        let missing = on_terminal.iter().filter(|title| !titles.contains(**title));
        assert!(on_terminal.len() > 2 && missing.count() == 0, "{titles}: {shown}");
    }
}

#[test]
fn every_list_can_be_filtered() {
    let both = Both::new();
    for (args, place) in ALL {
        let env = both.of(args);
        let rows = rows(env, args, place);
        let (length, each) = (format!("{place} | length"), format!("{place}[]"));
        let ran = env.run(&[args, &["--jq", &length]].concat());
        assert_eq!(ran.ends(0).stdout, format!("{}\n", rows.len()), "{args:?}");
        let ran = env.run(&[args, &["--jq", &each.replace("..", ".")]].concat());
        let lines: Vec<&str> = ran.ends(0).stdout.lines().collect();
        let printed: Vec<Value> =
            lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(printed, rows, "{args:?}");
    }
}

#[test]
fn a_string_is_printed_as_it_is() {
    let env = TestEnv::new();
    let ran = env.run(&["product", "list", "--jq", ".[0] | .name, {id}"]);
    let first = &env.run(&["product", "list", "--json"]).json().unwrap()[0];
    let expected = format!("{}\n{{\"id\":{}}}\n", first["name"].as_str().unwrap(), first["id"]);
    assert_eq!(ran.ends(0).stdout, expected);
}

pub(crate) fn refused(ran: &Ran, why: &str) {
    ran.ends(2).says(why);
    assert_eq!(ran.stdout, "");
}

#[test]
fn what_does_not_go_together_is_refused_before_any_request() {
    let env = TestEnv::new();
    for (args, why) in [
        (&["tickets", "--csv", "--json"][..], "--csv cannot be used with --json"),
        (&["--csv", "tickets", "--tsv"], "--csv cannot be used with --tsv"),
        (&["tickets", "--tsv", "--jq", "."], "--tsv cannot be used with --jq"),
        (&["--json", "--columns", "id", "product", "list"], "--columns cannot be used with --json"),
        (&["comment", "32181", "x", "--csv"], "`syncro comment` prints no list"),
        (&["--tsv", "invoice", "show", "67410"], "`syncro invoice show` prints no list"),
        (&["doctor", "--columns", "id"], "`syncro doctor` prints no list"),
        (&["api", "POST", "tickets", "--csv"], "work only with GET"),
        (&["invoice", "list", "--columns", " , "], "number, date, customer_business_then_name"),
        (&["tickets", "--jq", ".[] | nope"], "--jq: unknown filter `nope` at character 7"),
        (&["tickets", "--jq", ".["], "--jq: expected closing bracket at the end"),
        (&["comment", "32181", "x", "--yes", "--jq", "("], "--jq: expected"),
    ] {
        refused(&env.run(args), why);
    }
    assert_eq!(env.log().len(), 0);
    refused(&env.run(&["api", "GET", "me", "--csv"]), "the answer of /me is not a list");
}

#[test]
fn lists_alone_say_that_they_have_columns() {
    let env = TestEnv::new();
    for (args, is_list) in [
        (&["tickets", "--help"][..], true),
        (&["invoice", "list", "--help"], true),
        (&["api", "--help"], true),
        (&["bill", "--help"], false),
        (&["invoice", "show", "--help"], false),
        (&["--help"], false),
    ] {
        let ran = env.run(args);
        let help = &ran.ends(0).stdout;
        assert!(help.contains("--jq"), "{help}");
        for flag in ["--columns", "--csv", "--csv-bom", "--tsv"] {
            assert_eq!(help.contains(flag), is_list, "{args:?} {flag}: {help}");
        }
    }
}

#[test]
fn the_flags_may_stand_before_the_command() {
    let env = TestEnv::new();
    let after = env.run(&["tickets", "--limit", "2", "--csv", "--columns", "number"]);
    let before = env.run(&["--csv", "--columns", "number", "tickets", "--limit", "2"]);
    assert_eq!(after.ends(0).stdout, before.ends(0).stdout);
    let alone = env.run(&["--csv"]);
    assert!(alone.ends(0).stdout.starts_with("number,status,"), "{alone}");
    let bom = env.run(&["product", "list", "--csv-bom"]);
    assert!(bom.ends(0).stdout.starts_with("\u{feff}id,name,"), "{bom}");
}

fn odd_products(account: &Account, path: &str, _: &Asked) -> (u16, Value) {
    let mut answer = account.get(path);
    if let Some(products) = answer.get_mut("products").and_then(Value::as_array_mut) {
        products.truncate(2);
        products[0]["id"] = json!(9_007_199_254_740_993_u64);
        products[0]["name"] = json!("=HYPERLINK(\"http://x\")");
        products[1]["price_retail"] = json!("-60.00");
        products[1]["name"] = json!("Two\tlines\r\nof it");
        answer["meta"] = json!({"total_pages": 1, "page": 1, "total_entries": 2});
    }
    (200, answer)
}

#[tokio::test]
async fn digits_are_the_servers_and_no_text_is_a_formula() {
    let env = TestEnv::new();
    let deaf = Deaf::of(env.account(), odd_products).await;
    let pairs = [("SYNCRO_BASE_URL", &*deaf.base())];
    let run = |more: &[&str]| env.run_with(&[&["product", "list"], more].concat(), &pairs);
    let ran = run(&["--jq", ".[].id, map(.id) == [9007199254740993, .[1].id]"]);
    assert!(ran.ends(0).stdout.starts_with("9007199254740993\n"), "{ran}");
    assert!(ran.stdout.ends_with("true\n"), "{ran}");
    let ran = run(&["--csv", "--columns", "id,name,price_retail"]);
    let lines: Vec<&str> = ran.ends(0).stdout.split_terminator("\r\n").collect();
    assert_eq!(
        lines[1].rsplit_once(',').unwrap().0,
        "9007199254740993,\"'=HYPERLINK(\"\"http://x\"\")\""
    );
    assert!(lines[2].ends_with(",\"Two\tlines\nof it\",-60.00"), "{ran}");
    let ran = run(&["--tsv", "--columns", "name,price_retail"]);
    assert!(ran.ends(0).stdout.contains("\n'=HYPERLINK(\"http://x\")\t"), "{ran}");
    assert!(ran.ends(0).stdout.ends_with("Two lines of it\t-60.00\n"), "{ran}");
}

#[test]
fn a_filter_sees_no_key() {
    let env = TestEnv::new();
    for args in [&["whoami"][..], &["api", "GET", "me"]] {
        let ran = env.run(&[args, &["--jq", ".user_token"]].concat());
        assert_eq!(ran.ends(0).stdout, "null\n");
    }
    refused(&env.run(&["whoami", "--jq", "env"]), "unknown filter `env`");
    refused(&env.run(&["whoami", "--jq", "$ENV"]), "unknown variable `$ENV`");
}

#[test]
fn a_filter_that_fails_is_a_failure_of_a_read() {
    let env = TestEnv::new();
    let ran =
        env.run(&["tickets", "--limit", "2", "--jq", ".[0].number, (.[0].subject | tonumber)"]);
    ran.ends(1);
    assert_eq!(ran.stdout, "32181\n", "what came before is there");
    assert_eq!(ran.error()["kind"], "failure");
    // What ends by itself as an error is one, and a plain end is none.
    let ran = env.run(&["tickets", "--jq", ".[0].number | tostring | halt_error"]);
    assert!(ran.ends(1).says("32181").stdout.is_empty(), "{ran}");
    env.run(&["tickets", "--jq", "halt(3)"]).ends(1).says("halted with 3");
    assert_eq!(env.run(&["tickets", "--jq", "1, halt, 2"]).ends(0).stdout, "1\n");
    let rows = ".[:2][] | [.number, .subject] | @csv";
    let ran = env.run(&["tickets", "--limit", "2", "--jq", rows]);
    let first = ran.ends(0).stdout.lines().next().unwrap_or_default();
    assert_eq!(first, "32181,\"Till will not print gift receipts\"");
}

/// A filter that goes on without end, with or without calls of its own, ends at the first Ctrl-C.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_filter_at_once() {
    use std::time::{Duration, Instant};
    let env = TestEnv::new();
    for endless in ["[repeat(1)]", "reduce range(1e15) as $one (0; . + 1)"] {
        let running = env.spawn(&["tickets", "--limit", "2", "--jq", endless]);
        running.until_busy();
        let began = Instant::now();
        running.interrupt();
        let ran = running.wait();
        ran.ends(130).says("interrupted");
        assert_eq!(ran.stdout, "", "{ran}");
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }
    // What was written is not lost with it.
    let sent = env.log().len();
    let running = env.spawn(&["comment", "32181", "Parts", "--yes", "--jq", "[repeat(1)]"]);
    let is_written = || env.log().iter().skip(sent).any(|line| line.asked().starts_with("POST"));
    crate::support::until("it is written", is_written);
    running.until_busy();
    running.interrupt();
    let ran = running.wait();
    assert_eq!(ran.json().unwrap()["outcome"], "done", "{ran}");
}

/// It would use up the stack, which no program survives.
#[test]
fn a_filter_that_calls_itself_without_end_is_refused_with_words() {
    let env = TestEnv::new();
    let endless = "def f: 1 + f; f";
    let ran = env.run(&["tickets", "--limit", "2", "--jq", endless]);
    ran.ends(2).says("--jq: the filter calls itself without end");
    let ran = env.run(&["comment", "32181", "Parts are here", "--yes", "--jq", endless]);
    ran.ends(0).says("calls itself");
    assert_eq!(ran.json().unwrap()["outcome"], "done", "{ran}");
}

#[test]
fn a_filter_that_fails_changes_no_outcome_of_a_write() {
    let env = TestEnv::new();
    let ran = env.run(&["comment", "32181", "Parts are here", "--yes", "--jq", ".outcome | error"]);
    ran.ends(0).says("--jq: ");
    assert_eq!(ran.json().unwrap()["outcome"], "done", "what became of it is not lost: {ran}");
    assert_eq!(env.state(TILL).said("Parts are here"), 1);
    let plain = env.run(&["comment", "32181", "Still here", "--dry-run", "--jq", ".outcome"]);
    assert_eq!(plain.ends(0).stdout, "dry_run\n");
    let env = TestEnv::with(&["comment=422"]);
    let ran = env.run(&["comment", "32181", "Not at all", "--yes", "--jq", ".outcome"]);
    assert_eq!(ran.ends(5).stdout, "failed\n");
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_titles_a_count_and_totals() {
    let env = TestEnv::new();
    let (code, shown) = env.terminal_of(100, &["invoice", "list", "--limit", "3"]).end();
    assert_eq!(code, 0, "{shown}");
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].starts_with("Number  Date"), "{shown}");
    let foot = lines.last().unwrap();
    assert!(foot.starts_with("3 of ") && foot.contains(" in total, $"), "{shown}");
    assert!(foot.ends_with(" open; --all for the rest"), "{shown}");
    assert_eq!(lines.len(), 5, "{shown}");
    let (_, shown) = env.terminal_of(100, &["payment", "list", "--all"]).end();
    assert!(shown.lines().last().unwrap().contains(" received"), "{shown}");
    let (_, shown) = env.terminal_of(100, &["product", "list", "--all"]).end();
    assert!(shown.lines().last().unwrap().ends_with(" products"), "{shown}");
}
