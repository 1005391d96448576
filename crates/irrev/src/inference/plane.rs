//! The plane of the phase diagram: what the infinite network does over βΔJ and βJ₀ with the fields found.

use irrev_ising::ensemble::FieldLaw;
use irrev_ising::inference::{Ellipse, Scenario};
use irrev_ising::infinite::{Axis, Branch, InfiniteNetwork, Parameter, PhaseDiagram, Quantity};
use irrev_numerics::Run;
use irrev_report::{Curve, CurveStyle, Mark, readable_number};

/// Points of an axis of the map.
const POINTS: usize = 41;
/// Points of an ellipse.
const ROUND: usize = 120;

/// Halvings of the interval of magnetisations, which lead as far as one below 1 can be told from 1.
const HALVINGS: usize = 50;

/// Decades of entropy production that colours tell apart; what is below looks like their lower end.
const DECADES: i32 = 5;

/// How many times as high as the rest of the plane the critical line may lie and still be drawn.
const FARTHEST: f64 = 8.0;

/// The map and what is drawn on it.
pub(super) struct Plane {
    /// The network at the place found.
    network: InfiniteNetwork,
    /// Size of the magnetisation at which its spins have the mean response found.
    held: f64,
    /// βΔJ.
    pub(super) x: Vec<f64>,
    /// βJ₀.
    pub(super) y: Vec<f64>,
    /// σ/N, rows of βJ₀.
    pub(super) entropy_production: Vec<Vec<f64>>,
    /// S_c/N, likewise.
    pub(super) conditional_entropy: Vec<Vec<f64>>,
    /// Points (βΔJ, βJ₀) where alternation begins, from left to right.
    alternation: Vec<(f64, f64)>,
}

/// The infinite network at the place found, β contained in the couplings.
pub(super) fn network_at(scenario: &Scenario) -> InfiniteNetwork {
    InfiniteNetwork {
        inverse_temperature: 1.0,
        mean_coupling: scenario.mean_coupling.value,
        spread: scenario.coupling_spread.value,
        fields: FieldLaw::Gaussian {
            mean: scenario.fields.0,
            spread: scenario.fields.1,
        },
    }
}

/// The branch on which activity lies.
pub(super) fn branch(mean_activity: f64) -> Branch {
    if mean_activity < 0.0 {
        Branch::Down
    } else {
        Branch::Up
    }
}

/// The mean coupling βJ₀ at which order begins without fields.
pub(super) fn critical_without_fields(spread: f64) -> irrev_ising::Result<f64> {
    let network = InfiniteNetwork {
        inverse_temperature: 1.0,
        mean_coupling: 0.0,
        spread,
        fields: FieldLaw::Constant(0.0),
    };
    network.critical_mean_coupling(0.0)
}

