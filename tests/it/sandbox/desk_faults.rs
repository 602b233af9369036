//! Every fault on every write about tickets, appointments and timers: what the client gets, and what has landed.

use reqwest::Method;
use serde_json::{Value, json};
use syncro::sandbox::{Options, start};

use super::{Answer, BILLABLE, Bench, QUILLFEATHER, REMOTE, ticket_id, until};

/// Each write by the name that faults know it by, and how many records there are when it was done twice.
const WRITES: [(&str, usize); 10] = [
    ("ticket-create", 2),
    ("ticket-update", 1),
    ("ticket-delete", 1),
    ("appointment-create", 2),
    ("appointment-update", 1),
    ("appointment-delete", 1),
    ("timer-add", 2),
    ("timer-update", 1),
    ("timer-charge", 2),
    ("timer-delete", 1),
];

/// Each kind of fault, and whether it leaves the write done.
const KINDS: [(&str, bool); 24] = [
    ("close-before", false),
    ("close-after", true),
    ("reset-before", false),
    ("reset-after", true),
    ("500-before", false),
    ("500-after", true),
    ("502-after", true),
    ("503-before", false),
    ("504-after", true),
    ("truncated", true),
    ("garbled", true),
    ("empty", true),
    ("null", true),
    ("nulls", true),
    ("foreign", true),
    ("html-before", false),
    ("html-after", true),
    ("302-after", true),
    ("307-before", false),
    ("401", false),
    ("404", false),
    ("422", false),
    ("429", false),
    ("429:2", false),
];

const LATER: &str = "2027-07-01T15:00:00.000Z";

/// A server whose every write is struck, and the records that they are about: another one for each.
struct Desk {
    bench: Bench,
    moved: Value,
    cancelled: Value,
    stopped: Value,
    charged: Value,
    dropped: Value,
}

impl Desk {
    async fn new(kind: &str) -> Self {
        let faults: Vec<String> = WRITES.iter().map(|(op, _)| format!("{op}={kind}")).collect();
        let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
        Self::with(&faults).await
    }

    async fn with(faults: &[&str]) -> Self {
        let bench = Bench::with(faults);
        let of = |number: i64, list: &'static str| {
            let bench = &bench;
            async move { bench.ticket(number).await[list][0]["id"].take() }
        };
        Self {
            moved: of(32_179, "appointments").await,
            cancelled: of(32_178, "appointments").await,
            stopped: of(32_168, "ticket_timers").await,
            charged: of(32_165, "ticket_timers").await,
            dropped: of(32_162, "ticket_timers").await,
            bench,
        }
    }

    async fn write(&self, op: &str) -> Answer {
        let ticket = |number: i64, verb: &str| format!("/tickets/{}/{verb}", ticket_id(number));
        let appointment = |id: &Value| format!("/appointments/{id}");
        let (method, path, body) = match op {
            "ticket-create" => (
                Method::POST,
                "/tickets".to_owned(),
                json!({"customer_id": QUILLFEATHER, "subject": "faulty", "user_id": 81_204}),
            ),
            "ticket-update" => (Method::PUT, ticket(32_181, ""), json!({"priority": "4 Urgent"})),
            "ticket-delete" => (Method::DELETE, ticket(32_180, ""), Value::Null),
            "appointment-create" => (
                Method::POST,
                "/appointments".to_owned(),
                json!({
                    "summary": "faulty", "start_at": LATER, "end_at": "2027-07-01T16:00:00Z",
                    "ticket_id": BILLABLE, "appointment_type_id": 61_301,
                }),
            ),
            "appointment-update" => (
                Method::PUT,
                appointment(&self.moved),
                json!({"start_at": LATER, "end_at": "2027-07-01T16:00:00Z"}),
            ),
            "appointment-delete" => (Method::DELETE, appointment(&self.cancelled), Value::Null),
            "timer-add" => (
                Method::POST,
                ticket(32_181, "timer_entry"),
                json!({"start_at": LATER, "duration_minutes": 30, "notes": "faulty"}),
            ),
            "timer-update" => (
                Method::PUT,
                ticket(32_168, "update_timer_entry"),
                json!({"timer_entry_id": self.stopped, "duration_minutes": 60}),
            ),
            "timer-charge" => (
                Method::POST,
                ticket(32_165, "charge_timer_entry"),
                json!({"timer_entry_id": self.charged}),
            ),
            _ => (
                Method::POST,
                ticket(32_162, "delete_timer_entry"),
                json!({"timer_entry_id": self.dropped}),
            ),
        };
        let body = (method != Method::DELETE).then_some(body);
        self.bench.try_send(method, &path, body).await
    }

    /// The records that the write has made, or one for a change that is there.
    async fn landed(&self, op: &str) -> usize {
        let bench = &self.bench;
        let gone = |status: u16| usize::from(status == 404);
        let appointment = |id: &Value| format!("/appointments/{id}");
        match op {
            "ticket-create" => {
                let path = format!("/tickets?customer_id={QUILLFEATHER}");
                count(&bench.get(&path).await["tickets"], |one| one["subject"] == "faulty")
            }
            "ticket-update" => usize::from(bench.ticket(32_181).await["priority"] == "4 Urgent"),
            "ticket-delete" => gone(bench.status(&format!("/tickets/{}", ticket_id(32_180))).await),
            "appointment-create" => {
                let list = bench.get("/appointments?date_from=2027-07-01").await;
                count(&list["appointments"], |one| one["appointment"]["summary"] == "faulty")
            }
            "appointment-update" => {
                let there = bench.get(&appointment(&self.moved)).await;
                usize::from(there["appointment"]["start_at"] == LATER)
            }
            "appointment-delete" => gone(bench.status(&appointment(&self.cancelled)).await),
            "timer-add" => {
                let timers = bench.ticket(32_181).await["ticket_timers"].take();
                count(&timers, |one| one["notes"] == "faulty")
            }
            "timer-update" => {
                let timers = bench.ticket(32_168).await["ticket_timers"].take();
                usize::from(timers[0]["active_duration"] == 3600)
            }
            "timer-charge" => count(&bench.ticket(32_165).await["line_items"], |_| true),
            _ => usize::from(bench.ticket(32_162).await["ticket_timers"] == json!([])),
        }
    }
}

