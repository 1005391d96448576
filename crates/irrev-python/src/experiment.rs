//! Model files and their analysis: `irrev.load`, `irrev.run`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use irrev::analysis::{Options as Request, Section, possibilities, vocabulary};
use irrev::chemistry::Chemistry;
use irrev::inference::{InferenceRequest, Penalty};
use irrev::ising::inference::{Coding, Raster};
use irrev::model::{
    Environment, IsingEnvironment, IsingValues, LangevinEnvironment, Model as Specification, Override,
    QuantumEnvironment, ReactionsEnvironment, SizeValues,
};
use irrev::recordings::{Format, Reading, TimeUnit};
use irrev::report::{RunLog, WriteOptions, figure_svg, notebook_html, summary_text, write_folder};
use irrev::source::SourceFile;
use irrev::system::System;
use irrev_network::Kinetics;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::finite;
use crate::energetics::Energetics;
use crate::errors::{OrRaise, model_error};
use crate::kinetics::MarkovJump;
use crate::network::Network;
use crate::reactions::{CountSystem, ReactionSystem};
use crate::records::ToPython;
use crate::run::{Options, watched};

const QUANTUM: &str = "quantum-lattice";

/// Where a model came from, to be read again when it is unpickled.
#[derive(Clone)]
enum Origin {
    File(PathBuf),
    Text { name: String, text: String },
}

/// A checked model file, with other values for some of its numbers if that was asked for.
///
/// Made by `irrev.load` and `irrev.loads`; analysed by `irrev.run`.
///
/// Examples
/// --------
/// >>> import irrev
/// >>> model = irrev.loads('''
/// ... irrev = 1
/// ... kind = "markov"
/// ... states = ["off", "on"]
/// ... [parameters]
/// ... k = 2.0
/// ... [[transitions]]
/// ... between = ["off", "on"]
/// ... rates = { forward = "3*k", backward = "k" }
/// ... ''', set={"parameters.k": 0.5})
/// >>> model.kinetics().forward_rate
/// array([1.5])
#[pyclass(frozen, eq, module = "irrev")]
#[derive(Clone)]
pub(crate) struct Model {
    specification: Arc<Specification>,
    pub(crate) overrides: Vec<Override>,
    origin: Origin,
}

impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        let text = |model: &Self| model.specification.source().text().to_owned();
        text(self) == text(other) && self.overrides == other.overrides
    }
}

