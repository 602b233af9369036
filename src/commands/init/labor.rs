//! Labor types while they are set up: the account's products that look like labor, what each might be called, and the
//! choice among them.

use futures_util::future::try_join_all;

use super::said;
use super::scene::{Facts, LaborFlag, Scene, checked};
use crate::api::Record;
use crate::api::ids::ProductId;
use crate::api::resources::products::{self, Product};
use crate::api::{Error as ApiError, Reader};
use crate::billing::money;
use crate::config::Unit;
use crate::config::edit::LaborAnswer;
use crate::error::{Error, Kind, Result};
use crate::ui::Ui;

/// What labor and its kin are called; a search each.
const WORDS: [&str; 3] = ["labor", "labour", "travel"];

/// No name of a labor type by itself.
const EMPTY_WORDS: [&str; 8] =
    ["labor", "labour", "service", "rate", "the", "hour", "hourly", "per"];

/// A product with one of these in its name is likely to be counted in pieces.
const PIECES: [&str; 8] = ["travel", "trip", "mileage", "mile", "km", "fee", "callout", "visit"];

/// The products that may be labor, all words asked for at once.
pub(super) async fn search(reader: &Reader) -> Result<Vec<Record<Product>>, ApiError> {
    let found = try_join_all(WORDS.map(|word| reader.all(products::search(Some(word))))).await?;
    let mut all: Vec<Record<Product>> = Vec::new();
    for product in found.into_iter().flat_map(|listing| listing.items) {
        let is_new = all.iter().all(|known| known.id != product.id);
        if is_new && !product.disabled && is_meant(&product) {
            all.push(product);
        }
    }
    Ok(all)
}

/// Whether it is called or sorted as labor, and does not just mention it.
fn is_meant(product: &Record<Product>) -> bool {
    let about = ["description", "product_category"]
        .iter()
        .filter_map(|field| product.raw.get(field)?.as_str())
        .chain([product.name.as_str()])
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    WORDS.iter().any(|word| about.contains(word))
}

/// The labor types to write: those of the flags, or those that a person picks.
pub(super) async fn choose(scene: &Scene<'_>, facts: &Facts) -> Result<Vec<LaborAnswer>> {
    if !scene.args.labor.is_empty() {
        return of_flags(&scene.args.labor, facts).await;
    }
    let taken: Vec<String> = scene.before.labor().map(|labor| labor.key.clone()).collect();
    let known: Vec<ProductId> = scene.before.labor().map(|labor| labor.product_id).collect();
    let offered: Vec<Offer> = offers(&facts.products, &known, &taken);
    if scene.args.no_labor || offered.is_empty() {
        return Ok(Vec::new());
    }
    if !scene.asks {
        scene.start.ui.note(&proposal(&offered));
        return Ok(Vec::new());
    }
    scene.start.blocking(move |ui| pick(ui, &offered, taken)).await
}

async fn of_flags(flags: &[LaborFlag], facts: &Facts) -> Result<Vec<LaborAnswer>> {
    for (at, flag) in flags.iter().enumerate() {
        if flags.iter().take(at).any(|other| other.key == flag.key) {
            return Err(Error::usage(format!("--labor {} is given twice", flag.key)));
        }
    }
    let products = try_join_all(flags.iter().map(|flag| product(flag, facts))).await?;
    Ok(flags
        .iter()
        .zip(products)
        .map(|(flag, product)| LaborAnswer {
            key: flag.key.clone(),
            product_id: flag.product_id,
            unit: flag.unit,
            about: about(&product),
        })
        .collect())
}

/// The flag's product, which must be there.
async fn product(flag: &LaborFlag, facts: &Facts) -> Result<Record<Product>> {
    let id = flag.product_id;
    if let Some(known) = facts.products.iter().find(|product| product.id == id) {
        return Ok(known.clone());
    }
    let found = facts.reader.find(products::get(id), |product| product.id == id).await?;
    found.ok_or_else(|| {
        let what = format!("--labor {}: there is no product {id}", flag.key);
        Error::new(Kind::NotFound, what)
            .nothing_written()
            .hint("run without --labor to list the account's labor products")
    })
}

/// A product with what it might be called.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Offer {
    product_id: ProductId,
    about: String,
    key: String,
    unit: Unit,
}

impl Offer {
    /// As the flag would have it: `travel=9005:each`.
    fn flag(&self) -> String {
        let unit = match self.unit {
            Unit::Hour => "",
            Unit::Each => ":each",
        };
        format!("--labor {}={}{unit}", self.key, self.product_id)
    }

    fn answer(&self, key: String, unit: Unit) -> LaborAnswer {
        LaborAnswer { key, product_id: self.product_id, unit, about: self.about.clone() }
    }
}

/// The products that no labor type has yet, each under a name of its own.
fn offers(products: &[Record<Product>], known: &[ProductId], taken: &[String]) -> Vec<Offer> {
    let mut taken = taken.to_vec();
    products
        .iter()
        .filter(|product| !known.contains(&product.id))
        .map(|product| {
            let words = words(&product.name);
            let key = name(&words, &taken);
            taken.push(key.clone());
            let is_piece = words.iter().any(|word| PIECES.contains(&word.as_str()));
            Offer {
                product_id: product.id,
                about: about(product),
                key,
                unit: if is_piece { Unit::Each } else { Unit::Hour },
            }
        })
        .collect()
}

/// `Labor - Remote, $120.00`.
fn about(product: &Product) -> String {
    let price = product.price_retail.map_or_else(|| "no price".to_owned(), money::display);
    format!("{}, {price}", product.name)
}

