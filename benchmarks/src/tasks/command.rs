//! The `irrev` command as a whole process, from its start to its end.

use std::process::{Command, Stdio};

use crate::measure::{Measurement, Problem};

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let words = measurement.parameter("command")?;
    let words: Vec<&str> = words
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|word| word.as_str())
        .collect();
    let [program, arguments @ ..] = words.as_slice() else {
        return Err("the command is empty".into());
    };
    measurement.measure_children();
    let status = measurement.time("process", || {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status()
    })??;
    if !status.success() {
        return Err(format!("{program} failed: {status}").into());
    }
    Ok(())
}
