//! Masking of what the server mixes into its answers and nobody should read over a shoulder: portal keys, which log
//! into the customer's portal. `--json` alone keeps them.

use serde_json::Value;

use crate::api::secret::MASK;

/// How a portal key announces itself inside an address.
const MARK: &str = "portal_key";

/// Masks every portal key in `value`: members of that name, and addresses inside strings.
pub fn mask_portal_keys(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name.eq_ignore_ascii_case(MARK) && !member.is_null() {
                    *member = Value::String(MASK.to_owned());
                } else {
                    mask_portal_keys(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_portal_keys),
        Value::String(text) => {
            if let Some(masked) = masked(text) {
                *text = masked;
            }
        }
        _ => {}
    }
}

/// `text` with the values of `portal_key=…` masked, or `None` when it holds none.
#[must_use]
pub fn masked(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(window) = bytes.get(at..at + MARK.len()) {
        if !window.eq_ignore_ascii_case(MARK.as_bytes()) {
            at += 1;
            continue;
        }
        at += MARK.len();
        // The sign may itself be escaped, where the address is a parameter of another one.
        let rest = text.get(at..).unwrap_or_default();
        let Some(sign) = ["=", "%3D", "%3d", "&#61;", "&#x3D;", "\":\"", "\": \""]
            .iter()
            .find(|sign| rest.starts_with(**sign))
        else {
            continue;
        };
        at += sign.len();
        let value = text.get(at..).unwrap_or_default();
        let end = value
            .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.~%+/=".contains(c)))
            .unwrap_or(value.len());
        out.push_str(text.get(kept..at).unwrap_or_default());
        out.push_str(MASK);
        at += end;
        kept = at;
    }
    (kept > 0).then(|| {
        out.push_str(text.get(kept..).unwrap_or_default());
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn portal_keys_are_masked_wherever_they_stand() {
        let mut value = json!({
            "online_profile_url": "https://acme.syncromsp.com/my_profile?portal_key=abc-123&x=1",
            "portal_key": "abc-123",
            "PORTAL_KEY": null,
            "list": [{"body": "See portal_key=abc-123. And <a href='?portal_key=abc-123'>"}],
            "nested": "https://x.example/?to=%3Fportal_key%3Dabc-123",
            "text": "a portal_key is a key",
        });
        mask_portal_keys(&mut value);
        assert_eq!(
            value["online_profile_url"],
            "https://acme.syncromsp.com/my_profile?portal_key=***&x=1"
        );
        assert_eq!(value["portal_key"], "***");
        assert_eq!(value["PORTAL_KEY"], Value::Null);
        assert_eq!(value["text"], "a portal_key is a key");
        assert!(!value.to_string().contains("abc-123"), "{value}");
    }

    #[test]
    fn text_around_it_survives() {
        assert_eq!(
            masked("é portal_key=K ü, PORTAL_KEY=K"),
            Some("é portal_key=*** ü, PORTAL_KEY=***".to_owned())
        );
        assert_eq!(masked("nothing here"), None);
        assert_eq!(masked("portal_key="), Some("portal_key=***".to_owned()));
    }
}
