//! The ordinary queue behind the tickets that have a part in the story.

use super::super::state::State;
use super::clients::{HAGESHER, LYDSTUDIO};
use super::people::{
    BAKERY, DENTAL, GARDEN, HARROW, MOSSGATE, NORTHLIGHT, ODALYS, OSPREY, QUILLFEATHER, TIDEWRACK,
    contact,
};
use super::{DAY, HOUR, Ticket};
use crate::sandbox::{COLLEAGUE, TRAINEE};

/// Customer, subject, status, problem type, first digit of the priority, whose it is.
type Row = (i64, &'static str, &'static str, &'static str, u8, Option<i64>);

const ROBIN: Option<i64> = Some(TRAINEE);
const MIKA: Option<i64> = Some(COLLEAGUE);

/// From ticket 32169 downwards.
const QUEUE: [Row; 30] = [
    (DENTAL, "Reception printer prints blank labels", "New", "Printing", 2, None),
    (GARDEN, "Card terminal loses its network at noon", "In Progress", "Network", 1, ROBIN),
    (TIDEWRACK, "Shared drive full on the survey server", "New", "Hardware", 2, None),
    (OSPREY, "Tablets ask for an update every morning", "Scheduled", "Software", 3, MIKA),
    (HARROW, "New starter on Monday: account and laptop", "Scheduled", "Other", 2, ROBIN),
    (BAKERY, "Order inbox not syncing on the back-room PC", "Customer Reply", "Email", 2, ROBIN),
    (MOSSGATE, "X-ray viewer closes by itself", "Waiting on Vendor", "Software", 1, MIKA),
    (NORTHLIGHT, "停電のあとプロッターの待ち行列が止まる", "In Progress", "Printing", 2, ROBIN),
    (ODALYS, "Laptop very slow since the weekend", "Waiting for Parts", "Hardware", 3, MIKA),
    (QUILLFEATHER, "Second till cannot see the stock list", "New", "Network", 2, ROBIN),
    (DENTAL, "Backup report: two failed nights", "In Progress", "Backup", 1, MIKA),
    (
        LYDSTUDIO,
        "Lydkortet hakker på søndager – «klikk» i opptak",
        "Waiting on Customer",
        "Network",
        3,
        ROBIN,
    ),
    (TIDEWRACK, "Licence server moved, clients complain", "Waiting on Vendor", "Software", 2, MIKA),
    (HARROW, "Mail to one client bounces", "Customer Reply", "Email", 2, MIKA),
    (HAGESHER, "המדפסת לא עובדת מאז העדכון אתמול", "New", "Hardware", 3, None),
    (MOSSGATE, "Scanner saves into the wrong folder", "In Progress", "Printing", 3, ROBIN),
    (BAKERY, "Suspicious invoice mail opened", "Resolved", "Security", 4, ROBIN),
    (NORTHLIGHT, "Video calls freeze in the meeting room", "New", "Network", 2, None),
    (QUILLFEATHER, "Website form does not reach the shop", "On the Bench", "Email", 2, MIKA),
    (HARROW, "Three patch points dead on the first floor", "Closed", "Network", 2, MIKA),
    (DENTAL, "Toner for two printers", "Closed", "Printing", 3, ROBIN),
    (TIDEWRACK, "Field tablet will not charge", "Closed", "Hardware", 2, MIKA),
    (GARDEN, "Till restarts at closing time", "Resolved", "Hardware", 1, ROBIN),
    (OSPREY, "Password reset for two teachers", "Closed", "Security", 2, ROBIN),
    (MOSSGATE, "Reception screen flickers", "Closed", "Hardware", 3, MIKA),
    (ODALYS, "Photos missing after phone change", "Closed", "Backup", 2, ROBIN),
    (BAKERY, "Label software licence renewal", "Closed", "Software", 3, MIKA),
    (NORTHLIGHT, "Large drawings slow to open", "Resolved", "Network", 2, ROBIN),
    (QUILLFEATHER, "Receipt printer prints twice", "Closed", "Printing", 3, MIKA),
    (DENTAL, "Phone greeting for the holidays", "Closed", "Other", 3, ROBIN),
];

/// Adds the queue, the newest ticket one day before the story's own.
pub(super) fn add(state: &mut State) {
    for (place, (customer, subject, status, problem, priority, user)) in (0_i64..).zip(QUEUE) {
        let number = 32_169 - place;
        Ticket {
            number,
            customer,
            contact: (customer != ODALYS).then(|| contact(customer)),
            subject,
            status,
            problem,
            priority: match priority {
                1 => "1 High",
                2 => "2 Normal",
                3 => "3 Low",
                _ => "4 Urgent",
            },
            user,
            opened: 4 * DAY + place * 17 * HOUR + place * 7,
        }
        .add(
            state,
            &format!("{subject}.<br>Reported by phone, no error message was written down."),
        );
    }
}
