//! Time by user and day: what was logged, what of it is charged and invoiced, labor that has no timer entry, and how much
//! that is of the time at work.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Zoned;
use jiff::civil::Date;

use super::clocked::{Office, Shifts, day_of};
use super::parts::{exact_hours, has_parts, running_seconds};
use super::spans::{Span, hour, rest, seconds, together};
pub use super::time_rows::{By, Note, Report, Row, Sums};
use super::{AtLeast, LeftOut, Whose, Why, why};
use crate::api::Record;
use crate::api::fields::at;
use crate::api::ids::{CustomerId, LineItemId, ProductId, TicketId, TimerId, UserId};
use crate::api::resources::line_items::LineItem;
use crate::api::resources::products::{Product, in_category};
use crate::api::resources::tickets::{Ticket, Timer};
use crate::billing::uninvoiced::may_be_its;
use crate::config::LaborType;
use crate::{dates, sorting};

/// What the report is made of.
#[derive(Debug)]
pub struct Input<'i> {
    /// Timer entries, as the list of all of them has them: those of the tickets are not needed here.
    pub timers: &'i [Record<Timer>],
    /// Tickets from their own pages.
    pub tickets: &'i [Record<Ticket>],
    /// The products of [`undecided`] lines, as far as they could be read.
    pub products: &'i BTreeMap<ProductId, Record<Product>>,
    /// The labor types, of which some are no time.
    pub labor_types: &'i [LaborType],
    /// When people were at work; nothing where that is not asked, since only a part of their time is.
    pub office: Option<&'i Office<'i>>,
    /// Whose time.
    pub whose: Wanted,
    /// What a row is about.
    pub by: By,
    /// The present, in the zone that days are in.
    pub now: &'i Zoned,
}

/// Whose time is wanted, and of when.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// A user's, or everybody's.
    pub user: Option<UserId>,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Wanted {
    fn has(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether somebody's time is wanted; nothing where it is unclear who that is.
    fn is_theirs(&self, user: Option<UserId>, is_unclear: bool) -> Option<bool> {
        let is_theirs = self.user.is_none_or(|wanted| user == Some(wanted));
        (!is_unclear).then_some(is_theirs)
    }
}

/// By what a row is known.
type Key = (Option<UserId>, Date, Option<CustomerId>, Option<TicketId>);

/// An entry where time was spent, to be compared with others.
struct Spent {
    key: Key,
    span: Span,
    seconds: u64,
}

/// The report while it is made.
struct Making<'i> {
    input: &'i Input<'i>,
    rows: BTreeMap<Key, Row>,
    spent: Vec<Spent>,
    /// Entries that are charged and name no line, by their tickets.
    loose: BTreeMap<TicketId, Vec<&'i Timer>>,
    /// The lines that entries name.
    claimed: BTreeSet<LineItemId>,
    /// The time at work of each user.
    clocked: BTreeMap<Option<UserId>, AtLeast>,
    /// What no row has, though some may have it.
    missed: Vec<Missed>,
    left_out: LeftOut,
}

/// What a row is about beside a user and a day: a customer, and a ticket.
type Part = (Option<CustomerId>, Option<TicketId>);

/// What could not be counted, as far as it is known where it belongs.
#[derive(Default)]
struct Missed {
    user: Option<Option<UserId>>,
    day: Option<Date>,
    part: Option<Part>,
}

impl Missed {
    /// Whether a row may miss it.
    fn is_of(&self, (user, day, customer, ticket): &Key) -> bool {
        self.user.is_none_or(|one| one == *user)
            && self.day.is_none_or(|one| one == *day)
            && self.part.is_none_or(|part| part == (*customer, *ticket))
    }
}

/// The lines of tickets of which only their product tells whether they are labor, by their products.
pub fn undecided(tickets: &[Record<Ticket>], wanted: Wanted, now: &Zoned) -> Vec<ProductId> {
    let lines = tickets.iter().flat_map(|ticket| &ticket.line_items);
    let is_late = |line: &LineItem| line.created_at.is_none_or(|at| wanted.has(day_of(at, now)));
    let lines = lines.filter(|line| category(line).is_none() && is_late(line));
    lines.filter_map(|line| line.product_id).collect()
}

