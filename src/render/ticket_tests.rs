//! The ticket page of an invented bakery, at 80 and 200 columns and in a pipe.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::*;

struct Records {
    ticket: Record<Ticket>,
    comments: Vec<Record<Comment>>,
    customer: Record<Customer>,
    invoices: Vec<Record<Invoice>>,
    closed: Vec<String>,
}

fn record<T: DeserializeOwned>(raw: Value) -> Record<T> {
    Record::read(raw).unwrap()
}

impl Records {
    fn bakery(comments: usize) -> Self {
        Self {
            ticket: record(json!({
                "id": 108_443_837, "number": 32181, "status": "In Progress", "priority": "2 Normal",
                "subject": "Printer in the front office prints blank pages only",
                "customer_id": 4711, "customer_business_then_name": "Nordlys Bakeri",
                "problem_type": "Hardware", "user_id": 12, "user": {"id": 12, "full_name": "Sam Eksempel"},
                "contact": {"id": 5, "name": "Kim Prøve", "email": "kim@example.com", "phone": "555-0100"},
                "created_at": "2026-11-18T09:00:00+01:00", "updated_at": "2026-11-19T12:05:00+01:00",
                "due_date": "2026-11-20T16:00:00+01:00",
                "line_items": [
                    {"id": 1, "name": "Labor - Remote", "description": "Looked at the printer", "quantity": "0.5",
                     "price_retail": "120.0", "taxable": false, "converted": true},
                    {"id": 2, "name": "Labor - Onsite",
                     "description": "Replaced the roller, cleaned the drum and printed a test page for the office",
                     "quantity": "1.2500", "price_retail": "1395.5", "taxable": false},
                    {"id": 3, "name": "Travel", "description": "", "quantity": "1", "price_retail": 0, "taxable": true},
                ],
                "ticket_timers": [
                    {"id": 1, "start_time": "2026-11-18T10:00:00+01:00", "end_time": "2026-11-18T10:30:00+01:00",
                     "recorded": true, "notes": "Remote look"},
                    {"id": 2, "start_time": "2026-11-19T12:00:00+01:00", "end_time": null, "notes": "On site"},
                ],
                "appointments": [
                    {"id": 5_560_000_001_u64, "summary": "Replace roller", "location": "Storgata 1",
                     "start_at": "2026-11-19T12:00:00+01:00", "end_at": "2026-11-19T13:30:00+01:00"},
                ],
            })),
            comments: (1..=comments)
                .rev()
                .map(|number| {
                    record(json!({
                        "id": number, "subject": "Update", "tech": "Sam Eksempel", "hidden": number % 2 == 0,
                        "created_at": "2026-11-19T12:00:00+01:00",
                        "body": format!("Comment {number}: the roller is worn, a new one was ordered<br>and will be \
                            here by Friday. \u{1b}[31mRed\u{1b}[0m text stays calm."),
                    }))
                })
                .collect(),
            customer: record(json!({
                "id": 4711, "business_then_name": "Nordlys Bakeri", "prepay_hours": "12.50",
            })),
            invoices: vec![record(json!({
                "id": 9, "number": "20417", "total": "75.00", "is_paid": true, "ticket_id": 108_443_837,
            }))],
            closed: vec!["Resolved".to_owned()],
        }
    }

    fn show(&self, look: &Look) -> String {
        let page = TicketPage {
            ticket: &self.ticket,
            comments: &self.comments,
            comment_count: u64::try_from(self.comments.len()).ok(),
            customer: Some(&self.customer),
            invoices: &self.invoices,
            unmarked: &Unmarked::new(),
            closed: &self.closed,
        };
        ticket_page(&page, look)
    }
}

fn look(width: Option<usize>) -> Look {
    Look {
        width,
        zone: TimeZone::get("Europe/Oslo").unwrap(),
        now: "2026-11-19T14:05:00+01:00".parse::<Timestamp>().unwrap(),
        colour: false,
        all_comments: false,
        links: false,
        address: None,
    }
}

fn widest(page: &str) -> usize {
    page.lines().map(columns).max().unwrap_or(0)
}

