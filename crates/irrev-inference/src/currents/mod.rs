//! Entropy production of continuous motion from its currents.
