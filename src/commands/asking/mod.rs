//! What a person is asked for where a command line lacks it: a table of arguments, each with the list that it is chosen
//! from or the question that it answers. A script is never asked.

mod check;
pub mod other;
pub mod pick;
pub mod setting;
pub mod there;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::account::Which;
use there::There;

/// Where the value of an argument comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// One of my open tickets; the only one without a question.
    Ticket,
    /// The ticket on which my timer runs; of several, one is chosen.
    Running,
    /// One of the newest invoices.
    Invoice,
    /// One of the invoices that are not paid.
    Unpaid,
    /// One of the ticket's line items.
    Line,
    /// One of the ticket's timer entries.
    Timer,
    /// Of several stopped entries of the ticket that are not charged yet, one.
    Waiting,
    /// One of the account's payment methods.
    Method,
    /// What is paid; what is open is offered.
    Amount,
    /// One of the configured labor types.
    Labor,
    /// One of these, or of the account's products.
    Sold,
    /// A customer, by words.
    Customer,
    /// A contact: of the customer that was named, or of anybody.
    Contact,
    /// An asset: of the customer that was named, or of anybody.
    Asset,
    /// One of the account's products.
    Product,
    /// One of the coming appointments.
    Appointment,
    /// One of the newest payments.
    Payment,
    /// A contact of the ticket's customer, or none.
    TicketContact,
    /// Somebody who works here, or nobody.
    Assignee,
    /// Somebody who works here.
    User,
    /// A word of one of the account's lists.
    Word(Which),
    /// A day, or none.
    Day,
    /// A moment to come.
    Moment,
    /// A moment that has been.
    Past,
    /// How long, where the labor type counts time.
    Minutes,
    /// How long.
    Length,
    /// What is changed, and to what.
    Change,
    /// A setting, by its name.
    Setting(Use),
    /// The new value of the setting that was named.
    Value,
    /// One of few words.
    Choice(&'static str, &'static [&'static str]),
    /// A question of its own.
    Text(&'static str),
}

/// What becomes of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is printed.
    Shown,
    /// It gets a value.
    Set,
    /// Its line is removed.
    Removed,
}

/// An argument of a command, or of all commands, that can be asked for.
#[derive(Debug)]
struct Row {
    command: &'static str,
    id: &'static str,
    ask: Ask,
}

const fn row(command: &'static str, id: &'static str, ask: Ask) -> Row {
    Row { command, id, ask }
}

/// What clap wants; a command's own row comes before that of all.
const REQUIRED: &[Row] = &[
    row("timer stop", "ticket", Ask::Running),
    row("timer pause", "ticket", Ask::Running),
    row("payment add", "invoice", Ask::Unpaid),
    row("invoice email", "invoice", Ask::Unpaid),
    row("open", "what", Ask::Ticket),
    row("api", "method", Ask::Choice("Method", &["GET", "POST", "PUT", "PATCH", "DELETE"])),
    row("api", "path", Ask::Text("Path (tickets/108443837)")),
    row("config get", "key", Ask::Setting(Use::Shown)),
    row("config set", "key", Ask::Setting(Use::Set)),
    row("config unset", "key", Ask::Setting(Use::Removed)),
    row("config set", "value", Ask::Value),
    row("", "ticket", Ask::Ticket),
    row("", "payment", Ask::Payment),
    row("", "customer", Ask::Customer),
    row("", "contact", Ask::Contact),
    row("", "asset", Ask::Asset),
    row("", "product", Ask::Product),
    row("", "appointment", Ask::Appointment),
    row("", "invoice", Ask::Invoice),
    row("", "line", Ask::Line),
    row("", "timer", Ask::Timer),
    row("", "method", Ask::Method),
    row("", "subject", Ask::Text("Subject")),
    row("", "name", Ask::Text("Name")),
    row("", "query", Ask::Text("Search for")),
    row("", "minutes", Ask::Length),
    row("", "start", Ask::Moment),
];

/// What is changed, where the account has a list of its values.
const VALUES: &[(&str, Ask)] = &[
    ("status", Ask::Word(Which::Status)),
    ("priority", Ask::Word(Which::Priority)),
    ("issue_type", Ask::Word(Which::IssueType)),
    ("ticket_type", Ask::Word(Which::TicketType)),
    ("kind", Ask::Word(Which::AssetType)),
    ("assign", Ask::Assignee),
    ("user", Ask::User),
    ("customer", Ask::Customer),
    ("contact", Ask::TicketContact),
    ("product", Ask::Product),
    ("labor", Ask::Labor),
    ("due", Ask::Day),
    ("date", Ask::Day),
    ("start", Ask::Past),
    ("minutes", Ask::Length),
];

/// What is changed is called so where its help says more than a name.
const NAMES: &[(&str, &str)] = &[
    ("contact", "Contact"),
    ("customer", "Customer"),
    ("quantity", "Quantity"),
    ("name", "Name"),
    ("description", "Description"),
    ("notes", "Notes"),
    ("note", "Note"),
    ("po_number", "PO number"),
    ("property", "Property (KEY=VALUE)"),
    ("labor", "Labor type"),
    ("product", "Product"),
    ("user", "Assignee"),
];

/// What a command wants one of.
#[derive(Debug)]
struct OneOf {
    command: &'static str,
    id: &'static str,
    ask: Ask,
    /// Nothing is asked where one of these is given.
    unless: &'static [&'static str],
}

