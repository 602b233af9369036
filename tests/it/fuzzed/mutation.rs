//! What may happen to an answer on its way: values of other kinds, members that are dropped or twice there, other shapes,
//! broken bytes.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value, json};
use syncro::sandbox::KEY;

/// A generator of one's own, so that what fails fails again.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        Self(hasher.finish() | 1)
    }

    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most.max(1)).unwrap()).unwrap()
    }

    fn of<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.below(values.len())]
    }
}

/// Texts that a field may hold.
const TEXTS: &[&str] = &[
    "",
    " ",
    "-",
    "0",
    "-0",
    "1",
    "true",
    "perhaps",
    "95,50",
    "1.250,00",
    "$95.50",
    "-$1",
    "1e300",
    "1e-300",
    "79228162514264337593543950335",
    "-79228162514264337593543950335",
    "-0.0000000000000000000000000001",
    "99999999999999999999999999999999999999999999",
    "NaN",
    "Infinity",
    "-inf",
    "0x1F",
    "\u{202e}x\u{0}\u{1b}[31m\u{7}\u{9b}2J",
    "\u{1b}]8;;http://evil.example\u{7}x\u{1b}]8;;\u{7}",
    "2026-04-24 01:45:00 UTC",
    "2026-04-24T01:45:00.123456789-08:00",
    "9999-12-31T23:59:59Z",
    "+262142-12-31T23:59:59Z",
    "-009999-01-01T00:00:00Z",
    "0000-00-00",
    "2026-02-30",
    "2026-03-29T02:30:00[Europe/Oslo]",
    "2016-12-31T23:59:60Z",
    "24:00",
    "1970-01-01",
    "1745459100",
    "Fri, 24 Apr 2026 01:45:00 GMT",
    "e\u{301}\u{a0}\u{a0}\u{2007}",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{fe0f}\u{20e3}",
    "\u{feff}\u{fffd}\u{e000}\u{10ffff}",
    "日本語の日付",
    "\u{645}\u{631}\u{62d}\u{628}\u{627}",
    "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}",
    "<br><b>",
    "<<<>&lt;&#x110000;&#0;&nbsp",
    "<!-- <a href='x' <p",
    "data:image/png;base64,AAAA",
    "12:",
    "+",
    "T",
    "\r\n\t\u{b}\u{c}\u{85}\u{2028}",
    "\"\\\u{8}",
    "../../etc",
];

/// What stands in a text for itself, bare, once the whole is written: no JSON, or such as few can read.
const BARE: &[&str] = &[
    "NaN",
    "1e999",
    "-1e-999",
    "-0",
    "-0.0",
    "1E400",
    "123456789012345678901234567890123456789012345678901234567890",
    "0.1234567890123456789012345678901234567890",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "tru",
];

/// A value in the place of `now`.
fn odd(dice: &mut Dice, now: &Value) -> Value {
    match dice.below(24) {
        0 | 1 => Value::Null,
        2 => json!(dice.below(2) == 0),
        3 => json!(dice.below(3)),
        4 => json!(-1),
        5 => json!(u64::MAX),
        6 => json!(i64::MIN),
        7 => json!(1e308),
        8 => json!(-1e-308),
        9 => json!([]),
        10 => json!({}),
        11 => json!([now]),
        12 => json!({"id": now}),
        13 => json!([null, {"id": null}, [now, now]]),
        14 => json!("x".repeat(dice.below(5000))),
        15 => json!(KEY),
        16 => nested(dice, now.clone()),
        17 => json!(now.to_string()),
        18 => json!(format!("@bare:{}", dice.below(BARE.len()))),
        _ => json!(dice.of(TEXTS)),
    }
}

/// The value below many lists and objects, up to what a reader of JSON goes down to, and below.
fn nested(dice: &mut Dice, mut value: Value) -> Value {
    for _ in 0..dice.below(150) {
        value = if dice.below(2) == 0 { json!([value]) } else { json!({ "id": value }) };
    }
    value
}

