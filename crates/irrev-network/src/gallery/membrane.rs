//! Transport through a membrane: a channel of four states and a transporter of sixteen.
//!
//! A transporter is open to one side at a time. Binding sites take up molecules from the side it is open to and release them there; what it
//! carries across is the difference. Its parts are multipartite: binding, turning and gating are jumps of one part each.

use crate::error::Result;
use crate::kinetics::MarkovJump;
use crate::network::{Network, NetworkBuilder};

/// The two sides of the membrane, in the order of the labels "0" and "1" of what the transporter is open to.
const SIDES: [&str; 2] = ["outside", "inside"];

/// Rates of a channel with one binding site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MembraneChannelRates {
    /// Binding constant k, per concentration and time.
    pub binding: f64,
    /// Dissociation constant K, a concentration: molecules leave at rate k K.
    pub dissociation: f64,
    /// Concentrations outside and inside.
    pub concentrations: [f64; 2],
    /// Rate of turning between the sides while the site is empty and while it is bound, the same both ways, 1/time.
    pub turning: [f64; 2],
}

impl Default for MembraneChannelRates {
    /// Ten times as much outside as inside, all constants 1.
    fn default() -> Self {
        Self {
            binding: 1.0,
            dissociation: 1.0,
            concentrations: [10.0, 1.0],
            turning: [1.0, 1.0],
        }
    }
}

/// Four-state membrane channel: a site a (0 empty, 1 bound) and the side c it is open to (0 outside, 1 inside).
///
/// States are called "a1 c0"; binding exchanges with the reservoir "outside" or "inside", turning with "thermal". The one cycle carries a molecule
/// across and has the affinity ln(c_out/c_in), so that σ is the net current of molecules times that.
///
/// ```
/// use irrev_network::{gallery, information::parts::{conditional_current, second_laws}};
/// let channel = gallery::membrane_channel(&Default::default())?;
/// let steady = channel.stationary_distribution()?;
/// let carried = conditional_current(&channel.flow(&steady)?, ("a", "0", "1"), &[("c", "0")])?;
/// let laws = second_laws(&channel, &steady)?;
/// assert!((laws.entropy_production_rate - carried * 10f64.ln()).abs() < 1e-13);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Rate`] if a rate is negative or not finite.
pub fn membrane_channel(rates: &MembraneChannelRates) -> Result<MarkovJump> {
    let state = |a: usize, c: usize| format!("a{a} c{c}");
    let mut jumps = Jumps::new(
        ["a", "c"].into(),
        vec![vec![0, 0], vec![0, 1], vec![1, 0], vec![1, 1]],
    );
    for (c, side) in SIDES.into_iter().enumerate() {
        let (bind, release) = (
            rates.binding * rates.concentrations[c],
            rates.binding * rates.dissociation,
        );
        jumps.add(
            &format!("bind a {side}"),
            state(0, c),
            state(1, c),
            side,
            (bind, release),
        );
    }
    for (a, &rate) in rates.turning.iter().enumerate() {
        jumps.add(
            &format!("turn {}", ["empty", "bound"][a]),
            state(a, 0),
            state(a, 1),
            "thermal",
            (rate, rate),
        );
    }
    jumps.process()
}

/// Rates of a transporter with two binding sites and a gate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransporterRates {
    /// Binding constants of a and b, per concentration and time.
    pub binding: [f64; 2],
    /// Dissociation constants of a and b, concentrations.
    pub dissociation: [f64; 2],
    /// Concentrations of a outside and inside.
    pub concentrations_a: [f64; 2],
    /// Concentrations of b outside and inside.
    pub concentrations_b: [f64; 2],
    /// Rate of turning between the sides with a = 0, 1 (first index) and b = 0, 1 bound, the same both ways, 1/time.
    pub turning: [[f64; 2]; 2],
    /// Rate at which the gate opens and closes, 1/time.
    pub gating: f64,
    /// Factor on binding while the gate is closed, and on turning while it is open.
    pub leak: f64,
}

/// How turning depends on what is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// It turns with both sites bound or both empty: what is carried is carried together.
    Symport,
    /// It turns with one site bound: what is carried goes opposite ways.
    Antiport,
    /// It turns whatever is bound: each kind goes its own way.
    Uniport,
}

impl TransporterRates {
    /// Concentrations a 10 : 1 and b 1 : 2, turning 1 where the kind of transport allows it and 0.01 elsewhere, a leak of 0.02, all else 1.
    #[must_use]
    pub fn of(transport: Transport) -> Self {
        let (like, unlike) = match transport {
            Transport::Symport => (1.0, 0.01),
            Transport::Antiport => (0.01, 1.0),
            Transport::Uniport => (1.0, 1.0),
        };
        Self {
            binding: [1.0, 1.0],
            dissociation: [1.0, 1.0],
            concentrations_a: [10.0, 1.0],
            concentrations_b: [1.0, 2.0],
            turning: [[like, unlike], [unlike, like]],
            gating: 1.0,
            leak: 0.02,
        }
    }

    /// Chemical potential differences ln(c_out/c_in) of a and b, in units of temperature: what drives them inwards.
    #[must_use]
    pub fn chemical_potential_differences(&self) -> [f64; 2] {
        [self.concentrations_a, self.concentrations_b]
            .map(|[outside, inside]| irrev_numerics::special::log_ratio(outside, inside))
    }
}

