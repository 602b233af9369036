//! Faults on demand: how they are written, and which request each of them strikes.
//!
//! Grammar: `OP=KIND`, `OP@2=KIND`, `OP@2+=KIND` (from the second on), `OP@*=KIND` (every one).
//! A fault counts the requests that its `OP` covers by itself, in the memory of one server.
//! The effect of a kind on connection and state is left to `serve.rs`.

use std::fmt;
use std::str::FromStr;

use super::kind::Kind;
use super::routes;

/// The four writes that have to do with a ticket's timers, which `timer` covers.
const TIMER_WRITES: [&str; 4] = ["timer-add", "timer-update", "timer-charge", "timer-delete"];

/// Names that cover several requests.
const WIDE: [(&str, Scope); 4] =
    [("timer", Scope::Timer), ("read", Scope::Read), ("write", Scope::Write), ("any", Scope::Any)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// The request of that name.
    One(&'static str),
    Timer,
    Read,
    Write,
    Any,
}

impl Scope {
    fn covers(self, name: &str, writes: bool) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Timer => TIMER_WRITES.contains(&name),
            Self::Read => !writes,
            Self::Write => writes,
            Self::Any => true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Only(u64),
    From(u64),
}

/// One fault, ready to be given to a server.
#[derive(Clone, Debug)]
pub struct Fault {
    written: String,
    scope: Scope,
    when: When,
    kind: Kind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// A fault that could not be read; the message lists what could have been written.
#[derive(Debug, thiserror::Error)]
pub enum FaultError {
    /// There is no `=` in it.
    #[error("`{0}` is not a fault: write OP=KIND, OP@2=KIND, OP@2+=KIND or OP@*=KIND")]
    Form(String),
    /// The operation is not one of the known names.
    #[error("`{name}` is not an operation; these are: {valid}")]
    Op {
        /// The name as it was written.
        name: String,
        /// The names that exist.
        valid: String,
    },
    /// The part after `@` is neither a number, `N+` nor `*`.
    #[error("`@{0}` does not say which request: write @2, @2+ or @*")]
    When(String),
    /// The kind is not one of the known names, or its argument is missing or wrong.
    #[error("`{name}` is not a kind of fault; these are: {valid}")]
    Kind {
        /// The name as it was written.
        name: String,
        /// The names that exist.
        valid: String,
    },
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(written: &str) -> Result<Self, FaultError> {
        let (target, kind) =
            written.split_once('=').ok_or_else(|| FaultError::Form(written.to_owned()))?;
        let (name, when) = match target.split_once('@') {
            Some((name, when)) => (name, when),
            None => (target, "1"),
        };
        Ok(Self {
            written: written.to_owned(),
            scope: scope(name)?,
            when: self::when(when)?,
            kind: Kind::read(kind)
                .ok_or_else(|| FaultError::Kind { name: kind.to_owned(), valid: Kind::names() })?,
        })
    }
}

fn scope(name: &str) -> Result<Scope, FaultError> {
    let names = routes::names();
    let wide = || WIDE.iter().find(|(known, _)| *known == name).map(|(_, scope)| *scope);
    let one = names.iter().find(|known| **known == name).map(|known| Scope::One(known));
    one.or_else(wide).ok_or_else(|| {
        let all = names.iter().copied().chain(WIDE.iter().map(|(known, _)| *known));
        let valid = all.collect::<Vec<_>>().join(", ");
        FaultError::Op { name: name.to_owned(), valid }
    })
}

fn when(written: &str) -> Result<When, FaultError> {
    let wrong = || FaultError::When(written.to_owned());
    let count = |digits: &str| {
        let count: u64 = digits.parse().map_err(|_| wrong())?;
        if count == 0 { Err(wrong()) } else { Ok(count) }
    };
    match written.strip_suffix('+') {
        _ if written == "*" => Ok(When::From(1)),
        Some(digits) => Ok(When::From(count(digits)?)),
        None => Ok(When::Only(count(written)?)),
    }
}

/// The faults of one server and how many requests each has seen.
#[derive(Debug)]
pub(super) struct Faults {
    all: Vec<(Fault, u64)>,
}

impl Faults {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self { all: faults.into_iter().map(|fault| (fault, 0)).collect() }
    }

    /// Counts a request and returns the first fault that strikes it, with its name.
    pub(super) fn strike(&mut self, name: &str, writes: bool) -> Option<(String, Kind)> {
        let mut struck = None;
        for (fault, seen) in &mut self.all {
            if !fault.scope.covers(name, writes) {
                continue;
            }
            *seen += 1;
            let now = match fault.when {
                When::Only(which) => *seen == which,
                When::From(first) => *seen >= first,
            };
            if now && struck.is_none() {
                struck = Some((fault.written.clone(), fault.kind));
            }
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn every_form_is_read() {
        for written in [
            "comment=close-after",
            "line@2=late:50",
            "any@3+=500-before",
            "read@*=429",
            "find=422:7",
            "invoice-create=then-colleague:same-line",
            "ticket-create@*=then-colleague:same-ticket",
            "timer=lost-product",
        ] {
            assert_eq!(written.parse::<Fault>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn a_typo_lists_the_names_that_exist() {
        let wrong = |written: &str| written.parse::<Fault>().unwrap_err().to_string();
        assert!(wrong("coment=twice").contains("comment, "));
        assert!(wrong("comment=close").contains("close-before"));
        assert!(wrong("comment").contains("OP=KIND"));
        assert!(wrong("comment@0=twice").contains("@2+"));
        assert!(wrong("comment=late").contains("late:MS"));
        assert!(wrong("comment=422:8").contains("422:K"));
    }

    #[test]
    fn timer_covers_all_that_is_written_about_timers() {
        let mut faults = Faults::new(vec!["timer@*=twice".parse().unwrap()]);
        for name in TIMER_WRITES {
            assert!(faults.strike(name, true).is_some(), "{name}");
        }
        assert!(faults.strike("timers", false).is_none());
        assert!(faults.strike("timer-billable", true).is_none());
    }

    #[test]
    fn faults_count_by_themselves_and_the_first_wins() {
        let mut faults = Faults::new(vec![
            "comment@2=twice".parse().unwrap(),
            "write@2+=empty".parse().unwrap(),
        ]);
        assert!(faults.strike("comment", true).is_none());
        assert!(faults.strike("me", false).is_none());
        assert_eq!(faults.strike("comment", true).unwrap().0, "comment@2=twice");
        assert_eq!(faults.strike("comment", true).unwrap().0, "write@2+=empty");
    }
}
