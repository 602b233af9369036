//! A new account lives in the present; a test can name its first day.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Bench;

fn instants(records: &[Value], field: &str) -> Vec<Timestamp> {
    records.iter().filter_map(|one| one[field].as_str()?.parse().ok()).collect()
}

fn records(bench: &Bench, table: &str) -> Vec<Value> {
    bench.table(table).into_iter().map(|(_, record)| record).collect()
}

#[tokio::test]
async fn a_new_account_lives_in_the_present() {
    let before = Timestamp::now();
    let bench = Bench::options(|options| options.first_day = None);
    let day = SignedDuration::from_hours(24);
    let newest =
        |table: &str| instants(&records(&bench, table), "created_at").into_iter().max().unwrap();
    for table in ["tickets", "comments", "lines", "invoices"] {
        let age = before.duration_since(newest(table));
        assert!(age >= SignedDuration::ZERO && age < day * 4, "{table}: {age}");
    }
    let age = before.duration_since(newest("timers"));
    assert!(age < SignedDuration::from_mins(26), "{age}");
    let oldest = instants(&records(&bench, "tickets"), "created_at").into_iter().min().unwrap();
    assert!(before.duration_since(oldest) < day * 60, "{oldest}");

    let visits = records(&bench, "appointments");
    let starts = instants(&visits, "start_at");
    assert_eq!(starts.len(), visits.len());
    let chicago = TimeZone::get("America/Chicago").unwrap();
    for start in &starts {
        let weekday = start.to_zoned(chicago.clone()).weekday();
        assert!(!matches!(weekday, Weekday::Saturday | Weekday::Sunday), "{start}");
    }
    assert!(starts.iter().filter(|start| **start > before).count() > 10);
}

#[tokio::test]
async fn a_named_first_day_makes_all_dates_the_same() {
    let bench = Bench::options(|options| options.first_day = "2026-04-14".parse().ok());
    assert_eq!(bench.ticket(32_181).await["created_at"], "2026-04-14T09:00:00.000Z");
    let invoice = bench.get("/invoices/67409").await["invoice"].take();
    assert_eq!(invoice["date"], "2026-04-12T00:00:00.000Z");
    let patches = bench.get("/customer_assets/12390017/patches").await;
    assert_eq!(patches["installed_patches"][0]["installed_at"], "2026-03-29T03:10:00.000Z");
}
