//! Amounts and quantities as people type them, in flags and in the configuration: read in one way, and refused where
//! Syncro would keep something else. What is read here is far inside the bounds of a `Decimal`, so that a product of two
//! cannot leave them.

use rust_decimal::Decimal;

use super::currency::{self, Currency, is_part};

/// Nothing that is billed comes near it; a typing error does.
pub const MOST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// An amount of money as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedAmount {
    typed: String,
    amount: Decimal,
    /// Beside the digits; empty where there is none.
    symbol: String,
}

impl TypedAmount {
    /// Whether the account's currency decides if it is right: it has a symbol, or decimals.
    #[must_use]
    pub fn needs_currency(&self) -> bool {
        !self.symbol.is_empty() || self.amount.scale() > CENTS.most || self.has_decimals()
    }

    fn has_decimals(&self) -> bool {
        !self.amount.fract().is_zero()
    }

    /// The amount, where it was typed with the symbol of that currency or with none, and with no more decimals than that
    /// has, or than cents where it is not known.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn in_currency(&self, currency: Option<&Currency>) -> Result<Decimal, String> {
        let typed = &self.typed;
        match currency {
            Some(currency) if !self.symbol.is_empty() && currency.symbol() != self.symbol => {
                Err(format!(
                    "invalid amount \"{typed}\": the account's currency is {}; use that, or the number alone",
                    currency.symbol()
                ))
            }
            Some(currency) if currency.is_whole() && self.has_decimals() => Err(format!(
                "invalid amount \"{typed}\": the account's currency, {}, has no decimals; use a whole amount, like 120",
                currency.symbol()
            )),
            None if !self.symbol.is_empty() => Err(format!(
                "invalid amount \"{typed}\": the account's currency is not known; use the number alone"
            )),
            currency => {
                // 120.00 is a whole amount in any writing.
                let is_whole = currency.is_some_and(Currency::is_whole);
                let decimals = if is_whole { &CENTS } else { of(currency) };
                let usual = of(currency).usual();
                bounded(self.amount, decimals)
                    .map(|()| self.amount)
                    .map_err(|_| format!("invalid amount \"{typed}\": use {usual}"))
            }
        }
    }
}

/// Reads an amount of money: `120`, `120.00`, `$120`, `120 kr`. The account's currency tells how many decimals it may have;
/// one more is refused even where it is 0: `1.500` is one and a half to some and fifteen hundred to others.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn amount(typed: &str) -> Result<TypedAmount, String> {
    let wrong = |usual: &str| format!("invalid amount \"{typed}\": use {usual}");
    let (symbol, digits) = parted(typed.trim());
    let Some(amount) = plain(&digits) else {
        return Err(wrong("a number with a decimal point, like 120 or 81.53"));
    };
    within(amount).map_err(|bound| wrong(bound.usual))?;
    Ok(TypedAmount { typed: typed.trim().to_owned(), amount, symbol })
}

/// The decimals that Syncro keeps of something.
#[derive(Debug)]
pub struct Decimals {
    most: u32,
    /// What is wrong with more of them.
    more: Bound,
}

impl Decimals {
    /// "whole cents, like 81.53".
    #[must_use]
    pub const fn usual(&self) -> &'static str {
        self.more.usual
    }
}

/// What a number is that is out of bounds, and what to use instead.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// "is not in whole cents".
    pub is: &'static str,
    /// "whole cents, like 81.53".
    pub usual: &'static str,
}

/// Those of money where nothing else is known.
const CENTS: Decimals = Decimals {
    most: 2,
    more: Bound { is: "is not in whole cents", usual: "whole cents, like 81.53" },
};

/// Those of money in a currency without a smaller unit.
const WHOLE: Decimals = Decimals {
    most: 0,
    more: Bound {
        is: "has decimals, and the account's currency has none",
        usual: "a whole amount, like 120",
    },
};

