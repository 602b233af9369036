//! The checks of a model's answer, pure: its shape; plain lines instead of markup; nothing that looks like a credential;
//! lengths; and no figure or address that was not in what the model was told. What fails is named, for a person to mend.

use serde_json::Value;

use super::input::Input;
use super::{credentials, figures, markup, words};
use crate::render::sanitise;

/// The longest body that is a draft and no flood, in characters.
const LONGEST_BODY: usize = 4000;
/// The longest line.
const LONGEST_LINE: usize = 200;
/// The longest summary.
const LONGEST_SUMMARY: usize = 500;

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A sentence without its full stop.
    pub text: String,
    /// What the model said that it was not told, if it is that.
    pub invented: Option<String>,
}

/// What a model wrote, checked: plain lines, no markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// A headline.
    pub subject: String,
    /// The text.
    pub body: String,
    /// One line for a line item; empty when it failed a check.
    pub line_description: String,
    /// One sentence for a log; empty when it failed a check.
    pub summary: String,
    /// Where it was written.
    pub host: String,
    /// By which model.
    pub model: String,
    /// What a person should look at before it is used.
    pub findings: Vec<Finding>,
}

impl Draft {
    /// What a text that was made of this draft still says that came from the model alone.
    #[must_use]
    pub fn still_invented(&self, text: &str) -> Vec<String> {
        let figures = self.findings.iter().filter_map(|one| one.invented.as_ref());
        let mut left: Vec<String> = figures.filter(|figure| says(text, figure)).cloned().collect();
        left.dedup();
        left
    }
}

/// The four texts of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) line_description: String,
    pub(super) summary: String,
}

impl Answer {
    /// Each text changed alike.
    pub(super) fn map(self, change: impl Fn(&str) -> String) -> Self {
        Self {
            subject: change(&self.subject),
            body: change(&self.body),
            line_description: change(&self.line_description),
            summary: change(&self.summary),
        }
    }
}

/// The answer's texts; what else it holds is not looked at.
///
/// # Errors
/// Why it has not the shape that was asked for.
pub(super) fn read(content: &str) -> Result<Answer, String> {
    let value: Value = serde_json::from_str(unwrapped(content))
        .map_err(|_| "its answer is not the requested JSON".to_owned())?;
    let field = |name: &str| {
        let text = value.get(name).and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| format!("its answer has no `{name}` text"))
    };
    let [subject, body, line_description, summary] = words::FIELDS;
    Ok(Answer {
        subject: field(subject)?,
        body: field(body)?,
        line_description: field(line_description)?,
        summary: field(summary)?,
    })
}

/// The answer without the thinking before it and the fence around it that some models add.
fn unwrapped(content: &str) -> &str {
    let content = content.trim();
    let content = match content.strip_prefix("<think>") {
        Some(rest) => rest.split_once("</think>").map_or(content, |(_, rest)| rest.trim()),
        None => content,
    };
    let fenced = content
        .strip_prefix("```json")
        .or_else(|| content.strip_prefix("```"))
        .and_then(|rest| rest.strip_suffix("```"));
    fenced.unwrap_or(content).trim()
}

/// An answer that was checked.
pub(super) struct Checked {
    answer: Answer,
    findings: Vec<Finding>,
}

impl Checked {
    /// The draft, with whose it is.
    pub(super) fn by(self, host: String, model: String) -> Draft {
        let answer = self.answer;
        Draft {
            subject: answer.subject,
            body: answer.body,
            line_description: answer.line_description,
            summary: answer.summary,
            host,
            model,
            findings: self.findings,
        }
    }
}

