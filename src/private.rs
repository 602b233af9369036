//! Files and folders that only their owner can enter, and that outlast a power cut. On Windows the folders that they are
//! in have rights of their own, and a folder's entries are kept safe without being asked.

use std::fs::{self, OpenOptions};
use std::io;
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

/// Has files made so that only their owner can read them.
pub(crate) fn file(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
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
