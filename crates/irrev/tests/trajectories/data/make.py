"""Small files of XTC and DCD with the values of coordinates beside them, written by mdtraj and MDAnalysis.

    pip install numpy mdtraj MDAnalysis; python make.py

The positions are random and our own. Coordinates are computed here from the positions as those libraries read them back, by trying all images.
"""

import itertools

import MDAnalysis
import mdtraj
import numpy as np
from mdtraj.formats import DCDTrajectoryFile, XTCTrajectoryFile

rng = np.random.default_rng(7)


def nearest(d, cell):
    if cell is None:
        return d
    images = [d + np.array(n) @ cell for n in itertools.product(range(-3, 4), repeat=3)]
    return min(images, key=lambda x: x @ x)


def values(x, cell):
    d = lambda i, j: nearest(x[j] - x[i], cell)
    n = np.linalg.norm
    a, b = d(1, 0), d(1, 2)
    angle = np.arctan2(n(np.cross(a, b)), a @ b)
    f, m, l = d(0, 1), d(1, 2), d(2, 3)
    dihedral = np.arctan2(n(m) * (f @ np.cross(m, l)), np.cross(f, m) @ np.cross(m, l))
    return [n(d(0, 4)), angle, dihedral, n(d(0, 1)) - n(d(1, 2)), x[3, 0] - 0.5 * x[2, 2]]


def table(name, positions, cells, times):
    rows = [[t, *values(x.astype(float), c)] for x, c, t in zip(positions, cells, times)]
    header = "time,distance,angle,dihedral,difference,linear"
    np.savetxt(name, rows, delimiter=",", header=header, comments="", fmt="%.9g")


def molecules(frames, molecules, edge):
    """Molecules of three near atoms in a box, as the small runs of XTC need them."""
    centres = rng.uniform(0, edge, (frames, molecules, 1, 3))
    atoms = centres + rng.normal(0, 0.05, (frames, molecules, 3, 3))
    return atoms.reshape(frames, 3 * molecules, 3).astype(np.float32)


def xtc(name, x, times, cell):
    with XTCTrajectoryFile(name, "w") as f:
        f.write(x, time=np.float32(times), step=np.arange(len(x)), box=np.float32([cell] * len(x)))
    with XTCTrajectoryFile(name) as f:
        x, t, _, box = f.read()
    table(name.replace(".xtc", ".csv"), x, box.astype(float), t)


times = 0.5 * np.arange(6)
xtc("water.xtc", molecules(6, 16, 3.0), times, np.diag([3.0, 3.0, 3.0]))
xtc("skew.xtc", molecules(4, 8, 3.0), times[:4], [[3, 0, 0], [1, 2.9, 0], [-1, 1, 2.5]])
xtc("few.xtc", molecules(6, 2, 2.0), times, np.diag([2.0, 2.5, 3.0]))
wide = rng.uniform(0, 1, (3, 12, 3)) * np.array([900.0, 8000.0, 30000.0])[:, None, None]
xtc("wide.xtc", wide.astype(np.float32), times[:3], np.diag([1e6, 1e6, 1e6]))

x = molecules(5, 4, 20.0) + 0.3
with DCDTrajectoryFile("open.dcd", "w") as f:
    f.write(x)
table("open.csv", x, [None] * 5, range(5))
universe = MDAnalysis.Universe.empty(12, trajectory=True)
universe.load_new(molecules(5, 4, 20.0))
with MDAnalysis.Writer("cell.dcd", 12, dt=0.25, istart=0) as w:
    for frame in universe.trajectory:
        universe.dimensions = [18.0, 19.0, 20.0, 80.0, 95.0, 75.0]
        w.write(universe.atoms)
again = MDAnalysis.Universe.empty(12, trajectory=True)
again.load_new("cell.dcd")
steps = [(f.positions.copy(), f.triclinic_dimensions.astype(float)) for f in again.trajectory]
table("cell.csv", [x for x, _ in steps], [c for _, c in steps], 0.25 * np.arange(5))

t = 0.1 * np.arange(20)
q = np.stack([np.sin(t), np.cos(t)], axis=1)
np.savez("stored.npz", time=t, q=q, v=np.cos(t).astype(np.float32))
np.savez_compressed("packed.npz", time=t, q=np.asfortranarray(q), v=np.cos(t).astype(np.float32))