/// Checks the texts. A line that fails is left out, for there is another way to it; a body that fails is named.
///
/// # Errors
/// Why it is of no use at all.
pub(super) fn check(answer: Answer, input: &Input) -> Result<Checked, String> {
    let mut findings = Vec::new();
    let body = tidy("the text", &answer.body, &mut findings);
    if body.is_empty() {
        return Err("its text is empty".to_owned());
    }
    let length = body.chars().count();
    if length > LONGEST_BODY {
        return Err(format!("its text is too long ({length} characters, at most {LONGEST_BODY})"));
    }
    let sources = sources(input);
    findings.extend(doubts("the text", &body, &sources));
    let mut line = |what: &str, text: &str, most: usize| {
        let mut found = Vec::new();
        let text = sanitise::one_line(&tidy(what, text, &mut found));
        found.extend(doubts(what, &text, &sources));
        let length = text.chars().count();
        if length > most {
            found.push(told(format!("{what} is too long ({length} characters, at most {most})")));
        }
        if found.is_empty() {
            return text;
        }
        // Named once as left out; what is in it is no longer anybody's concern.
        let why: Vec<String> = found.into_iter().map(|one| one.text).collect();
        findings.push(told(format!("{what} was removed: {}", why.join("; "))));
        String::new()
    };
    let answer = Answer {
        subject: line("the subject", &answer.subject, LONGEST_LINE),
        line_description: line("the line description", &answer.line_description, LONGEST_LINE),
        summary: line("the summary", &answer.summary, LONGEST_SUMMARY),
        body,
    };
    Ok(Checked { answer, findings })
}

fn told(text: String) -> Finding {
    Finding { text, invented: None }
}

