//! The sliding window as a value: who may start a request now, who waits and until when. Pure: the time comes in as
//! microseconds of one clock, and so does the file's text. Nothing here reads a clock or a file.

use std::fmt::Write as _;

/// The first line of the file; another format is rebuilt.
const HEADER: &str = "syncro-pace 2";

/// How far in the future a waiter or the server's word may lie and still be believed, since two readings of the clock may
/// differ a little. Beyond it the clock was moved or began anew, and it is dropped.
const SLACK: u64 = 1_000_000;

/// A waiter that has not been heard of for this long is dead or suspended and holds up nobody.
const STALE: u64 = 5_000_000;

/// No request waits longer than this because of a 429.
const LONGEST_BLOCK: u64 = 120_000_000;

/// How much fits. All times in microseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Requests in a window; at least 1.
    pub(super) requests: usize,
    /// The window's length.
    pub(super) per: u64,
    /// How long a request can be on its way before it must have ended.
    pub(super) timeout: u64,
}

/// A request that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Slot {
    id: u64,
    start: u64,
    /// When its answer was in; `None` while it is on its way, or when its process died.
    answered: Option<u64>,
}

impl Slot {
    /// When it stops counting: a window after its answer, because the server may have counted it at any moment
    /// between start and answer.
    const fn end(&self, rules: &Rules) -> u64 {
        match self.answered {
            Some(answered) => answered.saturating_add(rules.per),
            None => self.start.saturating_add(rules.timeout).saturating_add(rules.per),
        }
    }

    /// The earliest moment at which it can stop counting, as far as is known at `now`.
    fn earliest_end(&self, now: u64, rules: &Rules) -> u64 {
        let answered = self.answered.unwrap_or(now);
        answered.saturating_add(rules.per).min(self.end(rules))
    }
}

/// Somebody in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Waiter {
    id: u64,
    /// When it was last heard of.
    beat: u64,
}

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Start now; the slot is taken.
    Go,
    /// Ask again at this time: before it there is no room.
    Wait {
        /// By the window's clock.
        until: u64,
        /// Whether the server asked for it.
        blocked: bool,
    },
}

/// The requests of the last window, the queue, and the server's own word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Window {
    slots: Vec<Slot>,
    queue: Vec<Waiter>,
    blocked_until: u64,
}

impl Window {
    /// Asks for a slot on behalf of `id`, which keeps its place in the queue as long as it goes on asking.
    pub(super) fn ask(&mut self, id: u64, now: u64, rules: &Rules) -> Verdict {
        self.tidy(now, rules);
        let place = self.place(id, now);
        if self.blocked_until > now {
            return Verdict::Wait { until: self.blocked_until, blocked: true };
        }
        // Room for all ahead and for this one too: nobody is overtaken, and nobody waits for a sleeper.
        if self.slots.len() + place < rules.requests {
            self.queue.remove(place);
            self.slots.push(Slot { id, start: now, answered: None });
            return Verdict::Go;
        }
        Verdict::Wait { until: self.room_at(place, now, rules), blocked: false }
    }

    /// The request of `id` has its answer, or never will.
    pub(super) fn answered(&mut self, id: u64, now: u64) {
        match self.slots.iter_mut().find(|slot| slot.id == id) {
            Some(slot) => slot.answered = Some(now),
            None => self.slots.push(Slot { id, start: now, answered: Some(now) }),
        }
    }

    /// `id` neither waits nor sends any more, and has sent nothing.
    pub(super) fn forget(&mut self, id: u64) {
        self.queue.retain(|waiter| waiter.id != id);
        self.slots.retain(|slot| slot.id != id);
    }

    /// Nobody starts before `until`.
    pub(super) fn block(&mut self, until: u64) {
        self.blocked_until = self.blocked_until.max(until);
    }

    /// The requests that count, those that wait, and until when the server wants none.
    pub(super) fn counts(mut self, now: u64, rules: &Rules) -> (usize, usize, u64) {
        self.tidy(now, rules);
        (self.slots.len(), self.queue.len(), self.blocked_until)
    }

