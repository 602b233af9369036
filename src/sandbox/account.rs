//! Whose account it is: its number, its two people and their keys.

/// The key of Robin Ashgrove, the trainee technician.
pub const KEY: &str = "sandbox-key-not-a-secret";

/// The key of Mika Thornquist, the colleague.
pub const COLLEAGUE_KEY: &str = "sandbox-colleague-key-not-a-secret";

pub(super) const TRAINEE: i64 = 81_204;
pub(super) const COLLEAGUE: i64 = 81_207;

/// The account as its records name it.
pub(super) const ACCOUNT: i64 = 5_108;
