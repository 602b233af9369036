//! `syncro line`.

use super::case::Case;
use super::case::Does::{Makes, Removes, Sets};
use super::matrix;
use crate::support::{TILL, TestEnv};

/// A quarter of an hour on the till's ticket, by somebody before us: of half an hour, the guard against the same line asks.
fn one_line(env: &TestEnv) -> Vec<String> {
    let line = env.account().line(TILL, "0.25", "95", "Looked at the spool");
    vec![line["id"].to_string()]
}

#[test]
fn line() {
    matrix(
        "line",
        vec![
            Case::new(
                "line add",
                &[
                    "line",
                    "add",
                    "32181",
                    "--labor",
                    "remote",
                    "--minutes",
                    "30",
                    "--description",
                    "Gift layout copied",
                ],
            )
            .after(one_line)
            .step("line_item", "line", Makes),
            Case::new(
                "line update",
                &["line", "update", "32181", "{0}", "--quantity", "0.75", "--price", "110"],
            )
            .after(one_line)
            .step("update_line", "line-update", Sets),
            Case::new("line remove", &["line", "remove", "32181", "{0}"]).after(one_line).step(
                "remove_line",
                "line-remove",
                Removes,
            ),
        ],
    );
}
