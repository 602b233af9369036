//! Matching by value: every way in which a new record can stand to what was sent.

use std::collections::BTreeSet;

use jiff::civil::date;
use serde_json::{Value, json};

use syncro::api::Record;
use syncro::api::ids::TimerId;
use syncro::write::{
    Baseline, Collection, Effect, Field, MatchContext, Observation, Precondition, RecordId,
    Snapshot,
};

use super::account;

/// What is there of before and of others, and what an answer named.
#[derive(Default)]
struct Before {
    seen: BTreeSet<u64>,
    made: BTreeSet<u64>,
    named: Option<u64>,
    siblings: usize,
}

fn judged(effect: &Effect, view: &Snapshot, before: &Before) -> Observation {
    let context = MatchContext {
        seen: &before.seen,
        made: &before.made,
        account: &account(),
        named: before.named,
        siblings: before.siblings,
    };
    effect.judge(view, &context)
}

fn new_in(collection: &Collection, like: Vec<Field>, by: Option<&str>) -> Effect {
    Effect::created(collection.clone()).like(like).by(by)
}

fn shows(collection: &Collection, records: &[Value]) -> Snapshot {
    Snapshot::default().with_collection(collection.clone(), records.to_vec())
}

fn tickets() -> Collection {
    Collection::tickets(RecordId::Id(5), date(2026, 3, 17))
}

#[test]
fn a_ticket_is_ours_by_its_contents_unless_its_creator_is_named_otherwise() {
    let list = tickets();
    let like = vec![Field::new("customer_id", 5).identifying(), Field::new("subject", "No mail")];
    let effect = new_in(&list, like, Some("creator"));
    for (record, observation) in [
        (json!({"subject": "No mail"}), Observation::Found(Some(9))),
        (
            json!({"subject": "No mail", "creator": "robin@LANTERNFISH.example"}),
            Observation::Found(Some(9)),
        ),
        (json!({"subject": "No mail", "creator": 7}), Observation::Found(Some(9))),
        (json!({"subject": "No mail", "creator": 8}), Observation::Missing),
        (json!({"subject": "No mail", "creator": "Mika"}), Observation::Ambiguous(vec![9])),
        // Automation has a name and other words: it may be what became of ours.
        (json!({"subject": "Other", "creator": "Mika"}), Observation::Ambiguous(vec![9])),
        (json!({"subject": "Other"}), Observation::Ambiguous(vec![9])),
        (json!({"subject": "No mail", "customer_id": 6}), Observation::Missing),
    ] {
        let mut record = record;
        record["id"] = json!(9);
        let view = shows(&list, &[record.clone()]);
        assert_eq!(judged(&effect, &view, &Before::default()), observation, "{record}");
    }
}

#[test]
fn the_record_that_an_answer_names_is_ours_whatever_it_says() {
    let list = Collection::PAYMENTS;
    let like =
        vec![Field::new("amount", "20.00"), Field::new("invoice_ids", json!([4])).identifying()];
    let effect = new_in(&list, like, None);
    let ours = json!({"id": 11, "amount": "0.20", "invoice_ids": [4]});
    let equal =
        |id: u64, invoices: Value| json!({"id": id, "amount": "20.0", "invoice_ids": invoices});
    let named = Before { named: Some(11), ..Before::default() };
    for (others, observation) in [
        (vec![], Observation::Found(Some(11))),
        (vec![equal(12, json!([5]))], Observation::Found(Some(11))),
        (vec![equal(12, json!([4]))], Observation::Duplicates(vec![11, 12])),
        (vec![equal(12, json!([]))], Observation::Duplicates(vec![11, 12])),
        (vec![equal(12, json!([null]))], Observation::Duplicates(vec![11, 12])),
    ] {
        let records: Vec<Value> = std::iter::once(ours.clone()).chain(others).collect();
        let view = shows(&list, &records);
        assert_eq!(judged(&effect, &view, &named), observation, "{records:?}");
    }
}

