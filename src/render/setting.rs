//! Settings as rows, and the lines of the configuration that a change touches.

use serde_json::Value;

use super::changes::compared;
use super::list::Shape;
use super::{BAD, BOLD, Cell, Column, DIM, GOOD, Table, sanitise};
use crate::config::layers::InForce;

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "config list",
    one: "setting",
    several: "settings",
    columns: &[
        Column::id("Setting").of("key"),
        Column::elastic("Value").of("value"),
        Column::text("From").of("source"),
        Column::elastic("Default").extra().of("default"),
    ],
};

/// Settings, one line each.
#[must_use]
pub fn rows(settings: &[InForce]) -> Table {
    let mut table = LIST.table();
    for setting in settings {
        table.row([
            Cell::styled(&setting.key, BOLD),
            Cell::from(lines(&setting.value).join(", ")),
            Cell::styled(setting.source().unwrap_or_default(), DIM),
            Cell::styled(&lines(&setting.default).join(", "), DIM),
        ]);
    }
    table
}

/// A setting's value as it is typed, a line for each of several.
#[must_use]
pub fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![sanitise::text(text).replace(['\n', '\t'], " ")],
        Value::Array(all) => all.iter().flat_map(lines).collect(),
        value => vec![value.to_string()],
    }
}

/// The lines of a text that are gone (`-`) and those that are new (`+`), indented.
#[must_use]
pub fn changed_lines(old: &str, new: &str, colour: bool) -> String {
    let mut text = String::new();
    for (sign, line) in changes(old, new) {
        let line = format!("{sign} {}", sanitise::text(line).trim_end());
        let style = if sign == '+' { GOOD } else { BAD };
        text.push_str(&match colour {
            true => format!("  {style}{line}{style:#}\n"),
            false => format!("  {line}\n"),
        });
    }
    text
}

/// The lines that are gone (`-`) and those that are new (`+`), in their order.
fn changes<'a>(old: &'a str, new: &'a str) -> Vec<(char, &'a str)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let changed = compared(&old, &new).into_iter().filter_map(|line| match line {
        (Some(at), None) => Some(('-', *old.get(at)?)),
        (None, Some(at)) => Some(('+', *new.get(at)?)),
        _ => None,
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_is_shown() {
        let changed = changes("a\nb\nc\n", "a\nB\nc\n\nd\n");
        assert_eq!(changed, [('-', "b"), ('+', "B"), ('+', ""), ('+', "d")]);
        assert_eq!(changes("", "a\n"), [('+', "a")]);
        assert_eq!(changes("a\n", ""), [('-', "a")]);
        assert!(changes("a\nb", "a\nb").is_empty());
    }
}
