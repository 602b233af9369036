//! `syncro create`, `update`, `delete`.

use super::case::Case;
use super::case::Does::{Makes, Removes, Sets};
use super::matrix;

#[test]
fn ticket() {
    matrix(
        "ticket",
        vec![
            Case::new(
                "create",
                &[
                    "create",
                    "Quillfeather Books",
                    "Receipts come out blank",
                    "--description",
                    "The roll was put in the wrong way round",
                    "--start",
                    "2027-03-17 09:00",
                ],
            )
            .step("ticket", "ticket-create", Makes)
            .step("comment", "comment", Makes)
            .step("appointment", "appointment-create", Makes),
            Case::new("update", &["update", "32181", "Waiting on Customer", "--priority", "high"])
                .step("update_ticket", "ticket-update", Sets),
            Case::new("delete", &["delete", "32166", "--number", "32166"]).step(
                "delete_ticket",
                "ticket-delete",
                Removes,
            ),
        ],
    );
}