/// How many places a value has in which it can be altered.
fn places(value: &Value) -> usize {
    1 + match value {
        Value::Object(fields) => fields.values().map(places).sum(),
        Value::Array(items) => items.iter().map(places).sum(),
        _ => 0,
    }
}

/// Alters about one of `rarity` places.
fn alter(dice: &mut Dice, rarity: usize, value: &mut Value) {
    if dice.below(rarity) == 0 {
        *value = odd(dice, value);
        return;
    }
    match value {
        Value::Object(fields) => alter_fields(dice, rarity, fields),
        Value::Array(items) => {
            items.iter_mut().for_each(|item| alter(dice, rarity, item));
            if dice.below(rarity) == 0 {
                alter_items(dice, items);
            }
        }
        _ => {}
    }
}

fn alter_fields(dice: &mut Dice, rarity: usize, fields: &mut Map<String, Value>) {
    fields.values_mut().for_each(|value| alter(dice, rarity, value));
    if fields.is_empty() || dice.below(rarity) > 0 {
        return;
    }
    let names: Vec<String> = fields.keys().cloned().collect();
    let (one, other) = (dice.of(&names).clone(), dice.of(&names).clone());
    match dice.below(3) {
        0 => drop(fields.remove(&one)),
        1 => {
            let value = fields[&other].clone();
            fields.insert(one, value);
        }
        _ => {
            let text = *dice.of(TEXTS);
            fields.insert(text.to_owned(), json!(KEY));
        }
    }
}

fn alter_items(dice: &mut Dice, items: &mut Vec<Value>) {
    match dice.below(4) {
        0 => items.clear(),
        1 => items.reverse(),
        2 => items.extend(items.clone()),
        _ => items.push(Value::Null),
    }
}

/// The answer in another form: without what is around it, with something around it, or beside an error.
fn reshape(dice: &mut Dice, body: Value) -> Value {
    match dice.below(5) {
        0 => match body {
            Value::Object(fields) => {
                fields.into_iter().next().map_or(json!({}), |(_, inner)| inner)
            }
            other => json!([other]),
        },
        1 => json!({ "data": body }),
        2 => json!([body]),
        3 => json!({"error": body, "success": false}),
        _ => {
            let mut body = body;
            body["errors"] = json!(["\u{1b}[2Jno", {"base": ["x"]}]);
            body
        }
    }
}

/// A status and a body, as bytes, of what was answered.
pub(super) fn mutated(dice: &mut Dice, status: u16, mut body: Value) -> (u16, Vec<u8>) {
    // Most often one or two places only, so that what comes after the first reading is reached, too.
    let rarity = places(&body) / *dice.of(&[1, 1, 1, 2, 3, 20]);
    if body.is_object() || body.is_array() {
        if dice.below(40) == 0 {
            body = reshape(dice, body);
        }
        match &mut body {
            Value::Object(members) => alter_fields(dice, rarity, members),
            other => alter(dice, rarity, other),
        }
    }
    let mut text = if body.is_null() && status != 200 { String::new() } else { body.to_string() };
    for (index, bare) in BARE.iter().enumerate() {
        text = text.replace(&format!("\"@bare:{index}\""), bare);
    }
    let mut bytes = text.into_bytes();
    match dice.below(120) {
        0 => bytes.truncate(dice.below(bytes.len() + 1)),
        1 => {
            for _ in 0..=dice.below(4) {
                let at = dice.below(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(dice.below(256)).unwrap();
                }
            }
        }
        2 => bytes = twice(&bytes),
        3 => bytes = [&b"\xef\xbb\xbf"[..], &bytes].concat(),
        4 => bytes = vec![b'['; dice.below(100_000)],
        _ => {}
    }
    let status = if dice.below(100) == 0 {
        *dice.of(&[201, 204, 302, 400, 401, 403, 404, 422])
    } else {
        status
    };
    (status, bytes)
}

/// An object with each of its members twice.
fn twice(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [b'{', inner @ .., b'}'] if !inner.is_empty() => [b"{", inner, b",", inner, b"}"].concat(),
        other => other.to_vec(),
    }
}
