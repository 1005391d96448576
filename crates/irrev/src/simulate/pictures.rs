//! The pictures that every simulation has: paths as steps, means with bands, first passages.

use irrev_network::simulation::estimators::Survival;
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines};

/// Curves in one picture; of more, the first.
pub(super) const MOST_CURVES: usize = 10;

/// A number over time.
pub(super) struct Course {
    pub(super) name: String,
    pub(super) mean: Vec<f64>,
    /// Half width of the band.
    pub(super) spread: Vec<f64>,
    /// The same from a calculation without sampling.
    pub(super) exact: Option<Vec<f64>>,
}

/// Means over time with bands.
pub(super) fn bands(
    (name, title): (&str, &str),
    caption: String,
    (time, value): (Axis, Axis),
    times: &[f64],
    courses: &[Course],
) -> Figure {
    let mut lines = Lines::new(time, value);
    for course in courses.iter().take(MOST_CURVES) {
        let ends = |sign: f64| -> Vec<f64> {
            let pairs = course.mean.iter().zip(&course.spread);
            pairs.map(|(m, s)| m + sign * s).collect()
        };
        lines = lines.curve(
            Curve::new(course.name.clone(), times.to_vec(), course.mean.clone())
                .with_band(ends(-1.0), ends(1.0)),
        );
        if let Some(exact) = &course.exact {
            lines = lines.curve(
                Curve::new(
                    format!("{}, calculated", course.name),
                    times.to_vec(),
                    exact.clone(),
                )
                .styled(CurveStyle::Dashed),
            );
        }
    }
    Figure::new(name, title, caption, lines)
}

/// A function that keeps each value until the next time, and its last until the end, as a line of steps.
pub(super) fn steps(times: &[f64], values: &[f64], end: f64) -> (Vec<f64>, Vec<f64>) {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for (k, (&t, &v)) in times.iter().zip(values).enumerate() {
        // a step up or down begins where the last one ended
        if let Some(&before) = k.checked_sub(1).and_then(|k| values.get(k))
            && before != v
        {
            x.push(t);
            y.push(before);
        }
        if k == 0 || values[k - 1] != v {
            x.push(t);
            y.push(v);
        }
    }
    if let Some(&last) = values.last() {
        x.push(end);
        y.push(last);
    }
    (x, y)
}

/// Probability of not having arrived, with its band.
pub(super) fn survival(record: &Survival, time: Axis, what: &str) -> Figure {
    let points = &record.points;
    let x: Vec<f64> = points.iter().map(|p| p.time).collect();
    let y = points.iter().map(|p| p.survival.value).collect();
    let lower = points.iter().map(|p| p.survival.interval.0).collect();
    let upper = points.iter().map(|p| p.survival.interval.1).collect();
    let lines = Lines::new(time, Axis::new("probability of being under way", "1"))
        .curve(Curve::new("P(T > t)", x, y).with_band(lower, upper));
    Figure::new(
        "first_passage",
        "First passage",
        format!(
            "Share of trajectories that have not yet reached {what}, with the 95 % interval; {} got there, {} were cut off.",
            record.passed, record.censored
        ),
        lines,
    )
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn a_path_keeps_its_value_until_the_next_jump() {
        let (x, y) = steps(&[0.0, 1.0, 2.0, 3.0], &[5.0, 6.0, 6.0, 4.0], 4.0);
        assert_eq!(x, [0.0, 1.0, 1.0, 3.0, 3.0, 4.0]);
        assert_eq!(y, [5.0, 5.0, 6.0, 6.0, 4.0, 4.0]);
    }
}