/// `{"parameters.force": 0.5}` as overrides.
fn overrides(set: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<Override>> {
    let one = |(key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let key: String = key
            .extract()
            .map_err(|_| PyTypeError::new_err("the keys of set must be text, as in \"parameters.force\""))?;
        if let Ok(text) = value.extract::<String>() {
            return Override::parse(&format!("{key}={text}")).or_raise();
        }
        let number: f64 = value
            .extract()
            .map_err(|_| PyTypeError::new_err(format!("set[\"{key}\"] must be a number or an expression")))?;
        Ok(Override::number(
            key.clone(),
            finite(value.py(), &format!("set[\"{key}\"]"), number)?,
        ))
    };
    set.into_iter().flatten().map(one).collect()
}

impl Model {
    fn checked(specification: Specification, overrides: Vec<Override>, origin: Origin) -> PyResult<Self> {
        let model = Self {
            specification: Arc::new(specification),
            overrides,
            origin,
        };
        model.check()?;
        Ok(model)
    }

    /// Refuses numbers that are not allowed.
    fn check(&self) -> PyResult<()> {
        match &*self.specification {
            Specification::Reactions(_) => self.chemistry(|_, _| Ok(())),
            Specification::Ising(_) => self.spins().map(|_| ()),
            Specification::Quantum(spec) => {
                let environment = QuantumEnvironment::new(spec, &self.overrides).map_err(irrev::Error::from);
                environment
                    .and_then(|environment| Ok(environment.values()?))
                    .map(|_| ())
                    .or_raise()
            }
            Specification::Langevin(spec) => LangevinEnvironment::new(spec, &self.overrides)
                .and_then(|environment| environment.values())
                .map(|_| ())
                .or_raise(),
            _ => self.environment(|_| Ok(())),
        }
    }

    /// Evaluates something in the model's numbers.
    fn environment<T>(&self, work: impl FnOnce(&Environment<'_>) -> irrev::Result<T>) -> PyResult<T> {
        match &*self.specification {
            Specification::Markov(spec) => {
                let environment = Environment::new(spec, &self.overrides).or_raise()?;
                work(&environment).or_raise()
            }
            Specification::Ising(_) => Err(of_kind(
                "kinetic-ising",
                "its jumps are not listed one by one; take kinetic_ising()",
            )),
            Specification::Quantum(_) => Err(of_kind(
                QUANTUM,
                "it has no rates of jumps; take irrev.run or irrev.quantum",
            )),
            Specification::Reactions(_) => Err(of_kind(
                "reactions",
                "it has no rates of jumps; take reaction_system() or counts()",
            )),
            other => Err(of_kind(other.kind(), "it has no rates of jumps; take irrev.run")),
        }
    }

    /// The numbers of a model of spins.
    fn spins(&self) -> PyResult<IsingValues> {
        let Specification::Ising(spec) = &*self.specification else {
            return Err(of_kind(self.kind(), "it has no spins"));
        };
        let environment = IsingEnvironment::new(spec, &self.overrides).map_err(irrev::Error::from);
        environment
            .and_then(|environment| Ok(environment.values()?))
            .or_raise()
    }

    /// Evaluates something in the chemistry of a reaction model.
    fn chemistry<T>(
        &self,
        work: impl FnOnce(&ReactionsEnvironment<'_>, &Chemistry) -> irrev::Result<T>,
    ) -> PyResult<T> {
        match &*self.specification {
            Specification::Reactions(_) => self.chemistry_with(&self.overrides, work).or_raise(),
            Specification::Ising(_) => Err(of_kind(
                "kinetic-ising",
                "it has no reactions; take kinetic_ising()",
            )),
            Specification::Quantum(_) => Err(of_kind(
                QUANTUM,
                "it has no reactions; take irrev.run or irrev.quantum",
            )),
            Specification::Markov(_) => Err(of_kind("markov", "it has no reactions; take kinetics()")),
            other => Err(of_kind(other.kind(), "it has no reactions; take irrev.run")),
        }
    }

    /// As `chemistry`, with other values for its numbers; only for reaction models.
    pub(crate) fn chemistry_with<T>(
        &self,
        overrides: &[Override],
        work: impl FnOnce(&ReactionsEnvironment<'_>, &Chemistry) -> irrev::Result<T>,
    ) -> irrev::Result<T> {
        let Specification::Reactions(spec) = &*self.specification else {
            return Err(irrev::Error::NotPossible {
                model: "the model".into(),
                what: "a branch of steady states".into(),
                reason: "it is no reaction model".into(),
            });
        };
        let environment = ReactionsEnvironment::new(spec, overrides)?;
        environment.check()?;
        work(&environment, &Chemistry::new(&environment)?)
    }
}

/// Refuses a question that another kind of model answers.
fn of_kind(kind: &str, way_out: &str) -> PyErr {
    Python::attach(|py| model_error(py, format!("a model of kind \"{kind}\": {way_out}")))
}

/// Reads and checks a model file.
#[pyfunction]
pub(crate) fn load(path: PathBuf, set: Option<&Bound<'_, PyDict>>) -> PyResult<Model> {
    let specification = irrev::model::load(&path, &vocabulary()).or_raise()?;
    Model::checked(specification, overrides(set)?, Origin::File(path))
}

/// Checks the text of a model file.
#[pyfunction]
pub(crate) fn loads(
    py: Python<'_>,
    text: String,
    name: String,
    set: Option<&Bound<'_, PyDict>>,
) -> PyResult<Model> {
    let source = SourceFile::from_text(name.clone(), text.clone())
        .map_err(|error| model_error(py, format!("{name}: {error}")))?;
    let specification = irrev::model::parse(source, &vocabulary()).or_raise()?;
    Model::checked(specification, overrides(set)?, Origin::Text { name, text })
}

#[pymethods]
impl Model {
    /// The kind of the model, such as "markov".
    #[getter]
    fn kind(&self) -> &'static str {
        self.specification.kind()
    }

    /// The title that the file gives, if any.
    #[getter]
    fn title(&self) -> Option<String> {
        self.specification.title().map(Into::into)
    }

    /// The seed that the file asks for in `[random]`; None if it does not say.
    #[getter]
    fn seed(&self) -> Option<u64> {
        self.specification.seed()
    }

    /// What the author may have meant otherwise, what reading changed, and what was decided about reactions without a reverse.
    #[getter]
    fn warnings(&self) -> PyResult<Vec<String>> {
        match &*self.specification {
            Specification::Reactions(_) => {
                // those of the model with its overrides: reactions that are kept apart are no pair
                self.chemistry(|environment, chemistry| {
                    let read = environment.spec().warnings.iter().map(ToString::to_string);
                    let decided = chemistry.decisions.iter().map(ToString::to_string);
                    Ok(read.chain(decided).collect())
                })
            }
            model => Ok(model.warnings().iter().map(ToString::to_string).collect()),
        }
    }

    /// Other values for numbers of the model, by key.
    #[getter]
    fn set<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let set = PyDict::new(py);
        for o in &self.overrides {
            set.set_item(&o.key, &o.value)?;
        }
        Ok(set)
    }

    /// The same model with other values for some of its numbers, as in `{"parameters.force": 0.5}`; later ones count.
    fn with_set(&self, set: &Bound<'_, PyDict>) -> PyResult<Self> {
        let later = overrides(Some(set))?;
        let mut all = self.overrides.clone();
        all.retain(|o| later.iter().all(|l| l.key != o.key));
        all.extend(later);
        let model = Self {
            overrides: all,
            ..self.clone()
        };
        model.check()?;
        Ok(model)
    }

    /// Sections of the report by name: None if the model allows it, else the reason why it does not.
    fn possibilities<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let sections = PyDict::new(py);
        for p in possibilities(&self.specification, &self.overrides).or_raise()? {
            sections.set_item(p.section.name(), p.obstacle)?;
        }
        Ok(sections)
    }

    /// The network of the model.
    #[getter]
    fn network(&self) -> PyResult<Network> {
        if let Specification::Reactions(_) = &*self.specification {
            return self.chemistry(|_, chemistry| Ok(Network(Arc::clone(chemistry.system.network()))));
        }
        let kinetics = self.kinetics(0.0)?;
        Ok(Network(Arc::clone(kinetics.0.network())))
    }

    /// The reaction system of a model of kind "reactions", by amounts, with its initial amounts.
    fn reaction_system(&self) -> PyResult<ReactionSystem> {
        let (system, initial) =
            self.chemistry(|_, chemistry| Ok((chemistry.system.clone(), chemistry.initial.clone())))?;
        Ok(ReactionSystem::of_model(self, system, initial))
    }

    /// A model of kind "reactions" on molecule counts, with its initial counts; the system size of the model says how many molecules are a unit of amount.
    fn counts(&self) -> PyResult<CountSystem> {
        let made = self.chemistry(|environment, chemistry| chemistry.counts(environment))?;
        Ok(CountSystem::of_model(self, made))
    }

    /// The network of a model of kind "kinetic-ising"; of a random ensemble the draw with this number. `spins` says which size, if the model has not just one.
    #[pyo3(signature = (*, spins=None, draw=0))]
    fn kinetic_ising<'py>(
        &self,
        py: Python<'py>,
        spins: Option<usize>,
        draw: u64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let values = self.spins()?;
        let asked = match (spins, &values.sizes) {
            (Some(spins), _) => spins,
            (None, SizeValues::Finite(sizes)) if sizes.len() == 1 => sizes[0],
            _ => {
                let message = "the model has several sizes, or infinitely many spins; say how many: spins=…";
                return Err(model_error(py, message.into()));
            }
        };
        let seed = self.specification.seed().unwrap_or(1);
        let network = irrev::spins::network(&values, asked, seed, draw).or_raise()?;
        py.import("irrev.ising")?.getattr("KineticIsing")?.call1((
            network.couplings().to_matrix().to_python(py)?,
            network.fields().to_vec().to_python(py)?,
            network.inverse_temperature(),
        ))
    }

    /// The process of the model, with the rates of a time.
    #[pyo3(signature = (time=0.0))]
    fn kinetics(&self, time: f64) -> PyResult<MarkovJump> {
        let system = self.environment(|environment| System::at(environment, time))?;
        Ok(MarkovJump(Arc::new(system.kinetics)))
    }

    /// Energies and reservoirs of the model at a time; None if it has none.
    #[pyo3(signature = (time=0.0))]
    fn energetics(&self, time: f64) -> PyResult<Option<Energetics>> {
        let system = self.environment(|environment| System::at(environment, time))?;
        let network = Network(Arc::clone(system.kinetics.network()));
        system
            .energetics
            .map(|inner| Energetics::checked(&network, inner))
            .transpose()
    }

    /// The initial distribution that the model asks for; uniform if it does not say.
    fn initial_distribution<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.environment(|environment| System::at(environment, 0.0)?.initial_distribution(environment))?
            .to_python(py)
    }

    /// Every number of the model with where it comes from, as text.
    fn summary(&self) -> PyResult<String> {
        irrev::explain::model_text(&self.specification, &self.overrides).or_raise()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let py = slf.py();
        let this = slf.get();
        let module = py.import("irrev._core")?;
        let set = this.set(py)?;
        match &this.origin {
            Origin::File(path) => Ok((module.getattr("load")?, (path, set).into_pyobject(py)?.into_any())),
            Origin::Text { name, text } => Ok((
                module.getattr("loads")?,
                (text, name, set).into_pyobject(py)?.into_any(),
            )),
        }
    }

    fn __repr__(&self) -> String {
        let name = match &self.origin {
            Origin::File(path) => path.display().to_string(),
            Origin::Text { name, .. } => name.clone(),
        };
        format!("<Model of kind {} from {name}>", self.kind())
    }
}

