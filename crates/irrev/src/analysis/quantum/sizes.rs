//! Section: baths of several sizes. Do the theorem and the thermal looks of eigenstates get better as the bath grows?
//!
//! Of every size the eigenstates around the temperature of the model's bath are taken: those of the sector whose energy differs from the mean energy at that β by less than a part of the
//! sector's width. c₂ and ⟨e^{−σ}⟩ are averaged over the nearest of them, each with its own β and α; elements of observables over those of one symmetry block.
//!
//! Sources: Iyoda, Kaneko and Sagawa, Phys. Rev. E 105, 044106 (2022), for the scaling of both regimes; Biroli, Kollath and Läuchli, Phys. Rev. Lett. 105, 250401 (2010), for weak
//! thermalisation.

use irrev_numerics::Run;
use irrev_numerics::sum::compensated_sum;
use irrev_quantum::bath::{BathSpectrum, BathState};
use irrev_quantum::diagonalise::{Spectrum, Symmetries, Wanted};
use irrev_quantum::temperature::{Matched, Matching, Reservoir, canonical_state};
use irrev_quantum::thermalisation::{Elements, GapRatio, density, gap_ratio};
use irrev_quantum::thermodynamics::{BathEnergies, Fluctuations, ThermalContact, short_time_coefficient};
use irrev_quantum::{Bond, Complex64, Error, Hamiltonian, Sector};
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Report, Table, readable_number};
use rayon::prelude::*;

use super::context::Context;
use super::history::accuracy;
use super::thermalization::of_one_symmetry;
use crate::error::Result;
use crate::lattices;
use crate::model::{BathSizeValues, BathStart, QuantumValues};

/// Figures and tables show a quantity against the number of sites.
const AGAINST: &str = "sites of the bath";

/// A mean over eigenstates, with its standard error if there are two or more.
#[derive(Clone, Copy)]
struct Mean {
    value: f64,
    error: f64,
}

impl Mean {
    const NONE: Self = Self {
        value: f64::NAN,
        error: f64::NAN,
    };

    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let value = compensated_sum(values.iter().copied()) / count;
        let squares = compensated_sum(values.iter().map(|x| (x - value).powi(2)));
        Self {
            value,
            error: (squares / (count * (count - 1.0))).sqrt(),
        }
    }

    /// Root of a mean of squares, with its error to first order.
    fn root_mean_square(values: &[f64]) -> Self {
        let squares: Vec<f64> = values.iter().map(|x| x * x).collect();
        let mean = Self::of(&squares);
        let root = mean.value.sqrt();
        Self {
            value: root,
            error: if root > 0.0 { 0.5 * mean.error / root } else { 0.0 },
        }
    }
}

/// How the elements of an observable scatter among the eigenstates of a window.
#[derive(Clone, Copy)]
struct Scatter {
    count: usize,
    variance: Mean,
    largest: f64,
}

/// How far eigenstates are from the fluctuation theorem at one coupling.
struct Departure {
    short_time: Mean,
    /// By time.
    average: Vec<Mean>,
}

/// What one size gives.
struct Size {
    sites: usize,
    particles: usize,
    dimension: u64,
    eigenstates: usize,
    occupation: Option<Scatter>,
    hopping: Option<Scatter>,
    gaps: Option<GapRatio>,
    /// By coupling.
    departures: Vec<Departure>,
}

/// # Errors
/// Memory beyond the limit, for any size before the first is computed; a window without eigenstates; those of the evolutions.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(sizes) = context.values.sizes.clone() else {
        return Ok(());
    };
    let beta = centre(context)?;
    let mut models = Vec::new();
    for place in 0..sizes.particles.len() {
        models.extend(context.environment.sized(place, beta)?);
    }
    for values in &models {
        require_memory(values, &sizes, context.run).map_err(|e| context.fail(e))?;
    }
    // a diagonalisation costs the cube of its dimension
    let work = |values: &QuantumValues| {
        let dimension = irrev_quantum::sector::binomial(values.bath.sites(), values.particles);
        (dimension as f64).powi(3)
    };
    let all: f64 = models.iter().map(work).sum();
    let mut done = 0.0;
    let mut found = Vec::new();
    for values in &models {
        context
            .run
            .report(done / all, "baths of several sizes")
            .map_err(|e| context.fail(e.into()))?;
        done += work(values);
        let size = one_size(values, &sizes, (beta, context.matching()), context.run);
        found.push(size.map_err(|e| context.fail(e))?);
    }
    found.sort_by_key(|size| (size.sites, size.particles));
    report.push_table(scatter_table(&found, beta, context));
    report.push_figure(scatter_figure(&found));
    for place in 0..context.values.couplings.len() {
        report.push_table(departure_table(&found, &sizes, place, context));
        report.push_figure(departure_figure(&found, &sizes, place, context));
    }
    if let Some(few) = found.iter().find(|size| size.eigenstates < 2) {
        report.push_warning(format!(
            "Of the bath with {} sites only one eigenstate lies in the window, so that its errors are not known; a wider `sizes.window` has more.",
            few.sites
        ));
    }
    Ok(())
}

