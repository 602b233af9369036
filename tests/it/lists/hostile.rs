//! Records that are read side by side, each from its own page or with a list of its own: whatever is in their pages, they
//! have the memory of one answer together, and what is shown of them is what is shown without it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::side_by_side::MOST;
use crate::support::{Account, Running, Setup, TestEnv};

/// So many pages of each kind are hostile: as many as are read side by side.
const PAGES: usize = 6;

/// Stands for the filling in a page.
const MARK: &str = "\"@@\"";

/// What a hostile page is full of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Full {
    /// A long text in a field that nobody knows.
    Unknown,
    /// A long text in a field that is known, and not shown here.
    Known,
    /// Numbers in a field that nobody knows.
    Numbers,
    /// Objects in one.
    Objects,
}

impl Full {
    fn filling(self) -> String {
        match self {
            Self::Unknown | Self::Known => format!("\"{}\"", "word ".repeat((31 << 20) / 5)),
            Self::Numbers => format!("[{}0]", "0,".repeat(220_000)),
            Self::Objects => format!("[{}0]", "{\"a\":0},".repeat(110_000)),
        }
    }
}

/// A server some of whose pages are hostile; all else is an account's.
struct Hostile {
    account: Account,
    full: Full,
    filling: String,
    /// Those that are, by what they hold.
    pages: Mutex<BTreeMap<&'static str, BTreeSet<String>>>,
}

/// What the records of an answer are called, and the fields of theirs that are known and not shown.
fn known(member: &str) -> Value {
    match member {
        "ticket" => json!({"comments": [{"id": 1, "body": "@@"}], "problem_type": "Other"}),
        "tickets" => json!({"problem_type": "@@"}),
        "comments" => json!({"body": "@@"}),
        "customer" | "customers" => json!({"notes": "@@"}),
        "invoice" | "invoices" => json!({"note": "@@"}),
        "product" => json!({"long_description": "@@"}),
        "payments" => json!({"transaction_response": "@@"}),
        _ => json!({"properties": "@@"}),
    }
}

const MEMBERS: [&str; 11] = [
    "ticket",
    "tickets",
    "comments",
    "customer",
    "customers",
    "invoice",
    "invoices",
    "product",
    "payments",
    "assets",
    "schedules",
];

impl Hostile {
    /// The answer to a GET, with something in its first record where that is hostile.
    fn answer(&self, target: &str, mut body: Value) -> String {
        let is_there = |member: &&&str| match &body[**member] {
            Value::Array(rows) => !rows.is_empty(),
            one => one.is_object(),
        };
        let Some(member) = MEMBERS.iter().find(is_there) else { return body.to_string() };
        if *member == "customers" {
            // Their own pages are asked for it.
            let rows = body["customers"].as_array_mut().unwrap();
            rows.iter_mut()
                .for_each(|row| drop(row.as_object_mut().unwrap().remove("prepay_hours")));
        }
        let mut pages = self.pages.lock().unwrap();
        let pages = pages.entry(member).or_default();
        if pages.len() < PAGES {
            pages.insert(target.to_owned());
        }
        if !pages.contains(target) {
            return body.to_string();
        }
        let record = match &mut body[*member] {
            Value::Array(rows) => &mut rows[0],
            one => one,
        };
        let more = match self.full {
            Full::Known => known(member),
            _ => json!({"unheard_of": "@@"}),
        };
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body.to_string().replace(MARK, &self.filling)
    }
}

impl Respond for Hostile {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().trim_start_matches("/api/v1");
        let target = format!("{path}?{}", request.url.query().unwrap_or_default());
        let (status, body) = self.account.call("GET", &target, None);
        let body = if status == 200 { self.answer(&target, body) } else { body.to_string() };
        assert!(body.len() <= 32 << 20, "{}", body.len());
        ResponseTemplate::new(status).set_body_raw(body, "application/json")
    }
}

/// What a command shows but for what moves on with the clock.
fn shown(stdout: &str) -> Value {
    let Ok(mut report) = serde_json::from_str::<Value>(stdout) else { return json!(stdout) };
    report["as_of"].take();
    still(&mut report);
    report
}

fn still(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(still),
        Value::Object(members) => {
            members.retain(|name, _| !["quiet_hours", "hours_running"].contains(&name.as_str()));
            members.values_mut().for_each(still);
        }
        _ => {}
    }
}

async fn are_held(commands: &[&[&str]]) {
    for args in commands.iter().copied() {
        // What it holds is looked at, not how long a busy machine takes to read it.
        let setup = Setup { timeout: "60", per: "1", slipped: true, ..Setup::default() };
        let env = TestEnv::of(setup);
        let usual = env.run(args).ends(0).stdout.clone();
        let all = [Full::Unknown, Full::Known, Full::Numbers, Full::Objects];
        // A page shows what is known of its record.
        for full in all.into_iter().filter(|full| args[0] != "ticket" || *full != Full::Known) {
            let server = MockServer::builder().start().await;
            let (filling, pages) = (full.filling(), Mutex::default());
            let hostile = Hostile { account: env.account(), full, filling, pages };
            Mock::given(any()).respond_with(hostile).mount(&server).await;
            let mut command = env.command();
            command.args(args).env("SYNCRO_BASE_URL", format!("{}/api/v1", server.uri()));
            let (ran, most) = Running::start(command).wait_measured();
            println!("{full:?}, {args:?}: {} MiB", most >> 10);
            let said = &ran.stderr[..ran.stderr.len().min(300)];
            assert_eq!(ran.code, 0, "{full:?}, {args:?}: {said}");
            assert!(most <= MOST, "{full:?}, {args:?}: {} MiB", most >> 10);
            // A page shows its own address.
            let page = ran.stdout.replace(&server.uri(), env.base().trim_end_matches("/api/v1"));
            assert_eq!(shown(&page), shown(&usual), "{full:?}, {args:?}");
        }
    }
}

#[tokio::test]
async fn records_side_by_side_have_the_memory_of_one_answer() {
    are_held(&[
        &["customers", "--details", "--all"],
        &["report", "uninvoiced", "--json"],
        &["report", "drift", "--json"],
        &["report", "stale", "--json"],
        &["report", "prepaid", "--json"],
        &["report", "ar", "--json"],
        &["report", "recurring", "--json"],
        &["report", "close", "--json"],
    ])
    .await;
}

#[tokio::test]
#[ignore = "takes minutes: the reports are read in the same way"]
async fn pages_and_searches_have_the_memory_of_one_answer() {
    are_held(&[
        &["ticket", "32137"],
        &["invoice", "list"],
        &["tickets", "--asset", "TILL-1", "--status", "all", "--all"],
        &["search", "quillfeather", "--all"],
    ])
    .await;
}
