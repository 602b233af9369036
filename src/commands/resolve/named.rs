//! Records that are named by id or by name, whatever they are: an exact name beats partial ones; several are a question on
//! a terminal, an error elsewhere.

use std::str::FromStr;

use super::candidates::{Candidate, lines, meant};
use crate::api::Record;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::names;
use crate::render::sanitise;
use crate::ui::Picked;

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
        // Of invisible characters alone, it would be part of every name.
        let text = if names::folded(typed).is_empty() { "" } else { typed.trim() };
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
        Error::none(format!("{noun} {self}")).next(format!("{noun} list"), "list ids")
    }
}

/// So many are shown when a name is not clear.
const SHOWN: usize = 10;
/// One of more than this is not picked: nobody reads as many lines.
const PICKED: usize = 20;

/// The one of `found` that was meant, which `candidate` tells apart: the only one, the only one that is called so, or the
/// one that a person picks, or types instead, which `read` reads.
///
/// # Errors
/// Exit 3 when there is none; exit 2 when there are several and nobody can be asked, with the beginning of them.
pub async fn pick<T>(
    ctx: &Context,
    noun: &str,
    typed: &IdOrName,
    mut found: Vec<Record<T>>,
    candidate: impl Fn(&T) -> Candidate,
    read: impl AsyncFn(&IdOrName) -> Result<Record<T>>,
) -> Result<Record<T>> {
    let all: Vec<Candidate> = found.iter().map(|one| candidate(one)).collect();
    let meant = meant(typed.name().unwrap_or_default(), &all);
    let at = match meant.as_slice() {
        [] => return Err(typed.not_found(noun)),
        [one] => *one,
        several => {
            let (text, lines) = of_several(noun, typed, several, &all);
            let read = async |typed: &str| read(&typed.parse().map_err(Error::usage)?).await;
            match among_or(ctx, text, lines, USE_IT, read).await? {
                Meant::At(at) => several[at],
                Meant::Other(other) => return Ok(other),
            }
        }
    };
    Ok(found.swap_remove(at))
}

/// How one of several is named after all.
const USE_IT: &str = "use the id or the full name";

/// That several are meant, and a line each.
fn of_several(
    noun: &str,
    typed: &IdOrName,
    meant: &[usize],
    all: &[Candidate],
) -> (String, Vec<String>) {
    let several = format!("{} {noun}s match {typed}", meant.len());
    (several, lines(&meant.iter().map(|&at| all[at].clone()).collect::<Vec<_>>()))
}

/// The place in `all` of the one that a name means; none where nothing is called so.
///
/// # Errors
/// Exit 2 when several are and nobody can be asked, with the beginning of them; exit 9 when no choice was made.
pub async fn one_of(
    ctx: &Context,
    noun: &str,
    typed: &IdOrName,
    all: &[Candidate],
) -> Result<Option<usize>> {
    let meant = meant(typed.name().unwrap_or_default(), all);
    if meant.len() < 2 {
        return Ok(meant.first().copied());
    }
    let (several, lines) = of_several(noun, typed, &meant, all);
    let at = among(ctx, several, lines, USE_IT).await?;
    Ok(meant.get(at).copied())
}

/// The id in `all`, which belong to `whose`, of what was typed: digits are an id, whatever there is.
///
/// # Errors
/// As for [`one_of`]; exit 3 where nothing is called so, with what is there.
pub async fn id_of(
    ctx: &Context,
    (whose, noun): (&str, &str),
    typed: &IdOrName,
    all: &[Candidate],
) -> Result<u64> {
    match typed.id() {
        Some(id) => Ok(id),
        None => id_called(ctx, (whose, noun), typed, all).await,
    }
}

/// The same of what is no id.
///
/// # Errors
/// As for [`id_of`].
pub async fn id_called(
    ctx: &Context,
    (whose, noun): (&str, &str),
    typed: &IdOrName,
    all: &[Candidate],
) -> Result<u64> {
    let found = one_of(ctx, noun, typed, all).await.map_err(Error::nothing_written)?;
    if let Some(id) = found.and_then(|at| all[at].id.parse().ok()) {
        return Ok(id);
    }
    let there = match all {
        [] => format!("there are no {noun}s"),
        all => format!("there are:\n{}", beginning(lines(all))),
    };
    let text = format!("{whose} has no {noun} {typed}");
    Err(Error::new(Kind::NotFound, text).nothing_written().hint(there))
}

/// The place of the one of several that a person picks.
///
/// # Errors
/// Exit 2 when nobody can be asked, or when they are too many, with the beginning of them and the hint.
pub async fn among(
    ctx: &Context,
    several: String,
    lines: Vec<String>,
    hint: &'static str,
) -> Result<usize> {
    let lines = few(ctx, &several, lines, hint)?;
    ctx.blocking(move |ui| ui.select(WHICH, &lines)).await
}

/// One of several, by its place, or another that was typed instead.
pub enum Meant<T> {
    /// One of them.
    At(usize),
    /// What else was meant.
    Other(T),
}

/// The same where something else may be typed, which `read` reads: asked again where that is nobody.
///
/// # Errors
/// As for [`among`]; those of the reads.
pub async fn among_or<T>(
    ctx: &Context,
    several: String,
    lines: Vec<String>,
    hint: &'static str,
    read: impl AsyncFn(&str) -> Result<T>,
) -> Result<Meant<T>> {
    let lines = few(ctx, &several, lines, hint)?;
    let mut shown = false;
    loop {
        let lines = lines.clone();
        let typed = match ctx.blocking(move |ui| ui.select_or_type(WHICH, &lines, shown)).await? {
            Picked::At(at) => return Ok(Meant::At(at)),
            Picked::Typed(typed) => typed,
        };
        match read(&typed).await {
            Ok(other) => return Ok(Meant::Other(other)),
            Err(error) => once_more(ctx, error)?,
        }
        shown = true;
    }
}

/// The question which of several is meant.
const WHICH: &str = "Which one?";

/// Those of which one can be picked, once it is said what they are.
fn few(
    ctx: &Context,
    several: &str,
    lines: Vec<String>,
    hint: &'static str,
) -> Result<Vec<String>> {
    let are_few = lines.len() <= PICKED;
    if are_few && ctx.ui().is_interactive() && !ctx.how().yes {
        ctx.ui().preview(&format!("{}:\n", sanitise::one_line(several)));
        return Ok(lines);
    }
    let error = Error::usage(format!("{several}\n{}", beginning(lines)));
    Err(if are_few { error.hint(hint) } else { error.hint("type more letters").hint(hint) })
}

/// Says why what was typed is nobody, before it is asked for again.
///
/// # Errors
/// Any that another answer would not mend.
pub fn once_more(ctx: &Context, error: Error) -> Result<()> {
    match error.kind {
        Kind::NotFound | Kind::Usage | Kind::Cancelled => say(ctx, error),
        _ => return Err(error),
    }
    Ok(())
}

/// Says why an answer does not do, before it is asked for again.
pub fn say(ctx: &Context, error: Error) {
    let error = error.called(&ctx.program());
    ctx.ui().warn(&error.to_string());
    for hint in error.hint_lines() {
        ctx.ui().note(&hint);
    }
}

/// The first of them, and how many more there are.
fn beginning(mut lines: Vec<String>) -> String {
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
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
}
