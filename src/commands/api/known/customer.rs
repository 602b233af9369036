//! Customers: made and changed as `customer create`, `update` and `disable` do. To delete one, which no command does, asks
//! at least what to disable it does.

use std::time::Instant;

use super::super::write::Call;
use super::draft::{Base, Changed};
use super::fields::{inside, kept, may_be_yes, said, text};
use super::{Draft, new, record};
use crate::api::ids::CustomerId;
use crate::api::resources::customers::Customer;
use crate::api::resources::users;
use crate::api::{Method, Record};
use crate::commands::customer::create::{Alike, alike};
use crate::commands::customer::update;
use crate::commands::customer::update::{BOOLEANS, NAMES_MOVE, open_work};
use crate::error::{Error, Result};
use crate::render::preview::Sheet;
use crate::write::{Effect, Field, Noun, Precondition, Scope};

/// The customer of that id, read anew.
///
/// # Errors
/// Exit 3 when there is none.
pub(super) async fn read(call: &Call<'_>, id: CustomerId) -> Result<Record<Customer>> {
    update::read(&call.reader, id).await
}

/// `POST /customers`.
///
/// # Errors
/// Those of the reads.
pub(super) async fn create(call: &Call<'_>) -> Result<Draft> {
    let at = Instant::now();
    let body = call.fields();
    let effect = new::effect("customers", &body);
    let Some((effect, collection)) =
        effect.and_then(|one| Some((one.clone(), one.collection()?.clone())))
    else {
        return record::nothing(call).await;
    };
    let person = format!("{} {}", text(&body, "firstname"), text(&body, "lastname"));
    let called = said(&body, "business_name").unwrap_or(person.trim());
    let email = said(&body, "email");
    let called = if called.is_empty() { email.unwrap_or_default() } else { called };
    let (found, me) = tokio::try_join!(alike(&call.reader, called, email, &collection), async {
        Ok::<_, Error>(call.reader.get(users::me()).await?)
    })?;
    let Alike { view, same, similar } = found;
    let sheet = Sheet::default().row("Customer", called).by(&me);
    let sheet = similar.iter().fold(sheet, Sheet::line);
    let title = format!("Create the customer {called}");
    let base = Base::of(Scope::default(), title, sheet, effect, (me, at));
    base.over(&view).found(same).draft(call)
}

/// `PUT` and `DELETE /customers/{id}`.
///
/// # Errors
/// Exit 3 when there is no such customer.
pub(super) async fn touch(call: &Call<'_>, id: CustomerId) -> Result<Draft> {
    let at = Instant::now();
    let body = call.fields();
    let gone = call.method == Method::Delete;
    let asks = gone || may_be_yes(&inside(body.clone(), "customer"), "disabled");
    let open = async {
        match asks {
            true => open_work(call.ctx, &call.reader, id).await,
            false => Ok(None),
        }
    };
    let (customer, open, me) =
        tokio::try_join!(read(call, id), open, async { Ok(call.reader.get(users::me()).await?) })?;
    let what = format!("customer {}", customer.name());
    let open = open.filter(|_| gone || !customer.disabled);
    let sheet = Sheet::default().customer(&customer).by(&me);
    let (of, scope) = (Noun::Customer.record(id), Scope::of_customer(id));
    if gone {
        let effect = Effect::Deleted { of: of.clone(), label: what.clone() };
        let still = Field::new("business_then_name", customer.business_then_name.as_str());
        let title = format!("Delete {what}");
        let sheet = sheet.row("Delete", "permanently");
        let given = Precondition::new(of, what, vec![still]).recheck();
        let base = Base::of(scope, title, sheet, effect, (me, at));
        return base.requires(given).found(open).draft(call);
    }
    let changed = Changed::of(of, &what, &body, &customer.raw, sheet, &NAMES_MOVE);
    let kept = kept(&body, &customer.raw, &BOOLEANS);
    let title = format!("Change {what}");
    let base = Base::of(scope, title, changed.sheet, changed.effect, (me, at));
    let draft = base.found(open).draft(call)?;
    let draft = draft.unseen(changed.unseen).along(kept);
    let draft = draft.requires_unchanged(&customer.raw, &BOOLEANS);
    Ok(draft.notice(changed.notices))
}
