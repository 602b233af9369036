//! How deep a filter of `--jq` may go, and how long. A definition that calls itself without end would use up the stack,
//! which ends the program, or never come back; so each definition first looks at how much of both is used, and a filter has
//! a large stack of its own.

use std::cell::Cell;
use std::hint::black_box;
use std::ptr;
use std::thread;
use std::time::{Duration, Instant};

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term as Code};
use jaq_core::native::{Fun, bome, run, v};
use jaq_core::{Error, data::JustLut, path};
use jaq_json::Val;

/// The stack of a filter. Only what is used of it takes memory.
const STACK: usize = 256 << 20;

/// So much of it may calls use; the rest is for what lies between two of them, and for giving up what they hold.
const FOR_CALLS: usize = 64 << 20;

/// A filter may go on for so long.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// What each definition begins with, by a name that nobody can type.
const LOOK: &str = "!depth";

/// What its value is bound to, which nobody reads.
const UNREAD: &str = "$!depth";

thread_local! {
    static BEGAN: Cell<usize> = const { Cell::new(0) };
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
    static EXCEEDED: Cell<bool> = const { Cell::new(false) };
}

/// Does `work` on a stack of its own.
///
/// # Errors
/// Where the system has no thread left, or the work has failed.
pub(super) fn on_own_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, work).map_err(|why| why.to_string())?;
        thread.join().map_err(|_| "the filter failed".to_owned())
    })
}

/// Begins `work` on a stack of its own, and leaves it alone.
///
/// # Errors
/// Where the system has no thread left.
pub(super) fn begin_on_own_stack(work: impl FnOnce() + Send + 'static) -> Result<(), String> {
    let thread = thread::Builder::new().stack_size(STACK).spawn(work);
    thread.map(drop).map_err(|why| why.to_string())
}

/// Where the stack of this thread has grown to.
fn here() -> usize {
    let mark = 0_u8;
    ptr::from_ref(black_box(&mark)).addr()
}

/// Has the calls counted from here on, and the time.
pub(super) fn begin(patience: Duration) {
    BEGAN.set(here());
    UNTIL.set(Instant::now().checked_add(patience));
    EXCEEDED.set(false);
}

/// Whether the calls went deeper, or on for longer, than they may.
pub(super) fn was_exceeded() -> bool {
    EXCEEDED.get()
}

/// The look at the stack.
pub(super) fn fun() -> Fun<JustLut<Val>> {
    run((LOOK, v(0), |_| {
        let is_deep = BEGAN.get().abs_diff(here()) > FOR_CALLS;
        let is_over = is_deep || UNTIL.get().is_some_and(|until| Instant::now() > until);
        EXCEEDED.set(EXCEEDED.get() || is_over);
        bome(match is_over {
            true => Err(Error::str("too much")),
            false => Ok(Val::Null),
        })
    }))
}

/// A definition, with all that are made inside it, which looks first. A call at its end stays one.
pub(super) fn bounded(mut def: Def<&str>) -> Def<&str> {
    def.body = looking(def.body);
    def
}

fn looking(mut body: Code<&str>) -> Code<&str> {
    bound(&mut body);
    let look = Code::Call(LOOK, Vec::new());
    let unread = BinaryOp::Pipe(Some(Pattern::Var(UNREAD)));
    Code::BinOp(Box::new(look), unread, Box::new(body))
}

/// Has the definitions inside a term look first.
fn bound(term: &mut Code<&str>) {
    match term {
        Code::Id | Code::Recurse | Code::Num(_) | Code::Break(_) | Code::Var(_) => {}
        Code::Arr(inner) => inner.iter_mut().for_each(|term| bound(term)),
        Code::Neg(inner) | Code::Label(_, inner) => bound(inner),
        Code::Call(_, args) => args.iter_mut().for_each(bound),
        Code::Str(_, parts) => {
            for part in parts {
                if let StrPart::Term(term) = part {
                    bound(term);
                }
            }
        }
        Code::Obj(pairs) => {
            for (key, value) in pairs {
                bound(key);
                value.iter_mut().for_each(bound);
            }
        }
        Code::BinOp(left, op, right) => {
            bound(left);
            bound(right);
            if let BinaryOp::Pipe(Some(pattern)) = op {
                bound_pattern(pattern);
            }
        }
        Code::Fold(_, over, pattern, rest) => {
            bound(over);
            bound_pattern(pattern);
            rest.iter_mut().for_each(bound);
        }
        Code::TryCatch(tried, caught) => {
            bound(tried);
            caught.iter_mut().for_each(|term| bound(term));
        }
        Code::IfThenElse(cases, otherwise) => {
            for (condition, then) in cases {
                bound(condition);
                bound(then);
            }
            otherwise.iter_mut().for_each(|term| bound(term));
        }
        Code::Def(defs, rest) => {
            for def in defs {
                def.body = looking(std::mem::take(&mut def.body));
            }
            bound(rest);
        }
        Code::Path(of, path::Path(parts)) => {
            bound(of);
            for (part, _) in parts {
                match part {
                    path::Part::Index(at) => bound(at),
                    path::Part::Range(from, to) => from.iter_mut().chain(to).for_each(bound),
                }
            }
        }
    }
}

fn bound_pattern(pattern: &mut Pattern<&str>) {
    match pattern {
        Pattern::Var(_) => {}
        Pattern::Arr(inner) => inner.iter_mut().for_each(bound_pattern),
        Pattern::Obj(pairs) => {
            for (key, pattern) in pairs {
                bound(key);
                bound_pattern(pattern);
            }
        }
    }
}
