//! What is typed after a command: an option that is not known is never a text, whatever stands before it. The tables
//! walk the command line's own description, so that a new command is in them from its first day.

use std::fmt;

use crate::support::{Running, TestEnv, many};

/// One command that does something, and the description of what may follow it.
pub(crate) struct Leaf {
    pub(crate) typed: Vec<String>,
    pub(crate) command: clap::Command,
}

/// All of them.
pub(crate) fn leaves() -> Vec<Leaf> {
    fn below(command: &clap::Command, typed: &[String], all: &mut Vec<Leaf>) {
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let typed = [typed, &[sub.get_name().to_owned()]].concat();
            below(sub, &typed, all);
            if !sub.is_subcommand_required_set() {
                all.push(Leaf { typed, command: sub.clone() });
            }
        }
    }
    let mut command = syncro::cli::command();
    command.build();
    let mut all = Vec::new();
    below(&command, &[], &mut all);
    all
}

/// An option of a command that takes a value, spelled in one of its ways.
struct Valued {
    spelled: String,
    /// It means something without a value, too.
    bare: bool,
}

fn valued(command: &clap::Command) -> Vec<Valued> {
    let options = command.get_arguments().filter(|arg| !arg.is_positional());
    let options = options.filter(|arg| arg.get_action().takes_values());
    let spelled = options.flat_map(|arg| {
        let bare = arg.get_num_args().is_some_and(|range| range.min_values() == 0);
        spelled(arg).map(move |spelled| Valued { spelled, bare })
    });
    spelled.collect()
}

/// An option in all its spellings.
pub(crate) fn spelled(arg: &clap::Arg) -> impl Iterator<Item = String> + use<> {
    let long = arg.get_long().map(|long| format!("--{long}"));
    let short = arg.get_short().map(|short| format!("-{short}"));
    long.into_iter().chain(short)
}

/// A value that each of a command's positional arguments takes.
fn positionals(command: &clap::Command) -> Vec<String> {
    let value = |arg: &clap::Arg| {
        let words = arg.get_possible_values();
        words.first().map_or_else(|| "1".to_owned(), |word| word.get_name().to_owned())
    };
    // What comes after two dashes only is no argument of a person's.
    command.get_positionals().filter(|arg| !arg.is_last_set()).map(value).collect()
}

/// A command line.
struct Typed(Vec<String>);

impl Typed {
    fn args(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "syncro {}", self.0.join(" "))
    }
}

#[test]
fn an_unknown_option_is_no_text_of_any_command() {
    let env = TestEnv::new();
    let wrong = ["--hiden", "--yes"].map(str::to_owned);
    let mut cases = Vec::new();
    for leaf in leaves() {
        let values = positionals(&leaf.command);
        for count in 0..=values.len() {
            cases.push(Typed([&leaf.typed[..], &values[..count], &wrong[..]].concat()));
        }
        for option in valued(&leaf.command) {
            let option = [option.spelled];
            cases.push(Typed([&leaf.typed[..], &option[..], &wrong[..]].concat()));
            cases.push(Typed([&leaf.typed[..], &values[..], &option[..], &wrong[..]].concat()));
        }
    }
    assert!(cases.len() > 500, "{}", cases.len());
    many("unknown options", &cases, |case, problems| {
        let ran = env.run(&case.args());
        let named = ran.stderr.contains("unexpected argument '--hiden'");
        problems.unless(ran.code == 2 && named, || format!("{ran}"));
        problems.unless(!ran.stderr.contains("-- --hiden"), || format!("{ran}"));
    });
    assert_eq!(env.log().len(), 0);
}

#[test]
fn an_option_never_is_the_value_of_another() {
    let env = TestEnv::new();
    let mut cases = Vec::new();
    for leaf in leaves() {
        let values = positionals(&leaf.command);
        for option in valued(&leaf.command).into_iter().filter(|option| !option.bare) {
            let known = [option.spelled, "--yes".to_owned()];
            cases.push(Typed([&leaf.typed[..], &values[..], &known[..]].concat()));
        }
    }
    many("options without values", &cases, |case, problems| {
        let ran = env.run(&case.args());
        let named = ran.stderr.contains("a value is required for");
        problems.unless(ran.code == 2 && named, || format!("{ran}"));
    });
    assert_eq!(env.log().len(), 0);
}

