//! Reaction networks in SBML, the Systems Biology Markup Language: Level 2 and Level 3 Core, read and written.
//!
//! [`read`] gives the [`Reactions`] that a model file of the same content would give. A kinetic law states a net flux in amount per
//! time; where its two directions can be told apart they are ([`Reactions::split_net_laws`]), and one-way reactions that undo each
//! other are joined ([`Reactions::pair_one_way_reactions`]). What was changed or decided is in [`Reactions::warnings`], one sentence
//! each.
//!
//! | SBML | here |
//! |---|---|
//! | kinetic law | flux, amount per time |
//! | species in formulas | concentration, or amount with `hasOnlySubstanceUnits` or without spatial dimensions |
//! | `boundaryCondition` or `constant` | chemostat |
//! | assignment rule, rate rule | assigned or rate, of a species or a variable |
//! | initial assignment | a formula as initial value |
//! | local parameter | parameter; `REACTION_name` where its name is taken |
//! | function definition | put in place of its calls |
//!
//! Refused by name and place: Level 1, events, delays, algebraic rules, compartments that change, fast reactions, conversion
//! factors, stoichiometries that change, and packages that a file requires. Not read: notes, packages that are not
//! required, and units but for their labels (numbers are never rescaled).
//!
//! A kinetic law is evaluated as it stands, on molecule counts too: k X² is k n² there. What irrev writes carries annotations in the
//! namespace [`ANNOTATIONS`] (which laws are mass action, the system size, …), which bring back what the formulas do not say; other
//! programs pass over them.
//!
//! The XML may not declare a document type, so that no entity grows and no other file is opened; [`MAXIMUM_NODES`] and
//! [`MAXIMUM_NESTING`] bound it.
//!
//! Sources: M. Hucka et al., SBML Level 3 Version 2 Core, J. Integr. Bioinform. 15, 20170081 (2018), and Level 2 Version 5,
//! J. Integr. Bioinform. 12, 271 (2015).

mod annotation;
mod build;
mod collect;
mod functions;
mod header;
mod infix;
mod labels;
mod mathml;
mod names;
mod network;
mod operators;
mod targets;
mod write;
mod write_laws;
mod write_math;
mod xml;

pub use write::{Written, write};

use std::sync::Arc;

use crate::model::diagnostic::{Fault, code};
use crate::model::{ModelError, Pairing, Reactions};
use crate::source::{ExitCategory, SourceFile, Span};
use build::Built;
use xml::{Element, Report};

pub use annotation::NAMESPACE as ANNOTATIONS;

/// How many elements and pieces of text an SBML file may have.
pub const MAXIMUM_NODES: u32 = 2_000_000;

/// How deep the elements of an SBML file may nest.
pub const MAXIMUM_NESTING: usize = 64;

/// Whether a text looks like XML, and so is SBML if it is a model at all.
#[must_use]
pub fn looks_like_xml(source: &SourceFile) -> bool {
    source.text().trim_start().starts_with('<')
}

/// Reads an SBML model.
///
/// O(size of the file, functions counted at each call).
///
/// # Errors
/// [`ModelError`] with everything that is wrong, each fault with file, line, column and carets: XML that is not well-formed or
/// declares a document type, features that are not read, names that refer to nothing, numbers that are none, values missing or
/// without meaning at time 0, and limits exceeded.
///
/// ```
/// use irrev::model::{Backward, Law};
/// use irrev::source::SourceFile;
///
/// let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>
/// <listOfCompartments><compartment id="cell" size="2" constant="true"/></listOfCompartments>
/// <listOfSpecies>
///   <species id="A" compartment="cell" initialConcentration="1"/>
///   <species id="B" compartment="cell" initialConcentration="0"/>
/// </listOfSpecies>
/// <listOfReactions><reaction id="r" reversible="true">
///   <listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants>
///   <listOfProducts><speciesReference species="B" stoichiometry="1" constant="true"/></listOfProducts>
///   <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>cell</ci>
///     <apply><minus/><ci>A</ci><apply><divide/><ci>B</ci><cn>10</cn></apply></apply></apply></math></kineticLaw>
/// </reaction></listOfReactions></model></sbml>"#;
/// let model = irrev::sbml::read(SourceFile::from_text("model.xml", text)?)?;
/// let Law::Flux { forward, backward: Backward::Rate(backward) } = &model.reactions[0].law else { unreachable!() };
/// assert_eq!((forward.text(), backward.text()), ("cell*A".to_owned(), "cell*(B/10)".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(source: SourceFile) -> Result<Reactions, ModelError> {
    let source = Arc::new(source);
    let document = xml::parsed(&source)?;
    let report = Report::new(Arc::clone(&source));
    let built = build::built(Element::root(&document, &report));
    let warnings = report.conclusion()?;
    let Some(Built {
        mut reactions,
        claims,
        stated,
    }) = built
    else {
        // Every way here has reported why; should one not have, the file is still no model.
        let fault = Fault::error(code::SBML, Span::new(0, 1), "the file is not a model");
        return Err(ModelError::single(ExitCategory::Invalid, fault.in_file(&source)));
    };
    reactions.warnings = warnings;
    reactions.refresh_time_dependence();
    reactions.take_as_mass_action(&stated.mass_action);
    reactions.split_net_laws();
    network::mark_one_way(&mut reactions, &claims);
    network::warn_about_reversibility(&mut reactions, &claims);
    for (first, second) in &stated.directions {
        reactions.join_directions(first, second);
    }
    if reactions.pairing == Pairing::Joined {
        reactions.pair_one_way_reactions();
    }
    Ok(reactions)
}
