//! What a simulation is asked for.

use std::path::PathBuf;

use irrev_network::simulation::{LangevinOptions, LeapRule, Method, TauLeapOptions};

use crate::analysis::Options;
use crate::error::{Error, Result};
use crate::expression::nearest_name;
use crate::model::Override;

/// Trajectories where neither request nor model says how many.
pub(super) const TRAJECTORIES: u64 = 1000;

/// Output times where neither request nor model says how many.
pub(super) const POINTS: usize = 101;

/// Most output times.
const MOST_POINTS: usize = 1_000_000;

/// What a simulation is asked for; the defaults are those of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Other values for numbers of the model; default none.
    pub overrides: Vec<Override>,
    /// Number of trajectories; default that of the model, or 1000.
    pub trajectories: Option<u64>,
    /// Duration of each trajectory; default that of the model, or one in which a few nats are produced.
    pub end: Option<f64>,
    /// Output times, ascending; empty (default) spaces `points` of them evenly.
    pub times: Vec<f64>,
    /// Number of evenly spaced output times; default that of the model, or 101.
    pub points: Option<usize>,
    /// How trajectories are made; default chosen by a fixed rule. Jump processes know no other.
    pub method: Method,
    /// Whether the trajectories of a jump process start from its stationary state (or the one that repeats with the driving), in place of the model's
    /// initial distribution; default no.
    pub stationary: bool,
    /// What is written down along each trajectory; default all of it.
    pub books: Books,
    /// Where trajectories end early: states of a jump process, thresholds such as `X>=100` of a reaction model; default nowhere.
    pub until: Vec<String>,
    /// Ends the ensemble once the mean of the named number (a species, `medium_entropy`, `total_entropy`) at the last time is known to this standard
    /// error; default none.
    pub wanted: Option<(String, f64)>,
    /// Whether every trajectory is listed in the report; default no.
    pub keep: bool,
    /// Folder for checkpoints, from which an interrupted simulation goes on; default none.
    pub checkpoints: Option<PathBuf>,
    /// Seconds between two checkpoints; default 10.
    pub checkpoint_interval: f64,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            overrides: Vec::new(),
            trajectories: None,
            end: None,
            times: Vec::new(),
            points: None,
            method: Method::Automatic,
            stationary: false,
            books: Books::default(),
            until: Vec::new(),
            wanted: None,
            keep: false,
            checkpoints: None,
            checkpoint_interval: 10.0,
        }
    }
}

/// What is written down along a trajectory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Books {
    /// Jumps of each reaction or transition and direction.
    pub jumps: bool,
    /// Time integrals of counts, time in each state.
    pub residence: bool,
    /// Entropies, and what follows from them: heat, fluctuation theorems.
    pub entropy: bool,
}

impl Default for Books {
    fn default() -> Self {
        Self {
            jumps: true,
            residence: true,
            entropy: true,
        }
    }
}

impl Books {
    /// The names by which [`Books::named`] knows them.
    pub(super) fn names(self) -> String {
        let all = [
            ("jumps", self.jumps),
            ("residence", self.residence),
            ("entropy", self.entropy),
        ];
        let kept: Vec<&str> = all
            .iter()
            .filter(|(_, kept)| *kept)
            .map(|(name, _)| *name)
            .collect();
        match kept.len() {
            0 => "none".into(),
            3 => "full".into(),
            _ => kept.join(","),
        }
    }

    /// `full`, `none`, or names of books separated by commas.
    ///
    /// ```
    /// use irrev::simulate::Books;
    /// assert_eq!(Books::named("jumps,entropy")?, Books { residence: false, ..Books::default() });
    /// assert!(Books::named("entropie").unwrap_err().to_string().contains("entropy"));
    /// # Ok::<(), irrev::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Request`] for a name that is none.
    pub fn named(names: &str) -> Result<Self> {
        const KNOWN: [&str; 3] = ["jumps", "residence", "entropy"];
        if names == "full" {
            return Ok(Self::default());
        }
        let mut books = Self {
            jumps: false,
            residence: false,
            entropy: false,
        };
        if names == "none" {
            return Ok(books);
        }
        for name in names.split(',').map(str::trim) {
            match name {
                "jumps" => books.jumps = true,
                "residence" => books.residence = true,
                "entropy" => books.entropy = true,
                other => {
                    let problem = format!(
                        "is no book{}; known: full, none, or a list of {}",
                        suggestion(other, &KNOWN),
                        KNOWN.join(", ")
                    );
                    return Err(refused("books", other, problem));
                }
            }
        }
        Ok(books)
    }
}

/// The method of a name, with its default options.
///
/// ```
/// use irrev::network::simulation::Method;
/// assert_eq!(irrev::simulate::method_named("next_reaction")?, Method::NextReaction);
/// assert!(irrev::simulate::method_named("gilespie").unwrap_err().to_string().contains("direct"));
/// # Ok::<(), irrev::Error>(())
/// ```
///
/// # Errors
/// [`Error::Request`] with the names that exist.
pub fn method_named(name: &str) -> Result<Method> {
    let all = [
        Method::Automatic,
        Method::Dense,
        Method::Direct,
        Method::SortedDirect,
        Method::NextReaction,
        Method::CompositionRejection,
        Method::Rejection,
        Method::IntegratedHazard,
        Method::TauLeaping(TauLeapOptions::default()),
        Method::TauLeaping(TauLeapOptions {
            rule: LeapRule::Midpoint,
            ..TauLeapOptions::default()
        }),
        Method::Langevin(LangevinOptions::default()),
    ];
    let names: Vec<&str> = all.iter().map(Method::name).collect();
    let found = all.into_iter().find(|method| method.name() == name);
    found.ok_or_else(|| {
        let problem = format!(
            "is no method{}; known: {}",
            suggestion(name, &names),
            names.join(", ")
        );
        refused("method", name, problem)
    })
}

