//! Games in which every part minimises its own dissipation.
