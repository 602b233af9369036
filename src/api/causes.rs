//! Why a connection failed, found in the chain of causes below the HTTP library's own error. Its outermost words are
//! not used: they can hold the address, and with it the key.

use std::error::Error;
use std::io;

use super::error::Error as ApiError;

/// The first cause of a kind.
pub(super) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The TLS error behind it; I/O errors hide what they wrap from the chain of causes, and wrap each other.
pub(super) fn tls<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    causes(error).find_map(|cause| {
        cause.downcast_ref().or_else(|| tls(cause.downcast_ref::<io::Error>()?.get_ref()?))
    })
}

/// The error and all that caused it, outermost first.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// The words of the innermost cause.
pub(super) fn deepest(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}

/// Why there is no client, of which all certificates that were named have been read: what is left for TLS to fail at is
/// the system's store.
pub(super) fn not_built(error: &(dyn Error + 'static)) -> ApiError {
    match tls(error) {
        Some(_) => ApiError::NoAuthorities,
        None => ApiError::Setup(format!("the HTTP client cannot be built: {}", deepest(error))),
    }
}

/// The common failures of a connection, as people know them.
pub(super) const fn io_words(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::ConnectionRefused => Some("connection refused"),
        io::ErrorKind::ConnectionReset => Some("connection reset"),
        io::ErrorKind::ConnectionAborted => Some("connection aborted"),
        io::ErrorKind::BrokenPipe => Some("connection closed by the server"),
        io::ErrorKind::NetworkUnreachable => Some("network unreachable"),
        io::ErrorKind::HostUnreachable => Some("host unreachable"),
        io::ErrorKind::UnexpectedEof => {
            Some("the connection was closed before the answer was complete")
        }
        _ => None,
    }
}
