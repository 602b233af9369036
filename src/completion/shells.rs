//! The shells: the script of each, and how candidates reach it. What a shell would take for more than letters never
//! reaches it as such: zsh, fish and elvish quote what they insert; for bash and PowerShell it is quoted here.
//!
//! The tests run the scripts in the real bash, zsh, fish and elvish. PowerShell's they only read, against what its manual
//! says (`about_Parsing`, `about_Quoting_Rules`, `Register-ArgumentCompleter`):
//!
//! - The block of a native completer gets the word, the command's syntax tree and the cursor's place, in this order.
//! - Before PowerShell 7.3, an empty argument of a native command is dropped, and double quotes inside one are lost unless
//!   a backslash stands before each. So the word at the cursor never travels empty: it has a `=` before it.
//! - A candidate is inserted as it stands and parsed again. Within single quotes nothing is special but a single quote,
//!   and typographic ones count as such; a quoted part may follow a flag: `--status='In Progress'`.
//! - The script and what it passes are plain ASCII, and its answer is read as UTF-8: a file without a mark, and a pipe,
//!   are read by the system's code page otherwise.

use clap::ValueEnum;

use super::{Candidate, Candidates};

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// The Bourne Again Shell.
    Bash,
    /// Elvish.
    Elvish,
    /// The friendly interactive shell.
    Fish,
    /// PowerShell, of Windows or not.
    #[value(name = "powershell")]
    PowerShell,
    /// The Z shell.
    Zsh,
}

impl Shell {
    /// The script that has the shell ask the program.
    #[must_use]
    pub const fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("syncro.bash"),
            Self::Elvish => include_str!("syncro.elv"),
            Self::Fish => include_str!("syncro.fish"),
            Self::PowerShell => include_str!("syncro.ps1"),
            Self::Zsh => include_str!("syncro.zsh"),
        }
    }

    /// The candidates as the script takes them: what they are, then a line each; a tab before what is said of one.
    #[must_use]
    pub fn answer(self, found: &Candidates, bash: Bash) -> String {
        let mut lines = vec![if found.files { "files" } else { "values" }.to_owned()];
        let is_alone = found.all.len() < 2;
        lines.extend(found.all.iter().filter_map(|one| {
            let whole = format!("{}{}", found.earlier, one.value);
            match self {
                Self::Bash => {
                    let head =
                        if bash.keeps_flag { bash_word(&found.flag, None)? } else { String::new() };
                    let word = bash_word(&whole, bash.open)?;
                    let text = if is_alone || bash.inserts { String::new() } else { aside(one) };
                    Some(format!("{head}{word}{text}"))
                }
                Self::PowerShell => {
                    Some(format!("{}{}\t{}", found.flag, powershell_word(&whole)?, one.text))
                }
                Self::Elvish | Self::Fish | Self::Zsh => {
                    Some(format!("{}{whole}\t{}", found.flag, one.text))
                }
            }
        }));
        lines.join("\n") + "\n"
    }
}

/// What only bash needs to be told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bash {
    /// The quote that is open at the cursor.
    pub open: Option<char>,
    /// Whether the word that is replaced has the flag in it: `--status=`.
    pub keeps_flag: bool,
    /// Whether candidates are inserted one after another, so that nothing may stand behind them.
    pub inserts: bool,
}

/// What is said of a candidate behind it, in words that bash would take as they are, too.
fn aside(one: &Candidate) -> String {
    let words: Vec<String> = one.text.split_whitespace().map(escaped).collect();
    match words.is_empty() {
        true => String::new(),
        false => format!("  -- {}", words.join(" ")),
    }
}

/// A word that bash takes as it is; nothing where an open quote does not allow it: in double quotes, nothing takes from an
/// exclamation mark what it means.
fn bash_word(word: &str, open: Option<char>) -> Option<String> {
    match open {
        Some('\'') => Some(word.replace('\'', r"'\''")),
        Some(_) if word.contains('!') => None,
        Some(_) => {
            let escaped = |letter: char| match letter {
                '"' | '$' | '`' | '\\' => format!("\\{letter}"),
                plain => plain.to_string(),
            };
            Some(word.chars().map(escaped).collect())
        }
        None => Some(escaped(word)),
    }
}

/// A word of which each letter that means something to bash has a backslash before it.
fn escaped(word: &str) -> String {
    let mut out = String::new();
    for letter in word.chars() {
        let is_plain =
            letter.is_alphanumeric() || !letter.is_ascii() || "_@%+=:,./-".contains(letter);
        if !is_plain {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// A word that PowerShell takes as it is; nothing for one with the quotes that it takes for its own.
fn powershell_word(word: &str) -> Option<String> {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./".contains(c);
    if word.chars().all(is_plain) {
        return Some(word.to_owned());
    }
    let curly = ['\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
    (!word.contains(curly)).then(|| format!("'{}'", word.replace('\'', "''")))
}
