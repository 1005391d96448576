//! Writes a report with every kind of content into the folder named as argument.
//!
//! `cargo run --release -p irrev-report --example sample_page -- FOLDER [--static] [--nodes N]`
//!
//! The numbers are those of a ring with equal rates k⁺ forward and k⁻ backward: the current is
//! J = (k⁺ − k⁻)/N, the force F = ln k⁺/k⁻ on each edge, the entropy production rate N J F. Some other
//! figures are made up to show their kind. Names contain characters that must be escaped.

use irrev_report::{
    Axis, Bars, Bound, Check, Citation, Curve, CurveStyle, Definition, Figure, Heatmap, Lines, Mark, Network,
    NetworkEdge, NetworkNode, Provenance, Quantity, QuantityKind, Report, RunLog, Series, Table,
    WriteOptions, summary_text, text, write_folder,
};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

const RATE: Definition = Definition {
    name: text("entropy_production_rate"),
    label: text("entropy production rate"),
    symbol: text(r"\dot\Sigma"),
    unit: text("nats/time"),
    formula: text(r"\dot\Sigma = \sum_e \left(j_e^+ - j_e^-\right) \ln \frac{j_e^+}{j_e^-}"),
    explanation: text("How fast the dynamics makes entropy; zero exactly at thermodynamic equilibrium."),
    source: text("Schnakenberg, Rev. Mod. Phys. 48, 571 (1976)"),
};
const CURRENT: Definition = Definition {
    name: text("cycle_current"),
    label: text("cycle current"),
    symbol: text(r"\mathcal{J}_\mu"),
    unit: text("1/time"),
    formula: text(r"\mathcal{J} = j^+_e - j^-_e"),
    explanation: text("Net number of turns of the ring per unit time."),
    source: text("Hill, Free Energy Transduction (1977)"),
};
const AFFINITY: Definition = Definition {
    name: text("cycle_affinity"),
    label: text("cycle affinity"),
    symbol: text(r"\mathcal{F}_\mu"),
    unit: text("nats"),
    formula: text(r"\mathcal{F}_\mu = \sum_{e \in C_\mu} \ln \frac{k_e^+}{k_e^-}"),
    explanation: text("Entropy produced by one turn of the ring."),
    source: text("Schnakenberg, Rev. Mod. Phys. 48, 571 (1976)"),
};
const DISTANCE: Definition = Definition {
    name: text("wasserstein2"),
    label: text("Wasserstein distance"),
    symbol: text(r"W_2(p, q)"),
    unit: text("nats¹ᐟ² · time¹ᐟ²"),
    formula: text(
        r"W_2(p, q)^2 = \min_{p_t, \psi_t} \int_0^1 \langle \psi_t, B L(p_t) B^\mathsf{T} \psi_t \rangle \, \mathrm{d}t",
    ),
    explanation: text("Length of the shortest way between two distributions in the metric of dissipation."),
    source: text("Maas, J. Funct. Anal. 261, 2250 (2011)"),
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments
        .first()
        .ok_or("usage: sample_page FOLDER [--static] [--nodes N]")?;
    let static_page = arguments.iter().any(|argument| argument == "--static");
    let nodes = arguments
        .iter()
        .position(|argument| argument == "--nodes")
        .and_then(|at| arguments.get(at + 1));
    let nodes: usize = nodes.map_or(Ok(3), |nodes| nodes.parse())?;
    let begin = Instant::now();
    let report = sample(nodes.max(3));
    let options = WriteOptions {
        force: true,
        static_page,
    };
    let files = write_folder(
        &report,
        &RunLog::begin(1).lasting(begin.elapsed()),
        Path::new(folder),
        &options,
    )?;
    eprintln!(
        "{} files in {:.1} ms",
        files.len(),
        begin.elapsed().as_secs_f64() * 1e3
    );
    print!("{}", summary_text(&report));
    Ok(())
}

/// Names of the states; those of the small ring need escaping.
fn names(nodes: usize) -> Vec<String> {
    if nodes == 3 {
        return ["E", "E·ATP", "E·ADP </script> & \"Pᵢ\""]
            .map(str::to_owned)
            .into();
    }
    (0..nodes).map(|node| format!("s{node}")).collect()
}

