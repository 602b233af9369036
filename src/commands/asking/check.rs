//! What is wrong with an answer before the command line that it becomes part of is understood, and how it may be typed.

use jiff::Zoned;

use super::{Ask, Use};
use crate::billing::quantity::how_long;
use crate::commands::config::{get, set};
use crate::dates::{self, Lean};
use crate::error::Error;
use crate::ui::HELP;

/// How a setting is named.
const A_SETTING: &str = "type one of the names above, like tickets.priority; for labor, put the type's name in it: labor.remote.rate";

/// What is wrong with a day, a time or a setting, where one is asked for.
pub(super) fn is_such(ask: Ask, typed: &str, now: &Zoned) -> Result<(), String> {
    let none = typed.eq_ignore_ascii_case("none");
    match ask {
        Ask::Minutes | Ask::Length if typed == HELP => Err(how_long()),
        Ask::Setting(_) if typed == HELP => Err(A_SETTING.to_owned()),
        Ask::Day if none => Ok(()),
        Ask::Day => dates::day(typed, now, Lean::Future).map(|_| ()),
        Ask::Moment => dates::moment(typed, now).map(|_| ()),
        Ask::Past => dates::past_moment(typed, now).map(|_| ()),
        Ask::Setting(of) => setting(of, typed),
        _ => Ok(()),
    }
}

/// What is wrong with a setting's name, and what may be meant.
fn setting(of: Use, key: &str) -> Result<(), String> {
    let found = match of {
        Use::Shown => get::showable(key),
        Use::Set | Use::Removed => set::changeable(key, of == Use::Set),
    };
    found.map(|_| ()).map_err(|error: Error| {
        let said = std::iter::once(error.message.clone()).chain(error.hint_lines());
        said.collect::<Vec<_>>().join("; ")
    })
}
