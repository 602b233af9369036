//! The faults of the matrix and what each must come to, by what the write does and whether anything has landed before.

use super::case::Does;

/// What a fault does to the one write that it strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// It lands, and the answer does not say so.
    Landed,
    /// It lands, and the answer is JSON with a yes in it, though an odd one.
    Told,
    /// It lands, and the answer is empty: the usual yes to a mail, and no yes to anything else.
    Bare,
    /// It does not land, and the answer does not say so.
    Lost,
    /// It does not land, in the API's own words; the exit code.
    Refused(i32),
    /// It is one too many, once.
    Limited,
    /// It is one too many, every time.
    Exhausted,
    /// It lands twice.
    Twice,
    /// It lands before the looking ends.
    Late,
    /// It lands after the looking has ended.
    TooLate,
    /// It lands, and no GET shows it.
    Hidden,
}

/// What a run under a fault, and what follows it, come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Done at once.
    Done,
    /// Stopped with this code; `resume` finishes it.
    Resumed(i32),
    /// Either done or that: on a busy machine what is to come late may come in time.
    DoneOrResumed(i32),
    /// Stopped with this code before anything landed; the same command again does it.
    Again(i32),
    /// Nobody can tell: 6, and `resume` sends nothing.
    Dropped,
    /// Either of them.
    DoneOrDropped,
    /// Two where one was sent: 1, with their ids.
    Doubled,
}

impl End {
    /// The exit code, and where there are two, the one that this run has chosen.
    pub(super) fn settled(self, code: i32) -> (Self, i32) {
        match self {
            Self::DoneOrDropped | Self::DoneOrResumed(_) if code == 0 => (Self::Done, 0),
            Self::DoneOrResumed(code) => (Self::Resumed(code), code),
            Self::Dropped | Self::DoneOrDropped => (Self::Dropped, 6),
            Self::Done => (self, 0),
            Self::Resumed(code) | Self::Again(code) => (self, code),
            Self::Doubled => (self, 1),
        }
    }
}

/// One fault.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    /// As the practice server names it.
    pub(super) kind: &'static str,
    /// Whether it strikes every such request from the step's own on.
    pub(super) always: bool,
    class: Class,
}

const fn once(kind: &'static str, class: Class) -> Fault {
    Fault { kind, always: false, class }
}

const fn always(kind: &'static str, class: Class) -> Fault {
    Fault { kind, always: true, class }
}

/// The faults that every write is struck by; those that take long first.
pub(super) const ALL_MEET: [Fault; 20] = [
    once("late:1100", Class::TooLate),
    once("hang-before", Class::Lost),
    once("hang-after", Class::Landed),
    once("lag:60000", Class::Hidden),
    once("twice", Class::Twice),
    once("close-before", Class::Lost),
    once("500-before", Class::Lost),
    once("html-before", Class::Lost),
    once("429-html", Class::Lost),
    once("close-after", Class::Landed),
    once("500-after", Class::Landed),
    once("truncated", Class::Landed),
    once("empty", Class::Bare),
    once("nulls", Class::Landed),
    once("wrong-id", Class::Told),
    once("lag:120", Class::Told),
    once("late:120", Class::Late),
    once("429:0", Class::Limited),
    once("404", Class::Refused(3)),
    once("422", Class::Refused(5)),
];

/// Those that differ little from the others: each write meets some of them, in turn.
pub(super) const SOME_MEET: [Fault; 20] = [
    once("reset-before", Class::Lost),
    once("reset-after", Class::Landed),
    once("502-before", Class::Lost),
    once("502-after", Class::Landed),
    once("302-before", Class::Lost),
    once("302-after", Class::Landed),
    once("null", Class::Landed),
    once("foreign", Class::Told),
    once("400", Class::Refused(5)),
    once("401", Class::Refused(4)),
    once("307-before", Class::Lost),
    once("html-after", Class::Landed),
    once("late-hang:1500", Class::TooLate),
    once("garbled", Class::Landed),
    once("403", Class::Refused(4)),
    once("308-before", Class::Lost),
    once("400-html", Class::Lost),
    once("404-html", Class::Lost),
    always("429:0", Class::Exhausted),
    always("close-before", Class::Lost),
];

/// Every so many-eth of [`SOME_MEET`] strikes a write.
const TURN: usize = 4;

/// The faults of a write that is the `place`-th of all; with `SYNCRO_MATRIX=all` in the environment, every one.
pub(super) fn of_place(place: usize) -> impl Iterator<Item = &'static Fault> {
    let all = std::env::var("SYNCRO_MATRIX").is_ok_and(|which| which == "all");
    let some = SOME_MEET.iter().enumerate();
    let some = some.filter(move |(index, _)| all || index % TURN == place % TURN);
    ALL_MEET.iter().chain(some.map(|(_, fault)| fault))
}

impl Fault {
    /// What it must come to at a step that does `does`, the first one of its command or a later one; none where the
    /// program cannot see what the fault does.
    pub(super) fn end(&self, does: Does, is_first: bool) -> Option<End> {
        let unseen = does == Does::Unseen;
        Some(match self.class {
            Class::Twice if unseen => return None,
            Class::Twice if does == Does::Makes => End::Doubled,
            // The answer to what is sent once is all that will ever be known of it.
            Class::Landed | Class::Lost | Class::Late | Class::TooLate if unseen => End::Dropped,
            Class::Limited if unseen => End::Resumed(7),
            Class::Bare if unseen => End::DoneOrDropped,
            Class::Told | Class::Hidden if unseen => End::Done,
            Class::Landed
            | Class::Bare
            | Class::Told
            | Class::Late
            | Class::Limited
            | Class::Twice => End::Done,
            Class::TooLate => End::DoneOrResumed(6),
            Class::Lost | Class::Hidden => End::Resumed(6),
            Class::Refused(code) if is_first => End::Again(code),
            Class::Refused(code) => End::Resumed(code),
            Class::Exhausted => End::Resumed(7),
        })
    }

    /// Whether the server must be well again before it can go on.
    pub(super) fn must_heal(&self) -> bool {
        self.always || self.class == Class::Hidden
    }

    /// Whether it lands after the run has ended.
    pub(super) fn lands_late(&self) -> bool {
        self.class == Class::TooLate
    }

    /// Whether the API itself lets it be sent again in the same run.
    pub(super) fn lets_again(&self) -> bool {
        matches!(self.class, Class::Limited | Class::Exhausted)
    }

    /// `timeout_seconds`: short only for what waits for its end.
    pub(super) fn timeout(&self) -> &'static str {
        if self.kind.contains("hang") { "0.8" } else { "5" }
    }

    /// `resend_after_seconds`: longer than what comes late takes.
    pub(super) fn resend_after(&self) -> &'static str {
        if self.class == Class::TooLate { "2" } else { "0.5" }
    }
}
