//! Files and folders that only their owner can enter, that no link leads elsewhere, and that outlast a power cut. On
//! Windows the folders that they are in have rights of their own, and a folder's entries are kept safe without being asked.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Makes a folder, and those above it, that only its owner can enter.
///
/// # Errors
/// Those of the file system.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The same of a folder of ours inside another one of ours, which no link leads elsewhere.
///
/// # Errors
/// Those of the file system, and for a link.
pub(crate) fn make_inner_folder(folder: &Path) -> io::Result<()> {
    make_nested_folder(folder, 1)
}

/// The same where the last `levels` of its folders are inside the one that may be anywhere.
///
/// # Errors
/// Those of the file system, and for a link.
pub(crate) fn make_nested_folder(folder: &Path, levels: usize) -> io::Result<()> {
    // Before, so that nothing is made behind a link, and after, since it may have been put there meanwhile.
    no_links(folder, levels)?;
    make_folder(folder)?;
    no_links(folder, levels)
}

/// That no link stands in the place of a folder of ours: what it leads to is not ours.
///
/// # Errors
/// For a link.
pub(crate) fn no_link(folder: &Path) -> io::Result<()> {
    no_links(folder, 1)
}

/// The same of the last `levels` of its folders.
///
/// # Errors
/// For a link.
pub(crate) fn no_links(folder: &Path, levels: usize) -> io::Result<()> {
    let mut folders = folder.ancestors().take(levels);
    let is_link =
        |folder: &Path| fs::symlink_metadata(folder).is_ok_and(|there| there.is_symlink());
    match folders.any(is_link) {
        true => Err(io::Error::other("it is a link to another place")),
        false => Ok(()),
    }
}

/// Has files made so that only their owner can read them, and none opened through a link: what it leads to is not ours.
pub(crate) fn file(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or_default();
        options.mode(0o600).custom_flags(flags);
    }
    options
}

/// Takes from others what rights they have to a file or a folder of ours. Where they cannot be taken, there are none.
#[cfg(unix)]
pub(crate) fn close(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let there = fs::symlink_metadata(path).ok().filter(|there| !there.is_symlink());
    let mode = there.map(|there| there.permissions().mode());
    if let Some(mode) = mode.filter(|mode| mode & 0o077 != 0) {
        let _kept = fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700));
    }
}

/// On Windows they have the rights of the folder that they are in.
#[cfg(not(unix))]
pub(crate) fn close(_: &Path) {}

/// Removes a link that stands in the place of a file of ours.
///
/// # Errors
/// Those of the file system.
pub(crate) fn unlink(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() => fs::remove_file(path),
        _ => Ok(()),
    }
}

/// Makes a file of ours, in the place of one that was left there.
///
/// # Errors
/// Those of the file system.
pub(crate) fn anew(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    file(options.write(true).create_new(true)).open(path)?.write_all(bytes)
}

/// Puts a folder's entries on the disk: a file that has no name after a power cut is lost.
///
/// # Errors
/// Those of the file system.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Windows keeps a folder's entries safe by itself and has no handle to sync one.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