/// The report of an analysis; `irrev.Result` shows it.
#[pyclass(frozen, module = "irrev._core")]
pub(crate) struct Report {
    report: Arc<irrev::report::Report>,
    threads: usize,
    seconds: f64,
}

impl Report {
    pub(crate) fn made(report: irrev::report::Report, threads: usize, begin: Instant) -> Self {
        Self {
            report: Arc::new(report),
            threads,
            seconds: begin.elapsed().as_secs_f64(),
        }
    }
}

#[pymethods]
impl Report {
    #[new]
    fn new(json: &str) -> PyResult<Self> {
        Ok(Self {
            report: Arc::new(irrev::report::Report::from_json(json).or_raise()?),
            threads: 0,
            seconds: 0.0,
        })
    }

    /// The result document, schema `irrev.result/1`.
    fn to_json(&self) -> PyResult<String> {
        self.report.to_json().or_raise()
    }

    /// A summary for the terminal.
    fn summary(&self) -> String {
        summary_text(&self.report)
    }

    /// A small fragment of HTML without script.
    fn html(&self) -> String {
        notebook_html(&self.report)
    }

    /// A figure by its name, as SVG.
    fn figure(&self, py: Python<'_>, name: &str) -> PyResult<String> {
        match self.report.figures.iter().find(|figure| figure.name == name) {
            Some(figure) => figure_svg(figure).or_raise(),
            None => {
                let known: Vec<&str> = self.report.figures.iter().map(|f| f.name.as_str()).collect();
                Err(model_error(
                    py,
                    format!("no figure \"{name}\"; there are: {}", known.join(", ")),
                ))
            }
        }
    }

