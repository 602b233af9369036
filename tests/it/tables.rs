//! Lists at the widths of terminals: what is cut is free text, never a date, an id, a number or an amount.

mod shown;

use std::collections::BTreeSet;

use syncro::render::lists::LISTS;
use unicode_width::UnicodeWidthStr as _;

use crate::support::{Both, Ran, TestEnv};
use shown::SHOWN;

/// Every list, and each page with a table on it; with the member that rows are known by, where they are records.
const TABLES: [(&[&str], Option<&str>); 44] = [
    (&["tickets"], Some("number")),
    (&["tickets", "--status", "all", "--all"], Some("number")),
    (&["tickets", "--details"], Some("number")),
    (&["search", "printer"], Some("number")),
    (&["customers", "a"], Some("id")),
    (&["customers", "a", "--details"], Some("id")),
    (&["contact", "list"], Some("id")),
    (&["contact", "list", "--customer", "31204551"], Some("id")),
    (&["asset", "list"], Some("id")),
    (&["product", "list"], Some("id")),
    // What a narrow terminal shows of each: the command with the number of the customer or the invoice.
    (&["report", "alerts"], Some("mend")),
    (&["report", "ar"], Some("mend")),
    (&["report", "close", "--month", "2026-03"], Some("check")),
    (&["report", "assets"], Some("mend")),
    (&["report", "duplicates"], Some("mend")),
    (&["report", "patches"], Some("mend")),
    (&["report", "prepaid"], Some("customer_id")),
    (&["report", "recurring"], Some("mend")),
    (&["report", "stale", "--customer", "31204655"], Some("ticket")),
    (&["report", "time", "--since", "2026-03-10", "--until", "2026-03-10"], Some("day")),
    (&["today", "--by", "ticket"], Some("ticket")),
    (&["report", "ar", "--invoices"], Some("invoice")),
    (&["report", "drift", "--since", "2026-01-01"], Some("ticket")),
    (&["report", "uninvoiced", "--since", "2026-01-01", "--customer", "31204655"], Some("ticket")),
    (&["unbilled", "--since", "2026-01-01", "--customer", "31204655"], Some("ticket")),
    (&["config", "list"], Some("key")),
    (&["invoice", "list"], Some("number")),
    (&["invoice", "list", "--overdue", "--sort", "total"], Some("number")),
    (&["invoice", "list", "--all"], Some("number")),
    (&["payment", "list", "--all"], Some("id")),
    (&["tickets", "--overdue", "--sort", "due"], Some("number")),
    (&["payment", "list"], Some("id")),
    (&["appointment", "list", "--date", "2026-03-01..2026-12-31"], Some("id")),
    (&["timer", "list"], Some("id")),
    (&["timer", "list", "32175"], Some("id")),
    (&["line", "list", "32178"], Some("id")),
    (&["tickets", "--columns", "number,subject,created_at,user.full_name"], Some("number")),
    (&["invoice", "list", "--columns", "number,total,subtotal,due_date"], Some("number")),
    (&["api", "GET", "payments", "--columns", "id,payment_amount,applied_at"], None),
    (&["asset", "patches", "12390699"], None),
    (&["ticket", "32178"], None),
    (&["invoice", "show", "67410"], None),
    (&["customer", "show", "31204551"], None),
    (&["doctor"], None),
];

/// The commands that print a list: those whose columns can be named.
pub(crate) fn lists() -> Vec<String> {
    fn below(command: &clap::Command, typed: &str, all: &mut Vec<String>) {
        let is_columns = |arg: &clap::Arg| arg.get_id() == "columns" && !arg.is_hide_set();
        if command.get_arguments().any(is_columns) {
            all.push(typed.to_owned());
        }
        for sub in command.get_subcommands() {
            below(sub, format!("{typed} {}", sub.get_name()).trim(), all);
        }
    }
    let mut command = syncro::cli::command();
    command.build();
    let mut all = Vec::new();
    below(&command, "", &mut all);
    all
}

