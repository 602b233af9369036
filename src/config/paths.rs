//! Where things lie: the platform's folders for configuration and state, `~`, and who may read a file.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// The name of our folder in the platform's folders.
const FOLDER: &str = "syncro";

/// The platform's folders; a part is `None` when the platform has no answer (no home folder, say).
#[derive(Debug, Clone, Default)]
pub struct Folders {
    /// The person's home.
    pub home: Option<PathBuf>,
    /// For configuration: `~/.config`, or `%APPDATA%` on Windows.
    pub config: Option<PathBuf>,
    /// For state: `~/.local/state`, or `%LOCALAPPDATA%` on Windows, which does not roam: a journal belongs to the
    /// machine that sent.
    pub state: Option<PathBuf>,
}

impl Folders {
    /// This platform's folders.
    #[must_use]
    pub fn platform() -> Self {
        let home = etcetera::home_dir().ok();
        match etcetera::choose_base_strategy() {
            Ok(strategy) => Self {
                home,
                config: Some(strategy.config_dir()),
                state: Some(strategy.state_dir().unwrap_or_else(|| strategy.cache_dir())),
            },
            Err(_) => Self { home, ..Self::default() },
        }
    }

    /// The configuration file when none is named.
    #[must_use]
    pub fn default_config(&self) -> Option<PathBuf> {
        Some(self.config.as_ref()?.join(FOLDER).join("config.toml"))
    }

    /// The state folder when none is named.
    #[must_use]
    pub fn default_state(&self) -> Option<PathBuf> {
        Some(self.state.as_ref()?.join(FOLDER))
    }

    /// `path` with a leading `~` replaced by the home folder, and relative paths taken from `base`.
    #[must_use]
    pub fn expand(&self, path: &str, base: Option<&Path>) -> PathBuf {
        let tail =
            path.strip_prefix('~').filter(|tail| tail.is_empty() || tail.starts_with(['/', '\\']));
        if let (Some(tail), Some(home)) = (tail, &self.home) {
            return home.join(tail.trim_start_matches(['/', '\\']));
        }
        match base {
            Some(base) => base.join(path),
            None => PathBuf::from(path),
        }
    }
}

/// Whether others than its owner can read the file.
#[cfg(unix)]
pub(super) fn others_can_read(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & 0o044 != 0)
}

/// Whether others than its owner can read the file: not asked here, where the profile folder is private already.
#[cfg(not(unix))]
pub(super) fn others_can_read(_file: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tilde_and_relative_paths() {
        let folders = Folders { home: Some(PathBuf::from("/home/sam")), ..Folders::default() };
        let base = Path::new("/etc/syncro");
        let expand = |path| folders.expand(path, Some(base));
        assert_eq!(expand("~/clients"), Path::new("/home/sam/clients"));
        assert_eq!(expand("~"), Path::new("/home/sam"));
        assert_eq!(expand("~other/x"), Path::new("/etc/syncro/~other/x"));
        assert_eq!(expand("office.pem"), Path::new("/etc/syncro/office.pem"));
        #[cfg(unix)]
        assert_eq!(expand("/ca.pem"), Path::new("/ca.pem"));
    }
}
