//! One sort for all records. Each type and key that the standard library's sort is used with is some 4 kB of program; here
//! it is compiled once, for places in a list.

use std::cmp::Ordering;

/// Sorts as `slice::sort_by_cached_key` does: stable, and each key is made once.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl FnMut(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    for (left, right) in swaps(keys.len(), &|left, right| keys[left].cmp(&keys[right])) {
        items.swap(left, right);
    }
}

/// The exchanges, one after another, that put so many items in order.
fn swaps(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    // Which item belongs at each place.
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|left, right| compare(*left, *right));
    let mut swaps = Vec::new();
    for first in 0..count {
        let mut place = first;
        // Each exchange puts one item where it belongs; the first one travels along, to the end of its circle.
        while order[place] != first {
            let next = order[place];
            swaps.push((place, next));
            order[place] = place;
            place = next;
        }
        order[place] = place;
    }
    swaps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(keys in prop::collection::vec(0..20_u8, 0..60)) {
            let mut items: Vec<(usize, u8)> = keys.into_iter().enumerate().collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(_, key)| *key);
            sort_by_key(&mut items, |(_, key)| *key);
            prop_assert_eq!(items, expected);
        }
    }
}