/// The name's words, as far as a labor type can have their letters.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric())
        .map(|word| {
            word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// The first telling word; more of them, then a number, while that is taken.
fn name(words: &[String], taken: &[String]) -> String {
    let telling: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| !EMPTY_WORDS.contains(word)).collect();
    let free = |name: &String| !taken.contains(name);
    (1..=telling.len())
        .map(|count| telling.iter().take(count).copied().collect::<Vec<_>>().join("-"))
        .find(free)
        .or_else(|| {
            let stem = telling.first().copied().unwrap_or("labor");
            std::iter::once(stem.to_owned())
                .chain((2..1000).map(|number| format!("{stem}-{number}")))
                .find(free)
        })
        .unwrap_or_else(|| "labor".to_owned())
}

/// What a script could set up.
fn proposal(offered: &[Offer]) -> String {
    let mut text = "labor products of the account that you can set up as labor types:".to_owned();
    for offer in offered {
        text.push_str(&format!("\n{}  {}", offer.flag(), offer.about));
    }
    text
}

/// Asks which, and what each is to be called.
fn pick(ui: &Ui, offered: &[Offer], mut taken: Vec<String>) -> Result<Vec<LaborAnswer>> {
    let digits = offered.len().to_string().len();
    let mut list = "Labor products of the account:\n".to_owned();
    for (at, offer) in offered.iter().enumerate() {
        list.push_str(&format!("  {:>digits$}) {}\n", at + 1, offer.about));
    }
    said::preview(ui, &list);
    let chosen =
        ui.input("Labor types to set up: numbers, `all`, or Enter for none", None, |typed| {
            numbers(typed, offered.len())
        })?;
    if !chosen.is_empty() {
        said::preview(
            ui,
            "Type a name for each one to use with --labor; add `each` to bill by unit instead of by the hour.",
        );
    }
    let mut answers = Vec::new();
    for offer in chosen.into_iter().filter_map(|at| offered.get(at)) {
        let default = match offer.unit {
            Unit::Hour => offer.key.clone(),
            Unit::Each => format!("{} each", offer.key),
        };
        let prompt = format!("Name of {}", offer.about);
        let (key, unit) = ui.input(&prompt, Some(&default), |typed| named(typed, &taken))?;
        taken.push(key.clone());
        answers.push(offer.answer(key, unit));
    }
    Ok(answers)
}

/// `1,3 4` or `all`; places from 0, each once.
fn numbers(typed: &str, count: usize) -> Result<Vec<usize>, String> {
    if typed.trim().eq_ignore_ascii_case("all") {
        return Ok((0..count).collect());
    }
    let mut chosen = Vec::new();
    for word in typed.split([',', ' ']).filter(|word| !word.is_empty()) {
        match word.parse::<usize>() {
            Ok(number) if (1..=count).contains(&number) => {
                if !chosen.contains(&(number - 1)) {
                    chosen.push(number - 1);
                }
            }
            _ => return Err(format!("use numbers from 1 to {count}, `all`, or nothing")),
        }
    }
    Ok(chosen)
}

/// `travel each`.
fn named(typed: &str, taken: &[String]) -> Result<(String, Unit), String> {
    let mut words = typed.split_whitespace();
    let key = checked(words.next().unwrap_or_default())?;
    let unit = match (words.next(), words.next()) {
        (None, _) => Unit::Hour,
        (Some("each"), None) => Unit::Each,
        _ => return Err("use only `each` after the name".to_owned()),
    };
    if taken.contains(&key) {
        return Err(format!("{key} is already a labor type"));
    }
    Ok((key, unit))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    fn proposals(names: &[&str]) -> Vec<String> {
        let products: Vec<Record<Product>> = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                Record::read(json!({"id": at + 1, "name": name, "price_retail": 12.5})).unwrap()
            })
            .collect();
        offers(&products, &[ProductId(9)], &["onsite".to_owned()]).iter().map(Offer::flag).collect()
    }

    #[test]
    fn products_are_called_by_their_telling_word() {
        assert_eq!(
            proposals(&[
                "Labor - Remote",
                "Labour (Onsite)",
                "Labor: Onsite Weekend",
                "Remote",
                "Travel - Trip Charge",
                "Labor",
                "LABOR",
                "\u{4f5c}\u{696d}",
                "known",
            ]),
            [
                "--labor remote=1",
                "--labor onsite-2=2",
                "--labor onsite-weekend=3",
                "--labor remote-2=4",
                "--labor travel=5:each",
                "--labor labor=6",
                "--labor labor-2=7",
                "--labor labor-3=8",
            ]
        );
    }

    #[test]
    fn flags_are_read_strictly() {
        let read = |text: &str| text.parse::<LaborFlag>();
        let travel = read("travel=9005:each").unwrap();
        assert_eq!(
            (travel.key.as_str(), travel.product_id, travel.unit),
            ("travel", ProductId(9005), Unit::Each)
        );
        assert_eq!(read("remote=1:hour"), read("remote=1"));
        for wrong in [
            "remote",
            "=1",
            "Remote=1",
            "remote=",
            "remote=0",
            "remote=x",
            "remote=1:day",
            "remote=-1",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_and_names_as_people_type_them() {
        assert_eq!(numbers("1, 3 3", 3), Ok(vec![0, 2]));
        assert_eq!(numbers(" ALL ", 2), Ok(vec![0, 1]));
        assert_eq!(numbers("", 2), Ok(Vec::new()));
        assert!(numbers("0", 2).is_err() && numbers("1,x", 2).is_err());
        assert_eq!(named(" trip  each ", &[]), Ok(("trip".to_owned(), Unit::Each)));
        for wrong in ["", "Trip", "trip hour", "trip each more", "taken"] {
            assert!(named(wrong, &["taken".to_owned()]).is_err(), "{wrong}");
        }
    }
}
