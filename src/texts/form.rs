//! A form that was answered in part: the answers, and its text. In its file the text stands first, as any other does; the
//! answers follow, a line each.

use super::Kept;

/// Between the text and the answers.
const MARK: &str = "--- answers ---";

/// Answers by what was asked, in the order of the form.
pub(crate) type Answers = Vec<(String, String)>;

/// Text and answers as they are kept.
#[must_use]
pub(super) fn written(text: &str, answers: &Answers) -> String {
    if answers.is_empty() {
        return text.to_owned();
    }
    let mut all = format!("{text}\n{MARK}\n");
    for (asked, answer) in answers {
        let answer: Vec<&str> = answer.lines().map(str::trim).collect();
        all.push_str(&format!("{asked}: {}\n", answer.join(" ")));
    }
    all
}

/// What was kept so.
#[must_use]
pub(super) fn read(kept: Kept) -> Kept {
    let mark = format!("\n{MARK}\n");
    let Some((text, lines)) = kept.text.rsplit_once(&mark) else {
        return kept;
    };
    let answers = lines.lines().filter_map(|line| line.split_once(": "));
    let answers = answers.map(|(asked, answer)| (asked.to_owned(), answer.to_owned())).collect();
    Kept { text: text.to_owned(), answers, ..kept }
}
