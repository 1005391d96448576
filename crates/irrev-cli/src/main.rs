//! The command `irrev`: a model file in, its thermodynamics out. No formulas live here.
//!
//! Data goes to standard output, everything else to standard error. Exit codes: 0 done; 1 a physical check failed; 2 usage;
//! 65 input invalid; 66 cannot read; 69 over a limit; 70 internal; 74 write failed; 75 not converged; 130 interrupted.

mod arguments;
mod failure;
mod monitor;
mod output;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Verb};
use failure::Failure;

/// Solvers take and return large blocks again and again; the allocator of glibc returns each to the system, which then has to clear it anew.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // a panic is a bug of ours: say so in one line, with the place, and exit 70
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(|l| format!(" at {}:{}", l.file(), l.line()))
            .unwrap_or_default();
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("irrev: internal error{place}; please report it with the input that led here\n")
                .as_bytes(),
        );
    }));
    match std::panic::catch_unwind(|| dispatch(&arguments)) {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => failure.report(),
        Err(_) => ExitCode::from(70),
    }
}

fn dispatch(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.verb {
        Verb::Run(a) => verbs::run::run(a),
        Verb::Check(a) => verbs::check::check(a),
        Verb::Explain(a) => verbs::explain::explain(a),
        Verb::Simulate(a) => verbs::simulate::simulate(a),
        Verb::Distance(a) => verbs::distance::distance(a),
        Verb::Infer(a) => verbs::infer::infer(a),
        Verb::Certify(a) => verbs::certify::certify(a),
        Verb::Landscape(a) => verbs::landscape::landscape(a),
        Verb::Sweep(a) => verbs::sweep::sweep(a),
        Verb::Convert(a) => verbs::convert::convert(a),
        Verb::Init(a) => verbs::init::init(a),
        Verb::Gallery(a) => verbs::gallery::gallery(a),
        Verb::Schema(a) => verbs::schema::schema(a),
        Verb::Completions(a) => verbs::completions::completions(a),
        Verb::Cite(a) => verbs::cite::cite(a),
        Verb::Doctor(a) => verbs::doctor::doctor(a),
    }
}