#[test]
fn no_list_is_forgotten() {
    let lists = lists();
    assert!(lists.len() > 10, "{lists:?}");
    for list in &lists {
        let words: Vec<&str> = list.split(' ').collect();
        let has = TABLES.iter().any(|(args, _)| args.starts_with(&words));
        assert!(has, "`syncro {list}` is shown at no width");
    }
    let mut shapes: Vec<&str> = LISTS.iter().map(|list| list.command).collect();
    let mut lists: Vec<&str> = lists.iter().map(String::as_str).collect();
    shapes.sort_unstable();
    lists.sort_unstable();
    assert_eq!(lists, shapes, "lists with flags for columns, and lists with columns");
}

/// A date, an id, a number or an amount, or what is left of one.
fn is_fact(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || "#$,.:-".contains(c))
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split_whitespace().collect()
}

/// What rows are known by: as `--json` has it.
fn keys(ran: &Ran, member: &str) -> Vec<String> {
    let json = ran.ends(0).json().unwrap();
    // A report is an object with its rows.
    let rows = json.as_array().or_else(|| json["rows"].as_array()).unwrap();
    rows.iter().map(|row| row[member].to_string().trim_matches('"').to_owned()).collect()
}

#[track_caller]
fn nothing_that_counts_is_cut(width: usize) {
    let both = Both::new();
    for (args, key) in TABLES {
        let env = both.of(args);
        let whole = env.run(args);
        // A list without rows would prove nothing.
        assert!(whole.ends(0).stdout.lines().count() > 2, "{whole}");
        let whole = words(&whole.stdout);
        // Notes and progress are no tables.
        let mut quiet = args.to_vec();
        quiet.push("--quiet");
        let (code, shown) = env.terminal_of(width, &quiet).end();
        assert_eq!(code, 0, "{shown}");
        for line in shown.lines() {
            assert!(line.width() <= width, "{width}, {args:?}: {line}");
        }
        let mut asked = args.to_vec();
        asked.retain(|arg| !arg.starts_with("--columns") && !arg.contains(','));
        asked.push("--json");
        let keys = key.map(|key| keys(&env.run(&asked), key)).unwrap_or_default();
        // The count and the sums below a list are a terminal's own.
        let shown = match key {
            Some(_) => shown.split_once(&format!("\n{} ", keys.len())).unwrap().0,
            None => &shown,
        };
        for word in words(shown) {
            // Of a date, the last word that is cut has three figures at least.
            let cut = word.strip_suffix('…').filter(|cut| cut.len() > 2);
            assert!(!cut.is_some_and(is_fact), "{width}, {args:?}: {word} in {shown}");
            // Ages are shorter, and a terminal's own.
            let fact = is_fact(word) && word.len() > 5;
            assert!(!fact || whole.contains(word), "{width}, {args:?}: {word} in {shown}");
        }
        assert!(key.is_none() || !keys.is_empty(), "{args:?}");
        // A command goes on in the next line.
        let joined = shown.replace(" \\\n", " ");
        let joined = joined.split_whitespace().collect::<Vec<_>>().join(" ");
        let there = words(&joined);
        for key in keys {
            let numbered = format!("#{key}");
            let is_there = |key: &str| match key.contains(' ') {
                true => joined.contains(key),
                false => there.contains(key),
            };
            let known = is_there(&key) || is_there(&numbered);
            assert!(known, "{width}, {args:?}: no {key} in {shown}");
        }
    }
}

#[test]
fn at_50_columns_nothing_that_counts_is_cut() {
    nothing_that_counts_is_cut(50);
}

#[test]
fn at_80_columns_nothing_that_counts_is_cut() {
    nothing_that_counts_is_cut(80);
}

#[test]
fn at_120_columns_nothing_that_counts_is_cut() {
    nothing_that_counts_is_cut(120);
}

#[test]
fn at_200_columns_nothing_that_counts_is_cut() {
    nothing_that_counts_is_cut(200);
}