    /// Drops what no longer counts, and what a moved clock or a crash left behind. A request from the future counts as one
    /// of now: how old it is nobody knows, and the server may count it still.
    fn tidy(&mut self, now: u64, rules: &Rules) {
        let believable = now.saturating_add(SLACK);
        self.slots.retain_mut(|slot| {
            slot.start = slot.start.min(now);
            slot.answered = slot.answered.map(|answered| answered.min(now));
            slot.end(rules) > now
        });
        self.queue
            .retain(|waiter| waiter.beat <= believable && waiter.beat.saturating_add(STALE) > now);
        if self.blocked_until > believable.saturating_add(LONGEST_BLOCK) {
            self.blocked_until = 0;
        }
    }

    /// The caller's place in the queue, from 0; newcomers go to its end.
    fn place(&mut self, id: u64, now: u64) -> usize {
        let found = self.queue.iter().position(|waiter| waiter.id == id);
        let place = found.unwrap_or(self.queue.len());
        match self.queue.get_mut(place) {
            Some(waiter) => waiter.beat = now,
            None => self.queue.push(Waiter { id, beat: now }),
        }
        place
    }

    /// The earliest moment at which there can be room for all up to `place`; never more than a window away. Where
    /// those ahead have room and have not taken it yet, they first have to start and end.
    fn room_at(&self, place: usize, now: u64, rules: &Rules) -> u64 {
        let mut ends: Vec<u64> =
            self.slots.iter().map(|slot| slot.earliest_end(now, rules)).collect();
        ends.sort_unstable();
        let needed = (self.slots.len() + place + 1).saturating_sub(rules.requests);
        ends.get(needed.saturating_sub(1)).copied().unwrap_or(now.saturating_add(rules.per))
    }

