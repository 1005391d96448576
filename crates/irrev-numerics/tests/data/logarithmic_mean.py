"""Makes logarithmic_mean.json: the logarithmic mean and its derivatives in 60 digits at exact binary doubles."""
import json, pathlib, random
import mpmath as mp

mp.mp.dps = 80
random.seed(20)
pairs = [(1.0, 1.0), (3.0, 3.0000000000000004), (1e-300, 1.0), (1e200, 1e-200), (1e-308, 1e308), (1e308, 9e307), (5.0, 1e-3)]
for _ in range(120):  # any two magnitudes
    pairs.append((10 ** random.uniform(-290, 290), 10 ** random.uniform(-290, 290)))
for _ in range(120):  # nearly equal, at any magnitude: the contrast runs over sixteen decades
    a = 10 ** random.uniform(-290, 290)
    pairs.append((a, a * (1 + random.choice([-1, 1]) * 10 ** random.uniform(-16, -0.2))))
for _ in range(60):  # around the switch between the forms
    a = random.uniform(0.5, 2)
    pairs.append((a, a * random.uniform(1.9, 2.8)))

def mean(a, b):
    a, b = mp.mpf(a), mp.mpf(b)
    if a == b:
        return a, mp.mpf("0.5"), mp.mpf("0.5")
    r = mp.log(a / b)
    d = lambda r, ratio: (r - 1 + ratio) / r**2
    return (a - b) / r, d(r, b / a), d(-r, a / b)

rows = []
for a, b in pairs:
    values = [float(v) for v in mean(a, b)]
    rows.append([a, b] + [v if v != float("inf") else None for v in values])
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n")
