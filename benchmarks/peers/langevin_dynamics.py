"""How many steps of a walker with inertia does a second hold?"""

from pathlib import Path

import numba
import numpy as np

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "V = (x² − 1)² + 2y² at kT = 1/3 with unit mass and friction, BAOAB at steps of 0.02; every step of every walker adds y² to an average.",
    "irrev::landscape::langevin keeps heat, work and energies of every path besides; the peers keep nothing.",
    "The numba loop takes walker by walker, and is compiled before the clock starts; NumPy moves all walkers at once.",
    "OpenMM, with its reference platform and a custom external force, moves three coordinates (2z² is added), and is read every hundred steps.",
    "The error is that of ⟨y²⟩, which is 1/12, and is statistical: some 1e-4 for 2e7 steps.",
)
CASES = (Case("1000 walkers, 2e7 steps in all", {"walkers": 1000, "steps": 20_000}, repetitions=5),)
QUICK_CASES = (Case("100 walkers, 1e5 steps in all", {"walkers": 100, "steps": 1_000}),)
IRREV = (Irrev(),)
TARGETS = (
    Target(CASES[0].name, "walker-steps", "ratio", 1 / 3, peer="numba loop"),
    Target(CASES[0].name, "walker-steps", "ratio", 1 / 2, peer="NumPy, all walkers at once"),
    Target(CASES[0].name, "walker-steps", "ratio", 1 / 4, peer="OpenMM"),
)


def prepare(folder: Path, parameters: dict[str, float]) -> None:
    save_inputs(folder, {}, dict(parameters))


@numba.njit
def loop(walkers: int, steps: int, h: float, kt: float, gamma: float) -> float:
    kept = np.exp(-gamma * h)
    spread = np.sqrt(kt * (1 - kept * kept))
    total = 0.0
    for _ in range(walkers):
        x, y, p, q = 1.0, 0.0, 0.0, 0.0
        fx, fy = -4 * x * (x * x - 1), -4 * y
        for _ in range(steps):
            p += 0.5 * h * fx
            q += 0.5 * h * fy
            x += 0.5 * h * p
            y += 0.5 * h * q
            p = kept * p + spread * np.random.normal()
            q = kept * q + spread * np.random.normal()
            x += 0.5 * h * p
            y += 0.5 * h * q
            fx, fy = -4 * x * (x * x - 1), -4 * y
            p += 0.5 * h * fx
            q += 0.5 * h * fy
            total += y * y
    return total / (walkers * steps)


def by_numba(measurement: Measurement) -> None:
    walkers, steps = int(measurement.parameter("walkers")), int(measurement.parameter("steps"))
    loop(1, 10, 0.02, 1 / 3, 1.0)
    with measurement.time("walker-steps"):
        mean = loop(walkers, steps, 0.02, 1 / 3, 1.0)
    measurement.arrays["square"] = np.array([mean])


def by_numpy(measurement: Measurement) -> None:
    walkers, steps = int(measurement.parameter("walkers")), int(measurement.parameter("steps"))
    h, kt = 0.02, 1 / 3
    kept = np.exp(-h)
    spread = np.sqrt(kt * (1 - kept * kept))
    random = np.random.default_rng(1)
    with measurement.time("walker-steps"):
        x, y, p, q = np.ones(walkers), np.zeros(walkers), np.zeros(walkers), np.zeros(walkers)
        fx, fy = -4 * x * (x * x - 1), -4 * y
        total = 0.0
        for _ in range(steps):
            p += 0.5 * h * fx
            q += 0.5 * h * fy
            x += 0.5 * h * p
            y += 0.5 * h * q
            p = kept * p + spread * random.standard_normal(walkers)
            q = kept * q + spread * random.standard_normal(walkers)
            x += 0.5 * h * p
            y += 0.5 * h * q
            fx, fy = -4 * x * (x * x - 1), -4 * y
            p += 0.5 * h * fx
            q += 0.5 * h * fy
            total += float(y @ y)
    measurement.arrays["square"] = np.array([total / (walkers * steps)])


def by_openmm(measurement: Measurement) -> None:
    import openmm

    walkers, steps = int(measurement.parameter("walkers")), int(measurement.parameter("steps"))
    system, force = openmm.System(), openmm.CustomExternalForce("(x*x-1)^2+2*y*y+2*z*z")
    for walker in range(walkers):
        system.addParticle(1.0)
        force.addParticle(walker, [])
    system.addForce(force)
    # kelvin from kJ/mol
    kelvin = (1 / 3) / 8.314462618e-3
    integrator = openmm.LangevinMiddleIntegrator(kelvin, 1.0, 0.02)
    context = openmm.Context(system, integrator, openmm.Platform.getPlatformByName("Reference"))
    context.setPositions(np.tile([1.0, 0.0, 0.0], (walkers, 1)))
    context.setVelocitiesToTemperature(kelvin)
    integrator.step(10)
    total, read = 0.0, 0
    with measurement.time("walker-steps"):
        for _ in range(steps // 100):
            integrator.step(100)
            y = context.getState(positions=True).getPositions(asNumpy=True)._value[:, 1]
            total, read = total + float(y @ y), read + walkers
    measurement.arrays["square"] = np.array([total / read])


PEERS = (Peer("numba loop", by_numba), Peer("NumPy, all walkers at once", by_numpy), Peer("OpenMM", by_openmm))


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    return {"walker-steps": float(abs(np.load(outputs / "square.npy")[0] - 1 / 12))}