#[test]
fn eighty_columns() {
    assert_eq!(
        Records::bakery(2).show(&look(Some(80))),
        "\
#32181  In Progress  2 Normal
Printer in the front office prints blank pages only
Customer   Nordlys Bakeri (4711)
Contact    Kim Prøve, kim@example.com, 555-0100
Assignee   Sam Eksempel
Issue type Hardware
Created    Wed 2026-11-18 09:00 CET  (1 day ago)
Updated    Thu 2026-11-19 12:05  (2 h ago)
Due        Fri 2026-11-20 16:00  (in 1 day)

Comments (2, oldest first)

  Sam Eksempel  public  Thu 2026-11-19 12:00  (2 h ago)
  Update
    Comment 1: the roller is worn, a new one was ordered
    and will be here by Friday. Red text stays calm.

  Sam Eksempel  private  Thu 2026-11-19 12:00  (2 h ago)
  Update
    Comment 2: the roller is worn, a new one was ordered
    and will be here by Friday. Red text stays calm.

Line items
   Qty      Price     Amount  Tax  Invoiced  Item
   0.5    $120.00     $60.00  no   yes       Labor - Remote: Looked at the prin…
  1.25  $1,395.50  $1,744.38  no   no        Labor - Onsite: Replaced the rolle…
     1      $0.00      $0.00  yes  no        Travel

Timers
  charged  Wed 2026-11-18 10:00-10:30     30 min  Remote look
  RUNNING  Thu 2026-11-19 12:00        2 h 5 min  On site

Appointments
  Thu 2026-11-19 12:00-13:30  Replace roller, Storgata 1  5560000001

Billing
  Open     $1,744.38 uninvoiced in 2 lines
  Invoice  #20417  $75.00  paid
  Prepaid  12.5 h left
"
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut records = Records::bakery(37);
    records.ticket.view.subject = "プリンターが動かない ".repeat(9);
    records.comments[0].view.body = "מדפסת ".repeat(60) + &"https://example.com/".repeat(20);
    records.comments[1].view.tech = "長い名前".repeat(20);
    for width in [40, 80, 200] {
        for all_comments in [false, true] {
            let look = Look { all_comments, ..look(Some(width)) };
            let page = records.show(&look);
            assert!(widest(&page) <= width, "{width}: {page}");
        }
    }
}

#[test]
fn two_hundred_columns_show_subject_and_items_whole() {
    let page = Records::bakery(1).show(&look(Some(200)));
    assert!(page.starts_with(
        "#32181  In Progress  2 Normal   Printer in the front office prints blank pages only\n"
    ));
    assert!(page.contains("and printed a test page for the office\n"));
}

#[test]
fn the_last_five_of_thirty_seven_comments() {
    let records = Records::bakery(37);
    let page = records.show(&look(Some(80)));
    assert!(page.contains("Comments (37, oldest first)"));
    assert!(page.contains("Comment 33:") && !page.contains("Comment 32:"));
    assert!(page.contains("\n  32 earlier; --all-comments\n"));
    let all = Look { all_comments: true, ..look(Some(80)) };
    let page = records.show(&all);
    assert!(page.contains("Comment 1:") && !page.contains("--all-comments"));
}

#[test]
fn a_pipe_is_not_cut() {
    let mut records = Records::bakery(1);
    records.comments[0].view.body = "long ".repeat(100);
    let page = records.show(&look(None));
    assert!(page.contains(&"long ".repeat(99)));
    assert!(page.contains("and printed a test page for the office\n"));
}

#[test]
fn a_bare_ticket_has_a_short_page() {
    let ticket = record(json!({
        "id": 1, "number": "7", "status": "Resolved", "line_items": [], "ticket_timers": [],
    }));
    let page = TicketPage {
        ticket: &ticket,
        comments: &[],
        comment_count: Some(0),
        customer: None,
        invoices: &[],
        unmarked: &Unmarked::new(),
        closed: &["Resolved".to_owned()],
    };
    assert_eq!(
        ticket_page(&page, &look(Some(80))),
        "#7  Resolved\nAssignee   unassigned\n\nNo comments\n\nBilling\n  Open     nothing uninvoiced\n"
    );
}

#[test]
fn colour_changes_nothing_but_colour() {
    let records = Records::bakery(7);
    let colour = Look { colour: true, ..look(Some(80)) };
    let painted = records.show(&colour);
    assert!(painted.contains("\u{1b}["));
    assert_eq!(sanitise::text(&painted), records.show(&look(Some(80))));
}
