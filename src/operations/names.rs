//! What ids are called, for previews: as far as somebody has read it. Values only.

use std::collections::BTreeMap;

use crate::api::ids::{AppointmentTypeId, UserId};

/// The names of users and appointment types.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Users, by id.
    pub users: BTreeMap<UserId, String>,
    /// Appointment types, by id.
    pub appointment_types: BTreeMap<AppointmentTypeId, String>,
}

impl Names {
    /// What a user is called.
    #[must_use]
    pub fn user(&self, id: UserId) -> String {
        let name = self.users.get(&id).filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| format!("user {id}"))
    }

    /// What a kind of appointment is called, where that is known.
    #[must_use]
    pub fn appointment_type(&self, id: AppointmentTypeId) -> Option<&str> {
        self.appointment_types.get(&id).map(String::as_str)
    }
}