#[test]
fn in_a_pipe_columns_are_fixed_and_nothing_is_cut() {
    let both = Both::new();
    // `doctor` counts the requests of each run.
    for (args, _) in TABLES.into_iter().filter(|(args, _)| args[0] != "doctor") {
        let env = both.of(args);
        let narrow = env.run_with(args, &[("COLUMNS", "50")]);
        let wide = env.run_with(args, &[("COLUMNS", "200")]);
        assert_eq!(narrow.ends(0).stdout, wide.stdout, "{args:?}");
    }
    let env = TestEnv::new();
    let all = env.run(&["tickets", "--status", "all", "--all"]);
    let one = env.run(&["tickets", "--limit", "1"]);
    assert!(!all.stdout.contains('…'), "{all}");
    let line = one.ends(0).stdout.lines().nth(1).unwrap();
    assert!(line.contains("  20") && !line.contains("due "), "{one}");
}

/// The widths of terminals.
const WIDTHS: [usize; 5] = [50, 80, 100, 120, 200];

/// What a text gives way to before a further column is left out.
const GIVES_WAY: [(&str, usize); 12] = [
    ("Subject", 24),
    ("Title", 12),
    ("Last comment", 24),
    ("Summary", 24),
    ("Item", 24),
    ("Notes", 24),
    ("Email", 24),
    ("Customer", 12),
    ("Contact", 12),
    ("Technician", 12),
    ("Product", 12),
    ("Name", 12),
];

/// What a list has beyond what it is about: shown while its texts can still be read.
const FURTHER: [&str; 15] = [
    "Priority",
    "Created",
    "Assignee",
    "Due",
    "Updated",
    "Contact",
    "Last comment",
    "Title",
    "Category",
    "Date",
    "Method",
    "Reference",
    "Cost",
    "Product",
    "Notes",
];

/// The titles of a table, each with the column in which it begins.
fn titles(table: &str) -> Vec<(&str, usize)> {
    let head = table.lines().next().unwrap();
    let words = head.split("  ").map(str::trim).filter(|title| !title.is_empty());
    let mut from = 0;
    let mut found = Vec::new();
    for title in words {
        let at = from + head[from..].find(title).unwrap();
        found.push((title, head[..at].width()));
        from = at + title.len();
    }
    found
}

/// The texts of a table that are cut, in the column that begins at `start`.
fn cut_at(table: &str, start: usize) -> Vec<String> {
    let cell = |line: &str| {
        let mut at = 0;
        let rest = line.chars().skip_while(|letter| {
            let before = at < start;
            at += letter.to_string().width();
            before
        });
        let rest: String = rest.collect();
        rest.split("  ").next().unwrap_or_default().to_owned()
    };
    table.lines().skip(1).map(cell).filter(|cell| cell.ends_with('…')).collect()
}

