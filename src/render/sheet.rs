//! A page about one record: a title, labelled fields, headings, prose and tables, within the width. What goes on it is
//! decided by the file of each noun.

use anstyle::Style;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use super::secrets::mask_portal_keys;
use super::wrap::{columns, wrap};
use super::{BOLD, Cell, Column, DIM, Look, Table, counted, html, link, sanitise, when};
use crate::api::fields::Unread;
use crate::api::ids::CustomerId;
use crate::billing::money;

/// What is said of an address that is not emailed.
pub(super) const OPTED_OUT: &str = "opted out";
/// Longer lines than this are hard to read, however wide the terminal.
const PROSE: usize = 100;
/// The column where the header's values begin.
const LABEL: usize = 11;

/// A page that grows downwards.
pub(super) struct Sheet<'a> {
    pub(super) look: &'a Look,
    out: String,
}

impl<'a> Sheet<'a> {
    /// An empty page.
    pub(super) const fn new(look: &'a Look) -> Self {
        Self { look, out: String::new() }
    }

    /// Its text.
    pub(super) fn out(self) -> String {
        self.out
    }

    /// An empty line.
    pub(super) fn space(&mut self) {
        self.out.push('\n');
    }

    /// A line as it is: what came from the server has been sanitised.
    pub(super) fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    /// What the record is called: the page's first line.
    pub(super) fn title(&mut self, text: &str) {
        self.prose(&sanitise::one_line(text), 0, BOLD);
    }

    /// A record's name as the title; one without a name says so.
    pub(super) fn name(&mut self, name: &str) {
        let name = name.trim();
        self.title(if name.is_empty() { "(no name)" } else { name });
    }

    /// A customer by name and id, as far as they are known.
    pub(super) fn customer(&mut self, name: &str, id: Option<CustomerId>) {
        let id = id.map(|id| format!(" ({id})")).unwrap_or_default();
        self.said("Customer", &format!("{name}{id}"));
    }

    /// A moment with its zone, and how long ago that was.
    pub(super) fn moment(&mut self, label: &str, instant: Option<Timestamp>) {
        if let Some(instant) = instant {
            let text = when::at_in_zone(instant, &self.look.zone);
            self.field(label, &format!("{text}  ({})", when::age(instant, self.look.now)));
        }
    }

    /// The head of a part.
    pub(super) fn heading(&mut self, text: &str) {
        let painted = self.look.paint(BOLD, text);
        self.space();
        self.line(&painted);
    }

    /// Text wrapped to the page, `indent` spaces in, in one style.
    pub(super) fn prose(&mut self, text: &str, indent: usize, style: Style) {
        let width = self.look.width.map(|width| width.min(PROSE + indent));
        for line in wrap(text, width, indent) {
            let body = line.trim_start();
            let margin = line.get(..line.len() - body.len()).unwrap_or_default();
            let painted = format!("{margin}{}", self.look.paint(style, body));
            self.line(&painted);
        }
    }

    /// `Customer   Nordlys Bakeri`, wrapped below the value; nothing when there is no value.
    pub(super) fn field(&mut self, label: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        let label = format!("{label:<LABEL$}");
        for (at, line) in wrap(value, self.look.width, LABEL).iter().enumerate() {
            if at == 0 {
                let painted = self.look.paint(DIM, &label);
                let value = line.trim_start();
                self.line(&format!("{painted}{value}"));
            } else {
                self.line(line);
            }
        }
    }

    /// Where its page in Syncro is. An address is never cut: it has a line of its own where it does not fit beside its label.
    pub(super) fn address(&mut self) {
        if let Some(address) = &self.look.address {
            let fits = self.look.width.is_none_or(|width| LABEL + columns(address) <= width);
            let after = if fits { "" } else { "\n" };
            let label = self.look.paint(DIM, &format!("{:<LABEL$}", "Web"));
            let line = format!("{label}{after}{}", link(address, self.look.links));
            self.line(&line);
        }
    }

    /// A text of the server's in a field, sanitised, on one line.
    pub(super) fn said(&mut self, label: &str, value: &str) {
        self.field(label, &sanitise::one_line(value));
    }

    /// A text of the server's under a heading, markup undone; nothing when it is empty.
    pub(super) fn text(&mut self, heading: &str, value: &str) {
        let text = html::to_text(value);
        if !text.trim().is_empty() {
            self.heading(heading);
            self.prose(text.trim(), 2, Style::new());
        }
    }

    /// The properties that an account keeps of a record, but those named in `shown`, each a line; nested ones as JSON.
    pub(super) fn properties(&mut self, properties: &Value, shown: &[&str]) {
        let mut properties = properties.clone();
        mask_portal_keys(&mut properties);
        let Some(members) = properties.as_object() else {
            return;
        };
        let mut table = Table::new([Column::id("Name"), Column::prose("Value")]).without_header();
        for (name, value) in members {
            let value = match value {
                Value::Null => String::new(),
                Value::String(text) => html::to_text(text),
                Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
                Value::Array(items) if items.is_empty() => String::new(),
                Value::Object(members) if members.is_empty() => String::new(),
                value => value.to_string(),
            };
            if !value.trim().is_empty() && !shown.contains(&name.as_str()) {
                table.row([Cell::styled(name, DIM), Cell::from(value)]);
            }
        }
        if !table.is_empty() {
            self.heading("Properties");
            self.table(&table);
        }
    }

    /// A table, two columns in.
    pub(super) fn table(&mut self, table: &Table) {
        self.out.push_str(&table.indented(self.look.width, self.look.colour));
    }
}

/// The parts that there are, on one line.
pub(super) fn joined(parts: &[&str]) -> String {
    let parts: Vec<_> =
        parts.iter().map(|part| sanitise::one_line(part)).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// Whether tax is added, where that is known.
pub(super) const fn taxed(taxable: Option<bool>) -> &'static str {
    match taxable {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

/// A quantity without needless zeros.
pub(super) fn plain_decimal(value: Decimal) -> String {
    value.normalize().to_string()
}

/// An amount, or a question mark where there is none.
pub(super) fn dollars(amount: Option<Decimal>) -> String {
    amount.map_or_else(|| "?".to_owned(), money::display)
}

/// What a field says: as it came, where it cannot be understood.
pub(super) fn said(unread: &Unread, field: &str, shown: String) -> String {
    unread.raw(field).map_or(shown, |raw| format!("\"{}\"", sanitise::one_line(raw)))
}

/// What stands behind a value because of a flag: ` (opted out)`; as it came, where it cannot be understood.
pub(super) fn marked(unread: &Unread, (field, is_so): (&str, bool), mark: &str) -> String {
    match unread.among(&[field]) {
        Some(found) => format!(" ({})", sanitise::one_line(&found.to_string())),
        None if is_so => format!(" ({mark})"),
        None => String::new(),
    }
}

/// `1 line`, `2 lines`.
pub(super) fn count(number: usize, word: &str) -> String {
    counted(number, word, &format!("{word}s"))
}