#[test]
fn the_near_option_is_named() {
    let env = TestEnv::new();
    for (args, near) in [
        (&["comment", "32181", "--hiden", "--yes"][..], Some("--hidden")),
        (&["comment", "32181", "text", "--no-emial", "--yes"], Some("--no-email")),
        (&["close", "32181", "-m", "--no-comnent", "--yes"], Some("--no-comment")),
        (&["bill", "32181", "-m", "--descripton", "x"], Some("--description")),
        (&["comment", "32181", "--zzz", "--yes"], None),
    ] {
        let ran = env.run(args);
        ran.ends(2);
        assert!(!ran.stderr.contains("as a value"), "{ran}");
        match near {
            Some(near) => drop(ran.says(&format!("\nhint: did you mean {near}?\n"))),
            None => {
                assert!(!ran.stderr.contains("did you mean"), "{ran}");
                ran.says(&format!("\nhint: run `syncro help {}` to list the options\n", args[0]));
            }
        }
        // Two lines: what is wrong, and what to type.
        assert_eq!(ran.stderr.lines().count(), 2, "{ran}");
        let json = env.run(&[&["--json"], args].concat());
        let error = json.ends(2).error();
        assert!(!error["message"].as_str().unwrap().contains('\n'), "{json}");
    }
    // A command that is known below another is still pointed at.
    env.run(&["line", "--product", "17340033", "add"]).ends(2).says("'add --product' exists");
    assert_eq!(env.log().len(), 0);
}

/// An editor makes one dash of two hyphens, and of two hyphens one is typed: neither is a text, nor the value of an option.
#[test]
fn an_option_behind_another_dash_is_no_text_of_any_command() {
    let env = TestEnv::new();
    let mut cases = Vec::new();
    for leaf in leaves() {
        let values = positionals(&leaf.command);
        for wrong in ["\u{2014}dry-run", "\u{2013}\u{2013}dry-rn", "\u{2014}y", "-dry-run"] {
            let wrong = [wrong.to_owned()];
            for count in 0..=values.len() {
                cases.push(Typed([&leaf.typed[..], &values[..count], &wrong[..]].concat()));
            }
            for option in valued(&leaf.command) {
                let option = [option.spelled];
                cases.push(Typed([&leaf.typed[..], &values, &option[..], &wrong].concat()));
            }
        }
    }
    many("options behind other dashes", &cases, |case, problems| {
        let ran = env.run(&case.args());
        let near = if ran.stderr.contains("\u{2014}y") { "-y" } else { "--dry-run" };
        let named = ran.stderr.contains(&format!("did you mean {near}?"));
        problems.unless(ran.code == 2 && named, || format!("{ran}"));
    });
    for args in [
        &["comment", "32181", "\u{2014}hidden", "--yes"][..],
        &["comment", "32181", "\u{2013}hiden", "--yes"],
        &["comment", "32181", "-m", "\u{2014}hidden", "--yes"],
        &["comment", "32181", "hello", "-hidden", "--yes"],
        &["comment", "32181", "hello", "-yhidden"],
        &["comment", "32181", "-message", "--yes"],
        &["bill", "32181", "-minutes", "30"],
        &["comment", "32181", "\u{2014}m", "hello"],
    ] {
        env.run(args).ends(2).says("error: unexpected argument '").says("after --");
    }
    assert_eq!(env.log().len(), 0);
    // What is near to no option is text, and so is what is said to be.
    for args in [
        &["comment", "32181", "\u{2014}"][..],
        &["comment", "32181", "\u{2014}Imelda"],
        &["comment", "32181", "\u{2014}hidden drum replaced"],
        &["comment", "32181", "--", "\u{2014}hidden"],
        &["comment", "32181", "-m=\u{2014}hidden"],
        &["comment", "32181", "-mHidden"],
        &["comment", "32181", "-yqm", "Hidden"],
    ] {
        env.run(&[&["--dry-run"], args].concat()).ends(0);
    }
    env.run(&["api", "POST", "customers", "-fname=Ada", "--dry-run"]).ends(0);
    env.run(&["comment", "-yh"]).ends(0);
}