fn count(list: &Value, is: impl Fn(&Value) -> bool) -> usize {
    list.as_array().unwrap().iter().filter(|one| is(one)).count()
}

#[tokio::test]
async fn every_kind_strikes_every_write() {
    for (kind, lands) in KINDS {
        let desk = Desk::new(kind).await;
        for (op, _) in WRITES {
            assert_eq!(desk.landed(op).await, 0, "{op}");
            let answer = desk.write(op).await;
            assert_eq!(desk.landed(op).await, usize::from(lands), "{op}={kind}");
            worth_nothing(op, kind, answer);
        }
        let struck = desk.bench.log();
        let struck: Vec<&Value> = struck.iter().filter(|line| line["fault"].is_string()).collect();
        assert_eq!(struck.len(), WRITES.len(), "{kind}");
        assert!(struck.iter().all(|line| line["applied"] == lands), "{kind}");
    }
}

/// The answer is what the kind of fault makes of it.
fn worth_nothing(op: &str, kind: &str, answer: Answer) {
    // "truncated": an empty answer has nothing to be cut off, but its length is wrong all the same.
    if kind.starts_with("close") || kind.starts_with("reset") || kind == "truncated" {
        assert!(answer.is_err(), "{op}={kind}");
        return;
    }
    let (status, text) = answer.unwrap();
    let named: Option<u16> = kind.get(..3).and_then(|digits| digits.parse().ok());
    assert_eq!(status, named.unwrap_or(200), "{op}={kind}");
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    for name in ["ticket", "appointment"] {
        assert!(!value[name]["id"].is_number(), "{op}={kind}: {text}");
    }
    assert!(!value["id"].is_number(), "{op}={kind}: {text}");
}

#[tokio::test]
async fn what_comes_late_hangs_or_lags_is_there_in_the_end() {
    let desk = Desk::new("late:30").await;
    for (op, _) in WRITES {
        assert!(desk.write(op).await.is_err(), "{op}");
        until(|| async { desk.landed(op).await == 1 }).await;
    }
    let desk = Desk::new("hang-after").await;
    for (op, _) in WRITES {
        let hung = tokio::select! {
            answer = desk.write(op) => Some(answer),
            () = until(|| async { desk.landed(op).await == 1 }) => None,
        };
        assert!(hung.is_none(), "{op}");
    }
    let mut desk = Desk::new("lag:3600000").await;
    for (op, _) in WRITES {
        assert!(desk.write(op).await.unwrap().0 < 300, "{op}");
        assert_eq!(desk.landed(op).await, 0, "{op}");
    }
    // Another server on the same account does not lag.
    desk.bench.server = start(Options::new(desk.bench.dir.path().join("state"))).unwrap();
    for (op, _) in WRITES {
        assert_eq!(desk.landed(op).await, 1, "{op}");
    }
}