fn sample(nodes: usize) -> Report {
    let (forward, backward) = (2.0_f64, 0.5_f64);
    let current = (forward - backward) / nodes as f64;
    let force = (forward / backward).ln();
    let rate = nodes as f64 * current * force;
    let provenance = Provenance::new("0.1.0")
        .with_model("irrev = 1\nkind = \"markov_jump\"\n# a ring\n", "sha256:0f3c…")
        .with_seed(20_260_131)
        .with_option("tolerance", 1e-10)
        .with_method("stationary: Grassmann–Taksar–Heyman elimination");
    let mut report = Report::new("markov_jump", "A driven ring of three states", provenance);
    report.push_warning(
        "The transition E → E·ATP is observed 12 times only; its rate carries a wide interval.",
    );
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "The ring dissipates {rate:.3} nats per unit time, {:.2} nats in every turn.",
            nodes as f64 * force
        ),
    );
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        "Time's arrow shows after about one jump.",
    );
    report.push_summary(
        Report::WHERE_IT_DISSIPATES,
        "All transitions dissipate the same; none is at equilibrium.",
    );
    quantities(&mut report, rate, current, nodes as f64 * force);
    verification(&mut report, rate, current);
    figures(&mut report, nodes, current, force);
    tables(&mut report, nodes, current, force);
    report.push_citation(
        Citation::new(
            "Schnakenberg1976",
            "J. Schnakenberg, Rev. Mod. Phys. 48, 571 (1976).",
            "10.1103/RevModPhys.48.571",
        )
        .for_use("entropy production rate, cycle decomposition"),
    );
    report.push_citation(
        Citation::new(
            "Barato2015",
            "A. C. Barato and U. Seifert, Phys. Rev. Lett. 114, 158101 (2015).",
            "10.1103/PhysRevLett.114.158101",
        )
        .for_use("thermodynamic uncertainty relation"),
    );
    report
}

fn quantities(report: &mut Report, rate: f64, current: f64, affinity: f64) {
    report.push_quantity(Quantity::new(RATE, rate).key());
    report.push_quantity(
        Quantity::new(RATE, 0.97 * rate)
            .named("entropy_production_rate_estimate")
            .estimate(0.031 * rate)
            .key(),
    );
    report.push_quantity(
        Quantity::new(RATE, 0.82 * rate)
            .named("entropy_production_rate_bound")
            .of_kind(QuantityKind::LowerBound)
            .with_note("From the fluctuations of the current alone.")
            .key(),
    );
    report.push_quantity(Quantity::new(CURRENT, current).key());
    report.push_quantity(Quantity::new(AFFINITY, affinity).key());
    report.push_quantity(Quantity::new(DISTANCE, 0.412_37).key());
    report.push_quantity(
        Quantity::new(RATE, f64::INFINITY)
            .named("entropy_production_rate_without_backward_step")
            .with_note("Infinite, because the transition E·ATP → E·ADP has no backward rate."),
    );
}

fn verification(report: &mut Report, rate: f64, current: f64) {
    let variance_rate = current * 1.25 / 1.5 / 0.6;
    report.push_bound(
        Bound::at_least(
            "thermodynamic uncertainty",
            "variance rate × entropy production rate / mean² ≥ 2",
            variance_rate * rate / (current * current),
            2.0,
        )
        .assuming("stationary continuous-time Markov dynamics without odd variables"),
    );
    report.push_bound(
        Bound::at_least(
            "estimate from below",
            "Σ̇ ≥ Σ̇ seen in the current",
            rate,
            0.82 * rate,
        )
        .with_errors(0.0, 0.04 * rate)
        .in_unit("nats/time"),
    );
    report.push_bound(Bound::at_least("speed limit", "duration ≥ W₂²/Σ", 0.9, 1.1).in_unit("time"));
    report.push_bound(Bound::not_applicable(
        "finite-time uncertainty",
        "coth-type bound for currents over a finite time",
        "the initial state is not stationary",
    ));
    report.push_check(Check::new(
        "normalisation",
        "probabilities sum to one: |Σᵢ pᵢ − 1|",
        2.2e-16,
        1e-12,
    ));
    report.push_check(Check::new(
        "balance",
        "stationarity: max |B J|, inflow equals outflow at every state",
        3.1e-15,
        1e-12,
    ));
    report.push_check(Check::new(
        "decomposition",
        "|Σ̇ − Σ̇_ex − Σ̇_hk| / Σ̇, the parts sum to the whole",
        4e-7,
        1e-9,
    ));
}

