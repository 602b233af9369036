//! What is never kept of an answer, whatever it is an answer to: the one list of it. Keys, signatures and signed links
//! open doors for whoever reads the file, and no question that the mirror answers needs them.

use serde_json::Value;

use crate::render::secrets;

/// Members that are kept as null.
const MEMBERS: [&str; 11] = [
    "user_token",
    "portal_key",
    "payment_profile",
    "payment_profiles",
    "credit_card_number",
    "signature",
    "signature_data",
    "signature_name",
    "intake_form_html",
    "intake_form_pdf",
    "outtake_form_html",
];

/// Members of which no link keeps its query: there it is the key.
const LINKS: [&str; 5] =
    ["online_profile_url", "pdf_url", "attachment", "attachments", "attachment_url"];

/// What a link's query has where it is signed, or logs somebody in.
const SIGNS: [&str; 8] =
    ["signature", "x-amz-", "x-goog-", "sig=", "token", "portal_key", "api_key", "googleaccessid"];

/// Leaves it out of an answer, at any depth.
pub(super) fn leave_out(value: &mut Value) {
    secrets::mask_portal_keys(value);
    strip(value, false);
}

/// The same below a member; `is_link` where each link in it loses its query.
fn strip(value: &mut Value, is_link: bool) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match MEMBERS.iter().any(|never| name.eq_ignore_ascii_case(never)) {
                    true => *member = Value::Null,
                    false => strip(member, is_link || LINKS.contains(&name.as_str())),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, is_link)),
        Value::String(text) => {
            if let Some(cut) = without_keys(text, is_link) {
                *text = cut;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text without the queries of its links that are signed, or of all of them; nothing where it has none.
fn without_keys(text: &str, all: bool) -> Option<String> {
    let mut cut = String::new();
    let mut kept = 0;
    for (at, _) in text.match_indices("://") {
        let Some(link) = text.get(at..).filter(|_| at >= kept) else { continue };
        let ends = |c: char| c.is_whitespace() || "\"'<>|\\^`{}".contains(c);
        let link = link.get(..link.find(ends).unwrap_or(link.len())).unwrap_or_default();
        let Some((before, query)) = link.split_once('?') else { continue };
        let query = query.to_ascii_lowercase();
        if all || SIGNS.iter().any(|sign| query.contains(sign)) {
            cut.push_str(text.get(kept..at + before.len()).unwrap_or_default());
            kept = at + link.len();
        }
    }
    (kept > 0).then(|| {
        cut.push_str(text.get(kept..).unwrap_or_default());
        cut
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_signatures_and_signed_links_are_left_out_at_any_depth() {
        let mut value = json!({
            "user_token": "SECRET", "id": 7,
            "customer": {
                "online_profile_url": "https://a.example/my_profile?portal_key=SECRET&x=SECRET",
                "payment_profiles": [{"id": 1, "expiration": "SECRET"}],
            },
            "properties": {"Signature_Data": "SECRET", "portal_key": "SECRET"},
            "intake_form_html": "<p>SECRET</p>",
            "attachments": [{"file_name": "till.png", "file": {"url": "https://f.example/till.png?e=SECRET"}}],
            "body": "See https://f.example/a?X-Amz-Signature=SECRET&e=1 and https://d.example/?page=2, \
                     (https://g.example/q?sig=SECRET)\nportal_key=SECRET",
        });
        leave_out(&mut value);
        assert!(!value.to_string().contains("SECRET"), "{value}");
        assert_eq!(value["id"], 7);
        assert_eq!(value["customer"]["online_profile_url"], "https://a.example/my_profile");
        assert_eq!(value["attachments"][0]["file"]["url"], "https://f.example/till.png");
        let body = value["body"].as_str().unwrap_or_default();
        assert!(
            body.starts_with("See https://f.example/a and https://d.example/?page=2, ("),
            "{body}"
        );
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in ["", "no link", "https://d.example/a?page=2&sort=x", "what? ://?", "é ://ü?ö"]
        {
            assert_eq!(without_keys(text, false), None, "{text}");
        }
    }
}
