//! `syncro invoice`, `payment`.

use super::case::Case;
use super::case::Does::{Makes, Removes, Sets, Unseen};
use super::matrix;
use crate::support::{TILL, TestEnv};

/// Half an hour that waits on the till's ticket.
fn one_line(env: &TestEnv) -> Vec<String> {
    env.account().line(TILL, "0.5", "120", "Gift layout copied, tested with Imelda");
    Vec::new()
}

/// An unpaid invoice of it.
fn one_invoice(env: &TestEnv) -> Vec<String> {
    one_line(env);
    let invoice = env.account().invoice(TILL)["invoice"].take();
    vec![invoice["number"].as_str().unwrap().to_owned()]
}

#[test]
fn invoice() {
    matrix(
        "invoice",
        vec![
            Case::new("invoice create", &["invoice", "create", "32181"]).after(one_line).step(
                "invoice",
                "invoice-create",
                Makes,
            ),
            Case::new("invoice update", &["invoice", "update", "{0}", "--po-number", "PO-1187"])
                .after(one_invoice)
                .step("update_invoice", "invoice-update", Sets),
            Case::new("invoice email", &["invoice", "email", "{0}"])
                .after(one_invoice)
                // Nobody looks, so nobody waits for what comes late.
                .without("late:120")
                .step("email", "invoice-email", Unseen),
            Case::new(
                "a printed invoice",
                &["api", "POST", "invoices/1652300000/print", "--unknown-path"],
            )
            // Nobody looks, so nobody waits for what comes late; and a yes beside nulls is a yes.
            .without("late:120")
            .without("nulls")
            .without("late:1100")
            .without("late-hang:1500")
            .step("api", "invoice-print", Unseen),
            Case::new("invoice delete", &["invoice", "delete", "{0}"]).after(one_invoice).step(
                "delete_invoice",
                "invoice-delete",
                Removes,
            ),
            Case::new(
                "invoice delete --status",
                &["invoice", "delete", "67409", "--status", "In Progress"],
            )
            .step("delete_invoice", "invoice-delete", Removes)
            .step("status", "ticket-update", Sets),
        ],
    );
}

#[test]
fn payment() {
    matrix(
        "payment",
        vec![
            Case::new(
                "payment add",
                &[
                    "payment", "add", "{0}", "--amount", "20.05", "--method", "Check", "--ref",
                    "11006",
                ],
            )
            .after(one_invoice)
            .step("payment", "payment-create", Makes),
        ],
    );
}