impl Request {
    /// Whether the method has the law of the process only approximately.
    pub(super) fn is_approximate(&self) -> bool {
        matches!(self.method, Method::TauLeaping(_) | Method::Langevin(_))
    }

    /// Refuses everything but the number of trajectories, the end, other numbers of the model, and checkpoints; `problem` says what the model has instead.
    pub(super) fn only_how_many_and_how_long(&self, problem: &str) -> Result<()> {
        let defaults = Self::default();
        let times = || {
            self.times
                .iter()
                .map(f64::to_string)
                .collect::<Vec<_>>()
                .join(",")
        };
        let differs = |is_given: bool, given: &str| is_given.then(|| given.to_owned());
        let given = [
            ("times", (!self.times.is_empty()).then(times)),
            ("points", self.points.map(|points| points.to_string())),
            (
                "method",
                differs(self.method != defaults.method, self.method.name()),
            ),
            ("stationary", differs(self.stationary, "")),
            ("until", self.until.first().cloned()),
            ("of", self.wanted.as_ref().map(|(name, _)| name.clone())),
            ("keep", differs(self.keep, "")),
            (
                "books",
                (self.books != defaults.books).then(|| self.books.names()),
            ),
        ];
        match given
            .into_iter()
            .find_map(|(option, given)| Some((option, given?)))
        {
            None => Ok(()),
            Some((option, given)) => Err(refused(option, &given, problem.to_owned())),
        }
    }

    /// The overrides with the number of trajectories and the end under the keys by which a model that simulates by itself knows them.
    pub(super) fn options_of_ensemble(&self, number: &str, duration: &str) -> Options {
        let mut overrides = self.overrides.clone();
        if let Some(trajectories) = self.trajectories {
            let told = Override::number(number, trajectories as f64);
            overrides.push(told.written_as(format!("--trajectories {trajectories}")));
        }
        if let Some(end) = self.end {
            overrides.push(Override::number(duration, end).written_as(format!("--end {end}")));
        }
        Options {
            overrides,
            ..Options::default()
        }
    }

    /// The output times: those asked for, those of the model, or `points` up to an end. `default_end` is asked only if nothing else says when.
    pub(super) fn times(
        &self,
        model: Option<Vec<f64>>,
        default_end: impl FnOnce() -> Result<f64>,
    ) -> Result<Vec<f64>> {
        if !self.times.is_empty() {
            return self.own_times();
        }
        let end = match self.end {
            Some(end) if end.is_finite() && end > 0.0 => end,
            Some(end) => {
                let problem = "must be a finite time above 0".to_owned();
                return Err(refused("end", &end.to_string(), problem));
            }
            None => match (model, self.points) {
                (Some(times), None) => return Ok(times),
                (Some(times), Some(_)) => times.last().copied().unwrap_or(1.0),
                (None, _) => default_end()?,
            },
        };
        let points = self.points.unwrap_or(POINTS);
        if !(2..=MOST_POINTS).contains(&points) {
            let problem = format!("must be a number from 2 to {MOST_POINTS}");
            return Err(refused("points", &points.to_string(), problem));
        }
        let step = end / (points - 1) as f64;
        let mut times: Vec<f64> = (0..points).map(|k| step * k as f64).collect();
        times[points - 1] = end;
        Ok(times)
    }

    fn own_times(&self) -> Result<Vec<f64>> {
        let mut before = 0.0;
        for &time in &self.times {
            if !(time >= before && time.is_finite()) {
                let problem = "must be finite times in ascending order, from 0 on".to_owned();
                return Err(refused("times", &time.to_string(), problem));
            }
            before = time;
        }
        if before == 0.0 {
            return Err(refused("times", "0", "must end after 0".to_owned()));
        }
        Ok(self.times.clone())
    }

    pub(super) fn trajectories(&self, model: Option<u64>) -> Result<u64> {
        match self.trajectories.or(model).unwrap_or(TRAJECTORIES) {
            0 => Err(refused("trajectories", "0", "must be at least 1".to_owned())),
            n if n > 1 << 62 => Err(refused(
                "trajectories",
                &n.to_string(),
                "must be at most 2^62".to_owned(),
            )),
            n => Ok(n),
        }
    }
}

/// A request that means nothing here.
pub(super) fn refused(option: &'static str, given: &str, problem: String) -> Error {
    Error::Request {
        option,
        given: given.into(),
        problem,
    }
}

/// "; did you mean …?" for a name near one that exists.
pub(super) fn suggestion(name: &str, known: &[&str]) -> String {
    nearest_name(name, known.iter().copied())
        .map(|near| format!("; did you mean \"{near}\"?"))
        .unwrap_or_default()
}
