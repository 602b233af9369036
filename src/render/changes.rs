//! Two texts, line by line.

use std::collections::HashMap;

/// The places of both texts' lines in their order: of a line that both have, in each; of one that is gone or new, in one
/// of them.
#[must_use]
pub fn compared(old: &[&str], new: &[&str]) -> Vec<(Option<usize>, Option<usize>)> {
    // What both begin and end with is theirs in any case: only what lies between takes time.
    let same = |(old, new): &(&&str, &&str)| old == new;
    let head = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let within = |at: Option<usize>| at.map(|at| head + at);
    let (old_part, new_part) = (&old[head..old_end], &new[head..new_end]);
    let between = match old_part.len().saturating_mul(new_part.len()) <= LONGEST {
        true => between(old_part, new_part),
        false => near(old_part, new_part),
    };
    let between = between.into_iter().map(|(old, new)| (within(old), within(new)));
    let begin = (0..head).map(|at| (Some(at), Some(at)));
    let end = (0..tail).map(|at| (Some(old_end + at), Some(new_end + at)));
    begin.chain(between).chain(end).collect()
}

/// Two parts of a larger product are not compared by their longest common part.
const LONGEST: usize = 1 << 22;

/// The same by the next line that is alike: each line that both have is found, in the order of the old ones, and no more is
/// looked for.
fn near(old: &[&str], new: &[&str]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, line) in new.iter().enumerate() {
        places.entry(line).or_default().push(at);
    }
    let (mut lines, mut next) = (Vec::new(), 0);
    for (at, line) in old.iter().enumerate() {
        let found = places.get(line).and_then(|places| {
            let first = places.partition_point(|place| *place < next);
            places.get(first).copied()
        });
        lines.extend((next..found.unwrap_or(next)).map(|place| (None, Some(place))));
        lines.push((Some(at), found));
        next = found.map_or(next, |found| found + 1);
    }
    lines.extend((next..new.len()).map(|place| (None, Some(place))));
    lines
}

/// The same by the longest common part, which takes the product of both lengths.
fn between(old: &[&str], new: &[&str]) -> Vec<(Option<usize>, Option<usize>)> {
    // The lengths of the longest common ends of both, for each pair of places.
    let columns = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * columns];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * columns + j] = if old[i] == new[j] {
                common[(i + 1) * columns + j + 1] + 1
            } else {
                common[(i + 1) * columns + j].max(common[i * columns + j + 1])
            };
        }
    }
    let mut lines = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        let skips_old = i < old.len()
            && (j == new.len() || common[(i + 1) * columns + j] >= common[i * columns + j + 1]);
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push((Some(i), Some(j)));
            i += 1;
            j += 1;
        } else if skips_old {
            lines.push((Some(i), None));
            i += 1;
        } else {
            lines.push((None, Some(j)));
            j += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_begin_and_end_with_takes_no_time() {
        let lines: Vec<String> = (0..40_000).map(|at| at.to_string()).collect();
        let old: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut new = old.clone();
        new[20_000] = "changed";
        new.insert(20_001, "added");
        let changed: Vec<_> = compared(&old, &new)
            .into_iter()
            .filter(|(old, new)| old.is_none() || new.is_none())
            .collect();
        assert_eq!(changed, [(Some(20_000), None), (None, Some(20_000)), (None, Some(20_001))]);
        let pairs = compared(&old, &new);
        let is_same = |(one, other): &(Option<usize>, Option<usize>)| match (one, other) {
            (Some(one), Some(other)) => old[*one] == new[*other],
            _ => true,
        };
        assert!(pairs.iter().all(is_same) && pairs.len() == old.len() + 2);
    }

    #[test]
    fn files_that_differ_everywhere_take_no_time() {
        let lines: Vec<String> = (0..40_000).map(|at| at.to_string()).collect();
        let others: Vec<String> = lines.iter().map(|line| format!("{line} now")).collect();
        let old: Vec<&str> = lines.iter().map(String::as_str).collect();
        let new = |is_same: fn(usize) -> bool| -> Vec<&str> {
            let one = |at: usize| if is_same(at) { old[at] } else { others[at].as_str() };
            (0..old.len()).map(one).collect()
        };
        for (is_same, same) in
            [(|_| false) as fn(usize) -> bool, |at| at % 2 == 1].into_iter().zip([0, 20_000])
        {
            let pairs = compared(&old, &new(is_same));
            let both = pairs.iter().filter(|pair| pair.0.is_some() && pair.1.is_some()).count();
            assert_eq!((both, pairs.len()), (same, 80_000 - same));
            let one: Vec<usize> = pairs.iter().filter_map(|pair| pair.0).collect();
            let other: Vec<usize> = pairs.iter().filter_map(|pair| pair.1).collect();
            assert!(one.iter().copied().eq(0..40_000) && other.iter().copied().eq(0..40_000));
        }
    }

    #[test]
    fn lines_that_repeat_are_gone_once() {
        for (old, new, gone, added) in [
            (&["a", "a"][..], &["a"][..], 1, 0),
            (&["a"], &["a", "a"], 0, 1),
            (&["a", "b", "a"], &["a"], 2, 0),
            (&[], &["a"], 0, 1),
            (&["a"], &[], 1, 0),
            (&["x", "a", "y"], &["a", "z", "a"], 2, 2),
        ] {
            let pairs = compared(old, new);
            let count = |is: fn(&(Option<usize>, Option<usize>)) -> bool| {
                pairs.iter().filter(|pair| is(pair)).count()
            };
            assert_eq!(
                (count(|pair| pair.1.is_none()), count(|pair| pair.0.is_none())),
                (gone, added),
                "{old:?}"
            );
        }
    }
}
