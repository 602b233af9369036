//! `syncro customers` and `syncro customer show`: who fits, what belongs to them, how they may be named, at what cost.

use serde_json::{Value, json};

use crate::support::{Altered, Deaf, Ran, Setup, TestEnv, unfiltered};

fn ids(ran: &Ran) -> Vec<i64> {
    let Some(Value::Array(customers)) = ran.json() else {
        return Vec::new();
    };
    let ids = customers.iter().map(|customer| customer["id"].as_i64());
    ids.map(Option::unwrap).collect()
}

fn asked(env: &TestEnv) -> Vec<String> {
    let mut asked: Vec<String> = env.log().iter().map(|line| line.asked()).collect();
    asked.sort();
    asked
}

#[test]
fn rows_have_name_id_phone_and_mail() {
    let env = TestEnv::new();
    let ran = env.run(&["customers", "stonecrop"]);
    assert_eq!(
        ran.ends(0).stdout,
        "\
Name                     Id        Phone    Email
Stonecrop                31205037  5550137  ines@stonecrop-holding.example
Stonecrop Opticians      31205003  5550103  perpetua@stonecrop.example
Stonecrop Opticians Ltd  31205020  5550120  office@stonecrop-ltd.example
"
    );
    assert_eq!(asked(&env), ["GET customers?query=stonecrop"]);
    assert!(ran.stderr.is_empty(), "{ran}");
}

#[test]
fn without_a_query_there_are_all_and_a_cut_is_said() {
    let env = TestEnv::new();
    let all = env.run(&["customers", "--all", "--json"]);
    let total = ids(all.ends(0)).len();
    assert!(total > 60 && all.stderr.is_empty(), "{all}");
    let ran = env.run(&["customers"]);
    assert_eq!(ran.ends(0).stdout.lines().count(), 31);
    assert_eq!(ran.stderr, format!("showing 30 of {total}; --all for the rest\n"));
    let names: Vec<String> = env
        .run(&["customers", "--all"])
        .ends(0)
        .stdout
        .lines()
        .skip(1)
        .map(str::to_lowercase)
        .collect();
    assert!(names.is_sorted(), "{names:#?}");
    let there = env.account().get("/customers/31205156")["customer"].take();
    assert!(all.json().unwrap().as_array().unwrap().contains(&there));
}

#[tokio::test]
async fn what_fits_is_decided_here_too() {
    let env = TestEnv::new();
    let deaf = Deaf::of(env.account(), unfiltered).await;
    for (query, found) in [
        (&["quill"][..], &[31_204_551][..]),
        (&["brindlewood", "dental"], &[31_204_602]),
        (&["5550171"], &[31_204_671, 31_205_071]),
        (&["casper@brindlewood-dental.example"], &[31_204_602]),
        // Digits are an id first, then a name.
        (&["31204551"], &[31_204_551, 31_205_105]),
        (&["1881"], &[31_205_088]),
        (&["ひだまり"], &[31_205_275]),
        (&["zebra"], &[]),
    ] {
        let args = [&["customers", "--json"], query].concat();
        let ran = env.run(&args);
        assert_eq!(ids(ran.ends(0)), found, "{query:?}");
        let same = env.run_with(&args, &[("SYNCRO_BASE_URL", &deaf.base())]);
        assert_eq!(same.ends(0).stdout, ran.stdout, "{query:?}");
    }
    let ran = env.run(&["customers", "zebra"]);
    assert_eq!((ran.ends(0).stdout.as_str(), ran.stderr.as_str()), ("", "no matching customers\n"));
}

#[test]
fn details_add_prepaid_hours_and_open_tickets_of_ten() {
    let env = TestEnv::new();
    let ran = env.run(&["customers", "brindlewood", "--details"]);
    assert_eq!(
        ran.ends(0).stdout,
        "\
Name                       Id        Phone    Email                              Prepaid  Open tickets
Brindlewood Dental         31204602  5550102  casper@brindlewood-dental.example   12.5 h             3
Brindlewood Garden Center  31204618  5550118  fern@brindlewood-garden.example          -             2
"
    );
    let json = env.run(&["customers", "brindlewood dental", "--details", "--json"]);
    let json = json.ends(0).json().unwrap();
    let tickets = json[0]["open_tickets"].as_array().unwrap();
    assert_eq!(tickets.len(), 3);
    assert!(tickets.iter().all(|ticket| ticket["customer_id"] == 31_204_602));
    assert_eq!(json[0]["prepay_hours"], "12.5");

    let before = env.log().len();
    let ran = env.run(&["customers", "--details", "--limit", "12"]);
    assert_eq!(ran.ends(0).stdout.lines().count(), 13);
    ran.says("prepaid hours and open tickets are shown for the first 10");
    assert_eq!(env.log().len() - before, 1 + 10);
}

