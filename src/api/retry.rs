//! When a read is tried again, and after how long: pure decisions. Writes have no path to this file.
