//! `syncro customer`, `contact`, `asset`.

use super::case::Case;
use super::case::Does::{Makes, Removes, Sets, Unseen};
use super::matrix;
use crate::support::TestEnv;

/// A contact of the bookshop that no ticket names.
fn one_contact(env: &TestEnv) -> Vec<String> {
    let body = serde_json::json!({
        "customer_id": 31_204_551, "name": "Wren Saltby", "email": "wren@quillfeather.example",
        "properties": {"title": "Binder", "Floor": "2"},
    });
    let contact = env.account().write("POST", "/contacts", &body);
    vec![contact["id"].to_string()]
}

/// The bookshop's first number.
fn one_phone(env: &TestEnv) -> Vec<String> {
    vec![env.account().get("/customers/31204551/phones")["phones"][0]["id"].to_string()]
}

#[test]
fn customer() {
    matrix(
        "customer",
        vec![
            Case::new(
                "customer create",
                &[
                    "customer",
                    "create",
                    "Bluebird Bakery",
                    "--email",
                    "hello@bluebird.example",
                    "--contact",
                    "Ada Finch <ada@bluebird.example> 555-0134",
                    "--contact",
                    "Tomas Reed",
                ],
            )
            .step("customer", "customer-create", Makes)
            .step("contact", "contact-create", Makes)
            .step("contact", "contact-create", Makes),
            Case::new(
                "customer update",
                &["customer", "update", "31204551", "--phone", "555-0199"],
            )
            .step("update_customer", "customer-update", Sets),
            Case::new("customer disable", &["customer", "disable", "31204551", "--open-work"])
                .step("update_customer", "customer-update", Sets),
            Case::new(
                "a phone of a customer",
                &[
                    "api",
                    "POST",
                    "customers/31204551/phones",
                    "-F",
                    "number=555-0199",
                    "--unknown-path",
                ],
            )
            .step("api", "phone", Unseen)
            // Nobody looks, so nobody waits for what comes late; and a yes beside nulls is a yes.
            .without("late:120")
            .without("nulls")
            .without("late:1100")
            .without("late-hang:1500"),
            Case::new(
                "a changed phone of a customer",
                &["api", "PUT", "customers/31204551/phones/{0}", "-F", "label=Shop"],
            )
            .after(one_phone)
            .step("api", "phone", Unseen)
            .without("late:120")
            .without("nulls")
            .without("late:1100")
            .without("late-hang:1500"),
            Case::new(
                "a removed phone of a customer",
                &["api", "DELETE", "customers/31204551/phones/{0}"],
            )
            .after(one_phone)
            .step("api", "phone", Unseen)
            .without("late:120")
            .without("nulls")
            .without("late:1100")
            .without("late-hang:1500"),
        ],
    );
}

#[test]
fn contact() {
    matrix(
        "contact",
        vec![
            Case::new(
                "contact create",
                &[
                    "contact",
                    "create",
                    "31204551",
                    "Ada Finch",
                    "--email",
                    "ada@quillfeather.example",
                    "--title",
                    "Bookseller",
                ],
            )
            .step("contact", "contact-create", Makes),
            Case::new(
                "contact update",
                &["contact", "update", "{0}", "--phone", "555-0199", "--title", "Owner"],
            )
            .after(one_contact)
            .step("update_contact", "contact-update", Sets),
            Case::new("contact disable", &["contact", "disable", "{0}"]).after(one_contact).step(
                "update_contact",
                "contact-update",
                Sets,
            ),
            Case::new("contact delete", &["contact", "delete", "{0}"]).after(one_contact).step(
                "delete_contact",
                "contact-delete",
                Removes,
            ),
        ],
    );
}

#[test]
fn asset() {
    matrix(
        "asset",
        vec![
            Case::new(
                "asset create",
                &[
                    "asset",
                    "create",
                    "31204551",
                    "TILL-3",
                    "--type",
                    "Desktop",
                    "--serial",
                    "QF-0031",
                    "--property",
                    "OS=Windows 11",
                ],
            )
            .step("asset", "asset-create", Makes)
            .step("properties", "asset-update", Sets),
            Case::new(
                "asset update",
                &["asset", "update", "12400000", "--serial", "QF-0032", "--property", "Shelf=3"],
            )
            .step("update_asset", "asset-update", Sets),
        ],
    );
}
