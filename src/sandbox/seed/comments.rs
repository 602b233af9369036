//! The ticket with 37 comments, and all the text in them that terminals and tables trip over.

use super::super::state::State;
use super::people::{NORTHLIGHT, contact};
use super::{DAY, HOUR, Seen, Ticket, comment};
use crate::sandbox::{COLLEAGUE, TRAINEE};

/// How many comments there are, the first one included.
const COUNT: usize = 37;

/// Bodies that are hard to show; the others are ordinary.
const HARD: [(&str, &str); 10] = [
    (
        "Markup",
        "<p>Dear all,</p><ul><li>one</li><li>two</li></ul>**not bold** &amp; 5 &lt; 6<br><script>alert(1)</script>",
    ),
    (
        "Escapes",
        "\u{1b}[2J\u{1b}[1;31mred\u{1b}[0m and a bell \u{7}, a title \u{1b}]0;hello\u{1b}\\ and \u{9b}5m",
    ),
    (
        "Carriage return",
        "Total is 100\rTotal is 999<br>tab\there, backspace\u{8}\u{8}, delete\u{7f}",
    ),
    (
        "Bidi",
        "Open \u{202e}fdp.exe\u{202c} or \u{2066}isolated\u{2069} or \u{200f}marked\u{200e} text",
    ),
    ("Wide", "北灯建築の図面がまだ開けません。再起動しても同じです。㍿ｶﾅ"),
    ("Right to left", "התוכניות לא נפתחות מאז אתמול. אנא התקשרו אלינו לפני השעה 16:30."),
    ("Arabic", "الملفات بطيئة جدا منذ التحديث الأخير، الرقم ٤٢"),
    ("Emoji", "Works on one PC 🎉 but not on the others 🤷🏽‍♀️ 👨‍👩‍👧‍👦 🇳🇴 e\u{301} n\u{303}"),
    ("Zero width", "in\u{200b}vis\u{200d}ible\u{feff} join\u{2060}ers and soft\u{ad}hyphens"),
    (
        "Long",
        "averyveryverylongwordwithoutanyplacetobreakaverylongpath/plans/2026/harbour/level-03/section-b/sheet-0117-revision-f.dwg",
    ),
];

const ORDINARY: [&str; 6] = [
    "Tried again after lunch, the same.",
    "Moved sheet 12 to the local disk, there it opens at once.",
    "Asked the vendor about the plug-in.<br>They want a log.",
    "Log sent. Waiting for an answer.",
    "New switch in the meeting room, no difference.",
    "Misaki says mornings are worse than afternoons.",
];

/// Adds ticket 32174.
pub(super) fn many(state: &mut State) {
    let ticket = Ticket {
        number: 32_174,
        customer: NORTHLIGHT,
        contact: Some(contact(NORTHLIGHT)),
        subject: "図面が開けない / drawings do not open",
        status: "Customer Reply",
        problem: "Software",
        priority: "1 High",
        user: Some(TRAINEE),
        opened: DAY + 12 * HOUR,
    }
    .add(state, "Drawings from the server do not open since the last update.");
    for place in 1..COUNT {
        let minutes_ago = DAY + 12 * HOUR - i64::try_from(place).unwrap_or(0) * 40;
        let hard = (place % 3 == 0).then(|| HARD.get(place / 3 - 1)).flatten();
        let (subject, body) = match hard {
            Some((subject, body)) => (*subject, *body),
            None => ("Update", ORDINARY.get(place % ORDINARY.len()).copied().unwrap_or("")),
        };
        let (user, seen) = match place % 4 {
            0 => (0, Seen::Silent),
            1 => (TRAINEE, Seen::Private),
            2 => (COLLEAGUE, Seen::Silent),
            _ => (TRAINEE, Seen::Mailed),
        };
        comment(state, ticket, minutes_ago, user, subject, body, seen);
    }
}
