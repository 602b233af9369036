//! Changing the configuration's text as a person would: a value here, a table there, and everything else, comments
//! included, left as it is. What is to be written is decided elsewhere.

use rust_decimal::Decimal;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Key, Table, TableLike, Value, value};

use super::Unit;
use super::file::File;
use super::known::KEYS;
use super::resolve::check_prepaid;
use super::subdomain::Account;
use crate::api::ids::ProductId;
use crate::billing::currency;
use crate::error::{Error, Result};
use crate::render::changes::compared;
use crate::render::sanitise;

/// Stands for a key wherever the text is shown.
pub(super) use crate::api::secret::MASK;

/// What may have the key among its words.
const COMMAND: &str = "api_key_command";

/// The beginning of a new file.
const BEGINNING: &str = "\
# Configuration of syncro, begun by `syncro init`; config.example.toml shows every setting.

";

/// Where the configuration says the key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// `api_key_command`.
    Command(Vec<String>),
    /// `api_key_file`, as written: relative to the configuration's folder.
    File(String),
    /// `api_key_keyring`.
    Keyring(String),
}

/// `[labor.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaborAnswer {
    /// What is typed after `--labor`.
    pub key: String,
    /// The product.
    pub product_id: ProductId,
    /// Hours or pieces.
    pub unit: Unit,
    /// What the product is, for a comment.
    pub about: String,
}

/// What is to stand in the file; absent parts stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// `[profiles.NAME]` instead of the file's own level.
    pub profile: Option<String>,
    /// `subdomain` or `base_url`.
    pub account: Option<Account>,
    /// One of the ways to name the key.
    pub key: Option<KeyPlace>,
    /// `user`.
    pub user: Option<String>,
    /// `timezone`.
    pub timezone: Option<String>,
    /// `session_logs`.
    pub session_logs: Option<String>,
    /// `[labor.*]`.
    pub labor: Vec<LaborAnswer>,
}

/// A text that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// All of it.
    pub text: String,
    /// What stood there before and does not any more, as people read it; nothing of a key.
    pub replaced: Vec<String>,
}

/// `text` with the answers in it; `None` begins a new file.
///
/// # Errors
/// Exit 10 when `text` is no configuration, or would not be one afterwards. `name` is what errors call it.
pub fn edited(name: &str, text: Option<&str>, answers: &Answers) -> Result<Edited> {
    let (mark, body) = parts(text.unwrap_or_default());
    let mut document = parse(name, body)?;
    let mut replaced = Vec::new();
    if let Some(profile) = &answers.profile {
        let all = entry(document.as_table_mut(), "profiles", false);
        let in_braces = all.is_inline_table();
        let all = all.as_table_like_mut().ok_or_else(|| no_table(name, "profiles"))?;
        let item = entry(all, profile, in_braces);
        let at = format!("profiles.{profile}.");
        fill(item, &at, answers, &mut replaced, name)?;
    } else {
        fill(document.as_item_mut(), "", answers, &mut replaced, name)?;
    }
    let beginning = if body.trim().is_empty() { BEGINNING } else { "" };
    let text = format!("{beginning}{document}");
    let text = finished(name, (mark, &text), body, answers.profile.as_deref())?;
    Ok(Edited { text, replaced })
}

/// The mark that a text begins with, and the rest.
pub(super) fn parts(text: &str) -> (&str, &str) {
    match text.strip_prefix('\u{feff}') {
        Some(body) => (text.strip_suffix(body).unwrap_or_default(), body),
        None => ("", text),
    }
}

/// A changed text as it is written, if it is a configuration: behind its mark, each line with the end that it had before.
pub(super) fn finished(
    name: &str,
    (mark, text): (&str, &str),
    before: &str,
    profile: Option<&str>,
) -> Result<String> {
    let text = format!("{mark}{}", with_line_ends(text, before));
    let file = File::read(name, &text)?;
    // One that had a single line is gone with it.
    let over = profile.and_then(|profile| file.profile(profile).ok().cloned()).unwrap_or_default();
    check_prepaid(&file.base.overlaid(over).labor)?;
    Ok(text)
}

/// `new` with the line ends of `old`, since a document writes its own. A new line ends as the one before it does.
fn with_line_ends(new: &str, old: &str) -> String {
    let ends: Vec<&str> =
        old.split_inclusive('\n').map(|line| &line[body_of(line).len()..]).collect();
    let old: Vec<&str> = old.split_inclusive('\n').map(body_of).collect();
    let new: Vec<&str> = new.split_inclusive('\n').map(body_of).collect();
    let mut end = ends.iter().copied().find(|end| !end.is_empty()).unwrap_or("\n");
    let mut text = String::new();
    for (before, after) in compared(&old, &new) {
        let own = before.and_then(|at| ends.get(at).copied()).unwrap_or_default();
        end = if own.is_empty() { end } else { own };
        let Some(line) = after.and_then(|at| Some((at, new.get(at)?))) else { continue };
        text.push_str(line.1);
        let is_open = before.is_some() && own.is_empty() && line.0 + 1 == new.len();
        text.push_str(if is_open { "" } else { end });
    }
    text
}

