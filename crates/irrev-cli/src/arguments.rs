//! Verbs and options of the command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// How irreversible is it, where does it dissipate, what bounds it?
#[derive(Debug, Parser)]
#[command(name = "irrev", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Start with `irrev init`, or run a built-in model:\n  irrev gallery kinesin > kinesin.toml\n  irrev run kinesin.toml --out report"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Analyse models: summary to the screen, report to a folder
    Run(Run),
    /// Check models without computing, and say which sections are possible and why others are not
    Check(Check),
    /// Explain a quantity, or every number of a model
    Explain(Explain),
    /// Simulate trajectories: moments with errors, entropy production, fluctuation theorems
    Simulate(Simulate),
    /// How far apart two distributions are, with the shortest path, and what bounds a relaxation
    Distance(Distance),
    /// Learn from data: the network behind spikes, or entropy production, information and speed of series, states and cells
    Infer(Box<Infer>),
    /// Check the certificate of a bound against the data that it is of
    Certify(Certify),
    /// Find the landscapes of recorded coordinates: free energy beside mean-force potential, with errors, memory and time scales
    Landscape(Landscape),
    /// Stationary results over the values of one or two numbers of a model, as CSV
    Sweep(Sweep),
    /// Convert reaction models between model files (TOML) and SBML, and continuous motion to jumps on its grid
    Convert(Convert),
    /// Write a commented model that runs
    Init(Init),
    /// List the built-in models, or print one
    Gallery(Gallery),
    /// Print the JSON Schema of model files
    Schema(Schema),
    /// Print shell completions
    Completions(Completions),
    /// Print the literature behind a result, or how to cite irrev
    Cite(Cite),
    /// Print versions, threads and memory, and run a self-test
    Doctor(Doctor),
}

/// Options of every verb that computes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Computing {
    /// Print one JSON document to standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Seed of random streams, recorded with the result [default: that of the model, or 1]
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Number of threads; 0 takes all cores. Results do not depend on it
    #[arg(long, default_value_t = 0, value_parser = threads)]
    pub(crate) threads: usize,
    /// Another value for a number of the model, as in parameters.force=0.5 (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Memory that may be planned for, as in 500MB or 4GB [default: 80 % of what is free]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub(crate) max_memory: Option<u64>,
    /// How to report progress on standard error
    #[arg(long, value_enum, default_value_t = Progress::Auto)]
    pub(crate) progress: Progress,
    /// Say nothing but errors on standard error
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Overwrite an earlier result
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Progress {
    /// A bar after one second, on terminals only
    Auto,
    /// Nothing
    Never,
    /// One JSON object per line
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Model files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Folder for the report (one subfolder per model if there are several)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Small report page with still pictures instead of interactive ones
    #[arg(long = "static")]
    pub(crate) static_page: bool,
    /// Sections to compute [default: those of the model, or all that are possible]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) sections: Vec<String>,
    #[command(flatten)]
    pub(crate) computing: Computing,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Model files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Another value for a number of the model (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Show every note on how a file was read, and every decision
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Print one JSON document to standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A quantity such as entropy_production_rate, a model file, or a result (its folder or result.json)
    #[arg(value_name = "QUANTITY|FILE")]
    pub(crate) what: Option<String>,
    /// Another value for a number of the model (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print one JSON document to standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sweep {
    /// Model file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Number to sweep and its values, as in parameters.force=0,1,2 or parameters.force=0:10:21 (from:to:points, with
    /// `:log` for equal ratios); repeat for a second axis [default: the model's own sweep]
    #[arg(long = "over", value_name = "KEY=VALUES")]
    pub(crate) over: Vec<String>,
    /// Results to show [default: the observables and the entropy production rate]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) show: Vec<String>,
    /// Folder for a report with the curves
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) computing: Computing,
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// Model file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Number of trajectories [default: that of the model, or 1000]
    #[arg(long, short = 'n', value_name = "N", value_parser = trajectories, allow_negative_numbers = true)]
    pub(crate) trajectories: Option<u64>,
    /// Duration of each trajectory [default: that of the model, or one in which it produces a few nats]
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) end: Option<f64>,
    /// Output times in ascending order; the last one ends the trajectories
    #[arg(long, value_name = "T,T,…", value_delimiter = ',', allow_negative_numbers = true, conflicts_with_all = ["end", "points"])]
    pub(crate) times: Vec<f64>,
    /// Number of evenly spaced output times [default: that of the model, or 101]
    #[arg(long, value_name = "N")]
    pub(crate) points: Option<usize>,
    /// How trajectories are made: automatic, dense, direct, sorted_direct, next_reaction, composition_rejection, rejection,
    /// integrated_hazard; approximate: tau_leaping, tau_leaping_midpoint, langevin; for jump processes: automatic
    #[arg(long, value_name = "NAME", default_value = "automatic")]
    pub(crate) method: String,
    /// Start a jump process from its stationary state instead of the model's initial distribution
    #[arg(long)]
    pub(crate) stationary: bool,
    /// Books to keep: full, none, or a list of jumps, residence, entropy
    #[arg(long, value_name = "NAMES", default_value = "full")]
    pub(crate) books: String,
    /// End trajectories there, and report the times: a state of a jump process, or SPECIES>=NUMBER, SPECIES<=NUMBER,
    /// medium_entropy>=NUMBER of a reaction model (repeatable)
    #[arg(long, value_name = "WHERE")]
    pub(crate) until: Vec<String>,
    /// Stop when the mean of --of is known to this standard error
    #[arg(long, value_name = "X", requires = "of", allow_negative_numbers = true)]
    pub(crate) standard_error: Option<f64>,
    /// The number that --standard-error is about: a species, or medium_entropy, total_entropy
    #[arg(long, value_name = "NAME", requires = "standard_error")]
    pub(crate) of: Option<String>,
    /// List every trajectory in the result
    #[arg(long)]
    pub(crate) keep: bool,
    /// Folder for the report
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Small report page with still pictures instead of interactive ones
    #[arg(long = "static")]
    pub(crate) static_page: bool,
    /// Folder for checkpoints; a run that was interrupted goes on from there
    #[arg(long, value_name = "DIR")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Seconds between checkpoints, as in 0.5s or 60
    #[arg(long, value_name = "S", default_value = "10", value_parser = seconds, requires = "checkpoint")]
    pub(crate) checkpoint_every: f64,
    #[command(flatten)]
    pub(crate) computing: Computing,
}

