//! Second derivatives of the potential, and forces that are linear.

use irrev_landscape::langevin::LinearField;
use irrev_numerics::linalg::Matrix;

use super::fields::{Fields, Function};
use crate::expression::Expression;

/// ∂²V/∂x_i∂x_j of a model, by symbolic differentiation.
#[derive(Clone, Debug)]
pub struct Curvature<'a> {
    fields: &'a Fields,
    /// i ≤ j, and what is not zero.
    entries: Vec<(usize, usize, Function)>,
}

impl Curvature<'_> {
    /// The matrix of second derivatives (d × d, energy over length²) at a time and place.
    #[must_use]
    pub fn at(&self, time: f64, x: &[f64]) -> Matrix {
        let slots = self.fields.placed(time, x);
        let mut found = Matrix::zeros(self.fields.dimension(), self.fields.dimension());
        for (i, j, function) in &self.entries {
            let value = function.at(&slots);
            found[(*i, *j)] = value;
            found[(*j, *i)] = value;
        }
        found
    }
}

impl Fields {
    /// The second derivatives of the potential.
    #[must_use]
    pub fn curvature(&self) -> Curvature<'_> {
        let names = self.coordinate_names();
        let mut entries = Vec::new();
        if let Some(potential) = self.potential_expression() {
            for (i, first) in names.iter().enumerate() {
                let slope = potential.derivative(first);
                for (j, second) in names.iter().enumerate().skip(i) {
                    let function = self.slope(&slope, second);
                    if !matches!(function, Function::Number(0.0)) {
                        entries.push((i, j, function));
                    }
                }
            }
        }
        Curvature {
            fields: self,
            entries,
        }
    }

    /// Whether potential or forces have corners or jumps, which their derivatives miss.
    #[must_use]
    pub fn has_corners(&self) -> bool {
        let forces = (0..self.dimension()).filter_map(|i| self.force_expression(i));
        self.potential_expression()
            .into_iter()
            .chain(forces)
            .any(Expression::has_corners)
    }

    /// F(x) = A x + b, if the force is linear and does not change with time; `None` where that cannot be told from the formulas.
    #[must_use]
    pub fn linear(&self) -> Option<LinearField> {
        let names = self.coordinate_names();
        let d = names.len();
        let mut matrix = Matrix::zeros(d, d);
        let origin = self.placed(0.0, &vec![0.0; d]);
        let mut add = |i: usize, of: &Expression, sign: f64| -> Option<()> {
            for (j, name) in names.iter().enumerate() {
                if !of.names().contains(&name.as_str()) {
                    continue;
                }
                let slope = of.derivative(name);
                if self.changes(&slope) {
                    return None;
                }
                matrix[(i, j)] += sign * self.function(&slope).at(&origin);
            }
            Some(())
        };
        for (i, name) in names.iter().enumerate() {
            if let Some(potential) = self.potential_expression() {
                add(i, &potential.derivative(name), -1.0)?;
            }
            if let Some(force) = self.force_expression(i) {
                add(i, force, 1.0)?;
            }
        }
        if self.depends_on_time() || self.has_corners() {
            return None;
        }
        let offset = (0..d).map(|i| self.force(i, 0.0, &vec![0.0; d])).collect();
        LinearField::new(matrix, offset).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::analysis::vocabulary;
    use crate::model::{LangevinEnvironment, Model, parse};
    use crate::source::SourceFile;

    fn values(dynamics: &str) -> crate::model::LangevinValues {
        let text = format!(
            "irrev = 1\nkind = \"langevin\"\n[parameters]\nk = 2\nc = 0.5\n[coordinates]\nx = {{}}\ny = {{}}\n[dynamics]\n{dynamics}\n"
        );
        let source = SourceFile::from_text("m.toml", text).unwrap();
        let Ok(Model::Langevin(model)) = parse(source, &vocabulary()) else {
            panic!("no model")
        };
        LangevinEnvironment::new(&model, &[]).unwrap().values().unwrap()
    }

    #[test]
    fn springs_are_linear() {
        let values =
            values("potential = \"k*(x - 1)^2/2 + c*(x - y)^2\"\nforce = { x = \"-3*y\", y = \"3*x + k\" }");
        let field = values.fields.linear().unwrap();
        let (a, b) = irrev_landscape::langevin::ForceField::linear(&field).unwrap();
        // V = x² − 2x + 1 + ½ (x − y)²
        assert_eq!(a.data(), [-3.0, 1.0 + 3.0, 1.0 - 3.0, -1.0]);
        assert_eq!(b, [2.0, 2.0]);
        let curvature = values.fields.curvature().at(0.0, &[0.3, -4.0]);
        assert_eq!(curvature.data(), [3.0, -1.0, -1.0, 1.0]);
    }

    #[test]
    fn what_bends_or_changes_is_not() {
        for dynamics in [
            "potential = \"x^4 + y^2\"",
            "potential = \"x^2 + y^2\"\nforce = { x = \"x*y\" }",
            "potential = \"k*x^2 + t*y^2\"",
            "potential = \"k*x^2 + y^2\"\nforce = { y = \"sin(t)\" }",
            "potential = \"k*x^2 + y^2 + abs(x)\"",
            "potential = \"k*x^2 + y^2\"\nforce = { y = \"if(x > 0, 2, 0)\" }",
        ] {
            assert!(values(dynamics).fields.linear().is_none(), "{dynamics}");
        }
    }
}
