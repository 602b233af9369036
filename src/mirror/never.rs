//! What is never kept of an answer, whatever it is an answer to: the one list of it. Keys, signatures and signed links
//! open doors for whoever reads the file, and no question that the mirror answers needs them.

use serde_json::Value;

use crate::api::secret;
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

/// What the name of a parameter has in it that opens doors, beside what the name of [a secret](secret::IN_NAMES) has: of a
/// signed link, of one that logs somebody in.
const IN_NAMES: [&str; 6] = ["signature", "session", "oauth", "authoriz", "x-amz-", "x-goog-"];

/// Such names as a whole, beside [those of secrets](secret::NAMES).
const NAMES: [&str; 5] = ["sign", "auth", "code", "hmac", "sid"];

/// How such a name ends.
const ENDS: [&str; 2] = ["key", "sig"];

/// The number of a page or a ticket has no more digits.
const DIGITS: usize = 12;

/// A port has no more.
const PORT: usize = 5;

/// How a token begins that says what it is for, whatever its parameter is called.
const JWT: &str = "eyJ";

/// How signs of a link are written in other links and in texts.
const WRITTEN: [(&str, &str); 31] = [
    ("%25", "%"),
    ("%25", "%"),
    ("%3A", ":"),
    ("%3a", ":"),
    ("%2F", "/"),
    ("%2f", "/"),
    ("%3F", "?"),
    ("%3f", "?"),
    ("%23", "#"),
    ("%3D", "="),
    ("%3d", "="),
    ("%26", "&"),
    ("%3B", ";"),
    ("%3b", ";"),
    ("%40", "@"),
    ("&amp;", "&"),
    ("&#38;", "&"),
    ("&#x26;", "&"),
    ("&#61;", "="),
    ("&#x3d;", "="),
    ("&#x3D;", "="),
    ("&#63;", "?"),
    ("&#x3f;", "?"),
    ("&#x3F;", "?"),
    ("&#47;", "/"),
    ("&#x2f;", "/"),
    ("&#x2F;", "/"),
    ("\\u0026", "&"),
    ("\\u003d", "="),
    ("\\u003D", "="),
    ("\\/", "/"),
];

/// Which rules these are: a number more with each change, so that what others have left is cut down.
pub(super) const RULES: u32 = 4;

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
                    false => {
                        let is_link =
                            is_link || LINKS.iter().any(|link| name.eq_ignore_ascii_case(link));
                        strip(member, is_link);
                    }
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

/// The text, of which links have lost what opens doors.
pub(super) fn safe(text: String) -> String {
    without_keys(&text, false).unwrap_or(text)
}

/// The text without users, passwords and fragments in links, and without queries that open doors, or any; nothing where it
/// has none of that.
fn without_keys(text: &str, all: bool) -> Option<String> {
    let ends = |c: char| c.is_whitespace() || "\"'<>`".contains(c);
    let mut whole = String::new();
    let mut is_cut = false;
    for piece in text.split_inclusive(ends) {
        let word = piece.trim_end_matches(ends);
        match shorter(word, all) {
            Some(word) => {
                is_cut = true;
                whole.push_str(&word);
                whole.extend(piece.chars().next_back().filter(|last| ends(*last)));
            }
            None => whole.push_str(piece),
        }
    }
    is_cut.then_some(whole)
}

/// The same of a word.
fn shorter(word: &str, all: bool) -> Option<String> {
    if !word.contains(['?', '#', '@', '%', '&', ';', '\\']) {
        return None;
    }
    let read = WRITTEN.iter().fold(word.to_owned(), |read, (written, sign)| {
        match read.contains(written) {
            true => read.replace(written, sign),
            false => read,
        }
    });
    let named = without_users(&read);
    let link = named.as_deref().unwrap_or(&read);
    let (before, after) = match link.find(['?', '#']) {
        Some(at) => link.split_at(at),
        None => (link, ""),
    };
    let is_link = is_link(before);
    let is_path = is_link || before.contains('/');
    // A step of the path has parameters, too.
    let mut steps = before.split(';');
    let path = steps.next().unwrap_or_default();
    if is_path && steps.any(|parameter| opens(parameter, true)) {
        return Some(path.to_owned());
    }
    let (query, fragment) = match after.find('#').filter(|_| is_link) {
        Some(at) => after.split_at(at),
        None => (after, ""),
    };
    let any = |part: &str, is_path| {
        part.split(['?', '#', '&', ';']).any(|parameter| opens(parameter, is_path))
    };
    // A fragment goes by itself.
    let opens = any(query, is_path) || any(fragment, false);
    match opens || all && is_path && !after.is_empty() {
        true => Some(before.to_owned()),
        false if !fragment.is_empty() => Some(format!("{before}{query}")),
        false => named,
    }
}

