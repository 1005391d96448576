//! The second law of each part of a system.