/// β of the ensemble with the energy of the model's bath within its own sector: there the windows of all sizes lie.
fn centre(context: &mut Context<'_>) -> Result<f64> {
    match context.values.start {
        BathStart::Gibbs { beta, .. } | BathStart::Typical { beta, .. } => return Ok(beta),
        BathStart::Window { temperature, .. } | BathStart::Near { temperature } => {
            return Ok(1.0 / temperature);
        }
        _ => {}
    }
    let bath = context.bath()?.clone();
    let found = lattices::temperatures(
        &context.values,
        Matching::Sector,
        &[bath.state.mean_energy()],
        bath.spectrum.as_ref(),
        context.run,
    );
    let found = found.map_err(|e| context.fail(e))?;
    let matched = found
        .first()
        .map_or(Err(Error::NoStates), |found| found.0.finite());
    Ok(matched.map_err(|e| context.fail(e))?.beta)
}

/// Refuses a size whose eigenvectors, or joint states on all threads, would not fit.
fn require_memory(
    values: &QuantumValues,
    sizes: &BathSizeValues,
    run: &Run<'_>,
) -> irrev_quantum::Result<()> {
    let bytes = |needed: u128| u64::try_from(needed).unwrap_or(u64::MAX);
    let n = values.particles;
    let symmetries = Symmetries::of_lattice(&values.bath, &values.lattice)?;
    let needed = BathSpectrum::required_memory(&values.bath, n..=n, &symmetries, Wanted::States, run)?;
    run.require_memory("eigenstates of a bath of `sizes`", bytes(needed))?;
    let (m, threads) = (values.system.sites(), rayon::current_num_threads());
    let mut states = 0;
    for number in n..=(n + m).min(m + values.bath.sites()) {
        states += u128::from(Sector::new(m + values.bath.sites(), number)?.dimension());
    }
    let kept = 16 * states * (sizes.times.len() * values.state.rank() * threads) as u128;
    run.require_memory("joint states with baths of `sizes`", bytes(kept))?;
    Ok(())
}

fn one_size(
    values: &QuantumValues,
    sizes: &BathSizeValues,
    (beta, matching): (f64, Matching),
    run: &Run<'_>,
) -> irrev_quantum::Result<Size> {
    let (bath, n) = (&values.bath, values.particles);
    let symmetries = Symmetries::of_lattice(bath, &values.lattice)?;
    let spectrum = BathSpectrum::new(bath, n..=n, &symmetries, Wanted::States, run)?;
    let sector = spectrum.sector(n)?;
    let energies = sector.energies();
    let width = energies[energies.len() - 1] - energies[0];
    let (half_width, centre) = (sizes.window * width, canonical_state(&energies, beta)?.energy);
    let mut indices = lattices::by_distance(&spectrum, n, beta)?;
    indices.retain(|index| (energies[*index] - centre).abs() <= half_width);
    indices.truncate(sizes.eigenstates);
    if indices.is_empty() {
        return Err(Error::EmptyWindow { centre, half_width });
    }
    let (states, reservoirs) = with_temperatures(values, &spectrum, &indices, matching, run)?;
    let departures = values
        .couplings
        .iter()
        .map(|&coupling| departure(values, (&states, &reservoirs), coupling, sizes, run))
        .collect::<irrev_quantum::Result<_>>()?;
    let block = sector.blocks.iter().max_by_key(|block| block.energies.len());
    let label = block.map(|block| block.label.clone()).unwrap_or_default();
    let window = |energy: f64| (energy - centre).abs() <= half_width;
    let scatter = |observable: &Hamiltonian| scatter(sector, observable, &label, &window, run);
    let site = values.touched().first().copied().unwrap_or(0);
    Ok(Size {
        sites: bath.sites(),
        particles: n,
        dimension: energies.len() as u64,
        eigenstates: states.len(),
        occupation: scatter(&density(bath.sites(), site)?)?,
        hopping: match hopping_at(bath, site)? {
            Some(observable) => scatter(&observable)?,
            None => None,
        },
        gaps: gap_ratio(&of_one_symmetry(values, sector, &label)?),
        departures,
    })
}

