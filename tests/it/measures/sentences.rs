//! Where text for people is made: values go through the engine, and only `render` has words for them.

use super::source::Source;

/// The literals of a file that read as a sentence: three words or more, or two and something that is filled in between
/// them. Names of two words, as `timer entry` or `no email`, are no sentence. Attributes speak to compilers, but for the
/// messages of errors; comments and tests are not looked at.
pub(super) fn in_code(source: &Source) -> Vec<String> {
    let source = source.without_tests();
    let is_said = |(at, text): &&(usize, String)| {
        let is_error = attribute(&source.code[..*at]).is_none_or(|name| name == "error");
        is_error && reads_as_sentence(text)
    };
    let said = source.texts.iter().filter(is_said);
    said.map(|(at, text)| format!("{}:{} {text}", source.path, source.line(*at))).collect()
}

/// The attribute that `code` ends in, if it ends in one.
fn attribute(code: &str) -> Option<&str> {
    let open = code.rfind("#[")?;
    let inside = &code[open + 2..];
    let is_open = inside.matches(['[', '(']).count() >= inside.matches([']', ')']).count();
    let is_open = is_open && !inside.contains(";") && !inside.contains("{");
    is_open.then(|| inside.split(['(', ' ', '=']).next().unwrap_or_default())
}

fn reads_as_sentence(text: &str) -> bool {
    let is_word = |word: &&str| {
        let letters = word.trim_matches(|c: char| c.is_ascii_punctuation());
        !word.starts_with('-') && letters.chars().any(char::is_alphabetic)
    };
    let filled = text.contains('{') as usize;
    let words = text.split_whitespace().filter(|word| !word.contains('{')).filter(is_word).count();
    words + filled >= 3 || (words >= 2 && text.contains("{}"))
}

#[test]
fn a_sentence_is_seen() {
    let seen = |code: &str| in_code(&Source::of("src/x.rs".to_owned(), code)).len();
    for sentence in [
        r#"Err(format!("{label} is gone"))"#,
        r#"Err("the invoice is fully or partly paid".to_owned())"#,
        r#"let why = "not found in time";"#,
        "#[error(\"its first line is damaged\")]\nNoPlan,",
    ] {
        assert_eq!(seen(sentence), 1, "{sentence}");
    }
    for other in [
        r#"Self::Timer => "timer entry","#,
        r#"#[must_use = "a plan that is not executed was confirmed for nothing"] struct X;"#,
        r#"format!("{:08x} {json}\n", 1)"#,
        r#"if self.base == "sandbox" { " --sandbox" } else { "" }"#,
        r#"// "this is only a comment""#,
    ] {
        assert_eq!(seen(other), 0, "{other}");
    }
}
