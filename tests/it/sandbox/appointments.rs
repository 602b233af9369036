//! Appointments listed, made, moved and removed, as the server does it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use reqwest::Method;
use serde_json::{Value, json};

use super::{BILLABLE, Bench, QUILLFEATHER, ticket_id};

fn chicago() -> TimeZone {
    TimeZone::get("America/Chicago").unwrap()
}

/// The appointments of an answer, without their wrapping.
fn unwrapped(answer: &Value) -> Vec<Value> {
    assert!(answer.get("meta").is_none());
    let all = answer["appointments"].as_array().unwrap();
    all.iter().map(|one| one["appointment"].clone()).collect()
}

fn start(appointment: &Value) -> Timestamp {
    appointment["start_at"].as_str().unwrap().parse().unwrap()
}

fn end(appointment: &Value) -> Timestamp {
    appointment["end_at"].as_str().unwrap().parse().unwrap()
}

async fn coming(bench: &Bench) -> Vec<Value> {
    let today = Zoned::now().with_time_zone(chicago()).date();
    let last = today.checked_add(SignedDuration::from_hours(14 * 24)).unwrap();
    let path = format!("/appointments?date_from={today}&date_to={last}");
    unwrapped(&bench.get(&path).await)
}

async fn mails(bench: &Bench) -> Vec<Value> {
    let state = std::fs::read(bench.dir.path().join("state").join("state.json")).unwrap();
    let state: Value = serde_json::from_slice(&state).unwrap();
    let mailed = state["tables"]["mailed"].as_object();
    mailed.map_or_else(Vec::new, |rows| rows.values().cloned().collect())
}

#[tokio::test]
async fn the_coming_fortnight_has_something_to_move() {
    let bench = Bench::new();
    let coming = coming(&bench).await;
    assert!(coming.iter().all(|one| one["id"].as_i64().unwrap() > 5_560_000_000));
    let customers: std::collections::BTreeSet<i64> =
        coming.iter().filter_map(|one| one["customer_id"].as_i64()).collect();
    assert!(customers.len() > 5, "{customers:?}");
    assert!(coming.iter().any(|one| one["ticket"]["number"].is_number()));
    assert!(coming.iter().any(|one| one["ticket"].is_null()));
    assert!(coming.iter().any(|one| one["customer"].is_null()));
    assert!(coming.iter().any(|one| one["user_id"].is_null()));
    assert!(coming.iter().any(|one| one["all_day"] == true));
    let overlapping = coming.windows(2).any(|pair| {
        pair[0]["user_id"] == 81_204
            && pair[0]["user_id"] == pair[1]["user_id"]
            && start(&pair[1]) < end(&pair[0])
    });
    assert!(overlapping, "two at once in one calendar");
    let twice =
        coming.iter().filter(|one| one["customer"]["business_name"] == "Brindlewood Dental");
    assert_eq!(twice.count(), 2);
    let today = Zoned::now().with_time_zone(chicago()).date();
    let before = today.checked_sub(SignedDuration::from_hours(4 * 24)).unwrap();
    let yesterday = today.yesterday().unwrap();
    let path = format!("/appointments?date_from={before}&date_to={yesterday}");
    assert_eq!(unwrapped(&bench.get(&path).await).len(), 2);
}

#[tokio::test]
async fn the_list_knows_two_days_a_user_and_pages() {
    let bench = Bench::new();
    let all = unwrapped(&bench.get("/appointments").await);
    let starts: Vec<Timestamp> = all.iter().map(start).collect();
    assert!(starts.is_sorted());
    let other = format!("/appointments?customer_id={QUILLFEATHER}&start_at=2026-03-19&ticket_id=1");
    assert_eq!(unwrapped(&bench.get(&other).await).len(), all.len(), "these do not filter");
    let mine = unwrapped(&bench.get("/appointments?mine=true").await);
    assert!(mine.len() < all.len());
    let has_part = |one: &Value| {
        one["user_id"] == 81_204 || one["user_ids"].as_array().unwrap().contains(&json!(81_204))
    };
    assert!(mine.iter().all(has_part));
    assert_eq!(mine.len(), all.iter().filter(|one| has_part(one)).count());

    // A day is one in Chicago: from 05:00 to 05:00.
    for (at, found) in [
        ("2027-07-01T04:59:00Z", 0),
        ("2027-07-01T05:00:00Z", 1),
        ("2027-07-02T04:59:00Z", 2),
        ("2027-07-02T05:00:00Z", 2),
    ] {
        let body = json!({"summary": "edge", "start_at": at, "end_at": "2027-07-02T06:00:00Z"});
        assert_eq!(bench.post("/appointments", body).await.0, 201);
        let day = bench.get("/appointments?date_from=2027-07-01&date_to=2027-07-01").await;
        assert_eq!(unwrapped(&day).len(), found, "{at}");
    }
    let small = Bench::options(|options| options.list_page = 8);
    let first = unwrapped(&small.get("/appointments").await);
    let second = unwrapped(&small.get("/appointments?page=2").await);
    assert_eq!(first.len(), 8);
    assert!(second.iter().all(|one| !first.contains(one)));
    assert_eq!(unwrapped(&small.get("/appointments?page=9").await), Vec::<Value>::new());
}

