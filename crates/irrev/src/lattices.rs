//! From a model of kind `quantum-lattice` to a bath in its initial state, with its temperature.

use std::ops::RangeInclusive;

use irrev_numerics::Run;
use irrev_quantum::bath::{BathSpectrum, BathState, TypicalState, typical_state};
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::interior::window_state;
use irrev_quantum::temperature::{Matched, Matching, MeasuredLevels, Probes, Reservoir, canonical_state};
use irrev_quantum::{Complex64, Error, Result, Sector, SectorHamiltonian};

use crate::model::{BathStart, QuantumValues};

/// Largest block of a symmetry whose eigenvectors are computed without being asked: some seconds.
const DENSE: u64 = 1500;

/// Largest sector of a bath all of whose levels are computed for its temperature.
const SMALL: u64 = 1000;

/// Most products of a state with H, in states, for a temperature from every state: a minute on one core.
const EVERY: f64 = 6e8;

/// Random vectors of a trace.
const VECTORS: usize = 8;

/// Sectors with less than this part of the weight at infinite temperature are left out of a trace by random vectors, whose error is far larger.
const RARE: f64 = 1e-8;

/// Levels nearer than this part of the width of their sector are one degenerate level.
const DEGENERATE: f64 = 1e-8;

/// Doublings of the largest β that levels are measured for.
const DOUBLINGS: usize = 10;

/// A bath as it is at t = 0.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PreparedBath {
    /// ρ_B(0).
    pub state: BathState,
    /// β and α, or what is infinite.
    pub matched: Matched,
    /// Standard errors of β and α, if they come from random vectors.
    pub standard_errors: Option<(f64, f64)>,
    /// How β and α were found, in words.
    pub method: &'static str,
    /// Index and gap of an eigenstate.
    pub level: Option<(usize, f64)>,
    /// ⟨H²⟩ − ⟨H⟩² of a state of a window.
    pub energy_variance: f64,
    /// What a typical state is typical of, if it is one.
    pub typicality: Option<Typicality>,
    /// Eigenstates of the bath in the sectors that particles can reach, if there are not too many.
    pub spectrum: Option<BathSpectrum>,
}

/// How far a typical state is from the Gibbs state.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Typicality {
    /// Number of states that take part.
    pub effective_dimension: f64,
    /// Bound of the standard deviation of averages, in units of an observable's largest deviation.
    pub scatter: f64,
    /// Numbers of particles without weight.
    pub left_out: Vec<usize>,
}

/// Particle numbers that the bath can have once m sites exchange particles with it.
#[must_use]
pub fn reachable(values: &QuantumValues) -> RangeInclusive<usize> {
    let m = values.system.sites();
    values.particles.saturating_sub(m)..=(values.particles + m).min(values.bath.sites())
}

/// States of the largest of some sectors in the largest block of the mirror images of the lattice, about.
fn block(values: &QuantumValues, symmetries: &Symmetries, mut sectors: RangeInclusive<usize>) -> Result<u64> {
    let largest = sectors.try_fold(0, |most: u64, n| {
        Ok::<_, Error>(most.max(Sector::new(values.bath.sites(), n)?.dimension()))
    })?;
    Ok(largest / symmetries.labels().len() as u64)
}

/// Whether eigenvectors of all sectors that particles can reach are computed without being asked, so that outcomes are known and not averages only.
///
/// # Errors
/// None that a model which was read can have.
pub fn has_outcomes(values: &QuantumValues) -> Result<bool> {
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice)?;
    Ok(block(values, &symmetries, reachable(values))? <= DENSE)
}

