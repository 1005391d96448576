//! The JSON Schema of `kind = "reactions"`.

use serde_json::{Value, json};

use super::super::schema::{formula, map, shared_root_key, table, text};
use super::read::{READING, keys};

pub(in super::super) fn schema() -> Value {
    let mut root = table(keys::ROOT, &["irrev", "kind", "species", "reactions"], &|key| {
        root_key(key)
    });
    let additions = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "irrev model, kind = \"reactions\"",
        "description": "A chemical reaction network with chemostats.",
        "$defs": {
            "formula": {
                "description": "a number, or an expression in the symbols of the file, the time t and the temperature T",
                "type": ["number", "string"]
            }
        }
    });
    if let (Some(root), Value::Object(additions)) = (root.as_object_mut(), additions) {
        root.extend(additions);
    }
    root
}

fn root_key(key: &str) -> Value {
    if let Some(shared) = shared_root_key(key) {
        return shared;
    }
    match key {
        "kind" => json!({ "const": "reactions" }),
        "compartments" => {
            let described = table(keys::COMPARTMENT, &["size"], &|key| match key {
                "dimensions" => json!({ "type": "integer", "minimum": 0, "maximum": 3 }),
                _ => formula(),
            });
            map(&json!({ "anyOf": [formula(), described] }))
        }
        "species" => map(&json!({ "anyOf": [formula(), species()] })),
        "variables" => {
            let moving = table(keys::VARIABLE, keys::VARIABLE, &|_| formula());
            map(&json!({ "anyOf": [formula(), moving] }))
        }
        "reactions" => {
            let mut reactions = map(&reaction());
            reactions["minProperties"] = json!(1);
            reactions
        }
        "thermodynamics" => table(keys::THERMODYNAMICS, &[], &|key| match key {
            "irreversible" => treatment(),
            "unsplit" => json!({ "enum": ["leave-out", "refuse"], "default": "leave-out" }),
            "pairing" => json!({
                "enum": ["joined", "apart"],
                "default": "apart",
                "description": "one-way reactions that undo each other: the two directions of one reaction, or two processes"
            }),
            _ => {
                json!({ "$ref": "#/$defs/formula", "description": "k_B T in the energy unit of the file; default 1" })
            }
        }),
        "volume" => table(
            keys::VOLUME,
            keys::VOLUME,
            &|_| json!({ "$ref": "#/$defs/formula", "description": "molecules per unit of amount" }),
        ),
        "stochastic" => table(keys::STOCHASTIC, &[], &|key| match key {
            "powers" => json!({
                "enum": ["as-written", "falling-factorials"],
                "default": "as-written",
                "description": "what k X^2, written as a formula, is on counts: k n^2, or k n(n-1)"
            }),
            _ => json!({ "type": "integer", "minimum": 1 }),
        }),
        "reading" => json!({ "type": "array", "items": reading() }),
        _ => table(keys::LIMIT_CYCLE, keys::LIMIT_CYCLE, &|key| match key {
            "species" => text("the species whose value is crossed upwards"),
            _ => formula(),
        }),
    }
}

fn reading() -> Value {
    table(keys::READING, &["code", "note"], &|key| match key {
        "code" => json!({ "enum": READING }),
        "note" => {
            text("what was decided in reading the file that this one was written from; every report says it")
        }
        _ => text("what to do about it"),
    })
}

fn treatment() -> Value {
    json!({ "enum": ["infinite", "leave-out", "refuse"], "default": "infinite" })
}

fn one_of(keys: &[&str]) -> Value {
    keys.iter().map(|key| json!({ "required": [key] })).collect()
}

fn species() -> Value {
    let mut species = table(keys::SPECIES, &[], &|key| match key {
        "compartment" => text("name of its compartment; needed where there are several"),
        "symbol" => json!({ "enum": ["concentration", "amount"], "default": "concentration" }),
        "doc" => text("what it is"),
        _ => formula(),
    });
    species["oneOf"] = one_of(&[
        "initial",
        "initial_amount",
        "chemostat",
        "chemostat_amount",
        "assigned",
    ]);
    species
}

fn reaction() -> Value {
    let mut reaction = table(keys::REACTION, &["eq"], &|key| match key {
        "eq" => text("as on paper: `2 X + Y <=> 3 X`, or `->` for one way"),
        "standard_potentials" => json!({ "type": "boolean" }),
        "compartment" => text("compartment whose size enters mass action"),
        "irreversible" => treatment(),
        "doc" => text("what it is"),
        _ => formula(),
    });
    reaction["oneOf"] = one_of(&["kf", "forward", "net"]);
    reaction
}