/// A text in plain lines, without what a terminal must not see.
fn tidy(what: &str, text: &str, findings: &mut Vec<Finding>) -> String {
    let text = sanitise::text(text);
    let breaks = ["<br>", "<br/>", "<br />", "<BR>"];
    let text = breaks.iter().fold(text, |text, mark| text.replace(mark, "\n"));
    let mut marks = markup::tags(&text);
    marks.extend(markup::markdown(&text).into_iter().map(str::to_owned));
    if !marks.is_empty() {
        findings.push(told(format!(
            "{what} had {}, which Syncro would show as typed; it was changed to plain text",
            marks.join(", ")
        )));
    }
    let plain = markup::plain(&text);
    let lines: Vec<&str> = plain.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// Credentials, and what nobody has told the model.
fn doubts(what: &str, text: &str, sources: &[&str]) -> Vec<Finding> {
    let secret = credentials::find(text).map(|found| told(format!("{what}: {found}")));
    let figures = figures::invented(text, sources);
    let addresses = invented_addresses(text, sources);
    let invented = figures.into_iter().chain(addresses).map(|figure| Finding {
        text: format!("{what} has {figure}, which is not in your notes"),
        invented: Some(figure),
    });
    secret.into_iter().chain(invented).collect()
}

/// All that the model was told, as far as facts can come from it.
fn sources(input: &Input) -> Vec<&str> {
    let context = [&input.ticket, &input.subject, &input.customer];
    let context = context.into_iter().filter_map(Option::as_deref);
    std::iter::once(input.typed.as_str()).chain(context).collect()
}

/// Links and e-mail addresses that no source has.
fn invented_addresses(text: &str, sources: &[&str]) -> Vec<String> {
    let known = |word: &str| {
        let word = word.to_lowercase();
        sources.iter().any(|source| source.to_lowercase().contains(&word))
    };
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
        let address = word.contains("://") || word.starts_with("www.") || word.contains('@');
        if address && !known(word) && !found.iter().any(|one| one == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// Whether a text still has what was invented.
pub(super) fn says(text: &str, invented: &str) -> bool {
    let is_address =
        invented.contains("://") || invented.contains('@') || invented.starts_with("www.");
    if is_address { text.contains(invented) } else { figures::has(text, invented) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::draft::Purpose;

    fn input() -> Input {
        Input {
            typed: "copied the gift layout, 2 tills, tested 14:00".to_owned(),
            purpose: Purpose::Reply,
            ticket: Some("32181".to_owned()),
            subject: Some("Gift receipts on till 3".to_owned()),
            customer: Some("Quillfeather Books".to_owned()),
        }
    }

    fn answer(body: &str) -> Answer {
        Answer {
            subject: "Gift receipts".to_owned(),
            body: body.to_owned(),
            line_description: "Copied the gift layout".to_owned(),
            summary: "The gift layout was copied.".to_owned(),
        }
    }

    fn checked(body: &str) -> Draft {
        check(answer(body), &input()).unwrap().by("h".to_owned(), "m".to_owned())
    }

    #[test]
    fn a_good_answer_passes_as_it_is() {
        let body = "Hello,\n\nthe gift layout is on till 3 now (#32181); 2 tills, tested at 2pm.";
        let draft = checked(body);
        assert_eq!((draft.body.as_str(), draft.findings.len()), (body, 0), "{draft:?}");
        assert_eq!(draft.line_description, "Copied the gift layout");
    }

    #[test]
    fn shapes() {
        let good = json!({"subject": "a", "body": "b", "line_description": "c", "summary": "d", "amount": 99});
        assert_eq!(read(&good.to_string()).unwrap().body, "b");
        let wrapped = format!("<think>30 minutes?</think>\n```json\n{good}\n```");
        assert_eq!(read(&wrapped).unwrap().summary, "d");
        for bad in [
            "Sure! Here it is".to_owned(),
            "[]".to_owned(),
            "null".to_owned(),
            json!({"subject": "a", "body": "b", "summary": "d"}).to_string(),
            json!({"subject": "a", "body": ["b"], "line_description": "c", "summary": "d"})
                .to_string(),
            "<think>for ever".to_owned(),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn line_breaks_are_lines_and_markup_is_named() {
        assert_eq!(checked("one<br>two<br/>\nthree").body, "one\ntwo\n\nthree");
        let listed = checked("Done:<ul><li>one</li><li>two</li></ul>");
        assert_eq!(listed.body, "Done:\n\n- one\n- two");
        assert!(listed.findings[0].text.contains("<ul>, <li>"), "{listed:?}");
        let marked = checked("We **did** it");
        assert_eq!(marked.body, "We did it");
        assert!(marked.findings[0].text.contains("**"));
    }

    #[test]
    fn figures_addresses_and_credentials_are_named() {
        let draft = checked("It took 30 minutes.\nSee www.example.com/help, password: hunter22");
        let texts: Vec<&str> = draft.findings.iter().map(|one| one.text.as_str()).collect();
        assert!(texts.iter().any(|text| text.contains("30 minutes")), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains("www.example.com")), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains("a password")), "{texts:?}");
        assert_eq!(draft.still_invented("It took 30 minutes."), ["30 minutes"]);
        assert_eq!(draft.still_invented("It took a while."), [""; 0]);
    }

    #[test]
    fn a_line_that_fails_is_left_out() {
        let mut bad = answer("Done.");
        bad.line_description = "Copied the layout in 45 min".to_owned();
        bad.summary = "x".repeat(501);
        let draft = check(bad, &input()).unwrap().by("h".to_owned(), "m".to_owned());
        assert_eq!((draft.line_description.as_str(), draft.summary.as_str()), ("", ""));
        assert_eq!(draft.findings.len(), 2);
        assert!(draft.findings[0].text.contains("45 min"));
        assert_eq!(draft.still_invented("45 min"), [""; 0]);
    }

    #[test]
    fn a_flood_or_nothing_is_of_no_use() {
        assert!(check(answer(&"word ".repeat(1000)), &input()).is_err());
        assert!(check(answer(" <br> "), &input()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_answer_is_survived(body in "\\PC{0,200}|[<>/a-z0-9*#`\n ]{0,200}") {
            if let Ok(checked) = check(answer(&body), &input()) {
                let draft = checked.by(String::new(), String::new());
                proptest::prop_assert!(!draft.body.is_empty());
                proptest::prop_assert!(!draft.body.chars().any(|c| c != '\n' && sanitise::is_unsafe(c)));
                proptest::prop_assert!(markup::markdown(&draft.body).is_empty() || !draft.findings.is_empty());
            }
        }
    }
}