/// A text that begins as a list does is no option, wherever a text is taken; what begins like an option is none of a text.
#[test]
fn an_item_of_a_list_is_text() {
    const ITEM: &str = "- Replaced the drum";
    const LIST: &str = "- Replaced the drum\n- Printed a page";
    let bill = ["bill", "32181", "--minutes", "30", "--labor", "remote"];
    let env = TestEnv::new();
    for args in [
        &["comment", "32181", ITEM, "--hidden"][..],
        &["comment", "--hidden", ITEM, "32181"],
        &["comment", "32181", "-m", ITEM],
        &["comment", "32181", "-m", LIST],
        &["comment", "32181", "-ym", ITEM],
        &["comment", "32181", "--message", ITEM],
        &["comment", "32181", "--", ITEM],
        &["c", "32181", "--no-email", ITEM],
        &[&bill[..], &["-m", ITEM]].concat(),
        &[&bill[..], &["--no-comment", "--description", ITEM]].concat(),
        &["close", "32181", "-m", ITEM],
        &["timer", "add", "32181", "--minutes", "5", "--notes", ITEM],
        &["timer", "start", "32181", "--timer-running", "--notes", ITEM],
        &["line", "add", "32181", "--labor", "travel", "--description", ITEM],
        &["create", "31204551", "Blank", "--description", ITEM],
        &["create", "31204551", ITEM],
        &["update", "32181", "--subject", ITEM],
        &["--sandbox", "comment", "32181", "-m", ITEM],
    ] {
        let ran = env.run(&[&["--dry-run", "--json"], args].concat());
        let sent = ran.ends(0).json().unwrap()["writes"].to_string();
        assert!(
            sent.contains("Replaced the drum")
                && (!args.contains(&LIST) || sent.contains("Printed a page")),
            "{ran}"
        );
    }
    for args in [
        &["comment", "32181", "-m", "--hidden"][..],
        &["comment", "32181", "-m", "--hidden", ITEM],
        &["comment", "32181", "--hiden", ITEM],
        &["comment", "32181", "-m", "-x"],
        &["comment", "32181", "-x", ITEM],
        &["comment", "32181", "--hidden=x", ITEM],
    ] {
        env.run(&[&["--yes"], args].concat()).ends(2);
    }
    assert!(env.writes().is_empty());
}

/// Time is for labor types alone: of another product it would be left out, and one hour billed.
#[test]
fn time_is_not_left_out() {
    let env = TestEnv::new();
    let args = ["line", "add", "32181", "--product", "17340021", "--minutes", "20h", "--dry-run"];
    env.run(&args).ends(2).says("--minutes").says("--product");
    assert!(env.log().is_empty());
}

#[test]
fn a_dead_end_names_the_way() {
    let env = TestEnv::new();
    for (typed, way) in [
        ("32181", "syncro ticket 32181"),
        ("#32181", "syncro ticket 32181"),
        ("id:108443837", "syncro ticket id:108443837"),
        ("invoices", "syncro invoice list"),
        ("invoice 67410", "syncro invoice show 67410"),
        ("customer quill", "syncro customer show quill"),
        ("customer list", "syncro customers"),
        ("line 32181", "syncro line list 32181"),
        ("ticket list", "syncro tickets"),
        ("ticket show 32181", "syncro ticket 32181"),
        ("ticket close 32181", "syncro close 32181"),
        ("ticket 32181 list", "syncro tickets"),
        ("--sandbox 32181", "syncro --sandbox ticket 32181"),
        ("#32181 close", "syncro ticket 32181"),
        ("ticket #32181 close", "syncro close 32181"),
        ("estimates", "syncro api /estimates"),
        ("contract list", "syncro api /contracts"),
    ] {
        let args: Vec<_> = typed.split(' ').collect();
        env.run(&args).ends(2).says(&format!("hint: run `{way}`"));
        let json = env.run(&[&args[..], &["--json"]].concat());
        assert!(json.ends(2).error()["hint"].as_str().unwrap().contains(way), "{typed}");
    }
    // A near word is a slip of the finger.
    env.run(&["invoice", "lsit"]).ends(2).says("hint: run `syncro invoice list`");
    env.run(&["ticket", "3218l"]).ends(2).says("use the ticket number (32181)");
    // Every word is similar to a name of one letter, which is no help to anybody.
    env.run(&["contrct"]).ends(2).says("hint: run `syncro contact`");
    let ran = env.run(&["estmate"]);
    assert!(!ran.ends(2).page().contains("'t'"), "{ran}");
    env.run(&["frobnicate"]).ends(2).says("unrecognized subcommand");
    assert_eq!(env.log().len(), 0);
}

#[test]
fn short_forms_are_the_long_ones() {
    let env = TestEnv::new();
    for (short, long) in [
        ("t 32181", "ticket 32181"),
        ("ls --mine", "tickets --mine"),
        ("c 32181 Done. --hidden --dry-run", "comment 32181 Done. --hidden --dry-run"),
        (
            "b 32181 -t 30 -l remote --no-comment --description Call --dry-run",
            "bill 32181 --minutes 30 --labor remote --no-comment --description Call --dry-run",
        ),
        (
            "line add 32181 -l remote --minutes 30 --dry-run",
            "line add 32181 --labor remote --minutes 30 --dry-run",
        ),
    ] {
        let run =
            |typed: &str| env.run(&typed.split(' ').collect::<Vec<_>>()).ends(0).stdout.clone();
        assert_eq!(run(short), run(long));
    }
}