/// The bath of a model at t = 0.
///
/// ```
/// use irrev::analysis::vocabulary;
/// use irrev::model::{Model, QuantumEnvironment, parse, template};
/// use irrev::source::SourceFile;
/// let text = template("quantum-lattice").ok_or("no template")?;
/// let Model::Quantum(spec) = parse(SourceFile::from_text("site.toml", text)?, &vocabulary())? else { unreachable!() };
/// let values = QuantumEnvironment::new(&spec, &[])?.values()?;
/// let bath = irrev::lattices::prepare(&values, spec.matching, &Default::default())?;
/// assert!((0.05..0.2).contains(&bath.matched.finite()?.beta));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`irrev_quantum::Error`] for an index that does not exist or lies in a degenerate level, memory beyond the limit.
pub fn prepare(values: &QuantumValues, matching: Matching, run: &Run<'_>) -> Result<PreparedBath> {
    let bath = &values.bath;
    let symmetries = Symmetries::of_lattice(bath, &values.lattice)?;
    if let BathStart::Gibbs { beta, alpha } = values.start {
        let all = BathSpectrum::new(bath, 0..=bath.sites(), &symmetries, Wanted::States, run)?;
        let reservoir = Reservoir { beta, alpha };
        return Ok(PreparedBath {
            state: BathState::gibbs(&all, reservoir)?,
            matched: Matched::Finite(reservoir),
            standard_errors: None,
            method: "given",
            level: None,
            energy_variance: 0.0,
            typicality: None,
            spectrum: Some(all),
        });
    }
    if let BathStart::Typical { beta, alpha } = values.start {
        let reservoir = Reservoir { beta, alpha };
        let TypicalState {
            state,
            effective_dimension,
            scatter,
            left_out,
            ..
        } = typical_state(bath, reservoir, 0, run)?;
        return Ok(PreparedBath {
            state,
            matched: Matched::Finite(reservoir),
            standard_errors: None,
            method: "given",
            level: None,
            energy_variance: 0.0,
            typicality: Some(Typicality {
                effective_dimension,
                scatter,
                left_out,
            }),
            spectrum: None,
        });
    }
    let near = reachable(values);
    let spectrum = if block(values, &symmetries, near.clone())? <= DENSE {
        Some(BathSpectrum::new(bath, near, &symmetries, Wanted::States, run)?)
    } else if matches!(values.start, BathStart::Window { .. }) {
        None
    } else {
        let n = values.particles;
        Some(BathSpectrum::new(bath, n..=n, &symmetries, Wanted::States, run)?)
    };
    let (state, level, energy_variance) = match (values.start, &spectrum) {
        (BathStart::Eigenstate(index), Some(spectrum)) => eigenstate(values, spectrum, index)?,
        (BathStart::Near { temperature }, Some(spectrum)) => {
            let index = nearest(spectrum, values.particles, 1.0 / temperature)?;
            eigenstate(values, spectrum, index)?
        }
        (BathStart::Window { temperature, width }, _) => window(values, 1.0 / temperature, width, run)?,
        _ => return Err(Error::NoStates),
    };
    let found = temperature(values, matching, state.mean_energy(), spectrum.as_ref(), run)?;
    Ok(PreparedBath {
        state,
        matched: found.0,
        standard_errors: found.1,
        method: found.2,
        level,
        energy_variance,
        typicality: None,
        spectrum,
    })
}

type Start = (BathState, Option<(usize, f64)>, f64);

fn eigenstate(values: &QuantumValues, spectrum: &BathSpectrum, index: usize) -> Result<Start> {
    let state = BathState::eigenstate(spectrum, values.particles, index)?;
    let gap = spectrum.sector(values.particles)?.levels[index].gap;
    Ok((state, Some((index, gap)), 0.0))
}

/// Indices of levels that are not degenerate, the nearest to the canonical energy at β first.
///
/// # Errors
/// [`Error::MissingSector`].
pub fn by_distance(spectrum: &BathSpectrum, particles: usize, beta: f64) -> Result<Vec<usize>> {
    let sector = spectrum.sector(particles)?;
    let energies = sector.energies();
    let centre = canonical_state(&energies, beta)?.energy;
    let width = energies.last().copied().unwrap_or(0.0) - energies.first().copied().unwrap_or(0.0);
    let mut indices: Vec<usize> = (0..energies.len())
        .filter(|&index| sector.levels[index].gap >= DEGENERATE * width && width > 0.0)
        .collect();
    let distance = |index: &usize| (energies[*index] - centre).abs();
    indices.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    Ok(indices)
}

/// Indices of the levels below and above a level of the bath's sector that are not degenerate.
///
/// # Errors
/// As [`prepare`].
pub fn neighbours(values: &QuantumValues, index: usize, run: &Run<'_>) -> Result<Vec<usize>> {
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice)?;
    let n = values.particles;
    let spectrum = BathSpectrum::new(&values.bath, n..=n, &symmetries, Wanted::Levels, run)?;
    let free = by_distance(&spectrum, n, 0.0)?;
    let below = free.iter().copied().filter(|other| *other < index).max();
    let above = free.iter().copied().filter(|other| *other > index).min();
    Ok(below.into_iter().chain(above).collect())
}

fn nearest(spectrum: &BathSpectrum, particles: usize, beta: f64) -> Result<usize> {
    let found = by_distance(spectrum, particles, beta)?;
    // a sector whose levels are all degenerate has none that could be meant
    found.first().copied().ok_or(Error::FlatSpectrum)
}