/// Whether nobody can tell whose a line is.
fn is_anybodys(line: &Record<LineItem>) -> bool {
    line.user_id.is_none() && !at(&line.raw, "user_id").is_null()
}

/// The category of a line, where it is stated.
fn category(line: &Record<LineItem>) -> Option<&str> {
    at(&line.raw, "product_category").as_str().filter(|category| !category.trim().is_empty())
}

/// The report; `left_out` is what could not even be read.
#[must_use]
pub fn report(input: &Input<'_>, left_out: LeftOut) -> Report {
    let mut making = Making {
        input,
        rows: BTreeMap::new(),
        spent: Vec::new(),
        loose: BTreeMap::new(),
        claimed: BTreeSet::new(),
        clocked: BTreeMap::new(),
        missed: Vec::from_iter(left_out.is_missed().then(Missed::default)),
        left_out,
    };
    let mut seen: BTreeSet<TimerId> = BTreeSet::new();
    for ticket in input.tickets {
        if !has_parts(ticket) {
            let part = Some(making.part(Some(ticket)));
            making.miss(why::PARTS, Some(ticket), Missed { part, ..Missed::default() });
        }
        for timer in &ticket.ticket_timers {
            seen.insert(timer.id);
            making.entry(timer, Some(ticket));
        }
    }
    let of: BTreeMap<TicketId, &Record<Ticket>> =
        input.tickets.iter().map(|ticket| (ticket.id, ticket)).collect();
    for timer in input.timers.iter().filter(|timer| !seen.contains(&timer.id)) {
        making.entry(timer, timer.ticket_id.and_then(|id| of.get(&id)).copied());
    }
    for ticket in input.tickets {
        making.lines(ticket);
    }
    making.overlaps();
    making.at_work();
    making.whole()
}

impl<'i> Making<'i> {
    /// What a row of a ticket is about.
    fn part(&self, ticket: Option<&Ticket>) -> Part {
        let by = self.input.by;
        let ticket = ticket.filter(|_| by != By::Day);
        let id = ticket.filter(|_| by == By::Ticket).map(|ticket| ticket.id);
        (ticket.and_then(|ticket| ticket.customer_id), id)
    }

    fn miss(&mut self, why: Why, ticket: Option<&Ticket>, missed: Missed) {
        self.left_out.add(why, ticket.and_then(|ticket| ticket.customer_id));
        self.missed.push(missed);
    }

    /// The row of somebody's day, or of the part of it that a ticket has.
    fn row(&mut self, user: Option<UserId>, day: Date, ticket: Option<&Ticket>) -> (Key, &mut Row) {
        let by = self.input.by;
        let (customer, id) = self.part(ticket);
        let key = (user, day, customer, id);
        let ticket = ticket.filter(|_| by != By::Day);
        let whose = ticket.map(Whose::of).unwrap_or_default();
        let ticket = ticket.filter(|_| by == By::Ticket).cloned();
        let row = self.rows.entry(key).or_insert_with(|| Row {
            user,
            name: String::new(),
            day,
            whose,
            ticket,
            by,
            sums: Sums::default(),
            notes: Vec::new(),
            forgotten: None,
        });
        (key, row)
    }

    /// Adds a timer entry.
    fn entry(&mut self, timer: &'i Timer, ticket: Option<&'i Record<Ticket>>) {
        // Which line it has is known of those of other days and users, too.
        self.claimed.extend(timer.ticket_line_item_id);
        if let (true, None, Some(id)) =
            (timer.is_charged(), timer.ticket_line_item_id, timer.ticket_id)
        {
            self.loose.entry(id).or_default().push(timer);
        }
        if let Err(why) = self.count(timer, ticket) {
            let ticket = ticket.map(|ticket| &ticket.view);
            let is_clear = timer.unreadable.among(&["user_id"]).is_none();
            let user = is_clear.then_some(timer.user_id);
            let day = timer.start_time.map(|at| day_of(at, self.input.now));
            let part = Some(self.part(ticket));
            self.miss(why, ticket, Missed { user, day, part });
        }
    }