/// Eigenstates that have a finite temperature, with their β and α.
fn with_temperatures(
    values: &QuantumValues,
    spectrum: &BathSpectrum,
    indices: &[usize],
    matching: Matching,
    run: &Run<'_>,
) -> irrev_quantum::Result<(Vec<BathState>, Vec<Reservoir>)> {
    let states: Vec<BathState> = indices
        .iter()
        .map(|&index| BathState::eigenstate(spectrum, values.particles, index))
        .collect::<irrev_quantum::Result<_>>()?;
    let energies: Vec<f64> = states.iter().map(BathState::mean_energy).collect();
    let found = lattices::temperatures(values, matching, &energies, Some(spectrum), run)?;
    let finite = states
        .into_iter()
        .zip(found)
        .filter_map(|(state, found)| match found.0 {
            Matched::Finite(reservoir) => Some((state, reservoir)),
            _ => None,
        });
    let (states, reservoirs): (Vec<_>, Vec<_>) = finite.unzip();
    if states.is_empty() {
        return Err(Error::InfiniteReservoir {
            what: "no finite β and α in any eigenstate of the window",
        });
    }
    Ok((states, reservoirs))
}

/// Departures from the fluctuation theorem, over eigenstates in parallel.
fn departure(
    values: &QuantumValues,
    (states, reservoirs): (&[BathState], &[Reservoir]),
    coupling: f64,
    sizes: &BathSizeValues,
    run: &Run<'_>,
) -> irrev_quantum::Result<Departure> {
    let composite = values.composite(coupling)?;
    // without full rank 1 − λ takes the place of 1, and λ differs from state to state
    let has_full_rank = values.state.rank() == values.state.dimension();
    let of = |(state, reservoir): (&BathState, &Reservoir)| {
        run.report(0.0, "baths of several sizes")?;
        let contact = ThermalContact::new(&composite, &values.state, state, *reservoir)?;
        let coefficient = match short_time_coefficient(&contact, run) {
            Ok(c2) => Some(c2),
            Err(Error::ShortTime { .. }) => None,
            Err(error) => return Err(error),
        };
        let options = accuracy(values);
        let evolution = contact.evolve(&sizes.times, &options, run)?;
        let averages = (0..sizes.times.len())
            .map(|time| {
                let energies = BathEnergies::MatrixFree { largest: 1.0 };
                let forward = Fluctuations::forward(&contact, &evolution, time, energies, run)?;
                let expected = if has_full_rank {
                    1.0
                } else {
                    let energies = BathEnergies::MatrixFree { largest: 1.0 };
                    Fluctuations::backward(&contact, &evolution, time, energies, &options, run)?.reached()
                };
                Ok(forward.exponential_average()? - expected)
            })
            .collect::<irrev_quantum::Result<Vec<f64>>>()?;
        Ok((coefficient, averages))
    };
    let found: Vec<(Option<f64>, Vec<f64>)> = states
        .par_iter()
        .zip(reservoirs.par_iter())
        .map(of)
        .collect::<irrev_quantum::Result<_>>()?;
    let coefficients: Option<Vec<f64>> = found.iter().map(|row| row.0).collect();
    let at = |time: usize| -> Vec<f64> { found.iter().map(|row| row.1[time]).collect() };
    Ok(Departure {
        short_time: coefficients.map_or(Mean::NONE, |c2| Mean::root_mean_square(&c2)),
        average: (0..sizes.times.len())
            .map(|time| Mean::root_mean_square(&at(time)))
            .collect(),
    })
}