#[test]
fn the_page_has_people_machines_open_tickets_and_debts() {
    let env = TestEnv::new();
    let ran = env.run(&["customer", "show", "quillfeather"]);
    assert_eq!(
        ran.ends(0).stdout.replace(env.base().trim_end_matches("/api/v1"), "https://ROOT"),
        "\
Quillfeather Books
Id         31204551
Full name  Imelda Quill
Phone      5550151
Email      imelda@quillfeather.example
Prepaid    0 h
Address    12 Lantern Street, Larkham IL 60000
Web        https://ROOT/customers/31204551

3 contacts
  Id       Name          Title           Email                          Phone
  7804551  Imelda Quill  Office manager  imelda@quillfeather.example    555-0151
  7804552  Joss Pennock  Shop assistant  joss@quillfeather.example      555-0252
  7804553  Bea Quill     Bookkeeper      accounts@quillfeather.example  555-0253

3 assets
  Id        Name       Type     Serial     Customer
  12390017  TILL-2     Desktop  LF-000118  Quillfeather Books
  12390048  STOCKROOM  Laptop   LF-000121  Quillfeather Books
  12400000  TILL-1     Desktop  LF-000117  Quillfeather Books

4 open tickets
  Number  Status        Subject                                Assignee         Priority  Created     Due
  #32181  In Progress   Till will not print gift receipts      Robin Ashgrove   2 Normal  2026-03-17  2026-03-20
  #32170  In Progress   Catalog export to the wholesaler       Robin Ashgrove   2 Normal  2026-03-14  2026-03-17
  #32160  New           Second till cannot see the stock list  Robin Ashgrove   2 Normal  2026-03-06  2026-03-09
  #32151  On the Bench  Website form does not reach the shop   Mika Thornquist  2 Normal  2026-02-28  2026-03-03

2 unpaid invoices
  Number  Date            Customer              Total  State    Due                Open
  #67411  Sat 2026-03-14  Quillfeather Books    $0.00  unpaid   Sat 2026-03-14
  #66930  Fri 2025-12-26  Quillfeather Books  $187.50  overdue  Fri 2026-01-09  $137.50
  $187.50 in total, $137.50 open
"
    );
    assert_eq!(
        asked(&env),
        [
            "GET contacts?customer_id=31204551",
            "GET customer_assets?customer_id=31204551",
            // A list that does not say how long it is.
            "GET customers/31204551",
            "GET customers/autocomplete?query=quillfeather",
            // What is open on the one that has a total.
            "GET invoices/1652214539",
            "GET invoices?unpaid=true&customer_id=31204551",
            "GET tickets?status=Not Closed&customer_id=31204551",
        ]
    );
}

#[tokio::test]
async fn the_page_is_the_same_where_the_server_ignores_filters() {
    let env = TestEnv::new();
    let deaf = Deaf::of(env.account(), unfiltered).await;
    let pairs = [("SYNCRO_BASE_URL", &*deaf.base())];
    for named in ["31204602", "Northlight Architects 北灯建築", "id:31205037"] {
        for json in [&[][..], &["--json"]] {
            let args = [&["customer", "show", named], json].concat();
            let ran = env.run(&args);
            // But for where it is.
            let shown = |ran: &Ran, base: &str| {
                ran.ends(0).stdout.replace(base.trim_end_matches("/api/v1"), "https://ROOT")
            };
            let there = env.run_with(&args, &pairs);
            assert_eq!(shown(&there, &deaf.base()), shown(&ran, env.base()), "{args:?}");
        }
    }
}

#[test]
fn with_an_id_everything_is_read_at_once() {
    let env = TestEnv::with(&["read@*=slow:300"]);
    env.run(&["customer", "show", "31204602"]).ends(0);
    let mut log = env.log();
    log.retain(|line| !line.query.contains("page=2"));
    // What is open on an unpaid invoice its own page tells, once the list has named it.
    let (own, log): (Vec<_>, Vec<_>) =
        log.into_iter().partition(|line| line.path.contains("/invoices/"));
    assert_eq!((log.len(), own.len()), (5, 1));
    let last = log.iter().map(|line| line.started_us).max().unwrap();
    let first = log.iter().map(|line| line.ended_us).min().unwrap();
    assert!(last < first, "one after the other: {log:?}");
}