const fn change(command: &'static str, unless: &'static [&'static str]) -> OneOf {
    OneOf { command, id: "", ask: Ask::Change, unless }
}

/// How somebody is reached.
macro_rules! reached {
    ($($id:literal),*) => {
        &[$($id,)* "email", "phone", "mobile", "address", "city", "state", "zip", "notes"]
    };
}

/// What the commands themselves want, in the order in which it is asked.
const ONE_OF: &[OneOf] = &[
    OneOf { command: "payment add", id: "amount", ask: Ask::Amount, unless: &["amount", "full"] },
    OneOf { command: "line add", id: "", ask: Ask::Sold, unless: &["labor", "product"] },
    OneOf {
        command: "line add",
        id: "minutes",
        ask: Ask::Minutes,
        unless: &["minutes", "product"],
    },
    OneOf { command: "timer charge", id: "timers", ask: Ask::Waiting, unless: &["timers", "all"] },
    OneOf {
        command: "customer create",
        id: "name",
        ask: Ask::Text("Name"),
        unless: &["name", "first", "last"],
    },
    change(
        "update",
        &[
            "status",
            "status_flag",
            "priority",
            "assign",
            "due",
            "issue_type",
            "ticket_type",
            "subject",
            "contact",
            "customer",
        ],
    ),
    change("line update", &["quantity", "price", "name", "description", "taxable"]),
    change("timer update", &["minutes", "start", "notes", "labor", "product", "user"]),
    change("invoice update", &["date", "due", "po_number", "note"]),
    change("customer update", reached!("business", "first", "last", "no_email")),
    change("contact update", reached!("name", "title")),
    change("asset update", &["name", "serial", "kind", "property"]),
];

/// The commands of which several answers are kept until they are sent.
const KEPT: [&str; 15] = [
    "update",
    "line update",
    "timer update",
    "invoice update",
    "customer update",
    "contact update",
    "asset update",
    "create",
    "customer create",
    "payment add",
    "line add",
    "timer add",
    "contact create",
    "asset create",
    "appointment add",
];

/// Whether the answers of a command are kept until they are sent.
#[must_use]
pub fn keeps(command: &str) -> bool {
    KEPT.contains(&command)
}

/// Where the value of an argument that clap wants comes from; none for one that is not asked for.
#[must_use]
pub fn required(command: &str, id: &str) -> Option<Ask> {
    let own = |row: &&Row| row.id == id && (row.command == command || row.command.is_empty());
    REQUIRED.iter().find(own).map(|row| row.ask)
}

/// Where the new value of what is changed comes from; none for one that is typed.
#[must_use]
pub fn value(id: &str) -> Option<Ask> {
    VALUES.iter().find(|(known, _)| *known == id).map(|(_, ask)| *ask)
}

/// `Due date` of `Due date: 2026-05-23, fri, 7d, or none`.
fn label(help: &str) -> &str {
    let end = help.find([':', ',', '(', '[']).unwrap_or(help.len());
    help[..end].trim()
}

impl Field {
    /// What it is called in a list of what may be changed.
    #[must_use]
    pub fn name(&self) -> &str {
        let known = NAMES.iter().find(|(known, _)| *known == self.id);
        known.map_or_else(|| label(&self.help), |(_, name)| name)
    }

    /// The question for its value.
    #[must_use]
    pub fn question(&self) -> String {
        match self.help.split_once(": ") {
            Some((_, examples)) => format!("{}: {examples}", self.name()),
            None => self.name().to_owned(),
        }
    }
}

/// What a command wants besides, as argument and source, where `is_given` has none of what would do.
pub fn wanted(
    command: &str,
    is_given: impl Fn(&str) -> bool,
) -> Vec<(&'static str, Ask, &'static [&'static str])> {
    let lacks = |one: &&OneOf| one.command == command && !one.unless.iter().any(|id| is_given(id));
    ONE_OF.iter().filter(lacks).map(|one| (one.id, one.ask, one.unless)).collect()
}

/// An argument as it is typed and as people read of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Its name inside.
    pub id: String,
    /// `--method`; none for what is told by its place.
    pub flag: Option<String>,
    /// The first line of its help.
    pub help: String,
    /// Whether it is a flag without a value.
    pub is_switch: bool,
}

/// A word of the command line that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The flag before it.
    pub flag: Option<String>,
    /// The word.
    pub value: String,
}