#[test]
fn texts_give_way_before_a_column_is_left_out() {
    let both = Both::new();
    let mut commands: Vec<String> = lists();
    commands.retain(|list| {
        list != "api" && !SHOWN.iter().any(|(args, _)| args.join(" ").starts_with(list))
    });
    assert!(commands.is_empty(), "{commands:?}");
    let mut wrong = Vec::new();
    for (args, all) in SHOWN {
        for (width, shown) in WIDTHS.into_iter().zip(all) {
            let quiet = [args, &["--quiet"]].concat();
            let env = both.of(args);
            let (code, table) = env.terminal_of(width, &quiet).end();
            assert_eq!(code, 0, "{table}");
            // A line below its row is no cell.
            let has_lines_below = ["tickets", "time"].iter().any(|list| args.contains(list));
            let is_below = |line: &str| has_lines_below && line.starts_with("  ");
            let lines: Vec<&str> = table.lines().filter(|line| !is_below(line)).collect();
            let table = lines.join("\n");
            let titles = titles(&table);
            let names: Vec<&str> = titles.iter().map(|(title, _)| *title).collect();
            if names.join("|") != shown {
                wrong.push(format!("{args:?} {width}: {}", names.join("|")));
            }
            if !names.iter().any(|title| FURTHER.contains(title)) {
                continue;
            }
            for (title, start) in titles {
                let Some((_, least)) = GIVES_WAY.iter().find(|(text, _)| *text == title) else {
                    continue;
                };
                for cut in cut_at(&table, start) {
                    // A letter of two columns may not fit into the last one.
                    assert!(cut.width() + 1 >= *least, "{width}, {args:?}: {cut} in {table}");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Priority and age are there at 80 columns, and so is enough of the subject to know what it is about.
#[test]
fn at_80_columns_a_subject_can_be_read() {
    let env = TestEnv::new();
    // Notes and progress are no tables.
    let (_, shown) = env.terminal_of(80, &["tickets", "--quiet"]).end();
    let subject = titles(&shown).into_iter().find(|(title, _)| *title == "Subject").unwrap();
    let cut = cut_at(&shown, subject.1);
    assert!(cut.len() > 3 && cut.iter().all(|cut| cut.width() >= 22), "{shown}");
    assert!(cut.iter().any(|cut| cut.width() >= 24), "{shown}");
    let (_, products) = env.terminal_of(50, &["product", "list", "labor"]).end();
    assert!(!products.contains('…') && products.contains("Labor - Emergency"), "{products}");
}

/// The title of what a list is sorted by, for each list that can be sorted and each of its fields.
const SORTED: [(&str, &str, &str); 17] = [
    ("tickets", "number", "Number"),
    ("tickets", "created", "Created"),
    ("tickets", "updated", "Updated"),
    ("tickets", "due", "Due"),
    ("tickets", "priority", "Priority"),
    ("tickets", "status", "Status"),
    ("tickets", "customer", "Customer"),
    ("tickets", "assignee", "Assignee"),
    ("invoice list", "number", "Number"),
    ("invoice list", "date", "Date"),
    ("invoice list", "due", "Due"),
    ("invoice list", "total", "Total"),
    ("invoice list", "customer", "Customer"),
    ("payment list", "date", "Date"),
    ("payment list", "amount", "Amount"),
    ("payment list", "method", "Method"),
    ("payment list", "customer", "Customer"),
];

#[test]
fn what_a_list_is_sorted_by_is_shown() {
    let program = syncro::cli::command();
    for list in LISTS {
        let mut words = list.command.split(' ');
        let command = words.try_fold(&program, |command, word| command.find_subcommand(word));
        let sort = command.unwrap().get_arguments().find(|arg| arg.get_id() == "sort");
        let fields = sort.map(clap::Arg::get_possible_values).unwrap_or_default();
        let fields: Vec<&str> = fields.iter().map(clap::builder::PossibleValue::get_name).collect();
        let shown = SORTED.iter().filter(|(command, ..)| *command == list.command);
        assert_eq!(fields, shown.map(|(_, field, _)| *field).collect::<Vec<_>>());
    }
    let env = TestEnv::new();
    for (command, field, title) in SORTED {
        let mut args: Vec<&str> = command.split(' ').collect();
        args.extend(["--sort", field]);
        let (code, shown) = env.terminal_of(50, &args).end();
        assert_eq!(code, 0, "{shown}");
        let titles: Vec<&str> = shown.lines().next().unwrap().split_whitespace().collect();
        assert!(titles.contains(&title), "{args:?}: {shown}");
        let csv = env.run(&[&args[..], &["--csv"]].concat());
        let columns = csv.ends(0).stdout.lines().next().unwrap().split(',').count();
        let usual = env.run(&[&args[..args.len() - 2], &["--csv"]].concat());
        let usual = usual.ends(0).stdout.lines().next().unwrap().split(',').count();
        assert_eq!(columns, usual + usize::from(field == "updated"), "{args:?}");
    }
    // It stands where it does in the list's order.
    let ran = env.run(&["tickets", "--updated", "--since", "2026-01-01", "--csv"]);
    let names = ran.ends(0).stdout.lines().next().unwrap();
    assert!(names.starts_with("number,status,customer_business_then_name,subject,updated_at,"));
}