    fn count(&mut self, timer: &Timer, ticket: Option<&Record<Ticket>>) -> Result<(), Why> {
        let (wanted, now) = (self.input.whose, self.input.now);
        let Some(start) = timer.start_time else {
            let is_unclear = timer.unreadable.among(&["start_time"]).is_some();
            return if is_unclear { Err(why::TIMER) } else { Ok(()) };
        };
        let day = day_of(start, now);
        let is_unclear = timer.unreadable.among(&["user_id"]).is_some();
        if !wanted.has(day) || !wanted.is_theirs(timer.user_id, is_unclear).ok_or(why::TIMER)? {
            return Ok(());
        }
        if timer.unclear().is_some() || timer.unreadable.among(&Timer::BILLABLE).is_some() {
            return Err(why::TIMER);
        }
        let runs = timer.runs().ok_or(why::TIMER)?;
        let all = match runs {
            true => running_seconds(timer, now.timestamp()),
            false => timer.seconds(),
        };
        let part = if runs { all } else { timer.billable_seconds() };
        let (all, part) = all.zip(part).ok_or(why::TIMER)?;
        let hours = Some(exact_hours(part));
        let invoiced = invoiced(timer, ticket);
        let (key, row) = self.row(timer.user_id, day, ticket.map(|ticket| &ticket.view));
        let sums = &mut row.sums;
        match runs {
            true => sums.running.add(hours),
            false => sums.logged.add(hours),
        }
        if runs {
            let what = if timer.is_paused() { "paused" } else { "running" };
            let text = format!("{what} since {}", hour(start, now));
            let is_finding = day < now.date();
            row.notes.push(Note { text, is_finding });
            row.forgotten = row.forgotten.or(is_finding.then_some(timer.id));
        } else if timer.is_charged() {
            sums.charged.add(hours);
            sums.billable.add(hours);
            match invoiced {
                Some(true) => sums.invoiced.add(hours),
                Some(false) => {}
                None => sums.invoiced.misses = true,
            }
        } else if timer.is_not_billable() {
            sums.not_billable.add(hours);
        } else {
            sums.billable.add(hours);
        }
        let ends = timer.end_time.unwrap_or_else(|| now.timestamp());
        let span = (start, ends.max(start));
        // One that was forgotten says nothing of what was done meanwhile.
        if !runs || day == now.date() {
            self.spent.push(Spent { key, span, seconds: all.min(seconds(span)) });
        }
        Ok(())
    }

    /// Adds the labor of a ticket that no entry has.
    fn lines(&mut self, ticket: &'i Record<Ticket>) {
        let mut loose = self.loose.get(&ticket.id).cloned().unwrap_or_default();
        for line in &ticket.line_items {
            if self.claimed.contains(&line.id) {
                continue;
            }
            // Of one without a clear quantity nobody can tell.
            let is_its = |timer: &&Timer| line.quantity.is_some() && may_be_its(timer, line);
            if let Some(place) = loose.iter().position(is_its) {
                loose.remove(place);
                continue;
            }
            if let Err(why) = self.line(line, ticket) {
                let user = (!is_anybodys(line)).then_some(line.user_id);
                let day = line.created_at.map(|at| day_of(at, self.input.now));
                let part = Some(self.part(Some(ticket)));
                self.miss(why, Some(ticket), Missed { user, day, part });
            }
        }
    }

