//! Help: pages with the options that mean something, groups, and topics that say what the program does.

use std::collections::BTreeSet;

use jiff::Zoned;
use serde_json::Value;
use syncro::billing::quantity::Minutes;
use syncro::dates::{self, Lean};
use syncro::help::{TOPICS, Topic};
use syncro::operations::Guard;
use syncro::render::lists::LISTS;

use crate::fast::{prepared, writing};
use crate::support::{Setup, TestEnv, bill, ticket_id};
use crate::walls::{KINDS, commands, sources};

/// The commands that write besides those that the walk through the program takes as such.
const ALSO_WRITE: [&str; 7] =
    ["api", "resume", "init", "sandbox reset", "config set", "config unset", "logout"];

fn topic(name: &str) -> String {
    Topic::named(name).unwrap().page(None)
}

fn page(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    syncro::help::page(syncro::cli::command(), &words, None).unwrap().to_string()
}

/// Whether an option has a line of its own.
fn shows(page: &str, flag: &str) -> bool {
    page.lines().any(|line| line.trim_start().starts_with(flag) && line.starts_with("  "))
}

#[test]
fn pages_show_the_options_that_mean_something() {
    let writing = writing();
    let all: Vec<String> = commands().iter().map(|words| words.join(" ")).collect();
    for name in &all {
        let words: Vec<&str> = name.split(' ').collect();
        let shown = page(&words);
        let is_group = all.iter().any(|other| other.starts_with(&format!("{name} ")));
        let prints = is_group || ["completions", "man"].contains(&name.as_str());
        let typed = |typed: &&&str| format!("{typed} ").starts_with(&format!("{name} "));
        let writes = !is_group
            && (writing.iter().any(|one| typed(&one)) || ALSO_WRITE.contains(&name.as_str()));
        assert_eq!(shows(&shown, "-y, --yes"), writes, "{name}: {shown}");
        assert_eq!(shows(&shown, "--dry-run"), writes, "{name}: {shown}");
        assert_eq!(shows(&shown, "--json"), !prints, "{name}: {shown}");
        for flag in ["--sandbox", "--profile <NAME>  ", "--no-color"] {
            assert!(name == "init" || !shows(&shown, flag), "{name} {flag}: {shown}");
        }
        let most = if writes { 80 } else { 46 };
        assert!(shown.lines().count() <= most, "{name}: {shown}");
    }
    let program = page(&[]);
    for flag in ["--json", "-y, --yes", "--dry-run", "--sandbox", "--profile", "--no-color"] {
        assert!(shows(&program, flag), "{flag}: {program}");
    }
}

#[test]
fn overrides_have_a_heading_of_their_own() {
    fn below(command: &clap::Command, seen: &mut usize) {
        for arg in command.get_arguments() {
            let is_override = Guard::ALL.iter().any(|guard| guard.flag() == arg.get_long());
            // `invoice list --paid` is a filter.
            let is_list = command.get_name() == "list";
            if is_override && !is_list && arg.get_long().is_some() {
                *seen += 1;
                let name = command.get_name();
                assert_eq!(
                    arg.get_help_heading(),
                    Some("Guard overrides"),
                    "{name} {}",
                    arg.get_id()
                );
            }
        }
        command.get_subcommands().for_each(|sub| below(sub, seen));
    }
    let mut seen = 0;
    below(&syncro::cli::command(), &mut seen);
    assert!(seen > 50, "{seen}");
}

#[test]
fn the_programs_page_has_every_command_and_topic_once() {
    let program = page(&[]);
    let (sections, _) = program.split_once("\nOptions:").unwrap_or((&program, ""));
    let listed: Vec<&str> = sections
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|word| !word.is_empty())
        .collect();
    let root = syncro::cli::command();
    let names = root.get_subcommands().map(clap::Command::get_name);
    let mut wanted: Vec<&str> = names.chain(TOPICS.iter().map(|topic| topic.name)).collect();
    let mut found = listed;
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted, "{program}");
    for group in ["Tickets:", "Time and money:", "People and things:", "Tool:"] {
        assert!(program.lines().any(|line| line == group), "{program}");
    }
}