/// (J/|J|) c_i† c_j + h.c. of the first bond with a hopping at a site: how particles come to the contact and leave it. No gauge changes its mean.
fn hopping_at(bath: &Hamiltonian, site: usize) -> irrev_quantum::Result<Option<Hamiltonian>> {
    let touches = |bond: &&Bond| (bond.i == site || bond.j == site) && bond.hopping != Complex64::ZERO;
    let Some(bond) = bath.bonds().iter().find(touches) else {
        return Ok(None);
    };
    let unit = Bond {
        hopping: -bond.hopping / bond.hopping.norm(),
        interaction: 0.0,
        ..*bond
    };
    Hamiltonian::new(&vec![0.0; bath.sites()], &[unit]).map(Some)
}

/// Scatter of an observable over the levels of a symmetry block in the window; `None` if none lies there.
fn scatter(
    sector: &Spectrum,
    observable: &Hamiltonian,
    label: &[usize],
    is_inside: &dyn Fn(f64) -> bool,
    run: &Run<'_>,
) -> irrev_quantum::Result<Option<Scatter>> {
    let elements = Elements::new(sector, observable, Some(label), run)?;
    let pairs = elements.energies().iter().zip(elements.diagonal());
    let inside: Vec<f64> = pairs
        .filter(|(energy, _)| is_inside(**energy))
        .map(|(_, o)| *o)
        .collect();
    if inside.is_empty() {
        return Ok(None);
    }
    let mean = Mean::of(&inside).value;
    let squares: Vec<f64> = inside.iter().map(|o| (o - mean).powi(2)).collect();
    Ok(Some(Scatter {
        count: inside.len(),
        variance: Mean::of(&squares),
        largest: inside.iter().map(|o| (o - mean).abs()).fold(0.0, f64::max),
    }))
}

fn column(found: &[Size], of: impl Fn(&Size) -> f64) -> Vec<f64> {
    found.iter().map(of).collect()
}

/// The columns that say which bath a row is about.
fn of_sizes(table: Table, found: &[Size]) -> Table {
    table
        .numbers("sites", "1", column(found, |size| size.sites as f64))
        .numbers("particles", "1", column(found, |size| size.particles as f64))
}

fn scatter_table(found: &[Size], beta: f64, context: &Context<'_>) -> Table {
    let of = |observable: fn(&Size) -> Option<Scatter>, number: fn(Scatter) -> f64| {
        column(found, |size| observable(size).map_or(f64::NAN, number))
    };
    let gaps = |number: fn(GapRatio) -> f64| column(found, |size| size.gaps.map_or(f64::NAN, number));
    let caption = format!(
        "How eigenstates of baths of several sizes scatter, around β = {} {} and within one symmetry block",
        readable_number(beta, 4),
        context.units.apply("1/energy")
    );
    let mut table = of_sizes(Table::new("sizes", caption), found)
        .numbers(
            "states of the sector",
            "1",
            column(found, |size| size.dimension as f64),
        )
        .numbers(
            "levels in the window",
            "1",
            of(|size| size.occupation, |scatter| scatter.count as f64),
        );
    let observables: [(&str, fn(&Size) -> Option<Scatter>); 2] = [
        ("occupation at the contact", |size| size.occupation),
        ("hopping at the contact", |size| size.hopping),
    ];
    for (name, observable) in observables {
        table = table
            .numbers(
                format!("variance, {name}"),
                "1",
                of(observable, |scatter| scatter.variance.value),
            )
            .numbers(
                format!("error of the variance, {name}"),
                "1",
                of(observable, |scatter| scatter.variance.error),
            )
            .numbers(
                format!("largest deviation, {name}"),
                "1",
                of(observable, |scatter| scatter.largest),
            );
    }
    table
        .numbers("mean gap ratio", "1", gaps(|ratio| ratio.mean))
        .numbers("error of the gap ratio", "1", gaps(|ratio| ratio.standard_error))
}

