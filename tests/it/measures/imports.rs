//! Which file of the program imports from which, and where that goes round in a circle.
//!
//! A path is followed to the file that defines what it names: through `pub use`, and never only to the module on the
//! way. Modules of tests count for nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;

type Path = Vec<String>;

/// One file as a module.
struct Module {
    file: String,
    /// What its `use` lines name, as it is written there.
    names: BTreeMap<String, Path>,
    /// Every other path in it.
    paths: Vec<Path>,
}

/// The modules by their paths from `crate` on.
struct Program(BTreeMap<Path, Module>);

/// The circles, each with its files, the largest first.
pub(super) fn circles(sources: &[Source]) -> Vec<Vec<String>> {
    let program = Program::of(sources);
    let edges = program.edges();
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        edges.keys().map(|from| (from, reach(from, &edges))).collect();
    let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
    for (from, to) in &reached {
        if to.contains(from) {
            let round = to.iter().filter(|other| reached[**other].contains(from));
            circles.insert(round.map(|file| (*file).clone()).collect());
        }
    }
    let mut circles: Vec<_> = circles.into_iter().collect();
    circles.sort_by_key(|files| std::cmp::Reverse(files.len()));
    circles
}

/// Everything that is imported by what `from` imports, and so on.
fn reach<'a>(
    from: &'a String,
    edges: &'a BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        next.extend(edges[file].iter().filter(|to| reached.insert(*to)));
    }
    reached
}

impl Program {
    fn of(sources: &[Source]) -> Self {
        let files = sources.iter().filter(|source| !source.is_tests());
        let modules = files.filter_map(|source| {
            let below = source.path.strip_prefix("src/")?.strip_suffix(".rs")?;
            let below = below.strip_suffix("/mod").unwrap_or(below);
            let mut path = vec!["crate".to_owned()];
            match below {
                "lib" => {}
                "main" => return None,
                _ => path.extend(below.split('/').map(str::to_owned)),
            }
            let (names, paths) = paths(&tokens(&source.without_tests().code));
            Some((path, Module { file: source.path.clone(), names, paths }))
        });
        Self(modules.collect())
    }

    /// The files that each file imports from.
    fn edges(&self) -> BTreeMap<String, BTreeSet<String>> {
        let edges = self.0.iter().map(|(at, module)| {
            let paths = module.names.values().chain(&module.paths);
            let files = paths.filter_map(|path| self.file(at, path, 0));
            let files = files.filter(|file| **file != module.file).cloned();
            (module.file.clone(), files.collect())
        });
        edges.collect()
    }

    /// The file that defines what the path in the module `at` names; none for a stranger, and for a module itself.
    fn file(&self, at: &Path, path: &Path, turns: usize) -> Option<&String> {
        let (mut at, mut rest) = match path.split_first()? {
            (first, rest) if first == "crate" => (vec![first.clone()], rest),
            (first, rest) if first == "self" => (at.clone(), rest),
            (first, _) if first == "super" => {
                let ups = path.iter().take_while(|one| *one == "super").count();
                (at[..at.len().checked_sub(ups)?].to_vec(), &path[ups..])
            }
            (first, rest) => match self.0.get(at)?.names.get(first) {
                Some(named) if turns < 9 && named != path => {
                    return self.file(at, &[named, rest].concat(), turns + 1);
                }
                Some(_) => return None,
                None => (at.clone(), path.as_slice()),
            },
        };
        let is_relative = path.as_slice() == rest;
        let begun = at.len();
        while let Some((first, others)) = rest.split_first() {
            let below = [at.as_slice(), std::slice::from_ref(first)].concat();
            if !self.0.contains_key(&below) {
                break;
            }
            (at, rest) = (below, others);
        }
        if is_relative && at.len() == begun {
            return None;
        }
        let module = self.0.get(&at)?;
        let (item, others) = rest.split_first()?;
        match module.names.get(item) {
            Some(named) if turns < 9 => self.file(&at, &[named, others].concat(), turns + 1),
            _ => Some(&module.file),
        }
    }
}

/// Words and signs; `::` is one.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = match first {
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        if first > ' ' {
            tokens.push(&rest[..end]);
        }
        rest = &rest[end..];
    }
    tokens
}

/// What `use` lines name, and the other paths of more than one word.
fn paths(tokens: &[&str]) -> (BTreeMap<String, Path>, Vec<Path>) {
    let (mut names, mut paths) = (BTreeMap::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let begins = at == 0 || !matches!(tokens[at - 1], "::" | ".");
        // `use<>` behind a return type imports nothing.
        if tokens[at] == "use" && tokens.get(at + 1) != Some(&"<") {
            at = tree(tokens, at + 1, &[], &mut names);
        } else if begins && tokens.get(at + 1) == Some(&"::") {
            let mut path = vec![tokens[at].to_owned()];
            while tokens.get(at + 1) == Some(&"::") && at + 2 < tokens.len() {
                path.push(tokens[at + 2].to_owned());
                at += 2;
            }
            paths.push(path);
        }
        at += 1;
    }
    (names, paths)
}

/// Reads one branch of a `use` line; where it ends.
fn tree(
    tokens: &[&str],
    from: usize,
    above: &[String],
    names: &mut BTreeMap<String, Path>,
) -> usize {
    let mut path = above.to_vec();
    let mut at = from;
    while at < tokens.len() {
        match tokens[at] {
            "::" => {}
            "{" => {
                at += 1;
                while at < tokens.len() && tokens[at] != "}" {
                    at = tree(tokens, at, &path, names);
                    at += usize::from(tokens.get(at) == Some(&","));
                }
                return at + 1;
            }
            "," | "}" | ";" => break,
            "as" => {
                names.insert(tokens[at + 1].to_owned(), path);
                return at + 2;
            }
            "self" if !path.is_empty() => {}
            word => path.push(word.to_owned()),
        }
        at += 1;
    }
    if let Some(name) = path.last() {
        names.insert(name.clone(), path.clone());
    }
    at
}

#[test]
fn circles_are_found_through_what_is_passed_on() {
    let file = |path: &str, code: &str| Source::of(format!("src/{path}"), code);
    let files = |passed_on: &str, two: &str| {
        [
            file("lib.rs", "pub mod a; mod b;"),
            file("a/mod.rs", &format!("mod one; mod two; pub use self::one::One; {passed_on}")),
            file("a/one.rs", "use crate::b::{self, Other as Another}; fn f() { b::g(); }"),
            file("a/two.rs", two),
            file(
                "b.rs",
                "use crate::a; fn g() -> a::Two {}\n#[cfg(test)] mod tests { use crate::a::One; }",
            ),
        ]
    };
    let none: Vec<Vec<String>> = Vec::new();
    assert_eq!(circles(&files("pub use two::{x::Y, Two};", "pub struct Two;")), none);
    let round = circles(&files("pub use two::{x::Y, Two};", "use super::One;"));
    assert_eq!(round, [["src/a/one.rs", "src/a/two.rs", "src/b.rs"]]);
    let its_own = circles(&files("pub struct Two;", ""));
    assert_eq!(its_own, [["src/a/mod.rs", "src/a/one.rs", "src/b.rs"]]);
}
