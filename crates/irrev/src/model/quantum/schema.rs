//! The JSON Schema of `kind = "quantum-lattice"`.

use serde_json::{Value, json};

use super::super::schema::{described, formula, of_constants, shared_root_key, table, words};
use super::StateKind;
use super::read::{BOUNDARIES, LATTICES, MATCHINGS, keys};

pub(in super::super) fn schema() -> Value {
    let required = ["irrev", "kind", "lattice", "bath", "system", "contact", "time"];
    let root = table(keys::ROOT, &required, &|key| root_key(key));
    of_constants(
        "quantum-lattice",
        "A small system beside a bath of hard-core bosons in one energy eigenstate.",
        root,
    )
}

/// One number, or a list of them.
fn one_or_more(description: &str) -> Value {
    json!({ "anyOf": [formula(), { "type": "array", "items": formula(), "minItems": 1 }], "description": description })
}

fn pairs(description: &str) -> Value {
    let site = json!({ "type": "integer", "minimum": 0, "maximum": 63 });
    let pair = json!({ "type": "array", "items": site, "minItems": 2, "maxItems": 2 });
    json!({ "type": "array", "items": pair, "description": description })
}

fn root_key(key: &str) -> Value {
    match key {
        "kind" => json!({ "const": "quantum-lattice" }),
        "lattice" => table(keys::LATTICE, &[], &lattice),
        "bath" => table(keys::BATH, &["particles"], &bath),
        "system" => table(keys::SYSTEM, &["energy"], &|key| match key {
            "energy" => one_or_more("site energies of the system"),
            "populations" => one_or_more(
                "probabilities of the 2^m occupations; bit i of a place is the occupation of site i",
            ),
            "amplitudes" => amplitudes(),
            "regularise" => {
                described("ε: states orthogonal to the system's own get this probability together; default 0")
            }
            "bonds" => pairs("bonds between sites of the system"),
            _ => described("of every bond of the system; default 0"),
        }),
        "contact" => table(keys::CONTACT, &["hopping"], &|key| match key {
            "hopping" => one_or_more("hopping between system and bath; several values are compared"),
            "interaction" => described("density interaction between system and bath; default 0"),
            _ => pairs("pairs of a site of the system and a site of the bath; default [[0, 0]]"),
        }),
        "drive" => table(keys::DRIVE, &["times"], &|key| match key {
            "times" => one_or_more("times of the knots, ascending; two knots at one time are a jump"),
            "system" => {
                one_or_more("factors of the system's energies at the knots, linear between them; default 1")
            }
            _ => one_or_more("factors of the contact at the knots, linear between them; default 1"),
        }),
        "time" => table(keys::TIME, &["end"], &|key| match key {
            "end" => described("end of the evolution"),
            "points" => described("number of times from 0 to the end; default 200"),
            _ => described("time of the distribution of entropy production; default the end"),
        }),
        "light_cone" => table(keys::LIGHT_CONE, &[], &|key| match key {
            "radius" => described(
                "bonds of the bath farther than this from the contact are cut; default half of the largest distance",
            ),
            _ => described("trace distance from which a cut counts as felt; default 0.001"),
        }),
        "scan" => table(keys::SCAN, &[], &|key| match key {
            "eigenstates" => described("how many eigenstates, those nearest in energy; default 40"),
            "time" => described("when entropy production is looked at; default the end"),
            _ => described("entropy production below minus this counts as a violation; default 0.01"),
        }),
        "sizes" => table(keys::SIZES, &["shapes"], &sizes),
        _ => shared_root_key(key).unwrap_or_else(formula),
    }
}

fn amplitudes() -> Value {
    let part = json!({ "type": "array", "items": formula(), "minItems": 2, "maxItems": 2 });
    json!({
        "type": "array",
        "items": part,
        "description": "in place of populations: amplitudes [re, im] of the 2^m occupations in a superposition"
    })
}

fn sizes(key: &str) -> Value {
    match key {
        "shapes" => {
            let length = json!({ "type": "integer", "minimum": 1, "maximum": 64 });
            let shape = json!({ "anyOf": [length, { "type": "array", "items": length, "minItems": 1, "maxItems": 2 }] });
            json!({ "type": "array", "items": shape, "minItems": 1, "description": "lattices to compare, each as in lattice.shape" })
        }
        "particles" => one_or_more("particles of each lattice"),
        "filling" => described("in place of particles: part of the sites that is occupied"),
        "eigenstates" => described("most eigenstates of each lattice; default 20"),
        "window" => described("half of the window of energy, as part of the width of a sector; default 0.05"),
        _ => one_or_more("times at which the fluctuation theorem is looked at; default the end"),
    }
}

fn lattice(key: &str) -> Value {
    match key {
        "type" => words(LATTICES),
        "shape" => one_or_more("length of a chain; length and legs of a ladder; columns and rows"),
        "boundary" => {
            let word = words(BOUNDARIES);
            json!({ "anyOf": [word, { "type": "array", "items": word, "minItems": 2, "maxItems": 2 }], "default": "open" })
        }
        "sites" => described("number of sites, beside `bonds`"),
        _ => pairs("pairs of sites, in place of a type"),
    }
}

fn bath(key: &str) -> Value {
    match key {
        "particles" => described("number of particles in the bath"),
        "state" => words(StateKind::ALL),
        "matching" => words(MATCHINGS),
        "eigenstate" => described("index of the eigenstate in ascending energy, from 0"),
        "block" => one_or_more(
            "symmetry block in which the index counts: 0 (even) or 1 (odd) for each mirror image of the lattice",
        ),
        "temperature" => {
            described("near which an eigenstate is chosen, or around whose mean energy a window lies")
        }
        "width" => described("of the window of energy"),
        "beta" => described("inverse temperature of a Gibbs or typical state"),
        "alpha" => described("β times chemical potential of a Gibbs or typical state; default 0"),
        "hopping" => described("J of every bond; default 1"),
        "interaction" => described("V of every bond; default 0"),
        "energy" => one_or_more("of every site, or site by site; default 0"),
        "phase" => one_or_more(
            "phases φ of J e^iφ in radians, of every bond [i, j] or bond by bond: -J e^iφ c_i†c_j - h.c.; default 0",
        ),
        "flux" => {
            described("through every plaquette of a ladder or square lattice, in flux quanta; default 0")
        }
        "disorder" => described("site energies are uniform within plus and minus half of this; default 0"),
        "rng" => described("seed of the disorder; default 0"),
        "next_hopping" => described("J of next-nearest neighbours; default 0"),
        _ => described("V of next-nearest neighbours; default 0"),
    }
}