impl Word {
    /// The value of a flag that takes none and was given.
    pub const GIVEN: &'static str = "true";

    /// The value of a field as it was given once.
    #[must_use]
    pub fn again(field: &Field, value: &str) -> Option<Self> {
        let flag = field.flag.clone()?;
        let value = match (field.is_switch, value) {
            (true, Self::GIVEN) => "",
            (true, _) => return None,
            (false, value) => value,
        };
        Some(Self { flag: Some(flag), value: value.to_owned() })
    }

    /// A flag that takes no value.
    #[must_use]
    pub fn switch(name: &str) -> Self {
        Self { flag: Some(format!("--{name}")), value: String::new() }
    }
}

/// What is wrong with a value of an argument, if anything is.
pub type Check = Arc<dyn Fn(&Word) -> Result<(), String> + Send + Sync>;

/// A question.
pub struct Question<'a> {
    /// Where the value comes from.
    pub ask: Ask,
    /// The argument, or those among which one is chosen.
    pub fields: Vec<Field>,
    /// What was typed or chosen already, by argument.
    pub given: &'a BTreeMap<String, String>,
    /// What was read of that.
    pub there: &'a There,
    /// What is wrong with a value.
    pub check: Check,
    /// Whether it was answered by what a person wrote, not chose.
    pub written: Cell<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row is of a command and an argument that there are.
    #[test]
    fn the_table_knows_the_commands() {
        let root = crate::cli::command();
        let find = |path: &str| {
            let mut command = &root;
            for name in path.split(' ').filter(|name| !name.is_empty()) {
                command = command.find_subcommand(name)?;
            }
            Some(command)
        };
        let has = |command: &clap::Command, id: &str| {
            command.get_arguments().any(|arg| arg.get_id() == id)
        };
        for row in REQUIRED.iter().filter(|row| !row.command.is_empty()) {
            assert!(find(row.command).is_some_and(|command| has(command, row.id)), "{row:?}");
        }
        assert!(KEPT.iter().all(|command| find(command).is_some()));
        for one in ONE_OF {
            let command = find(one.command);
            for id in one.unless {
                assert!(command.is_some_and(|command| has(command, id)), "{id}: {one:?}");
            }
        }
    }

    /// Fields among which one is chosen read differently.
    #[test]
    fn no_two_fields_read_the_same() {
        let root = crate::cli::command();
        for one in ONE_OF.iter().filter(|one| one.ask == Ask::Change) {
            let mut command = &root;
            for name in one.command.split(' ') {
                command = command.find_subcommand(name).unwrap_or(command);
            }
            let args = command.get_arguments();
            let args = args.filter(|arg| one.unless.contains(&arg.get_id().as_str()));
            let fields = args.map(|arg| Field {
                id: arg.get_id().to_string(),
                help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
                ..Field::default()
            });
            let labels: Vec<String> = fields.map(|field| field.name().to_owned()).collect();
            let told: std::collections::BTreeSet<&String> = labels.iter().collect();
            assert_eq!(told.len(), one.unless.len(), "{}: {labels:?}", one.command);
        }
    }

    /// Whatever clap wants of a command that works on the account can be asked for.
    #[test]
    fn nothing_that_is_wanted_is_forgotten() {
        fn walk(command: &clap::Command, path: &str, open: &mut Vec<String>) {
            for sub in command.get_subcommands() {
                let path = format!("{path} {}", sub.get_name());
                walk(sub, path.trim(), open);
            }
            for arg in command.get_arguments().filter(|arg| arg.is_required_set()) {
                if required(path, arg.get_id().as_str()).is_none() {
                    open.push(format!("{path} {}", arg.get_id()));
                }
            }
        }
        let mut open = Vec::new();
        walk(&crate::cli::command(), "", &mut open);
        let is_known = |one: &String| {
            ["completions", "sandbox", "help"]
                .iter()
                .any(|known| one.split(' ').next() == Some(known))
        };
        open.retain(|one| !is_known(one));
        assert_eq!(open, Vec::<String>::new());
    }
}
