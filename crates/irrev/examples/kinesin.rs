//! Kinesin under load: how much it dissipates, how fast it walks, and where the entropy is made.
//!
//! Run with `cargo run --release --example kinesin -- examples/models/kinesin.toml`; with `--bits` the numbers are printed as
//! the hexadecimal bits of their doubles, for comparison with the command and with Python.

use std::path::Path;

use irrev::analysis::{Options, run, vocabulary};
use irrev::numerics::Run;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let bits = arguments.iter().any(|a| a == "--bits");
    let threads = arguments
        .iter()
        .find_map(|a| a.strip_prefix("--threads=")?.parse().ok())
        .unwrap_or(0);
    let path = arguments
        .iter()
        .find(|a| !a.starts_with("--"))
        .map_or("examples/models/kinesin.toml", String::as_str);

    let model = irrev::model::load(Path::new(path), &vocabulary())?;
    let report = run(
        &model,
        &Options::default(),
        &Run {
            threads,
            ..Run::default()
        },
    )?;
    for quantity in &report.quantities {
        if bits {
            println!("{} {:016x}", quantity.name, quantity.value.to_bits());
        } else {
            println!("{} = {} {}", quantity.name, quantity.value, quantity.unit);
        }
    }
    Ok(())
}
