//! Cells of lists as scripts read and name them: values, not words; members of the API, or the titles above them.

use syncro::render::lists::LISTS;

use crate::forms::{ALL, refused, shape, with};
use crate::support::{Both, TestEnv};

/// Lists with the columns that only further flags, or no ticket, give them.
const MORE: [(&[&str], &str); 5] = [
    (&["report", "ar", "--invoices"], ".rows"),
    (
        &["report", "time", "--since", "2026-03-10", "--until", "2026-03-10", "--by", "ticket"],
        ".rows",
    ),
    (&["timer", "list"], "."),
    (&["customers", "a", "--details"], "."),
    (&["tickets", "--details", "--limit", "5"], "."),
];

/// The columns that are numbers: ids, quantities, amounts, hours, and lengths in minutes.
const NUMBERS: [&str; 56] = [
    "id",
    "number",
    "total",
    "price_retail",
    "price_cost",
    "payment_amount",
    "quantity",
    "amount",
    "length",
    "open_tickets_count",
    "prepay_hours",
    "ticket.number",
    "customer_id",
    "hours",
    "hours_unmarked",
    "hours_running",
    "lines",
    "current",
    "d1_30",
    "d31_60",
    "d61_90",
    "over_90",
    "open",
    "invoice",
    "days",
    "left",
    "waiting",
    "after",
    "burned_30",
    "burned_90",
    "bought_90",
    "weeks",
    "quiet_hours",
    "schedule_id",
    "subtotal",
    "fixed",
    "counted",
    "asset_id",
    "contact",
    "missing",
    "failed",
    "critical",
    "security",
    "rejected",
    "count",
    "repeats",
    "orphans",
    "user_id",
    "logged",
    "charged",
    "invoiced",
    "not_billable",
    "running",
    "lines_without_entry",
    "clocked",
    "utilisation",
];

/// The columns that are days or moments.
const TIMES: [&str; 20] = [
    "created_at",
    "updated_at",
    "due_date",
    "date",
    "start_at",
    "start_time",
    "applied_at",
    "oldest",
    "since",
    "next_run",
    "oldest_due",
    "last_payment",
    "due",
    "customer_last",
    "we_last",
    "any_last",
    "seen",
    "first",
    "last",
    "day",
];

/// The columns that are amounts.
const AMOUNTS: [&str; 7] =
    ["total", "price_retail", "price_cost", "payment_amount", "amount", "over_90", "open"];

/// Whether a cell has the form that `syncro help json` documents: an amount with its cents, a moment with the offset of
/// the configured zone.
fn is_in_form(name: &str, value: &str) -> bool {
    let has_cents = || value.rsplit_once('.').is_some_and(|(_, cents)| cents.len() == 2);
    let has_offset = || value.ends_with("-05:00") || value.ends_with("-06:00");
    let is_moment = value.contains('T') || name.ends_with("_time");
    (!AMOUNTS.contains(&name) || has_cents()) && (!is_moment || value.is_empty() || has_offset())
}

/// The columns that are words.
const WORDS: [&str; 59] = [
    "key",
    "value",
    "source",
    "default",
    "status",
    "customer_business_then_name",
    "subject",
    "contact_fullname",
    "last_comment",
    "user.full_name",
    "priority",
    "name",
    "business_then_name",
    "phone",
    "email",
    "properties.title",
    "asset_type",
    "asset_serial",
    "customer.business_then_name",
    "kb",
    "title",
    "category",
    "failure_reason",
    "taxable",
    "converted",
    "state",
    "technician",
    "product",
    "notes",
    "success",
    "payment_method",
    "ref_num",
    "summary",
    "customer",
    "code",
    "level",
    "takes",
    "at_least",
    "schedule",
    "mend",
    "flag",
    "ball",
    "sla_breached",
    "finding",
    "frequency",
    "paused",
    "check",
    "report",
    "asset",
    "type",
    "serial",
    "kind",
    "names",
    "ids",
    "because",
    "shared",
    "description",
    "looked_at",
    "user",
];

