//! `irrev cite`: the literature behind a result, or irrev itself.

use std::process::ExitCode;

use irrev::report::Report;
use irrev::source::{Limits, read_regular_file};

use crate::arguments::Cite;
use crate::failure::Failure;
use crate::output;

pub(crate) fn cite(arguments: &Cite) -> Result<ExitCode, Failure> {
    let itself = format!(
        "The irrev developers, irrev: the instrument for nonequilibrium thermodynamics, version {} (2026)\n",
        env!("CARGO_PKG_VERSION")
    );
    let Some(path) = &arguments.result else {
        output::data(&itself)?;
        return Ok(ExitCode::SUCCESS);
    };
    let limits = Limits {
        file_bytes: 1 << 30,
        line_bytes: usize::MAX,
    };
    let source = read_regular_file(path, &limits).map_err(|e| {
        Failure::new(
            u8::try_from(e.category().exit_code()).unwrap_or(Failure::UNREADABLE),
            format!("error: {e}"),
        )
    })?;
    let report = Report::from_json(source.text()).map_err(|e| {
        Failure::new(
            Failure::INVALID,
            format!("error: {} is not a result of irrev: {e}", path.display()),
        )
    })?;
    let mut text = itself;
    for citation in &report.citations {
        text.push_str(&format!("{} [{}]\n", citation.text, citation.used_for));
    }
    let mut sources: Vec<&str> = report
        .quantities
        .iter()
        .map(|q| q.definition.source.as_ref())
        .collect();
    sources.sort_unstable();
    sources.dedup();
    for source in sources
        .into_iter()
        .filter(|s| !s.is_empty() && *s != "the model file")
    {
        let used: Vec<&str> = report
            .quantities
            .iter()
            .filter(|q| q.definition.source == source)
            .map(|q| q.name.as_str())
            .collect();
        text.push_str(&format!("{source} [{}]\n", used.join(", ")));
    }
    output::data(&text)?;
    Ok(ExitCode::SUCCESS)
}
