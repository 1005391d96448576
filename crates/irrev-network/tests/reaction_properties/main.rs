//! Laws, invariances and bounds on random reaction networks.
//!
//! | module | asks |
//! |---|---|
//! | `networks` | strategies for random networks, comfortable and not |
//! | `flows` | splits, invariances and bounds at one state |
//! | `structure` | conservation laws, cycles, deficiency, and the exact algebra below them |
//! | `thermodynamics` | potentials, free energy, detailed balance, the Glansdorff–Prigogine excess |
//! | `motion` | evolution, steady states and their response |
//! | `counts` | the master equation on count lattices |
//! | `algebra` | weighted least squares against twice the precision |
//! | `edge_cases` | boundaries, one-way reactions, extreme scales |

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

mod algebra;
mod counts;
mod edge_cases;
mod flows;
mod motion;
mod networks;
mod structure;
mod thermodynamics;

const EPS: f64 = f64::EPSILON;