/// Whether it is the beginning of a link, with or without a scheme.
fn is_link(before: &str) -> bool {
    let host = before.split('/').next().unwrap_or_default();
    let is_host = host.contains('.') && (before.contains('/') || host.starts_with("www."));
    is_host || before.contains("://") || before.starts_with("//")
}

/// The word without who uses each link in it, with which password; nothing where none says that.
fn without_users(word: &str) -> Option<String> {
    let mut parts = word.split("//");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    let mut is_cut = false;
    for part in parts {
        let host = part.split(['/', '?', '#', '&']).next().unwrap_or_default();
        let users = match host.split_once(':').filter(|_| !host.starts_with('[')) {
            // What stands behind a colon and is no port is a password, whatever signs are in it.
            Some((_, after)) if !is_number(after, PORT) => part,
            // A port may begin a password, though hardly behind a name with a dot, unless that is in another link.
            Some((name, _)) if whole.contains(['?', '#']) || !name.contains('.') => {
                let users = before_parameters(part);
                let path = users.get(host.len()..).unwrap_or_default();
                // As in `/@sam`.
                if path.rfind('@') == Some(1) { host } else { users }
            }
            _ => host,
        };
        let user = users.rfind('@').map_or(0, |at| at + 1);
        is_cut |= user > 0;
        whole.push_str("//");
        whole.push_str(part.get(user..).unwrap_or_default());
    }
    is_cut.then_some(whole)
}

/// The link up to where it has parameters with values.
fn before_parameters(link: &str) -> &str {
    const SIGNS: [char; 3] = ['?', '#', '&'];
    let mut signs = link.match_indices(SIGNS).map(|(at, _)| link.split_at(at));
    let has_value = |after: &str| after.split(SIGNS).nth(1).is_some_and(|one| one.contains('='));
    signs.find(|(_, after)| has_value(after)).map_or(link, |(before, _)| before)
}