/// What says nothing of whose it is may be ours, and so may what is in our own name.
#[test]
fn a_record_is_another_s_only_where_it_says_so() {
    let list = Collection::PAYMENTS;
    let payment =
        vec![Field::new("amount", 1), Field::new("invoice_ids", json!([4])).identifying()];
    let timer = vec![Field::new("amount", 1), Field::new("user_id", 8).identifying()];
    for (like, record, observation) in [
        (&payment, json!({"invoice_ids": [null]}), Observation::Found(Some(9))),
        (&payment, json!({"invoice_ids": []}), Observation::Found(Some(9))),
        (&payment, json!({"invoice_ids": [5, 4]}), Observation::Found(Some(9))),
        (&payment, json!({"invoice_ids": [5]}), Observation::Missing),
        (&timer, json!({"user_id": 8}), Observation::Found(Some(9))),
        (&timer, json!({"user_id": 7}), Observation::Ambiguous(vec![9])),
        (&timer, json!({"user_id": 6}), Observation::Missing),
    ] {
        let mut record = record;
        record["id"] = json!(9);
        record["amount"] = json!(1);
        let effect = new_in(&list, like.clone(), None);
        let view = shows(&list, &[record.clone()]);
        assert_eq!(judged(&effect, &view, &Before::default()), observation, "{record}");
    }
}

#[test]
fn of_a_cut_list_absence_needs_its_upper_end_to_reach_what_was_there() {
    let list = Collection::PAYMENTS;
    let effect = new_in(&list, vec![Field::new("amount", 1)], None);
    let before = Before { seen: [10].into(), ..Before::default() };
    for (lowest, observation) in [
        (10, Observation::Missing),
        (11, Observation::Missing),
        (12, Observation::Ambiguous(Vec::new())),
    ] {
        let view = Snapshot::default().with_ends(list.clone(), Vec::new(), lowest);
        assert_eq!(judged(&effect, &view, &before), observation, "{lowest}");
    }
}

#[test]
fn two_alike_in_the_same_doubt_are_one_each() {
    let list = Collection::contacts(RecordId::Id(5));
    let effect = new_in(&list, vec![Field::new("name", "Ada")], None);
    let two = shows(&list, &[json!({"id": 4, "name": "Ada"}), json!({"id": 3, "name": "Ada"})]);
    let alone = Before::default();
    assert_eq!(judged(&effect, &two, &alone), Observation::Duplicates(vec![4, 3]));
    let beside = Before { siblings: 1, ..Before::default() };
    assert_eq!(judged(&effect, &two, &beside), Observation::Found(Some(3)));
    let made = Before { made: [3].into(), ..Before::default() };
    assert_eq!(judged(&effect, &two, &made), Observation::Found(Some(4)));
    let seen = Before { seen: [3, 4].into(), ..Before::default() };
    assert_eq!(judged(&effect, &two, &seen), Observation::Missing);
}

/// A timer is charged when it says so and there is one line more; one without the other is neither.
#[test]
fn half_a_charge_is_no_charge_and_no_absence() {
    let effect = Effect::TimerCharged {
        timer: TimerId(30).into(),
        like: vec![Field::new("product_id", 17)],
        check: Vec::new(),
        stops: false,
    };
    let line = json!({"id": 40, "product_id": 17, "user_id": 7});
    let named = json!({"id": 40, "user_id": 7});
    let (yes, no, odd) = (json!(true), json!(false), json!("perhaps"));
    for (recorded, line_of, lines, observation) in [
        (&yes, None, vec![line.clone()], Observation::Found(Some(40))),
        (&yes, Some(40), vec![named.clone()], Observation::Found(Some(40))),
        (&yes, None, vec![named.clone()], Observation::Ambiguous(vec![40])),
        (&yes, None, vec![], Observation::Ambiguous(Vec::new())),
        (&no, None, vec![line.clone()], Observation::Ambiguous(vec![40])),
        (&no, None, vec![], Observation::Missing),
        // One that names its line is charged, marked or not.
        (&no, Some(40), vec![named.clone()], Observation::Found(Some(40))),
        (&no, Some(40), vec![], Observation::Ambiguous(Vec::new())),
        // Of one whose mark cannot be read nobody knows that it is not: it is never charged again.
        (&odd, Some(40), vec![named], Observation::Found(Some(40))),
        (&odd, None, vec![line], Observation::Ambiguous(vec![40])),
        (&odd, None, vec![], Observation::Ambiguous(Vec::new())),
    ] {
        let ticket = json!({
            "id": 1, "number": "32181", "subject": "x", "status": "New",
            "ticket_timers": [{"id": 30, "user_id": 7, "recorded": recorded, "ticket_line_item_id": line_of}],
            "line_items": lines,
        });
        let view = Snapshot::default().with_ticket(Record::read(ticket.clone()).unwrap());
        assert_eq!(judged(&effect, &view, &Before::default()), observation, "{ticket}");
    }
    let gone = Snapshot::default();
    assert_eq!(judged(&effect, &gone, &Before::default()), Observation::Ambiguous(Vec::new()));
}