/// A cell for scripts is a value: no currency, no number sign, no unit, and no day of the week.
#[test]
fn a_cell_for_scripts_is_a_value() {
    let (both, mut seen) = (Both::new(), 0);
    for (args, _) in ALL.into_iter().chain(MORE).filter(|(args, _)| args[0] != "api") {
        let env = both.of(args);
        let read = |form| env.run(&with(args, &[form])).ends(0).stdout.clone();
        let (mut csv, mut tsv) = (read("--csv"), read("--tsv"));
        // What runs may be a second longer in the second of them.
        for _ in 0..10 {
            let again = read("--csv");
            if again == csv {
                break;
            }
            (csv, tsv) = (again, read("--tsv"));
        }
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let names = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        for (row, tabs) in rows.iter().zip(tsv.lines().skip(1)) {
            let tabs: Vec<&str> = tabs.split('\t').collect();
            for (at, (name, value)) in names.iter().zip(row).enumerate() {
                let is_number =
                    NUMBERS.contains(&name) || name == "ticket" && !value.starts_with("id:");
                let is_time = TIMES.contains(&name);
                let others = ["assignee", "product_category", "disabled", "ticket"];
                let is_word = WORDS.contains(&name) || others.contains(&name);
                assert!(is_number || is_time || is_word, "{args:?}: {name} is of no kind");
                if value.is_empty() || is_word && !is_number {
                    continue;
                }
                seen += 1;
                assert_eq!(tabs[at], value, "{args:?}: {name}");
                let is_read = match is_number {
                    true => value.parse::<rust_decimal::Decimal>().is_ok(),
                    false => {
                        value.parse::<jiff::Timestamp>().is_ok()
                            || value.parse::<jiff::civil::Date>().is_ok() && value.len() == 10
                    }
                };
                // How many alerts are open is no amount.
                let is_count = args.ends_with(&["alerts"]) && value.parse::<usize>().is_ok();
                let is_formed = is_in_form(name, value) || name == "open" && is_count;
                assert!(is_read && is_formed, "{args:?}: {name}: {value}");
            }
        }
    }
    assert!(seen > 300, "{seen}");
    // Members beside the list's own columns have the same form, in a table too.
    let others = "subtotal,tax,created_at,updated_at";
    for (form, apart) in [(&["--csv"][..], ','), (&["--tsv"], '\t'), (&[], ' ')] {
        let asked = ["invoice", "list", "--columns", others];
        let ran = both.of(&asked).run(&[&asked[..], form].concat());
        let words = ran.ends(0).stdout.split([apart, '\n', '\r']).map(str::trim);
        let values: Vec<&str> = words.filter(|word| word.starts_with(char::is_numeric)).collect();
        let (moments, amounts): (Vec<&str>, Vec<&str>) =
            values.iter().partition(|value| value.contains('T'));
        assert!(moments.len() > 5 && amounts.len() > 5, "{ran}");
        assert!(moments.iter().all(|value| is_in_form("created_at", value)), "{ran}");
        assert!(amounts.iter().all(|value| is_in_form("total", value)), "{ran}");
    }
    // A day is written as its midnight, which is the day before in this zone.
    let env = both.of(&["invoice", "list"]);
    let invoices = env.run(&["invoice", "list", "--json"]).ends(0).json().unwrap();
    let days = env.run(&["invoice", "list", "--csv", "--columns", "date,due_date"]);
    let written: Vec<String> = days.ends(0).stdout.lines().skip(1).map(str::to_owned).collect();
    let day = |invoice: &serde_json::Value, name: &str| {
        invoice[name].as_str().map_or(String::new(), |day| day[..10].to_owned())
    };
    let is_day = |one: &serde_json::Value| one.to_string().matches("T00:00:00.000Z").count() == 2;
    let mut compared = 0;
    for (one, written) in invoices.as_array().unwrap().iter().zip(&written) {
        if is_day(&serde_json::json!([one["date"], one["due_date"]])) {
            compared += 1;
            assert_eq!(*written, format!("{},{}", day(one, "date"), day(one, "due_date")));
        }
    }
    assert!(compared > 20, "{days}");

    // What is open of an unpaid invoice is a value too; nothing is of a credit.
    let args = ["invoice", "list", "--unpaid", "--csv", "--columns", "state,open"];
    let opens = both.of(&args).run(&args);
    let of = |state: &str| {
        let rows = opens.stdout.lines().filter_map(|row| row.trim_end().strip_prefix(state));
        rows.filter(|open| open.ends_with(".00") || open.ends_with(".50")).count()
    };
    assert!(of("overdue,") > 2 && !opens.stdout.contains('-'), "{opens}");

    let args = ["line", "list", "32178", "--csv", "--columns", "amount"];
    let lines = both.of(&args).run(&args);
    assert_eq!(lines.ends(0).stdout, "amount\r\n45.00\r\n89.50\r\n");
}

/// A column is known by the title above it, too, however it is written.
#[test]
fn a_column_is_named_by_its_title_too() {
    let env = TestEnv::new();
    let named = |args: &[&str], typed: &str| {
        let ran = env.run(&[args, &["--csv", "--columns", typed]].concat());
        ran.ends(0).stdout.lines().next().unwrap().to_owned()
    };
    let invoices = ["invoice", "list"];
    for due in ["Due", "due", "due-date", "Due date", "DUE_DATE", "due_date"] {
        assert_eq!(named(&invoices, &format!("Number,{due}")), "number,due_date", "{due}");
    }
    assert_eq!(named(&["payment", "list"], "id,Date,amount"), "id,applied_at,payment_amount");
    assert_eq!(named(&["customers", "a", "--details"], "open-tickets"), "open_tickets_count");
    let payers = "customer.business_then_name,payment_amount";
    assert_eq!(named(&["payment", "list"], "customer,amount"), payers);
    // A member of that very name comes first.
    assert_eq!(named(&invoices, "total,subtotal,tax"), "total,subtotal,tax");
    for list in LISTS.iter().filter(|list| !list.columns.is_empty()) {
        let found = ALL.iter().find(|(args, _)| shape(args).command == list.command).unwrap();
        let wrong = env.run(&with(found.0, &["--columns", "zzz"]));
        refused(&wrong, &format!("columns of this list: {}\n", list.names().join(", ")));
        for (name, key) in list.names().iter().zip(list.keys()) {
            let title = name.split(['(', ')']).nth(1).unwrap_or(name);
            assert_eq!(list.meant(&[title.to_uppercase()], &[]), [key], "{name}");
        }
    }
}
