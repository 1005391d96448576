//! Streamlines of a vector field over a rectangle, in one curve whose pieces are parted by gaps.
//!
//! Lines start where there is room, run both ways until they come near another line, leave what is known, or close, and carry an arrow head. Their distances are even, so that what is strong is told by colour or
//! words and not by them.
//!
//! Source: B. Jobard and W. Lefer, Visualization in Scientific Computing '97, 43 (1997).

use irrev_report::Curve;

/// Rooms along each side; a line takes those it runs through.
const ROOMS: usize = 26;

/// Steps within a room, and steps of the longest line.
const FINE: f64 = 6.0;
const LONGEST: usize = 600;

/// Shortest line that is drawn, in rooms.
const SHORTEST: f64 = 2.5;

/// Half the opening of an arrow's head, in radians, and its length in rooms.
const HEAD: (f64, f64) = (0.45, 0.7);

/// Lines along `field` between two ends of each axis; `None` where nothing is known. On a circle lines go on from the other end.
pub(super) fn streamlines(
    name: &str,
    ends: [(f64, f64); 2],
    circles: [bool; 2],
    field: &dyn Fn([f64; 2]) -> Option<[f64; 2]>,
) -> Curve {
    let room = ends.map(|(low, high)| (high - low) / ROOMS as f64);
    let tracer = Tracer {
        ends,
        room,
        circles,
        field,
    };
    let mut taken = vec![false; ROOMS * ROOMS];
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for seed in 0..ROOMS * ROOMS {
        // rooms in an order that jumps about, so that first lines are long
        let seed = seed * 257 % (ROOMS * ROOMS);
        if taken[seed] {
            continue;
        }
        let at = |axis: usize, index: usize| ends[axis].0 + (index as f64 + 0.5) * room[axis];
        let start = [at(0, seed / ROOMS), at(1, seed % ROOMS)];
        let mut line = tracer.trace(start, -1.0, &taken);
        let mut own = line.rooms;
        let blocked: Vec<usize> = own.clone();
        let forwards = tracer.trace(start, 1.0, &taken);
        own.extend(forwards.rooms);
        line.points.reverse();
        line.points.pop();
        line.points.extend(forwards.points);
        let length = (line.points.len() as f64) / FINE;
        if length < SHORTEST || blocked.is_empty() {
            continue;
        }
        for room in own {
            taken[room] = true;
        }
        tracer.draw(&line.points, &mut xs, &mut ys);
    }
    Curve::new(name, xs, ys)
}

struct Line {
    points: Vec<[f64; 2]>,
    rooms: Vec<usize>,
}

struct Tracer<'a> {
    ends: [(f64, f64); 2],
    room: [f64; 2],
    circles: [bool; 2],
    field: &'a dyn Fn([f64; 2]) -> Option<[f64; 2]>,
}