/// What a charge rests on: that nobody has charged the entry or marked it. Where that cannot be read, it does not hold.
#[test]
fn a_charge_rests_on_marks_that_can_be_read() {
    let timer = || RecordId::from(TimerId(30));
    let given =
        [Precondition::NotCharged { timer: timer() }, Precondition::Billable { timer: timer() }];
    for (entry, holds) in [
        (json!({"recorded": false, "billable": true}), [true, true]),
        (json!({"recorded": true, "billable": false}), [false, false]),
        (json!({"recorded": false, "ticket_line_item_id": 40}), [false, true]),
        (json!({"recorded": "perhaps", "billable": "perhaps"}), [false, false]),
        (json!({"ticket_line_item_id": "nine", "billable_time": "1,5"}), [false, false]),
    ] {
        let mut entry = entry;
        entry["id"] = json!(30);
        let ticket = json!({
            "id": 1, "number": "32181", "subject": "x", "status": "New", "ticket_timers": [entry],
        });
        let view = Snapshot::default().with_ticket(Record::read(ticket.clone()).unwrap());
        let is = given.clone().map(|given| given.holds(&view, &Baseline::default()).is_ok());
        assert_eq!(is, holds, "{ticket}");
    }
}

/// A stop that was to charge: a timer that has ended is neither charged nor running, so that the stop is not sent again.
#[test]
fn a_stop_without_a_charge_is_no_absence() {
    let effect = Effect::TimerCharged {
        timer: TimerId(30).into(),
        like: vec![Field::new("product_id", 17)],
        check: Vec::new(),
        stops: true,
    };
    let line = json!({"id": 40, "product_id": 17, "user_id": 7});
    let ended = json!("2026-03-17T14:00:00Z");
    let unclear = || Observation::Ambiguous(Vec::new());
    for (recorded, end, lines, observation) in [
        (json!(false), ended.clone(), vec![], unclear()),
        (json!(false), Value::Null, vec![], Observation::Missing),
        (json!("perhaps"), Value::Null, vec![], unclear()),
        (json!("perhaps"), ended.clone(), vec![], unclear()),
        (json!(true), ended.clone(), vec![], unclear()),
        (json!(true), ended.clone(), vec![line.clone()], Observation::Found(Some(40))),
        (json!(false), ended, vec![line], Observation::Ambiguous(vec![40])),
    ] {
        let timer = json!({"id": 30, "user_id": 7, "recorded": recorded, "end_time": end});
        let ticket = json!({
            "id": 1, "number": "32181", "subject": "x", "status": "New",
            "ticket_timers": [timer], "line_items": lines,
        });
        let view = Snapshot::default().with_ticket(Record::read(ticket.clone()).unwrap());
        assert_eq!(judged(&effect, &view, &Before::default()), observation, "{ticket}");
    }
}

#[test]
fn of_what_no_get_shows_nothing_is_ever_known() {
    let effect = Effect::Unverifiable { label: "a mail".to_owned() };
    assert!(effect.reads(None).is_nothing());
    let seen = judged(&effect, &Snapshot::default(), &Before::default());
    assert_eq!(seen, Observation::Ambiguous(Vec::new()));
    for (answer, yes) in [
        (Value::Null, true),
        (json!({"success": true}), true),
        (json!({"success": false}), false),
        (json!({"error": "no mail server"}), false),
        (json!({"error": null, "id": 1}), true),
        (json!({"invoice": null}), false),
    ] {
        assert_eq!(effect.read_answer(&answer).is_ok(), yes, "{answer}");
    }
}
