//! The pure rules of the write engine, by value: many cases at once, with no program and no server.

mod matching;
mod tokens;
mod values;

use syncro::api::ids::UserId;
use syncro::write::Account;

fn account() -> Account {
    Account {
        base: "sandbox".to_owned(),
        profile: None,
        owner: UserId(7),
        owner_name: "Robin Ashgrove".to_owned(),
        owner_email: "robin@lanternfish.example".to_owned(),
        config: None,
    }
}
