//! The JSON Schema of model files, for editors that complete and check while one types.
//!
//! The schema knows types and keys; what refers to what (states, parameters, reservoirs) only the reader checks.

use serde_json::{Map, Value, json};

use super::markov::RuleKind;
use super::read::keys;

/// The kinds that [`schema`] knows.
pub const KINDS_WITH_SCHEMA: &[&str] = &[
    "markov",
    "reactions",
    "kinetic-ising",
    "quantum-lattice",
    "langevin",
];

/// The JSON Schema (draft 2020-12) of a kind of model file; `None` for a kind without one.
///
/// ```
/// let schema = irrev::model::schema("markov").ok_or("no schema")?;
/// assert_eq!(schema["properties"]["kind"]["const"], "markov");
/// assert_eq!(schema["additionalProperties"], false);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn schema(kind: &str) -> Option<Value> {
    match kind {
        "markov" => Some(markov()),
        "reactions" => Some(super::reactions::schema()),
        "kinetic-ising" => Some(super::ising::schema()),
        "quantum-lattice" => Some(super::quantum::schema()),
        "langevin" => Some(super::langevin::schema()),
        _ => None,
    }
}

fn markov() -> Value {
    let mut root = table(keys::ROOT, &["irrev", "kind"], &|key| root_key(key));
    let has = |key: &str| json!({ "required": [key] });
    let additions = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "irrev model, kind = \"markov\"",
        "description": "A continuous-time Markov jump process with reservoirs.",
        "$defs": {
            "formula": {
                "description": "a number, or an expression in [parameters] and the time t",
                "type": ["number", "string"]
            }
        },
        "oneOf": [
            { "required": ["states", "transitions"], "not": has("matrix") },
            { "required": ["matrix"], "not": has("transitions") }
        ],
        "not": { "required": ["reservoirs", "baths"] }
    });
    if let (Some(root), Value::Object(additions)) = (root.as_object_mut(), additions) {
        root.extend(additions);
    }
    root
}

/// A table with these keys and no others.
pub(super) fn table(keys: &[&str], required: &[&str], of_key: &dyn Fn(&str) -> Value) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), of_key(key))).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

pub(super) fn formula() -> Value {
    json!({ "$ref": "#/$defs/formula" })
}

/// A number with a sentence about it.
pub(super) fn described(description: &str) -> Value {
    json!({ "$ref": "#/$defs/formula", "description": description })
}

/// One of several words.
pub(super) fn words<T>(choices: &[(T, &str)]) -> Value {
    let names: Vec<&str> = choices.iter().map(|(_, name)| *name).collect();
    json!({ "enum": names })
}

/// The schema of a kind whose numbers are constants: its root table with what stands at the head.
pub(super) fn of_constants(kind: &str, description: &str, mut root: Value) -> Value {
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("irrev model, kind = \"{kind}\""),
        "description": description,
        "$defs": {
            "formula": {
                "description": "a number, or an expression in [parameters]",
                "type": ["number", "string"]
            }
        }
    });
    if let (Some(root), Value::Object(head)) = (root.as_object_mut(), head) {
        root.extend(head);
    }
    root
}

pub(super) fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// A table with free keys.
pub(super) fn map(values: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": values })
}

fn strings() -> Value {
    list(&json!({ "type": "string" }))
}

fn spacing() -> Value {
    json!({ "enum": ["linear", "log"], "default": "linear" })
}

fn points() -> Value {
    json!({ "type": "integer", "minimum": 2 })
}

/// Keys that mean the same in several tables.
fn common(key: &str) -> Value {
    match key {
        "name" => text("unique among its kind"),
        "unit" => text("label of the unit"),
        "doc" => text("what it is"),
        "symbol" => text("symbol in the report"),
        _ => formula(),
    }
}