#[tokio::test]
async fn an_appointment_needs_a_summary_and_a_start() {
    let bench = Bench::new();
    let before = unwrapped(&bench.get("/appointments").await).len();
    let (status, refused) = bench.post("/appointments", json!({"location": "here"})).await;
    assert_eq!(status, 422);
    assert_eq!(refused["success"], false);
    let said = "Summary can't be blank,Start at can't be blank,End at can't be blank";
    assert_eq!((&refused["error"], &refused["message"]), (&json!(said), &json!(said)));
    assert_eq!(refused["params"], json!({"location": "here"}));
    for wrong in [
        json!({"summary": "s", "start_at": "soon"}),
        json!({"summary": " ", "start_at": "2027-07-01T15:00:00Z"}),
        json!({"summary": "s", "start_at": "2027-07-01T15:00:00Z", "ticket_id": 5}),
        json!({"summary": "s", "start_at": "2027-07-01T15:00:00Z", "customer_id": 5}),
        json!({"summary": "s", "start_at": "2027-07-01T15:00:00Z", "user_id": 5}),
    ] {
        assert_eq!(bench.post("/appointments", wrong.clone()).await.0, 422, "{wrong}");
    }
    assert_eq!(unwrapped(&bench.get("/appointments").await).len(), before);
}

#[tokio::test]
async fn a_new_appointment_fills_itself_in() {
    let bench = Bench::new();
    let (status, made) = bench
        .post(
            "/appointments",
            json!({
                "summary": "Gift receipts",
                "description": "Bring the cable.",
                "start_at": "2027-07-01T10:00:00-05:00",
                "end_at": "2027-07-01T16:30:00Z",
                "ticket_id": BILLABLE,
                "appointment_type_id": 61_301,
                "user_ids": [81_207],
                "all_day": false,
                "do_not_email": true,
            }),
        )
        .await;
    assert_eq!(status, 201);
    let one = &made["appointment"];
    assert!(one["id"].as_i64().unwrap() > 5_560_000_000);
    for (field, value) in [
        ("customer_id", json!(QUILLFEATHER)),
        ("start_at", json!("2027-07-01T15:00:00.000Z")),
        ("end_at", json!("2027-07-01T16:30:00.000Z")),
        ("start_at_label", json!("Thu 07-01-27 10:00 AM")),
        ("user_id", json!(81_204)),
        ("user_ids", json!([81_207])),
        ("location", json!("12 Lantern Street, Larkham")),
        ("do_not_email", json!("1")),
        ("all_day", json!(false)),
    ] {
        assert_eq!(one[field], value, "{field}");
    }
    assert_eq!(one["duration"].to_string(), "1.5");
    assert_eq!(one["ticket"]["number"], 32_181);
    assert_eq!(one["customer"]["business_name"], "Quillfeather Books");
    let description = one["description"].as_str().unwrap();
    assert!(description.starts_with("Bring the cable."), "{description}");
    assert!(description.contains("Quillfeather Books"), "{description}");
    let path = format!("/appointments/{}", one["id"]);
    assert_eq!(bench.get(&path).await, made);
    assert_eq!(bench.ticket(32_181).await["appointments"][0]["id"], one["id"]);

    let short =
        json!({"summary": "s", "start_at": "2027-07-01T15:00:00Z", "appointment_type_id": 61_302});
    let (_, made) = bench.post("/appointments", short).await;
    assert_eq!(made["appointment"]["end_at"], "2027-07-01T16:00:00.000Z");
    assert_eq!(made["appointment"]["duration"], 1);
    assert_eq!(made["appointment"]["location"], "Remote");
    assert_eq!(made["appointment"]["customer"], Value::Null);
}

