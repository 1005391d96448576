//! Tests of the command.
//!
//! One binary for all files of this folder: every one of them would be linked, and run apart from the others.

mod command;
mod convert;
#[path = "../../irrev/tests/malformed/corpus.rs"]
mod corpus;
mod data;
mod distance;
#[path = "infer/main.rs"]
mod infer;
mod ising;
mod landscape;
mod malformed;
mod quantum;
mod simulate;
