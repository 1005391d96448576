//! Numbers with the sums of their groups, and of groups of groups: finds in which of them a point of the total lies.
//!
//! A group has 64 members and its sum is added up anew when one changes, so that no rounding is left behind, as the differences of a Fenwick tree would leave
//! it; to change one of a million numbers takes 200 additions of neighbours in memory.

/// Members of a group.
const FAN: usize = 64;

/// Sums over groups of [`FAN`], level by level up to one group.
#[derive(Debug, Clone)]
pub(super) struct SumTree {
    /// `levels[0]` are the numbers.
    levels: Vec<Vec<f64>>,
}

impl SumTree {
    pub(super) fn new(n: usize) -> Self {
        let mut levels = vec![vec![0.0; n]];
        let mut size = n;
        while size > FAN {
            size = size.div_ceil(FAN);
            levels.push(vec![0.0; size]);
        }
        Self { levels }
    }

    /// Sum of all.
    pub(super) fn total(&self) -> f64 {
        self.levels.last().map_or(0.0, |top| top.iter().sum())
    }

    /// Changes one number.
    pub(super) fn set(&mut self, mut i: usize, value: f64) {
        self.levels[0][i] = value;
        for level in 1..self.levels.len() {
            i /= FAN;
            self.add_up(level, i);
        }
    }

    /// Changes all numbers through `write`.
    pub(super) fn set_all(&mut self, write: impl FnOnce(&mut [f64])) {
        write(&mut self.levels[0]);
        for level in 1..self.levels.len() {
            for group in 0..self.levels[level].len() {
                self.add_up(level, group);
            }
        }
    }

    fn add_up(&mut self, level: usize, group: usize) {
        let members = &self.levels[level - 1];
        let end = ((group + 1) * FAN).min(members.len());
        let sum = members[group * FAN..end].iter().sum();
        self.levels[level][group] = sum;
    }

    /// The number in which `point` in [0, total) lies; a number that is 0 is never found.
    pub(super) fn find(&self, mut point: f64) -> usize {
        let mut group = 0;
        for level in self.levels.iter().rev() {
            let start = group * FAN;
            let end = (start + FAN).min(level.len());
            let mut found = start;
            for (i, &value) in level[start..end].iter().enumerate() {
                if value > 0.0 {
                    found = start + i;
                    if point < value {
                        break;
                    }
                    point -= value;
                }
            }
            group = found;
        }
        group
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_fall_where_a_plain_search_puts_them() {
        let n = 5000;
        let mut tree = SumTree::new(n);
        let value = |i: usize| if i.is_multiple_of(3) { 0.0 } else { (i % 7) as f64 };
        tree.set_all(|values| values.iter_mut().enumerate().for_each(|(i, x)| *x = value(i)));
        tree.set(4321, 5.0);
        let value = |i: usize| if i == 4321 { 5.0 } else { value(i) };
        let total: f64 = (0..n).map(value).sum();
        assert_eq!(tree.total(), total);
        for k in 0..997 {
            let point = total * f64::from(k) / 997.0;
            let mut left = point;
            let plain = (0..n).find(|i| {
                left -= value(*i);
                left < 0.0
            });
            assert_eq!(Some(tree.find(point)), plain);
        }
        // rounding may leave a point at the total
        assert!(value(tree.find(total)) > 0.0);
    }
}
