//! From a model of kind `kinetic-ising` to networks of spins, and from a small network to a jump process between its 2^N states.

use irrev_ising::response::probability_up;
use irrev_ising::simulation::{Disorder, EnsembleOptions};
use irrev_ising::{Couplings, KineticIsing};
use irrev_network::{Distribution, MarkovJump, Network};

use crate::error::{Error, Result};
use crate::model::{CouplingValues, FieldValues, IsingValues};

/// Most spins of a network whose states become those of a jump process: 65 536 states and half a million channels.
pub const MOST_SPINS: usize = 16;

/// The network of a model with this many spins: the given one, or the draw with this number. `seed` is that of couplings and fields where the file states none.
///
/// ```
/// use irrev::analysis::vocabulary;
/// use irrev::model::{IsingEnvironment, Model, parse};
/// use irrev::source::SourceFile;
/// let text = "irrev = 1\nkind = \"kinetic-ising\"\n[network]\ncouplings = { rows = [[0.0, 1.0], [-1.0, 0.0]] }\n[dynamics]\nupdate = \"parallel\"\nbeta = 2.0\n";
/// let Model::Ising(spec) = parse(SourceFile::from_text("pair.toml", text)?, &vocabulary())? else { unreachable!() };
/// let values = IsingEnvironment::new(&spec, &[])?.values()?;
/// let network = irrev::spins::network(&values, 2, 1, 0)?;
/// assert_eq!(network.local_fields(&[1, -1]), [-2.0, -2.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`irrev_ising::Error`] for parameters without meaning, or given fields of another number of spins.
pub fn network(
    values: &IsingValues,
    spins: usize,
    seed: u64,
    draw: u64,
) -> Result<KineticIsing, irrev_ising::Error> {
    let (of_couplings, of_fields) = values.disorder_seeds;
    let couplings = match &values.couplings {
        CouplingValues::Law(law) => {
            law.draw(spins, values.self_couplings, of_couplings.unwrap_or(seed), draw)?
        }
        CouplingValues::Given(couplings) => match values.self_couplings {
            irrev_ising::ensemble::SelfCouplings::Removed => couplings.without_self_couplings(),
            irrev_ising::ensemble::SelfCouplings::Kept => couplings.clone(),
        },
    };
    let fields = match &values.fields {
        FieldValues::Law(law) => law.draw(spins, of_fields.unwrap_or(seed), draw)?,
        FieldValues::Given(fields) => fields.clone(),
    };
    KineticIsing::new(couplings, fields, values.inverse_temperature)
}

/// The random ensemble of a model, with how it is simulated; `None` for networks that are given, or a model that asks for no simulation.
#[must_use]
pub fn ensemble(
    values: &IsingValues,
    exact_magnetization: Option<f64>,
) -> Option<(EnsembleOptions, Disorder)> {
    let (CouplingValues::Law(couplings), FieldValues::Law(fields), Some(sampling)) =
        (&values.couplings, &values.fields, &values.sampling)
    else {
        return None;
    };
    let options = EnsembleOptions {
        couplings: couplings.clone(),
        fields: *fields,
        inverse_temperature: values.inverse_temperature,
        update: values.update,
        draws: values.draws,
        exact_magnetization,
        sampling: sampling.clone(),
    };
    let (couplings_seed, fields_seed) = values.disorder_seeds;
    let disorder = Disorder {
        self_couplings: Some(values.self_couplings),
        couplings_seed,
        fields_seed,
    };
    Some((options, disorder))
}

