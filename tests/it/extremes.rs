//! Numbers and times beyond all use: they are refused or understood, and nothing panics, neither the program nor the
//! practice server. The table walks the command line's own description, so that a new option is in it from its first
//! day.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::json;

use crate::options::{leaves, spelled};
use crate::support::{Account, Altered, Setup, TestEnv, many};

/// The value names of what is computed with.
const COMPUTED: [&str; 10] =
    ["TIME", "QUANTITY", "PRICE", "AMOUNT", "N", "DAY", "DAYS", "WHEN", "LIMIT", "ID"];

const EXTREMES: [&str; 14] = [
    "0",
    "-1",
    "7e28",
    "800000000000000000000000000",
    "79228162514264337593543950335",
    "-79228162514264337593543950335",
    "99999999999999999999999999999999999999",
    "18446744073709551615",
    "999999999.99",
    "0.0000000000000000000000000001",
    "9999h",
    "9999-12-31",
    "9999-12-31 23:59",
    "-9999-01-01",
];

/// Whole command lines to which each of their options can be added, or in which it can be replaced.
const WHOLE: [&[&str]; 40] = [
    &["tickets"],
    &["search", "till"],
    &["sync", "--only", "users,contacts"],
    &["customers", "quill"],
    &["bill", "32181", "--minutes", "30", "--labor", "remote", "-m", "x", "--large"],
    &["create", "31204551", "x", "--start", "tomorrow 9:00", "--past"],
    &["update", "32181"],
    &["move-appointment", "31204551"],
    &["line", "add", "32181", "--product", "17340023", "--large", "--zero"],
    &["line", "update", "32178", "2964400007", "--zero"],
    &["timer", "add", "32181", "--minutes", "5"],
    &["timer", "update", "32165", "48700004"],
    &["timer", "charge", "32165", "48700004", "--labor", "remote"],
    &["timer", "start", "32181"],
    &["timer", "list", "32165"],
    &["invoice", "list"],
    &["invoice", "update", "67409"],
    &["payment", "list"],
    &["payment", "add", "67409", "--amount", "1", "--method", "Check", "--over"],
    &["appointment", "add", "32181", "--start", "tomorrow 9:00", "--end", "tomorrow 10:00"],
    &["appointment", "list"],
    &["contact", "list"],
    &["asset", "list"],
    &["asset", "patches", "TILL-1"],
    &["line", "list", "32181"],
    &["product", "list"],
    &["report", "alerts", "--customer", "31204655"],
    &["report", "ar", "--customer", "31204655"],
    &["report", "close", "--month", "2026-03"],
    &["report", "assets", "--customer", "31204655"],
    &["report", "drift", "--customer", "31204655"],
    &["report", "duplicates", "--customer", "31205428"],
    &["report", "patches", "--customer", "31204655"],
    &["report", "prepaid", "--customer", "31204690"],
    &["report", "recurring", "--customer", "31204551"],
    &["report", "stale", "--customer", "31204655"],
    &["report", "time", "--customer", "31204655"],
    &["report", "uninvoiced", "--customer", "31204655"],
    &["today", "--customer", "31204655"],
    &["unbilled", "--customer", "31204655"],
];

/// One command line with one option of one value.
struct Case(Vec<String>);

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "syncro {}", self.0.join(" "))
    }
}

/// All of them, and every option that no whole command line is there for.
fn cases() -> (Vec<Case>, BTreeSet<String>) {
    let (mut cases, mut left_out) = (Vec::new(), BTreeSet::new());
    for leaf in leaves() {
        let computed = leaf.command.get_arguments().filter(|arg| {
            let names = arg.get_value_names().unwrap_or_default();
            names.iter().any(|name| COMPUTED.contains(&name.as_str())) && !arg.is_positional()
        });
        let typed: Vec<&str> = leaf.typed.iter().map(String::as_str).collect();
        let whole = WHOLE.iter().find(|whole| whole.starts_with(&typed));
        for option in computed.flat_map(spelled) {
            let Some(whole) = whole else {
                left_out.insert(format!("{} {option}", typed.join(" ")));
                continue;
            };
            let mut start: Vec<String> = whole.iter().map(|word| (*word).to_owned()).collect();
            if let Some(at) = start.iter().position(|word| *word == option) {
                start.drain(at..at + 2);
            }
            cases.extend(
                EXTREMES.map(|value| Case([&start[..], &[format!("{option}={value}")]].concat())),
            );
        }
    }
    (cases, left_out)
}

#[test]
fn no_number_makes_anything_panic() {
    let (cases, left_out) = cases();
    // A plan's name, and what runs until it is stopped.
    let apart = ["resume --discard", "sandbox serve --history", "sandbox serve --rate"];
    let apart = apart.map(str::to_owned);
    assert_eq!(left_out, BTreeSet::from(apart), "no whole command line is there for these");
    let setup = Setup { settle: "0.1", ..Setup::default() };
    let env = TestEnv::of(setup);
    for whole in WHOLE {
        // Some lack only what is to be changed.
        let ran = env.run(&[whole, &["--dry-run"]].concat());
        assert!([0, 2].contains(&ran.code), "{whole:?}: {ran}");
    }
    let endless = "--rate=1/79228162514264337593543950335";
    env.run(&["sandbox", "serve", endless]).ends(2);
    many("extreme values", &cases, |case, problems| {
        let mut args: Vec<&str> = case.0.iter().map(String::as_str).collect();
        for how in ["--dry-run", "--yes"] {
            args.push(how);
            let ran = env.run(&args);
            let sound = (0..=10).contains(&ran.code) && !ran.stderr.contains("panicked");
            problems.unless(sound, || format!("{how}: {ran}"));
            // What came of one is not what the next begins with.
            if how == "--yes" && ran.code == 6 {
                problems.unless(false, || format!("in doubt: {ran}"));
            }
            args.pop();
        }
    });
}

