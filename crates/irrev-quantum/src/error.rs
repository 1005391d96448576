//! What can be wrong with a lattice, a Hamiltonian, or a question asked of them.

use irrev_numerics::ErrorKind;

/// Result with the crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Failure of a construction or of a computation; each variant names the place, the value and the way out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A lattice needs at least one site.
    #[error("the lattice has no sites; give at least one")]
    NoSites,
    /// States are kept as words of 64 bits, one bit a site.
    #[error("the lattice has {sites} sites; at most 64 fit into one word of occupations")]
    TooManySites {
        /// Sites asked for.
        sites: usize,
    },
    /// A bond that leads from a site to itself.
    #[error("bond {bond} joins site {site} with itself; a bond needs two different sites")]
    SelfBond {
        /// Which bond, counted from 0.
        bond: usize,
        /// Its site.
        site: usize,
    },
    /// A site that does not exist.
    #[error("{what} names site {site}; the sites are 0 to {}", sites - 1)]
    Site {
        /// Who names it.
        what: String,
        /// Site found.
        site: usize,
        /// Sites of the lattice.
        sites: usize,
    },
    /// A site listed twice where every site may occur once.
    #[error("{what} lists site {site} twice")]
    RepeatedSite {
        /// Which list.
        what: &'static str,
        /// The site.
        site: usize,
    },
    /// Distances are asked of a lattice that was given as a list of bonds only.
    #[error(
        "the lattice was given by its bonds only, so that its sites have no distances in space; use graph distances, or list the bonds wanted"
    )]
    NoGeometry,
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
    /// A number that must be finite is not.
    #[error("{what} {index} is {value}; it must be finite")]
    NotFinite {
        /// Which number.
        what: &'static str,
        /// Its place, counted from 0.
        index: usize,
        /// Value found.
        value: f64,
    },
    /// Couplings given as a matrix that is not Hermitian.
    #[error(
        "{what} from site {j} to site {i} and back are not complex conjugates of each other; the Hamiltonian would not be Hermitian"
    )]
    NotHermitian {
        /// Which couplings.
        what: &'static str,
        /// Row.
        i: usize,
        /// Column.
        j: usize,
    },
    /// More particles than sites.
    #[error("{particles} hard-core particles do not fit on {sites} sites")]
    Particles {
        /// Particles asked for.
        particles: usize,
        /// Sites of the lattice.
        sites: usize,
    },
    /// More states than a vector can have entries.
    #[error(
        "the sector has {states} states, more than a vector can have entries; take fewer particles or sites"
    )]
    TooManyStates {
        /// Dimension of the sector.
        states: u64,
    },
    /// Real vectors cannot be mapped by complex hoppings.
    #[error(
        "the Hamiltonian has complex hoppings and maps real vectors to complex ones; use complex vectors"
    )]
    ComplexHoppings,
    /// Vectors side by side come in a few numbers only.
    #[error("{lanes} vectors side by side; 1, 2, 4 or 8 are possible")]
    Lanes {
        /// Number asked for.
        lanes: usize,
    },
    /// A permutation that changes the Hamiltonian.
    #[error(
        "generator {generator} is no symmetry: it moves sites or bonds onto others with different energies or couplings"
    )]
    NotASymmetry {
        /// Which generator, counted from 0.
        generator: usize,
    },
    /// Symmetries that do not commute have no common characters.
    #[error("generators {first} and {second} do not commute; take one of them, or others that do")]
    NotCommuting {
        /// One generator.
        first: usize,
        /// Another.
        second: usize,
    },
    /// A group with too many elements.
    #[error("the generators make a group of more than {most} elements; take fewer of them")]
    LargeGroup {
        /// Most elements.
        most: usize,
    },
    /// A Chebyshev expansion grew, which means that a level lies outside of the interval it was made for.
    #[error(
        "the norm of an evolved state drifted by {drift:.1e}: some level lies outside of the bounds {lowest} to {highest}; give wider bounds"
    )]
    Diverged {
        /// Drift of the norm.
        drift: f64,
        /// Lower bound that was used.
        lowest: f64,
        /// Upper bound that was used.
        highest: f64,
    },
    /// Vectors that must be orthonormal are not.
    #[error(
        "vectors {first} and {second} of the system have the overlap {overlap}; they must be orthonormal"
    )]
    NotOrthonormal {
        /// One vector.
        first: usize,
        /// Another, or the same.
        second: usize,
        /// Modulus of their overlap.
        overlap: f64,
    },
    /// A sector that is needed was not diagonalised.
    #[error("the bath was not diagonalised with {particles} particles; include that sector")]
    MissingSector {
        /// Number of particles.
        particles: usize,
    },
    /// Eigenvectors are needed where only levels were computed.
    #[error("only the levels were computed; diagonalise with `Wanted::States` for eigenvectors")]
    NoStates,
    /// A level that does not exist.
    #[error("level {index} was asked for; the levels are 0 to {}", levels.saturating_sub(1))]
    NoLevel {
        /// Index found.
        index: usize,
        /// Number of levels.
        levels: usize,
    },
    /// A symmetry label without states.
    #[error("no state of this sector has the symmetry label {label:?}")]
    NoBlock {
        /// The label.
        label: Vec<usize>,
    },
    /// An index inside a degenerate level names no state.
    #[error(
        "level {index} is degenerate: its neighbour is {gap:.1e} away at a width of {width:.3}, so that an index does not say which state is meant; take another \
         index, the index within a block of lattice symmetries that tells the states apart, or give the vector itself"
    )]
    DegenerateLevel {
        /// Index found.
        index: usize,
        /// Distance to the nearer neighbour, an energy.
        gap: f64,
        /// Highest minus lowest level of the sector.
        width: f64,
    },
    /// All levels that could be told apart by temperature are equal.
    #[error(
        "all levels are equal up to rounding, so that no energy determines a temperature; give β and α themselves"
    )]
    FlatSpectrum,
    /// A finite temperature and chemical potential are needed.
    #[error(
        "the state of the bath has {what}; entropy production needs finite β and α: take a state inside the spectrum, or give β and α themselves"
    )]
    InfiniteReservoir {
        /// What is infinite.
        what: &'static str,
    },
    /// A spectrum that does not belong to the bath at hand.
    #[error("the spectrum is one of another bath; diagonalise the bath of this composite")]
    OtherBath,
    /// A distribution over outcomes of which only averages are known.
    #[error(
        "the energies of the bath were measured without diagonalisation, which gives averages but no outcomes; measure in all eigenstates (`BathEnergies::Exact`)"
    )]
    NoOutcomes,
    /// The law of short times is known for a simple contact only.
    #[error(
        "the law of short times is not known for {what}; it holds for one site with both occupations possible, contacts that hop only, real hoppings, and no drive"
    )]
    ShortTime {
        /// What is not covered.
        what: &'static str,
    },
    /// Knots of a drive that make no function of time.
    #[error(
        "knot {index} of the drive is at {time} after one at {before}; times ascend, and at most two knots share one, which is a jump"
    )]
    Knot {
        /// Which knot, counted from 0.
        index: usize,
        /// Its time.
        time: f64,
        /// Time of the knot before.
        before: f64,
    },
    /// A window of energy without levels.
    #[error("no level lies within {half_width} of {centre}; widen the window")]
    EmptyWindow {
        /// Its centre.
        centre: f64,
        /// Its half width.
        half_width: f64,
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
    /// Something in the numerics failed.
    #[error(transparent)]
    Numerics(#[from] irrev_numerics::Error),
}

impl Error {
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Numerics(error) => error.kind(),
            Self::TooManySites { .. } | Self::TooManyStates { .. } | Self::LargeGroup { .. } => {
                ErrorKind::OverLimit
            }
            _ => ErrorKind::Invalid,
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

    /// `Err(Error::Numerics)` with the memory needed if it exceeds the limit of the run.
    pub(crate) fn require_memory(
        run: &irrev_numerics::Run<'_>,
        what: &'static str,
        bytes: u128,
    ) -> Result<()> {
        run.require_memory(what, u64::try_from(bytes).unwrap_or(u64::MAX))?;
        Ok(())
    }
}