#[test]
fn text_with_a_leading_dash_is_typed_after_an_equals_sign_or_two_dashes() {
    let env = TestEnv::new();
    for args in [
        &["comment", "32181", "-m=--hidden", "--dry-run"][..],
        &["comment", "32181", "--message=--hidden", "--dry-run"],
        &["comment", "32181", "--dry-run", "--", "--hidden"],
        &["close", "32181", "--message=--hidden", "--dry-run"],
        &["timer", "add", "32181", "--minutes", "5", "--notes=--hidden", "--dry-run"],
        &["update", "32181", "--subject=--hidden", "--dry-run"],
        &["invoice", "update", "67409", "--note=--hidden", "--dry-run"],
        &["contact", "update", "Imelda Quill", "--title=--hidden", "--dry-run"],
        &["create", "31204551", "--dry-run", "--", "--hidden"],
        &["api", "PUT", "tickets/108443837", "-f=subject=--hidden", "--dry-run"],
    ] {
        let ran = env.run(args);
        assert!(ran.code == 0 && ran.stdout.contains("--hidden"), "{args:?}: {ran}");
    }
    // A dash alone is standard input still.
    let mut command = env.command();
    command.args(["comment", "32181", "-", "--hidden", "--dry-run"]);
    let ran = Running::fed(command, b"From a pipe");
    assert!(ran.wait().ends(0).stdout.contains("From a pipe"));
}

/// What a terminal obeys, in the middle of a value.
const STEERING: &str = "3\r2\u{202e}1\u{1b}[31m\u{7}\u{200b}0";

/// Whether a stream has anything of it.
fn steers(stream: &str) -> bool {
    stream.contains(['\r', '\u{202e}', '\u{1b}', '\u{7}', '\u{200b}'])
}

#[test]
fn what_is_typed_does_not_steer_the_terminal() {
    let env = TestEnv::new();
    let steering = [STEERING.to_owned()];
    let mut cases = Vec::new();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    // `sandbox serve` runs until it is stopped.
    for leaf in leaves().into_iter().filter(|leaf| leaf.typed != ["sandbox", "serve"]) {
        let values = positionals(&leaf.command);
        for count in 0..=values.len() {
            cases.push(Typed([&leaf.typed[..], &values[..count], &steering[..]].concat()));
        }
        for option in valued(&leaf.command) {
            let value = [format!("{}={STEERING}", option.spelled)];
            cases.push(Typed([&leaf.typed[..], &values[..], &value[..]].concat()));
        }
    }
    for args in [
        &["comment", "32181", STEERING][..],
        &["comment", "32181", "-m", "x", "--subject", STEERING],
        &["create", "31204551", STEERING, "--issue-type", STEERING],
        &["create", "31204551", STEERING],
        &["line", "add", "32181", "--product", "17340033", "--name", STEERING],
        &["timer", "add", "32181", "--minutes", "5", "--notes", STEERING],
        &["update", "32181", "--subject", STEERING],
        &["contact", "update", "Imelda Quill", "--title", STEERING],
        &["invoice", "update", "67409", "--note", STEERING],
        &["payment", "add", "67409", "--amount", "1", "--method", "Check", "--ref", STEERING],
        &["api", "PUT", "tickets/108443837", "-f", &format!("subject={STEERING}")],
    ] {
        cases.push(Typed(words(args)));
    }
    many("steering values", &cases, |case, problems| {
        let mut args = case.args();
        args.push("--dry-run");
        let ran = env.run(&args);
        problems.unless(!steers(&ran.stderr) && !steers(&ran.stdout), || format!("{ran:?}"));
    });
    assert_eq!(env.writes().len(), 0);
}

/// What clap says is wrapped as everything else is.
#[cfg(unix)]
#[test]
fn a_usage_error_is_within_the_terminal() {
    let env = TestEnv::new();
    for typed in [
        &["tickets", "--limt", "5"][..],
        &["invoice", "update", "67409", "--po-numbr", "PO-1187"],
        &["timer", "add", "32181", "--minutes", "a while"],
        &["init", "--key-store", "somewhere"],
        &["bill", "32181", "-m", "Done", "--file", "notes.txt", "--draft", "notes"],
    ] {
        for width in [50, 80] {
            let (code, shown) = env.terminal_of(width, typed).end();
            assert_eq!(code, 2, "{typed:?}: {shown}");
            let is_wide = |line: &str| line.chars().count() > width;
            assert!(!shown.lines().any(is_wide), "{width}, {typed:?}: {shown}");
            assert!(shown.contains("error: "), "{typed:?}: {shown}");
        }
    }
}
