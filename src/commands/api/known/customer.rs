//! The customer that a write is for.

use super::super::write::Call;
use crate::api::ids::CustomerId;
use crate::api::resources::customers::{self, Customer};
use crate::api::{Error as ApiError, Record};
use crate::error::{Error, Kind, Result};

/// The customer of that id, read anew.
///
/// # Errors
/// Exit 3 when there is none.
pub(super) async fn read(call: &Call<'_>, id: CustomerId) -> Result<Record<Customer>> {
    match call.reader.get(customers::get(id).fresh()).await {
        Ok(customer) if customer.id == id => Ok(customer),
        Ok(_) | Err(ApiError::NotFound { .. } | ApiError::Another { .. }) => Err(Error::new(
            Kind::NotFound,
            format!("there is no customer {id}; nothing was written"),
        )),
        Err(error) => Err(error.into()),
    }
}
