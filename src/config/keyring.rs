//! The system's keyring: the Credential Manager of Windows, the Keychain of macOS. Elsewhere this program uses none, and
//! the key lies in a file; so it does where `SYNCRO_KEYRING` says no. A keyring may wait for a person, or for ever, so that
//! it is asked on a thread of its own.

use std::sync::mpsc;
use std::time::Duration;

use super::environment::Environment;

/// The name under which entries stand in the keyring.
pub const SERVICE: &str = "syncro";

/// Storing takes no longer, or the key goes into a file.
const STORING: Duration = Duration::from_secs(3);

/// Reading may have to ask a person.
const READING: Duration = Duration::from_secs(30);

/// That this system has a keyring that this program knows and may use.
///
/// # Errors
/// Why not.
pub fn usable() -> Result<(), String> {
    if !system::IS_KNOWN {
        return Err("syncro uses no keyring on this system".to_owned());
    }
    match Environment::of_process() {
        Ok(environment) if environment.keyring => Ok(()),
        Ok(_) => Err("SYNCRO_KEYRING=0 turns the keyring off".to_owned()),
        Err(error) => Err(error.message),
    }
}

/// The secret of `entry`.
///
/// # Errors
/// Why it cannot be had, in words that hold nothing of it.
pub(super) fn read(entry: &str) -> Result<String, String> {
    usable()?;
    let entry = entry.to_owned();
    within(READING, move || system::read(&entry))
}

/// Keeps `secret` as `entry`, in place of what was there.
///
/// # Errors
/// Why it cannot be kept, in words that hold nothing of it.
pub(super) fn write(entry: &str, secret: &str) -> Result<(), String> {
    usable()?;
    let (entry, secret) = (entry.to_owned(), secret.to_owned());
    within(STORING, move || system::write(&entry, &secret))
}

/// Takes `entry` out; whether it was there.
///
/// # Errors
/// Why it cannot be taken out.
pub(super) fn remove(entry: &str) -> Result<bool, String> {
    usable()?;
    let entry = entry.to_owned();
    within(READING, move || system::remove(&entry))
}

/// Does `work` on a thread of its own, which is left alone when it takes too long.
fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    match receiver.recv_timeout(limit) {
        Ok(result) => result,
        Err(_) => Err(format!("the keyring did not answer within {} s", limit.as_secs())),
    }
}

/// The system's own store. What is there is its owner's: tests inside the program have none.
#[cfg(all(not(test), any(windows, target_os = "macos")))]
mod system {
    use keyring_core::api::CredentialStoreApi;
    use keyring_core::{Entry, Error};

    use crate::config::keyring::SERVICE;

    pub(super) const IS_KNOWN: bool = true;

    fn entry(name: &str) -> Result<Entry, Error> {
        #[cfg(windows)]
        let store = windows_native_keyring_store::Store::new()?;
        #[cfg(target_os = "macos")]
        let store = apple_native_keyring_store::keychain::Store::new()?;
        store.build(SERVICE, name, None)
    }

    pub(super) fn read(name: &str) -> Result<String, String> {
        entry(name).and_then(|entry| entry.get_password()).map_err(|error| words(&error))
    }

    pub(super) fn write(name: &str, secret: &str) -> Result<(), String> {
        entry(name).and_then(|entry| entry.set_password(secret)).map_err(|error| words(&error))
    }

    pub(super) fn remove(name: &str) -> Result<bool, String> {
        match entry(name).and_then(|entry| entry.delete_credential()) {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(words(&error)),
        }
    }

    /// The library's own words, except where they could hold the secret.
    fn words(error: &Error) -> String {
        match error {
            Error::NoEntry => "the keyring has no such entry".to_owned(),
            Error::NoStorageAccess(why) => format!("the keyring is locked or refused: {why}"),
            Error::PlatformFailure(why) => format!("the keyring failed: {why}"),
            Error::BadEncoding(_) | Error::BadDataFormat(..) => {
                "the keyring's entry is not text".to_owned()
            }
            _ => "cannot use the keyring".to_owned(),
        }
    }
}

/// None, which nobody asks: it is not usable.
#[cfg(any(test, not(any(windows, target_os = "macos"))))]
mod system {
    pub(super) const IS_KNOWN: bool = false;

    pub(super) fn read(_: &str) -> Result<String, String> {
        Err(String::new())
    }

    pub(super) fn write(_: &str, _: &str) -> Result<(), String> {
        Err(String::new())
    }

    pub(super) fn remove(_: &str) -> Result<bool, String> {
        Err(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_answer_is_left_alone() {
        let (hold, held) = mpsc::channel::<()>();
        let waited = within(Duration::from_millis(20), move || {
            held.recv().map_err(|error| error.to_string())
        });
        assert!(waited.is_err_and(|why| why.contains("did not answer")));
        drop(hold);
        assert_eq!(within(STORING, || Ok(7)), Ok(7));
    }

    #[test]
    fn without_a_keyring_nothing_is_kept() {
        assert!(usable().is_err());
        assert!(read("acme").is_err() && write("acme", "T1").is_err() && remove("acme").is_err());
    }
}
