//! Potential, forces and mobilities from texts, without a model file around them.

use std::collections::HashSet;

use super::diagnostic::{Diagnostic, ModelError, Severity, code};
use super::formula::{Formula, Refusal, Scope, TIME, refused_name};
use super::langevin::{FieldRows, Fields};
use crate::expression::{constant, nearest_name};
use crate::source::{ExitCategory, SourceFile, Span};

/// V, f and μ as formulas in named coordinates, named parameters and the time `t`.
///
/// ```
/// use irrev::landscape::langevin::{LangevinOptions, Overdamped, Start, simulate};
/// use irrev::model::FieldFormulas;
/// use irrev::numerics::Run;
/// let well = FieldFormulas {
///     coordinates: vec!["x".into()],
///     parameters: vec![("height".into(), 2.0)],
///     potential: Some("height*(x^2 - 1)^2".into()),
///     ..FieldFormulas::default()
/// };
/// let field = well.rows()?;
/// let dynamics = Overdamped::new(vec![1.0], vec![0.1])?.into();
/// let motion = simulate(&field, &dynamics, &Start::at(&[0.9], 4), &LangevinOptions::default(), &Run::default())?;
/// assert!(motion.positions.iter().all(|x| *x > 0.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldFormulas {
    /// Names of the coordinates.
    pub coordinates: Vec<String>,
    /// Names and values of the parameters.
    pub parameters: Vec<(String, f64)>,
    /// V; default none.
    pub potential: Option<String>,
    /// f_i, the force along each coordinate that is not of the potential; an empty list (default) for none.
    pub forces: Vec<Option<String>>,
    /// μ_i, which may not depend on the time; an empty list (default) for 1.
    pub mobilities: Vec<Option<String>>,
}

impl FieldFormulas {
    /// The functions, with the parameters at their values.
    ///
    /// # Errors
    /// [`ModelError`] with every name that cannot be used, value that is not finite, and formula that cannot be read, each with its place; lists that are not empty and not as long as that of the
    /// coordinates.
    pub fn fields(&self) -> Result<Fields, ModelError> {
        let names: Vec<String> = self
            .parameters
            .iter()
            .map(|(name, _)| name.clone())
            .chain(self.coordinates.iter().cloned())
            .collect();
        self.check_names(&names)?;
        for (what, list) in [("forces", &self.forces), ("mobilities", &self.mobilities)] {
            if !list.is_empty() && list.len() != self.coordinates.len() {
                let (found, expected) = (list.len(), self.coordinates.len());
                let message =
                    format!("there are {found} {what}; expected one for each of {expected} coordinates");
                return Err(refused(what, code::BAD_VALUE, message));
            }
        }
        let scope = Scope::new(names.clone());
        let potential = self
            .potential
            .as_ref()
            .map(|text| formula(&scope, "potential".into(), text, true))
            .transpose()?;
        let of_each = |what: &str,
                       list: &[Option<String>],
                       in_time: bool|
         -> Result<Vec<Option<Formula>>, ModelError> {
            self.coordinates
                .iter()
                .enumerate()
                .map(|(i, name)| {
                    let text = list.get(i).and_then(Option::as_ref);
                    text.map(|text| formula(&scope, format!("{what} of {name}"), text, in_time))
                        .transpose()
                })
                .collect()
        };
        let forces = of_each("force", &self.forces, true)?;
        let mobilities = of_each("mobility", &self.mobilities, false)?;
        let values: Vec<f64> = self.parameters.iter().map(|(_, value)| *value).collect();
        Ok(Fields::new(
            &names,
            &values,
            potential.as_ref(),
            &forces.iter().map(Option::as_ref).collect::<Vec<_>>(),
            &mobilities.iter().map(Option::as_ref).collect::<Vec<_>>(),
        ))
    }

    /// The same for blocks of walkers.
    ///
    /// # Errors
    /// As [`Self::fields`].
    pub fn rows(&self) -> Result<FieldRows, ModelError> {
        Ok(FieldRows::new(&self.fields()?, format!("{self:?}")).with_linear())
    }