    fn line(&mut self, line: &Record<LineItem>, ticket: &Ticket) -> Result<(), Why> {
        let (wanted, now) = (self.input.whose, self.input.now);
        let day = line.created_at.map(|at| day_of(at, now));
        if day.is_some_and(|day| !wanted.has(day)) || !self.is_labor(line)? {
            return Ok(());
        }
        let day = day.ok_or(why::LABOR)?;
        if wanted.is_theirs(line.user_id, is_anybodys(line)).ok_or(why::LABOR)? {
            let hours = line.quantity.ok_or(why::LABOR)?;
            let (_, row) = self.row(line.user_id, day, Some(ticket));
            row.sums.lines_without_entry.add(Some(hours));
            row.sums.billable.add(Some(hours));
        }
        Ok(())
    }

    /// Whether a line is time that is sold.
    fn is_labor(&self, line: &Record<LineItem>) -> Result<bool, Why> {
        let is_labor = match (category(line), line.product_id) {
            (Some(category), _) => in_category(category, Product::LABOR),
            (None, Some(id)) => {
                let product = self.input.products.get(&id).ok_or(why::PRODUCT)?;
                product.is_of(Product::LABOR)
            }
            (None, None) if line.unreadable.raw("product_id").is_some() => {
                return Err(why::PRODUCT);
            }
            (None, None) => false,
        };
        let types = self.input.labor_types;
        Ok(is_labor && !LaborType::is_by_piece(types, line.product_id, &line.name))
    }

    /// Says of days how much of their time was entered twice. Of an entry with a pause nobody knows when that was: then it is
    /// what there is more than the whole span has.
    fn overlaps(&mut self) {
        sorting::sort_by_key(&mut self.spent, |one| (one.key.0, one.span));
        let same_user = self.spent.chunk_by(|one, next| one.key.0 == next.key.0);
        for entries in same_user.filter(|entries| entries[0].key.0.is_some()) {
            let spans: Vec<Span> = entries.iter().map(|one| one.span).collect();
            for group in together(&spans) {
                let group = &entries[group];
                let spent = group.iter().fold(0, |sum: u64, one| sum.saturating_add(one.seconds));
                let ends = group.iter().map(|one| one.span.1).max();
                let whole = ends.map_or(0, |ends| seconds((group[0].span.0, ends)));
                let minutes = spent.saturating_sub(whole) / 60;
                if let (1.., Some(row)) = (minutes, self.rows.get_mut(&group[0].key)) {
                    let text = format!("{} twice", dates::in_words(minutes));
                    row.notes.push(Note { text, is_finding: true });
                }
            }
        }
    }

    /// Says how long people were at work, and when in that time there is no entry.
    fn at_work(&mut self) {
        let Some(office) = self.input.office else { return };
        let (wanted, now) = (self.input.whose, self.input.now);
        let has = |day: Date| wanted.has(day);
        let shifts = office.shifts(wanted.user, has, now, &mut self.left_out);
        let of_rows: Vec<UserId> = self.rows.keys().filter_map(|key| key.0).collect();
        let all = of_rows.into_iter().chain(wanted.user).chain(shifts.by.keys().copied());
        for user in all.collect::<BTreeSet<UserId>>() {
            let mut days: BTreeSet<Date> = match shifts.by.get(&user) {
                Some(theirs) => theirs.keys().copied().collect(),
                None => open_days(office, wanted, now).collect(),
            };
            days.extend(self.rows.keys().filter(|key| key.0 == Some(user)).map(|key| key.1));
            days.extend(wanted.user.and(Some(now.date())).filter(|day| wanted.has(*day)));
            for day in days {
                self.day(office, &shifts, user, day);
            }
        }
    }

