//! What a trajectory brings home.

/// Why a trajectory ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Ending {
    /// It reached its horizon.
    #[default]
    Horizon,
    /// It entered a target: its place in the list of stop states.
    Target(usize),
    /// The running quantity reached the upper threshold.
    Upper,
    /// The running quantity reached the lower threshold.
    Lower,
    /// It made all the jumps it was allowed.
    Jumps,
    /// It had no horizon and entered a state that it would never leave; the duration is the time of entering.
    Absorbed,
}

/// The running quantity of a trajectory.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Extremes {
    /// Value at the end.
    pub value: f64,
    /// Smallest value so far, ≤ 0.
    pub minimum: f64,
    /// Largest value so far, ≥ 0.
    pub maximum: f64,
}

/// One trajectory with its books. Entropies in nats, energies in the unit of the temperatures or energies given.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Trajectory {
    /// State at time 0.
    pub start: usize,
    /// State at the end.
    pub end: usize,
    /// Time at the end.
    pub duration: f64,
    /// Why it ended.
    pub ending: Ending,
    /// Number of jumps.
    pub jumps: u64,
    /// Jumps per channel and direction: entry 2e along edge e, 2e + 1 against it. Zeros if not counted.
    pub jump_counts: Vec<u64>,
    /// Time spent in each state.
    pub residence: Vec<f64>,
    /// State at each output time that the trajectory reached.
    pub states: Vec<usize>,
    /// Each current asked for: Σₑ weightₑ (nₑ⁺ − nₑ⁻).
    pub currents: Vec<f64>,
    /// Entropy delivered to the medium; +∞ if a channel without reverse was used. 0 if jumps are not counted.
    pub medium_entropy: f64,
    /// Σ = S_medium + ln p₀(x₀) − ln p_t(x_t), if asked for.
    pub total_entropy: Option<f64>,
    /// Heat into each reservoir, if temperatures are given.
    pub heat: Vec<f64>,
    /// Work done by a protocol, if energies are given.
    pub work: Option<f64>,
    /// The running quantity, if there is one.
    pub running: Option<Extremes>,
    /// Logarithm of the likelihood ratio between the process asked about and the one simulated; 0 unless tilted.
    pub log_weight: f64,
}

impl Trajectory {
    /// An empty record for a network.
    pub(super) fn cleared(&mut self, states: usize, edges: usize, start: usize) {
        self.start = start;
        self.end = start;
        self.duration = 0.0;
        self.ending = Ending::Horizon;
        self.jumps = 0;
        self.jump_counts.clear();
        self.jump_counts.resize(2 * edges, 0);
        self.residence.clear();
        self.residence.resize(states, 0.0);
        self.states.clear();
        self.currents.clear();
        self.medium_entropy = 0.0;
        self.total_entropy = None;
        self.heat.clear();
        self.work = None;
        self.running = None;
        self.log_weight = 0.0;
    }

    /// Net jumps n⁺ − n⁻ along an edge; 0 for an edge that was not counted.
    #[must_use]
    pub fn net_jumps(&self, edge: usize) -> f64 {
        match self.jump_counts.get(2 * edge..2 * edge + 2) {
            Some(&[forward, backward]) => forward as f64 - backward as f64,
            _ => 0.0,
        }
    }
}
