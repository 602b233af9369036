//! `--jq`: a filter over the JSON that a command prints. The language is jaq's. What reads the environment is left out:
//! the key may be in it.

use std::sync::atomic::AtomicBool;
#[cfg(feature = "jq")]
use std::sync::atomic::Ordering;
#[cfg(feature = "jq")]
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
#[cfg(feature = "jq")]
use std::time::{Duration, Instant};

use serde_json::Value;

#[cfg(feature = "jq")]
use super::jq_depth::{self, begin_on_own_stack, on_own_stack};
#[cfg(feature = "jq")]
use super::wrap::cut;
#[cfg(feature = "jq")]
use jaq_core::load::parse::Def;
#[cfg(feature = "jq")]
use jaq_core::{Compiler, Ctx, Vars, data::JustLut, load};
#[cfg(feature = "jq")]
use jaq_json::Val;

/// A filter that can be run.
#[cfg(feature = "jq")]
pub struct Filter(String);

#[cfg(feature = "jq")]
type Compiled = jaq_core::compile::Filter<jaq_core::Native<JustLut<Val>>>;

/// The lines that a filter gave, and why it stopped, if it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filtered {
    /// One result each: a string as it is, all else as JSON on one line.
    pub results: Vec<Found>,
    /// What went wrong after them.
    pub failed: Option<Failed>,
}

/// Why a filter stopped before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// An error of its own.
    Error(String),
    /// It goes too deep, or on for too long: [`ENDLESS`].
    Endless,
    /// It was told to.
    Stopped,
}

/// Why a filter was stopped that goes too deep or on for too long.
pub const ENDLESS: &str =
    "the filter calls itself without end, too deep, or for more than 20 seconds";

/// What comes of a filter while it runs.
#[cfg(feature = "jq")]
enum Step {
    Found(Found),
    Ended(Option<Failed>),
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A string, without its quotes.
    Text(String),
    /// Anything else, as JSON.
    Json(String),
}

#[cfg(feature = "jq")]
impl Filter {
    /// The filter that `code` describes.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn new(code: &str) -> Result<Self, String> {
        if code.len() > LONGEST {
            return Err(format!("the filter is longer than {LONGEST} bytes"));
        }
        on_own_stack(|| compile(code).map(drop))??;
        Ok(Self(code.to_owned()))
    }

    /// What it makes of `value`, until `stop` is set.
    #[must_use]
    pub fn run(&self, value: &Value, stop: &AtomicBool) -> Filtered {
        self.run_for(value, jq_depth::PATIENCE, stop)
    }

    fn run_for(&self, value: &Value, patience: Duration, stop: &AtomicBool) -> Filtered {
        // By way of its text: a number keeps the digits that the server gave it.
        let (text, code) = (value.to_string(), self.0.clone());
        let (sender, steps) = mpsc::channel();
        let began = begin_on_own_stack(move || {
            let failed = match compile(&code) {
                Ok(filter) => run(&filter, text.as_bytes(), patience, &sender),
                Err(why) => Some(Failed::Error(why)),
            };
            // Nobody listens to one that was stopped.
            drop(sender.send(Step::Ended(failed)));
        });
        let mut filtered = Filtered { results: Vec::new(), failed: began.err().map(Failed::Error) };
        // What looks at neither stack nor time, such as a loop over numbers, is left alone when its time is up.
        let until = Instant::now().checked_add(patience.saturating_mul(2));
        while filtered.failed.is_none() {
            let step = steps.recv_timeout(BEAT);
            if stop.load(Ordering::Relaxed) {
                return Filtered { results: Vec::new(), failed: Some(Failed::Stopped) };
            }
            match step {
                Ok(Step::Found(found)) => filtered.results.push(found),
                Ok(Step::Ended(failed)) => return Filtered { failed, ..filtered },
                Err(RecvTimeoutError::Timeout)
                    if until.is_some_and(|until| Instant::now() < until) => {}
                Err(RecvTimeoutError::Timeout) => filtered.failed = Some(Failed::Endless),
                Err(RecvTimeoutError::Disconnected) => {
                    filtered.failed = Some(Failed::Error("the filter failed".to_owned()));
                }
            }
        }
        filtered
    }
}

/// How often is looked whether a filter is to stop.
#[cfg(feature = "jq")]
const BEAT: Duration = Duration::from_millis(50);

