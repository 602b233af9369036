//! `syncro comment` and `syncro close`.

use super::case::Case;
use super::case::Does::{Makes, Sets};
use super::matrix;

#[test]
fn conversation() {
    matrix(
        "conversation",
        vec![
            Case::new("comment", &["comment", "32181", "Gift layout copied"])
                .step("comment", "comment", Makes),
            Case::new("comment, private", &["comment", "32181", "Door code changed", "--hidden"])
                .step("comment", "comment", Makes),
            Case::new("close", &["close", "32181", "-m", "Gift receipts print"])
                .step("comment", "comment", Makes)
                .step("status", "ticket-update", Sets),
            Case::new("close without a comment", &["close", "32181", "--no-comment"]).step(
                "status",
                "ticket-update",
                Sets,
            ),
        ],
    );
}