fn figures(report: &mut Report, nodes: usize, current: f64, force: f64) {
    let names = names(nodes);
    let mut network = Network::new(Axis::new("entropy production rate", "nats/time"));
    let weight = |node: usize| (1.0 + (node as f64 * 1.7).sin().powi(2) * 3.0) / nodes as f64 / 2.5;
    network.nodes = names
        .iter()
        .enumerate()
        .map(|(node, name)| NetworkNode::new(name, weight(node)))
        .collect();
    for node in 0..nodes {
        let next = (node + 1) % nodes;
        let part = 0.3 + 0.6 * (node as f64).cos().powi(2);
        let edge = NetworkEdge::new(node, next, "hydrolysis", part * current * force, part * current);
        network.edges.push(edge.with_hover("reservoir: ATP, ADP, Pᵢ"));
        network.edges.push(NetworkEdge::new(
            next,
            node,
            "thermal",
            0.2 * part * current * force,
            -0.1 * current,
        ));
        if nodes > 8 && node % 3 == 0 {
            let far = (node * 7 + 5) % nodes;
            network
                .edges
                .push(NetworkEdge::new(node, far, "hop", 0.05 * current * force, 0.0));
        }
    }
    report.push_figure(Figure::new(
        "network",
        "Where the network dissipates",
        "States with transitions; two channels join each pair of neighbours. Colour and width of an edge show \
         how much it dissipates, the arrow where its net current goes, the area of a node its probability.",
        network,
    ));
    line_figures(report, current);
    let edges: Vec<String> = (0..nodes.min(50))
        .map(|node| format!("{} → {}", names[node], names[(node + 1) % nodes]))
        .collect();
    let values: Vec<f64> = (0..edges.len())
        .map(|edge| current * force * (1.0 + 0.5 * (edge as f64).sin()))
        .collect();
    let errors = values.iter().map(|value| 0.08 * value).collect();
    let bars = Bars::new("edge", Axis::new("entropy production rate", "nats/time"), edges)
        .group("model", values.clone())
        .group_with_errors(
            "estimated from 10⁴ jumps",
            values.iter().map(|value| 0.95 * value).collect(),
            errors,
        )
        .mark(Mark::horizontal(current * force, "mean"));
    report.push_figure(Figure::new(
        "edges",
        "Dissipation of each edge",
        "Exact and estimated, with standard errors.",
        bars,
    ));
    let parts = Bars::new(
        "time",
        Axis::new("entropy production rate", "nats/time"),
        (0..6).map(|t| format!("{}", 0.5 * f64::from(t))).collect(),
    )
    .group("excess", (0..6).map(|t| (-f64::from(t)).exp()).collect())
    .group("housekeeping", vec![0.4; 6])
    .stacked();
    report.push_figure(Figure::new(
        "parts",
        "Excess and housekeeping",
        "The parts sum to the whole at all times.",
        parts,
    ));
    heatmaps(report);
}