impl Default for TransporterRates {
    /// A symporter.
    fn default() -> Self {
        Self::of(Transport::Symport)
    }
}

/// Sixteen-state transporter: sites a and b (0 empty, 1 bound), the side c it is open to (0 outside, 1 inside) and a gate g (0 closed, 1 open).
///
/// States are called "a1 b0 c1 g0". With γ = 1 while the gate is open and the leak while it is closed, a binds at rate k c γ from the side that c
/// names and leaves at k K γ, and so does b; c turns at the rate of what is bound, times the leak while the gate is open; g flips freely. All forces are
/// the chemical potential differences, so that in a stationary state σ = J_a ln(a_out/a_in) + J_b ln(b_out/b_in).
///
/// ```
/// use irrev_network::gallery::{Transport, TransporterRates, transporter};
/// let antiport = transporter(&TransporterRates::of(Transport::Antiport))?;
/// let flow = antiport.flow(&antiport.stationary_distribution()?)?;
/// let [a, b] = irrev_network::gallery::transported(&flow)?;
/// let [drive_a, drive_b] = TransporterRates::of(Transport::Antiport).chemical_potential_differences();
/// assert!((flow.entropy_production_rate() - (a * drive_a + b * drive_b)).abs() < 1e-13);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Rate`] if a rate is negative or not finite.
///
/// Source: in the spirit of Yoshida, Okada, Muneyuki and Ito, arXiv:2112.04024; the rates are this library's.
pub fn transporter(rates: &TransporterRates) -> Result<MarkovJump> {
    let tuples: Vec<Vec<usize>> = (0..16)
        .map(|z| (0..4).map(|k| z >> (3 - k) & 1).collect())
        .collect();
    let state = |t: [usize; 4]| format!("a{} b{} c{} g{}", t[0], t[1], t[2], t[3]);
    let mut jumps = Jumps::new(["a", "b", "c", "g"].into(), tuples);
    for (site, concentrations) in [rates.concentrations_a, rates.concentrations_b]
        .into_iter()
        .enumerate()
    {
        for (other, c, g) in (0..8).map(|i| (i >> 2, i >> 1 & 1, i & 1)) {
            let end = |bound| match site {
                0 => [bound, other, c, g],
                _ => [other, bound, c, g],
            };
            let open = if g == 1 { 1.0 } else { rates.leak };
            let constant = rates.binding[site] * open;
            let fluxes = (constant * concentrations[c], constant * rates.dissociation[site]);
            let name = format!("bind {}: {}", ["a", "b"][site], state(end(0)));
            jumps.add(&name, state(end(0)), state(end(1)), SIDES[c], fluxes);
        }
    }
    for (a, b, i) in (0..8).map(|i| (i >> 2, i >> 1 & 1, i & 1)) {
        let open = if i == 1 { rates.leak } else { 1.0 };
        let (turning, gating) = (rates.turning[a][b] * open, rates.gating);
        let (from, to) = (state([a, b, 0, i]), state([a, b, 1, i]));
        jumps.add(&format!("turn: {from}"), from, to, "thermal", (turning, turning));
        let (from, to) = (state([a, b, i, 0]), state([a, b, i, 1]));
        jumps.add(&format!("gate: {from}"), from, to, "thermal", (gating, gating));
    }
    jumps.process()
}

/// Net currents of a and b from outside into the sites of a [`transporter`], in molecules per time; in a stationary state what arrives inside.
///
/// # Errors
/// [`crate::Error::Unknown`] if the network has no parts a, b and c.
pub fn transported(flow: &crate::flow::Flow) -> Result<[f64; 2]> {
    let bound = |site| crate::information::parts::conditional_current(flow, (site, "0", "1"), &[("c", "0")]);
    Ok([bound("a")?, bound("b")?])
}

/// Collects the jumps of a composite system.
struct Jumps {
    builder: NetworkBuilder,
    forward: Vec<f64>,
    backward: Vec<f64>,
}

impl Jumps {
    /// Parts with one-letter names and the tuples of their labels, in the order of the states.
    fn new(parts: Vec<&str>, tuples: Vec<Vec<usize>>) -> Self {
        let name = |tuple: &Vec<usize>| {
            let labels: Vec<String> = parts
                .iter()
                .zip(tuple)
                .map(|(part, label)| format!("{part}{label}"))
                .collect();
            labels.join(" ")
        };
        let mut builder = Network::builder().states(tuples.iter().map(name));
        for (k, part) in parts.iter().enumerate() {
            builder = builder.subsystem(*part, tuples.iter().map(|t| t[k].to_string()));
        }
        for reservoir in [SIDES[0], SIDES[1], "thermal"] {
            builder = builder.reservoir(reservoir);
        }
        Self {
            builder,
            forward: Vec::new(),
            backward: Vec::new(),
        }
    }

    fn add(
        &mut self,
        name: &str,
        from: String,
        to: String,
        reservoir: &str,
        (forward, backward): (f64, f64),
    ) {
        let builder = std::mem::take(&mut self.builder);
        self.builder = builder.channel(name, from, to, Some(reservoir));
        self.forward.push(forward);
        self.backward.push(backward);
    }

    fn process(self) -> Result<MarkovJump> {
        MarkovJump::new(self.builder.build()?, self.forward, self.backward)
    }
}