    /// Reads the file's text. Lines that cannot be read are skipped: a broken file costs precision, not the command.
    pub(super) fn decode(text: &str) -> Self {
        let mut window = Self::default();
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return window;
        }
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            if window.decode_line(&words).is_none() {
                continue;
            }
        }
        window
    }

    fn decode_line(&mut self, words: &[&str]) -> Option<()> {
        match words {
            ["blocked", until] => self.blocked_until = until.parse().ok()?,
            ["slot", id, start, answered] => self.slots.push(Slot {
                id: u64::from_str_radix(id, 16).ok()?,
                start: start.parse().ok()?,
                answered: match *answered {
                    "-" => None,
                    stamp => Some(stamp.parse().ok()?),
                },
            }),
            ["waits", id, beat] => self
                .queue
                .push(Waiter { id: u64::from_str_radix(id, 16).ok()?, beat: beat.parse().ok()? }),
            _ => return None,
        }
        Some(())
    }

    /// The file's text.
    pub(super) fn encode(&self) -> String {
        let mut text = String::with_capacity(64 * (self.slots.len() + self.queue.len() + 2));
        text.push_str(HEADER);
        text.push('\n');
        // Writing to a string cannot fail.
        if self.blocked_until > 0 {
            let _infallible = writeln!(text, "blocked {}", self.blocked_until);
        }
        for Slot { id, start, answered } in &self.slots {
            let _infallible = match answered {
                Some(answered) => writeln!(text, "slot {id:x} {start} {answered}"),
                None => writeln!(text, "slot {id:x} {start} -"),
            };
        }
        for Waiter { id, beat } in &self.queue {
            let _infallible = writeln!(text, "waits {id:x} {beat}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T0: u64 = 1_800_000_000_000_000;
    const RULES: Rules = Rules { requests: 3, per: 10_000_000, timeout: 5_000_000 };

    fn seconds(count: u64) -> u64 {
        T0 + count * 1_000_000
    }

    fn full() -> Window {
        let mut window = Window::default();
        for id in 1..=3 {
            assert_eq!(window.ask(id, seconds(id), &RULES), Verdict::Go);
        }
        window
    }

    fn wait(until: u64) -> Verdict {
        Verdict::Wait { until, blocked: false }
    }

    #[test]
    fn a_burst_is_free_and_then_a_slot_lasts_until_a_window_after_its_answer() {
        let mut window = full();
        window.answered(1, seconds(4));
        assert_eq!(window.ask(9, seconds(5), &RULES), wait(seconds(14)));
        assert_eq!(window.ask(9, seconds(14), &RULES), Verdict::Go);
    }

    #[test]
    fn a_request_on_its_way_gives_no_date_but_a_bound() {
        let mut window = full();
        assert_eq!(window.ask(9, seconds(5), &RULES), wait(seconds(15)));
    }

    #[test]
    fn slots_of_a_dead_process_end_after_timeout_and_window() {
        let mut window = full();
        assert_eq!(window.ask(9, seconds(15), &RULES), wait(seconds(16)));
        assert_eq!(window.ask(9, seconds(16), &RULES), Verdict::Go);
    }

    #[test]
    fn the_queue_is_served_in_order() {
        let mut window = full();
        for id in 1..=3 {
            window.answered(id, seconds(3));
        }
        assert_eq!(window.ask(8, seconds(11), &RULES), wait(seconds(13)));
        assert_eq!(window.ask(9, seconds(12), &RULES), wait(seconds(13)));
        // Two places are spoken for, so the newcomer at the very moment gets the third, and the next none.
        assert_eq!(window.ask(10, seconds(13), &RULES), Verdict::Go);
        assert_eq!(window.ask(11, seconds(13), &RULES), wait(seconds(23)));
        assert_eq!(window.ask(9, seconds(13), &RULES), Verdict::Go);
        assert_eq!(window.ask(8, seconds(13), &RULES), Verdict::Go);
    }

    #[test]
    fn a_dead_waiter_blocks_nobody_for_long() {
        let mut window = full();
        for id in 1..=3 {
            window.answered(id, seconds(3));
        }
        for id in 21..=23 {
            assert_eq!(window.ask(id, seconds(12), &RULES), wait(seconds(13)));
        }
        assert_ne!(window.ask(9, seconds(13), &RULES), Verdict::Go);
        assert_eq!(window.ask(9, seconds(17), &RULES), Verdict::Go);
    }

    #[test]
    fn requests_from_the_future_count_for_a_window_and_no_longer() {
        let mut window = full();
        for id in 1..=3 {
            window.answered(id, seconds(5_000));
        }
        assert_eq!(window.ask(9, seconds(10), &RULES), wait(seconds(20)));
        assert_eq!(window.ask(9, seconds(15), &RULES), wait(seconds(20)));
        assert_eq!(window.ask(9, seconds(20), &RULES), Verdict::Go);
    }

    #[test]
    fn a_block_and_a_waiter_from_the_future_are_dropped() {
        let mut window = Window::default();
        for id in 1..=3 {
            window.place(id, seconds(5_000));
        }
        window.block(seconds(9_000));
        assert_eq!(window.ask(9, seconds(10), &RULES), Verdict::Go);
    }

    #[test]
    fn the_servers_word_holds_for_all_and_ends() {
        let mut window = Window::default();
        window.block(seconds(30));
        window.block(seconds(20));
        let blocked = Verdict::Wait { until: seconds(30), blocked: true };
        assert_eq!(window.ask(1, T0, &RULES), blocked);
        assert_eq!(window.ask(2, T0, &RULES), blocked);
        assert_eq!(window.ask(1, seconds(30), &RULES), Verdict::Go);
    }

    #[test]
    fn counting_leaves_out_what_is_over() {
        let mut window = full();
        window.answered(1, seconds(3));
        window.block(seconds(20));
        assert_eq!(window.clone().counts(seconds(5), &RULES), (3, 0, seconds(20)));
        assert_ne!(window.ask(9, seconds(12), &RULES), Verdict::Go);
        assert_eq!(
            window.counts(seconds(13), &RULES),
            (2, 1, seconds(20)),
            "the first is over, the others may still be on their way"
        );
    }

    #[test]
    fn giving_up_frees_the_place() {
        let mut window = full();
        assert_ne!(window.ask(9, seconds(4), &RULES), Verdict::Go);
        window.forget(9);
        window.forget(2);
        assert_eq!(window.ask(10, seconds(4), &RULES), Verdict::Go);
    }

    #[test]
    fn a_shrunken_limit_waits_for_all_that_is_too_much() {
        let mut window = full();
        for id in 1..=3 {
            window.answered(id, seconds(id));
        }
        let narrow = Rules { requests: 1, ..RULES };
        assert_eq!(window.ask(9, seconds(4), &narrow), wait(seconds(13)));
    }

    #[test]
    fn the_file_keeps_everything_and_broken_lines_cost_only_themselves() {
        let mut window = full();
        window.answered(1, seconds(4));
        assert_ne!(window.ask(9, seconds(5), &RULES), Verdict::Go);
        window.block(seconds(6));
        let text = window.encode();
        assert_eq!(Window::decode(&text), window);

        let torn = text.replace("slot 2 ", "slot \u{0}");
        assert_eq!(Window::decode(&torn).slots.len(), 2);
        assert_eq!(Window::decode("something else\nslot 1 1 1"), Window::default());
    }

    /// What can happen to a window; times are steps forward in microseconds.
    #[derive(Debug, Clone)]
    enum Event {
        Ask(u64),
        Answer(usize),
        Abandon(u64),
        Block(u64),
        Reload,
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            6 => (0..12_u64).prop_map(Event::Ask),
            4 => (0..8_usize).prop_map(Event::Answer),
            1 => (0..12_u64).prop_map(Event::Abandon),
            1 => (0..20_000_000_u64).prop_map(Event::Block),
            1 => Just(Event::Reload),
        ]
    }

    proptest! {
        /// Whatever the order of asking, answering, giving up and reloading: no window holds more than the limit, be
        /// the requests counted when they started or when they were answered.
        #[test]
        fn no_window_ever_holds_too_many(
            requests in 1..6_usize,
            events in prop::collection::vec((0..3_000_000_u64, event()), 1..300),
        ) {
            let rules = Rules { requests, per: 10_000_000, timeout: 5_000_000 };
            let mut window = Window::default();
            let mut now = T0;
            // Requests on their way: the slot's id and its start.
            let mut flying: Vec<(u64, u64)> = Vec::new();
            let mut starts: Vec<u64> = Vec::new();
            // When the server may have counted each at the latest.
            let mut spans: Vec<(u64, u64)> = Vec::new();
            let mut generation = 0;
            let mut ids: Vec<u64> = (0..12).collect();
            for (step, event) in events {
                now += step;
                // A request that takes longer than the time-out has been given up by its sender.
                for (id, start) in std::mem::take(&mut flying) {
                    if now >= start + rules.timeout {
                        spans.push((start, start + rules.timeout));
                        if id % 2 == 0 {
                            window.answered(id, start + rules.timeout);
                        }
                    } else {
                        flying.push((id, start));
                    }
                }
                match event {
                    Event::Ask(who) => {
                        let id = ids[who as usize];
                        match window.ask(id, now, &rules) {
                            Verdict::Go => {
                                starts.push(now);
                                flying.push((id, now));
                                generation += 1;
                                ids[who as usize] = generation * 100 + who;
                            }
                            Verdict::Wait { until, blocked } => {
                                prop_assert!(until > now);
                                prop_assert!(blocked || until <= now + rules.per);
                            }
                        }
                    }
                    Event::Answer(which) if which < flying.len() => {
                        let (id, start) = flying.remove(which);
                        window.answered(id, now);
                        spans.push((start, now));
                    }
                    Event::Answer(_) => {}
                    Event::Abandon(who) => window.forget(ids[who as usize]),
                    Event::Block(ahead) => window.block(now + ahead),
                    Event::Reload => window = Window::decode(&window.encode()),
                }
            }
            for (index, start) in starts.iter().enumerate() {
                if let Some(later) = starts.get(index + requests) {
                    prop_assert!(later - start >= rules.per, "{starts:?}");
                }
            }
            // The server may count at the end of one span and at the start of another.
            for (_, end) in &spans {
                let within = spans
                    .iter()
                    .filter(|(start, other)| other >= end && *start < end + rules.per)
                    .count();
                prop_assert!(within <= requests, "{spans:?}");
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "(syncro-pace 2\n)?(slot|waits|blocked|x|[0-9a-f -]|\n|.){0,60}") {
            let mut window = Window::decode(&text);
            let _any = window.ask(1, T0, &RULES);
        }
    }
}
