//! Models to begin with.

/// The kinds that [`template`] knows.
pub const KINDS_WITH_TEMPLATE: &[&str] = &[
    "markov",
    "reactions",
    "kinetic-ising",
    "quantum-lattice",
    "langevin",
];

/// A commented model of this kind that runs as it is; `None` for a kind without one.
///
/// ```
/// use irrev::model::{Vocabulary, parse, template};
/// use irrev::source::SourceFile;
///
/// let text = template("markov").ok_or("no template")?;
/// assert!(parse(SourceFile::from_text("new.toml", text)?, &Vocabulary::default()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn template(kind: &str) -> Option<&'static str> {
    match kind {
        "markov" => Some(include_str!("template_markov.toml")),
        "reactions" => Some(include_str!("template_reactions.toml")),
        "kinetic-ising" => Some(include_str!("template_ising.toml")),
        "quantum-lattice" => Some(include_str!("template_quantum.toml")),
        "langevin" => Some(include_str!("template_langevin.toml")),
        _ => None,
    }
}
