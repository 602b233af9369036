//! A choice from a numbered list, on stderr: by number, or by words of a name.

use super::keyboard::{Question, closed};
use super::prompts::HELP;
use super::terminal::Ui;
use crate::error::{Error, Result};
use crate::names;
use crate::render::{sanitise, wrap};

/// What may be typed at a list: the answer to `?`, and to what is not in it.
fn of_list(items: &[String]) -> String {
    format!("type a number from 1 to {}, or a name", items.len())
}

/// So few digits are a place in a list and nothing else: a slip must not choose what only begins with them.
const PLACE: usize = 2;

/// The one item that begins with what was typed, else the one of which all of its words begin a word, whatever the case.
///
/// # Errors
/// Which numbers are left, where several do.
fn meant(items: &[String], typed: &str) -> Result<usize, String> {
    let typed = names::plain(typed);
    let begins = |item: &&String| names::plain(item).starts_with(&typed);
    let fits = |item: &&String| names::begins(&typed, 1, [item.as_str()]);
    let places = |fits: &dyn Fn(&&String) -> bool| -> Vec<usize> {
        items.iter().enumerate().filter(|(_, item)| fits(item)).map(|(at, _)| at).collect()
    };
    let is_place = typed.len() <= PLACE && typed.bytes().all(|byte| byte.is_ascii_digit());
    let mut found = if is_place { Vec::new() } else { places(&begins) };
    if found.is_empty() && !is_place {
        found = places(&fits);
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(of_list(items)),
        several => {
            let numbers: Vec<String> = several.iter().map(|at| (at + 1).to_string()).collect();
            Err(format!(
                "{} fit: type one of these numbers, or more of the name",
                numbers.join(", ")
            ))
        }
    }
}

impl Ui {
    /// Lets a person choose one of `items` by its number or the beginning of its name; returns its index.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`]; cancelled at an empty answer: there is no default among several customers.
    pub fn select(&self, prompt: &str, items: &[String]) -> Result<usize> {
        let chosen = self.pick(prompt, items, true)?;
        chosen.ok_or_else(|| Error::cancelled_as("no choice was made"))
    }

    /// The same of what must be chosen: an empty answer is asked again.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`].
    pub fn select_one(&self, prompt: &str, items: &[String]) -> Result<usize> {
        self.pick(prompt, items, false)?.ok_or_else(closed)
    }

    fn pick(&self, prompt: &str, items: &[String], may_leave: bool) -> Result<Option<usize>> {
        let _modal = self.begin()?;
        let digits = items.len().to_string().len();
        let room = self.0.terminal.columns.saturating_sub(digits + 4);
        let mut list = String::new();
        let whole: Vec<String> = items.iter().map(|item| sanitise::one_line(item)).collect();
        let cut: Vec<_> = whole.iter().map(|item| wrap::cut(item, room)).collect();
        for (at, (item, whole)) in cut.iter().zip(&whole).enumerate() {
            // What is cut off may be all that tells two of them apart.
            let is_alone = cut.iter().filter(|other| *other == item).count() == 1;
            let item = if is_alone { item } else { whole };
            list.push_str(&format!("  {:>digits$}) {item}\n", at + 1));
        }
        self.preview(&list);
        let leave = if may_leave { ", Enter cancels" } else { "" };
        let question = Question {
            label: sanitise::one_line(&format!("{prompt} [1-{}{leave}]", items.len())),
            default: None,
            end: ":",
            left: None,
        };
        self.0.keyboard.forget();
        self.ask(&question, |typed| {
            let typed = typed.trim().trim_end_matches(')');
            match typed.parse::<usize>() {
                _ if typed.is_empty() && may_leave => Ok(None),
                Ok(number) if (1..=items.len()).contains(&number) => Ok(Some(number - 1)),
                _ => {
                    let found = match typed {
                        "" => Err(of_list(items)),
                        HELP => Err(format!("{}: any of its words will do{leave}", of_list(items))),
                        typed => meant(items, typed).map(Some),
                    };
                    if found.is_err() {
                        self.0.keyboard.forget();
                    }
                    found
                }
            }
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::{UiFlags, testing};
    use super::*;
    use crate::error::Kind;

    fn answered(answers: &[&str]) -> (Ui, testing::Captured) {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, answers);
        (ui, err)
    }

    #[test]
    fn selection_is_by_number() {
        let items = ["Nordlys Bakeri (4711)", "Nordlys\u{1b}[2J Kafe (4712)"].map(str::to_owned);
        let (ui, err) = answered(&["0", "3", "2"]);
        assert_eq!(ui.select("Which customer?", &items).unwrap(), 1);
        assert!(err.text().starts_with(
            "  1) Nordlys Bakeri (4711)\n  2) Nordlys Kafe (4712)\nWhich customer? [1-2, Enter cancels]: "
        ));
        let error = answered(&[""]).0.select("Which?", &items).unwrap_err();
        assert_eq!(error.kind, Kind::Cancelled);
        let (ui, err) = answered(&["", "1"]);
        assert_eq!(ui.select_one("Which?", &items).unwrap(), 0);
        assert_eq!(err.text().matches("Which? [1-2]: ").count(), 2);
    }

    #[test]
    fn a_choice_is_narrowed_by_words_until_one_is_left() {
        let items = ["SSD 1 TB (id 71)", "SSD 2 TB (id 72)", "Labor - Remote (id 8)"];
        let items = items.map(str::to_owned);
        for (typed, at) in [("rem", 2), ("2 t", 1), ("ssd 1", 0), ("labor", 2)] {
            let (ui, _) = answered(&[typed]);
            assert_eq!(ui.select("Which?", &items).unwrap(), at, "{typed}");
        }
        let (ui, err) = answered(&["ssd", "emote", "ssd 2"]);
        assert_eq!(ui.select("Which?", &items).unwrap(), 1);
        assert!(err.text().contains("1, 2 fit: type one of these numbers"), "{}", err.text());
        assert!(err.text().contains("type a number from 1 to 3, or a name"), "{}", err.text());
    }

    #[test]
    fn two_lines_never_read_the_same() {
        let long =
            "Northlight Architects and Partners of the Upper Harbor, second floor, east wing, room";
        let items =
            [format!("{long} (id 1)"), format!("{long} (id 2)"), format!("The {long} (id 3)")];
        let (ui, err) = answered(&["3"]);
        ui.select("Which?", &items).unwrap();
        let text = err.text();
        assert!(text.contains("(id 1)") && text.contains("(id 2)"), "{text}");
        assert!(!text.contains("(id 3)"), "{text}");
    }

    #[test]
    fn a_question_mark_says_what_may_be_typed() {
        let items = ["one", "two"].map(str::to_owned);
        let (ui, err) = answered(&["?", "2"]);
        assert_eq!(ui.select("Which?", &items).unwrap(), 1);
        let said =
            "type a number from 1 to 2, or a name: any of its words will do, Enter cancels\n";
        assert!(err.text().contains(said), "{}", err.text());
    }

    #[test]
    fn ctrl_d_leaves_a_list() {
        let items = ["one", "two"].map(str::to_owned);
        for error in [
            answered(&["^D"]).0.select("Which?", &items).unwrap_err(),
            answered(&["^D"]).0.select_one("Which?", &items).unwrap_err(),
        ] {
            assert_eq!(error.kind, Kind::Cancelled);
            assert_eq!(error.to_string(), Error::cancelled().to_string());
        }
    }
}
