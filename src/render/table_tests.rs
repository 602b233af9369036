//! Tables by their text: what is cut, what leaves, what is painted.

use super::super::sanitise;
use super::super::wrap::columns;
use super::*;

fn tickets() -> Table {
    let mut table = Table::new([
        Column::figures("Number"),
        Column::text("Status"),
        Column::elastic("Customer"),
        Column::elastic("Subject"),
    ]);
    for row in [
        ["32181", "New", "Nordlys Bakeri", "Printer in the front office prints blank pages only"],
        ["7", "In Progress", "東京ベーカリー株式会社", "プリンターが動かない"],
        ["812", "", "מאפייה צפונית", "\u{1b}[31mred\u{1b}[0m\nalert"],
    ] {
        table.row(row.map(Cell::from));
    }
    table
}

#[test]
fn a_pipe_gets_everything() {
    assert_eq!(
        tickets().render(None, false),
        "\
Number  Status       Customer                Subject
 32181  New          Nordlys Bakeri          Printer in the front office prints blank pages only
     7  In Progress  東京ベーカリー株式会社  プリンターが動かない
   812               מאפייה צפונית           red alert
"
    );
}

#[test]
fn a_narrow_terminal_cuts_what_is_elastic() {
    assert_eq!(
        tickets().render(Some(50), false),
        "\
Number  Status       Customer        Subject
 32181  New          Nordlys Bakeri  Printer in t…
     7  In Progress  東京ベーカリ…   プリンターが…
   812               מאפייה צפונית   red alert
"
    );
}

#[test]
fn ids_and_amounts_are_the_last_to_be_cut() {
    let mut table = Table::new([
        Column::id("Id"),
        Column::figures("Qty"),
        Column::figures("Price"),
        Column::figures("Amount"),
        Column::text("Tax"),
        Column::text("Invoiced"),
        Column::elastic("Item"),
    ]);
    let row = ["61200347", "2", "$122.25", "$244.50", "taxed", "#67409", "Fuser for the laser"];
    table.row(row.map(Cell::from));
    for width in [40, 42, 50, 60] {
        let text = table.render(Some(width), false);
        for whole in ["61200347", "$122.25", "$244.50"] {
            assert!(text.contains(whole), "{width}: {text}");
        }
    }
    assert_eq!(
        table.render(Some(44), false),
        "\
Id        Qty    Price   Amount  Item
61200347    2  $122.25  $244.50  Fuser for …
"
    );
    let bare = table.render(Some(30), false);
    assert!(bare.lines().all(|line| columns(line) <= 30), "{bare}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in 10..120 {
        for line in tickets().render(Some(width), false).lines() {
            assert!(columns(line) <= width, "{width}: {line:?}");
            assert_eq!(line, line.trim_end());
        }
    }
}

#[test]
fn styles_only_where_there_is_colour() {
    let mut table = Table::new([Column::text("Status")]);
    table.row([Cell::styled("New", super::super::GOOD)]);
    assert_eq!(table.render(None, false), "Status\nNew\n");
    assert!(table.render(None, true).contains("\u{1b}[32mNew\u{1b}[0m"));
}

#[test]
fn styles_take_no_room() {
    let mut table = tickets();
    table.row([
        Cell::styled("1", super::super::BAD),
        Cell::styled("", super::super::DIM),
        Cell::styled("日本 נ", super::super::GOOD),
        Cell::styled("A subject that is long", super::super::DIM),
    ]);
    for width in [None, Some(30), Some(50), Some(200)] {
        let coloured = table.render(width, true);
        assert_eq!(sanitise::text(&coloured), table.render(width, false), "{width:?}");
        assert_eq!(coloured.lines().count(), 5);
        for line in coloured.lines() {
            assert_eq!(line.matches("\u{1b}[0m").count() * 2, line.matches('\u{1b}').count());
        }
    }
}

#[test]
fn a_row_is_a_line_however_long() {
    let mut table = Table::new([Column::elastic("Subject"), Column::text("")]);
    table.row([Cell::from("word ".repeat(4000)), Cell::from("x")]);
    table.row([]);
    let text = table.render(None, false);
    assert_eq!(text.lines().count(), 3);
    assert!(text.ends_with("word  x\n\n"));
}

#[test]
fn columns_leave_whole_and_in_their_order() {
    let mut table = Table::new([
        Column::id("Id"),
        Column::elastic("Name"),
        Column::text("State"),
        Column::figures("Total"),
        Column::date("Due"),
        Column::text("Assignee").extra(),
    ]);
    let row = ["61200347", "Quillfeather Books and Stationery", "unpaid", "$1,244.50"];
    let row = row.into_iter().chain(["2026-03-14", "Robin Ashgrove"]);
    table.row(row.map(Cell::from));
    let titles = |width| {
        let text = table.render(Some(width), false);
        let titles = text.lines().next().unwrap_or_default();
        titles.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    for (width, left) in [
        (81, &["Id", "Name", "State", "Total", "Due", "Assignee"][..]),
        (80, &["Id", "Name", "State", "Total", "Due"]),
        (49, &["Id", "Name", "State", "Total", "Due"]),
        (48, &["Id", "Name", "Total", "Due"]),
        (41, &["Id", "Name", "Total", "Due"]),
        (40, &["Id", "Total", "Due"]),
        (31, &["Id", "Total", "Due"]),
        (30, &["Id", "Total"]),
        (19, &["Id", "Total"]),
        (18, &["Id"]),
        (3, &["Id"]),
    ] {
        assert_eq!(titles(width), left, "{width}");
    }
    assert!(table.render(Some(3), false).contains("61200347"));
}

#[test]
fn marks_of_every_script_stand_in_their_columns() {
    let mut table = Table::new([Column::elastic(""), Column::text("")]).without_header();
    for text in
        ["لا تعمل", "e\u{301}te\u{301}", "日本", "👋 hello", "שלום", "क्षि", "プリンターが動かない لا"]
    {
        table.row([Cell::from(text), Cell::from("|")]);
    }
    for (width, colour) in [(None, false), (Some(20), false), (Some(14), true)] {
        let text = table.render(width, colour);
        let bars = text.lines().map(|line| columns(line.split('|').next().unwrap_or_default()));
        let bars: Vec<usize> = bars.collect();
        assert!(bars.iter().all(|bar| *bar == bars[0]), "{bars:?}: {text}");
        assert!(!text.contains('\u{200c}'), "{text:?}");
    }
}

#[test]
fn prose_goes_on_below() {
    let mut table = Table::new([Column::id(""), Column::prose("")]).without_header();
    let lines = ["the host does not answer".to_owned(), "-> check the network".to_owned()];
    table.row([Cell::styled("warning", super::super::ATTENTION), Cell::lines(&lines)]);
    let shown = "\
warning  the host does
         not answer
         -> check the
         network
";
    assert_eq!(table.render(Some(23), false), shown);
    assert_eq!(sanitise::text(&table.render(Some(23), true)), shown);
}

#[test]
fn a_cell_that_is_too_long_for_the_layout_is_no_fault() {
    let long = "日".repeat(40_000);
    let mut table = Table::new([Column::elastic("Subject"), Column::id("Id"), Column::prose("")]);
    table.row([Cell::from(&long), Cell::from(&long), Cell::from(&long)]);
    let text = table.render(None, false);
    assert_eq!(text.matches('日').count(), 120_000);
    for width in [1, 80, 70_000, usize::MAX] {
        assert!(table.render(Some(width), true).contains('日'), "{width}");
    }
}