/// The longest filter: what can be nested in so much text fits the stack that it is read and run on.
#[cfg(feature = "jq")]
const LONGEST: usize = 20_000;

/// So many columns of an error are shown.
#[cfg(feature = "jq")]
const LONG: usize = 160;

/// What jq has and jaq has not, or otherwise: rows as text, and an end that is an error.
#[cfg(feature = "jq")]
const OWN: &str = include_str!("own.jq");

/// What the filter is called where it is a definition like others.
#[cfg(feature = "jq")]
const MAIN: &str = "syncro_filter";

#[cfg(feature = "jq")]
fn compile(code: &str) -> Result<Compiled, String> {
    let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let funs = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let funs = funs.filter(|(name, ..)| *name != "env").chain([jq_depth::fun()]);
    let arena = load::Arena::default();
    read(Vec::new(), &arena, code).map_err(|errors| {
        let first = errors.into_iter().next().map(|(_, error)| error);
        first.map_or_else(String::new, |error| unparsed(code, error))
    })?;
    let body = load::parse(code, |parser| parser.term());
    let body = body.ok_or_else(|| "modules are not supported".to_owned())?;
    let main = Def { name: MAIN, args: Vec::new(), body };
    let own = load::parse(OWN, |parser| parser.defs()).unwrap_or_default();
    let mut bounded = Vec::new();
    for def in defs.chain(own) {
        bounded.push(jq_depth::bounded(def));
    }
    bounded.push(jq_depth::bounded(main));
    let modules = read(bounded, &arena, MAIN).map_err(|_| MAIN.to_owned())?;
    Compiler::default().with_funs(funs).compile(modules).map_err(|errors| {
        let first = errors.into_iter().flat_map(|(_, undefined)| undefined).next();
        let unknown = first.map(|(name, kind)| (place(code, name), name, kind.as_str()));
        unknown.map_or_else(String::new, |(place, name, kind)| {
            format!("unknown {kind} `{name}` at {place}")
        })
    })
}

/// Code that may use `defs`.
#[cfg(feature = "jq")]
fn read<'s>(
    defs: Vec<Def<&'s str>>,
    arena: &'s load::Arena,
    code: &'s str,
) -> Result<load::Modules<&'s str, ()>, load::Errors<&'s str, ()>> {
    load::Loader::new(defs).load(arena, load::File { code, path: () })
}

#[cfg(feature = "jq")]
fn run(
    filter: &Compiled,
    input: &[u8],
    patience: Duration,
    steps: &Sender<Step>,
) -> Option<Failed> {
    let input = match jaq_json::read::parse_single(input) {
        Ok(input) => input,
        Err(error) => return Some(Failed::Error(error.to_string())),
    };
    jq_depth::begin(patience);
    let ctx = Ctx::<JustLut<Val>>::new(&filter.lut, Vars::new([]));
    for found in filter.id.run((ctx, input)) {
        let found = match found {
            Ok(Val::TStr(text)) => Found::Text(String::from_utf8_lossy(&text).into_owned()),
            Ok(value) => Found::Json(value.to_string()),
            Err(exception) => {
                let error = match exception.get_err() {
                    Ok(error) => error,
                    // What only ends the filter is no error.
                    Err(end) => return failed_end(end.get_halt().ok()?),
                };
                return Some(match jq_depth::was_exceeded() {
                    true => Failed::Endless,
                    // It repeats the value, which may be a whole list.
                    false => Failed::Error(cut(&said(error), LONG)),
                });
            }
        };
        // Nobody listens any more.
        steps.send(Step::Found(found)).ok()?;
    }
    None
}

/// What an error says: a text without its quotes.
#[cfg(feature = "jq")]
fn said(error: jaq_core::Error<Val>) -> String {
    match error.into_val() {
        Val::TStr(text) => String::from_utf8_lossy(&text).into_owned(),
        value => value.to_string(),
    }
}

/// An end of its own, with the exit code that a filter gives for it.
#[cfg(feature = "jq")]
fn failed_end(code: i32) -> Option<Failed> {
    (code != 0).then(|| Failed::Error(format!("the filter halted with {code}")))
}