/// What the customer owes, by the tests' own paging.
fn unpaid(env: &TestEnv, customer: i64) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let mut answer = env.account().get(&format!("/invoices?page={page}"));
        match answer["invoices"].take() {
            Value::Array(invoices) if !invoices.is_empty() => all.extend(invoices),
            _ => break,
        }
    }
    all.retain(|one| one["customer_id"] == customer && one["is_paid"] == false);
    assert!(!all.is_empty());
    all
}

#[test]
fn json_is_the_apis_customer_with_the_rest_beside() {
    let env = TestEnv::new();
    let json = env.run(&["customer", "show", "31204551", "--json"]).ends(0).json().unwrap();
    let mut there = env.account().get("/customers/31204551")["customer"].take();
    for (name, path, member) in [
        ("contacts", "/contacts?customer_id=31204551", "contacts"),
        ("assets", "/customer_assets?customer_id=31204551", "assets"),
        ("open_tickets", "/tickets?status=Not%20Closed&customer_id=31204551", "tickets"),
    ] {
        there[name] = env.account().get(path)[member].take();
    }
    there["unpaid_invoices"] = unpaid(&env, 31_204_551).into();
    there["warnings"] = json!([]);
    assert_eq!(json, there);
}

#[test]
fn a_name_is_taken_as_it_is_meant() {
    let env = TestEnv::new();
    for (typed, id) in [
        ("31204551", 31_204_551),
        ("id:31204551", 31_204_551),
        // No such id, but such a name.
        ("1881", 31_205_088),
        // An exact name beats those that begin with it.
        ("stonecrop", 31_205_037),
        ("Stonecrop opticians", 31_205_003),
        ("spaces within", 31_205_224),
        ("halloway cycles", 31_205_411),
        // Disabled: by id alone.
        ("31204760", 31_204_760),
    ] {
        let ran = env.run(&["customer", "show", typed, "--json"]);
        assert_eq!(ran.ends(0).json().unwrap()["id"], id, "{typed}");
    }
}