#[derive(Debug, Args)]
pub(crate) struct Distance {
    /// Model file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// First distribution: uniform, stationary, initial, gibbs:RESERVOIR, a state, a list such as 0.2,0.3,0.5, or a file .csv or .npy (numbers that do not sum to 1 are masses, which have W₁ alone); of a reaction model initial, stationary, X=0.2,Y=1, one number per dynamic species, or a file
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    pub(crate) from: String,
    /// Second distribution or state, likewise
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    pub(crate) to: String,
    /// Width of the proven interval for W₂², relative to it, from 1e-10 to 0.1; of a reaction model what the discretisation may add
    #[arg(long, value_name = "X", default_value_t = 1e-6, allow_negative_numbers = true)]
    pub(crate) tol: f64,
    /// Lengths of the transitions for W₁: unit, or one number per transition in the order of the model
    #[arg(
        long,
        value_name = "unit|L,L,…",
        default_value = "unit",
        allow_hyphen_values = true
    )]
    pub(crate) lengths: String,
    /// Time for bounds on dissipation and time [default: that of the model, if it has one]
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) duration: Option<f64>,
    /// Folder for the report
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Small report page with still pictures instead of interactive ones
    #[arg(long = "static")]
    pub(crate) static_page: bool,
    #[command(flatten)]
    pub(crate) computing: Computing,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  irrev infer beads.csv --certificate bound.json --out report     (columns time,x1,x2)\n  irrev infer ring.csv --step 0.01 --out report                    (a column of states)\n  irrev infer cells.csv --columns value --out report               (columns dose,cell,time,value)\n  irrev infer spikes.csv --bin 0.05 --out report                   (columns unit,time_s: the network behind spikes)\n  irrev infer spikes.txt --stimulus stimulus.txt --bin 0.005 --out report\nWhat a file holds is found from its columns and values, and told; --format says it where the guess is wrong."
)]
pub(crate) struct Infer {
    /// Data: rows of numbers, states or cells; rows of unit and time, spike times, or a table of bins × units. Text (.gz, too), .npy and what `irrev landscape` reads; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Model whose parameters are inferred [default: kinetic-ising for spikes and bins of two values, else none]
    #[arg(long, value_enum)]
    pub(crate) model: Option<InferredModel>,
    #[command(flatten)]
    pub(crate) data: DataOptions,
    /// Width of a bin in seconds, needed for spikes; of several the first is reported and all are compared
    #[arg(
        long,
        value_name = "S,S,…",
        value_delimiter = ',',
        allow_negative_numbers = true
    )]
    pub(crate) bin: Vec<f64>,
    /// Where bins begin, in seconds [default: 0]
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub(crate) from: Option<f64>,
    /// Where bins end, in seconds [default: the last spike]
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub(crate) until: Option<f64>,
    /// Units to analyse, by label [default: all]
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(crate) units: Vec<String>,
    /// What the files hold
    #[arg(long, value_enum, default_value_t = Holds::Auto)]
    pub(crate) format: Holds,
    /// Column of units in a list of spikes: a name of the header, or a number from 1
    #[arg(long, value_name = "NAME")]
    pub(crate) unit_column: Option<String>,
    /// Column of times, likewise
    #[arg(long, value_name = "NAME")]
    pub(crate) time_column: Option<String>,
    /// Unit of the times of spikes and stimulus [default: s]
    #[arg(long, value_enum)]
    pub(crate) time_unit: Option<Times>,
    /// A table has a unit in each row instead of in each column
    #[arg(long)]
    pub(crate) transpose: bool,
    /// Trial of a list of times to read, counted from 0; comments or empty lines part trials
    #[arg(long, value_name = "K")]
    pub(crate) trial: Option<usize>,
    /// λ of the penalty λ/2 Σ J² per bin and unit, or cv: by cross-validation over stretches of time [default: cv]
    #[arg(long, value_name = "VALUE|cv", allow_hyphen_values = true)]
    pub(crate) penalty: Option<String>,
    /// Also a path of networks with few couplings (penalty λ Σ |J|)
    #[arg(long)]
    pub(crate) l1: bool,
    /// Confidence level of intervals
    #[arg(
        long,
        value_name = "LEVEL",
        default_value_t = 0.95,
        allow_negative_numbers = true
    )]
    pub(crate) confidence: f64,
    /// Draws of each null: units shifted in circles, blocks of time reversed [default: 20]
    #[arg(long, value_name = "N")]
    pub(crate) shuffles: Option<usize>,
    /// Recordings that the fitted network is simulated to make, for the power check; 0 leaves it out [default: 8]
    #[arg(long, value_name = "N")]
    pub(crate) simulate: Option<usize>,
    /// Folder for the report
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Small report page with still pictures instead of interactive ones
    #[arg(long = "static")]
    pub(crate) static_page: bool,
    #[command(flatten)]
    pub(crate) computing: Computing,
}

