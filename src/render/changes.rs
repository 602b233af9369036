//! Two texts, line by line.

/// The places of both texts' lines in their order: of a line that both have, in each; of one that is gone or new, in one
/// of them.
#[must_use]
pub fn compared(old: &[&str], new: &[&str]) -> Vec<(Option<usize>, Option<usize>)> {
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
