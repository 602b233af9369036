//! Contents made comparable: the server gives back what it was sent in other clothes (`<br>` or newline, entities,
//! white space), and two texts are the same when only the clothes differ.

/// `text` without markup, entities resolved, white space collapsed.
#[must_use]
pub fn text(text: &str) -> String {
    let plain = without_tags(text);
    let resolved = plain
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    resolved.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replaces what looks like a tag by a space; a lone `<` stays.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let name = tail[1..].trim_start_matches('/');
        let is_tag = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
        match tail.find('>') {
            Some(end) if is_tag => {
                out.push(' ');
                rest = &tail[end + 1..];
            }
            _ => {
                out.push('<');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn clothes_do_not_matter() {
        assert_eq!(text("a<br>b &amp; c"), text("a\r\nb & c "));
        assert_eq!(text("<div>a <b>b</b></div>"), "a b");
        assert_eq!(text("x < 5 and y > 3"), "x < 5 and y > 3");
        assert_ne!(text("a b"), text("a c"));
    }
}
