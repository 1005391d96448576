//! The JSON Schema of `kind = "langevin"`.

use serde_json::{Value, json};

use super::super::schema::{described, formula, map, of_constants, shared_root_key, table, text, words};
use super::projections::{FUNCTIONS, KEYS};
use super::read::{BOUNDARIES, WALLS, keys};
use super::{DynamicsKind, Integrator, memory};

pub(in super::super) fn schema() -> Value {
    let root = table(
        keys::ROOT,
        &["irrev", "kind", "coordinates", "dynamics"],
        &root_key,
    );
    of_constants(
        "langevin",
        "Continuous motion in a potential and other forces, beside heat baths.",
        root,
    )
}

/// One value for all coordinates, or one for each by name.
fn for_each(description: &str) -> Value {
    json!({ "anyOf": [formula(), map(&formula())], "description": description })
}

fn list(description: &str) -> Value {
    json!({ "type": "array", "items": formula(), "minItems": 1, "maxItems": 3, "description": description })
}

fn two(description: &str) -> Value {
    json!({ "type": "array", "items": formula(), "minItems": 2, "maxItems": 2, "description": description })
}

fn root_key(key: &str) -> Value {
    match key {
        "kind" => json!({ "const": "langevin" }),
        "coordinates" => map(&table(keys::COORDINATE, &[], &coordinate)),
        "dynamics" => table(keys::DYNAMICS, &[], &dynamics),
        "first_passage" => table(keys::FIRST_PASSAGE, &["from", "to"], &|key| match key {
            "from" => for_each("where the passage begins, for each coordinate"),
            "to" => for_each("where it ends"),
            _ => described("nearer than this is there; default the node of the grid nearest to the end"),
        }),
        "relaxation" => table(keys::RELAXATION, &["from", "width", "time"], &|key| match key {
            "from" => {
                for_each("middle of the normal distribution in which the motion begins, for each coordinate")
            }
            "width" => for_each("its standard deviation"),
            "time" => described("how long it is followed"),
            _ => described("times at which it is shown; default 41"),
        }),
        "protocol" => table(keys::PROTOCOL, &["duration"], &|_| {
            described(
                "how long the fields change, from time 0 on; what that costs is compared with the least that is possible",
            )
        }),
        "projections" => {
            let of_one = table(KEYS, &["type", "range"], &projection);
            json!({ "type": "array", "items": of_one, "description": "coordinates onto which the model is projected" })
        }
        "simulate" => table(keys::SIMULATE, &["step", "time"], &|key| match key {
            "step" => described("length of a step of time"),
            "time" => described("how long each walker is looked at, after it has settled"),
            "walkers" => described("number of walkers; default 256"),
            "integrator" => words(Integrator::ALL),
            "discard" => described(
                "time before that, in which walkers settle; a protocol in t begins after it; default 0",
            ),
            _ => for_each("where walkers start; default in the middle of each coordinate"),
        }),
        _ => shared_root_key(key).unwrap_or_else(formula),
    }
}

fn coordinate(key: &str) -> Value {
    match key {
        "min" => described("where it begins"),
        "max" => described("where it ends"),
        "boundary" => {
            let both = words(BOUNDARIES);
            let wall = words(WALLS);
            json!({ "anyOf": [both, { "type": "array", "items": wall, "minItems": 2, "maxItems": 2 }], "default": "open" })
        }
        _ => described(
            "intervals of a grid along it, a multiple of 4; default 512 for one coordinate, 96 for two, 24 for three",
        ),
    }
}

fn dynamics(key: &str) -> Value {
    match key {
        "type" => words(DynamicsKind::ALL),
        "potential" => described("V, an expression in coordinates, parameters and the time t"),
        "force" => for_each("the force that is not of the potential, for each coordinate; default 0"),
        "temperature" => for_each("of the bath of each coordinate; default 1"),
        "mobility" => for_each("of each coordinate, which may depend on place; default 1"),
        "mass" => for_each("of each coordinate, where type = \"underdamped\"; default 1"),
        "memory" => {
            let term = table(memory::KEYS, &["amplitude", "rate"], &|key| {
                described(match key {
                    "amplitude" => "c of a term c e^{−a t} cos(ω t + φ) of the kernel",
                    "rate" => "a",
                    "frequency" => "ω, in radians per time; default 0",
                    _ => "φ, in radians; default 0",
                })
            });
            let terms = json!({ "type": "array", "items": term });
            json!({ "anyOf": [terms.clone(), map(&terms)], "description": "what the baths remember, where type = \"generalized\": terms for all coordinates, or for each" })
        }
        _ => for_each("white friction of each coordinate; where type = \"generalized\", default 0"),
    }
}

fn projection(key: &str) -> Value {
    match key {
        "name" => text("what reports call it; default its type"),
        "type" => words(FUNCTIONS),
        "along" => list("a of R = a·q, for type = \"linear\": a number for each coordinate"),
        "centre" => list("c of R = |q − c|, for type = \"distance\": a number for each coordinate"),
        "formula" => described("R, an expression in coordinates and parameters, for type = \"formula\""),
        "focus" => described("f: foci at (−f, 0) and (f, 0), for difference-of-distances and elliptic-angle"),
        "unit" => described("length of a unit of the elliptic angle; default 1"),
        "range" => two("where the coordinate begins and ends"),
        _ => described("points at which landscapes are computed; default 121"),
    }
}
