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
fn main() {
    let threads: usize = std::env::args().nth(1).map_or(1, |a| a.parse().unwrap());
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    let only: Option<usize> = std::env::args().nth(2).map(|a| a.parse().unwrap());
    pool.install(|| {
    for (nx, ny, n, per) in [(5, 4, 10, false), (5, 5, 8, false), (6, 4, 12, false), (6, 6, 6, true), (5,4,10,true)].into_iter().enumerate().filter(|(i,_)| only.is_none_or(|o| o==*i)).map(|x| x.1) {
        let b = if per { Boundary::Periodic } else { Boundary::Open };
        let l = Lattice::square([nx, ny], [b; 2]).unwrap();
        let h = Hamiltonian::uniform(&l, 1.0, 0.1, 1.0).unwrap();
        let t = Instant::now();
        let k = SectorHamiltonian::new(&h, Sector::new(nx * ny, n).unwrap()).unwrap();
        let setup = t.elapsed().as_secs_f64();
        let d = k.dimension();
        let reps = if d < 1000000 { 60 } else { 12 };
        let xr: Vec<f64> = (0..d).map(|i| (i as f64).sin()).collect();
        let mut yr = vec![0.0; d];
        let tr = best(|| k.apply(&xr, &mut yr).unwrap(), reps);
        let xc: Vec<Complex64> = (0..d).map(|i| Complex64::new((i as f64).sin(), 0.3)).collect();
        let mut yc = vec![Complex64::ZERO; d];
        let tc = best(|| k.apply(&xc, &mut yc).unwrap(), reps);
        let tcc = best(|| k.combine(Combination{h:0.1,x:0.2,y:-1.0},1,&xc, &mut yc).unwrap(), reps);
        let x4: Vec<f64> = (0..4*d).map(|i| (i as f64).sin()).collect();
        let mut y4 = vec![0.0; 4*d];
        let t4 = best(|| k.combine(Combination::default(),4,&x4, &mut y4).unwrap(), reps);
        let x8: Vec<f64> = (0..8*d).map(|i| (i as f64).sin()).collect();
        let mut y8 = vec![0.0; 8*d];
        let t8 = best(|| k.combine(Combination::default(),8,&x8, &mut y8).unwrap(), reps);
        let s = 1e9 / d as f64;
        println!("{nx}x{ny} N={n} per={per} dim {d}: setup {:.1} ms real {:.2} complex {:.2} combine {:.2} real4 {:.2}/vec real8 {:.2}/vec ns/state", setup*1e3, tr*s, tc*s, tcc*s, t4*s/4.0, t8*s/8.0);
    }
    });
}
