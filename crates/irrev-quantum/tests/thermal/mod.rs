//! Reading of the cases in `data/thermodynamics.json`.

#![allow(clippy::unwrap_used, dead_code)]

use irrev_numerics::Run;
use irrev_quantum::bath::{BathSpectrum, BathState};
use irrev_quantum::composite::{Composite, Contact, SystemState};
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::lattice::Lattice;
use irrev_quantum::temperature::Matching;
use irrev_quantum::{Bond, Complex64, Hamiltonian};
use serde_json::Value;

pub(crate) fn cases(kind: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(include_str!("../data/thermodynamics.json")).unwrap();
    let found: Vec<Value> = all.into_iter().filter(|case| case["kind"] == kind).collect();
    assert!(!found.is_empty());
    found
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

pub(crate) fn whole(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

pub(crate) fn complex(value: &Value) -> Complex64 {
    Complex64::new(number(&value[0]), number(&value[1]))
}

pub(crate) fn pairs(value: &Value) -> Vec<(usize, usize)> {
    list(value)
        .iter()
        .map(|pair| (whole(&pair[0]), whole(&pair[1])))
        .collect()
}

/// One number for all, or one for each.
fn each(value: &Value, count: usize) -> Vec<f64> {
    value.as_f64().map_or_else(|| numbers(value), |x| vec![x; count])
}

pub(crate) fn lattice_model(lattice: &Value, couplings: &Value) -> Hamiltonian {
    let sites = whole(&lattice["sites"]);
    let bonds = pairs(&lattice["bonds"]);
    Hamiltonian::on_lattice(
        &Lattice::from_bonds(sites, &bonds).unwrap(),
        &each(&couplings["J"], bonds.len()),
        &each(&couplings["V"], bonds.len()),
        &each(&couplings["w"], sites),
    )
    .unwrap()
}

fn part(model: &Value, name: &str) -> Hamiltonian {
    let key = |what: &str| &model[format!("{name}_{what}")];
    let (hoppings, interactions) = (numbers(key("J")), numbers(key("V")));
    let bonds: Vec<Bond> = pairs(key("bonds"))
        .iter()
        .enumerate()
        .map(|(k, &(i, j))| Bond {
            i,
            j,
            hopping: hoppings[k].into(),
            interaction: interactions[k],
        })
        .collect();
    Hamiltonian::new(&numbers(key("w")), &bonds).unwrap()
}

pub(crate) fn composite(model: &Value) -> Composite {
    let (hoppings, interactions) = (numbers(&model["I_J"]), numbers(&model["I_V"]));
    let contacts: Vec<Contact> = pairs(&model["I_bonds_S_B"])
        .iter()
        .enumerate()
        .map(|(k, &(system, bath))| Contact {
            system,
            bath,
            hopping: hoppings[k].into(),
            interaction: interactions[k],
        })
        .collect();
    Composite::new(&part(model, "S"), &part(model, "B"), &contacts).unwrap()
}

pub(crate) fn system_state(rho: &Value) -> SystemState {
    let vectors: Vec<Vec<Complex64>> = list(&rho["phi"])
        .iter()
        .map(|phi| list(phi).iter().map(complex).collect())
        .collect();
    SystemState::new(&numbers(&rho["p"]), &vectors).unwrap()
}

pub(crate) fn full_spectrum(bath: &Hamiltonian) -> BathSpectrum {
    let none = Symmetries::none(bath);
    BathSpectrum::new(bath, 0..=bath.sites(), &none, Wanted::States, &Run::default()).unwrap()
}

pub(crate) fn eigenstate(spectrum: &BathSpectrum, inputs: &Value) -> BathState {
    BathState::eigenstate(
        spectrum,
        whole(&inputs["N_B"]),
        whole(&inputs["bath_eigen_index"]),
    )
    .unwrap()
}

pub(crate) fn matching(inputs: &Value) -> Matching {
    match inputs["ensemble"].as_str().unwrap() {
        "grand" => Matching::Grand,
        "sector" => Matching::Sector,
        _ => Matching::Fock,
    }
}

pub(crate) fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found} where {expected} is expected"
    );
}

pub(crate) fn complex_close(found: Complex64, expected: Complex64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).norm() <= tolerance,
        "{what}: {found} where {expected} is expected"
    );
}
