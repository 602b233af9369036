//! Typed views of JSON that is already here, and the place of what cannot be read. One deserializer for all of them, and
//! no more of the format than the views use: each view is compiled once, where the library's own three ways made three.

use std::cell::RefCell;
use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use super::reading::{Sort, Unreadable};
use super::reference;

/// The typed view of `value`.
///
/// # Errors
/// When a field that the view needs is missing or of another kind.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Failure> {
    T::deserialize(Node(value, &Notes::default()))
}

/// Why there is no view, and where.
#[derive(Debug)]
pub struct Failure {
    /// The members and places that lead there, the innermost first.
    path: Vec<String>,
    cause: String,
}

impl Failure {
    /// The place as people write it, like `line_items[2].price`; nothing for the value itself.
    #[must_use]
    pub fn place(&self) -> String {
        let place: String = self.path.iter().rev().map(String::as_str).collect();
        place.strip_prefix('.').map(str::to_owned).unwrap_or(place)
    }

    /// The same in an answer of which only the part at `part` was read.
    pub(super) fn place_in(&self, part: &str) -> String {
        match (part, self.place().as_str()) {
            ("", "") => "the answer".to_owned(),
            (part, "") => part.to_owned(),
            ("", field) => field.to_owned(),
            (part, field) => format!("{part}.{field}"),
        }
    }

    fn below(mut self, part: String) -> Self {
        self.path.push(part);
        self
    }