    fn day(&mut self, office: &Office<'_>, shifts: &Shifts, user: UserId, day: Date) {
        let now = self.input.now;
        let theirs = shifts.by.get(&user);
        let shift = theirs.and_then(|theirs| theirs.get(&day));
        let of_day = |row: &&Row| row.user == Some(user) && row.day == day;
        let is_worked = self.rows.values().filter(of_day).any(Row::has_time);
        // Who clocks in on other days has worked on this one where there is time.
        let may_work = (theirs.is_none() || is_worked) && day <= now.date();
        let hours = match shift {
            Some(shift) => shift.hours(),
            None if may_work && office.is_open(day) => {
                AtLeast { known: office.day_hours, misses: false }
            }
            None => AtLeast::default(),
        };
        let is_unclear = shifts.is_unclear(user);
        let hours = hours.missing(is_unclear);
        self.clocked.entry(Some(user)).or_default().join(hours);
        let forgotten = shift.and_then(|shift| shift.forgotten);
        let forgotten =
            forgotten.map(|one| Note { text: one.words().to_owned(), is_finding: true });
        if self.input.by != By::Day {
            // It is nobody's but theirs, and to be looked at all the same.
            forgotten
                .into_iter()
                .for_each(|note| self.row(Some(user), day, None).1.notes.push(note));
            return;
        }
        let gaps = self.gaps(user, day, shift.map(|shift| &*shift.spans));
        let (_, row) = self.row(Some(user), day, None);
        row.sums.clocked = Some(hours);
        let said = gaps.into_iter().map(|(from, to)| {
            let text = format!("no entry {}-{}", hour(from, now), hour(to, now));
            Note { text, is_finding: false }
        });
        row.notes.extend(said);
        let lacks_clock = theirs.is_some() && shift.is_none() && is_worked && !is_unclear;
        let not_in = || Note { text: "not clocked in".to_owned(), is_finding: false };
        row.notes.extend(forgotten.or_else(|| lacks_clock.then(not_in)));
    }

    /// When on a day somebody was at work, or else between the first entry and the last, and has none.
    fn gaps(&self, user: UserId, day: Date, shift: Option<&[Span]>) -> Vec<Span> {
        let theirs = self.spent.iter().filter(|one| one.key.0 == Some(user));
        let entries: Vec<Span> = theirs.clone().map(|one| one.span).collect();
        let of_day = || theirs.clone().filter(|one| one.key.1 == day).map(|one| one.span);
        let between = || {
            let (first, last) =
                (of_day().map(|one| one.0).min()?, of_day().map(|one| one.1).max()?);
            Some((first, last))
        };
        let frame: Vec<Span> = match shift {
            Some(spans) => spans.to_vec(),
            None => between().into_iter().collect(),
        };
        let left = frame.into_iter().flat_map(|span| rest(span, &entries));
        left.filter(|span| seconds(*span) >= GAP).collect()
    }

    fn whole(mut self) -> Report {
        for (key, row) in &mut self.rows {
            let misses = self.missed.iter().any(|missed| missed.is_of(key));
            row.sums.parts().into_iter().for_each(|sum| *sum = sum.missing(misses));
        }
        let rows = self.rows.into_values().collect();
        let (clocked, left_out) = (self.clocked, self.left_out);
        let mut report = Report { rows, clocked, left_out, ..Report::default() };
        report.name(|_| None);
        report
    }
}

/// Time without an entry is said from half an hour on.
const GAP: u64 = 30 * 60;

/// The days of work until today.
fn open_days<'o>(
    office: &'o Office<'_>,
    wanted: Wanted,
    now: &Zoned,
) -> impl Iterator<Item = Date> + 'o {
    let last = wanted.last.min(now.date());
    let days = std::iter::successors(Some(wanted.first), |day| day.tomorrow().ok());
    days.take_while(move |day| *day <= last).filter(|day| office.is_open(*day))
}

/// Whether an invoice has the line of an entry; nothing where nobody can tell which line that is, or whether one has it.
fn invoiced(timer: &Timer, ticket: Option<&Record<Ticket>>) -> Option<bool> {
    let lines = &ticket.filter(|ticket| has_parts(ticket))?.line_items;
    let id = timer.ticket_line_item_id?;
    match lines.iter().find(|line| line.id == id) {
        Some(line) if line.unreadable.among(&["converted"]).is_some() => None,
        Some(line) => Some(line.converted),
        // It was taken off the ticket.
        None => Some(false),
    }
}

#[cfg(test)]
#[path = "time_tests.rs"]
pub(in crate::reports) mod tests;
