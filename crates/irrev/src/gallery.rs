//! Built-in models with published numbers, as model files that can be copied and changed.

use crate::error::{Error, Result};
use crate::expression::nearest_name;

/// A model of the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Name for `irrev gallery NAME`.
    pub name: &'static str,
    /// The physics in one line.
    pub physics: &'static str,
    /// The model file.
    pub text: &'static str,
}

macro_rules! gallery {
    ($($name:literal: $physics:literal;)*) => {
        /// The models of the gallery.
        pub const ENTRIES: &[Entry] = &[$(Entry {
            name: $name,
            physics: $physics,
            text: include_str!(concat!("../../../examples/models/", $name, ".toml")),
        }),*];
    };
}

gallery! {
    "kinesin": "six-state motor with forward and backward cycle under load (Liepelt and Lipowsky 2007)";
    "kinesin-visscher": "the same motor with the rates fitted to Visscher's data";
    "three-state-ring": "the smallest driven system, solvable by hand";
    "two-level-two-baths": "heat conduction through two levels between two baths";
    "quantum-dot-heat-engine": "one level between hot and cold leads: efficiency at maximum power";
    "myosin-v": "two-state motor with load-dependent rates (Kolomeisky and Fisher 2003)";
    "hopfield-proofreading": "kinetic proofreading: accuracy bought with dissipation (Hopfield 1974)";
    "run-and-tumble-sensor": "a chemoreceptor that measures and adapts: information flow and its cost";
    "membrane-channel": "four states that carry molecules across a membrane: the second law of the site and of the side (Yoshida et al. 2021)";
    "transporter-symport": "sixteen states that carry two kinds of molecule together: information flows of two, three and four parts";
    "transporter-antiport": "the same with the two kinds going opposite ways, one of them uphill";
    "transporter-uniport": "the same with each kind going its own way";
    "three-level-maser": "heat engine of three levels and its Carnot point (Scovil and Schulz-DuBois 1959)";
    "three-level-dot": "a quantum dot between a hot and a cold lead";
    "double-well-chain": "five states in a double well: what it costs to carry a particle over a barrier in a given time";
    "brusselator": "a chemical oscillator whose every step is reversible: what a turn costs (Prigogine and Lefever 1968)";
    "schloegl": "autocatalysis with two stable steady states (Schlögl 1972)";
    "michaelis-menten": "an enzyme between a substrate and a product that are held, from standard potentials";
    "asymmetric-sk": "spins with asymmetric couplings: entropy production over temperature and disorder, N → ∞ (Aguilera et al. 2023)";
    "asymmetric-sk-fields": "the same over temperature and the width of random fields";
    "finite-sk": "the same for 64 to 256 spins, extrapolated in 1/N and compared with the exact solution";
    "six-spins": "six spins with a driven ring: all states, pair by pair, beside mean-field theories and a simulation";
    "ising-lattice-input": "sixteen spins of a lattice and an input: transfer entropy and information flow over temperature (Meijers et al. 2021)";
    "ising-lattice-transition": "a thousand spins through the transition: where a spin learns most from one and from all (Barnett et al. 2013)";
    "one-wave-function": "entropy production beside a quantum bath in one energy eigenstate (Iyoda, Kaneko and Sagawa 2017)";
    "almost-all-eigenstates": "the same for many eigenstates of a smaller bath";
    "tilted-ring": "a Brownian particle on a tilted ring: velocity and dissipation against the tilt (Risken 1989)";
    "driven-double-well": "two wells and a force that turns: current, gradient and flux, passages, walkers along their paths";
    "moved-trap": "a particle in a trap that is moved: work theorems both ways, and the best protocol (Jarzynski 1997, Crooks 1999)";
    "relaxing-double-well": "from one well to both: dissipation, distance, and what curvature would ask (Nakazato and Ito 2021)";
    "colloid-that-remembers": "two wells in a viscoelastic bath: generalised Langevin dynamics";
    "two-wells-five-coordinates": "two wells seen along five coordinates: free energy beside mean-force potential, and a hidden dimension (Kawai 2014)";
}

/// The entry with a name.
///
/// # Errors
/// [`Error::UnknownModel`] with the nearest name.
///
/// ```
/// assert!(irrev::gallery::entry("kinesin")?.text.contains("kind = \"markov\""));
/// assert!(irrev::gallery::entry("brusselator")?.text.contains("kind = \"reactions\""));
/// # Ok::<(), irrev::Error>(())
/// ```
pub fn entry(name: &str) -> Result<&'static Entry> {
    ENTRIES
        .iter()
        .find(|e| e.name == name)
        .ok_or_else(|| Error::UnknownModel {
            name: name.into(),
            suggestion: nearest_name(name, ENTRIES.iter().map(|e| e.name)).map(str::to_owned),
        })
}