fn window(values: &QuantumValues, beta: f64, width: f64, run: &Run<'_>) -> Result<Start> {
    let bath = &values.bath;
    let n = values.particles;
    let h = SectorHamiltonian::new(bath, Sector::new(bath.sites(), n)?)?;
    let energy = measured(values, n..=n, beta.abs(), run, |levels| {
        levels.canonical_energy(n, beta)
    })?;
    let (state, variance) = if h.is_real() {
        let found = window_state::<f64>(&h, energy, width, 0, run)?;
        let state: Vec<Complex64> = found.state.into_iter().map(Complex64::from).collect();
        (state, found.energy_variance)
    } else {
        let found = window_state::<Complex64>(&h, energy, width, 0, run)?;
        (found.state, found.energy_variance)
    };
    Ok((BathState::pure(bath, n, &state)?, None, variance))
}

/// β and α of an energy, their errors, and how they were found.
fn temperature(
    values: &QuantumValues,
    matching: Matching,
    energy: f64,
    spectrum: Option<&BathSpectrum>,
    run: &Run<'_>,
) -> Result<(Matched, Option<(f64, f64)>, &'static str)> {
    let (bath, n) = (&values.bath, values.particles);
    const LEVELS: &str = "from all levels";
    if matching == Matching::Sector
        && let Some(spectrum) = spectrum
    {
        return Ok((spectrum.temperature(n, energy, matching)?, None, LEVELS));
    }
    if matching == Matching::Grand && (n == 0 || n == bath.sites()) {
        let filling = if n == 0 { Matched::Empty } else { Matched::Full };
        return Ok((filling, None, "from the filling"));
    }
    let half = bath.sites() / 2;
    if matching != Matching::Sector && Sector::new(bath.sites(), half)?.dimension() <= SMALL {
        let symmetries = Symmetries::of_lattice(bath, &values.lattice)?;
        let all = BathSpectrum::new(bath, 0..=bath.sites(), &symmetries, Wanted::Levels, run)?;
        return Ok((all.temperature(n, energy, matching)?, None, LEVELS));
    }
    let sectors = match matching {
        Matching::Sector => n..=n,
        _ if is_exact(values, 0..=bath.sites())? => 0..=bath.sites(),
        _ => common(bath.sites(), n),
    };
    let found = measured(values, sectors, 0.0, run, |levels| {
        levels.temperature(n, energy, matching)
    })?;
    let method = if found.standard_errors.is_some() {
        "from random vectors"
    } else {
        "from the densities of states of all occupations"
    };
    Ok((Matched::Finite(found.reservoir), found.standard_errors, method))
}

/// Whether traces over some sectors are taken over every state.
fn is_exact(values: &QuantumValues, sectors: RangeInclusive<usize>) -> Result<bool> {
    let mut products = 0.0;
    for n in sectors {
        products += (Sector::new(values.bath.sites(), n)?.dimension() as f64).powi(2);
    }
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice)?;
    Ok(products / symmetries.labels().len() as f64 <= EVERY)
}

/// Particle numbers with a weight that random vectors could see.
fn common(sites: usize, particles: usize) -> RangeInclusive<usize> {
    let filling = particles as f64 / (sites - particles).max(1) as f64;
    let weight = |n: usize| irrev_quantum::sector::binomial(sites, n) as f64 * filling.powi(n as i32);
    let most = (0..=sites).map(weight).fold(0.0, f64::max);
    let seen: Vec<usize> = (0..=sites).filter(|n| weight(*n) >= RARE * most).collect();
    seen.first().copied().unwrap_or(0)..=seen.last().copied().unwrap_or(sites)
}

/// What is asked of levels that are measured for a β which is not known before.
fn measured<T>(
    values: &QuantumValues,
    sectors: RangeInclusive<usize>,
    least: f64,
    run: &Run<'_>,
    ask: impl Fn(&MeasuredLevels) -> Result<T>,
) -> Result<T> {
    let bath = &values.bath;
    let probes = if is_exact(values, sectors.clone())? {
        Probes::Every(&values.lattice)
    } else {
        Probes::Random(VECTORS)
    };
    let strongest = bath
        .bonds()
        .iter()
        .map(|bond| bond.hopping.norm().max(bond.interaction.abs()))
        .fold(f64::MIN_POSITIVE, f64::max);
    let mut exponent = least.max(0.2 / strongest);
    for _ in 0..DOUBLINGS {
        let levels = MeasuredLevels::new(bath, sectors.clone(), probes, exponent, run)?;
        match ask(&levels) {
            Err(Error::Domain {
                what: "β", value, ..
            }) => exponent = (2.0 * exponent).max(1.1 * value.abs()),
            answer => return answer,
        }
    }
    Err(Error::InfiniteReservoir {
        what: "a β beyond what can be measured",
    })
}