    /// Whether every check passed.
    fn all_verified(&self) -> bool {
        self.report.all_verified()
    }

    /// Writes the result folder; returns the paths written.
    fn save(
        &self,
        py: Python<'_>,
        directory: PathBuf,
        force: bool,
        static_page: bool,
    ) -> PyResult<Vec<PathBuf>> {
        let log = RunLog::begin(self.threads).lasting(std::time::Duration::from_secs_f64(self.seconds));
        let options = WriteOptions { force, static_page };
        let report = Arc::clone(&self.report);
        py.detach(move || write_folder(&report, &log, Path::new(&directory), &options))
            .or_raise()
    }
}

/// How files of a recording are read: format, columns of units and of times, unit of time, whether rows are units, trial.
type ReadAs = (
    String,
    Option<String>,
    Option<String>,
    String,
    bool,
    Option<usize>,
);

/// A recording as `irrev.infer` hands it over.
#[derive(FromPyObject)]
pub(crate) enum Recorded {
    /// Paths of files.
    Files(Vec<PathBuf>),
    /// Name, labels, spike times of each unit.
    Spikes(String, Vec<String>, Vec<Vec<f64>>),
}

/// Bins, without borrowing the array beyond the call.
#[derive(FromPyObject)]
pub(crate) struct BinsGiven<'py>(String, Vec<String>, numpy::PyReadonlyArray2<'py, u8>);