fn line_figures(report: &mut Report, current: f64) {
    let times: Vec<f64> = (0..200).map(|index| f64::from(index) * 0.025).collect();
    let relaxing: Vec<f64> = times
        .iter()
        .map(|time| 1.04 + 3.0 * (-1.8 * time).exp())
        .collect();
    let (low, high) = (
        relaxing.iter().map(|y| 0.93 * y - 0.03).collect(),
        relaxing.iter().map(|y| 1.07 * y + 0.03).collect(),
    );
    let bound = times
        .iter()
        .map(|time| 0.85 + 1.1 * (-2.2 * time).exp())
        .collect();
    let samples: Vec<f64> = times.iter().step_by(20).copied().collect();
    let measured: Vec<f64> = samples
        .iter()
        .map(|time| 1.04 + 3.0 * (-1.8 * time).exp() + 0.12 * (9.0 * time).sin())
        .collect();
    let lines = Lines::new(
        Axis::new("time", "s"),
        Axis::new("entropy production rate", "nats/s"),
    )
    .curve(Curve::new("model", times.clone(), relaxing).with_band(low, high))
    .curve(Curve::new("uncertainty bound", times, bound).styled(CurveStyle::Dashed))
    .curve(
        Curve::new("estimate <i>±</i> standard error", samples, measured.clone())
            .styled(CurveStyle::Markers)
            .with_band(
                measured.iter().map(|y| y - 0.2).collect(),
                measured.iter().map(|y| y + 0.2).collect(),
            ),
    )
    .mark(Mark::horizontal(1.04, "stationary"))
    .mark(Mark::vertical(1.25, "relaxation time"));
    report.push_figure(Figure::new(
        "relaxation",
        "Relaxation towards the stationary state",
        "Entropy production rate after the rates are switched at time 0; the band is the 95 % interval.",
        lines,
    ));
    let loads: Vec<f64> = (0..=80).map(|index| f64::from(index) * 0.1).collect();
    let velocity = loads
        .iter()
        .map(|load| current * 800.0 * (1.0 - (load - 6.0).exp() / 1.0).max(-0.6))
        .collect();
    let lines = Lines::new(Axis::new("load", "pN"), Axis::new("velocity", "nm/s"))
        .curve(Curve::new("velocity", loads, velocity))
        .mark(Mark::vertical(6.0, "stall force"))
        .mark(Mark::point(
            0.0,
            current * 800.0 * (1.0 - (-6.0_f64).exp()),
            "free motor",
        ));
    report.push_figure(Figure::new(
        "load",
        "Velocity against load",
        "The motor stops at the stall force.",
        lines,
    ));
    let steps: Vec<f64> = (0..60)
        .map(|index| 10f64.powf(-3.0 + 0.1 * f64::from(index)))
        .collect();
    let spectrum = steps
        .iter()
        .map(|frequency| 1.0 / (1.0 + frequency * frequency) + 1e-4)
        .collect();
    let lines = Lines::new(
        Axis::new("frequency", "1/time").logarithmic(),
        Axis::new("power", "1/time").logarithmic(),
    )
    .curve(Curve::new("spectrum", steps, spectrum).styled(CurveStyle::LineAndMarkers))
    .mark(Mark::vertical(1.0, "corner"));
    report.push_figure(Figure::new(
        "spectrum",
        "Power spectrum of the current",
        "Both axes are logarithmic.",
        lines,
    ));
}

fn heatmaps(report: &mut Report) {
    let temperatures: Vec<f64> = (0..40).map(|index| 0.5 + 0.05 * f64::from(index)).collect();
    let couplings: Vec<f64> = (0..30).map(|index| 0.1 * f64::from(index)).collect();
    let values = couplings
        .iter()
        .map(|coupling| {
            temperatures
                .iter()
                .map(|t| coupling * (-(t - 1.2_f64).powi(2) / 0.2).exp())
                .collect()
        })
        .collect();
    let map = Heatmap::new(
        Axis::new("temperature", "J/k_B"),
        temperatures,
        Axis::new("coupling", ""),
        couplings,
        Axis::new("entropy production rate", "nats/step"),
        values,
    );
    report.push_figure(Figure::new(
        "phases",
        "Phase diagram",
        "Dissipation is largest near the transition.",
        map,
    ));
    let spins: Vec<String> = ["A", "B", "C", "D"].map(str::to_owned).into();
    let values = (0..4)
        .map(|row| (0..4).map(|column| f64::from(row - column) * 0.21).collect())
        .collect();
    let map = Heatmap::new(
        Axis::new("to", ""),
        spins.clone(),
        Axis::new("from", ""),
        spins,
        Axis::new("antisymmetric correlation", ""),
        values,
    );
    report.push_figure(Figure::new(
        "correlations",
        "Who leads whom",
        "Positive: the row leads the column.",
        map.diverging(),
    ));
}

fn tables(report: &mut Report, nodes: usize, current: f64, force: f64) {
    let names = names(nodes);
    let edges: Vec<String> = (0..nodes)
        .map(|node| format!("{} → {}", names[node], names[(node + 1) % nodes]))
        .collect();
    report.push_table(
        Table::new(
            "edges",
            "Each transition with its current, force and dissipation.",
        )
        .text("edge", edges)
        .numbers(
            "current",
            "1/time",
            (0..nodes)
                .map(|node| current * (1.0 + 1e-3 * node as f64))
                .collect(),
        )
        .numbers("force", "nats", vec![force; nodes])
        .numbers(
            "entropy production rate",
            "nats/time",
            (0..nodes)
                .map(|node| if node == 1 { f64::INFINITY } else { current * force })
                .collect(),
        ),
    );
    let times: Vec<f64> = (0..400).map(|index| f64::from(index) * 0.0125).collect();
    let decay = times.iter().map(|time| (-time).exp()).collect();
    report.push_series(Series::new(
        "distance_to_stationarity",
        "nats",
        "time",
        "s",
        times,
        decay,
    ));
}