#[tokio::test]
async fn done_twice_or_by_another_before() {
    let (twice, stolen) = (Desk::new("twice").await, Desk::new("stolen").await);
    for (op, records) in WRITES {
        assert!(twice.write(op).await.unwrap().0 < 300, "{op}");
        assert_eq!(twice.landed(op).await, records, "{op}");
        let (status, _) = stolen.write(op).await.unwrap();
        assert_eq!(status == 404, op.ends_with("delete"), "{op}: what is gone cannot be removed");
        assert_eq!(stolen.landed(op).await, records, "{op}");
    }
    let tickets = stolen.bench.get("/tickets").await["tickets"].take();
    assert_eq!(tickets[0]["creator_name_or_email"], "Robin Ashgrove");
    assert_eq!(tickets[1]["creator_name_or_email"], "Mika Thornquist");
    let ticket = stolen.bench.ticket(32_165).await;
    let lines = ticket["line_items"].as_array().unwrap();
    assert_eq!((&lines[0]["user_id"], &lines[1]["user_id"]), (&json!(81_207), &json!(81_204)));
    assert!(lines.iter().all(|line| line["product_id"] == REMOTE));
    assert_eq!(ticket["ticket_timers"][0]["ticket_line_item_id"], lines[1]["id"]);
}

#[tokio::test]
async fn another_record_is_answered_with() {
    let desk = Desk::new("wrong-id").await;
    for (op, name, own) in [
        ("ticket-create", "ticket", &Value::Null),
        ("ticket-update", "ticket", &json!(BILLABLE)),
        ("appointment-create", "appointment", &Value::Null),
        ("appointment-update", "appointment", &desk.moved),
        ("timer-add", "", &Value::Null),
        ("timer-update", "", &desk.stopped),
        ("timer-charge", "", &desk.charged),
    ] {
        let (_, text) = desk.write(op).await.unwrap();
        assert_eq!(desk.landed(op).await, 1, "{op}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        let record = if name.is_empty() { &answer } else { &answer[name] };
        assert!(record["id"].is_number(), "{op}: {text}");
        assert_ne!(record["id"], *own, "{op}");
        for text in ["subject", "summary", "notes"] {
            assert_ne!(record[text], "faulty", "{op}");
        }
    }
    let bench = Bench::with(&[
        "appointments=wrong-id",
        "appointment=wrong-id",
        "users=wrong-id",
        "search=wrong-id",
    ]);
    let wrong = bench.get("/appointments").await["appointments"].take();
    let right = bench.get("/appointments").await["appointments"].take();
    let id = |list: &Value| list[3]["appointment"]["id"].clone();
    assert_ne!(id(&wrong), id(&right));
    let path = format!("/appointments/{}", id(&right));
    assert_ne!(bench.get(&path).await["appointment"]["id"], id(&right));
    assert_eq!(bench.get("/users").await["users"][0], json!([81_191, "Petra Vanterpool"]));
    let found = bench.get("/search?query=gift%20receipts").await;
    assert_eq!(found["results"][0]["table"]["_id"], BILLABLE + 1);
}

#[tokio::test]
async fn reads_are_struck_by_their_own_names() {
    for (op, path) in [
        ("tickets", "/tickets"),
        ("appointments", "/appointments"),
        ("appointment", "/appointments/5560900000"),
        ("users", "/users"),
        ("users", "/users/81207"),
        ("search", "/search?query=x"),
        ("settings", "/tickets/settings"),
        ("timers", "/ticket_timers"),
    ] {
        let bench = Bench::with(&[&format!("{op}=503-before")]);
        bench.get("/me").await;
        assert_eq!(bench.status(path).await, 503, "{op}");
        assert_eq!(bench.status(path).await, 200, "{op}");
    }
}

#[tokio::test]
async fn timer_means_all_that_is_written_about_timers() {
    let desk = Desk::with(&["timer@*=500-before", "timer-charge@2=422"]).await;
    for (op, _) in WRITES {
        let (status, _) = desk.write(op).await.unwrap();
        assert_eq!(status == 500, op.starts_with("timer"), "{op}");
        assert_eq!(desk.landed(op).await, usize::from(status != 500), "{op}");
    }
}

#[tokio::test]
async fn the_colleague_opens_a_ticket_like_it() {
    for (deed, subject) in [("ticket", "faulty again"), ("same-ticket", "faulty")] {
        let desk = Desk::new(&format!("then-colleague:{deed}")).await;
        let (_, text) = desk.write("ticket-create").await.unwrap();
        let ours: Value = serde_json::from_str(&text).unwrap();
        let newest = desk.bench.get("/tickets").await["tickets"][0].take();
        assert_eq!(newest["subject"], subject);
        assert_eq!(newest["customer_id"], QUILLFEATHER);
        assert_eq!(newest["user_id"], 81_207);
        assert_eq!(newest["creator_name_or_email"], "Mika Thornquist");
        assert_ne!(newest["id"], ours["ticket"]["id"]);
    }
    // Also while somebody only looks.
    let bench = Bench::with(&["ticket=then-colleague:ticket", "tickets=then-colleague:comment"]);
    bench.get(&format!("/tickets/{BILLABLE}")).await;
    let newest = bench.get("/tickets").await["tickets"][0].take();
    assert_eq!(newest["subject"], "Till will not print gift receipts again");
}

#[tokio::test]
async fn what_the_colleague_adds_to_a_new_ticket_is_on_it() {
    let desk = Desk::new("then-colleague:timer").await;
    let (_, text) = desk.write("ticket-create").await.unwrap();
    let ours: Value = serde_json::from_str(&text).unwrap();
    let path = format!("/tickets/{}", ours["ticket"]["id"]);
    let timers = desk.bench.get(&path).await["ticket"]["ticket_timers"].take();
    assert_eq!(timers[0]["user_id"], 81_207);
}

#[tokio::test]
async fn the_colleague_is_busy_in_the_calendar() {
    let of_that_day = |bench: &Bench| {
        let path = bench.url("/appointments?date_from=2027-07-01&date_to=2027-07-01");
        let request = bench.client.get(path).bearer_auth(syncro::sandbox::KEY);
        async move {
            let text = request.send().await.unwrap().text().await.unwrap();
            let list: Value = serde_json::from_str(&text).unwrap();
            list["appointments"].as_array().unwrap().clone()
        }
    };
    let desk = Desk::new("then-colleague:appointment").await;
    desk.write("appointment-create").await.unwrap();
    let both = of_that_day(&desk.bench).await;
    assert_eq!(both.len(), 2);
    let other = &both[1]["appointment"];
    assert_eq!((&other["user_id"], &other["ticket_id"]), (&json!(81_204), &Value::Null));
    assert_eq!(other["start_at"], "2027-07-01T15:30:00.000Z", "in the middle of ours");

    let desk = Desk::new("then-colleague:same-appointment").await;
    desk.write("appointment-create").await.unwrap();
    let both = of_that_day(&desk.bench).await;
    let (ours, theirs) = (&both[0]["appointment"], &both[1]["appointment"]);
    for same in ["summary", "start_at", "end_at", "ticket_id", "customer_id", "appointment_type_id"]
    {
        assert_eq!(ours[same], theirs[same], "{same}");
    }
    assert_eq!((&ours["user_id"], &theirs["user_id"]), (&json!(81_204), &json!(81_207)));
    assert_ne!(ours["id"], theirs["id"]);
}

#[tokio::test]
async fn the_colleague_moves_what_the_request_is_about() {
    let desk = Desk::new("then-colleague:move").await;
    let (_, text) = desk.write("appointment-update").await.unwrap();
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(told["appointment"]["start_at"], LATER, "the answer came before");
    let path = format!("/appointments/{}", desk.moved);
    let there = desk.bench.get(&path).await["appointment"].take();
    assert_eq!(there["start_at"], "2027-07-01T16:00:00.000Z");
    assert_eq!(there["end_at"], "2027-07-01T17:00:00.000Z");

    let desk = Desk::with(&["appointment=then-colleague:move"]).await;
    let path = format!("/appointments/{}", desk.moved);
    let before = desk.bench.get(&path).await["appointment"]["start_at"].take();
    let after = desk.bench.get(&path).await["appointment"]["start_at"].take();
    assert_ne!(before, after);

    // Of a list it is the next one of one's own.
    let bench = Bench::with(&["appointments=then-colleague:move"]);
    let before = bench.get("/appointments?date_from=2026-04-01").await["appointments"].take();
    let after = bench.get("/appointments?date_from=2026-04-01").await["appointments"].take();
    let by_id = |list: &Value, id: &Value| {
        let all = list.as_array().unwrap();
        let found = all.iter().find(|one| one["appointment"]["id"] == *id).unwrap();
        found["appointment"]["start_at"].clone()
    };
    let moved: Vec<&Value> = before
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["appointment"]["start_at"] != by_id(&after, &one["appointment"]["id"]))
        .collect();
    assert_eq!(moved.len(), 1);
    assert_eq!(moved[0]["appointment"]["user_id"], 81_204);
    assert_eq!(moved[0]["appointment"]["summary"], "New starter: account and laptop");
}