/// What is typed next leads to the practice account, however that was chosen.
#[test]
fn a_dead_end_leads_on_in_practice() {
    let env = TestEnv::new();
    let args = ["line", "32180"];
    let ran = env.run_with(&args, &[("SYNCRO_SANDBOX", "1")]);
    ran.ends(2).says("hint: run `syncro --sandbox line list 32180` to show it\n");
    env.run(&["--sandbox", "line", "32180"]).ends(2).says("`syncro --sandbox line list 32180`");
    env.run_with(&args, &[("SYNCRO_SANDBOX", "0")]).ends(2).says("`syncro line list 32180`");
}

/// On a narrow terminal a page is broken at words, and a second column stays one.
#[cfg(unix)]
#[test]
fn on_a_narrow_terminal_no_word_is_broken() {
    let env = TestEnv::new();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    // What is pasted is one line, however long it is.
    let is_typed = |line: &str| line.starts_with("  syncro ") || line.contains("| syncro ");
    let typed = |page: &str| {
        let lines: Vec<String> = page.lines().map(str::to_owned).collect();
        lines.into_iter().filter(move |line| is_typed(line))
    };
    for width in [40, 50, 60] {
        for topic in TOPICS {
            let (code, shown) = env.terminal_of(width, &["help", topic.name]).end();
            assert_eq!(code, 0, "{shown}");
            let mut lines = shown.lines().filter(|line| !is_typed(line));
            assert!(lines.all(|line| line.len() <= width), "{width}: {shown}");
            assert_eq!(words(&shown), words(&topic.page(None)), "{width}");
            assert!(typed(&topic.page(None)).all(|one| shown.lines().any(|line| line == one)));
        }
        // The headings of a command's page are never broken.
        let pages = [&["--help"][..], &["help", "bill"], &["timer", "update", "--help"]];
        for page in pages.into_iter().filter(|_| width >= 50) {
            let (code, shown) = env.terminal_of(width, page).end();
            assert_eq!(code, 0, "{shown}");
            // What is typed is one line.
            let mut lines =
                shown.lines().filter(|line| !line.starts_with("Usage: ") && !is_typed(line));
            assert!(lines.all(|line| line.len() <= width), "{width}: {shown}");
            let pipe = env.run_with(page, &[("COLUMNS", "100")]);
            assert_eq!(words(&shown), words(&pipe.stdout), "{width}");
            for one in typed(&pipe.stdout) {
                assert!(shown.lines().any(|line| line == one), "{width}: {one}: {shown}");
            }
        }
    }
    let (_, shown) = env.terminal_of(50, &["help", "dates"]).end();
    let friday = "
  mon, friday              the last one in a
                           filter, the next one in
                           a plan; never today
  last fri, this mon
";
    assert!(shown.contains(friday), "{shown}");
    let (_, shown) = env.terminal_of(50, &["--help"]).end();
    let ticket = "
  ticket            Show one ticket with comments,
                    time and billing state [alias:
                    t]
";
    assert!(shown.contains(ticket), "{shown}");
    let (_, wide) = env.terminal_of(120, &["help", "dates"]).end();
    assert_eq!(wide, topic("dates"));
}

#[test]
fn help_of_a_command_is_its_page_however_it_is_asked_for() {
    let env = TestEnv::new();
    let page = |args: &[&str]| env.run_with(args, &[("COLUMNS", "80")]).ends(0).stdout.clone();
    for (one, other) in [
        (&["bill", "--help"][..], &["help", "bill"][..]),
        (&["b", "-h"], &["--profile", "x", "bill", "--help"]),
        (&["invoice", "list", "--help"], &["help", "invoice", "list"]),
        (&["invoice", "list", "--help"], &["invoice", "help", "list"]),
        (&["--help"], &["help"]),
    ] {
        assert_eq!(page(one), page(other), "{one:?}");
    }
    for topic in TOPICS {
        let shown = page(&["help", topic.name]);
        assert_eq!(shown, topic.page(None));
        assert!(shown.is_ascii(), "{shown}");
        assert!(shown.lines().all(|line| line.len() <= 80), "{shown}");
    }
    let ran = env.run(&["help", "invoise"]);
    ran.ends(2).says("there is no command or topic \"invoise\"").says("`syncro help`");
    let ran = env.run(&["invoice"]);
    assert!(ran.ends(2).stdout.is_empty() && ran.stderr.contains("Usage: syncro invoice"), "{ran}");
    assert!(env.log().is_empty());
}

