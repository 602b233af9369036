//! The Syncro API, typed. A request is a value first (`request`, `resources`) and bytes later (`transport`, the
//! only file that names the HTTP library). Reads go through `Reader`, which cannot write; writes through
//! `Sender`, which asks to be shown a permit that only a confirmation makes.

mod absent;
pub mod answer;
mod ask;
mod begun;
mod beside;
mod causes;
pub mod certificate;
pub mod decode;
pub mod due;
pub mod error;
pub mod fields;
mod filter;
pub mod folder;
pub mod ids;
mod kept;
pub mod key;
mod may_lack;
pub mod observe;
pub mod pace;
mod pages;
mod part;
pub mod reader;
mod reading;
mod record;
mod redact;
mod reference;
pub mod request;
pub mod resources;
mod retry;
mod room;
pub mod route;
pub mod same;
pub mod secret;
pub mod sender;
mod several;
mod shapes;
#[cfg(feature = "offline")]
mod sheet;
mod side_by_side;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod testing;
pub mod transport;
mod trust;
mod window;

pub use absent::AbsentLists;
pub use answer::Answer;
pub use begun::Begun;
pub use beside::Beside;
pub use certificate::Certificate;
pub use error::{Error, Unseen};
pub use filter::Filters;
pub use folder::Folder;
pub use kept::{Asked, Kept, Param, Provenance};
pub use key::ApiKey;
pub use observe::{Observer, Progress, RequestLine, Wait};
pub use pace::{Pace, Usage};
pub use pages::Listing;
pub use part::Part;
pub use reader::Reader;
pub use record::Record;
pub use request::{Get, List, Method, Read, Write};
pub use sender::{Sender, Turn};
#[cfg(feature = "offline")]
pub use sheet::Sheet;
pub use transport::{Auth, Connection, Transport};
