//! Writing what `init` was told: the configuration and the key, each whole or not at all, readable by nobody else; and
//! taking the key away again.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::keyring;
use super::keys::{self, in_words};
use crate::api::ApiKey;
use crate::error::{Error, Result};
use crate::private;

/// Writes `text` in the place of `path`: into a file beside it first, which then takes its name. A link is followed, and
/// an existing file's rights are kept.
///
/// # Errors
/// Exit 10; what stood there before still does.
pub(super) fn write_configuration(path: &Path, text: &str) -> Result<()> {
    replace(path, text.as_bytes(), true).map_err(|error| cannot("the configuration", path, &error))
}

/// Writes the key into a file that only its owner can read.
///
/// # Errors
/// Exit 10; what stood there before still does.
pub fn write_key_file(path: &Path, key: &ApiKey) -> Result<()> {
    let line = format!("{}\n", key.expose());
    replace(path, line.as_bytes(), false).map_err(|error| cannot("the key", path, &error))
}

/// Keeps the key as the `entry` of the system's keyring.
///
/// # Errors
/// Why it cannot be kept, in words that hold nothing of it.
pub fn write_keyring(entry: &str, key: &ApiKey) -> Result<(), String> {
    keyring::write(entry, key.expose())
}

/// That a file has a key and nothing else.
///
/// # Errors
/// Exit 10 when it has none or cannot be read, 5 when it has more than that.
pub fn only_a_key(path: &Path) -> Result<()> {
    keys::only_a_key(path).map_err(Error::nothing_written)
}

/// Takes away the file that holds the key, and the link that leads to it; whether it was there.
///
/// # Errors
/// Exit 10 when it cannot be taken away, 5 when it holds more than the key.
pub fn remove_key_file(path: &Path) -> Result<bool> {
    let failed = |error: io::Error| {
        let why = in_words(error.kind());
        Error::configuration(format!("cannot remove the key ({}): {why}", path.display()))
    };
    let target = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        target => target.map_err(failed)?,
    };
    only_a_key(path)?;
    fs::remove_file(&target).map_err(failed)?;
    if fs::symlink_metadata(path).is_ok_and(|left| left.is_symlink()) {
        fs::remove_file(path).map_err(failed)?;
    }
    Ok(true)
}

/// Takes the `entry` out of the system's keyring; whether it was there.
///
/// # Errors
/// Why it cannot be taken out.
pub fn remove_keyring(entry: &str) -> Result<bool, String> {
    keyring::remove(entry)
}

/// Whether both are the same key.
#[must_use]
pub fn same_key(one: &ApiKey, other: &ApiKey) -> bool {
    one.expose() == other.expose()
}

/// The name of a key's file or keyring entry: `acme`, or `acme-sam` for a profile; what a file name could not have
/// becomes `_`.
#[must_use]
pub fn entry_name(subdomain: &str, profile: Option<&str>) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii_alphanumeric() || c == '-' || c == '_' => c,
        _ => '_',
    };
    match profile {
        Some(profile) => {
            let profile: String = profile.chars().map(plain).collect();
            format!("{subdomain}-{profile}")
        }
        None => subdomain.to_owned(),
    }
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::configuration(format!(
        "cannot write {what} ({}): {}",
        path.display(),
        in_words(error.kind())
    ))
}

fn replace(path: &Path, bytes: &[u8], keep_rights: bool) -> io::Result<()> {
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(error),
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    private::make_folder(&folder)?;
    let beside = folder.join(format!(".syncro-{:016x}.new", fastrand::u64(..)));
    let written = write_new(&beside, bytes, &target, keep_rights)
        .and_then(|()| fs::rename(&beside, &target))
        .and_then(|()| private::sync_folder(&folder));
    if written.is_err() {
        // It may not have been made at all.
        fs::remove_file(&beside).unwrap_or_default();
    }
    written
}

fn write_new(beside: &Path, bytes: &[u8], target: &Path, keep_rights: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = private::file(&mut options).open(beside)?;
    if keep_rights && let Ok(old) = fs::metadata(target) {
        file.set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn names_are_fit_for_files() {
        assert_eq!(entry_name("acme", None), "acme");
        assert_eq!(entry_name("acme", Some("sam")), "acme-sam");
        assert_eq!(entry_name("acme", Some("../S m")), "acme-___S_m");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_what_is_new_and_old_rights_stay() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = folder.path().join("new/config.toml");
        write_configuration(&path, "a").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write_configuration(&link, "b").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "b");
        assert_eq!(mode(&path), 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        write_key_file(&path, &ApiKey::new("T1")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "T1\n");
        assert_eq!(mode(&path), 0o600);
        let names = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(names, 1, "nothing is left beside it");
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        let error = write_configuration(&file.join("below/config.toml"), "a").unwrap_err();
        assert_eq!(error.kind.exit_code(), 10);
        assert!(error.message.contains("cannot write"), "{error}");
    }
}
