//! A k-d tree for distances in the maximum norm: nearest neighbours, and how many points lie strictly closer than a distance.
//!
//! Leaves hold up to sixteen points, coordinate by coordinate, so that distances to all of them are computed side by side. Boxes are tight. Rounding is monotone:
//! what holds of the edge of a box holds of every point in it, so that answers are exactly those of comparing all pairs.

/// Points of a leaf.
const LEAF: usize = 16;

/// Points in some dimensions.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    dimensions: usize,
    nodes: Vec<Node>,
    /// Lower and upper corners, node after node.
    corners: Vec<f64>,
    /// Coordinates, leaf after leaf, dimension after dimension; infinite where a leaf is not full.
    coordinates: Vec<f64>,
    /// Which point stands where in the leaves; `u32::MAX` where none does.
    places: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    points: u32,
    /// The second child; the first one follows its parent. 0 for a leaf.
    second: u32,
    leaf: u32,
}

/// Where a search left off; kept between queries so that nothing is allocated for each.
#[derive(Debug, Default)]
pub(super) struct Search {
    stack: Vec<(f64, u32)>,
    nearest: Vec<f64>,
}

impl Tree {
    /// Tree of points given by columns of equal length.
    pub(super) fn new(columns: &[&[f64]]) -> Self {
        let mut tree = Self {
            dimensions: columns.len(),
            nodes: Vec::new(),
            corners: Vec::new(),
            coordinates: Vec::new(),
            places: Vec::new(),
        };
        let mut points: Vec<u32> = (0..columns[0].len() as u32).collect();
        tree.grow(columns, &mut points);
        tree
    }

    fn grow(&mut self, columns: &[&[f64]], points: &mut [u32]) {
        let node = self.nodes.len();
        let mut widest = (-1.0, 0);
        let start = self.corners.len();
        self.corners.resize(start + 2 * self.dimensions, 0.0);
        for (d, column) in columns.iter().enumerate() {
            let (low, high) = points
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &i| {
                    let x = column[i as usize];
                    (low.min(x), high.max(x))
                });
            self.corners[start + d] = low;
            self.corners[start + self.dimensions + d] = high;
            if high - low > widest.0 {
                widest = (high - low, d);
            }
        }
        self.nodes.push(Node {
            points: points.len() as u32,
            second: 0,
            leaf: 0,
        });
        if points.len() <= LEAF {
            self.nodes[node].leaf = (self.places.len() / LEAF) as u32;
            for column in columns {
                self.coordinates
                    .extend(points.iter().map(|&i| column[i as usize]));
                self.coordinates
                    .resize(self.coordinates.len().next_multiple_of(LEAF), f64::INFINITY);
            }
            self.places.extend_from_slice(points);
            self.places
                .resize(self.places.len().next_multiple_of(LEAF), u32::MAX);
            return;
        }
        let column = columns[widest.1];
        // whole leaves on the first side
        let middle = (points.len() / 2).next_multiple_of(LEAF).min(points.len() - 1);
        points.select_nth_unstable_by(middle, |&a, &b| column[a as usize].total_cmp(&column[b as usize]));
        let (first, second) = points.split_at_mut(middle);
        self.grow(columns, first);
        self.nodes[node].second = self.nodes.len() as u32;
        self.grow(columns, second);
    }

    /// Points in the order of the leaves: neighbours in it are neighbours in space.
    pub(super) fn order(&self) -> Vec<u32> {
        self.places.iter().copied().filter(|&i| i != u32::MAX).collect()
    }

    /// Least and largest distance of a point to a box.
    #[inline(always)]
    fn reach(&self, node: u32, point: &[f64]) -> (f64, f64) {
        let d = self.dimensions;
        let corners = &self.corners[2 * d * node as usize..][..2 * d];
        let (low, high) = corners.split_at(d);
        let (mut least, mut most) = (0.0_f64, 0.0_f64);
        for ((&q, &low), &high) in point.iter().zip(low).zip(high) {
            let (below, above) = (q - low, high - q);
            least = least.max(-below).max(-above);
            most = most.max(below).max(above);
        }
        (least, most)
    }

    /// Distances to the points of a leaf; infinite where there are none.
    #[inline(always)]
    fn distances(&self, leaf: u32, point: &[f64]) -> [f64; LEAF] {
        let d = self.dimensions;
        let coordinates = &self.coordinates[leaf as usize * LEAF * d..][..LEAF * d];
        let mut out = [0.0_f64; LEAF];
        for (&q, column) in point.iter().zip(coordinates.chunks_exact(LEAF)) {
            for (out, &x) in out.iter_mut().zip(column) {
                let distance = (q - x).abs();
                *out = if distance > *out { distance } else { *out };
            }
        }
        out
    }

    /// Distance to the k-th nearest of the other points; `itself` is left out.
    pub(super) fn nearest(&self, point: &[f64], itself: u32, k: usize, search: &mut Search) -> f64 {
        let Search { stack, nearest } = search;
        nearest.clear();
        nearest.resize(k, f64::INFINITY);
        stack.clear();
        stack.push((0.0, 0));
        let mut farthest = f64::INFINITY;
        while let Some((least, mut at)) = stack.pop() {
            if least >= farthest {
                continue;
            }
            loop {
                let node = self.nodes[at as usize];
                if node.second == 0 {
                    let distances = self.distances(node.leaf, point);
                    let places = &self.places[node.leaf as usize * LEAF..][..LEAF];
                    for (&distance, &place) in distances.iter().zip(places) {
                        if distance < farthest && place != itself {
                            insert(nearest, distance);
                            farthest = nearest[k - 1];
                        }
                    }
                    break;
                }
                let (first, second) = (at + 1, node.second);
                let (to_first, to_second) = (self.reach(first, point).0, self.reach(second, point).0);
                let (near, far) = if to_first <= to_second {
                    (first, (to_second, second))
                } else {
                    (second, (to_first, first))
                };
                if far.0 < farthest {
                    stack.push(far);
                }
                if to_first.min(to_second) >= farthest {
                    break;
                }
                at = near;
            }
        }
        farthest
    }

    /// Number of points strictly closer than a distance, a point at the place itself included.
    pub(super) fn closer(&self, point: &[f64], distance: f64, search: &mut Search) -> usize {
        let stack = &mut search.stack;
        stack.clear();
        stack.push((0.0, 0));
        let mut count = 0;
        while let Some((_, at)) = stack.pop() {
            let (least, most) = self.reach(at, point);
            if least >= distance {
                continue;
            }
            let node = self.nodes[at as usize];
            if most < distance {
                count += node.points as usize;
            } else if node.second == 0 {
                let distances = self.distances(node.leaf, point);
                count += distances
                    .iter()
                    .map(|&d| usize::from(d < distance))
                    .sum::<usize>();
            } else {
                stack.push((0.0, node.second));
                stack.push((0.0, at + 1));
            }
        }
        count
    }
}

