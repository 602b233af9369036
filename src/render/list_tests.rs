//! Cells for scripts, by value.

use serde_json::json;

use super::*;

const SHAPE: Shape = Shape {
    command: "thing list",
    one: "thing",
    several: "things",
    columns: &[
        Column::id("Id").of("id"),
        Column::elastic("Name").of("name"),
        Column::text("State").made("state"),
    ],
};

fn records() -> Vec<Value> {
    let text = r#"[
        {"id": 9007199254740993, "name": "=1+1", "total": -5.10, "contact": {"email": "a@b.example"}, "tags": ["x", "y"]},
        {"id": 2, "name": "Quill, \"and\"\r\nsons\t", "total": "-7.00", "contact": null, "gone": null}
    ]"#;
    serde_json::from_str::<Vec<Value>>(text).unwrap_or_default()
}

fn table() -> Table {
    let mut table = SHAPE.table();
    table.row(["9007199254740993", "=1+1", "late, +1"].map(Cell::from));
    table.row(["2", "Quill", "-"].map(Cell::from));
    table
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_csv_has_the_members_and_no_formula() {
    let grid = Grid::of(&table(), &records(), None, &TimeZone::UTC);
    assert_eq!(
        grid.csv().unwrap_or_default(),
        "id,name,state\r\n9007199254740993,'=1+1,\"late, +1\"\r\n2,\"Quill, \"\"and\"\"\nsons\t\",'-\r\n"
    );
    let named = names(&["total", "contact.email", "tags.1", "tags", "nothing"]);
    let grid = Grid::of(&table(), &records(), Some(&named), &TimeZone::UTC);
    assert_eq!(
        grid.csv().unwrap_or_default(),
        "total,contact.email,tags.1,tags,nothing\r\n-5.10,a@b.example,y,\"[\"\"x\"\",\"\"y\"\"]\",\r\n-7.00,,,,\r\n"
    );
}

#[test]
fn amounts_and_moments_have_one_form_wherever_they_stand() {
    let zone = TimeZone::fixed(jiff::tz::offset(-5));
    for (path, value, cell) in [
        ("total", json!("45.0"), "45.00"),
        ("total", json!(45), "45.00"),
        ("line_items.0.price", json!("-7.5"), "-7.50"),
        ("price_retail", json!("1,234.5x"), "1,234.5x"),
        ("quantity", json!("45.0"), "45.0"),
        ("price_cost", Value::Null, ""),
        ("created_at", json!("2026-03-17T19:05:00.000Z"), "2026-03-17T14:05:00-05:00"),
        ("contact.created_at", json!("2026-03-17T20:05:00+01:00"), "2026-03-17T14:05:00-05:00"),
        ("due_date", json!("2026-03-17"), "2026-03-17"),
        ("date", json!("2026-03-17T00:00:00.000Z"), "2026-03-17"),
        ("start_time", json!("2026-03-17T00:00:00.000Z"), "2026-03-16T19:00:00-05:00"),
        ("created_at", json!("2026-03-17T00:00:00.000Z"), "2026-03-16T19:00:00-05:00"),
        ("created_at", json!("last week"), "last week"),
    ] {
        assert_eq!(plain(Some(&value), path, &zone), cell, "{path}: {value}");
    }
}

#[test]
fn what_a_spreadsheet_takes_for_a_formula_is_a_text() {
    for (cell, shown) in [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+47 22 33", "'+47 22 33"),
        ("-", "'-"),
        ("-5.00", "-5.00"),
        ("-5", "-5"),
        ("-5+cmd|' /C calc'!A0", "'-5+cmd|' /C calc'!A0"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("5", "5"),
        ("", ""),
    ] {
        assert_eq!(no_formula(cell), shown);
    }
}

#[test]
fn an_amount_that_cannot_be_read_is_not_counted_as_nothing() {
    let sixty = Some(Decimal::from(60));
    assert_eq!(Sum::of([sixty, sixty]).says("open"), "$120.00 open");
    assert_eq!(Sum::of([sixty, None]).says("open"), "$60.00 open excluding 1 unreadable amount");
}

#[test]
fn a_cell_apart_by_tabs_has_none() {
    let grid = Grid::of(&table(), &records(), None, &TimeZone::UTC);
    assert_eq!(
        grid.tsv(),
        "id\tname\tstate\n9007199254740993\t'=1+1\tlate, +1\n2\tQuill, \"and\" sons \t'-\n"
    );
}

#[test]
fn chosen_columns_are_the_lists_own_and_the_apis() {
    let named = names(&["state", "contact.email", "total"]);
    assert_eq!(
        chosen(&table(), &records(), &named, &TimeZone::UTC).render(None, false),
        "state     contact.email  total\nlate, +1  a@b.example    -5.10\n-                        -7.00\n"
    );
}

#[test]
fn a_name_that_nothing_has_is_said_with_the_nearest() {
    let named = names(&["id", "gone", "state", "contact.emial", "zzz"]);
    let near = Some("contact.email".to_owned());
    assert_eq!(
        unknown(&SHAPE, &records(), &named),
        [("contact.emial".to_owned(), near), ("zzz".to_owned(), None)]
    );
    assert_eq!(unknown(&SHAPE, &[], &named), []);
    // Where nothing is above, nobody can tell.
    let named = names(&["contact.phone", "gone.by", "gone.by.far"]);
    assert_eq!(unknown(&SHAPE, &records()[1..], &named), []);
    assert_eq!(unknown(&SHAPE, &records()[..1], &names(&["tags.7"])), []);
    for name in ["contact.phone", "nobody.at.all", "tags.x", "id.x"] {
        assert_eq!(unknown(&SHAPE, &records(), &names(&[name])).len(), 1, "{name}");
    }
    assert_eq!(at(&json!({"a": [{"b": 1}]}), "a.0.b"), Some(&json!(1)));
}
