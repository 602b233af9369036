//! `syncro api`: paths that other commands know, and one that none knows.

use super::case::Case;
use super::case::Does::{Makes, Removes, Sets, Unseen};
use super::matrix;
use crate::support::{TILL, TestEnv};

/// Half an hour on the till's ticket, by somebody before us.
fn one_line(env: &TestEnv) -> Vec<String> {
    let line = env.account().line(TILL, "0.5", "95", "Looked at the spool");
    vec![line["id"].to_string()]
}

#[test]
fn api() {
    matrix(
        "api",
        vec![
            Case::new(
                "api POST contacts",
                &[
                    "api",
                    "POST",
                    "contacts",
                    "-f",
                    "customer_id=31204551",
                    "-f",
                    "name=Ada Finch",
                ],
            )
            .step("api", "contact-create", Makes),
            Case::new(
                "api POST add_line_item",
                &[
                    "api",
                    "POST",
                    "tickets/108443837/add_line_item",
                    "-f",
                    "name=Labor - Remote",
                    "-f",
                    "description=Gift layout copied",
                    "-f",
                    "quantity=0.5",
                    "-f",
                    "price_retail=95",
                    "-f",
                    "taxable=false",
                ],
            )
            .step("api", "line", Makes),
            Case::new(
                "api PUT customers",
                &["api", "PUT", "customers/31204551", "-F", "phone=555-0199"],
            )
            .step("api", "customer-update", Sets),
            Case::new(
                "api POST remove_line_item",
                &[
                    "api",
                    "POST",
                    "tickets/108443837/remove_line_item",
                    "-f",
                    "ticket_line_item_id={0}",
                ],
            )
            .after(one_line)
            .step("api", "line-remove", Removes),
            Case::new(
                "api DELETE contacts",
                &["api", "DELETE", "contacts/7804553"],
            )
            .step("api", "contact-delete", Removes),
            Case::new(
                "api POST rmm_alerts",
                &[
                    "api",
                    "POST",
                    "rmm_alerts",
                    "-f",
                    "customer_id=31204551",
                    "-f",
                    "description=The fan is loud",
                ],
            )
            .step("api", "write", Unseen)
            // It lands while the account is being compared: `resume` of it waits for nothing.
            // Nobody looks, so nobody waits for what comes late; and a yes beside nulls is a yes.
            .without("late:120")
            .without("nulls")
            .without("late:1100")
            .without("late-hang:1500"),
        ],
    );
}
