//! How the account writes an amount. Syncro states the symbol alone: neither digits nor separators nor the side that the
//! symbol is on. So the symbol stands in front, the separators are those in which amounts are typed, and the digits follow
//! from the symbol. An amount is never cut: one with more decimals than its currency shows all of them.

use std::sync::OnceLock;

use rust_decimal::Decimal;

/// The decimals that most currencies have, and that Syncro keeps as far as is known: its API has amounts in cents. Whether it
/// keeps a third one of a currency that has it, nothing tells; the check after a write shows it.
pub(super) const PLACES: u32 = 2;

/// A longer text is no symbol.
const LONGEST: usize = 8;

/// Symbols and codes of currencies that have no smaller unit.
const WHOLE: [&str; 24] = [
    "\u{5186}", "JPY", "JP\u{a5}", "\u{20a9}", "\u{ffe6}", "KRW", "\u{20ab}", "VND", "\u{20b2}",
    "PYG", "CLP", "ISK", "UGX", "RWF", "FCFA", "CFA", "XAF", "XOF", "XPF", "BIF", "DJF", "GNF",
    "KMF", "VUV",
];

/// The sign that the yen, which has none, shares with the yuan, which has one.
const SHARED: [&str; 2] = ["\u{a5}", "\u{ffe5}"];

/// Where it is the yen's.
const JAPAN: [&str; 2] = ["Asia/Tokyo", "Japan"];

/// Symbols and codes of currencies whose smaller unit is a thousandth.
const THOUSANDTHS: [&str; 12] =
    ["BHD", "BD", "KWD", "KD", "OMR", "JOD", "JD", "TND", "DT", "IQD", "LYD", "LD"];

/// The account's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Currency {
    symbol: String,
    /// How many decimals its amounts have; none where two currencies share the symbol, one of them without.
    places: Option<u32>,
}

/// That of this process, which acts for one account: every amount that it writes is in it.
static CURRENCY: OnceLock<Currency> = OnceLock::new();

/// Has all amounts written in it from now on. The first call counts.
pub fn set(currency: Currency) {
    CURRENCY.get_or_init(|| currency);
}

/// The account's currency, where it is known.
#[must_use]
pub fn current() -> Option<&'static Currency> {
    // Tests of rules by value have an account in dollars.
    if cfg!(test) {
        set(Currency { symbol: "$".to_owned(), places: Some(PLACES) });
    }
    CURRENCY.get()
}

/// The most decimals of an amount in it, or of one in a currency that is not known.
#[must_use]
pub fn places() -> u32 {
    current().map_or(PLACES, Currency::most)
}

impl Currency {
    /// The currency with that symbol; none for what is no symbol, which would only make amounts hard to read.
    #[must_use]
    pub fn of(symbol: &str) -> Option<Self> {
        let symbol = symbol.trim();
        let is_sound = (1..=LONGEST).contains(&symbol.chars().count())
            && symbol.chars().all(is_part)
            && symbol.chars().any(|c| !c.is_ascii_punctuation() || c == '$');
        let places = match symbol {
            symbol if SHARED.contains(&symbol) => None,
            symbol if WHOLE.contains(&symbol) => Some(0),
            symbol if THOUSANDTHS.contains(&symbol) => Some(3),
            _ => Some(PLACES),
        };
        is_sound.then(|| Self { symbol: symbol.to_owned(), places })
    }

    /// The same of an account whose zone has that name: it may tell what the symbol does not.
    #[must_use]
    pub fn in_zone(self, zone: &str) -> Self {
        let is_yen = self.places.is_none() && JAPAN.contains(&zone);
        Self { places: if is_yen { Some(0) } else { self.places }, ..self }
    }

    /// Whether its amounts are known to have no decimals.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.places == Some(0)
    }

    /// The most decimals that an amount in it has.
    #[must_use]
    pub fn most(&self) -> u32 {
        self.places.unwrap_or(PLACES)
    }

    /// `R`.
    #[must_use]
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// An amount as people read it: `R12.50`, `kr 12.50`, `-$96.79`.
    #[must_use]
    pub fn show(&self, amount: Decimal) -> String {
        let least = match (self.places, amount.normalize().scale()) {
            (None | Some(0), 0) => 0,
            (None | Some(0), _) => PLACES,
            (Some(places), _) => places,
        };
        // A word is not run together with a number; one letter is a sign.
        let mut last = self.symbol.chars().rev();
        let is_word =
            last.next().is_some_and(|c| c.is_alphabetic() || c == '.') && last.next().is_some();
        let space = if is_word { " " } else { "" };
        format!("{}{}{space}{}", sign(amount), self.symbol, digits(amount, least))
    }
}

