//! An overdamped model as the jump process on its grid, written as a model file of `kind = "markov"`.

use irrev_landscape::axes::Axis;
use irrev_landscape::fokker_planck::{GridProcess, Weights, discretised};
use irrev_network::Kinetics;
use irrev_numerics::Run;
use irrev_report::readable_number;

use super::super::overrides::Override;
use super::super::toml_text::{key, number, string};
use super::{Ends, Langevin, LangevinEnvironment, LangevinValues};
use crate::error::{Error, Result};

/// Work below this part of kT is what rounding leaves of none.
const NOTHING: f64 = 1e-12;

impl LangevinEnvironment<'_> {
    /// Why this model has no Fokker–Planck equation on a grid, if it has none.
    pub(crate) fn without_grid(&self, values: &LangevinValues) -> Option<String> {
        if self.spec().dynamics.has_inertia() {
            return Some("a grid is over positions, and motion with inertia has velocities, too".into());
        }
        if values.fields.depends_on_time() {
            return Some("potential, forces or mobilities depend on time".into());
        }
        if let Some(coordinate) = values.coordinates.iter().find(|c| c.range.is_none()) {
            return Some(format!(
                "`coordinates.{}` has no `min` and `max`, between which a grid would lie",
                coordinate.name
            ));
        }
        (values.coordinates.len() > 3).then(|| {
            format!(
                "a grid has up to three coordinates, and there are {}",
                values.coordinates.len()
            )
        })
    }
}

/// The jump process on the grid of an overdamped model as the text of a model file, so that all that is known of networks can be asked of it: cycles, bounds,
/// distances, curvature.
///
/// A state is a node with its energy V, and with its volume as degeneracy; its labels are its coordinates, which makes them subsystems. A transition is an edge of the grid, with the
/// rates of Scharfetter and Gummel, the bath of its coordinate, and the work W that forces without potential do along it (`force`): T ln(k⁺/k⁻) = V_i − V_j + W + T ln(w_j/w_i) holds exactly.
/// For each periodic coordinate the observable `velocity_NAME` is its mean velocity. An absorbing wall is one state, entered one way.
///
/// ```
/// use irrev::model::{Model, Vocabulary, as_network, parse};
/// use irrev::source::SourceFile;
///
/// let text = "irrev = 1\nkind = \"langevin\"\n[coordinates.x]\nmin = -2.0\nmax = 2.0\nintervals = 8\n[dynamics]\npotential = \"x^4 - x^2\"\ntemperature = 0.5\n";
/// let source = SourceFile::from_text("well.toml", text)?;
/// let Model::Langevin(spec) = parse(source, &irrev::analysis::vocabulary())? else { unreachable!() };
/// let written = as_network(&spec, &[], &Default::default())?;
/// let network = parse(SourceFile::from_text("grid.toml", written)?, &irrev::analysis::vocabulary())?;
/// assert!(matches!(network, Model::Markov(spec) if spec.states.len() == 9 && spec.transitions.len() == 8));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Values that are not allowed; a model without a grid, with the reason; as [`discretised`].
pub fn as_network(spec: &Langevin, overrides: &[Override], run: &Run<'_>) -> Result<String> {
    let environment = LangevinEnvironment::new(spec, overrides)?;
    let values = environment.values()?;
    let name = spec.source.name();
    if let Some(reason) = environment.without_grid(&values) {
        return Err(Error::NoNetwork {
            model: name.to_owned(),
            reason,
        });
    }
    let process = values.axes().and_then(|axes| {
        discretised(
            &values.overdamped(0.0)?,
            &axes.unwrap_or_default(),
            Weights::default(),
            run,
        )
    });
    let process = process.map_err(|error| Error::landscape(name, error))?;
    let writer = Writer {
        spec,
        values: &values,
        process: &process,
    };
    let mut lines = writer.head();
    writer.states(&mut lines);
    writer.reservoirs(&mut lines);
    writer.transitions(&mut lines);
    lines.push(String::new());
    Ok(lines.join("\n"))
}

struct Writer<'a> {
    spec: &'a Langevin,
    values: &'a LangevinValues,
    process: &'a GridProcess,
}