/// A curve with error bars against the number of sites.
fn against_sites(found: &[Size], name: String, of: impl Fn(&Size) -> Mean) -> Curve {
    let bound = |sign: f64| {
        column(found, |size| {
            let mean = of(size);
            // a bar that would reach zero has no lower end on a logarithmic axis
            let end = mean.value + sign * mean.error;
            if end > 0.0 { end } else { mean.value }
        })
    };
    let sites = column(found, |size| size.sites as f64);
    Curve::new(name, sites, column(found, |size| of(size).value))
        .styled(CurveStyle::Markers)
        .with_band(bound(-1.0), bound(1.0))
}

fn scatter_figure(found: &[Size]) -> Figure {
    let mut lines = Lines::new(
        Axis::new(AGAINST, "1"),
        Axis::new("variance, largest deviation", "1").logarithmic(),
    );
    let observables: [(&str, fn(&Size) -> Option<Scatter>); 2] = [
        ("occupation", |size| size.occupation),
        ("hopping", |size| size.hopping),
    ];
    for (name, observable) in observables {
        lines = lines
            .curve(against_sites(found, format!("variance, {name}"), |size| {
                observable(size).map_or(Mean::NONE, |scatter| scatter.variance)
            }))
            .curve(
                Curve::new(
                    format!("largest deviation, {name}"),
                    column(found, |size| size.sites as f64),
                    column(found, |size| {
                        observable(size).map_or(f64::NAN, |scatter| scatter.largest)
                    }),
                )
                .styled(CurveStyle::Markers),
            );
    }
    Figure::new(
        "sizes",
        "How eigenstates scatter, by the size of the bath",
        "Occupation of the site at the contact and hopping between it and its neighbour, in the eigenstates of a window of energy: the variance falls in weak eigenstate thermalisation, the largest deviation in strong. Bars: one standard error over eigenstates.",
        lines,
    )
}

fn departure_table(found: &[Size], sizes: &BathSizeValues, place: usize, context: &Context<'_>) -> Table {
    let of = |number: &dyn Fn(&Departure) -> f64| {
        column(found, |size| size.departures.get(place).map_or(f64::NAN, number))
    };
    let caption = format!(
        "Departure from the fluctuation theorem in baths of several sizes, hopping of the contact {}",
        context.coupling(place)
    );
    let unit = context.units.apply("1/time²");
    let mut table = of_sizes(
        Table::new(format!("sizes_departure{}", context.suffix(place)), caption),
        found,
    )
    .numbers("eigenstates", "1", column(found, |size| size.eigenstates as f64))
    .numbers(
        "root mean square of c₂",
        unit.clone(),
        of(&|found| found.short_time.value),
    )
    .numbers("error of c₂", unit, of(&|found| found.short_time.error));
    for (at, time) in sizes.times.iter().enumerate() {
        let time = context.units.lasting(*time);
        table = table
            .numbers(
                format!("root mean square of the departure at t = {time}"),
                "1",
                of(&|found| found.average[at].value),
            )
            .numbers(
                format!("error at t = {time}"),
                "1",
                of(&|found| found.average[at].error),
            );
    }
    table
}

fn departure_figure(found: &[Size], sizes: &BathSizeValues, place: usize, context: &Context<'_>) -> Figure {
    let of = |number: &dyn Fn(&Departure) -> Mean, size: &Size| {
        size.departures.get(place).map_or(Mean::NONE, number)
    };
    let mut lines = Lines::new(
        Axis::new(AGAINST, "1"),
        Axis::new("root mean square over eigenstates", "1").logarithmic(),
    );
    if found
        .iter()
        .all(|size| of(&|found| found.short_time, size).value.is_finite())
    {
        let curve = against_sites(found, "c₂".into(), |size| of(&|found| found.short_time, size));
        lines = lines.curve(curve);
    }
    for (at, time) in sizes.times.iter().enumerate() {
        let name = format!("⟨e^−σ⟩ − 1 at t = {}", context.units.lasting(*time));
        let curve = against_sites(found, name, |size| of(&|found| found.average[at], size));
        lines = lines.curve(curve);
    }
    Figure::new(
        format!("sizes_departure{}", context.suffix(place)),
        format!(
            "How the fluctuation theorem is left, by the size of the bath, hopping {}",
            context.coupling(place)
        ),
        "Root mean square over eigenstates around the temperature of the model's bath, each with its own β and α: of the coefficient of t², for short times, and of the departure at later ones. Bars: one standard error over eigenstates.",
        lines,
    )
}
