//! Errors and intervals of correlated data: blocks, jackknife, bootstrap.