#[cfg(feature = "jq")]
fn unparsed(code: &str, error: load::Error<&str>) -> String {
    let (expected, found) = match error {
        load::Error::Io(mut errors) => {
            return errors.pop().map_or_else(String::new, |(_, error)| error);
        }
        load::Error::Lex(errors) => {
            let first = errors.into_iter().next();
            first.map_or(("", ""), |(expected, found)| (expected.as_str(), found))
        }
        load::Error::Parse(errors) => {
            let first = errors.into_iter().next();
            first.map_or(("", ""), |(expected, found)| (expected.as_str(), found))
        }
    };
    match found {
        "" => format!("expected {expected} at the end"),
        found => format!("expected {expected} at {}", place(code, found)),
    }
}

/// Where in the code a part of it begins: `character 7, before "| x"`.
#[cfg(feature = "jq")]
fn place(code: &str, part: &str) -> String {
    let start = load::span(code, part).start;
    let before = code.get(..start).map_or(0, |before| before.chars().count());
    let rest: String = code.get(start..).unwrap_or_default().chars().take(20).collect();
    format!("character {} (\"{rest}\")", before + 1)
}

/// A filter in a build without them: there is none.
#[cfg(not(feature = "jq"))]
pub enum Filter {}

#[cfg(not(feature = "jq"))]
impl Filter {
    /// None.
    ///
    /// # Errors
    /// Always.
    pub fn new(_: &str) -> Result<Self, String> {
        Err("this build of syncro has no --jq; it needs the feature `jq`".to_owned())
    }

    /// Nothing: there is no such filter.
    #[must_use]
    pub fn run(&self, _: &Value, _: &AtomicBool) -> Filtered {
        match *self {}
    }
}

#[cfg(all(test, feature = "jq"))]
mod tests {
    use super::*;

    fn run(code: &str, json: &str) -> (Vec<String>, Option<String>) {
        let value: Value = serde_json::from_str(json).unwrap_or_default();
        let filtered = match Filter::new(code) {
            Ok(filter) => filter.run(&value, &AtomicBool::new(false)),
            Err(error) => return (Vec::new(), Some(error)),
        };
        let lines = filtered.results.into_iter().map(|found| match found {
            Found::Text(text) => format!("text {text}"),
            Found::Json(text) => text,
        });
        let failed = filtered.failed.map(|failed| match failed {
            Failed::Error(why) => why,
            Failed::Endless => ENDLESS.to_owned(),
            Failed::Stopped => "stopped".to_owned(),
        });
        (lines.collect(), failed)
    }

    #[test]
    fn numbers_keep_their_digits() {
        let json = r#"[{"id": 9007199254740993, "total": 60.00}, {"id": 18446744073709551615, "total": 0.10}]"#;
        let (lines, failed) = run(".[] | (.id, .total)", json);
        assert_eq!(lines, ["9007199254740993", "60.00", "18446744073709551615", "0.10"]);
        assert_eq!(failed, None);
        assert_eq!(run("map(.id) | max", json).0, ["18446744073709551615"]);
    }

