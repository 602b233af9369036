//! `syncro appointment add` and `cancel`, `syncro move-appointment`.

use serde_json::json;

use super::case::Case;
use super::case::Does::{Makes, Removes, Sets};
use super::matrix;
use crate::support::{TILL, TRAINEE, TestEnv, ticket_id};

/// An hour at Quillfeather Books, far from any other.
fn one(env: &TestEnv) -> Vec<String> {
    let fields = json!({
        "summary": "Gift receipts",
        "ticket_id": ticket_id(TILL),
        "customer_id": 31_204_551,
        "start_at": "2027-03-17T15:00:00Z",
        "end_at": "2027-03-17T16:00:00Z",
        "user_id": TRAINEE,
        "do_not_email": true,
    });
    let (status, made) = env.account().call("POST", "/appointments", Some(&fields));
    assert_eq!(status, 201, "{made}");
    vec![made["appointment"]["id"].to_string()]
}

#[test]
fn appointment() {
    matrix(
        "appointment",
        vec![
            Case::new(
                "appointment add",
                &["appointment", "add", "32181", "--start", "2027-03-18 09:00"],
            )
            .step("appointment", "appointment-create", Makes),
            Case::new("appointment cancel", &["appointment", "cancel", "{0}"]).after(one).step(
                "cancel_appointment",
                "appointment-delete",
                Removes,
            ),
            Case::new(
                "move-appointment",
                &[
                    "move-appointment",
                    "31204551",
                    "--date",
                    "2027-03-17",
                    "--appointment",
                    "{0}",
                    "--to",
                    "2027-03-19 14:00",
                ],
            )
            .after(one)
            .step("move_appointment", "appointment-update", Sets),
        ],
    );
}