/// Keys at the top of a file that mean the same in every kind.
pub(super) fn shared_root_key(key: &str) -> Option<Value> {
    Some(match key {
        "irrev" => json!({ "const": super::FORMAT_VERSION, "description": "version of the file format" }),
        "title" => text("one line for headings"),
        "doc" => text("what the model is"),
        "sources" => strings(),
        "units" => table(keys::UNITS, &[], &|_| text("label; numbers are never rescaled")),
        "parameters" => {
            let described = table(keys::PARAMETER, &["value"], &common);
            map(&json!({ "anyOf": [formula(), described] }))
        }
        "time" => table(keys::TIME, &["end"], &|key| match key {
            "points" => points(),
            "spacing" => spacing(),
            _ => formula(),
        }),
        "random" => table(
            keys::RANDOM,
            &["seed"],
            &|_| json!({ "type": "integer", "minimum": 0 }),
        ),
        "report" => table(keys::REPORT, &[], &|_| strings()),
        "sweep" => {
            let mut sweep = table(keys::SWEEP, &["key"], &|key| match key {
                "key" => text("dotted key of any number of this file"),
                "values" => list(&formula()),
                "points" => points(),
                "spacing" => spacing(),
                "show" => strings(),
                _ => formula(),
            });
            sweep["oneOf"] = json!([{ "required": ["values"] }, { "required": ["from", "to", "points"] }]);
            json!({ "type": "array", "maxItems": 2, "items": sweep })
        }
        _ => return None,
    })
}

fn root_key(key: &str) -> Value {
    if let Some(shared) = shared_root_key(key) {
        return shared;
    }
    match key {
        "kind" => json!({ "const": "markov" }),
        "states" => {
            let state = table(keys::STATE, &["name"], &|key| match key {
                "labels" => map(&text("value of this subsystem")),
                _ => common(key),
            });
            json!({ "type": "array", "minItems": 1, "items": { "anyOf": [{ "type": "string" }, state] } })
        }
        "reservoirs" | "baths" => map(&table(keys::RESERVOIR, &["temperature"], &common)),
        "transitions" => list(&transition()),
        "matrix" => table(keys::MATRIX, &["file", "orientation"], &|key| match key {
            "file" => text("path of a .csv or .npy file in the model's folder"),
            "orientation" => json!({ "enum": ["from-row-to-column", "from-column-to-row"] }),
            "one_way" => json!({ "type": "boolean" }),
            _ => text("name of the reservoir of every channel"),
        }),
        "initial" => table(keys::INITIAL, &["distribution"], &|_| {
            let word = json!({ "type": "string", "pattern": "^(uniform|stationary|gibbs:.+)$" });
            json!({ "anyOf": [word, map(&formula())] })
        }),
        "protocol" => {
            let mut protocol = table(keys::PROTOCOL, &[], &common);
            protocol["minProperties"] = json!(1);
            protocol["maxProperties"] = json!(1);
            protocol
        }
        "subsystems" => table(keys::SUBSYSTEMS, &[], &|key| match key {
            "include" => strings(),
            "views" => list(&strings()),
            _ => described("time between looks at the subsystems"),
        }),
        _ => output_key(key),
    }
}

fn transition() -> Value {
    let mut transition = table(keys::TRANSITION, &["between"], &|key| match key {
        "name" => text("unique; a→b (reservoir) where not given"),
        "between" => json!({ "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 }),
        "reservoir" | "bath" => text("name of the reservoir it exchanges heat with"),
        "rates" => table(keys::RATES, &["forward"], &|_| formula()),
        "rule" => table(keys::RULE, &["type"], &|key| match key {
            "type" => json!({ "enum": RuleKind::ALL.map(|(_, name)| name) }),
            _ => formula(),
        }),
        "one_way" => json!({ "type": "boolean", "description": "there is no backward jump" }),
        _ => json!({ "$ref": "#/$defs/formula", "description": "work done on the system per forward jump" }),
    });
    transition["oneOf"] = json!([{ "required": ["rates"] }, { "required": ["rule"] }]);
    transition["not"] = json!({ "required": ["reservoir", "bath"] });
    transition
}

fn output_key(key: &str) -> Value {
    match key {
        "observables" => list(&table(keys::OBSERVABLE, &["name", "weights"], &|key| match key {
            "weights" => map(&formula()),
            _ => common(key),
        })),
        "derived" => list(&table(keys::DERIVED, &["name", "value"], &common)),
        _ => {
            let mut cycle = table(keys::CYCLE, &["name"], &|key| match key {
                "name" => common(key),
                _ => strings(),
            });
            cycle["oneOf"] = json!([{ "required": ["states"] }, { "required": ["transitions"] }]);
            list(&cycle)
        }
    }
}
