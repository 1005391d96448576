//! What can be wrong with a trajectory, a grid, or a question asked of them.

/// Result with the crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Failure of a construction or of a computation; each variant names the place, the value and the way out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two inputs that belong together have different sizes.
    #[error("{what} has {found} entries where {expected} are expected")]
    Size {
        /// Which input.
        what: &'static str,
        /// Entries found.
        found: usize,
        /// Entries expected.
        expected: usize,
    },
    /// A value of a trajectory that is no number.
    #[error(
        "{what} in row {row} is {value}; leave such rows out, or cut the trajectory there (`--split`, in Rust `record::pieces`)"
    )]
    NotFinite {
        /// Which column.
        what: &'static str,
        /// Its row, counted from 0 in the segment.
        row: u64,
        /// Value found.
        value: f64,
    },
    /// Times that do not ascend.
    #[error(
        "time {time} in row {row} follows {before}; times must ascend strictly: sort the rows, and keep one of those that repeat a time"
    )]
    Times {
        /// Row, counted from 0 in the segment.
        row: u64,
        /// Time found.
        time: f64,
        /// Time of the row before.
        before: f64,
    },
    /// A coordinate outside of the period it was given with.
    #[error(
        "coordinate {coordinate} in row {row} is {value}, outside of its period from {start} to {end}; check its unit, or bring it back (`--wrap`, in Rust `Period::wrapped`)"
    )]
    OutsidePeriod {
        /// Which coordinate, counted from 0.
        coordinate: usize,
        /// Its row, counted from 0 in the segment.
        row: u64,
        /// Value found.
        value: f64,
        /// Where the period begins.
        start: f64,
        /// Where it ends.
        end: f64,
    },
    /// A column that is needed and was not given.
    #[error("{what} are needed, and the trajectory has none; give them, or take differences of positions")]
    Missing {
        /// Which columns.
        what: &'static str,
    },
    /// A coordinate that does not exist.
    #[error("coordinate {coordinate} was asked for; the coordinates are 0 to {}", coordinates.saturating_sub(1))]
    NoCoordinate {
        /// Index found.
        coordinate: usize,
        /// Number of coordinates.
        coordinates: usize,
    },
    /// Edges that do not ascend.
    #[error(
        "edge {index} of the cells is {value} and follows {before}; edges must be finite and ascend strictly"
    )]
    Edges {
        /// Which edge, counted from 0.
        index: usize,
        /// Value found.
        value: f64,
        /// The edge before.
        before: f64,
    },
    /// Frames outside of the grid, where all must lie inside.
    #[error(
        "{below} frames lie below and {above} above the cells from {start} to {end}; widen the grid, or allow frames outside of it"
    )]
    OutsideGrid {
        /// Frames below.
        below: u64,
        /// Frames above.
        above: u64,
        /// Lowest edge.
        start: f64,
        /// Highest edge.
        end: f64,
    },
    /// Two things that must agree do not.
    #[error("different {what}; they must be the same")]
    Unlike {
        /// What differs.
        what: &'static str,
    },
    /// Too few cells of a grid were visited often enough.
    #[error(
        "{enough} of {cells} cells have the {least} independent visits that they need, the fullest has {most:.1}; at least {needed} cells side by side are needed: take wider cells, a lower least count, or a longer recording"
    )]
    TooFewVisits {
        /// Cells with enough visits.
        enough: usize,
        /// Cells that are needed, side by side.
        needed: usize,
        /// All cells.
        cells: usize,
        /// Independent visits that a cell needs.
        least: f64,
        /// Independent visits of the fullest cell.
        most: f64,
    },
    /// Nothing to compute an average of.
    #[error("{what} is empty; {way_out}")]
    Empty {
        /// What is empty.
        what: &'static str,
        /// What helps.
        way_out: &'static str,
    },
    /// Velocities are asked of a motion that has none.
    #[error(
        "at steps of {step} the coordinate moves diffusively (squared steps grow like t^{exponent:.2}): ⟨Ṙ²; r⟩ \
         diverges like 1/step and a mean-force potential does not exist; record more \
         often, or take drift and diffusion (`diagnose::kramers_moyal`)"
    )]
    Overdamped {
        /// Exponent of the structure function.
        exponent: f64,
        /// Time step.
        step: f64,
    },
    /// A parameter outside of where it has a meaning.
    #[error("{what} is {value}; expected {expected}")]
    Domain {
        /// Which parameter.
        what: &'static str,
        /// Value found.
        value: f64,
        /// What is expected.
        expected: &'static str,
    },
    /// A memory kernel that no equilibrium bath has.
    #[error(
        "the spectrum of the kernel, times 1 + ω²/κ, is {least} at ω = {frequency}; the noise of a bath in equilibrium needs a positive one: fit with `memory::passive_fit`, or take terms out"
    )]
    NotPassive {
        /// Least value found.
        least: f64,
        /// Where.
        frequency: f64,
    },
    /// A continued fraction of an oscillating kernel that nearly breaks off.
    #[error(
        "the continued fraction of the kernel loses its digits: its transform at s = {s} is off by {error:.1e} of Σ|c_j|/s, for one of its strengths is nearly zero; work with the sum of exponentials"
    )]
    BreaksOff {
        /// Where its transform was compared.
        s: f64,
        /// Deviation, relative to Σ|c_j|/s.
        error: f64,
    },
    /// A fit that misses what it is fitted to.
    #[error(
        "the best passive kernel of {order} variables is off by {misfit:.2} of the kernel (root mean square), more than {allowed}; allow more variables or a larger misfit, or check that the kernel is that of an equilibrium"
    )]
    Misfit {
        /// Variables of the fit.
        order: usize,
        /// Root mean square deviation over that of the kernel.
        misfit: f64,
        /// Most that was allowed.
        allowed: f64,
    },
    /// A stationary state is asked of a linear system that has none.
    #[error(
        "the drift −A x does not bring the system back: an eigenvalue of A has the real part {real_part}; a stationary state needs positive ones, while a finite time does not"
    )]
    Unstable {
        /// The least real part.
        real_part: f64,
    },
    /// Two subsystems whose noises are correlated.
    #[error(
        "the noises of coordinates {i} and {j} are correlated (D = {value}), though they belong to different subsystems; dissipation cannot be attributed to either: choose subsystems with D = 0 between them"
    )]
    CorrelatedNoise {
        /// Coordinate of one subsystem.
        i: usize,
        /// Coordinate of the other.
        j: usize,
        /// D between them.
        value: f64,
    },
    /// A potential that is no number somewhere on a grid.
    #[error("the potential at ({}) is {value}, and must be finite on the whole grid: end it where the potential diverges", places(.point))]
    Potential {
        /// The node, a coordinate for each axis.
        point: Vec<f64>,
        /// Value found.
        value: f64,
    },
    /// A mobility whose principal axes are not those of the grid.
    #[error(
        "the mobility has the entry {value} at ({i}, {j}); jumps between neighbours of a rectangular grid have rates for diagonal mobilities only: turn the coordinates into the principal axes of the mobility"
    )]
    ObliqueMobility {
        /// Row.
        i: usize,
        /// Column.
        j: usize,
        /// Entry found.
        value: f64,
    },
    /// A walker whose coordinate is no number any more.
    #[error(
        "coordinate {coordinate} of walker {walker} is {value} at time {time}, after steps of h = {step}; take shorter steps (try h = {}), or check that the forces bring walkers back", step / 10.0
    )]
    Diverged {
        /// Which walker, counted from 0.
        walker: u64,
        /// Which coordinate, counted from 0.
        coordinate: usize,
        /// When.
        time: f64,
        /// Value found.
        value: f64,
        /// h.
        step: f64,
    },
    /// A step that is too long for the forces or the room.
    #[error(
        "walker {walker} {happened} along coordinate {coordinate}, in one step of h = {step} at time {time}; take shorter steps (try h = {})", step / 10.0
    )]
    StepTooLong {
        /// Which walker, counted from 0.
        walker: u64,
        /// Which coordinate, counted from 0.
        coordinate: usize,
        /// When.
        time: f64,
        /// h.
        step: f64,
        /// What the walker did.
        happened: &'static str,
    },
    /// A force that is no number.
    #[error(
        "the force along coordinate {coordinate} on walker {walker} is {value} at time {time}, where the coordinate is {position}; check the force field there, or take shorter steps than h = {step} if no walker should have come there"
    )]
    Force {
        /// Which walker, counted from 0.
        walker: u64,
        /// Which coordinate, counted from 0.
        coordinate: usize,
        /// When.
        time: f64,
        /// The coordinate of the walker.
        position: f64,
        /// Value found.
        value: f64,
        /// h.
        step: f64,
    },
    /// A field from outside of this crate (an expression, a function of another language) could not be evaluated.
    #[error("the force field could not be evaluated at time {time}: {reason}")]
    Field {
        /// When.
        time: f64,
        /// What its evaluation reported.
        reason: String,
    },
    /// Auxiliary variables whose noise does not exist.
    #[error(
        "the memory is not passive: the drift A of its auxiliary variables has an eigenvalue {eigenvalue} of A + Aᵀ, and no noise has a negative covariance (a rate is negative, or a phase is too large: |ω tan φ| ≤ a); constrain the fit of the kernel to a non-negative spectrum"
    )]
    ActiveMemory {
        /// Least eigenvalue of A + Aᵀ.
        eigenvalue: f64,
    },
    /// A method that cannot do what is asked.
    #[error("{method}: {reason}")]
    Method {
        /// Which method.
        method: &'static str,
        /// What it cannot do, and what can.
        reason: &'static str,
    },
    /// Something on a network failed.
    #[error(transparent)]
    Network(#[from] irrev_network::Error),
    /// Something in the numerics failed.
    #[error(transparent)]
    Numerics(#[from] irrev_numerics::Error),
}

/// Numbers with commas between.
fn places(point: &[f64]) -> String {
    point.iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
}

impl Error {
    /// What kind of failure this is, which decides the exit code of the command and the exception of Python.
    #[must_use]
    pub fn kind(&self) -> irrev_numerics::ErrorKind {
        match self {
            Self::Network(error) => error.kind(),
            Self::Numerics(error) => error.kind(),
            _ => irrev_numerics::ErrorKind::Invalid,
        }
    }

    /// The coordinate that it is about, counted from 0, if it is about one of several: what names coordinates can say which.
    #[must_use]
    pub fn coordinate(&self) -> Option<usize> {
        match self {
            Self::OutsidePeriod { coordinate, .. }
            | Self::Diverged { coordinate, .. }
            | Self::StepTooLong { coordinate, .. }
            | Self::Force { coordinate, .. } => Some(*coordinate),
            _ => None,
        }
    }

    /// `Err(Error::Domain)` unless the condition holds.
    pub(crate) fn require(what: &'static str, value: f64, holds: bool, expected: &'static str) -> Result<()> {
        if holds {
            Ok(())
        } else {
            Err(Self::Domain {
                what,
                value,
                expected,
            })
        }
    }

    /// `Err(Error::Size)` unless the sizes agree.
    pub(crate) fn require_size(what: &'static str, found: usize, expected: usize) -> Result<()> {
        if found == expected {
            Ok(())
        } else {
            Err(Self::Size {
                what,
                found,
                expected,
            })
        }
    }
}
