//! Programs that people name in settings and in the environment, found as their shell would find them. Unix looks by
//! itself; Windows adds no ending but `.exe`, and `code` is `code.cmd` there.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// The endings of what Windows can start without being told with what; `PATHEXT` names scripts, too, which it cannot.
const STARTED: [&str; 4] = [".com", ".exe", ".bat", ".cmd"];

/// Where programs are, and how their files end.
#[derive(Debug)]
pub(crate) struct Programs {
    folders: Vec<PathBuf>,
    /// In the order in which they are tried; only the empty one where a file's name is all of it.
    endings: Vec<String>,
}

impl Programs {
    /// As the environment of this process says.
    pub(crate) fn of_process() -> Self {
        Self::of(cfg!(windows), |name| env::var_os(name))
    }

    /// As `variable` says, with the endings of Windows or without any.
    pub(crate) fn of(has_endings: bool, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let path = variable("PATH").unwrap_or_default();
        // An empty folder is the one that one happens to be in, which is no place for programs.
        let folders = env::split_paths(&path).filter(|folder| folder.as_os_str() != "").collect();
        if !has_endings {
            return Self { folders, endings: vec![String::new()] };
        }
        let named = variable("PATHEXT").unwrap_or_default().to_string_lossy().to_lowercase();
        let mut endings: Vec<String> = named
            .split(';')
            .map(str::trim)
            .filter(|ending| STARTED.contains(ending))
            .map(str::to_owned)
            .collect();
        if endings.is_empty() {
            endings = STARTED.map(str::to_owned).into();
        }
        Self { folders, endings }
    }

    /// The file of a program: of a name, in the first folder that has it; of a path, the path with its ending.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        if program.is_empty() {
            return None;
        }
        let here = [PathBuf::new()];
        let folders = if program.contains(['/', '\\']) { &here } else { self.folders.as_slice() };
        let files = folders
            .iter()
            .flat_map(|folder| self.spelled(program).into_iter().map(|file| folder.join(file)));
        files.into_iter().find(|file| file.is_file())
    }

    /// What the file of a program may be called.
    fn spelled(&self, program: &str) -> Vec<String> {
        let lower = program.to_lowercase();
        if self.endings.iter().any(|ending| lower.ends_with(ending)) {
            return vec![program.to_owned()];
        }
        self.endings.iter().map(|ending| format!("{program}{ending}")).collect()
    }

    /// What starts the program: the file that was found, where the system would not find it by itself.
    pub(crate) fn to_start(&self, program: &str) -> PathBuf {
        let has_endings = self.endings.iter().any(|ending| !ending.is_empty());
        let found = if has_endings { self.find(program) } else { None };
        found.unwrap_or_else(|| program.into())
    }
}

/// The command that starts a program of that name or path.
pub(crate) fn command(program: &str) -> Command {
    Command::new(Programs::of_process().to_start(program))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::path::Path;

    use super::*;

    /// Two folders: an office's own before the system's.
    fn places(pathext: Option<&str>, has_endings: bool) -> (tempfile::TempDir, Programs) {
        let top = tempfile::tempdir().unwrap();
        let folders = ["own", "system"].map(|name| top.path().join(name));
        for (folder, names) in folders.iter().zip([
            &["code.cmd", "code", "pass.bat", "both.cmd", "both.exe", "tool.v2.exe"][..],
            &["code.exe", "less.exe", "script.vbs", "pass"],
        ]) {
            std::fs::create_dir(folder).unwrap();
            for name in names {
                std::fs::write(folder.join(name), "").unwrap();
            }
        }
        let path = env::join_paths(&folders).unwrap();
        let programs = Programs::of(has_endings, |name| match name {
            "PATH" => Some(path.clone()),
            "PATHEXT" => pathext.map(OsString::from),
            _ => None,
        });
        (top, programs)
    }

    #[test]
    fn windows_finds_what_its_shell_finds() {
        let usual = ".COM;.EXE;.BAT;.CMD;.VBS;.JS;.MSC";
        for (pathext, named, found) in [
            (Some(usual), "code", Some("own/code.cmd")),
            (Some(usual), "code.exe", Some("system/code.exe")),
            (Some(usual), "pass", Some("own/pass.bat")),
            (Some(usual), "less", Some("system/less.exe")),
            (Some(usual), "tool.v2", Some("own/tool.v2.exe")),
            (Some(usual), "both", Some("own/both.exe")),
            (Some(".CMD;.EXE"), "both", Some("own/both.cmd")),
            // Neither is one that could be started.
            (Some(usual), "script", None),
            (Some(usual), "gone", None),
            (Some(usual), "", None),
            // Whoever cleared the environment means the usual ones.
            (None, "code", Some("own/code.cmd")),
            (Some(""), "pass", Some("own/pass.bat")),
        ] {
            let (top, programs) = places(pathext, true);
            let wanted = found.map(|file| top.path().join(file));
            assert_eq!(programs.find(named), wanted, "{named}");
            let wanted = wanted.unwrap_or_else(|| named.into());
            assert_eq!(programs.to_start(named), wanted, "{named}");
        }
    }

    #[test]
    fn a_path_needs_no_ending_either_and_is_looked_for_nowhere_else() {
        let (top, programs) = places(None, true);
        let path = |file: &str| top.path().join(file);
        for (named, found) in [
            (path("own/code"), Some(path("own/code.cmd"))),
            (path("own/code.cmd"), Some(path("own/code.cmd"))),
            (path("own/less"), None),
            ("own/code".into(), None),
        ] {
            assert_eq!(programs.find(named.to_str().unwrap()), found, "{}", named.display());
        }
    }

    #[test]
    fn elsewhere_a_name_is_all_of_it() {
        let (top, programs) = places(Some(".EXE"), false);
        assert_eq!(programs.find("code"), Some(top.path().join("own/code")));
        assert_eq!(programs.find("pass"), Some(top.path().join("system/pass")));
        assert_eq!(programs.find("less"), None);
        assert_eq!(programs.to_start("less"), Path::new("less"));
        assert_eq!(programs.to_start("pass"), Path::new("pass"));
    }

    #[test]
    fn the_folder_one_is_in_is_not_searched() {
        let programs = Programs::of(true, |name| (name == "PATH").then(OsString::new));
        assert!(programs.folders.is_empty());
    }
}
