//! From a model of kind `quantum-lattice` to a bath in its initial state, with its temperature.

use std::ops::RangeInclusive;

use irrev_numerics::Run;
use irrev_quantum::bath::{BathSpectrum, BathState, TypicalState, typical_state};
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::interior::window_state;
use irrev_quantum::temperature::{
    Matched, Matching, MeasuredLevels, MeasuredReservoir, Probes, Reservoir, canonical_state,
};
use irrev_quantum::{Complex64, Error, Result, Sector, SectorHamiltonian};

use crate::model::{BathStart, QuantumValues};

/// Largest block of a symmetry whose eigenvectors are computed without being asked: some seconds.
const DENSE: u64 = 1500;

/// Largest sector that is diagonalised to see whether a model is sound: some hundredths of a second.
const INSTANT: u64 = 300;

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
    let spectrum = match diagonalised(values, &symmetries)? {
        Some(sectors) => Some(BathSpectrum::new(
            bath,
            sectors,
            &symmetries,
            Wanted::States,
            run,
        )?),
        None => None,
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

/// Particle numbers of the sectors whose eigenvectors are computed, if any are.
fn diagonalised(values: &QuantumValues, symmetries: &Symmetries) -> Result<Option<RangeInclusive<usize>>> {
    let (n, near) = (values.particles, reachable(values));
    Ok(match values.start {
        BathStart::Gibbs { .. } => Some(0..=values.bath.sites()),
        BathStart::Typical { .. } => None,
        _ if block(values, symmetries, near.clone())? <= DENSE => Some(near),
        BathStart::Window { .. } => None,
        _ => Some(n..=n),
    })
}

/// Bytes that states at several times may take together.
pub(crate) const CHUNK: u128 = 4 << 30;

/// What a run takes at its largest: eigenvectors of the bath, the vectors of a trace, or the states of system and bath at all times.
///
/// # Errors
/// More sites than a word of occupations has.
pub(crate) fn memory(values: &QuantumValues, run: &Run<'_>) -> Result<Vec<(&'static str, u64)>> {
    let bytes = |needed: u128| u64::try_from(needed).unwrap_or(u64::MAX);
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice)?;
    let sites = values.bath.sites();
    let mut found = Vec::new();
    if let Some(sectors) = diagonalised(values, &symmetries)? {
        let needed = BathSpectrum::required_memory(&values.bath, sectors, &symmetries, Wanted::States, run)?;
        found.push(("diagonalisation of the bath", bytes(needed)));
    }
    let dimension = |sites, n| -> Result<u128> { Ok(u128::from(Sector::new(sites, n)?.dimension())) };
    if matches!(values.start, BathStart::Window { .. }) && !is_exact(values, 0..=sites)? {
        let mut largest = 0;
        for n in common(sites, values.particles) {
            largest = largest.max(dimension(sites, n)?);
        }
        found.push(("the vectors of a trace", bytes(5 * 16 * largest)));
    }
    let m = values.system.sites();
    let numbers = match values.start {
        BathStart::Gibbs { .. } | BathStart::Typical { .. } => 0..=sites + m,
        _ => values.particles..=values.particles + m,
    };
    let (mut states, mut largest) = (0, 0);
    for n in numbers.filter(|n| *n <= m + sites) {
        let of_sector = dimension(m + sites, n)?;
        states += of_sector;
        largest = largest.max(of_sector);
    }
    let times = (CHUNK / (16 * states).max(1)).clamp(1, values.times.len().max(1) as u128);
    found.push((
        "joint states of system and bath at all times",
        bytes(16 * (states + largest) * times),
    ));
    Ok(found)
}

/// Refuses what would not fit into memory, before anything is done.
///
/// # Errors
/// [`irrev_numerics::Error::Memory`] with what is needed.
pub(crate) fn require_memory(values: &QuantumValues, run: &Run<'_>) -> Result<()> {
    let mut needed = memory(values, run)?;
    needed.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    for (what, bytes) in needed {
        run.require_memory(what, bytes)?;
    }
    Ok(())
}

/// What is known of an eigenstate that is given by its index, before a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foresight {
    /// The index names a state, or no index is given.
    Sound,
    /// Only a longer diagonalisation would tell.
    NotKnown,
}

/// Whether the index of an eigenstate names a state, as far as that is cheap to know.
///
/// # Errors
/// [`Error::DegenerateLevel`] if it does not.
pub(crate) fn foresight(values: &QuantumValues, run: &Run<'_>) -> Result<Foresight> {
    let n = values.particles;
    let BathStart::Eigenstate(index) = values.start else {
        return Ok(Foresight::Sound);
    };
    if Sector::new(values.bath.sites(), n)?.dimension() > INSTANT {
        return Ok(Foresight::NotKnown);
    }
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice)?;
    let spectrum = BathSpectrum::new(&values.bath, n..=n, &symmetries, Wanted::States, run)?;
    eigenstate(values, &spectrum, index).map(|_| Foresight::Sound)
}

type Start = (BathState, Option<(usize, f64)>, f64);