    fn instead(found: &str, wanted: &dyn Expected) -> Self {
        serde::de::Error::custom(format_args!("{found} instead of {}", called(&wanted.to_string())))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for Failure {}

impl serde::de::Error for Failure {
    fn custom<T: fmt::Display>(cause: T) -> Self {
        Self { path: Vec::new(), cause: cause.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::instead(&shown(found), wanted)
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::instead(&shown(found), wanted)
    }

    fn invalid_length(count: usize, wanted: &dyn Expected) -> Self {
        Self::instead(&format!("{count} entries"), wanted)
    }
}

/// What was found, as JSON has it, or what that is called.
fn shown(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(flag) => flag.to_string(),
        Unexpected::Str(text) => format!("{text:?}"),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a record".to_owned(),
        Unexpected::Unsigned(number) => number.to_string(),
        Unexpected::Signed(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// What was wanted, as people call it: the library has the names of types.
fn called(wanted: &str) -> &str {
    match wanted {
        _ if wanted.starts_with("struct ") => "a record",
        "a map" => "a record",
        "a sequence" => "a list",
        "a string" => "a text",
        "a boolean" => "true or false",
        "u8" | "u16" | "u32" | "u64" => "a whole number that is not negative",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        other => other,
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::custom(error)
    }
}

/// What has been met so far that is there and cannot be understood.
type Notes = RefCell<Vec<Unreadable>>;

/// The member that a view is given its own notes in.
const NOTES: &str = "unreadable";

/// Places of notes from `first` on, seen from one member further out.
fn below(notes: &Notes, first: usize, part: &str) {
    for note in notes.borrow_mut().iter_mut().skip(first) {
        let inner = std::mem::take(&mut note.place);
        let dot = if inner.is_empty() || inner.starts_with('[') { "" } else { "." };
        note.place = format!("{part}{dot}{inner}");
    }
}

/// One value.
#[derive(Clone, Copy)]
struct Node<'de>(&'de Value, &'de Notes);

impl<'de> Node<'de> {
    /// The refusal of a value of another kind than is needed.
    fn unlike<V: Visitor<'de>>(self, visitor: &V) -> Failure {
        let number;
        let unexpected = match self.0 {
            Value::Null => Unexpected::Other("null"),
            Value::Bool(flag) => Unexpected::Bool(*flag),
            Value::Number(found) => {
                number = found.to_string();
                Unexpected::Other(&number)
            }
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        Failure::invalid_type(unexpected, visitor)
    }

    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => visitor.visit_u64(whole),
                (None, Some(whole)) => visitor.visit_i64(whole),
                // With all its digits, if it has more than a machine number holds. The library's refusals name types.
                (None, None) => {
                    let unlike = self.unlike(&visitor);
                    number.deserialize_any(visitor).map_err(|_| unlike)
                }
            },
            _ => Err(self.unlike(&visitor)),
        }
    }
}

/// Methods that read a number of any size.
macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            self.number(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(_) => self.number(visitor),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items::of(items, self.1)),
            Value::Object(members) => visitor.visit_map(Members::of(members, self.1)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Value::Bool(flag) => visitor.visit_bool(*flag),
            _ => Err(self.unlike(&visitor)),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_f32 deserialize_f64
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Value::String(text) => visitor.visit_borrowed_str(text),
            _ => Err(self.unlike(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        if let Some(sort) = Sort::named(name)
            && sort.is_unreadable(self.0)
        {
            self.1.borrow_mut().push(Unreadable::new(sort, self.0));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items::of(items, self.1)),
            _ => Err(self.unlike(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            Value::Object(members) => visitor.visit_map(Members::of(members, self.1)),
            _ => Err(self.unlike(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        match self.0 {
            Value::Object(members) => visitor.visit_map(Members::of_view(self, members, fields)),
            _ => Err(self.unlike(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
    }
}

/// The elements of an array.
struct Items<'de> {
    items: std::iter::Enumerate<std::slice::Iter<'de, Value>>,
    notes: &'de Notes,
}

impl<'de> Items<'de> {
    fn of(items: &'de [Value], notes: &'de Notes) -> Self {
        Self { items: items.iter().enumerate(), notes }
    }
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Failure;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Failure> {
        let Some((at, item)) = self.items.next() else {
            return Ok(None);
        };
        let (first, place) = (self.notes.borrow().len(), format!("[{at}]"));
        let read = seed.deserialize(Node(item, self.notes));
        below(self.notes, first, &place);
        read.map(Some).map_err(|error| error.below(place))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The members of an object.
struct Members<'de> {
    members: serde_json::map::Iter<'de>,
    /// References that the view asks for in one form and the object has in the other.
    references: Vec<(&'static str, &'de Value)>,
    /// The member whose name has been read.
    open: Option<(&'de str, &'de Value)>,
    notes: &'de Notes,
    /// How many notes there were before this object, while its view has still to be given those of its own.
    noted: Option<usize>,
}

impl<'de> Members<'de> {
    fn of(members: &'de Map<String, Value>, notes: &'de Notes) -> Self {
        let members = members.iter();
        Self { members, references: Vec::new(), open: None, notes, noted: None }
    }

    /// Those of a view with these `fields`: its references by id are found in both forms, as [`reference::at`] does, and
    /// its notes come last.
    fn of_view(
        Node(object, notes): Node<'de>,
        members: &'de Map<String, Value>,
        fields: &'static [&'static str],
    ) -> Self {
        let missing = fields
            .iter()
            .filter(|name| name.ends_with("_id") && members.get(**name).is_none_or(Value::is_null));
        let references = missing.map(|name| (*name, reference::at(object, name)));
        let references = references.filter(|(_, value)| !value.is_null()).collect();
        let noted = fields.contains(&NOTES).then(|| notes.borrow().len());
        Self { references, noted, ..Self::of(members, notes) }
    }

    fn following(&mut self) -> Option<(&'de str, &'de Value)> {
        let (references, noted) = (&self.references, self.noted.is_some());
        let is_plain = |(name, _): &(&String, &Value)| {
            !(noted && *name == NOTES) && references.iter().all(|(found, _)| found != name)
        };
        let plain = self.members.by_ref().find(is_plain);
        plain.map(|(name, value)| (name.as_str(), value)).or_else(|| self.references.pop())
    }

    /// What of this object cannot be understood, as a value of the view.
    fn notes_of_its_own(&mut self) -> Value {
        let first = self.noted.take().unwrap_or_default();
        let notes = self.notes.borrow();
        serde_json::to_value(notes.get(first..).unwrap_or_default()).unwrap_or_default()
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Failure;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Failure> {
        self.open = self.following();
        let notes = self.noted.map(|_| NOTES);
        let name = self.open.map(|(name, _)| name).or(notes).map(BorrowedStrDeserializer::new);
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Failure> {
        let Some((name, value)) = self.open.take() else {
            return Ok(seed.deserialize(self.notes_of_its_own())?);
        };
        let first = self.notes.borrow().len();
        let read = seed.deserialize(Node(value, self.notes));
        below(self.notes, first, name);
        read.map_err(|error| error.below(format!(".{name}")))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Whole {
        id: u64,
        #[serde(default)]
        parts: Vec<Part>,
        name: Option<String>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Part {
        price: i64,
    }

    #[test]
    fn a_view_is_the_librarys() {
        for value in [
            json!({"id": 7, "name": "x", "more": [1, {"deep": null}]}),
            json!({"id": 7, "parts": [{"price": -3}, {"price": 4, "odd": []}], "name": null}),
        ] {
            assert_eq!(read::<Whole>(&value).unwrap(), serde_json::from_value(value).unwrap());
        }
    }

    #[test]
    fn a_value_survives_with_all_its_digits() {
        let text = r#"{"a":[1.50,-7,123456789012345678901234567890,"é",null,true],"b":{"c":1e-9}}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(read::<Value>(&value).unwrap(), value);
        assert_eq!(read::<Value>(&value).unwrap().to_string(), text);
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_place() {
        for (value, place, cause) in [
            (json!([]), "", "a list instead of a record"),
            (json!({"name": "x"}), "", "missing field `id`"),
            (json!({"id": null}), "id", "null instead of a whole number that is not negative"),
            (json!({"id": "x"}), "id", "\"x\" instead of a whole number that is not negative"),
            (json!({"id": -1}), "id", "-1 instead of a whole number that is not negative"),
            (json!({"id": 2.5}), "id", "2.5 instead of a whole number that is not negative"),
            (
                json!({"id": 1, "parts": [{"price": u64::MAX}]}),
                "parts[0].price",
                "18446744073709551615 instead of a whole number",
            ),
            (json!({"id": 1, "name": 2.5}), "name", "2.5 instead of a text"),
            (json!({"id": 1, "parts": {}}), "parts", "a record instead of a list"),
            (
                json!({"id": 1, "parts": [{"price": 1}, {"price": true}]}),
                "parts[1].price",
                "true instead of a whole number",
            ),
        ] {
            let failure = read::<Whole>(&value).unwrap_err();
            assert_eq!((failure.place().as_str(), failure.to_string().as_str()), (place, cause));
        }
    }
}
