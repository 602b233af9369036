//! A form that was answered in part: the answers, and its text. In its file the text stands first, as any other does; the
//! answers follow, a line each.

/// Between the text and the answers.
const MARK: &str = "--- answers ---";

/// Answers by what was asked, in the order of the form.
pub(crate) type Answers = Vec<(String, String)>;

/// Text and answers as they are kept.
#[must_use]
pub(super) fn written(text: &str, answers: &Answers) -> String {
    // A text that has such a line itself is not to be taken for one with answers.
    if answers.is_empty() && !text.lines().any(|line| line == MARK) {
        return text.to_owned();
    }
    let mut all = format!("{text}\n{MARK}\n");
    for (asked, answer) in answers {
        let answer: Vec<&str> = answer.lines().map(str::trim).collect();
        all.push_str(&format!("{asked}: {}\n", answer.join(" ")));
    }
    all
}

/// Text and answers, as they were kept so.
#[must_use]
pub(super) fn read(kept: &str) -> (String, Answers) {
    let mark = format!("\n{MARK}\n");
    let Some((text, lines)) = kept.rsplit_once(&mark) else {
        return (kept.to_owned(), Answers::new());
    };
    let answers = lines.lines().filter_map(|line| line.split_once(": "));
    let answers = answers.map(|(asked, answer)| (asked.to_owned(), answer.to_owned()));
    (text.to_owned(), answers.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_whatever_it_says() {
        let marked = format!("One\n{MARK}\nDue: never");
        let answers: Answers = vec![("Due".to_owned(), "2026-05-21".to_owned())];
        for text in ["", "One", "One\n", &marked] {
            for answers in [Answers::new(), answers.clone()] {
                assert_eq!(read(&written(text, &answers)), (text.to_owned(), answers));
            }
        }
    }
}
