//! Fewer points for the eye, all points for the data.

/// Most points of a curve that are drawn; the comma-separated values always hold all.
pub(crate) const MOST_POINTS: usize = 4000;

/// Indices to draw: all of a short curve, else the first, last, lowest and highest point of each of
/// [`MOST_POINTS`]/4 equal stretches, so that no spike is lost. Undrawable points are kept once in each
/// stretch, so that gaps stay visible.
pub(crate) fn drawn_indices(y: &[f64]) -> Vec<usize> {
    if y.len() <= MOST_POINTS {
        return (0..y.len()).collect();
    }
    let stretches = MOST_POINTS / 4;
    let mut kept = Vec::with_capacity(MOST_POINTS);
    for stretch in 0..stretches {
        let (first, end) = (stretch * y.len() / stretches, (stretch + 1) * y.len() / stretches);
        let finite = || (first..end).filter(|&index| y[index].is_finite());
        let lowest = finite().min_by(|&one, &other| y[one].total_cmp(&y[other]));
        let highest = finite().max_by(|&one, &other| y[one].total_cmp(&y[other]));
        let gap = (first..end).find(|&index| !y[index].is_finite());
        let mut here: Vec<usize> = [Some(first), lowest, highest, gap, end.checked_sub(1)]
            .into_iter()
            .flatten()
            .collect();
        here.sort_unstable();
        here.dedup();
        kept.extend(here);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_spike_survives_and_order_is_kept() {
        let mut y: Vec<f64> = (0..100_000).map(|index| f64::from(index).sin()).collect();
        y[54_321] = 40.0;
        y[77_777] = f64::NAN;
        let kept = drawn_indices(&y);
        assert!(kept.len() <= MOST_POINTS + MOST_POINTS / 4);
        assert!(kept.contains(&54_321) && kept.contains(&77_777));
        assert!(kept.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!((kept[0], kept[kept.len() - 1]), (0, 99_999));
    }
}
