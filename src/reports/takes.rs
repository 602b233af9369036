//! Whether a customer's recurring invoices take what waits on the customer's tickets.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Why, why};
use crate::api::Record;
use crate::api::fields::to_day;
use crate::api::ids::CustomerId;
use crate::api::resources::schedules::Schedule;

/// A schedule that takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What it is called.
    pub schedule: String,
    /// When it runs next, where that can be read.
    pub next_run: Option<Date>,
}

/// The schedules of all customers that take it; or why that is not known.
#[derive(Debug, Clone)]
pub struct Takes(Result<Known, Why>);

#[derive(Debug, Clone, Default)]
struct Known {
    takes: BTreeMap<CustomerId, Taken>,
    /// Those of whose schedules one does not say.
    unclear: Vec<CustomerId>,
}

impl Takes {
    /// One whose schedules could not be read.
    #[must_use]
    pub const fn unknown() -> Self {
        Self(Err(why::SCHEDULES))
    }

    /// What the schedules say; a reason where they are not known.
    #[must_use]
    pub fn of(schedules: Result<&[Record<Schedule>], Why>) -> Self {
        schedules.map_or_else(|why| Self(Err(why)), Self::among)
    }

    /// The same of all schedules that there are.
    #[must_use]
    pub fn among(schedules: &[Record<Schedule>]) -> Self {
        let mut known = Known::default();
        for schedule in schedules {
            let takes = match (schedule.paused, schedule.invoice_unbilled_ticket_charges) {
                (Some(true), _) | (_, Some(false)) => continue,
                (Some(false), Some(true)) => true,
                // One that does not say whether it rests, or whether it takes.
                _ => false,
            };
            let Some(customer) = schedule.customer_id else {
                return Self::unknown();
            };
            if !takes {
                known.unclear.push(customer);
                continue;
            }
            let next_run = to_day(&schedule.next_run);
            let taken = Taken { schedule: schedule.name.clone(), next_run };
            known.takes.entry(customer).or_insert(taken);
        }
        Self(Ok(known))
    }

    /// The schedule that takes what waits on a customer's tickets, if one does.
    ///
    /// # Errors
    /// Why that is not known.
    pub fn by(&self, customer: Option<CustomerId>) -> Result<Option<&Taken>, Why> {
        let known = self.0.as_ref().map_err(|why| *why)?;
        let Some(customer) = customer else {
            // Nobody's ticket is taken only where nothing is.
            let is_nothing = known.takes.is_empty() && known.unclear.is_empty();
            return if is_nothing { Ok(None) } else { Err(why::SCHEDULES) };
        };
        match known.takes.get(&customer) {
            Some(taken) => Ok(Some(taken)),
            None if known.unclear.contains(&customer) => Err(why::SCHEDULES),
            None => Ok(None),
        }
    }
}
