//! Character references of HTML.

/// `raw` with its character references resolved; what is none stays.
pub(super) fn entities(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest name of all has 31 letters.
        let end = rest.bytes().take(34).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((text, end)) => {
                out.push_str(&text);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// What a character reference stands for, given without `&` and `;`.
fn entity(name: &str) -> Option<String> {
    if let Some(digits) = name.strip_prefix('#') {
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        return Some(char::from_u32(code.ok()?)?.to_string());
    }
    match name {
        "amp" => Some("&".to_owned()),
        "lt" => Some("<".to_owned()),
        "gt" => Some(">".to_owned()),
        "quot" => Some("\"".to_owned()),
        "nbsp" => Some("\u{a0}".to_owned()),
        _ if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => None,
        // The other two thousand names are the crate's knowledge.
        _ => {
            let reference = format!("&{name};");
            let text = nanohtml2text::html2text(&reference);
            (text != reference && !text.is_empty()).then_some(text)
        }
    }
}