/// A line without its end.
fn body_of(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

/// `text` as it may be shown: a key that stands in it is masked.
///
/// # Errors
/// Exit 10 when `text` is no TOML: then nobody knows where a key stands in it.
pub fn masked(name: &str, text: &str) -> Result<String> {
    let mut document = parse(name, parts(text).1)?;
    let mask = |table: &mut dyn TableLike| {
        if table.contains_key("api_key") {
            replace(table, "api_key", MASK.into());
        }
        if let Some(command) = table.get_mut(COMMAND).and_then(Item::as_value_mut) {
            mask_words(command);
        }
    };
    mask(document.as_table_mut());
    let profiles = document.get_mut("profiles").and_then(Item::as_table_like_mut);
    for (_, item) in profiles.into_iter().flat_map(TableLike::iter_mut) {
        item.as_table_like_mut().map(mask);
    }
    Ok(document.to_string())
}

/// Masks what is said to a command, as the list of settings does: it may be the key.
pub(super) fn mask_words(command: &mut Value) {
    let words = command.as_array_mut().into_iter().flat_map(Array::iter_mut).skip(1);
    words.for_each(|word| *word = MASK.into());
}

pub(super) fn parse(name: &str, text: &str) -> Result<DocumentMut> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        // Only the parser's own words: its full report quotes the line, and the line may hold the key.
        let message = error.message().replace('\n', ", ");
        Error::configuration(format!("{name}: {message}"))
    })
}

/// The entry called `key`; if it was not there, a table without a line of its own, or one between braces within braces.
pub(super) fn entry<'a>(table: &'a mut dyn TableLike, key: &str, in_braces: bool) -> &'a mut Item {
    table.entry(key).or_insert_with(|| {
        if in_braces {
            return value(InlineTable::new());
        }
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    })
}

pub(super) fn no_table(name: &str, key: &str) -> Error {
    Error::configuration(format!("{name}: {key} is not a table"))
}

fn fill(
    item: &mut Item,
    at: &str,
    answers: &Answers,
    replaced: &mut Vec<String>,
    name: &str,
) -> Result<()> {
    let in_braces = item.is_inline_table();
    let table = item.as_table_like_mut().ok_or_else(|| no_table(name, at.trim_end_matches('.')))?;
    let before = order(table);
    let texts = [
        ("user", &answers.user),
        ("timezone", &answers.timezone),
        ("session_logs", &answers.session_logs),
    ];
    if let Some(account) = &answers.account {
        put_account(table, at, account, replaced);
    }
    if let Some(place) = &answers.key {
        put_key(table, at, place, replaced);
    }
    for (key, answer) in texts {
        if let Some(answer) = answer {
            put(table, at, key, answer.into(), replaced);
        }
    }
    if !answers.labor.is_empty() {
        let all = entry(table, "labor", in_braces);
        let in_braces = all.is_inline_table();
        let all = all.as_table_like_mut().ok_or_else(|| no_table(name, "labor"))?;
        for labor in &answers.labor {
            put_labor(all, at, labor, in_braces, replaced, name)?;
        }
    }
    if let Some(table) = item.as_table_mut() {
        reorder(table, &before);
    }
    Ok(())
}

/// Sets a value, and tells what it replaces.
fn put(table: &mut dyn TableLike, at: &str, key: &str, new: Value, replaced: &mut Vec<String>) {
    let Some(old) = table.get(key).cloned() else {
        table.insert(key, value(new));
        return;
    };
    let item = value(new.clone());
    if shown(&old) != shown(&item) {
        let shown = |item: Item| shown(&if key == COMMAND { without_words(item) } else { item });
        replaced.push(format!("{at}{key}: {} -> {}", shown(old), shown(item)));
        replace(table, key, new);
    }
}

/// A command as people may read it.
fn without_words(mut command: Item) -> Item {
    command.as_value_mut().map(mask_words);
    command
}

/// A value without the spaces and comments around it.
fn shown(item: &Item) -> String {
    match item {
        Item::Value(value) => {
            let mut value = value.clone();
            value.decor_mut().clear();
            value.to_string().trim().to_owned()
        }
        _ => "a table".to_owned(),
    }
}

