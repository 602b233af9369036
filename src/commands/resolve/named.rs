//! Records that are named by id or by name, whatever they are: an exact name beats partial ones; several are a question on
//! a terminal, an error elsewhere.

use std::str::FromStr;

use crate::api::Record;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::names;
use crate::render::sanitise;

/// A record as it is typed: `4711` or `id:4711`, or a name or part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdOrName {
    /// `id:` and digits: an id and nothing else.
    Id(u64),
    /// A name; digits are an id first.
    Typed(String),
}

impl FromStr for IdOrName {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let text = typed.trim();
        match (text, text.strip_prefix("id:")) {
            ("", _) => Err("use an id or a name".to_owned()),
            (_, Some(id)) => {
                id.trim().parse().map(Self::Id).map_err(|_| "use digits after id:".to_owned())
            }
            (text, None) => Ok(Self::Typed(text.to_owned())),
        }
    }
}

impl std::fmt::Display for IdOrName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(f, "with id {id}"),
            Self::Typed(text) => write!(f, "\"{text}\""),
        }
    }
}

impl IdOrName {
    /// The id, if it can be one.
    #[must_use]
    pub fn id(&self) -> Option<u64> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Typed(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok()
            }
            Self::Typed(_) => None,
        }
    }

    /// The name, if it can be one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::Typed(text) => Some(text),
        }
    }

    /// The error for a `noun` that is not there.
    #[must_use]
    pub fn not_found(&self, noun: &str) -> Error {
        Error::new(Kind::NotFound, format!("there is no {noun} {self}"))
            .next(format!("{noun} list"), "list ids")
    }
}

/// Whether `name` is what was typed, whatever its case and spaces.
#[must_use]
pub fn is_called(name: &str, typed: &str) -> bool {
    names::same(name, typed)
}

/// So many are shown when a name is not clear.
const SHOWN: usize = 10;

/// The one of `found` that was meant: the only one, the only one that `exact` holds for, or the one that a person picks.
///
/// # Errors
/// Exit 3 when there is none; exit 2 when there are several and nobody can be asked, with the beginning of them.
pub async fn pick<T>(
    ctx: &Context,
    noun: &str,
    typed: &IdOrName,
    found: Vec<Record<T>>,
    exact: impl Fn(&T) -> bool,
    heading: impl Fn(&T) -> String,
) -> Result<Record<T>> {
    let (exact, partial): (Vec<_>, Vec<_>) = found.into_iter().partition(|one| exact(one));
    let mut meant = if exact.is_empty() { partial } else { exact };
    if meant.len() < 2 {
        return meant.pop().ok_or_else(|| typed.not_found(noun));
    }
    let several = format!("{} {noun}s match {typed}", meant.len());
    among(ctx, several, meant, heading, "use the id or the full name").await
}

/// The one of several that a person picks.
///
/// # Errors
/// Exit 2 when nobody can be asked, with the beginning of them and the hint.
pub(super) async fn among<T>(
    ctx: &Context,
    several: String,
    mut meant: Vec<Record<T>>,
    heading: impl Fn(&T) -> String,
    hint: &'static str,
) -> Result<Record<T>> {
    let shown = meant.iter().take(SHOWN);
    let lines: Vec<String> = shown.map(|one| sanitise::one_line(&heading(one))).collect();
    let more = meant.len().saturating_sub(SHOWN);
    if ctx.ui().is_interactive() && !ctx.how().yes {
        let question = match more {
            0 => format!("{several}. Which one?"),
            more => format!("{several}, {more} not shown. Which one?"),
        };
        let at = ctx.blocking(move |ui| ui.select(&question, &lines)).await?;
        return Ok(meant.swap_remove(at));
    }
    let more = match more {
        0 => String::new(),
        more => format!("\nand {more} more"),
    };
    let message = format!("{several}:\n{}{more}", lines.join("\n"));
    Err(Error::usage(message).hint(hint))
}

/// Adds to the error for several what else tells records of customers apart.
#[must_use]
pub fn or_whose(error: Error) -> Error {
    match error.kind {
        Kind::Usage => error.hint("or use --customer to name its customer"),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_an_id_first_and_may_be_a_name() {
        let digits: Result<IdOrName, _> = "4711".parse();
        assert_eq!(digits, Ok(IdOrName::Typed("4711".to_owned())));
        let typed = IdOrName::Typed("4711".to_owned());
        assert_eq!((typed.id(), typed.name()), (Some(4711), Some("4711")));
        let id = "id:4711".parse::<IdOrName>();
        assert_eq!(id, Ok(IdOrName::Id(4711)));
        assert_eq!(IdOrName::Id(4711).name(), None);
        let name = IdOrName::Typed("TILL-1".to_owned());
        assert_eq!((name.id(), name.name()), (None, Some("TILL-1")));
        for wrong in ["", " ", "id:", "id:x", "id:99999999999999999999999"] {
            assert!(wrong.parse::<IdOrName>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_fit_by_words_and_are_called_by_all_of_them() {
        assert!(names::fits("till 1", ["TILL-1", "Desktop"]));
        assert!(!names::fits("till 2", ["TILL-1", "Desktop"]));
        assert!(is_called(" Imelda  Quill", "imelda quill"));
        assert!(!is_called("Imelda Quill", "imelda"));
    }
}