    #[test]
    fn a_string_is_printed_as_it_is_and_all_else_as_json() {
        let json = r#"{"a": "x \"y\"\nz", "b": ["é", null, true], "n": 1.50}"#;
        let expected = ["text x \"y\"\nz", r#"["é",null,true]"#, r#"{"a":1.50}"#];
        assert_eq!(run(".a, .b, {a: .n}", json).0, expected);
        assert_eq!(run("empty", json), (Vec::new(), None));
        assert_eq!(run("1, halt, 2", json), (vec!["1".to_owned()], None));
    }

    #[test]
    fn rows_are_text_as_jq_makes_it() {
        let json = r#"[["a\"b,c", 60.00, null, true, "x\ty\\z\n", ""], []]"#;
        let csv = "text \"a\"\"b,c\",60.00,,true,\"x\ty\\z\n\",\"\"";
        let tsv = "text a\"b,c\t60.00\t\ttrue\tx\\ty\\\\z\\n\t";
        assert_eq!(run(".[] | @csv", json), (vec![csv.to_owned(), "text ".to_owned()], None));
        assert_eq!(run(".[] | @tsv", json).0, [tsv, "text "]);
        assert_eq!(run("@csv \"n: \\([., 1])\"", "\"a\"").0, ["text n: \"a\",1"]);
        assert_eq!(run("@text, @json, @base64, @uri, @html", "\"a'<\"").0.len(), 5);
        assert_eq!(run("@sh", "[1, \"it's\"]").0, ["text 1 'it'\\''s'"]);
        for (code, wrong) in [
            ("\"x\" | @csv", "cannot be written as a row: \"x\""),
            ("[[1]] | @tsv", "cannot be written in a cell: [1]"),
            ("\"no such ticket\" | halt_error", "no such ticket"),
            ("{a: 1} | halt_error(3)", "{\"a\":1}"),
            ("halt(4)", "the filter halted with 4"),
        ] {
            assert_eq!(run(code, "null").1.as_deref(), Some(wrong), "{code}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (code, wrong) in [
            (".[", "expected closing bracket at the end"),
            (".a |", "expected term at the end"),
            (
                "syncro_filter_",
                "unknown filter `syncro_filter_` at character 1 (\"syncro_filter_\")",
            ),
            (".a | nope(1)", "unknown filter `nope` at character 6 (\"nope(1)\")"),
            (". as $x | $y", "unknown variable `$y` at character 11 (\"$y\")"),
            ("\"é\" | )", "expected token at character 7 (\")\")"),
            ("env", "unknown filter `env` at character 1 (\"env\")"),
            ("$ENV", "unknown variable `$ENV` at character 1 (\"$ENV\")"),
            ("import \"a\" as a; .", "module loading not supported"),
        ] {
            assert_eq!(run(code, "null").1.as_deref(), Some(wrong), "{code}");
        }
    }

    #[test]
    fn an_error_does_not_repeat_a_whole_list() {
        let list = format!("[{}0]", "{\"email\": \"ada@example.com\"},".repeat(1000));
        let failed = run(".x", &list).1.unwrap_or_default();
        assert!(failed.starts_with("cannot index") && failed.len() < 200, "{failed}");
    }

    #[test]
    fn a_filter_that_calls_itself_without_end_is_stopped_with_words() {
        for code in [
            "def f: 1 + f; f",
            "def f(g): [f(g | g)]; f(.)",
            "{a: (def f: -f; f)}",
            "\"\\(def f: [f]; f)\"",
            ". as {(def f: f + \"x\"; f): $x} | $x",
            ".[def f: f + 1; f]",
        ] {
            let (lines, failed) = run(code, "null");
            assert!(lines.is_empty(), "{code}");
            assert!(failed.is_some_and(|failed| failed.contains("calls itself")), "{code}");
        }
        // Nor does one go on for ever that needs no stack.
        for code in ["def f: f; f", "[repeat(1)]", "0 | until(false; . + 1)"] {
            let soon = Duration::from_millis(20);
            let never = AtomicBool::new(false);
            let run = |filter: Filter| filter.run_for(&Value::Null, soon, &never);
            let filtered = Filter::new(code).map(run);
            let is_stopped =
                |run: &Filtered| run.failed == Some(Failed::Endless) && run.results.is_empty();
            assert!(filtered.as_ref().is_ok_and(is_stopped), "{code}: {filtered:?}");
        }
        // What only goes on for long is no such filter.
        for (code, result) in [
            ("0 | until(. >= 20000; . + 1)", "20000"),
            ("last(limit(20000; repeat(7)))", "7"),
            ("def f: if . < 20000 then . + 1 | f else . end; 0 | f", "20000"),
            ("def f: if . < 200 then 1 + (. + 1 | f) else 0 end; 0 | f", "200"),
            ("[1, [2]] | (.. | numbers) |= . + 1", "[2,[3]]"),
            ("def at: .[0]; [1] | at |= 5", "[5]"),
        ] {
            assert_eq!(run(code, "null"), (vec![result.to_owned()], None), "{code}");
        }
        let long = format!("{}1{}", "(".repeat(10_001), ")".repeat(10_001));
        assert!(run(&long, "null").1.is_some_and(|failed| failed.contains("20000 bytes")));
        let nested = format!("{}1{}", "(".repeat(9_999), ")".repeat(9_999));
        assert_eq!(run(&nested, "null").0, ["1"]);
        let pipes = format!(".{}", "|.".repeat(9_999));
        assert_eq!(run(&pipes, "1").0, ["1"]);
    }

    #[test]
    fn what_came_before_a_failure_is_kept() {
        let (lines, failed) = run(".[] | .id", r#"[{"id": 1}, 2, {"id": 3}]"#);
        assert_eq!(lines, ["1"]);
        assert!(failed.is_some_and(|failed| failed.contains("cannot index 2")));
    }
}