/// How data other than spikes and bins are taken, and what is asked of them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Series, states and cells")]
pub(crate) struct DataOptions {
    /// Column of times, by name or number from 0 [default: the one whose name says so]
    #[arg(long, value_name = "COL", conflicts_with = "step")]
    pub(crate) time: Option<String>,
    /// Time between rows, where no column has the times
    #[arg(long, value_name = "H", allow_negative_numbers = true)]
    pub(crate) step: Option<f64>,
    /// Column that tells trajectories apart
    #[arg(long, value_name = "COL")]
    pub(crate) trajectory: Option<String>,
    /// Columns of values [default: all of which nothing else is said]
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Columns of states; several are the parts of one system
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    pub(crate) states: Vec<String>,
    /// Columns that together name a cell
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    pub(crate) cells: Vec<String>,
    /// Column of a dose or condition of cells; several files are one each
    #[arg(long, value_name = "COL")]
    pub(crate) condition: Option<String>,
    /// Cut trajectories at gaps in time and at rows without numbers; leave out cells without
    #[arg(long)]
    pub(crate) split: bool,
    /// Currents of series: affine, or Gaussians besides [default: affine]
    #[arg(long, value_enum)]
    pub(crate) basis: Option<Basis>,
    /// Steps of a window: dissipation in time, of many trajectories that begin alike
    #[arg(long, value_name = "N")]
    pub(crate) window: Option<usize>,
    /// Transfer entropies by nearest neighbours for more than 20,000 rows, too
    #[arg(long)]
    pub(crate) neighbours: bool,
    /// Family of distributions of cells [default: normal]
    #[arg(long, value_enum)]
    pub(crate) family: Option<Family>,
    /// Write the certificate of the bound by data held out, for `irrev certify`
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: Option<PathBuf>,
    /// Stimulus (columns of time and value) that the spikes answer; needs --bin
    #[arg(long, value_name = "FILE")]
    pub(crate) stimulus: Option<PathBuf>,
    /// Levels of the stimulus, of equal occupation [default: 4]
    #[arg(long, value_name = "N", requires = "stimulus")]
    pub(crate) levels: Option<usize>,
    /// Bins by which the stimulus is read earlier [default: 0]
    #[arg(long, value_name = "N", requires = "stimulus")]
    pub(crate) delay: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Basis {
    /// All dx and x dx: exact where forces are linear
    Affine,
    /// Gaussians besides, as many as the first half of the data chooses
    Radial,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Family {
    /// Normal
    Normal,
    /// Normal in the logarithm
    LogNormal,
    /// Gamma
    Gamma,
}

#[derive(Debug, Args)]
pub(crate) struct Certify {
    /// Certificate that `irrev infer --certificate` wrote
    #[arg(value_name = "CERTIFICATE")]
    pub(crate) certificate: PathBuf,
    /// The data, in the files and the order that it was made from
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Print one JSON document to standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Number of threads; 0 takes all cores. Results do not depend on it
    #[arg(long, default_value_t = 0, value_parser = threads)]
    pub(crate) threads: usize,
    /// Memory that may be planned for, as in 500MB or 4GB [default: 80 % of what is free]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub(crate) max_memory: Option<u64>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example, an angle of a recording with its velocity, at kT = 2.494 (Da nm²/ps²):\n  irrev landscape run.npy --coordinate 1 --velocity 3 --metric 5 --time 0 --period radians --kt 2.494 --out report\nSeveral files are one trajectory each. Positions of atoms (XTC, DCD) need --define 'dihedral(4, 6, 8, 14)' and the like."
)]
pub(crate) struct Landscape {
    /// Recording: text with columns, .npy, .npz, PLUMED COLVAR, .xvg, or positions of atoms (.xtc, .dcd)
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Columns of coordinates: names, or numbers from 0 [default: all of which nothing else is said]
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    pub(crate) coordinate: Vec<String>,
    /// Columns of velocities, one for each coordinate [default: differences of positions]
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    pub(crate) velocity: Vec<String>,
    /// Columns of accelerations, one for each coordinate [default: differences of positions]
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    pub(crate) acceleration: Vec<String>,
    /// Columns of metrics |∇R|²/m, one for each coordinate
    #[arg(long, value_name = "COL,…", value_delimiter = ',')]
    pub(crate) metric: Vec<String>,
    /// Column of times [default: what the file says]
    #[arg(long, value_name = "COL", conflicts_with = "step")]
    pub(crate) time: Option<String>,
    /// Time step, where no column has the times
    #[arg(long, value_name = "H", allow_negative_numbers = true)]
    pub(crate) step: Option<f64>,
    /// Column that numbers trajectories
    #[arg(long, value_name = "COL")]
    pub(crate) trajectory: Option<String>,
    /// Period of each coordinate: radians (-pi to pi), degrees (-180 to 180), none, or START:END [default: what the file says]
    #[arg(
        long,
        value_name = "PERIOD,…",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub(crate) period: Vec<String>,
    /// Bring values outside of their period back into it
    #[arg(long)]
    pub(crate) wrap: bool,
    /// Cut trajectories at gaps in time and at rows without numbers
    #[arg(long)]
    pub(crate) split: bool,
    /// Coordinate from positions of atoms, counted from 0: distance(i, j), angle(i, j, k), dihedral(i, j, k, l), … (repeatable)
    #[arg(long, value_name = "DEFINITION")]
    pub(crate) define: Vec<String>,
    /// kT, in mass · length²/time² of the recording
    #[arg(
        long,
        value_name = "ENERGY",
        default_value_t = 1.0,
        allow_negative_numbers = true
    )]
    pub(crate) kt: f64,
    /// Cells of each coordinate
    #[arg(long, value_name = "N", default_value_t = 48)]
    pub(crate) cells: usize,
    /// Where cells begin and end [default: where all but a thousandth of the frames lie]
    #[arg(
        long,
        value_name = "LOW,HIGH",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub(crate) range: Vec<f64>,
    /// Independent visits that a cell needs
    #[arg(long, value_name = "N", default_value_t = 10.0)]
    pub(crate) least_count: f64,
    /// Draws of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) draws: usize,
    /// Where ⟨Ṙ²; r⟩ comes from
    #[arg(long, value_enum, default_value_t = Velocities::Auto)]
    pub(crate) velocities: Velocities,
    /// Lags of the memory kernel, in frames; 0 leaves it out [default: a tenth of the shortest trajectory, at most 400]
    #[arg(long, value_name = "N")]
    pub(crate) lags: Option<usize>,
    /// Levels of hidden dimensions; 0 leaves them out [default: 2 where the time step resolves accelerations]
    #[arg(long, value_name = "N")]
    pub(crate) levels: Option<usize>,
    /// Widths of windows, in frames, over which the coordinate is averaged to see coarser time scales
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    pub(crate) scales: Vec<usize>,
    /// Two coordinates, by name, whose mean force (without inertia: drift) is taken apart into a gradient and a flux
    #[arg(long, value_name = "COL,COL", value_delimiter = ',')]
    pub(crate) field: Vec<String>,
    /// Cells along each coordinate of the field
    #[arg(long, value_name = "N", default_value_t = 24, requires = "field")]
    pub(crate) field_cells: usize,
    /// Metric A of the field, F = -A∇V + v: a positive number for each of its coordinates [default: 1,1]
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        allow_hyphen_values = true,
        requires = "field"
    )]
    pub(crate) metric_weights: Vec<f64>,
    /// Walkers that follow the fitted memory kernel, beside the recording; 0 leaves them out [default: 256]
    #[arg(long, value_name = "N")]
    pub(crate) resimulate: Option<usize>,
    /// Folder for the report
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Small report page with still pictures instead of interactive ones
    #[arg(long = "static")]
    pub(crate) static_page: bool,
    #[command(flatten)]
    pub(crate) computing: Computing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Velocities {
    /// Recorded velocities if there are any, else differences of positions
    Auto,
    /// Differences of positions
    Differences,
    /// kT times the recorded metric
    Metrics,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InferredModel {
    /// Kinetic Ising network with parallel updates
    KineticIsing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Holds {
    /// What columns and values say; the report tells how files were read
    Auto,
    /// Spikes
    Spikes,
    /// A table of bins × units with values 0 and 1 or -1 and 1
    Bins,
    /// Numbers that change continuously, at even steps
    Series,
    /// States, step by step or with the times at which they were entered
    States,
    /// One quantity of many cells at common times
    Cells,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Times {
    /// Seconds
    S,
    /// Milliseconds
    Ms,
    /// Microseconds
    Us,
}

#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// Model to read, TOML or SBML; `-` is standard input
    #[arg(value_name = "SOURCE")]
    pub(crate) source: PathBuf,
    /// File to write, .toml or .xml; `-` is standard output
    #[arg(value_name = "TARGET", default_value = "-")]
    pub(crate) target: PathBuf,
    /// Format to write [default: what the name of TARGET says]
    #[arg(long, value_enum)]
    pub(crate) to: Option<Format>,
    /// Overwrite an existing file
    #[arg(long)]
    pub(crate) force: bool,
    /// Say nothing but errors on standard error
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A model file of irrev
    Toml,
    /// SBML Level 3 Version 2
    Sbml,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Kind of model
    #[arg(default_value = "markov")]
    pub(crate) kind: String,
    /// File to write [default: KIND.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Gallery {
    /// Model to print [default: list all]
    pub(crate) name: Option<String>,
    /// Print one JSON document to standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Kind of model
    #[arg(default_value = "markov")]
    pub(crate) kind: String,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Cite {
    /// A result.json [default: how to cite irrev itself]
    #[arg(value_name = "RESULT")]
    pub(crate) result: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Print one JSON document to standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// A number of threads that a machine may have.
fn threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if n <= 1024 => Ok(n),
        _ => Err("expected a whole number from 0 (all cores) to 1024".into()),
    }
}

/// A number of trajectories from a text such as 1000 or 1e6.
fn trajectories(text: &str) -> Result<u64, String> {
    let whole = |value: f64| (value.fract() == 0.0 && (1.0..=1e15).contains(&value)).then_some(value as u64);
    let found = text.parse().ok().or_else(|| text.parse().ok().and_then(whole));
    found.ok_or_else(|| "expected a whole number of trajectories, such as 1000 or 1e6".into())
}

/// Seconds from a text such as 0.5s, 0.5 or 60.
fn seconds(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('s').trim_end();
    match number.parse::<f64>() {
        Ok(value) if (0.0..=1e9).contains(&value) => Ok(value),
        _ => Err(format!("\"{text}\" is not a number of seconds such as 0.5s")),
    }
}

/// Bytes from a text such as 500MB, 4GB, 4GiB or 1000000.
fn memory(text: &str) -> Result<u64, String> {
    let lower = text.trim().to_ascii_lowercase();
    let digits = lower
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(lower.len());
    let (number, unit) = lower.split_at(digits);
    let factor = match unit.trim() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        other => {
            return Err(format!(
                "unknown unit \"{other}\"; use B, kB, MB, GB, TB, KiB, MiB or GiB"
            ));
        }
    };
    match number.parse::<f64>() {
        Ok(value) if value > 0.0 && value * factor < 9e18 => Ok((value * factor) as u64),
        _ => Err(format!("\"{text}\" is not a size such as 500MB")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn sizes_are_read_with_their_units() {
        assert_eq!(memory("500MB"), Ok(500_000_000));
        assert_eq!(memory("1.5 GiB"), Ok(1_610_612_736));
        assert!(memory("lots").is_err() && memory("-1GB").is_err() && memory("0").is_err());
    }
}