#[test]
fn what_is_not_clear_is_refused_with_what_it_could_be() {
    let env = TestEnv::new();
    for (typed, code, said) in [
        (
            "wren & otter",
            2,
            &[
                "2 customers match",
                "WREN & OTTER (id 31205071, barnaby@wren-otter-west.example)",
                "use the id",
            ][..],
        ),
        ("Marisol Quenby", 2, &["(id 31205343, ", "(id 31205360, "]),
        ("larkspur", 2, &["Larkspur Brewery (id 31205496)", "the id or the full name"]),
        ("id:1881", 3, &["there is no customer with id 1881"]),
        ("99999999999999999999", 3, &["there is no customer"]),
        ("Petigrew Rofing", 3, &["did you mean Pettigrew Roofing (id 31205445)?"]),
        ("zebra", 3, &["`syncro customers` to list"]),
        // A customer no more.
        ("quillfeather bindery", 3, &["there is no customer"]),
        ("", 2, &["use an id or a name"]),
    ] {
        let ran = env.run(&["customer", "show", typed]);
        ran.ends(code);
        for text in said {
            ran.says(text);
        }
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    let error = env.run(&["customer", "show", "larkspur", "--json"]).ends(2).error();
    assert_eq!(error["kind"], "usage");
    assert!(error["message"].as_str().unwrap().contains("31205513"), "{error}");
}

#[test]
fn of_many_that_fit_ten_are_shown() {
    let env = TestEnv::new();
    let ran = env.run(&["customer", "show", "example"]);
    let said = &ran.ends(2).stderr;
    assert_eq!(said.matches("(id 312").count(), 10, "{ran}");
    let total: usize = said.split(' ').nth(1).and_then(|count| count.parse().ok()).unwrap();
    assert!(total > 50, "{ran}");
    ran.says(&format!("and {} more", total - 10));
}

#[test]
fn a_part_that_the_key_may_not_read_is_left_out_and_said_to_be() {
    let env = TestEnv::with(&["assets@*=403", "invoices@*=403"]);
    let ran = env.run(&["customer", "show", "31204551"]);
    ran.ends(0)
        .says("the API key cannot read assets (403)")
        .says("the API key cannot read invoices (403)");
    assert!(ran.stdout.contains("3 contacts") && ran.stdout.contains("4 open tickets"), "{ran}");
    assert!(!ran.stdout.contains("asset") && !ran.stdout.contains("invoice"), "{ran}");
    let mut json = env.run(&["customer", "show", "31204551", "--json"]).ends(0).json().unwrap();
    assert_eq!((&json["assets"], &json["unpaid_invoices"]), (&Value::Null, &Value::Null));
    assert_eq!(json["open_tickets"].as_array().unwrap().len(), 4);
    // Whichever is answered first.
    json["warnings"].as_array_mut().unwrap().sort_by_key(Value::to_string);
    let warnings =
        ["assets", "invoices"].map(|part| format!("the API key cannot read {part} (403)"));
    assert_eq!(json["warnings"], json!(warnings));
    // Without the customer there is nothing to show.
    let env = TestEnv::with(&["customer@*=403"]);
    env.run(&["customer", "show", "31204551"]).ends(4);
}

#[test]
fn nothing_that_steers_a_terminal_comes_through() {
    let env = TestEnv::of(Setup::default());
    for args in [&["customers", "--all"][..], &["customer", "show", "31205292"]] {
        let ran = env.run(args);
        let odd = |c: char| c.is_control() && c != '\n' || ('\u{200b}'..='\u{202e}').contains(&c);
        assert!(!ran.ends(0).stdout.contains(odd), "{}", ran.stdout.escape_debug());
        assert!(ran.stdout.contains("Zerowidth"), "{ran}");
    }
}

/// What makes invoices for a customer again and again does not end with it: that is asked about, and contracts are named.
#[tokio::test]
async fn schedules_that_go_on_billing_a_customer_are_asked_about() {
    let fields = |name: &str| {
        json!({
            "customer_id": 31_204_602, "name": name, "frequency": "Monthly", "next_run": "2027-03-01",
        })
    };
    let (env, ()) = TestEnv::prepared(Setup::default(), |env| {
        for name in ["Care", "Backups", "Watch", "Phones"] {
            env.account().write("POST", "/schedules", &fields(name));
        }
        let rests = env.account().write("POST", "/schedules", &fields("Rests"));
        let path = format!("/schedules/{}", rests["schedule"]["id"]);
        env.account().write("PUT", &path, &json!({"paused": true}));
    });
    let writes: [&[&str]; 3] = [
        &["customer", "disable", "31204602"],
        &["api", "PUT", "customers/31204602", "-F", "disabled=true"],
        &["api", "DELETE", "customers/31204602", "--name", "Brindlewood Dental"],
    ];
    let contract = "it has 1 contract: Care, quarterly";
    for typed in writes {
        let ran = env.run(&[typed, &["--yes"]].concat());
        ran.ends(5).says("4 schedules go on billing it: ").says(" and 1 more").says("--open-work");
        let plan = env.run(&[typed, &["--dry-run"]].concat());
        assert!(plan.ends(0).stdout.contains(contract), "{plan}");
        assert!(!ran.stderr.contains("Rests") && !plan.stdout.contains("Rests"), "{ran} {plan}");
        assert!(env.writes().is_empty(), "{ran}");
    }
    // An account may lack either list, or not show it.
    for (status, answer, asks, says) in [
        (404, json!("a proxy's page"), true, "its schedules cannot be read"),
        (404, Value::Null, true, "its contracts cannot be read"),
        (403, json!({"error": "Not authorized"}), false, "cannot see its contracts"),
        (200, json!({"error": "Try later"}), true, "its schedules cannot be read"),
        (200, json!({"error": "Try later"}), true, "its contracts cannot be read"),
        // What the API itself has said is known from then on.
        (
            404,
            json!({"error": "Not found"}),
            false,
            "cannot see its schedules: one may go on billing it",
        ),
    ] {
        let server = Altered::telling(env.account(), |_, _, _| ()).await;
        for list in ["/schedules", "/contracts"] {
            server.answering(("GET", list), status, &answer).await;
        }
        let args = ["customer", "disable", "31204602", "--dry-run"];
        let plan = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
        assert!(plan.ends(0).stdout.contains(says), "{status}: {plan}");
        let args = ["customer", "disable", "31204602", "--yes", "--json"];
        let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
        ran.ends(5).says("3 open tickets and 1 unpaid invoice").says("--open-work");
        assert_eq!(ran.stderr.contains("ts schedules cannot be read"), asks, "{status}: {ran}");
        assert!(!ran.stderr.contains("Backups"), "{ran}");
    }
    // Updates that leave the customer in use read neither.
    let ran =
        env.run(&["customer", "update", "31204602", "--phone", "555-0142", "--dry-run", "-v"]);
    assert!(!ran.ends(0).stderr.contains("/schedules"), "{ran}");
}