/// Whether that is a number of at most so many digits.
fn is_number(text: &str, most: usize) -> bool {
    text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a parameter opens doors; in a link, one without a value is all of it a name.
fn opens(parameter: &str, is_path: bool) -> bool {
    let (name, value) = match parameter.split_once('=') {
        Some(pair) => pair,
        None if is_path => (parameter, parameter),
        None => return false,
    };
    let name = name.to_ascii_lowercase();
    let ends = |word: &str| ENDS.iter().any(|end| word.ends_with(end));
    // A page or a ticket has a number; a password, or what a login hands out, is more than that.
    let is_numbered = is_number(value.trim_end_matches(['.', ',', ':', '!', ')', ']']), DIGITS);
    let is_other = |word: &str| !is_numbered && (word == "p" || word.ends_with("ticket"));
    let whole = |word: &&str| NAMES.contains(word) || secret::NAMES.contains(word);
    let is_named = IN_NAMES.iter().chain(&secret::IN_NAMES).any(|part| name.contains(part))
        || name.split([':', '/']).any(|word| whole(&word) || ends(word) || is_other(word));
    !value.is_empty() && (is_named || value.starts_with(JWT))
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
                "PDF_URL": "https://a.example/7.pdf?x=SECRET",
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
    fn each_form_of_a_link_loses_what_opens_doors() {
        for (link, kept) in [
            ("files.example/a.png?sig=SECRET", "files.example/a.png"),
            ("//f.example/a?x=1&Token=SECRET", "//f.example/a"),
            ("/reset?reset_token=SECRET", "/reset"),
            ("www.f.example?auth=SECRET", "www.f.example"),
            ("ftp://sam:SECRET@f.example/a", "ftp://f.example/a"),
            ("https://SECRET@f.example?page=2", "https://f.example?page=2"),
            (
                "https://a.example/?to=https://u:SECRET@b.example/",
                "https://a.example/?to=https://b.example/",
            ),
            ("https://send.example/d/1#SECRET", "https://send.example/d/1"),
            ("https://send.example/d/1?page=2#SECRET", "https://send.example/d/1?page=2"),
            ("send.example/#access_token=SECRET", "send.example/"),
            ("https://a.example/?key=SECRET", "https://a.example/"),
            ("https://a.example/?code=SECRET&state=SECRET", "https://a.example/"),
            (
                "https://a.example/?Expires=9&Signature=SECRET&AWSAccessKeyId=SECRET",
                "https://a.example/",
            ),
            ("https://a.example/?x-api-key=SECRET", "https://a.example/"),
            ("https://a.example/?a=1&amp;jwt=SECRET", "https://a.example/"),
            ("https://a.example/?a=1\\u0026token=SECRET", "https://a.example/"),
            ("https://a.example/?user[access_token]=1|SECRET", "https://a.example/"),
            ("https://a.example/?v=eyJSECRET.e.x", "https://a.example/"),
            ("https%3A%2F%2Fa.example%2F%3Ftoken%3DSECRET", "https://a.example/"),
            ("https://a.example/?to=https%3A%2F%2Fb.example%3Fsig%3DSECRET", "https://a.example/"),
            ("https:\\/\\/u:SECRET@a.example\\/", "https://a.example/"),
            ("https://f.example/a?bodysig=SECRET", "https://f.example/a"),
            ("https://f.example/a?token:SECRET", "https://f.example/a"),
            ("https://f.example/a?sig:SECRET", "https://f.example/a"),
            ("https://f.example/a?page=2&token/SECRET", "https://f.example/a"),
            ("https://sam:p/SECRET@h/", "https://h/"),
            ("https://sam:SEC#RET@h/", "https://h/"),
            ("https://sam:SEC?RET@h:8080/a", "https://h:8080/a"),
            ("https://a.example/app;jsessionid=SECRET", "https://a.example/app"),
            ("https://a.example/app;x=1;SID=SECRET/next?page=2", "https://a.example/app"),
            ("/app;jsessionid=SECRET?page=2", "/app"),
            ("https://a.example/?user=sam&pw=SECRET", "https://a.example/"),
            ("https://a.example/?p=SECRET", "https://a.example/"),
            ("https://a.example/?sid=SECRET", "https://a.example/"),
            ("https://a.example/?cred=SECRET", "https://a.example/"),
            ("https://a.example/?service=x&ticket=ST-SECRET", "https://a.example/"),
            ("https://a.example/?eyJSECRET.e.x", "https://a.example/"),
            ("https://a.example/?p=12/SECRET", "https://a.example/"),
            ("https://a.example/?p=12SECRET&x=1", "https://a.example/"),
            ("https://a.example/?ticket=1234567890123", "https://a.example/"),
            ("https://a.example/?pin=1234", "https://a.example/"),
            ("https://a.example/?page=2&otp=123456", "https://a.example/"),
            ("https://sam:12/SECRET@h/", "https://h/"),
            ("https://sam:12#SECRET@h/", "https://h/"),
            ("https://sam:12?SECRET@h:8080/a", "https://h:8080/a"),
            ("https://sam:123456@h.example/", "https://h.example/"),
            ("https://s.lee:123456/SECRET@h/?page=2", "https://h/?page=2"),
            (
                "https://a.example/?to=https://sam:12/SECRET@b.example/&mail=x@c.example",
                "https://a.example/?to=https://b.example/&mail=x@c.example",
            ),
            (
                "https://a.example/?to=https%3A%2F%2Fs.lee%3A12%2FSECRET%40b.example",
                "https://a.example/?to=https://b.example",
            ),
            ("/app#to=//sam:12/SECRET@b.example/", "/app#to=//b.example/"),
            ("https://a.example/#//sam:12/SECRET@b.example/", "https://a.example/"),
        ] {
            assert_eq!(without_keys(link, false).as_deref(), Some(kept), "{link}");
            let text = format!("<a href='{link}'>{link}</a> stays");
            let cut = without_keys(&text, false).unwrap_or_default();
            assert_eq!(cut, format!("<a href='{kept}'>{kept}</a> stays"), "{link}");
        }
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in [
            "",
            "no link",
            "https://d.example/a?page=2&sort=x",
            "what? ://?",
            "é ://ü?ö",
            "imelda@quillfeather.example, #32181, C# & 100%; and/or#1 \\\\server\\share",
            "https://a.example/caf%C3%A9?page=2&author=sam",
            "https://a.example:8080/@sam?page=2 http://[::1]:80/@sam",
            "http://nas:5000/@sam http://nas:5000/a?mail=sam@b.example",
            "https://a.example:8080/users/sam@b.example https://a.example:8080/?mail=sam@b.example",
            "https://a.example/?to=http://b.example:80/a&mail=sam@b.example",
            "https://a.example/?p=2&sort=x",
            "(https://a.example/a?P=12), https://a.example/?x=1&p=3. /b?p=",
            "https://a.example/?ticket=32181 https://a.example/a;ticket=5?support_ticket=32181!",
            "https://a.example/a;v=2/b?page",
            "one; two;three;pin #pin ;p=2",
            "token=abc is no link, and key: 7 neither",
        ] {
            assert_eq!(without_keys(text, false), None, "{text}");
        }
    }
}
