//! Which configured labor type a name means: its own name, the beginning of it, or what its product is called.

use futures_util::future::join_all;

use crate::api::Error as ApiError;
use crate::api::resources::products;
use crate::config::{LaborType, Settings, Unit};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;

/// A configured labor type that is counted by time.
///
/// # Errors
/// Exit 2 for any other.
pub fn by_time<'s>(settings: &'s Settings, labor: &str) -> Result<&'s LaborType> {
    let found = labor_type(settings, labor)?;
    if found.unit == Unit::Each {
        return Err(Error::usage(format!("labor type \"{labor}\" is billed by unit, not by time"))
            .hint(format!("add it to the time: --add {labor}, or --add {labor}=2")));
    }
    Ok(found)
}

/// A configured labor type by its name, or by the beginning of it where that is clear.
///
/// # Errors
/// Exit 2 for any other.
pub fn labor_type<'s>(settings: &'s Settings, typed: &str) -> Result<&'s LaborType> {
    if let Some(labor) = settings.labor(typed) {
        return Ok(labor);
    }
    let beginning = names::plain(typed);
    let begins = |labor: &&LaborType| names::plain(&labor.key).starts_with(&beginning);
    let meant: Vec<&LaborType> = settings.labor.iter().filter(begins).collect();
    match meant.as_slice() {
        [labor] => Ok(labor),
        [] => Err(unknown_labor(settings, typed)),
        _ if beginning.is_empty() => Err(unknown_labor(settings, typed)),
        several => Err(of_several(typed, several)),
    }
}

fn of_several(typed: &str, several: &[&LaborType]) -> Error {
    let keys: Vec<&str> = several.iter().map(|labor| labor.key.as_str()).collect();
    Error::usage(format!("\"{typed}\" fits several labor types"))
        .hint(format!("use one of: {}", keys.join(", ")))
}

/// The key of a labor type that was typed as its product is called, as the configuration or the account has it; what was
/// typed, where that begins a key or is nearly one.
///
/// # Errors
/// Exit 2 where several labor types are sold as that product; those of the reads of the products.
pub async fn key_of(ctx: &Context, typed: &str) -> Result<String> {
    let settings = ctx.settings();
    let is_beginning = settings
        .labor
        .iter()
        .any(|labor| names::plain(&labor.key).starts_with(&names::plain(typed)));
    if is_beginning || settings.labor(typed).is_some() || near(settings, typed).is_some() {
        return Ok(typed.to_owned());
    }
    let mut called: Vec<&LaborType> =
        settings.labor.iter().filter(|one| is_called(one, typed)).collect();
    // Where nothing may be read, it is no labor type.
    if called.is_empty()
        && let Ok(reader) = ctx.reader()
    {
        let reads = settings.labor.iter().map(|labor| reader.get(products::get(labor.product_id)));
        for (labor, product) in settings.labor.iter().zip(join_all(reads).await) {
            match product {
                Ok(one) if one.id == labor.product_id && names::same(&one.name, typed) => {
                    called.push(labor);
                }
                // One that is gone has no name; one that cannot be read may have this one.
                Ok(_) | Err(ApiError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    match called.as_slice() {
        [] => Ok(typed.to_owned()),
        [labor] => Ok(labor.key.clone()),
        several => Err(of_several(typed, several)),
    }
}

fn is_called(labor: &LaborType, typed: &str) -> bool {
    labor.name.as_deref().is_some_and(|name| names::same(name, typed))
}

/// The labor type whose key is nearly what was typed.
fn near<'s>(settings: &'s Settings, typed: &str) -> Option<&'s str> {
    let apart = settings
        .labor
        .iter()
        .map(|labor| (strsim::damerau_levenshtein(&labor.key, typed), labor.key.as_str()));
    apart.filter(|(distance, _)| *distance <= 2).min().map(|(_, key)| key)
}

/// The error for a labor type that is not configured, with the nearest one that is.
#[must_use]
pub fn unknown_labor(settings: &Settings, typed: &str) -> Error {
    let keys: Vec<&str> = settings.labor.iter().map(|labor| labor.key.as_str()).collect();
    let error = Error::usage(format!("there is no labor type \"{typed}\""));
    match near(settings, typed) {
        Some(key) => error.hint(format!("did you mean {key}?")),
        None => error.hint(format!("configured labor types: {}", keys.join(", "))),
    }
}