/// Keeps a sorted list of the least numbers; the largest one falls out.
#[inline(always)]
fn insert(sorted: &mut [f64], value: f64) {
    let mut place = sorted.len() - 1;
    while place > 0 && sorted[place - 1] > value {
        sorted[place] = sorted[place - 1];
        place -= 1;
    }
    sorted[place] = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_numerics::streams::{Purpose, Stream};

    #[test]
    fn answers_are_those_of_comparing_all_pairs() {
        let mut stream = Stream::new(1, Purpose::Search, 0);
        for (n, d, lattice) in [
            (1, 1, false),
            (16, 2, false),
            (17, 1, false),
            (500, 3, false),
            (300, 2, true),
            (200, 6, false),
        ] {
            let columns: Vec<Vec<f64>> = (0..d)
                .map(|_| {
                    (0..n)
                        .map(|_| {
                            if lattice {
                                stream.below(5) as f64
                            } else {
                                stream.normal()
                            }
                        })
                        .collect()
                })
                .collect();
            let tree = Tree::new(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>());
            let mut search = Search::default();
            let mut order = tree.order();
            order.sort_unstable();
            assert_eq!(order, (0..n as u32).collect::<Vec<_>>());
            for i in 0..n {
                let point: Vec<f64> = columns.iter().map(|c| c[i]).collect();
                let distance = |j: usize| columns.iter().fold(0.0_f64, |m, c| m.max((c[i] - c[j]).abs()));
                let mut all: Vec<f64> = (0..n).filter(|&j| j != i).map(distance).collect();
                all.sort_by(f64::total_cmp);
                let k = 3.min(all.len());
                if k > 0 {
                    let found = tree.nearest(&point, i as u32, k, &mut search);
                    assert_eq!(found, all[k - 1]);
                    let closer = (0..n).filter(|&j| distance(j) < found).count();
                    assert_eq!(tree.closer(&point, found, &mut search), closer);
                }
            }
        }
    }
}
