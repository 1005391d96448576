//! Tests of reports and their writers, by the public interface.
//!
//! One binary for all files of this folder: every one of them would be linked, and run apart from the others.

mod common;
mod folder;
mod overlays;
mod pages;
mod round_trip;