#[test]
fn the_practice_server_refuses_what_it_cannot_compute() {
    let env = TestEnv::new();
    let account: Account = env.account();
    for number in ["7e28", "800000000000000000000000000", "99999999999999999999999999999999999999"]
    {
        let number: serde_json::Value = serde_json::from_str(number).unwrap();
        let line = json!({"name": "x", "description": "x", "product_id": 17_340_023,
            "quantity": number, "price_retail": number});
        for (path, body) in [
            ("/tickets/108443837/add_line_item", line),
            (
                "/payments",
                json!({"amount_cents": number, "payment_method": "Check", "invoice_id": 1_652_300_000}),
            ),
            ("/products", json!({"name": "x", "description": "x", "price_retail": number})),
            (
                "/tickets/108443837/timer_entry",
                json!({"start_at": "2026-03-17T08:00:00Z", "duration_minutes": number}),
            ),
        ] {
            let (status, answer) = account.call("POST", path, Some(&body));
            assert_eq!(status, 422, "{path} {number}: {answer}");
        }
    }
}

#[test]
fn more_decimals_than_are_kept_are_refused_before_anything_is_sent() {
    let env = TestEnv::new();
    for (args, says) in [
        (
            &["line", "add", "32181", "--product", "17340023", "--price", "81.535"][..],
            "whole cents",
        ),
        (&["line", "add", "32181", "--product", "17340023", "--price", "$1.500"], "whole cents"),
        (&["line", "update", "32178", "2964400007", "--price", "0.0125"], "whole cents"),
        (&["payment", "add", "67409", "--amount", "1.500", "--method", "Check"], "whole cents"),
        (&["payment", "add", "67409", "--amount", "$1.500", "--method", "Check"], "whole cents"),
        (&["payment", "add", "67409", "--amount", "1e3", "--method", "Check"], "a decimal point"),
        (&["payment", "add", "67409", "--amount=0", "--method", "Check"], "more than 0.00"),
        (
            &["line", "add", "32181", "--product", "17340023", "--quantity", "0.33333"],
            "four decimals",
        ),
    ] {
        let ran = env.run(&[args, &["--yes"]].concat());
        ran.ends(2).says(says).says("invalid ");
    }
    assert_eq!(env.writes().len(), 0);

    let pinned = Setup {
        replace: vec![("[labor.remote]", "[labor.remote]\nrate = \"33.333\"".to_owned())],
        ..Setup::default()
    };
    let env = TestEnv::of(pinned);
    env.run(&crate::support::bill(&["--yes"])).ends(10).says("whole cents");
    assert_eq!(env.log().len(), 0);

    let (env, ()) = TestEnv::prepared(Setup::default(), |env| {
        let price = json!({"price_retail": "87.355"});
        for product in ["17340021", "17340023"] {
            env.account().call("PUT", &format!("/products/{product}"), Some(&price));
        }
    });
    env.run(&["line", "add", "32181", "--product", "17340023", "--yes"])
        .ends(5)
        .says("whole cents");
    env.run(&crate::support::bill(&["--yes"])).ends(5).says("whole cents");
    assert_eq!(env.writes().len(), 0);
}

/// What nobody can pay or sell is refused by its own flag, dry run or not.
#[test]
fn an_amount_beyond_all_use_is_a_wrong_value() {
    let env = TestEnv::new();
    let pay = ["payment", "add", "66930", "--method", "Check", "--over", "--amount"];
    let sell = ["line", "add", "32181", "--product", "17340023", "--large"];
    for number in ["800000000000000000000000000", "70000000000000000000000000000"] {
        for args in [
            [&pay[..], &[number]].concat(),
            [&sell[..], &["--price", number]].concat(),
            [&sell[..], &["--quantity", number]].concat(),
        ] {
            for how in ["--dry-run", "--yes"] {
                env.run(&[&args[..], &[how]].concat()).ends(2).says("invalid ");
            }
        }
    }
    assert!(env.writes().is_empty());
}

#[tokio::test]
async fn what_is_answered_beyond_all_use_panics_nothing() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |_, _| ()).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let most = "79228162514264337593543950335";
    let (_, mut product) = env.account().call("GET", "/products/17340021", None);
    product["product"]["price_retail"] = json!(most);
    let (_, mut customer) = env.account().call("GET", "/customers/31204551", None);
    customer["customer"]["prepay_hours"] = json!(format!("-{most}"));
    let (_, mut invoice) = env.account().call("GET", "/invoices/1652300000", None);
    invoice["invoice"]["total"] = json!(format!("-{most}"));
    invoice["invoice"]["payments"] = json!([{"payment_amount": most}, {"payment_amount": most}]);
    server.answering(("GET", "/products/17340021"), 200, &product).await;
    server.answering(("GET", "/customers/31204551"), 200, &customer).await;
    server.answering(("GET", "/invoices/1652300000"), 200, &invoice).await;
    for args in [
        &["bill", "32181", "--minutes", "30", "--labor", "remote", "-m", "x", "--large"][..],
        &["line", "add", "32181", "--labor", "remote", "--minutes", "45"],
        &["customer", "show", "31204551"],
        &["invoice", "show", "67409"],
        &["payment", "add", "67409", "--amount", "1", "--method", "Check"],
        &["payment", "add", "67409", "--full", "--method", "Check"],
    ] {
        let ran = env.run_with(&[args, &["--dry-run"]].concat(), &there);
        assert!((0..=10).contains(&ran.code) && !ran.stderr.contains("panicked"), "{ran}");
    }
}