/// What is asked: widths of bins, first and last time, units, penalty (None: by cross-validation), whether sparse, level, draws of nulls, simulated recordings.
type Asked = (
    Vec<f64>,
    Option<f64>,
    Option<f64>,
    Vec<String>,
    Option<f64>,
    bool,
    f64,
    usize,
    usize,
);

fn reading(py: Python<'_>, given: ReadAs, negative_times: bool) -> PyResult<Reading> {
    let (format, unit_column, time_column, time_unit, transpose, trial) = given;
    let format = match format.as_str() {
        "auto" => Format::Automatic,
        "spikes" => Format::Spikes,
        "bins" => Format::Bins,
        other => {
            let message = format!("format is \"{other}\"; expected \"auto\", \"spikes\" or \"bins\"");
            return Err(model_error(py, message));
        }
    };
    let time_unit = match time_unit.as_str() {
        "s" => TimeUnit::Seconds,
        "ms" => TimeUnit::Milliseconds,
        "us" => TimeUnit::Microseconds,
        other => {
            let message = format!("time_unit is \"{other}\"; expected \"s\", \"ms\" or \"us\"");
            return Err(model_error(py, message));
        }
    };
    Ok(Reading {
        format,
        unit_column,
        time_column,
        time_unit,
        transpose,
        trial,
        negative_times,
    })
}

fn inference_request(asked: Asked) -> InferenceRequest {
    let (bin_widths, from, until, units, penalty, sparse, level, nulls, simulated) = asked;
    InferenceRequest {
        bin_widths,
        from,
        until,
        units,
        penalty: penalty.map_or(Penalty::CrossValidated, Penalty::Given),
        sparse,
        level,
        nulls,
        simulated,
    }
}

/// The network behind a recording in files, or behind spikes.
#[pyfunction]
pub(crate) fn infer_recording(
    py: Python<'_>,
    recorded: Recorded,
    read_as: ReadAs,
    asked: Asked,
    options: Options,
) -> PyResult<Report> {
    let request = inference_request(asked);
    let reading = reading(py, read_as, request.from.is_some())?;
    let (threads, begin) = (options.1, Instant::now());
    let report = watched(py, options, move |run, _| {
        let recording = match &recorded {
            Recorded::Files(paths) => irrev::recordings::read(paths, &reading, run)?,
            Recorded::Spikes(name, labels, times) => {
                let scale = reading.time_unit.per_second();
                let seconds: Vec<Vec<f64>> = times
                    .iter()
                    .map(|times| times.iter().map(|time| time / scale).collect())
                    .collect();
                irrev::recordings::of_spikes(name, labels.clone(), &seconds, reading.negative_times)?
            }
        };
        irrev::inference::infer(&recording, &request, run)
    })?;
    Ok(Report::made(report, threads, begin))
}

/// The network behind activity in bins.
#[pyfunction]
pub(crate) fn infer_bins(
    py: Python<'_>,
    given: BinsGiven<'_>,
    asked: Asked,
    options: Options,
) -> PyResult<Report> {
    let request = inference_request(asked);
    let BinsGiven(name, labels, array) = given;
    let view = array.as_array();
    let values: Vec<u8> = view.iter().copied().collect();
    let raster = Raster::from_array(&values, view.nrows(), view.ncols(), Coding::ZeroOne).or_raise()?;
    let recording = irrev::recordings::of_bins(&name, labels, raster)
        .map_err(irrev::Error::from)
        .or_raise()?;
    let (threads, begin) = (options.1, Instant::now());
    let report = watched(py, options, move |run, _| {
        irrev::inference::infer(&recording, &request, run)
    })?;
    Ok(Report::made(report, threads, begin))
}

/// Analyses a model: the named sections, or those that the model asks for or allows.
#[pyfunction]
pub(crate) fn analyse(
    py: Python<'_>,
    model: &Model,
    sections: Option<Vec<String>>,
    options: Options,
) -> PyResult<Report> {
    let named = |names: Vec<String>| names.iter().map(|name| Section::named(name).or_raise()).collect();
    let sections: Option<PyResult<Vec<Section>>> = sections.map(named);
    let request = Request {
        overrides: model.overrides.clone(),
        sections: sections.transpose()?,
        ..Request::default()
    };
    let threads = options.1;
    let specification = Arc::clone(&model.specification);
    let begin = Instant::now();
    let report = watched(py, options, move |run, _| {
        irrev::analysis::run(&specification, &request, run)
    })?;
    Ok(Report::made(report, threads, begin))
}
