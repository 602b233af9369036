//! What only Syncro can tell: whose key it is, what time it is there, and whether products, statuses and priority that
//! the configuration names exist. All is asked at once.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::check::Check;
use super::words::Words;
use crate::api::Record;
use crate::api::resources::products::{self, Product};
use crate::api::resources::users::{self, Me};
use crate::api::{Error as ApiError, Reader};
use crate::billing::money;
use crate::commands::whoami;
use crate::config::{LaborType, Unit};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::render::{sanitise, when};

/// A clock may differ by so much: the server's stamps are whole seconds, and answers travel.
const DIFFERS: SignedDuration = SignedDuration::from_secs(60);

/// A clock that differs by more is wrong.
const WRONG: SignedDuration = SignedDuration::from_mins(10);

/// What the account told.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) checks: Vec<Check>,
    /// Whether the API answered at all, be it with a refusal.
    pub(super) answered: bool,
    /// Whether it refused the key.
    pub(super) refused: bool,
}

/// The server's time beside this machine's.
#[derive(Debug, Clone, Copy)]
struct Clocks {
    server: Option<Timestamp>,
    here: Timestamp,
}

/// Asks for everything at once, each once.
pub(super) async fn look(ctx: &Context) -> Found {
    let reader = match ctx.reader() {
        Ok(reader) => reader,
        Err(error) => {
            return Found { checks: vec![Check::of_error("account", &error)], ..Found::default() };
        }
    };
    let labor = ctx.settings().labor.iter();
    let (me, words, products) = tokio::join!(
        me(&reader),
        Words::read(&reader),
        join_all(labor.map(|labor| product(&reader, labor))),
    );
    let (me, clocks) = me;
    let mut found = Found::default();
    match me {
        Ok(me) => {
            found.answered = true;
            found.checks.push(owner(ctx, &me));
        }
        Err(error) => {
            found.refused = matches!(error, ApiError::NotAuthorised { .. });
            found.answered = found.refused;
            let error = whoami::refused(ctx, error);
            found.checks.push(Check::of_error("account", &error));
        }
    }
    found.checks.extend(clock(ctx, clocks));
    // What else was asked for failed in the same way.
    if found.checks.first().is_some_and(|check| check.is_problem()) {
        return found;
    }
    if products.is_empty() {
        found.checks.push(
            Check::warning("labor", "no labor type is configured, so you cannot bill")
                .next("init", "choose from the account's products"),
        );
    }
    // Prices are shown in the currency that the account has just stated.
    let facts = words.facts(ctx, clocks.here);
    let labor = ctx.settings().labor.iter().zip(products);
    found.checks.extend(labor.map(|(labor, product)| priced(labor, product)));
    found.checks.extend(facts);
    found.checks.extend(words.checks(&ctx.settings().tickets));
    found
}

async fn me(reader: &Reader) -> (Result<Record<Me>, ApiError>, Clocks) {
    let me = reader.get(users::me().once()).await;
    let clocks = Clocks { server: reader.server_date(), here: Timestamp::now() };
    (me, clocks)
}

async fn product(reader: &Reader, labor: &LaborType) -> Result<Record<Product>, ApiError> {
    reader.get(products::get(labor.product_id).once()).await
}

fn owner(ctx: &Context, me: &Me) -> Check {
    let name = "account";
    let message = format!("the key belongs to {} <{}>", me.user_name, me.user_email);
    match &ctx.settings().user {
        Some(user) if !me.is_named(user) => {
            Check::problem(name, format!("{message}, but the configured user is {user}"))
                .next("init", "set up the key of that user")
                .hint("or correct `user` in the configuration")
        }
        _ => Check::ok(name, message),
    }
}

fn clock(ctx: &Context, clocks: Clocks) -> Option<Check> {
    let name = "clock";
    let server = clocks.server?;
    let off = clocks.here.duration_since(server);
    if off.abs() <= DIFFERS {
        return Some(Check::ok(name, "matches Syncro's clock"));
    }
    let zone = &ctx.settings().timezone;
    let (way, by) = match off.is_negative() {
        true => ("behind", -off),
        false => ("ahead of", off),
    };
    let message = format!(
        "this machine is {} {way} Syncro, where it is {}",
        in_words(by),
        when::at_in_zone(server, zone)
    );
    let hint = "set this machine's clock: it is used for dates you type";
    Some(match by > WRONG {
        true => Check::problem(name, message).hint(hint),
        false => Check::warning(name, message).hint(hint),
    })
}

/// `90 s`, `12 min`, `3 h`, `4 days`.
fn in_words(by: SignedDuration) -> String {
    match by.as_secs() {
        seconds @ 0..180 => format!("{seconds} s"),
        seconds @ 180..10_800 => format!("{} min", seconds / 60),
        seconds @ 10_800..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

fn priced(labor: &LaborType, found: Result<Record<Product>, ApiError>) -> Check {
    let name = format!("labor.{}", labor.key);
    let id = labor.product_id;
    let product = match found {
        Ok(product) if product.id == id => product,
        Ok(other) => {
            return Check::problem(
                name,
                format!("asked for product {id}, but Syncro returned product {}", other.id),
            )
            .hint("try again; if it happens again, contact Syncro support");
        }
        Err(ApiError::NotFound { .. }) => {
            return Check::problem(name, format!("there is no product {id}"))
                .hint("correct the product_id")
                .next("init --dry-run", "list the labor products");
        }
        Err(error) => return Check::of_error(name, &Error::from(error)),
    };
    let unit = match labor.unit {
        Unit::Hour => "an hour",
        Unit::Each => "each",
    };
    let price = product.price_retail;
    let unclear = product.unreadable.among(&["price_retail"]);
    let shown = match unclear {
        Some(found) => format!("unreadable ({})", sanitise::one_line(&found.to_string())),
        None => price.map_or_else(|| "no price".to_owned(), money::display),
    };
    let what = format!("{} (product {id})", product.name);
    if product.disabled {
        return Check::warning(name, format!("{what} is disabled in Syncro"))
            .hint("choose another product, or enable it");
    }
    match (labor.rate, price) {
        (Some(rate), Some(price)) if rate == price => Check::ok(
            name,
            format!("{what}, pinned at {} {unit}, the product's price", money::display(rate)),
        ),
        (Some(rate), _) if rate.is_zero() => Check::ok(name, format!("{what}, free")),
        (Some(rate), _) => Check::warning(
            name,
            format!(
                "{what}, pinned at {} {unit}; the product's price is {shown}",
                money::display(rate)
            ),
        )
        .hint("remove `rate` if the product's price is correct"),
        (None, Some(price)) if !price.is_zero() => {
            Check::ok(name, format!("{what}, {shown} {unit}"))
        }
        (None, _) if let Some(found) = unclear => {
            let found = sanitise::one_line(&found.to_string());
            let text = format!("cannot read {found} of {what}: it is no clear number");
            Check::warning(name, text).hint("correct it in Syncro, or set `rate`")
        }
        (None, _) => Check::warning(
            name,
            format!("{what} has no price: its lines would be {}", money::zero()),
        )
        .hint("set a price for the product in Syncro, or set `rate`"),
    }
}
