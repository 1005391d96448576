//! The JSON Schema of `kind = "kinetic-ising"`.

use serde_json::{Value, json};

use super::super::schema::{described, formula, of_constants, shared_root_key, table, text, words};
use super::UpdateRule;
use super::read::{POLICIES, STARTS, keys};

pub(in super::super) fn schema() -> Value {
    let required = ["irrev", "kind", "network", "dynamics"];
    let root = table(keys::ROOT, &required, &|key| root_key(key));
    of_constants(
        "kinetic-ising",
        "A kinetic Ising network: spins that turn in fields of each other, with couplings that need not be symmetric.",
        root,
    )
}

fn numbers() -> Value {
    json!({ "type": "array", "items": formula() })
}

fn root_key(key: &str) -> Value {
    if let Some(shared) = shared_root_key(key) {
        return shared;
    }
    match key {
        "kind" => json!({ "const": "kinetic-ising" }),
        "network" => table(keys::NETWORK, &["couplings"], &network_key),
        "dynamics" => table(keys::DYNAMICS, &["update", "beta"], &|key| match key {
            "update" => words(UpdateRule::ALL),
            "beta" => described("inverse temperature, in 1/energy"),
            _ => described("with which each spin is refreshed at a step, for update = \"partial\""),
        }),
        "initial" => table(keys::INITIAL, &[], &|_| {
            described(
                "of the independent spins that a quench, mean-field theories and relaxations start from; default 0",
            )
        }),
        "quench" => table(keys::QUENCH, &[], &|_| {
            described("parallel steps to follow; default 50")
        }),
        "phase_diagram" => table(keys::PHASE_DIAGRAM, &["x", "y"], &|_| {
            table(keys::AXIS, &["key", "from", "to"], &|key| match key {
                "key" => {
                    text("dotted key of beta, of mean or spread of couplings, or of mean or width of fields")
                }
                _ => formula(),
            })
        }),
        "mean_field" => table(keys::MEAN_FIELD, &[], &|key| match key {
            "steps" => described("steps to follow; default 20"),
            _ => described("largest change in a step of what counts as stationary; default 1e-9"),
        }),
        "transfer" => table(keys::TRANSFER, &["from", "to"], &|key| match key {
            "from" => described("lowest temperature"),
            "to" => described("highest temperature"),
            "points" => described("number of temperatures; default 25"),
            "replicas" => described("lattices simulated at each temperature; default 12"),
            "burn_in" => described("sweeps before the first that is counted; default 500"),
            "measured" => described("sweeps that are counted; default 2000"),
            _ => described("rate at which spin 0 flips by itself, driving the others; up to 16 sites"),
        }),
        _ => table(keys::SIMULATION, &[], &|key| match key {
            "replicas" => described("copies of the network; default 128"),
            "burn_in" => described("time before the first measurement; default 100"),
            "measured" => described("time that is measured; default 400"),
            "every" => described("time between measurements; default 4"),
            "lags" => described("lags of the autocorrelation, in measurements; default 0"),
            _ => words(STARTS),
        }),
    }
}

fn network_key(key: &str) -> Value {
    match key {
        "size" => json!({ "anyOf": [
            formula(),
            { "const": "infinite" },
            { "type": "array", "items": formula(), "minItems": 1, "description": "a study of finite sizes" }
        ] }),
        "couplings" => one_of(keys::COUPLINGS),
        "fields" => json!({ "anyOf": [formula(), numbers(), one_of(keys::FIELDS)] }),
        "self_couplings" => words(POLICIES),
        _ => described("networks drawn with the same law; default 12 for several sizes, else 1"),
    }
}

/// A table of one of several types, each with keys of its own.
fn one_of(types: &[(&str, &[&str], &[&str])]) -> Value {
    let variants: Vec<Value> = types
        .iter()
        .map(|(name, required, optional)| {
            let keys: Vec<&str> = ["type"].iter().chain(*required).chain(*optional).copied().collect();
            let is_given = matches!(*name, "matrix" | "given");
            let needed: Vec<&str> = if is_given { Vec::new() } else { [&["type"], *required].concat() };
            let mut variant = table(&keys, &needed, &|key| match key {
                "type" => json!({ "const": name }),
                "rows" => json!({ "type": "array", "items": numbers(), "description": "row i is what spin i receives" }),
                "entries" => json!({
                    "type": "array",
                    "description": "[to, from, coupling], spins counted from 0",
                    "items": { "type": "array", "minItems": 3, "maxItems": 3 }
                }),
                "file" | "entries_file" => text("path of a .csv or .npy file in the model's folder"),
                "values" => numbers(),
                "rng" => described("seed of the draw; default that of the run"),
                _ => formula(),
            });
            if is_given {
                let one: Vec<Value> = optional.iter().map(|key| json!({ "required": [key] })).collect();
                variant["oneOf"] = one.into();
            }
            variant
        })
        .collect();
    json!({ "oneOf": variants })
}