/// Those of money in a currency whose smaller unit is a thousandth.
const THOUSANDTHS: Decimals = Decimals {
    most: 3,
    more: Bound {
        is: "has more than three decimals",
        usual: "at most three decimals, like 81.535",
    },
};

/// Those of money in a currency.
fn of(currency: Option<&Currency>) -> &'static Decimals {
    match currency.map_or(CENTS.most, Currency::most) {
        0 => &WHOLE,
        3 => &THOUSANDTHS,
        _ => &CENTS,
    }
}

/// Those of money in the account's currency.
#[must_use]
pub fn money() -> &'static Decimals {
    of(currency::current())
}

/// The same before anything is read: of a currency that is not known yet nothing is judged.
#[must_use]
pub fn at_first() -> &'static Decimals {
    const ANY: Decimals = Decimals { most: u32::MAX, more: CENTS.more };
    if currency::current().is_none() { &ANY } else { money() }
}

/// Those of an amount that is sent in cents, as far as the account's currency has those.
#[must_use]
pub fn in_cents() -> &'static Decimals {
    if money().most < CENTS.most { money() } else { &CENTS }
}

/// Those of quantities.
pub const PARTS: Decimals = Decimals {
    most: 4,
    more: Bound { is: "has more than four decimals", usual: "at most four decimals, like 0.3333" },
};

/// That Syncro keeps a number as it is, and that it is none that only a typing error makes.
///
/// # Errors
/// What is wrong with it.
pub fn bounded(number: Decimal, decimals: &Decimals) -> Result<(), Bound> {
    match number.scale() > decimals.most {
        true => Err(decimals.more),
        false => within(number),
    }
}

fn within(number: Decimal) -> Result<(), Bound> {
    match number.abs() < MOST {
        true => Ok(()),
        false => Err(Bound { is: "is not less than a billion", usual: "less than a billion" }),
    }
}

/// The symbol before or after an amount, and the rest. `-$5` and `$-5` are the same.
fn parted(text: &str) -> (String, String) {
    let (minus, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let before = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let (symbol, digits) = match before {
        0 => {
            let is_amount = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
            let end = rest.find(|c| !is_amount(c)).unwrap_or(rest.len());
            (rest[end..].trim_start(), &rest[..end])
        }
        _ => (&rest[..before], rest[before..].trim_start()),
    };
    if !symbol.is_empty() && Currency::of(symbol).is_none() {
        return (String::new(), text.to_owned());
    }
    (symbol.to_owned(), format!("{minus}{digits}"))
}

/// Reads a quantity: `2`, `1.5`, `-1`.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn quantity(typed: &str) -> Result<Decimal, String> {
    let wrong = |usual: &str| format!("invalid quantity \"{typed}\": use {usual}");
    let Some(quantity) = plain(typed.trim()) else {
        return Err(wrong("a number, like 2 or 1.5"));
    };
    bounded(quantity, &PARTS).map_err(|bound| wrong(bound.usual))?;
    Ok(quantity)
}

