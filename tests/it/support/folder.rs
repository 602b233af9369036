//! Where the tests have their folders.

use std::path::PathBuf;
use std::sync::OnceLock;

use tempfile::TempDir;

/// A folder that goes with its value; in memory where there is room. The program waits for the disk at each line of its
/// journal, and a disk takes its time.
pub(crate) fn folder() -> TempDir {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    let root = ROOT.get_or_init(|| in_memory().unwrap_or_else(std::env::temp_dir));
    tempfile::tempdir_in(root).unwrap()
}

/// The folder that Linux has in memory, if programs may run from it and it is not a container's of 64 MiB. `TMPDIR` says
/// where else.
#[cfg(target_os = "linux")]
fn in_memory() -> Option<PathBuf> {
    use rustix::fs::{StatVfsMountFlags, statvfs};
    const ROOM: u64 = 1 << 30;
    let root = PathBuf::from("/dev/shm");
    let there = statvfs(&root).ok()?;
    let fits = there.f_bavail.saturating_mul(there.f_frsize) >= ROOM
        && !there.f_flag.contains(StatVfsMountFlags::NOEXEC)
        && tempfile::tempdir_in(&root).is_ok();
    (fits && std::env::var_os("TMPDIR").is_none()).then_some(root)
}

#[cfg(not(target_os = "linux"))]
fn in_memory() -> Option<PathBuf> {
    None
}