fn eigenstate(values: &QuantumValues, spectrum: &BathSpectrum, index: usize) -> Result<Start> {
    let n = values.particles;
    let sector = spectrum.sector(n)?;
    let Some(label) = &values.block else {
        let state = BathState::eigenstate(spectrum, n, index)?;
        return Ok((state, Some((index, sector.levels[index].gap)), 0.0));
    };
    let state = BathState::eigenstate_of_block(spectrum, n, label, index)?;
    let block = sector.blocks.iter().find(|block| block.label == *label);
    let gap = block.map_or(f64::INFINITY, |block| gap(&block.energies, index));
    Ok((state, Some((index, gap)), 0.0))
}

/// Distance of a level to the nearer neighbour in a list of ascending ones; infinite if there is no other.
fn gap(energies: &[f64], index: usize) -> f64 {
    let above = energies.get(index + 1).map(|e| e - energies[index]);
    let below = index
        .checked_sub(1)
        .map(|below| energies[index] - energies[below]);
    above.into_iter().chain(below).fold(f64::INFINITY, f64::min)
}

/// Indices of levels that are not degenerate, in a list of ascending ones of a sector with that width.
fn free(energies: &[f64], width: f64) -> Vec<usize> {
    let is_free = |index: &usize| width > 0.0 && gap(energies, *index) >= DEGENERATE * width;
    (0..energies.len()).filter(is_free).collect()
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
    let mut indices = free(&energies, width);
    let distance = |index: &usize| (energies[*index] - centre).abs();
    indices.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    Ok(indices)
}

/// What names a state where the index of a degenerate level does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Alternatives {
    /// The nearest indices below and above, counted in the same way, of levels that are not degenerate.
    pub(crate) indices: Vec<usize>,
    /// The level itself as an index within a symmetry block, if that tells it from its neighbours: the label, and the index.
    pub(crate) block: Option<(Vec<usize>, usize)>,
}

/// Other ways to name a level near a degenerate one.
///
/// # Errors
/// As [`prepare`].
pub(crate) fn alternatives(values: &QuantumValues, index: usize, run: &Run<'_>) -> Result<Alternatives> {
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice)?;
    let n = values.particles;
    let spectrum = BathSpectrum::new(&values.bath, n..=n, &symmetries, Wanted::Levels, run)?;
    let sector = spectrum.sector(n)?;
    let energies = sector.energies();
    let width = energies.last().copied().unwrap_or(0.0) - energies.first().copied().unwrap_or(0.0);
    let around = |energies: &[f64]| {
        let free = free(energies, width);
        let below = free.iter().copied().filter(|other| *other < index).max();
        let above = free.iter().copied().filter(|other| *other > index).min();
        below.into_iter().chain(above).collect()
    };
    if let Some(label) = &values.block {
        let block = sector.blocks.iter().find(|block| block.label == *label);
        return Ok(Alternatives {
            indices: block.map(|block| around(&block.energies)).unwrap_or_default(),
            block: None,
        });
    }
    let within = sector.levels.get(index).and_then(|level| {
        let block = &sector.blocks[level.block];
        let is_told_apart = !block.label.is_empty() && free(&block.energies, width).contains(&level.index);
        is_told_apart.then(|| (block.label.clone(), level.index))
    });
    Ok(Alternatives {
        indices: around(&energies),
        block: within,
    })
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
) -> Result<Temperature> {
    let found = temperatures(values, matching, &[energy], spectrum, run)?;
    found.into_iter().next().ok_or(Error::NoStates)
}

type Temperature = (Matched, Option<(f64, f64)>, &'static str);

/// As [`temperature`], of several energies of the bath's sector; levels are computed once.
pub(crate) fn temperatures(
    values: &QuantumValues,
    matching: Matching,
    energies: &[f64],
    spectrum: Option<&BathSpectrum>,
    run: &Run<'_>,
) -> Result<Vec<Temperature>> {
    let (bath, n) = (&values.bath, values.particles);
    let from_levels = |levels: &BathSpectrum| {
        let of = |&energy: &f64| Ok((levels.temperature(n, energy, matching)?, None, "from all levels"));
        energies.iter().map(of).collect()
    };
    if matching == Matching::Sector
        && let Some(spectrum) = spectrum
    {
        return from_levels(spectrum);
    }
    if matching == Matching::Grand && (n == 0 || n == bath.sites()) {
        let filling = if n == 0 { Matched::Empty } else { Matched::Full };
        return Ok(vec![(filling, None, "from the filling"); energies.len()]);
    }
    let half = bath.sites() / 2;
    if matching != Matching::Sector && Sector::new(bath.sites(), half)?.dimension() <= SMALL {
        let symmetries = Symmetries::of_lattice(bath, &values.lattice)?;
        let all = BathSpectrum::new(bath, 0..=bath.sites(), &symmetries, Wanted::Levels, run)?;
        return from_levels(&all);
    }
    let sectors = match matching {
        Matching::Sector => n..=n,
        _ if is_exact(values, 0..=bath.sites())? => 0..=bath.sites(),
        _ => common(bath.sites(), n),
    };
    let found: Vec<MeasuredReservoir> = measured(values, sectors, 0.0, run, |levels| {
        let of = |&energy: &f64| levels.temperature(n, energy, matching);
        energies.iter().map(of).collect()
    })?;
    let told = |found: MeasuredReservoir| {
        let method = if found.standard_errors.is_some() {
            "from random vectors"
        } else {
            "from the densities of states of all occupations"
        };
        (Matched::Finite(found.reservoir), found.standard_errors, method)
    };
    Ok(found.into_iter().map(told).collect())
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