    fn check_names(&self, names: &[String]) -> Result<(), ModelError> {
        if self.coordinates.is_empty() {
            let message = "there is no coordinate; expected at least one";
            return Err(refused("coordinates", code::MISSING_KEY, message.into()));
        }
        let mut seen = HashSet::new();
        for (k, name) in names.iter().enumerate() {
            let what = if k < self.parameters.len() {
                "a parameter"
            } else {
                "a coordinate"
            };
            if let Some(reason) = refused_name(name) {
                return Err(refused(what, code::BAD_NAME, reason));
            }
            if !seen.insert(name) {
                let reason = format!("`{name}` names two things");
                return Err(refused(what, code::DUPLICATE_NAME, reason));
            }
        }
        for (name, value) in &self.parameters {
            if !value.is_finite() {
                let reason = format!("the parameter `{name}` is {value}; expected a finite number");
                return Err(refused("a parameter", code::NOT_FINITE, reason));
            }
        }
        Ok(())
    }
}

/// A fault that lies in no text.
fn refused(what: &str, code: &'static str, message: String) -> ModelError {
    let diagnostic = Diagnostic {
        severity: Severity::Error,
        code,
        file: what.to_owned(),
        message,
        label: String::new(),
        place: None,
        is_argument: true,
        help: None,
    };
    ModelError::single(ExitCategory::Invalid, diagnostic)
}

fn formula(scope: &Scope, what: String, text: &str, in_time: bool) -> Result<Formula, ModelError> {
    let source = SourceFile::from_text(what.as_str(), text)?;
    let admitted = |name: &str| match name {
        TIME if in_time => Ok(true),
        TIME => Err(Refusal {
            message: "a mobility may not depend on the time `t`".into(),
            help: None,
        }),
        _ if scope.names().iter().any(|known| known == name) || constant(name).is_some() => Ok(false),
        _ => Err(Refusal {
            message: format!("unknown name `{name}`: neither a coordinate nor a parameter"),
            help: nearest_name(name, scope.names().iter().map(String::as_str))
                .map(|near| format!("did you mean `{near}`?")),
        }),
    };
    let whole = Span::new(0, text.len());
    scope
        .formula_where(&what, text, whole, Some(0), &admitted)
        .map_err(|fault| ModelError::single(ExitCategory::Invalid, fault.in_file(&source)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane() -> FieldFormulas {
        FieldFormulas {
            coordinates: vec!["x".into(), "y".into()],
            parameters: vec![("k".into(), 3.0)],
            potential: Some("k*x^2/2 + x*y + sin(t)".into()),
            forces: vec![Some("-0.5*y".into()), None],
            mobilities: vec![None, Some("1 + x^2".into())],
        }
    }

    #[test]
    fn formulas_and_their_derivatives_have_their_values() {
        let fields = plane().fields().unwrap();
        let x = [2.0, -1.0];
        assert_eq!(fields.potential(0.0, &x), 4.0);
        assert_eq!(
            (fields.gradient(0, 0.0, &x), fields.gradient(1, 0.0, &x)),
            (5.0, 2.0)
        );
        assert_eq!(
            (fields.own_force(0, 0.0, &x), fields.own_force(1, 0.0, &x)),
            (0.5, 0.0)
        );
        assert_eq!(
            (fields.mobility(0, 0.0, &x), fields.mobility(1, 0.0, &x)),
            (1.0, 5.0)
        );
        assert_eq!(fields.mobility_slope(1, 0.0, &x), 0.0);
        assert!(fields.depends_on_time() && fields.has_force() && fields.has_mobility_of_place());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let message = |change: &dyn Fn(&mut FieldFormulas)| {
            let mut formulas = plane();
            change(&mut formulas);
            formulas.fields().unwrap_err().to_string()
        };
        let found = message(&|f| f.potential = Some("k*xx".into()));
        assert!(
            found.contains("potential:1:3") && found.contains("did you mean `x`?"),
            "{found}"
        );
        let found = message(&|f| f.potential = Some("k*(x".into()));
        assert!(found.contains("potential:1:"), "{found}");
        let found = message(&|f| f.mobilities[1] = Some("1 + t".into()));
        assert!(
            found.contains("mobility of y") && found.contains("may not depend on the time"),
            "{found}"
        );
        assert!(message(&|f| f.forces.truncate(1)).contains("there are 1 forces"));
        assert!(message(&|f| f.coordinates[1] = "k".into()).contains("`k` names two things"));
        assert!(message(&|f| f.coordinates[1] = "t".into()).contains("reserved"));
        assert!(message(&|f| f.coordinates.clear()).contains("no coordinate"));
        assert!(message(&|f| f.parameters[0].1 = f64::NAN).contains("expected a finite number"));
    }
}