/// Updates one at a time as a jump process between the 2^N states: spin i turns over with rate w_i(s) = (1 − s_i tanh h_i(s))/2.
///
/// States are in the order of [`irrev_ising::enumeration`]: bit i of the number is set if spin i is +1; their names are strings of + and −, spin 0 first. One channel
/// for each state and spin, upwards; every spin is a subsystem. O(N 2^N).
///
/// Source: R. J. Glauber, J. Math. Phys. 4, 294 (1963).
///
/// ```
/// use irrev::ising::{Couplings, KineticIsing, enumeration::sequential_stationary_state};
/// let pair = Couplings::from_rows(&[vec![0.0, 1.0], vec![-1.0, 0.0]])?;
/// let network = KineticIsing::new(pair, vec![0.3, 0.0], 1.0)?;
/// let process = irrev::spins::jump_process(&network)?;
/// let rate = process.flow(&process.stationary_distribution()?)?.entropy_production_rate();
/// let state = sequential_stationary_state(&network, &Default::default())?;
/// assert!((rate - state.entropy_production_rate).abs() < 1e-13);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Ising`] beyond [`MOST_SPINS`], and for rates below the smallest number, which would turn channels into one-way ones.
pub fn jump_process(network: &KineticIsing) -> Result<MarkovJump> {
    let spins = network.spins();
    let fail = |error| Error::ising("the network", error);
    if spins > MOST_SPINS {
        return Err(fail(irrev_ising::Error::TooManySpins {
            spins,
            quantity: "the jump process",
            most: MOST_SPINS,
        }));
    }
    let states = 1_usize << spins;
    let names: Vec<String> = (0..states).map(|state| name(state, spins)).collect();
    let mut builder = Network::builder().states(names.iter().cloned());
    for spin in 0..spins {
        let labels = (0..states).map(|state| sign(state, spin).to_string());
        builder = builder.subsystem(format!("spin {spin}"), labels);
    }
    let fields: Vec<Vec<f64>> = (0..states)
        .map(|state| network.local_fields(&values(state, spins)))
        .collect();
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for state in 0..states {
        for spin in (0..spins).filter(|spin| state >> spin & 1 == 0) {
            let turned = state | 1 << spin;
            builder = builder.channel(
                format!("spin {spin} of {}", names[state]),
                &names[state],
                &names[turned],
                None,
            );
            up.push(probability_up(fields[state][spin]));
            down.push(probability_up(-fields[turned][spin]));
        }
    }
    if let Some(rate) = up.iter().chain(&down).find(|rate| **rate == 0.0) {
        return Err(fail(irrev_ising::Error::Domain {
            what: "a rate of the jump process",
            value: *rate,
            expected: "a positive number: at so low a temperature some turns underflow",
        }));
    }
    let build = || MarkovJump::new(builder.build()?, up, down);
    build().map_err(|error| Error::network("the network", error))
}

/// Spins that are +1 with probability (1 + m)/2 each, as a distribution over the 2^N states.
///
/// ```
/// let start = irrev::spins::independent_spins(2, 0.5)?;
/// assert_eq!(start.probabilities(), [0.0625, 0.1875, 0.1875, 0.5625]);
/// # Ok::<(), irrev::Error>(())
/// ```
///
/// # Errors
/// [`Error::Ising`] for |m| > 1, [`Error::Network`] for no spins at all.
pub fn independent_spins(spins: usize, magnetization: f64) -> Result<Distribution> {
    if !(magnetization.abs() <= 1.0) {
        let error = irrev_ising::Error::Domain {
            what: "the magnetisation at the start",
            value: magnetization,
            expected: "a number from -1 to 1",
        };
        return Err(Error::ising("the network", error));
    }
    let (up, down) = (0.5 * (1.0 + magnetization), 0.5 * (1.0 - magnetization));
    let of = |state: usize| -> f64 {
        let parts = (0..spins).map(|spin| if state >> spin & 1 == 1 { up } else { down });
        parts.product()
    };
    let probabilities = (0..1_usize << spins.min(MOST_SPINS)).map(of).collect();
    Distribution::new(probabilities).map_err(|error| Error::network("the network", error))
}

/// Whether J_ij = J_ji for all pairs, exactly.
#[must_use]
pub fn are_symmetric(couplings: &Couplings) -> bool {
    let matrix = couplings.to_matrix();
    let n = couplings.spins();
    (0..n).all(|i| (0..i).all(|j| matrix[(i, j)] == matrix[(j, i)]))
}

fn sign(state: usize, spin: usize) -> char {
    if state >> spin & 1 == 1 { '+' } else { '-' }
}

fn name(state: usize, spins: usize) -> String {
    (0..spins).map(|spin| sign(state, spin)).collect()
}

fn values(state: usize, spins: usize) -> Vec<i8> {
    (0..spins)
        .map(|spin| if state >> spin & 1 == 1 { 1 } else { -1 })
        .collect()
}
