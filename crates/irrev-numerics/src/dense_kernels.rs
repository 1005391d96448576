//! What faer's kernels need before they run, and what they leave behind.
//!
//! On x86-64 its matrix product is written in assembly and returns without `vzeroupper`: the upper halves of vector registers stay in use. From then on every scalar instruction that is not encoded
//! for AVX waits for them on Intel's processors, until the next function that clears them: `tanh` or `ln` of the C library took 15 to 30 times as long (measured on Sapphire Rapids; AMD's Zen does not
//! mind). Whatever is compiled by LLVM for vectors clears them at its end, so that a function which only touches a vector mends it.

use faer::traits::pulp::{Arch, Simd, WithSimd};

/// Held while faer's algorithms run: on the calling thread, where their bits are always the same; when it is dropped the vector registers are left as other code expects them.
#[must_use = "the registers are cleared when this is dropped"]
pub(crate) struct DenseKernels(());

impl DenseKernels {
    pub(crate) fn on_this_thread() -> Self {
        faer::set_global_parallelism(faer::Par::Seq);
        Self(())
    }
}

impl Drop for DenseKernels {
    fn drop(&mut self) {
        Arch::new().dispatch(TouchVector);
    }
}

/// One vector of the widest kind, written to memory.
struct TouchVector;

impl WithSimd for TouchVector {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        std::hint::black_box(simd.splat_f64s(1.0));
    }
}