/// The size of the magnetisation at which spins of a network have a mean response, 0 if they respond less at any.
fn with_response(network: &InfiniteNetwork, response: f64) -> irrev_ising::Result<f64> {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if network.critical_mean_coupling(middle)? < 1.0 / response {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

impl Plane {
    /// The plane around the place, up to where a network with the mean response found is critical, unless that is far away.
    pub(super) fn around(
        scenario: &Scenario,
        branch: Branch,
        response: f64,
        run: &Run<'_>,
    ) -> irrev_ising::Result<Self> {
        let (mean, spread) = (&scenario.mean_coupling, &scenario.coupling_spread);
        let reach = |interval: (f64, f64), value: f64| 0.5 * (interval.1 - interval.0).abs() + value.abs();
        let right = (1.25 * reach(spread.interval, spread.value)).max(2.0);
        let near = (1.25 * reach(mean.interval, mean.value.max(0.0))).max(2.5);
        let critical = 1.1 / response;
        let top = if critical < FARTHEST * near {
            critical.max(near)
        } else {
            near
        };
        let network = network_at(scenario);
        let bottom = (1.25 * (mean.value.min(0.0) - (mean.interval.1 - mean.interval.0))).min(-0.5);
        let x = Axis {
            parameter: Parameter::Spread,
            // without spread nothing is produced, which has no place on a logarithmic scale
            from: right / POINTS as f64,
            to: right,
            points: POINTS,
        };
        let y = Axis {
            parameter: Parameter::MeanCoupling,
            from: bottom,
            to: top,
            points: POINTS,
        };
        let map = PhaseDiagram::of(&network, x, y, branch, run)?;
        let rows = |quantity| map.values(quantity).chunks(POINTS).map(<[f64]>::to_vec).collect();
        let mut alternation = map.alternation_line.clone();
        alternation.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(Self {
            alternation,
            held: with_response(&network, response)?,
            network,
            x: x.values(),
            y: y.values(),
            entropy_production: rows(Quantity::EntropyProduction),
            conditional_entropy: rows(Quantity::ParallelConditionalEntropy),
        })
    }

    /// σ/N for a logarithmic run of colours, held above a floor, and that floor: a few decades below the largest value, and one below the recording's.
    pub(super) fn entropy_production_above_floor(&self, own: f64) -> (Vec<Vec<f64>>, f64) {
        let values = self.entropy_production.iter().flatten().copied();
        let largest = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
        let floor = (largest * 10_f64.powi(-DECADES)).min(if own > 0.0 { 0.1 * own } else { f64::INFINITY });
        let held = |row: &Vec<f64>| row.iter().map(|value| value.max(floor)).collect();
        (self.entropy_production.iter().map(held).collect(), floor)
    }

    /// Where parallel updates of networks with the fields found begin to alternate.
    pub(super) fn alternation_line(&self) -> Option<Curve> {
        if self.alternation.is_empty() {
            return None;
        }
        let (x, y) = self.alternation.iter().copied().unzip();
        Some(Curve::new("alternation line", x, y).styled(CurveStyle::Dashed))
    }

    /// Where a network is critical whose fields spread as those found and whose spins are held where they respond as found: through the critical mean coupling
    /// at the spread found.
    pub(super) fn critical_line(&self) -> irrev_ising::Result<Curve> {
        let critical = |spread: &f64| {
            let network = InfiniteNetwork {
                spread: *spread,
                ..self.network
            };
            network.critical_mean_coupling(self.held)
        };
        let line: irrev_ising::Result<Vec<f64>> = self.x.iter().map(critical).collect();
        Ok(Curve::new(
            "critical line at the response found",
            self.x.clone(),
            line?,
        ))
    }

    /// Where order begins without fields.
    pub(super) fn line_without_fields(&self) -> irrev_ising::Result<Curve> {
        let line: irrev_ising::Result<Vec<f64>> = self
            .x
            .iter()
            .map(|spread| critical_without_fields(*spread))
            .collect();
        Ok(Curve::new("critical line without fields", self.x.clone(), line?).styled(CurveStyle::Dashed))
    }

    /// Lines of equal value of a map, pieces parted by gaps, with a label on each.
    pub(super) fn contours(&self, values: &[Vec<f64>], levels: &[f64], name: String) -> (Curve, Vec<Mark>) {
        let (mut x, mut y) = (Vec::new(), Vec::new());
        let mut labels = Vec::new();
        for level in levels {
            let first = x.len();
            for j in 1..self.y.len() {
                for i in 1..self.x.len() {
                    for piece in self.pieces(values, (i, j), *level) {
                        for (px, py) in piece {
                            x.push(px);
                            y.push(py);
                        }
                        x.push(f64::NAN);
                        y.push(f64::NAN);
                    }
                }
            }
            // pieces have three entries each; the label stands in the middle one
            let middle = first + (x.len() - first) / 6 * 3;
            if middle < x.len() {
                labels.push(Mark::label(x[middle], y[middle], readable_number(*level, 2)));
            }
        }
        (Curve::new(name, x, y), labels)
    }

    /// Pieces of a contour in the cell whose upper right corner is (i, j): marching squares, ends by linear interpolation.
    fn pieces(&self, values: &[Vec<f64>], (i, j): (usize, usize), level: f64) -> Vec<[(f64, f64); 2]> {
        let corners = [(i - 1, j - 1), (i, j - 1), (i, j), (i - 1, j)];
        let mut ends = Vec::with_capacity(4);
        for side in 0..4 {
            let (a, b) = (corners[side], corners[(side + 1) % 4]);
            let (va, vb) = (values[a.1][a.0] - level, values[b.1][b.0] - level);
            if (va < 0.0) != (vb < 0.0) {
                let part = va / (va - vb);
                let between = |from: f64, to: f64| from + part * (to - from);
                ends.push((
                    between(self.x[a.0], self.x[b.0]),
                    between(self.y[a.1], self.y[b.1]),
                ));
            }
        }
        ends.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
    }
}

/// The outline of an error ellipse whose first parameter is drawn upwards; the spread cannot be negative.
pub(super) fn outline(ellipse: &Ellipse, name: String) -> Curve {
    let (sin, cos) = ellipse.angle.sin_cos();
    let point = |k: usize| {
        let turn = 2.0 * std::f64::consts::PI * k as f64 / ROUND as f64;
        let (long, short) = (ellipse.half_axes.0 * turn.cos(), ellipse.half_axes.1 * turn.sin());
        let mean = ellipse.centre.0 + long * cos - short * sin;
        let spread = ellipse.centre.1 + long * sin + short * cos;
        (spread.max(0.0), mean)
    };
    let (x, y) = (0..=ROUND).map(point).unzip();
    Curve::new(name, x, y)
}