impl Tracer<'_> {
    /// The point brought back onto circles; `None` beyond the ends of a line.
    fn inside(&self, point: [f64; 2]) -> Option<[f64; 2]> {
        let mut found = point;
        for axis in 0..2 {
            let (low, high) = self.ends[axis];
            if self.circles[axis] {
                found[axis] = low + (point[axis] - low).rem_euclid(high - low);
            } else if !(low..=high).contains(&point[axis]) {
                return None;
            }
        }
        Some(found)
    }

    fn room_of(&self, point: [f64; 2]) -> usize {
        let [i, j] = [0, 1].map(|axis: usize| {
            let place = (point[axis] - self.ends[axis].0) / self.room[axis];
            (place as usize).min(ROOMS - 1)
        });
        i * ROOMS + j
    }

    /// Direction at a point in units of rooms, of length 1.
    fn direction(&self, point: [f64; 2]) -> Option<[f64; 2]> {
        let v = (self.field)(self.inside(point)?)?;
        let v = [v[0] / self.room[0], v[1] / self.room[1]];
        let size = v[0].hypot(v[1]);
        (size > 0.0 && size.is_finite()).then(|| [v[0] / size, v[1] / size])
    }

    /// Runs one way, by the midpoint rule.
    fn trace(&self, start: [f64; 2], sign: f64, taken: &[bool]) -> Line {
        let mut line = Line {
            points: vec![start],
            rooms: Vec::new(),
        };
        let mut here = start;
        for step in 0..LONGEST {
            let Some(place) = self.inside(here) else { break };
            let room = self.room_of(place);
            if taken[room] {
                break;
            }
            match line.rooms.last() {
                Some(last) if *last == room => {}
                // a line that returns to where it was is closed, or nearly
                _ if line.rooms.contains(&room) => break,
                _ => line.rooms.push(room),
            }
            let moved = |from: [f64; 2], along: [f64; 2], part: f64| {
                [0, 1].map(|axis: usize| from[axis] + sign * part / FINE * along[axis] * self.room[axis])
            };
            let next = self
                .direction(here)
                .and_then(|along| self.direction(moved(here, along, 0.5)))
                .map(|along| moved(here, along, 1.0));
            let Some(next) = next else { break };
            if self.inside(next).is_none() {
                break;
            }
            here = next;
            line.points.push(here);
            if step + 1 == LONGEST {
                break;
            }
        }
        line
    }

    /// A line with a head in its middle, cut where it goes on from the other end of a circle.
    fn draw(&self, points: &[[f64; 2]], xs: &mut Vec<f64>, ys: &mut Vec<f64>) {
        let mut put = |point: [f64; 2]| {
            xs.push(point[0]);
            ys.push(point[1]);
        };
        let gap = [f64::NAN, f64::NAN];
        let middle = points.len() / 2;
        let mut before: Option<[f64; 2]> = None;
        for (k, point) in points.iter().enumerate() {
            let Some(place) = self.inside(*point) else {
                continue;
            };
            let jumps = before.is_some_and(|before| {
                (0..2).any(|axis| {
                    let (low, high) = self.ends[axis];
                    (place[axis] - before[axis]).abs() > 0.5 * (high - low)
                })
            });
            if jumps {
                put(gap);
            }
            put(place);
            if k == middle
                && !jumps
                && let Some(from) = before
            {
                let along = [0, 1].map(|axis: usize| (place[axis] - from[axis]) / self.room[axis]);
                let direction = along[1].atan2(along[0]);
                for side in [1.0, -1.0] {
                    let turned = direction + std::f64::consts::PI + side * HEAD.0;
                    put([
                        place[0] + HEAD.1 * turned.cos() * self.room[0],
                        place[1] + HEAD.1 * turned.sin() * self.room[1],
                    ]);
                    put(place);
                }
            }
            before = Some(place);
        }
        put(gap);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_follow_the_field_and_stay_where_it_is_known() {
        // round and round within the unit circle
        let turning = |p: [f64; 2]| (p[0].hypot(p[1]) < 1.0).then(|| [-p[1], p[0]]);
        let curve = streamlines("v", [(-1.5, 1.5); 2], [false; 2], &turning);
        assert!(curve.x.len() > 100);
        let room = 3.0 / ROOMS as f64;
        let radius = |k: usize| curve.x[k].hypot(curve.y[k]);
        for k in 1..curve.x.len() {
            if curve.x[k].is_nan() || curve.x[k - 1].is_nan() {
                continue;
            }
            assert!(radius(k) < 1.0 + room);
            // heads apart, radii are kept: the midpoint rule at a sixth of a room
            let step = (curve.x[k] - curve.x[k - 1]).hypot(curve.y[k] - curve.y[k - 1]);
            if step < 0.3 * room {
                assert!((radius(k) - radius(k - 1)).abs() < 0.02 * room, "{k}");
            }
        }
        assert!(
            streamlines("v", [(0.0, 1.0); 2], [false; 2], &|_| None)
                .x
                .is_empty()
        );
    }

    #[test]
    fn lines_round_a_circle_go_on_from_the_other_end() {
        let curve = streamlines("v", [(0.0, 1.0); 2], [true, false], &|_| Some([1.0, 0.0]));
        let inside = |x: &f64| x.is_nan() || (-0.1..=1.1).contains(x);
        assert!(curve.x.iter().all(inside) && curve.x.iter().any(|x| x.is_nan()));
    }
}
