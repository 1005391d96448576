//! What functions of Python give at the points at which the library asks.
//!
//! A first run notes the points, Python is asked for all of them at once, and a second run looks the answers up.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Mutex;

use irrev_landscape::axes::{Axis, Wall};
use numpy::{PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

use crate::arrays::named;
use crate::errors::{OrRaise, model_error};
use crate::records::rows;

/// A point by its bits; coordinates that it has not are zero.
pub(super) type Key = [u64; 3];

pub(super) fn key(x: &[f64]) -> Key {
    std::array::from_fn(|i| x.get(i).map_or(0, |x| x.to_bits()))
}

/// Bits of points are random enough for a product and a fold.
#[derive(Default)]
pub(super) struct Fold(u64);

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, x: u64) {
        let product =
            u128::from(self.0.rotate_left(23) ^ x).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

pub(super) type Places<V> = HashMap<Key, V, BuildHasherDefault<Fold>>;

/// Points in the order in which they were first asked for.
#[derive(Default)]
pub(super) struct Noted(Mutex<(Places<()>, Vec<Vec<f64>>)>);

impl Noted {
    pub(super) fn note(&self, x: &[f64]) {
        // a lock that a panic poisoned loses points, which are then reported as missing
        if let Ok(mut noted) = self.0.lock()
            && noted.0.insert(key(x), ()).is_none()
        {
            noted.1.push(x.to_vec());
        }
    }

    pub(super) fn points(self) -> Vec<Vec<f64>> {
        self.0.into_inner().map(|noted| noted.1).unwrap_or_default()
    }
}

/// Values at points, several columns each.
#[derive(Clone, PartialEq)]
pub(super) struct Table {
    points: Vec<Vec<f64>>,
    values: Vec<Vec<f64>>,
    places: Places<usize>,
}

impl Table {
    /// From as many rows of points and of values.
    pub(super) fn read(
        what: &str,
        points: &PyReadonlyArray2<'_, f64>,
        values: &PyReadonlyArray2<'_, f64>,
    ) -> PyResult<Self> {
        let list = |array: &PyReadonlyArray2<'_, f64>| -> PyResult<Vec<Vec<f64>>> {
            let width = array.shape()[1].max(1);
            Ok(array.as_slice()?.chunks(width).map(<[f64]>::to_vec).collect())
        };
        let (points, values) = (list(points)?, list(values)?);
        if points.len() != values.len() {
            let message = format!("{what} has {} values for {} points", values.len(), points.len());
            return Err(Python::attach(|py| model_error(py, message)));
        }
        let places = points.iter().enumerate().map(|(i, x)| (key(x), i)).collect();
        Ok(Self {
            points,
            values,
            places,
        })
    }

    /// The values at a point; none at one that was not asked for.
    pub(super) fn at(&self, x: &[f64]) -> Option<&[f64]> {
        self.places
            .get(&key(x))
            .map(|place| self.values[*place].as_slice())
    }

    pub(super) fn arrays<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let width = |rows: &[Vec<f64>]| rows.first().map_or(1, Vec::len);
        Ok((
            rows(py, &self.points, width(&self.points))?,
            rows(py, &self.values, width(&self.values))?,
        ))
    }
}

/// Start, end, intervals and what the walls do; None on a circle: as `irrev.landscape.Axis` holds them.
#[derive(Clone, FromPyObject, IntoPyObject)]
pub(crate) struct AxisParts(f64, f64, usize, Option<(String, String)>);

pub(super) fn axes(py: Python<'_>, parts: &[AxisParts]) -> PyResult<Vec<Axis>> {
    let wall = |name: &str| {
        let known = [("reflecting", Wall::Reflecting), ("absorbing", Wall::Absorbing)];
        named(py, "a wall", name, &known)
    };
    let axis = |AxisParts(start, end, intervals, walls): &AxisParts| match walls {
        None => Axis::circle(*start, *end, *intervals).or_raise(),
        Some((low, high)) => Axis::between(*start, wall(low)?, *end, wall(high)?, *intervals).or_raise(),
    };
    parts.iter().map(axis).collect()
}

impl AxisParts {
    /// The same axis with other intervals.
    pub(super) fn with_intervals(&self, intervals: usize) -> Self {
        let Self(start, end, _, walls) = self;
        Self(*start, *end, intervals, walls.clone())
    }
}
