//! `api`: what is typed is what is sent, nothing that leads elsewhere or shows a secret is, and what nobody can look at is
//! sent once.

use serde_json::{Value, json};
use syncro::sandbox::KEY;

use crate::support::{Ran, Setup, TILL, TestEnv};

fn run(env: &TestEnv, args: &[&str]) -> Ran {
    env.run(&[&["api"], args, &["--yes", "--json"]].concat())
}

const TICKET: &str = "tickets/108443837";

fn on_ticket(verb: &str) -> String {
    format!("{TICKET}/{verb}")
}

#[test]
fn what_cannot_be_meant_is_exit_2_before_any_request() {
    let env = TestEnv::new();
    let file = |name: &str, text: &str| {
        let path = env.dir().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let broken = file("broken.json", "{\"a\": ");
    let list = file("list.json", "[1]");
    let key = file("key.json", "{\"api_key\": \"x\"}");
    for args in [
        &["FETCH", "tickets"][..],
        &["GET", "https://elsewhere.example/tickets"],
        &["GET", "//elsewhere.example/tickets"],
        &["GET", "tickets/../me"],
        &["GET", "tickets/%2e%2e/me"],
        &["GET", "tickets?api_key=x"],
        &["GET", "tickets", "-F", "api_key=x"],
        &["GET", "tickets", "-F", "query"],
        &["GET", "tickets", "-F", "=x"],
        &["GET", ""],
        &["GET", "tickets", "--input", &list],
        &["POST", "rmm_alerts", "--paginate"],
        &["POST", "rmm_alerts", "-F", "a=1", "-F", "a=2"],
        &["POST", "rmm_alerts", "-F", "a=1", "-F", "a[b]=2"],
        &["POST", "rmm_alerts", "-F", "a[b][c]=2"],
        &["POST", "rmm_alerts", "--input", &broken],
        &["POST", "rmm_alerts", "--input", &list],
        &["POST", "rmm_alerts", "--input", &key],
        &["POST", "rmm_alerts", "--input", &list, "-F", "a=1"],
    ] {
        let ran = run(&env, args);
        ran.ends(2);
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    assert!(env.log().is_empty());
    let ran = env.run(&["api", "POST", "rmm_alerts", "-F", "a=1"]);
    ran.ends(2).says("--yes");
    assert!(env.writes().is_empty());
}

#[test]
fn fields_are_sent_exactly_as_they_were_typed() {
    let env = TestEnv::new();
    let args = [
        "POST",
        "contracts",
        "-F",
        "customer_id=31204551",
        "-F",
        "contract_amount=120.10",
        "-F",
        "apply_to_all=true",
        "-F",
        "sla_id=null",
        "-F",
        "description=007",
        "-f",
        "name=12",
        "-F",
        "a[b]=2",
        "-F",
        "l[]=x",
        "-F",
        "l[]=y",
    ];
    run(&env, &args).ends(0);
    let body = &env.writes()[0].body;
    assert_eq!(body["contract_amount"].to_string(), "120.10");
    let mut rest = body.clone();
    rest.as_object_mut().unwrap().remove("contract_amount");
    let wanted = json!({
        "customer_id": 31_204_551, "apply_to_all": true, "sla_id": null, "description": "007", "name": "12",
        "a": {"b": 2}, "l": ["x", "y"],
    });
    assert_eq!(rest, wanted);
    let file = env.dir().join("alert.json");
    let text = json!({"customer_id": 31_204_551, "description": "Loud", "properties": {"deep": [{"x": 1}]}});
    std::fs::write(&file, text.to_string()).unwrap();
    let file = file.to_str().unwrap();
    run(&env, &["POST", "rmm_alerts", "--input", file, "--unknown-path"]).ends(0);
    assert_eq!(env.writes()[1].body, text);
}

#[test]
fn a_get_prints_the_answer_and_all_pages_of_a_list() {
    let env = TestEnv::of(Setup { list_page: 5, ..Setup::default() });
    let one = env.run(&["api", "GET", "contacts"]).ends(0).json().unwrap();
    let page = one["contacts"].as_array().unwrap().len();
    let total = one["meta"]["total_pages"].as_u64().unwrap();
    assert!(total > 2, "{}", one["meta"]);
    let all = env.run(&["api", "GET", "contacts", "--paginate"]);
    let all = all.ends(0).json().unwrap();
    let mut ids: Vec<i64> =
        all.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(count > page * usize::try_from(total - 1).unwrap());
    let few = env.run(&["api", "GET", "contacts", "-F", "customer_id=31204551", "--paginate"]);
    assert_eq!(few.ends(0).json().unwrap().as_array().unwrap().len(), 3);
    // The only list in an answer is not what was asked for.
    for record in [TICKET, "me", "settings", "tickets/settings", "products/17340021"] {
        let ran = env.run(&["api", "GET", record, "--paginate"]);
        ran.ends(5).says("is not a list");
        assert_eq!(ran.stdout, "", "{record}");
    }
    env.run(&["api", "GET", "tickets/1"]).ends(3);
    env.run(&["api", "GET", "no/such/path"]).ends(3);
}

#[test]
fn no_secret_is_shown() {
    let env = TestEnv::new();
    for args in [
        &["api", "GET", "me"][..],
        &["api", "GET", "me", "--json"],
        &["api", "GET", "/api/v1/me", "-v"],
    ] {
        let ran = env.run(args);
        ran.ends(0);
        assert_eq!(ran.json().unwrap()["user_token"], Value::Null, "{ran}");
        for text in [&ran.stdout, &ran.stderr] {
            assert!(!text.contains(KEY) && !text.contains("sandbox-user-token"), "{ran}");
        }
    }
}

#[test]
fn a_known_path_is_guarded_as_its_command() {
    let (env, line) = TestEnv::prepared(Setup::default(), |env| {
        env.account().line(TILL, "0.5", "95", "Looked at the spool");
        env.account().invoice(TILL);
        let line = env.account().line(TILL, "0.5", "95", "Mended the spool");
        env.account().comment(TILL, "Update", "It prints again");
        (env.state(TILL).lines[0]["id"].clone(), line["id"].clone())
    });
    let (old, new) = (line.0.to_string(), line.1.to_string());
    let taken = if old == new { &new } else { &old };
    let taken = format!("ticket_line_item_id={taken}");
    let named = ["-F", "name=Labor - Remote", "-F", "quantity=0.5", "-F", "taxable=false"];
    let (add, remove) = (on_ticket("add_line_item"), on_ticket("remove_line_item"));
    let comment = on_ticket("comment");
    let spool = "description=Mended the spool";
    for (args, flag) in [
        ([&["POST", &add, "-F", "description=Other"][..], &named].concat(), "--zero"),
        (
            [&["POST", &add, "-F", spool, "-F", "price_retail=95"][..], &named].concat(),
            "--same-line",
        ),
        (
            vec!["POST", &comment, "-F", "subject=Update", "-F", "body=It prints again"],
            "--same-comment",
        ),
        (vec!["POST", &remove, "-F", &taken], "--invoiced-line"),
        (vec!["POST", "invoices", "-F", "ticket_id=108443837"], "--again"),
    ] {
        let ran = run(&env, &args);
        ran.ends(5).says(flag);
        assert!(env.writes().is_empty(), "{ran}");
    }
    run(&env, &["PUT", TICKET, "-F", "status=In Progress"]).is_so_already();
    run(&env, &["DELETE", "contacts/1"]).ends(3);
}

#[test]
fn an_answer_that_nobody_can_check_is_sent_once() {
    let env = TestEnv::with(&["write=close-after"]);
    let args = ["POST", "rmm_alerts", "-F", "customer_id=31204551", "-F", "description=Loud"];
    let ran = run(&env, &[&args[..], &["--unknown-path"]].concat());
    ran.ends(6);
    assert_eq!(ran.json().unwrap()["outcome"], "unconfirmed", "{ran}");
    let pending = env.journal()[0].id();
    env.run(&["resume", "--yes"]).ends(6);
    assert_eq!(env.writes().len(), 1);
    env.run(&["resume", "--discard", &pending, "--yes"]).ends(0);
    env.run(&["resume", "--yes"]).ends(0).says("no pending plans");
    assert_eq!(env.writes().len(), 1);
}

#[test]
fn gone_is_what_a_get_no_longer_shows() {
    let env = TestEnv::new();
    // Of a contract that is gone, a GET says null.
    let contracts = env.account().get("/contracts")["contracts"].take();
    let path = format!("contracts/{}", contracts[0]["id"]);
    let name = contracts[0]["name"].as_str().unwrap();
    run(&env, &["DELETE", &path, "--name", name]).ends(0);
    assert_eq!(env.account().get(&format!("/{path}")), Value::Null);
    run(&env, &["DELETE", &path, "--name", name]).ends(3);
    assert_eq!(env.writes().len(), 1);
    // 200, and what it names is there as before.
    let env = TestEnv::with(&["invoice-delete=lag:60000"]);
    let invoice = env.account().get("/invoices/67409")["invoice"]["id"].to_string();
    run(&env, &["DELETE", &format!("invoices/{invoice}"), "--keep-status"]).ends(6);
}
