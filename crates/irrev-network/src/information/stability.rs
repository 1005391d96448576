//! Glansdorff–Prigogine excess entropy production and stability.
