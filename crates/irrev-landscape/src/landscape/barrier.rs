//! Wells and barriers of a landscape.

/// The highest interior maximum of a landscape on an interval, and how high it stands above the lowest points on either side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Barrier<T = f64> {
    /// Where its top is, in the unit of the coordinate.
    pub top: T,
    /// Top minus the lowest value between the left end of the interval and the top.
    pub from_left: T,
    /// Top minus the lowest value between the top and the right end.
    pub from_right: T,
}

/// The barrier of values at ascending points. `None` if no interior point is higher than its neighbours.
///
/// Top and wells are those of parabolas through the three points around them; equal neighbours count as one.
///
/// ```
/// use irrev_landscape::landscape::barrier;
/// let points: Vec<f64> = (-60..=60).map(|k| 0.025 * f64::from(k)).collect();
/// let double_well: Vec<f64> = points.iter().map(|x| (x * x - 1.0) * (x * x - 1.0)).collect();
/// let found = barrier(&points, &double_well).unwrap();
/// assert!(found.top.abs() < 1e-12 && (found.from_left - 1.0).abs() < 1e-4 && (found.from_right - 1.0).abs() < 1e-4);
/// assert!(barrier(&points, &points).is_none());
/// ```
#[must_use]
pub fn barrier(points: &[f64], values: &[f64]) -> Option<Barrier> {
    let top = maxima(values)
        .into_iter()
        .max_by(|i, j| values[*i].total_cmp(&values[*j]))?;
    let (place, height) = vertex(points, values, top);
    let lowest = |range: std::ops::RangeInclusive<usize>| {
        range
            .min_by(|i, j| values[*i].total_cmp(&values[*j]))
            .map_or(f64::NAN, |well| vertex(points, values, well).1)
    };
    Some(Barrier {
        top: place,
        from_left: height - lowest(0..=top),
        from_right: height - lowest(top..=values.len() - 1),
    })
}

/// Interior points above their neighbours; of several equal ones, the first.
fn maxima(values: &[f64]) -> Vec<usize> {
    let n = values.len();
    (1..n.saturating_sub(1))
        .filter(|&i| {
            let next = values[i..].iter().find(|v| **v != values[i]);
            values[i] > values[i - 1] && next.is_some_and(|next| *next < values[i])
        })
        .collect()
}

/// Place and height of the vertex of the parabola through a point and its neighbours, if it is an extremum between them; otherwise the point itself.
fn vertex(points: &[f64], values: &[f64], i: usize) -> (f64, f64) {
    let here = (points[i], values[i]);
    if i == 0 || i + 1 == points.len() {
        return here;
    }
    let (h1, h2) = (points[i] - points[i - 1], points[i + 1] - points[i]);
    let (s1, s2) = ((values[i] - values[i - 1]) / h1, (values[i + 1] - values[i]) / h2);
    if s1 * s2 >= 0.0 {
        return here;
    }
    let (slope, half_curvature) = ((s1 * h2 + s2 * h1) / (h1 + h2), (s2 - s1) / (h1 + h2));
    let shift = -0.5 * slope / half_curvature;
    (points[i] + shift, values[i] + 0.5 * slope * shift)
}

/// A well of a landscape: a minimum, and the least height over which one leaves it for a deeper one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Well {
    /// Index of its lowest point.
    pub place: usize,
    /// Its persistence: the lowest pass to a deeper well (or, for the deepest, the highest value) minus its lowest value.
    pub depth: f64,
}

/// Wells at least `least_depth` deep, in the order of their places: what noise adds are wells of little depth, and they go first.
///
/// ```
/// use irrev_landscape::landscape::wells;
/// let found = wells(&[3.0, 0.0, 0.1, 0.05, 2.0, 1.0, 4.0], 0.5);
/// let places: Vec<usize> = found.iter().map(|well| well.place).collect();
/// assert_eq!(places, [1, 5]);
/// assert_eq!((found[0].depth, found[1].depth), (4.0, 1.0));
/// ```
#[must_use]
pub fn wells(values: &[f64], least_depth: f64) -> Vec<Well> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|i, j| values[*i].total_cmp(&values[*j]).then(i.cmp(j)));
    // water rises: each point starts a pool, or joins the pools on either side, and the shallower pool ends there
    let mut pool: Vec<Option<usize>> = vec![None; values.len()];
    let mut found = Vec::new();
    for &i in &order {
        let left = i.checked_sub(1).and_then(|k| pool[k]);
        let right = pool.get(i + 1).copied().flatten();
        pool[i] = match (left, right) {
            (None, None) => Some(i),
            (Some(bottom), None) | (None, Some(bottom)) => Some(bottom),
            (Some(a), Some(b)) => {
                let (deep, shallow) = if (values[a], a) <= (values[b], b) {
                    (a, b)
                } else {
                    (b, a)
                };
                found.push(Well {
                    place: shallow,
                    depth: values[i] - values[shallow],
                });
                for entry in pool.iter_mut().filter(|entry| **entry == Some(shallow)) {
                    *entry = Some(deep);
                }
                Some(deep)
            }
        };
    }
    if let (Some(lowest), Some(highest)) = (order.first(), order.last()) {
        found.push(Well {
            place: *lowest,
            depth: values[*highest] - values[*lowest],
        });
    }
    found.retain(|well| well.depth >= least_depth);
    found.sort_by_key(|well| well.place);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plateaus_and_ends_are_handled() {
        let points = [0.0, 1.0, 2.0, 3.0, 4.0];
        let flat = barrier(&points, &[0.0, 1.0, 1.0, 0.5, 0.0]).unwrap();
        assert_eq!((flat.from_left, flat.from_right), (1.0, 1.0));
        assert!(barrier(&points, &[1.0, 1.0, 1.0, 1.0, 1.0]).is_none());
        assert!(barrier(&points, &[2.0, 1.0, 0.0, 1.0, 2.0]).is_none());
        assert!(barrier(&[], &[]).is_none());
        assert!(wells(&[], 0.0).is_empty());
        assert_eq!(wells(&[1.0], 0.0), [Well { place: 0, depth: 0.0 }]);
    }

    #[test]
    fn a_parabola_has_its_vertex_wherever_the_points_are() {
        let points = [-0.7, -0.2, 0.1, 0.9];
        let values = points.map(|x: f64| 2.0 - (x - 0.05) * (x - 0.05));
        let found = barrier(&points, &values).unwrap();
        assert!((found.top - 0.05).abs() < 1e-12);
        assert!((found.from_right - 0.85 * 0.85).abs() < 1e-12);
    }
}
