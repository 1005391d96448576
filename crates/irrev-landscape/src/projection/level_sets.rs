//! Coordinates of a plane with charts of their level sets.

use crate::error::{Error, Result};

/// A point of a level set, with what averages over it need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelPoint {
    /// q(r, s).
    pub point: [f64; 2],
    /// J = |∂q/∂(r, s)|.
    pub area: f64,
    /// ∇R.
    pub gradient: [f64; 2],
    /// ΔR.
    pub laplacian: f64,
}

type Chart<'a> = Box<dyn Fn(f64, f64) -> LevelPoint + 'a>;
/// Range of s at r, for a system of a given reach.
type Range<'a> = Box<dyn Fn(f64, f64) -> Result<(f64, f64)> + 'a>;

/// A coordinate R of the plane as a chart q(r, s) of its level sets.
pub struct LevelSets<'a> {
    chart: Chart<'a>,
    range: Range<'a>,
}

impl std::fmt::Debug for LevelSets<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LevelSets").finish_non_exhaustive()
    }
}

impl<'a> LevelSets<'a> {
    /// Any coordinate: the chart, and the range of s at r for a system whose density is negligible beyond a distance `reach` from the origin.
    pub fn of_chart(
        chart: impl Fn(f64, f64) -> LevelPoint + 'a,
        range: impl Fn(f64, f64) -> Result<(f64, f64)> + 'a,
    ) -> Self {
        Self {
            chart: Box::new(chart),
            range: Box::new(range),
        }
    }

    /// R = c·q.
    ///
    /// # Errors
    /// [`Error::Domain`] for a direction that is zero or not finite.
    pub fn linear(c: [f64; 2]) -> Result<Self> {
        let length = c[0].hypot(c[1]);
        Error::require(
            "the length of a direction",
            length,
            length > 0.0 && length.is_finite(),
            "a positive number",
        )?;
        let unit = c.map(|x| x / length);
        Ok(Self::of_chart(
            move |r, s| LevelPoint {
                point: [
                    unit[0] * r / length - unit[1] * s,
                    unit[1] * r / length + unit[0] * s,
                ],
                area: length.recip(),
                gradient: c,
                laplacian: 0.0,
            },
            |_, reach| Ok((-reach, reach)),
        ))
    }

    /// R = |q − centre|, positive.
    #[must_use]
    pub fn distance(centre: [f64; 2]) -> Self {
        Self::of_chart(
            move |r, s| {
                let direction = [s.cos(), s.sin()];
                LevelPoint {
                    point: [centre[0] + r * direction[0], centre[1] + r * direction[1]],
                    area: r,
                    gradient: direction,
                    laplacian: r.recip(),
                }
            },
            |r, _| {
                Error::require("a distance", r, r > 0.0, "a positive number")?;
                Ok((-std::f64::consts::PI, std::f64::consts::PI))
            },
        )
    }

    /// R = |q − (−f, 0)| − |q − (f, 0)|, between −2f and 2f: 2f cos ν in elliptic coordinates.
    ///
    /// # Errors
    /// [`Error::Domain`] unless f is positive.
    pub fn difference_of_distances(f: f64) -> Result<Self> {
        require_focus(f)?;
        Ok(Self::of_chart(
            move |r, mu| {
                let nu = (r / (2.0 * f)).acos();
                elliptic(f, mu, nu, -2.0 * f * nu.sin(), -2.0 * f * nu.cos())
            },
            move |r, reach| {
                Error::require(
                    "a difference of distances",
                    r,
                    r.abs() < 2.0 * f,
                    "less than the distance between the foci",
                )?;
                let far = farthest(f, reach);
                Ok((-far, far))
            },
        ))
    }

    /// R = c ν with q = f (cosh μ cos ν, sinh μ sin ν), μ ≥ 0: an angle round the segment between the foci, of period 2π c, −π c < r ≤ π c.
    ///
    /// # Errors
    /// [`Error::Domain`] unless f and c are positive.
    pub fn elliptic_angle(f: f64, c: f64) -> Result<Self> {
        require_focus(f)?;
        Error::require(
            "the length of a unit angle",
            c,
            c > 0.0 && c.is_finite(),
            "a positive number",
        )?;
        Ok(Self::of_chart(
            move |r, mu| elliptic(f, mu, r / c, c, 0.0),
            move |r, reach| {
                Error::require(
                    "an elliptic angle",
                    r,
                    r.abs() <= std::f64::consts::PI * c,
                    "one between −π c and π c",
                )?;
                Ok((0.0, farthest(f, reach)))
            },
        ))
    }

    /// R = q₂ + g q₁².
    ///
    /// # Errors
    /// [`Error::Domain`] unless g is finite.
    pub fn parabola(g: f64) -> Result<Self> {
        Error::require("the curvature of a parabola", g, g.is_finite(), "a finite number")?;
        Ok(Self::of_chart(
            move |r, s| LevelPoint {
                point: [s, r - g * s * s],
                area: 1.0,
                gradient: [2.0 * g * s, 1.0],
                laplacian: 2.0 * g,
            },
            |_, reach| Ok((-reach, reach)),
        ))
    }

    pub(super) fn at(&self, r: f64, s: f64) -> LevelPoint {
        (self.chart)(r, s)
    }

    pub(super) fn parameters(&self, r: f64, reach: f64) -> Result<(f64, f64)> {
        (self.range)(r, reach)
    }
}

fn require_focus(f: f64) -> Result<()> {
    Error::require(
        "the distance of a focus from the centre",
        f,
        f > 0.0 && f.is_finite(),
        "a positive number",
    )
}

/// μ beyond which points lie out of reach: f sinh μ = reach.
fn farthest(f: f64, reach: f64) -> f64 {
    (reach / f).asinh()
}

/// A coordinate R(ν) with R' and R'': |∂q/∂ν|² = |∂q/∂μ|² = h², area h²/|R'|, ∇R = R' ∂q/∂ν/h², ΔR = R''/h².
fn elliptic(f: f64, mu: f64, nu: f64, first: f64, second: f64) -> LevelPoint {
    let square = f * f * (mu.sinh().powi(2) + nu.sin().powi(2));
    let along = [-f * mu.cosh() * nu.sin(), f * mu.sinh() * nu.cos()];
    LevelPoint {
        point: [f * mu.cosh() * nu.cos(), f * mu.sinh() * nu.sin()],
        area: square / first.abs(),
        gradient: along.map(|x| first * x / square),
        laplacian: second / square,
    }
}