/// Puts a value in an older one's place, between the same spaces and comments.
pub(super) fn replace(table: &mut dyn TableLike, key: &str, mut new: Value) {
    let Some(item) = table.get_mut(key) else {
        return;
    };
    if let Some(old) = item.as_value() {
        *new.decor_mut() = old.decor().clone();
    }
    *item = Item::Value(new);
}

/// Puts the account in its one place; the other one would contradict it.
fn put_account(table: &mut dyn TableLike, at: &str, account: &Account, replaced: &mut Vec<String>) {
    let (name, other) = match account {
        Account::Subdomain(_) => ("subdomain", "base_url"),
        Account::Base(_) => ("base_url", "subdomain"),
    };
    if table.contains_key(other) {
        replaced.push(format!("{at}{other} -> {name}"));
        rename(table, other, name);
    }
    put(table, at, name, account.to_string().into(), replaced);
}

/// Sets one of the ways to name the key, in the place of whichever stood there.
fn put_key(table: &mut dyn TableLike, at: &str, place: &KeyPlace, replaced: &mut Vec<String>) {
    let (name, new): (&str, Value) = match place {
        KeyPlace::Command(words) => (COMMAND, words.iter().collect::<Array>().into()),
        KeyPlace::File(path) => ("api_key_file", path.into()),
        KeyPlace::Keyring(entry) => ("api_key_keyring", entry.into()),
    };
    for other in KEYS.iter().map(|(key, _)| *key).filter(|other| *other != name) {
        if table.contains_key(other) {
            replaced.push(format!("{at}{other} -> {name}"));
            rename(table, other, name);
        }
    }
    // What was renamed has been told; its value is of the other kind.
    let mut told = Vec::new();
    put(table, at, name, new, &mut told);
    if !replaced.iter().any(|line| line.ends_with(&format!("-> {name}"))) {
        replaced.extend(told);
    }
}

/// Gives an entry another name; its comments go with it, its place does not.
fn rename(table: &mut dyn TableLike, from: &str, to: &str) {
    let decor = table.key(from).map(|key| key.leaf_decor().clone());
    let Some(item) = table.remove(from) else {
        return;
    };
    table.insert(to, item);
    if let (Some(mut key), Some(decor)) = (table.key_mut(to), decor) {
        *key.leaf_decor_mut() = decor;
    }
}

/// The names of a table's entries in their order, all that name the key as one.
fn order(table: &dyn TableLike) -> Vec<String> {
    table.iter().map(|(key, _)| place(key).to_owned()).collect()
}

fn place(key: &str) -> &str {
    if KEYS.iter().any(|(known, _)| *known == key) { "api_key" } else { key }
}

/// Puts the entries back into their `order`, new ones behind.
fn reorder(table: &mut Table, order: &[String]) {
    let rank = |key: &Key| {
        let place = place(key.get());
        order.iter().position(|known| known == place).unwrap_or(usize::MAX)
    };
    table.sort_values_by(|a, _, b, _| rank(a).cmp(&rank(b)));
}

fn put_labor(
    all: &mut dyn TableLike,
    at: &str,
    labor: &LaborAnswer,
    in_braces: bool,
    replaced: &mut Vec<String>,
    name: &str,
) -> Result<()> {
    let key = labor.key.as_str();
    let at = format!("{at}labor.{key}.");
    let is_new = !all.contains_key(key);
    let table =
        entry(all, key, in_braces).as_table_like_mut().ok_or_else(|| no_table(name, key))?;
    let id = i64::try_from(labor.product_id.0).map_err(|_| {
        Error::configuration(format!("{name}: the product_id of {key} is too large"))
    })?;
    put(table, &at, "product_id", id.into(), replaced);
    if labor.unit == Unit::Each || table.contains_key("unit") {
        put(table, &at, "unit", labor.unit.word().into(), replaced);
    }
    let is_told = table
        .get("product_id")
        .and_then(Item::as_value)
        .and_then(|value| value.decor().suffix()?.as_str())
        .is_some_and(is_ours);
    if (is_new && !in_braces) || is_told {
        let about = sanitise::one_line(&labor.about);
        if let Some(value) = table.get_mut("product_id").and_then(Item::as_value_mut) {
            value.decor_mut().set_suffix(format!("  # {about}"));
        }
    }
    Ok(())
}

/// Whether a comment is one that was written here: it tells a price, which would not be the new product's.
fn is_ours(comment: &str) -> bool {
    let comment = comment.trim();
    let price = comment.rsplit_once(", ").map_or("", |(_, price)| price);
    let in_currency = currency::current().is_some_and(|own| price.starts_with(own.symbol()));
    let is_bare = || price.contains('.') && price.replace(',', "").parse::<Decimal>().is_ok();
    comment.starts_with('#') && (in_currency || price == "no price" || is_bare())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests;
