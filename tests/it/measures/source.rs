//! A source file taken apart as far as measures need it: comments and the insides of literals blanked, the literals
//! on their own, functions with their lengths, and which lines are tests.

use std::path::{Path, PathBuf};

/// One file.
pub(super) struct Source {
    /// Below the project, with slashes.
    pub(super) path: String,
    pub(super) lines: usize,
    /// As long as the file, line for line, with blanks for comments and for what stands in literals.
    pub(super) code: String,
    /// The text literals, each with the place in `code` of its first letter.
    pub(super) texts: Vec<(usize, String)>,
}

/// One function.
pub(super) struct Function {
    pub(super) name: String,
    pub(super) lines: usize,
}

/// All files below `dir`.
pub(super) fn all(dir: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    super::super::walls::rust_files(&root.join(dir), &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let path = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        Source::of(path, &text)
    };
    paths.into_iter().map(read).collect()
}

impl Source {
    pub(super) fn of(path: String, text: &str) -> Self {
        let (code, texts) = blanked(text);
        Self { path, lines: text.lines().count(), code, texts }
    }

    /// The line of that place.
    pub(super) fn line(&self, place: usize) -> usize {
        self.code[..place].matches('\n').count() + 1
    }

    /// Whether all of it is tests.
    pub(super) fn is_tests(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.ends_with("tests.rs")
            || self.path.contains("/tests/")
            || self.path.contains("/testing")
    }

    /// The same without its modules of tests: blanks in their place.
    pub(super) fn without_tests(&self) -> Self {
        let mut code = self.code.clone();
        while let Some(from) = code.find("#[cfg(test)]") {
            let rest = &code[from..];
            let end = match (rest.find(';'), rest.find('{')) {
                (Some(end), None) => end + 1,
                (Some(end), Some(brace)) if end < brace => end + 1,
                (_, Some(brace)) => block(rest, brace),
                (None, None) => rest.len(),
            };
            let blank = blank(&rest[..end]);
            code.replace_range(from..from + end, &blank);
        }
        let is_left = |(place, _): &&(usize, String)| !code[*place..].starts_with('\u{1}');
        let texts = self.texts.iter().filter(is_left).cloned().collect();
        Self { path: self.path.clone(), lines: self.lines, code, texts }
    }

    /// Its functions, those inside others too.
    pub(super) fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("fn ") {
            let before = self.code[..at].chars().next_back();
            let name: String = self.code[at + 3..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if name.is_empty() || before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = &self.code[at..];
            let Some(brace) = body(rest) else {
                continue;
            };
            let lines = rest[..block(rest, brace)].matches('\n').count() + 1;
            found.push(Function { name, lines });
        }
        found
    }
}

/// Where the body of the function begins that `rest` begins with; none where it has none.
fn body(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in rest.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '{' if depth == 0 => return Some(at),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Where the block ends that begins at `brace`: behind its last brace.
fn block(text: &str, brace: usize) -> usize {
    let mut depth = 0;
    for (at, letter) in text[brace..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return brace + at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// As many bytes, with a mark for each that is not the end of a line.
fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { '\u{1}' }).collect()
}

/// The text with blanks for comments and for what is in literals, and the text literals.
fn blanked(text: &str) -> (String, Vec<(usize, String)>) {
    let (mut code, mut texts) = (String::with_capacity(text.len()), Vec::new());
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let hide = |code: &mut String, end: usize| {
            let hidden = rest[..end].bytes();
            code.extend(hidden.map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        };
        let end = if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            hide(&mut code, end);
            end
        } else if rest.starts_with("/*") {
            let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
            hide(&mut code, end);
            end
        } else if let Some((begin, inner, end)) = literal(rest, code.chars().next_back()) {
            code.push_str(&rest[..begin]);
            texts.push((code.len(), rest[begin..begin + inner].to_owned()));
            let hidden = rest[begin..begin + inner].bytes();
            code.extend(hidden.map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            code.push_str(&rest[begin + inner..end]);
            end
        } else if let Some(end) = character(rest) {
            hide(&mut code, end);
            end
        } else {
            let end = letter.len_utf8();
            // Letters outside ASCII stand in literals and comments only, so bytes stay where they are.
            code.push(letter);
            end
        };
        at += end;
    }
    (code, texts)
}

/// A text literal that begins here: where its inside begins, how long that is, and where all of it ends.
fn literal(rest: &str, before: Option<char>) -> Option<(usize, usize, usize)> {
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let plain = rest.strip_prefix(['b', 'c']).unwrap_or(rest);
    let skipped = rest.len() - plain.len();
    if let Some(raw) = plain.strip_prefix('r') {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        if raw[marks..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(marks));
            let begin = skipped + 1 + marks + 1;
            let inner = rest[begin..].find(&close)?;
            return Some((begin, inner, begin + inner + close.len()));
        }
        return None;
    }
    if !plain.starts_with('"') {
        return None;
    }
    let begin = skipped + 1;
    let mut is_escaped = false;
    for (at, letter) in rest[begin..].char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some((begin, at, begin + at + 1)),
            _ => {}
        }
    }
    None
}

/// Where the character literal ends that begins here; none for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let mut letters = inside.char_indices();
    let (_, first) = letters.next()?;
    if first == '\\' {
        letters.next();
        return letters.find(|(_, letter)| *letter == '\'').map(|(at, _)| at + 2);
    }
    let (at, second) = letters.next()?;
    (second == '\'').then_some(at + 2)
}

#[test]
fn a_file_is_taken_apart() {
    let text = r##"//! Says "hello".
fn one(x: &'static str) -> [u8; 2] { // fn two() {
    let brace = '{'; let quote = '\''; /* fn three() {} */
    call("a }} \" b", r#"c " d"#, b"é");
}
trait T { fn none(&self); }
#[cfg(test)]
mod tests { fn inner() { "secret" } }
"##;
    let source = Source::of("src/x.rs".to_owned(), text);
    assert_eq!(source.code.len(), text.len());
    let texts: Vec<&str> = source.texts.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, [r#"a }} \" b"#, r#"c " d"#, "é", "secret"]);
    let found: Vec<(String, usize)> =
        source.functions().into_iter().map(|one| (one.name, one.lines)).collect();
    assert_eq!(found, [("one".to_owned(), 4), ("inner".to_owned(), 1)]);
    let plain = source.without_tests();
    assert_eq!(plain.functions().len(), 1);
    assert_eq!(plain.texts.len(), 3);
    assert_eq!(source.line(source.texts[2].0), 4);
}