#[cfg(unix)]
#[test]
fn the_program_is_called_syncro_whatever_its_file_is_called() {
    use crate::support::Running;
    use std::os::unix::process::CommandExt;
    let env = TestEnv::new();
    for args in [&["--help"][..], &["bill", "--help"], &["invoice"], &["help", "invoice", "list"]] {
        let called = |name: &str| {
            let mut command = env.command();
            command.arg0(name).args(args);
            Running::start(command).wait()
        };
        let ran = called("C:/tools/syncro.exe");
        assert!(format!("{ran}").contains("Usage: syncro "), "{ran}");
        assert_eq!(format!("{ran}"), format!("{}", called("syncro")));
    }
}

#[test]
fn exit_codes_are_the_programs_own() {
    let text = topic("exit-codes");
    let lines = text.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let listed: Vec<u8> = lines.filter_map(|word| word.parse::<u8>().ok()).collect();
    let own = std::iter::once(0).chain(KINDS.iter().map(|kind| kind.exit_code()));
    assert_eq!(listed, own.collect::<Vec<u8>>());
}

/// The words of a text that look like names of environment variables.
fn variables(text: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_uppercase() || c == '_';
    text.split(|c| !is_part(c)).filter(|word| word.len() > 1).collect()
}

#[test]
fn the_environment_is_the_one_that_is_read() {
    /// Read by libraries.
    const BESIDE: [&str; 3] = ["NO_COLOR", "HTTPS_PROXY", "NO_PROXY"];
    let mut read: BTreeSet<String> = BESIDE.map(str::to_owned).into();
    for source in sources("src") {
        let code = source.code.split("#[cfg(test)]").next().unwrap_or_default();
        let calls = ["var", "var_os", "raw", "text", "path", "set", "flag", "variable"];
        for call in calls.map(|call| format!("{call}(\"")) {
            for rest in code.split(&call).skip(1) {
                let name = rest.split('"').next().unwrap_or_default();
                let is_name = variables(name).into_iter().eq([name]);
                read.extend(is_name.then(|| name.to_owned()));
            }
        }
    }
    let text = topic("environment");
    let rows = text.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let told: BTreeSet<String> = rows
        .flat_map(|row| variables(row.trim_start().split("  ").next().unwrap_or_default()))
        .map(str::to_owned)
        .collect();
    assert_eq!(told, read);
}

/// Every member that an object of ours has, and those of the objects in it; a record is the API's own.
fn members(object: &Value, found: &mut BTreeSet<String>) {
    for (name, value) in object.as_object().into_iter().flatten() {
        found.insert(name.clone());
        match name.as_str() {
            "writes" | "checks" => members(&value[0], found),
            "error" => members(value, found),
            "preview" => previewed(value, found),
            _ => {}
        }
    }
}

/// All of a preview is ours.
fn previewed(value: &Value, found: &mut BTreeSet<String>) {
    value.as_array().into_iter().flatten().for_each(|one| previewed(one, found));
    for (name, value) in value.as_object().into_iter().flatten() {
        found.insert(name.clone());
        // A row has its label for a name.
        if name != "rows" {
            previewed(value, found);
        }
    }
}

/// What every write prints, before it is sent and after.
fn of_writes(found: &mut BTreeSet<String>) {
    for typed in writing() {
        let (env, args) = TestEnv::prepared(Setup::default(), |env| prepared(env, typed));
        for flag in ["--dry-run", "--yes"] {
            let args = args.iter().map(String::as_str).chain([flag, "--json"]);
            let ran = env.run(&args.collect::<Vec<_>>());
            let object = ran.ends(0).json().unwrap();
            let outcome = if flag == "--yes" { "done" } else { "dry_run" };
            assert_eq!(object["outcome"], outcome, "{typed} {flag}: {ran}");
            members(&object, found);
        }
    }
}

