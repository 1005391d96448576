//! Laws that are mass action although they are written as formulas, such as `c*X*(X-1)/2`.
//!
//! A formula of at most three counted species is compared with c ∏ n(n−1)…(n−ν+1) at counts spread over six decades, for every choice of
//! orders ν from 1 to 3. Rational functions that agree at that many points are equal; the constant comes from the largest of them.

use irrev_network::counts::{Propensity, PropensityLaw};

/// Most species of a law that is tried.
const SPECIES: usize = 3;

/// Largest order tried per species.
const ORDER: u32 = 3;

/// Agreement demanded at every point, relative: rounding of a few operations.
const AGREEMENT: f64 = 1e-12;

/// The value of a law without its constant, for orders per species and counts.
type Product = dyn Fn(&[(usize, u32)], &[f64]) -> f64;

/// Counts at which laws are compared, mixed among the species.
const COUNTS: [f64; 9] = [0.0, 1.0, 2.0, 3.0, 5.0, 17.0, 101.0, 4099.0, 1_000_003.0];

/// The mass-action propensity that a law equals, if it does.
pub(super) fn mass_action(law: &dyn PropensityLaw) -> Option<Propensity> {
    agreeing(law, &|reactants, counts| {
        Propensity::mass_action(1.0, reactants).value(0.0, counts)
    })
}

/// The mass-action propensity that a law of powers c ∏ n^ν, one of them above one, would be with falling factorials.
pub(super) fn powers(law: &dyn PropensityLaw) -> Option<Propensity> {
    agreeing(law, &|reactants, counts| {
        let power = |(species, order): &(usize, u32)| counts[*species].powi(*order as i32);
        reactants.iter().map(power).product()
    })
}

/// Mass action with the constant and orders with which a product of factors per species equals a law.
fn agreeing(law: &dyn PropensityLaw, product: &Product) -> Option<Propensity> {
    let species = law.species();
    if law.depends_on_time() || species.len() > SPECIES {
        return None;
    }
    let width = species.iter().max().map_or(0, |s| s + 1);
    let mut orders = vec![1_u32; species.len()];
    loop {
        let reactants: Vec<(usize, u32)> = species.iter().copied().zip(orders.iter().copied()).collect();
        if let Some(constant) = agreeing_constant(law, product, &reactants, width) {
            return Some(Propensity::mass_action(constant, &reactants));
        }
        // the next choice of orders
        let place = orders.iter().position(|order| *order < ORDER)?;
        orders[place] += 1;
        orders[..place].fill(1);
    }
}

fn agreeing_constant(
    law: &dyn PropensityLaw,
    product: &Product,
    reactants: &[(usize, u32)],
    width: usize,
) -> Option<f64> {
    let mut counts = vec![0.0; width];
    let largest = COUNTS[COUNTS.len() - 1];
    reactants.iter().for_each(|(s, _)| counts[*s] = largest);
    let constant = law.value(0.0, &counts) / product(reactants, &counts);
    if !(constant > 0.0 && constant.is_finite()) {
        return None;
    }
    let points = COUNTS.len().pow(u32::try_from(reactants.len()).ok()?);
    for point in 0..points {
        let mut digits = point;
        for (s, _) in reactants {
            counts[*s] = COUNTS[digits % COUNTS.len()];
            digits /= COUNTS.len();
        }
        let (found, expected) = (law.value(0.0, &counts), constant * product(reactants, &counts));
        if !((found - expected).abs() <= AGREEMENT * expected.abs()) {
            return None;
        }
    }
    Some(constant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Formula(fn(&[f64]) -> f64, Vec<usize>);

    impl PropensityLaw for Formula {
        fn value(&self, _time: f64, counts: &[f64]) -> f64 {
            (self.0)(counts)
        }
        fn species(&self) -> &[usize] {
            &self.1
        }
        fn depends_on_time(&self) -> bool {
            false
        }
    }

    #[test]
    fn mass_action_is_seen_through_its_spelling_and_nothing_else_is() {
        let dimer = Formula(|n| 0.01 * n[1] * (n[1] - 1.0) / 2.0, vec![1]);
        match mass_action(&dimer) {
            Some(Propensity::MassAction { constant, reactants }) => {
                assert_eq!(reactants, [(1, 2)]);
                assert!((constant - 0.005).abs() < 1e-17);
            }
            other => panic!("{other:?}"),
        }
        assert!(mass_action(&Formula(|n| 3.0 * n[0] * n[2], vec![0, 2])).is_some());
        assert!(mass_action(&Formula(|_| 2.5, vec![])).is_some());
        assert!(mass_action(&Formula(|n| n[0] * n[0], vec![0])).is_none());
        match powers(&Formula(|n| 0.5 * n[0] * n[0] * n[1], vec![0, 1])) {
            Some(Propensity::MassAction { constant, reactants }) => {
                assert_eq!(reactants, [(0, 2), (1, 1)]);
                assert!((constant - 0.5).abs() < 1e-15);
            }
            other => panic!("{other:?}"),
        }
        assert!(powers(&Formula(|n| n[0] * n[0] / (1.0 + n[0]), vec![0])).is_none());
        assert!(mass_action(&Formula(|n| n[0] / (1e9 + n[0]), vec![0])).is_none());
        assert!(mass_action(&Formula(|n| n[0] + n[1], vec![0, 1])).is_none());
        assert!(mass_action(&Formula(|_| 0.0, vec![])).is_none());
    }
}
