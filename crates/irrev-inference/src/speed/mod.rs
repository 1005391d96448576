//! How fast distributions of cells change, and at what cost.