/// Digits with at most one point and a minus before them; `None` for anything else, and for what no decimal holds.
fn plain(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let sound = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().any(|byte| byte.is_ascii_digit());
    sound.then(|| Decimal::from_str_exact(text).ok()).flatten()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_currency_has_its_own_decimals() {
        let read = |typed: &str, symbol: &str| {
            let currency = Currency::of(symbol);
            amount(typed).and_then(|amount| amount.in_currency(currency.as_ref()))
        };
        for (typed, symbol, says) in [
            ("1.255", "KWD", None),
            ("KD 1.250", "KD", None),
            ("1.500", "LYD", None),
            ("1.2555", "JOD", Some("at most three decimals")),
            ("1.2500", "OMR", Some("at most three decimals")),
            ("120.00", "JPY", None),
            ("120.5", "JPY", Some("has no decimals")),
            ("1.000", "JPY", Some("use a whole amount, like 120")),
            ("0.001", "KRW", Some("has no decimals")),
            ("1.5", "\u{a5}", None),
            ("1.500", "\u{a5}", Some("whole cents")),
            ("1.500", "$", Some("whole cents")),
            ("1.500", "", Some("whole cents")),
            ("1.50", "", None),
        ] {
            let error = read(typed, symbol).err();
            assert_eq!(error.is_some(), says.is_some(), "{typed} {symbol}: {error:?}");
            if let Some(says) = says {
                assert!(error.unwrap().contains(says), "{typed} {symbol}");
            }
        }
        for (symbol, most) in [("JPY", 0), ("TND", 3), ("\u{a5}", 2), ("$", 2), ("", 2)] {
            assert_eq!(of(Currency::of(symbol).as_ref()).most, most, "{symbol}");
        }
    }

    #[test]
    fn amounts_are_read_in_one_way() {
        for (typed, read) in [
            ("120", "120"),
            (" $81.53 ", "81.53"),
            ("-5.5", "-5.5"),
            ("0", "0"),
            ("999999999.99", "999999999.99"),
            ("-$5", "-5"),
            ("$-5", "-5"),
            ("$ 5", "5"),
            ("5 $", "5"),
            (".50", ".50"),
        ] {
            let right = read.parse::<Decimal>().ok();
            let dollars = Currency::of("$");
            let found = amount(typed).and_then(|amount| amount.in_currency(dollars.as_ref()));
            assert_eq!(found.ok(), right, "{typed}");
        }
        for wrong in [
            "",
            "$",
            ".",
            "-",
            "1.500",
            "$1.500",
            "1,500",
            "1,50",
            "81.535",
            "0.0125",
            "1e3",
            "1_000",
            "--5",
            "-$-5",
            "$$5$",
            "5$5",
            "1.234,50 \u{20ac}",
            "1.2.3",
            "1000000000",
            "-1000000000",
            "800000000000000000000000000",
            "79228162514264337593543950335",
            "99999999999999999999999999999999999999",
        ] {
            let dollars = Currency::of("$");
            let found = amount(wrong).and_then(|amount| amount.in_currency(dollars.as_ref()));
            assert!(found.is_err_and(|text| text.contains("invalid amount")), "{wrong}");
        }
    }

    #[test]
    fn a_symbol_is_the_accounts_own() {
        let read = |typed: &str, symbol: &str| {
            amount(typed).and_then(|amount| amount.in_currency(Currency::of(symbol).as_ref()))
        };
        for (typed, symbol) in [
            ("R95.50", "R"),
            ("95.50R", "R"),
            ("R 95.50", "R"),
            ("95.50 \u{20ac}", "\u{20ac}"),
            ("A$95.50", "A$"),
            ("Rs.95.50", "Rs."),
            ("kr. 95.50", "kr."),
            ("95.50 kr.", "kr."),
            ("95.50", "R"),
            ("95.50", ""),
        ] {
            assert_eq!(read(typed, symbol), Ok(Decimal::new(9550, 2)), "{typed}");
        }
        let wrong = read("$95.50", "R").unwrap_err();
        assert_eq!(
            wrong,
            "invalid amount \"$95.50\": the account's currency is R; use that, or the number alone"
        );
        for (typed, symbol) in [
            ("R95.50", "$"),
            ("$95.50", "A$"),
            ("95.50 \u{20ac}", "$"),
            ("USD 5", "$"),
            ("R.50", "R"),
        ] {
            assert!(read(typed, symbol).is_err_and(|text| text.contains("currency is")), "{typed}");
        }
        assert!(read("$5", "").is_err_and(|text| text.contains("not known")));
    }

    #[test]
    fn quantities_have_four_decimals() {
        assert_eq!(quantity("0.3333"), Ok(Decimal::new(3333, 4)));
        assert_eq!(quantity("-1"), Ok(Decimal::NEGATIVE_ONE));
        for wrong in ["", "$2", "0.33333", "2 h", "70000000000000000000000000000"] {
            assert!(
                quantity(wrong).is_err_and(|text| text.contains("invalid quantity")),
                "{wrong}"
            );
        }
    }
}
