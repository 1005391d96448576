use irrev_numerics::Run;
use irrev_quantum::diagonalise::*;
use irrev_quantum::evolution::*;
use irrev_quantum::interior::*;
use irrev_quantum::lattice::*;
use irrev_quantum::*;
use std::time::Instant;
fn best(mut f: impl FnMut(), n: usize) -> f64 {
    let mut b = f64::INFINITY;
    for _ in 0..n {
        let t = Instant::now();
        f();
        b = b.min(t.elapsed().as_secs_f64());
    }
    b
}
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}
fn grid(nx: usize, ny: usize, n: usize, per: bool) -> SectorHamiltonian {
    let b = if per { Boundary::Periodic } else { Boundary::Open };
    let l = Lattice::square([nx, ny], [b; 2]).unwrap();
    let h = Hamiltonian::uniform(&l, 1.0, 0.1, 1.0).unwrap();
    SectorHamiltonian::new(&h, Sector::new(nx * ny, n).unwrap()).unwrap()
}
fn kernel() {
    for (nx, ny, n, per) in [
        (5, 4, 10, false),
        (5, 5, 8, false),
        (6, 4, 12, false),
        (6, 6, 6, true),
        (5, 4, 10, true),
    ] {
        let t = Instant::now();
        let k = grid(nx, ny, n, per);
        let setup = t.elapsed().as_secs_f64();
        let d = k.dimension();
        let reps = if d < 1000000 { 60 } else { 12 };
        let xr: Vec<f64> = (0..d).map(|i| (i as f64).sin()).collect();
        let mut yr = vec![0.0; d];
        let tr = best(|| k.apply(&xr, &mut yr).unwrap(), reps);
        let xc: Vec<Complex64> = (0..d).map(|i| Complex64::new((i as f64).sin(), 0.3)).collect();
        let mut yc = vec![Complex64::ZERO; d];
        let tc = best(|| k.apply(&xc, &mut yc).unwrap(), reps);
        let tcc = best(
            || {
                k.combine(
                    Combination {
                        h: 0.1,
                        x: 0.2,
                        y: -1.0,
                    },
                    1,
                    &xc,
                    &mut yc,
                )
                .unwrap()
            },
            reps,
        );
        let x4: Vec<f64> = (0..4 * d).map(|i| (i as f64).sin()).collect();
        let mut y4 = vec![0.0; 4 * d];
        let t4 = best(
            || k.combine(Combination::default(), 4, &x4, &mut y4).unwrap(),
            reps,
        );
        let s = 1e9 / d as f64;
        println!(
            "{nx}x{ny} N={n} per={per} dim {d}: setup {:.1} ms real {:.2} complex {:.2} combine {:.2} real4 {:.2}/vec ns/state",
            setup * 1e3,
            tr * s,
            tc * s,
            tcc * s,
            t4 * s / 4.0
        );
    }
}
fn main() {
    let threads: usize = std::env::args().nth(2).map_or(1, |a| a.parse().unwrap());
    let what = std::env::args().nth(1).unwrap();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| match what.as_str() {
        "kernel" => kernel(),
        "evolve" => {
            let h = grid(5, 4, 10, false);
            let mut start = vec![0.0; h.dimension()];
            start[h.sector().rank(0b01010101010101010101).unwrap() as usize] = 1.0;
            let c: Vec<Complex64> = start.iter().map(|&x| x.into()).collect();
            let o = EvolutionOptions::default();
            for times in [vec![10.0], (1..=14).map(|k| 10.0 * k as f64 / 14.0).collect()] {
                let (t, c0) = (Instant::now(), cpu());
                let e = evolve(&h, &start, &times, &o, &Run::default()).unwrap();
                println!(
                    "evolve real start, {} times: {:.3} s wall {:.3} cpu, {} terms, drift {:.1e} {:.1e}",
                    times.len(),
                    t.elapsed().as_secs_f64(),
                    cpu() - c0,
                    e.terms,
                    e.norm_drift,
                    e.energy_drift
                );
                let (t, c0) = (Instant::now(), cpu());
                evolve(&h, &c, &times, &o, &Run::default()).unwrap();
                println!(
                    "   complex start {:.3} s wall {:.3} cpu",
                    t.elapsed().as_secs_f64(),
                    cpu() - c0
                );
            }
        }
        "diag" => {
            for n in [4, 5] {
                let h = grid(4, 4, n, false);
                for w in [Wanted::Levels, Wanted::States] {
                    let (t, c0) = (Instant::now(), cpu());
                    let s = diagonalise(&h, &Symmetries::none(h.model()), w, &Run::default()).unwrap();
                    println!(
                        "full {} {w:?}: {:.2} s wall {:.2} cpu {}",
                        h.dimension(),
                        t.elapsed().as_secs_f64(),
                        cpu() - c0,
                        s.levels[0].energy
                    );
                    let g = [
                        (0..16).map(|i| 3 - i % 4 + 4 * (i / 4)).collect(),
                        (0..16).map(|i| i % 4 + 4 * (3 - i / 4)).collect::<Vec<usize>>(),
                    ];
                    let sym = Symmetries::new(h.model(), &g).unwrap();
                    let (t, c0) = (Instant::now(), cpu());
                    let s = diagonalise(&h, &sym, w, &Run::default()).unwrap();
                    println!(
                        "blocks {} {w:?}: {:.2} s wall {:.2} cpu {}",
                        h.dimension(),
                        t.elapsed().as_secs_f64(),
                        cpu() - c0,
                        s.levels[0].energy
                    );
                }
            }
        }
        "all" => {
            let (t, c0) = (Instant::now(), cpu());
            for n in 0..=16 {
                let h = grid(4, 4, n, false);
                let g = [
                    (0..16).map(|i| 3 - i % 4 + 4 * (i / 4)).collect(),
                    (0..16).map(|i| i % 4 + 4 * (3 - i / 4)).collect::<Vec<usize>>(),
                ];
                let sym = Symmetries::new(h.model(), &g).unwrap();
                diagonalise(&h, &sym, Wanted::Levels, &Run::default()).unwrap();
                println!(
                    "N={n} {:.2} s wall {:.2} cpu",
                    t.elapsed().as_secs_f64(),
                    cpu() - c0
                );
            }
        }
        "interior" => {
            let l = Lattice::chain(16, Boundary::Open).unwrap();
            let l = l.with_bonds(&l.shell(2).unwrap()).unwrap();
            let mut w = vec![0.0; 16];
            w[0] = 0.3;
            let b = l.bonds().len();
            let m = Hamiltonian::on_lattice(&l, &vec![1.0; b], &vec![0.7; b], &w).unwrap();
            let h = SectorHamiltonian::new(&m, Sector::new(16, 8).unwrap()).unwrap();
            for count in [1, 10, 40] {
                let (t, c0) = (Instant::now(), cpu());
                let f =
                    levels_near::<f64>(&h, 1.0, count, &InteriorOptions::default(), &Run::default()).unwrap();
                println!(
                    "interior dim {} count {count}: {:.2} s wall {:.2} cpu, degree {}, products {}, {}",
                    h.dimension(),
                    t.elapsed().as_secs_f64(),
                    cpu() - c0,
                    f.degree,
                    f.products,
                    f.convergence
                );
            }
        }
        _ => {}
    });
}