/// What a page has besides what the API's own object has.
fn added(env: &TestEnv, args: &[&str], path: &str, wrapper: &str) -> BTreeSet<String> {
    let names = |object: &Value| -> BTreeSet<String> {
        object.as_object().unwrap().keys().cloned().collect()
    };
    let page = env.run(&[args, &["--json"]].concat()).ends(0).json().unwrap();
    let page = if page.is_array() { names(&page[0]) } else { names(&page) };
    let own = names(&env.account().get(path)[wrapper]);
    page.difference(&own).cloned().collect()
}

#[test]
fn the_json_topic_has_each_list_and_each_member() {
    let text = topic("json");
    for list in LISTS {
        assert!(text.lines().any(|line| line.trim() == list.command), "{}", list.command);
        for column in list.keys() {
            assert!(text.contains(column), "{}: {column}", list.command);
        }
    }
    let env = TestEnv::new();
    let mut found = BTreeSet::new();
    for args in [
        bill(&["--dry-run"]),
        bill(&["--yes"]),
        vec!["update", "32181", "Invoiced", "--yes"],
        vec!["create", "31204551", "Receipts", "--description", "Blank", "--yes"],
        vec!["timer", "add", "32180", "--minutes", "30", "--start", "2026-03-17T08:00", "--yes"],
        vec!["payment", "add", "67409", "--amount", "20.05", "--method", "Check", "--yes"],
        vec!["contact", "create", "31204551", "Ada", "--yes"],
        vec!["customer", "create", "Bluebird", "--yes"],
        vec!["asset", "create", "31204551", "TILL-3", "--type", "Desktop", "--yes"],
        vec!["resume"],
        vec!["doctor"],
        vec!["sandbox", "reset", "--yes"],
    ] {
        let ran = env.run(&[&args[..], &["--json"]].concat());
        members(&ran.json().unwrap_or_default(), &mut found);
    }
    of_writes(&mut found);
    let failed = env.run(&["ticket", "99", "--json"]);
    members(&serde_json::from_str(&failed.stderr).unwrap(), &mut found);
    assert!(found.len() > 45, "{found:?}");
    let ticket = format!("/tickets/{}", ticket_id(32_181));
    let customer = "/customers/31204551";
    for (args, path, wrapper) in [
        (&["ticket", "32181"][..], ticket.as_str(), "ticket"),
        (&["customer", "show", "31204551"], customer, "customer"),
        (&["customers", "Quillfeather", "--details"], customer, "customer"),
        (&["invoice", "show", "67410"], "/invoices/67410", "invoice"),
    ] {
        found.extend(added(&env, args, path, wrapper));
    }
    for name in ["invoices", "unpaid_invoices", "open_tickets"] {
        assert!(found.contains(name), "{name}: {found:?}");
    }
    // Each command that only reads prints a list, or is named.
    for words in commands() {
        let name = words.join(" ");
        let shown = page(&words.iter().map(String::as_str).collect::<Vec<_>>());
        if !shows(&shown, "--json") || shows(&shown, "-y, --yes") {
            continue;
        }
        let is_list = LISTS.iter().any(|list| list.command == name);
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_named = plain.contains(&format!("`{name}`")) || words.last().unwrap() == "show";
        assert!(is_list || is_named, "{name} is not in the topic");
    }
    let is_named = |name: &String| {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name)
    };
    let missing: Vec<&String> = found.iter().filter(|name| !is_named(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_dates_topic_has_what_is_understood() {
    let now: Zoned = "2026-03-18T08:00[America/Chicago]".parse().unwrap();
    let (mut section, mut read) = (String::new(), 0);
    for line in topic("dates").lines() {
        let Some(row) = line.strip_prefix("  ").filter(|row| !row.starts_with(' ')) else {
            if line.ends_with(':') {
                section = line.split([',', ' ']).next().unwrap_or_default().to_owned();
            }
            continue;
        };
        for typed in row.split("  ").next().unwrap_or_default().split(", ") {
            let understood = match section.as_str() {
                "Days" => dates::day(typed, &now, Lean::Past).map(drop),
                "Windows" => dates::window(typed, &now).map(drop),
                "Moments" => dates::moment(typed, &now).map(drop),
                _ => typed.parse::<Minutes>().map(drop).map_err(|why| why.to_string()),
            };
            assert_eq!(understood, Ok(()), "{section}: {typed}");
            read += 1;
        }
    }
    assert!(read > 25, "{read}");
}