impl Writer<'_> {
    fn head(&self) -> Vec<String> {
        let title = self.spec.title.as_deref().unwrap_or(self.spec.source.name());
        let mut lines = vec![
            "irrev = 1".to_owned(),
            "kind = \"markov\"".to_owned(),
            format!("title = {}", string(&format!("{title}: jumps on a grid"))),
        ];
        if !self.spec.sources.is_empty() {
            let sources: Vec<String> = self.spec.sources.iter().map(|source| string(source)).collect();
            lines.push(format!("sources = [{}]", sources.join(", ")));
        }
        if !self.spec.units.is_empty() {
            lines.push("\n[units]".into());
            for (dimension, label) in &self.spec.units {
                lines.push(format!("{} = {}", key(dimension), string(label)));
            }
        }
        lines
    }

    /// x = 0.5, y = -1: where a node stands.
    fn name(&self, state: usize) -> String {
        let coordinates = &self.values.coordinates;
        match self.process.point(state) {
            Some(point) => {
                let places = coordinates.iter().zip(&point);
                let places: Vec<String> = places
                    .zip(self.process.axes())
                    .map(|((coordinate, x), axis)| format!("{}={}", coordinate.name, place(*x, axis)))
                    .collect();
                places.join(" ")
            }
            None => {
                let wall = self.process.absorbing_walls().iter().find(|wall| wall.2 == state);
                let (axis, side) = wall.map_or((0, 0), |wall| (wall.0, wall.1));
                format!(
                    "{} {}",
                    ["low end of", "high end of"][side],
                    coordinates[axis].name
                )
            }
        }
    }

    fn states(&self, lines: &mut Vec<String>) {
        // a wall has one place along its own coordinate only, and labels are for all states or none
        let labelled = self.values.coordinates.len() > 1 && self.process.absorbing_walls().is_empty();
        let volumes = self.process.volumes();
        for state in 0..self.process.kinetics().network().states().len() {
            lines.push(format!("\n[[states]]\nname = {}", string(&self.name(state))));
            let Some(point) = self.process.point(state) else {
                continue;
            };
            lines.push(format!(
                "energy = {}",
                number(self.values.fields.potential(0.0, &point))
            ));
            lines.push(format!("degeneracy = {}", number(volumes[state])));
            if labelled {
                let labels = self.values.coordinates.iter().zip(&point);
                let labels: Vec<String> = labels
                    .zip(self.process.axes())
                    .map(|((coordinate, x), axis)| {
                        format!("{} = {}", key(&coordinate.name), string(&place(*x, axis)))
                    })
                    .collect();
                lines.push(format!("labels = {{ {} }}", labels.join(", ")));
            }
        }
    }

    /// The bath of a coordinate.
    fn bath(&self, axis: usize) -> String {
        match self.values.temperature() {
            Some(_) => "bath".to_owned(),
            None => format!("bath_{}", self.values.coordinates[axis].name),
        }
    }

    fn reservoirs(&self, lines: &mut Vec<String>) {
        let baths = match self.values.temperature() {
            Some(_) => 1,
            None => self.values.coordinates.len(),
        };
        for axis in 0..baths {
            lines.push(format!(
                "\n[reservoirs.{}]\ntemperature = {}",
                key(&self.bath(axis)),
                number(self.values.temperatures[axis])
            ));
        }
    }

    fn transitions(&self, lines: &mut Vec<String>) {
        let kinetics = self.process.kinetics();
        let network = kinetics.network();
        let absorbs = |state: usize| self.process.point(state).is_none();
        let potential = |state: usize| {
            self.process
                .point(state)
                .map(|point| self.values.fields.potential(0.0, &point))
        };
        let mut turns: Vec<(usize, String)> = Vec::new();
        for (index, (edge, of_grid)) in network.edges().iter().zip(self.process.edges()).enumerate() {
            let axis = of_grid.axis;
            let (forward, backward) = (kinetics.forward_rate()[index], kinetics.backward_rate()[index]);
            lines.push("\n[[transitions]]".into());
            if self.crosses(edge.from, edge.to, axis) {
                let name = format!("turn {}", self.name(edge.to));
                lines.push(format!("name = {}", string(&name)));
                turns.push((axis, name));
            }
            // into a wall from either side
            let (from, to, rate) = match absorbs(edge.from) {
                true => (edge.to, edge.from, backward),
                false => (edge.from, edge.to, forward),
            };
            lines.push(format!(
                "between = [{}, {}]\nreservoir = {}",
                string(&self.name(from)),
                string(&self.name(to)),
                string(&self.bath(axis))
            ));
            if absorbs(to) {
                lines.push(format!(
                    "rates = {{ forward = {} }}\none_way = true",
                    number(rate)
                ));
                continue;
            }
            lines.push(format!(
                "rates = {{ forward = {}, backward = {} }}",
                number(forward),
                number(backward)
            ));
            let temperature = self.values.temperatures[axis];
            let rise = potential(edge.to).unwrap_or(f64::NAN) - potential(edge.from).unwrap_or(f64::NAN);
            // what drives beyond the potential
            let work = rise - of_grid.work * temperature;
            if work.abs() > NOTHING * temperature.max(rise.abs()) {
                lines.push(format!("force = {}", number(work)));
            }
        }
        for (axis, coordinate) in self.values.coordinates.iter().enumerate() {
            let (Ends::Periodic, Some((low, high))) = (coordinate.ends, coordinate.range) else {
                continue;
            };
            let weights: Vec<String> = turns
                .iter()
                .filter(|turn| turn.0 == axis)
                .map(|(_, name)| format!("{} = {}", string(name), number(high - low)))
                .collect();
            lines.push(format!(
                "\n[[observables]]\nname = {}\ndoc = {}\nweights = {{ {} }}",
                string(&format!("velocity_{}", coordinate.name)),
                string(&format!("mean velocity along {}", coordinate.name)),
                weights.join(", ")
            ));
        }
    }

    /// Whether an edge goes from the last node of a circle to its first.
    fn crosses(&self, from: usize, to: usize, axis: usize) -> bool {
        let of_axis: &Axis = &self.process.axes()[axis];
        let along = |state: usize| self.process.point(state).map(|point| point[axis]);
        of_axis.is_circle() && matches!((along(from), along(to)), (Some(from), Some(to)) if to < from)
    }
}

/// Where a node stands along its axis, as keys are typed: with a plain minus, and zero where rounding has left a little.
fn place(x: f64, axis: &Axis) -> String {
    let x = if x.abs() < 1e-9 * axis.spacing() { 0.0 } else { x };
    readable_number(x, 9).replace('−', "-")
}
