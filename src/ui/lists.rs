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

/// What was answered to a list that does not have all that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// One of the list, by its place.
    At(usize),
    /// What was typed, which is nothing of the list.
    Typed(String),
}

fn is_digits(typed: &str) -> bool {
    typed.bytes().all(|byte| byte.is_ascii_digit())
}

/// The places of those that begin with what was typed, else of those of which all of its words begin a word, whatever the
/// case. A number is meant whole: the beginning of it may be another record's.
fn meant(items: &[String], typed: &str) -> Vec<usize> {
    let typed = names::plain(typed);
    if typed.len() <= PLACE && is_digits(&typed) {
        return Vec::new();
    }
    let number = Some(typed.trim_start_matches('#')).filter(|number| is_digits(number));
    let begins = |item: &str| match number {
        Some(number) => words(item).next() == Some(number),
        None => names::plain(item).starts_with(&typed),
    };
    let fits = |item: &str| match number {
        Some(number) => words(item).any(|word| word == number),
        None => names::begins(&typed, 1, [item]),
    };
    let places = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        items.iter().enumerate().filter(|(_, item)| fits(item)).map(|(at, _)| at).collect()
    };
    let found = places(&begins);
    if found.is_empty() { places(&fits) } else { found }
}

fn words(item: &str) -> impl Iterator<Item = &str> {
    item.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// What else than a place or a name a list takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// Nothing: one of it must be chosen.
    One,
    /// An empty answer, which leaves it.
    Leaving,
    /// That, and what is nothing of it, like an id.
    Anything,
}

impl Ui {
    /// Lets a person choose one of `items` by its number or the beginning of its name; returns its index.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`]; cancelled at an empty answer: there is no default among several customers.
    pub fn select(&self, prompt: &str, items: &[String]) -> Result<usize> {
        match self.pick(prompt, items, Takes::Leaving, true)? {
            Some(Picked::At(at)) => Ok(at),
            _ => Err(nothing_chosen()),
        }
    }

    /// The same of what must be chosen: an empty answer is asked again.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`].
    pub fn select_one(&self, prompt: &str, items: &[String]) -> Result<usize> {
        match self.pick(prompt, items, Takes::One, true)? {
            Some(Picked::At(at)) => Ok(at),
            _ => Err(closed()),
        }
    }

    /// The same of a list that does not have all that may be meant; asked once more, the list itself is not `shown` again.
    ///
    /// # Errors
    /// As for [`Ui::select`].
    pub fn select_or_type(&self, prompt: &str, items: &[String], shown: bool) -> Result<Picked> {
        self.pick(prompt, items, Takes::Anything, !shown)?.ok_or_else(nothing_chosen)
    }

    /// Shows a list; what is longer than a line goes on below itself, so that no amount, date or name is cut.
    fn show_list(&self, items: &[String]) {
        let digits = items.len().to_string().len();
        let mut list = String::new();
        for (at, item) in items.iter().enumerate() {
            let (item, indent) = (sanitise::one_line(item), digits + 4);
            let item = match self.preview_width() {
                Some(width) => wrap::styled(&item, width, indent, indent),
                None => item,
            };
            list.push_str(&format!("  {:>digits$}) {item}\n", at + 1));
        }
        self.preview(&list);
    }

    fn pick(
        &self,
        prompt: &str,
        items: &[String],
        takes: Takes,
        shows: bool,
    ) -> Result<Option<Picked>> {
        let _modal = self.begin()?;
        if shows {
            self.show_list(items);
        }
        let leave = if takes == Takes::One { "" } else { ", Enter cancels" };
        let question = Question {
            label: sanitise::one_line(&format!("{prompt} [1-{}{leave}]", items.len())),
            default: None,
            end: ":",
            left: None,
        };
        self.0.keyboard.forget();
        self.ask(&question, |typed| {
            let answer = chosen(items, takes, typed.trim());
            if answer.is_err() {
                self.0.keyboard.forget();
            }
            answer.map_err(|why| if typed.trim() == HELP { format!("{why}{leave}") } else { why })
        })
    }
}

fn nothing_chosen() -> Error {
    Error::cancelled_as("no choice was made")
}

/// What an answer to a list means; nothing where it leaves it.
///
/// # Errors
/// What may be typed instead.
fn chosen(items: &[String], takes: Takes, typed: &str) -> Result<Option<Picked>, String> {
    let place = typed.trim_end_matches(')');
    let is_id = takes == Takes::Anything && typed.starts_with("id:");
    let other = || match takes {
        Takes::Anything if place.len() > PLACE || !is_digits(place) => {
            Ok(Some(Picked::Typed(typed.to_owned())))
        }
        _ => Err(of_list(items)),
    };
    match (place, place.parse::<usize>()) {
        ("", _) if takes == Takes::One => Err(of_list(items)),
        ("", _) => Ok(None),
        (_, Ok(number)) if (1..=items.len()).contains(&number) => Ok(Some(Picked::At(number - 1))),
        (HELP, _) => Err(format!("{}: any of its words will do", of_list(items))),
        _ if is_id => other(),
        _ => match meant(items, place).as_slice() {
            [one] => Ok(Some(Picked::At(*one))),
            [] => other(),
            several => {
                let numbers: Vec<String> = several.iter().map(|at| (at + 1).to_string()).collect();
                Err(format!(
                    "{} fit: type one of these numbers, or more of the name",
                    numbers.join(", ")
                ))
            }
        },
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
    fn what_is_not_in_the_list_is_taken_as_it_was_typed_where_more_may_be_meant() {
        let items = ["32181 Quill - Till (New)", "32178 Mossgate - Invoice 32181 (New)"];
        let items = items.map(str::to_owned);
        let typed = |text: &str| Picked::Typed(text.to_owned());
        for (answer, picked) in [
            ("32181", Picked::At(0)),
            ("#32178", Picked::At(1)),
            ("moss", Picked::At(1)),
            // The beginning of a number, and an id, are other records'.
            ("3218", typed("3218")),
            ("id:32181", typed("id:32181")),
            ("32105", typed("32105")),
            ("Sunde (Oslo)", typed("Sunde (Oslo)")),
        ] {
            let (ui, _) = answered(&[answer]);
            assert_eq!(ui.select_or_type("Which?", &items, false).unwrap(), picked, "{answer}");
        }
        // So few digits are a place, and a list that has all takes nothing else.
        let (ui, err) = answered(&["7", "2"]);
        assert_eq!(ui.select_or_type("Which?", &items, true).unwrap(), Picked::At(1));
        assert!(!err.text().contains("1) 32181"), "{}", err.text());
        let (ui, err) = answered(&["32105", "3218", "1"]);
        assert_eq!(ui.select("Which?", &items).unwrap(), 0);
        assert_eq!(err.text().matches("type a number from 1 to 2, or a name\n").count(), 2);
    }

    #[test]
    fn what_is_longer_than_a_line_goes_on_below_itself() {
        let long =
            "Northlight Architects and Partners of the Upper Harbor, second floor, east wing, room";
        let (ui, err) = answered(&["2"]);
        ui.select("Which?", &[format!("{long} (id 1)"), "Other (id 2)".to_owned()]).unwrap();
        let (text, below) = (err.text(), format!("\n{}", " ".repeat(5)));
        assert_eq!(text.lines().filter(|line| line.contains(") ")).count(), 2, "{text}");
        assert!(
            text.contains(&below) && text.contains("(id 1)") && !text.contains('\u{2026}'),
            "{text}"
        );
        assert!(text.lines().all(|line| line.len() <= 80), "{text}");
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
