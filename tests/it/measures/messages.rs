//! Where the program looks into text that is made for people: a decision that rests on a wording breaks with the next
//! wording. Found by what such text is called, so a message under another name is not seen.

use super::source::Source;

/// Questions to a text, and changes of one.
const LOOKS: [&str; 9] = [
    ".contains(",
    ".replace(",
    ".replacen(",
    ".starts_with(",
    ".ends_with(",
    ".strip_prefix(",
    ".strip_suffix(",
    ".split_once(",
    ".matches(",
];

/// What text for people is called.
const ONE: [&str; 4] = ["message", "hint", "preview", "finding"];

/// Several of them: that a value is among them is no look into a text.
const SEVERAL: [&str; 4] = ["messages", "hints", "warnings", "findings"];

/// The places of a file where it does, each with what is looked into.
pub(super) fn looked_into(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for look in LOOKS {
        for (at, _) in source.code.match_indices(look) {
            let words = receiver(&source.code[..at]);
            let argument = &source.code[at + look.len()..];
            let has = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
            if has(&ONE) || has(&SEVERAL) && !argument.starts_with('&') {
                let words: Vec<&str> = words.iter().rev().map(String::as_str).collect();
                found.push((source.line(at), format!("{}{look}", words.join("."))));
            }
        }
    }
    found.sort();
    found
}

/// The words of the expression that `code` ends with, the last one first: `lines`, `preview`, `review` for
/// `review.preview.lines()`. A closure's argument stands for what the closure is called on.
fn receiver(code: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut code = code.trim_end();
    loop {
        code = code.trim_end_matches(['?', '!']);
        if code.ends_with([')', ']']) {
            code = before_group(code).trim_end();
            continue;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let rest = code.trim_end_matches(is_word);
        if rest.len() == code.len() {
            break;
        }
        words.push(code[rest.len()..].to_owned());
        let rest = rest.trim_end();
        if let Some(before) = rest.strip_suffix('.').or_else(|| rest.strip_suffix("::")) {
            code = before.trim_end();
            continue;
        }
        let statement = &rest[rest.rfind(';').unwrap_or(0)..];
        let argument = format!("|{}|", words[words.len() - 1]);
        let Some(closure) = statement.rfind(&argument) else {
            break;
        };
        let Some(call) = statement[..closure].trim_end().strip_suffix('(') else {
            break;
        };
        code = call;
    }
    words
}

/// What stands before the group that `code` ends with.
fn before_group(code: &str) -> &str {
    let mut depth = 0;
    for (at, letter) in code.char_indices().rev() {
        match letter {
            ')' | ']' => depth += 1,
            '(' | '[' if depth == 1 => return &code[..at],
            '(' | '[' => depth -= 1,
            _ => {}
        }
    }
    ""
}

#[test]
fn a_look_into_a_message_is_seen() {
    let seen = |code: &str| {
        looked_into(&Source::of("src/x.rs".to_owned(), code))
            .into_iter()
            .map(|(_, what)| what)
            .collect::<Vec<_>>()
    };
    let nothing: [&str; 0] = [];
    assert_eq!(seen(r#"if error.message.contains("written") {}"#), ["error.message.contains("]);
    assert_eq!(seen(r#"stop(a).message()?.replace("a", "b")"#), ["stop.message.replace("]);
    assert_eq!(
        seen(
            r#"let x = 1; review.preview.lines().filter_map(|line| line.trim().strip_prefix("! "))"#
        ),
        ["review.preview.lines.filter_map.line.trim.strip_prefix("]
    );
    assert_eq!(
        seen(r#"error.hints.iter().any(|one| one.contains("resume"))"#),
        ["error.hints.iter.any.one.contains("]
    );
    assert_eq!(seen("plan.findings.contains(&finding)"), nothing);
    assert_eq!(seen(r#"text.replace('\n', " "); // message.contains("x")"#), nothing);
}