/// An amount in an unknown currency: `1,234.50`.
#[must_use]
pub(super) fn bare(amount: Decimal) -> String {
    format!("{}{}", sign(amount), digits(amount, PLACES))
}

/// Whether a symbol may have it: a letter, the sign of a currency, or what abbreviations are written with.
pub(super) fn is_part(c: char) -> bool {
    let is_sign = matches!(
        c,
        '$' | '\u{a2}'..='\u{a5}'
            | '\u{e3f}'
            | '\u{20a0}'..='\u{20cf}'
            | '\u{fdfc}'
            | '\u{ff04}'
            | '\u{ffe0}'
            | '\u{ffe1}'
            | '\u{ffe5}'
            | '\u{ffe6}'
    );
    is_sign || c.is_alphabetic() || matches!(c, '.' | '/' | '\'')
}

fn sign(amount: Decimal) -> &'static str {
    if amount.is_sign_negative() && !amount.is_zero() { "-" } else { "" }
}

/// At least so many decimals, more where it has more, thousands separated.
fn digits(amount: Decimal, least: u32) -> String {
    let amount = amount.normalize();
    let places = amount.scale().max(least) as usize;
    let text = format!("{:.places$}", amount.abs());
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.as_str(), None),
    };
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{grouped}.{fraction}"),
        None => grouped,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn each_currency_has_its_symbol_and_its_digits() {
        for (symbol, amount, shown) in [
            ("R", "1234.5", "R1,234.50"),
            ("R", "-0.5", "-R0.50"),
            (" \u{20ac} ", "95.5", "\u{20ac}95.50"),
            ("\u{a3}", "0.0125", "\u{a3}0.0125"),
            ("A$", "12", "A$12.00"),
            ("kr", "12", "kr 12.00"),
            ("kr.", "-12", "-kr. 12.00"),
            ("CHF", "1000000", "CHF 1,000,000.00"),
            ("S/", "5", "S/5.00"),
            ("\u{a5}", "12000", "\u{a5}12,000"),
            ("\u{a5}", "0", "\u{a5}0"),
            ("\u{a5}", "12.5", "\u{a5}12.50"),
            ("JPY", "-1000.00", "-JPY 1,000"),
            ("KD", "1.25", "KD 1.250"),
            ("BHD", "7", "BHD 7.000"),
        ] {
            let currency = Currency::of(symbol).unwrap();
            assert_eq!(currency.show(amount.parse().unwrap()), shown);
        }
        assert_eq!(bare("-1234.5".parse().unwrap()), "-1,234.50");
    }

    #[test]
    fn a_shared_sign_is_the_yen_in_japan() {
        let is_whole = |symbol, zone| Currency::of(symbol).unwrap().in_zone(zone).is_whole();
        for (symbol, zone, whole) in [
            ("\u{a5}", "Asia/Tokyo", true),
            ("\u{ffe5}", "Japan", true),
            ("\u{a5}", "Asia/Shanghai", false),
            ("\u{a5}", "", false),
            ("JPY", "", true),
            ("$", "Asia/Tokyo", false),
            ("KWD", "Asia/Kuwait", false),
        ] {
            assert_eq!(is_whole(symbol, zone), whole, "{symbol} {zone}");
        }
    }

    #[test]
    fn what_is_no_symbol_is_none() {
        for odd in ["", "  ", ".", "1", "R2", "a b", "-", "\u{202e}R", "\u{1b}[1m", "$\n$", "<b>"] {
            assert_eq!(Currency::of(odd), None, "{odd:?}");
        }
        assert_eq!(Currency::of("more than a symbol"), None);
        assert!(Currency::of("\u{ff04}").is_some() && Currency::of("\u{20b9}").is_some());
    }
}