#[tokio::test]
async fn a_put_needs_the_start_and_forgets_what_has_a_default() {
    let bench = Bench::new();
    let all = coming(&bench).await;
    let whole_day = all.iter().find(|one| one["all_day"] == true).unwrap();
    let path = format!("/appointments/{}", whole_day["id"]);
    let (status, refused) = bench.put(&path, json!({"summary": "x"})).await;
    assert_eq!(status, 422);
    assert_eq!(refused["message"], "Start at can't be blank");
    let blank = json!({"summary": "", "start_at": "2027-07-01T15:00:00Z"});
    assert_eq!(bench.put(&path, blank).await.1["error"], "Summary can't be blank");
    assert_eq!(bench.get(&path).await["appointment"], *whole_day, "nothing was changed");

    let (status, moved) = bench.put(&path, json!({"start_at": "2027-07-01T15:00:00Z"})).await;
    assert_eq!(status, 200);
    let moved = &moved["appointment"];
    assert_eq!(moved["end_at"], "2027-07-01T16:00:00.000Z", "an hour, however long it was");
    assert_eq!(moved["all_day"], false);
    for kept in
        ["summary", "description", "location", "customer_id", "user_id", "user_ids", "ticket_id"]
    {
        assert_eq!(moved[kept], whole_day[kept], "{kept}");
    }
    let sent = json!({
        "start_at": "2027-07-02T15:00:00Z", "end_at": "2027-07-02T15:45:00Z", "all_day": true,
        "user_id": 81_207, "location": "Gate 4", "summary": "Elsewhere",
    });
    let (_, moved) = bench.put(&path, sent).await;
    assert_eq!(moved["appointment"]["duration"].to_string(), "0.75");
    assert_eq!(moved["appointment"]["all_day"], true);
    assert_eq!(moved["appointment"]["user_id"], 81_207);
    assert_eq!(moved["appointment"]["location"], "Gate 4");
    assert_eq!(bench.get(&path).await, moved);

    // Sending a description back as it came adds nothing to it.
    let body = json!({"start_at": "2027-07-02T15:00:00Z", "description": "Ladder"});
    let (_, first) = bench.put(&path, body).await;
    let text = first["appointment"]["description"].clone();
    let body = json!({"start_at": "2027-07-02T15:00:00Z", "description": text});
    let (_, second) = bench.put(&path, body).await;
    assert_eq!(second["appointment"]["description"], text);
    assert_eq!(
        bench.put("/appointments/5", json!({"start_at": "2027-07-02T15:00:00Z"})).await.0,
        404
    );
}

#[tokio::test]
async fn a_removed_appointment_is_gone_everywhere() {
    let bench = Bench::new();
    let id = bench.ticket(32_180).await["appointments"][0]["id"].take();
    let path = format!("/appointments/{id}");
    assert_eq!(bench.send(Method::DELETE, &path, None).await.0, 200);
    for method in [Method::GET, Method::DELETE] {
        let answer = bench.try_send(method, &path, None).await.unwrap();
        assert_eq!(answer, (404, String::new()));
    }
    assert_eq!(bench.ticket(32_180).await["appointments"], json!([]));
    let all = unwrapped(&bench.get("/appointments").await);
    assert!(all.iter().all(|one| one["id"] != id));
}

#[tokio::test]
async fn the_customer_is_mailed_only_when_that_was_asked_for() {
    let bench = Bench::new();
    let base = json!({
        "summary": "s", "start_at": "2027-07-01T15:00:00Z", "ticket_id": ticket_id(32_180),
    });
    let with = |more: Value| {
        let mut body = base.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for silent in [
        json!({}),
        json!({"email_customer": false}),
        json!({"do_not_email": true}),
        json!({"email_customer": true, "do_not_email": true}),
        // A customer without an address.
        json!({"email_customer": true, "ticket_id": ticket_id(32_173)}),
    ] {
        bench.post("/appointments", with(silent)).await;
    }
    assert_eq!(mails(&bench).await, Vec::<Value>::new());
    let (_, made) = bench.post("/appointments", with(json!({"email_customer": true}))).await;
    let sent = mails(&bench).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["to"], "casper@brindlewood-dental.example");
    assert_eq!(sent[0]["appointment_id"], made["appointment"]["id"]);
    let path = format!("/appointments/{}", made["appointment"]["id"]);
    bench.put(&path, json!({"start_at": "2027-07-03T15:00:00Z"})).await;
    assert_eq!(mails(&bench).await.len(), 1);
    bench.put(&path, json!({"start_at": "2027-07-04T15:00:00Z", "email_customer": true})).await;
    assert_eq!(mails(&bench).await.len(), 2);
}

#[tokio::test]
async fn the_kinds_of_appointments_have_their_own_list() {
    let bench = Bench::new();
    let kinds = bench.get("/appointment_types").await;
    let first = &kinds["appointment_types"][0];
    assert_eq!((&first["id"], &first["name"]), (&json!(61_301), &json!("Onsite visit")));
    assert_eq!(bench.get("/appointment_types/61301").await, *first);
    assert_eq!(bench.status("/appointment_types/1").await, 404);
    let settings = bench.get("/tickets/settings").await;
    assert_eq!(settings["appointment_types"][2]["id"], 61_303);
}
