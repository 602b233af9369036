//! Labor that costs nothing because it is meant to.

use rust_decimal::Decimal;
use serde_json::json;

use super::{billed, refused};
use crate::support::{Setup, TILL, TestEnv, money, ticket_id};

/// An office whose labor type of this product has one more setting.
fn labor_with(product: &'static str, setting: &str) -> TestEnv {
    let replace = vec![(product, format!("{product}\n{setting}"))];
    TestEnv::of(Setup { replace, ..Setup::default() })
}

#[test]
fn labor_that_is_meant_to_be_free_is_billed_as_it_is() {
    for free in ["rate = \"0.00\"", "free = true"] {
        let env = labor_with("17340021", free);
        let ran = billed(&env, TILL, "30", "remote", &[]);
        ran.ends(0);
        let state = env.state(TILL);
        assert_eq!(money(&state.lines[0]["price_retail"]), Decimal::ZERO, "{ran}");
        assert_eq!(money(&state.invoices[0]["subtotal"]), Decimal::ZERO, "{ran}");
        // It may wait as well; another product for nothing is still asked about.
        env.account().line(TILL, "1", "0", "Shown to the trainee");
        env.run(&["invoice", "create", "32181", "--again", "--yes"]).ends(0);
    }
    let env = labor_with("17340022", "free = true");
    env.account().line(TILL, "1", "0", "Left by somebody");
    let ran = env.run(&["invoice", "create", "32181", "--yes", "--json"]);
    refused(&env, &ran, "--zero");
}

/// The labor type that was chosen decides, not what else its product is sold as; also when the bill was cut off.
#[test]
fn labor_that_is_meant_to_be_free_may_share_its_product() {
    let warranty = "\n[labor.warranty]\nproduct_id = 17340021\nfree = true\n";
    let setup =
        |faults: Vec<String>| Setup { more: warranty.to_owned(), faults, ..Setup::default() };
    let env = TestEnv::of(setup(Vec::new()));
    billed(&env, TILL, "30", "warranty", &[]).ends(0);
    let state = env.state(TILL);
    assert_eq!(money(&state.lines[0]["price_retail"]), Decimal::ZERO);
    let line = ["line", "add", "32179", "--labor", "warranty", "--minutes", "20", "--yes"];
    env.run(&line).ends(0);
    let logged = [&line[..7], &["--yes", "--price", "0"]].concat();
    env.run(&logged).ends(5).says("--zero");
    let env = TestEnv::of(setup(Vec::new()));
    billed(&env, TILL, "30", "warranty", &["--log-time"]).ends(0);
    let env = TestEnv::of(setup(vec!["line=close-before".to_owned()]));
    billed(&env, TILL, "30", "warranty", &[]).ends(6);
    env.run(&["resume", "--yes"]).ends(0);
    // Beside labor of the product that has lost its price, nobody can tell which of them is asked about.
    for (price, is_lost) in [(120, false), (0, true)] {
        let env = TestEnv::of(setup(Vec::new()));
        let product = json!({"price_retail": price, "taxable": false});
        env.account().write("PUT", "/products/17340021", &product);
        let ran = billed(&env, TILL, "30", "warranty", &["--add", "remote=15m"]);
        match is_lost {
            true => refused(&env, &ran, "--zero"),
            false => drop(ran.ends(0)),
        }
    }
}

/// What waits may have been made of any labor type of its product: where one of them gives it its name, that one decides,
/// whichever command asks.
#[test]
fn labor_that_waits_is_free_by_the_name_of_its_labor_type() {
    let setup = |more: &str| Setup { more: more.to_owned(), ..Setup::default() };
    let warranty = "\n[labor.warranty]\nproduct_id = 17340021\nfree = true\n";
    let named = format!("{warranty}name = \"Warranty\"\n");
    for (more, name, is_asked) in [
        (named.as_str(), "Warranty", false),
        (&named, "Labor - Remote", true),
        (warranty, "Warranty", true),
    ] {
        let env = TestEnv::of(setup(more));
        let line = env.account().line(TILL, "1", "0", "Left by somebody")["id"].clone();
        let path = format!("/tickets/{}/update_line_item", ticket_id(TILL));
        let called = json!({"ticket_line_item_id": line, "name": name, "taxable": false});
        env.account().write("PUT", &path, &called);
        let ran = env.run(&["invoice", "create", "32181", "--yes", "--json"]);
        match is_asked {
            true => refused(&env, &ran, "--zero"),
            false => drop(ran.ends(0)),
        }
    }
    let env = TestEnv::of(setup(&named));
    for (name, code) in [("Warranty", 0), ("Labor - Remote", 5)] {
        let body = [
            "product_id=17340021",
            &format!("name={name}"),
            "description=Spool",
            "quantity=1",
            "price_retail=0",
            "taxable=false",
        ];
        let fields = body.iter().flat_map(|field| ["-F", field]);
        let start = ["api", "POST", "tickets/108443755/add_line_item"];
        let args: Vec<&str> = start.into_iter().chain(fields).chain(["--yes"]).collect();
        env.run(&args).ends(code);
    }
}
