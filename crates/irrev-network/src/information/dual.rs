//! Dual coordinates η and θ of distributions and of amounts of species.
