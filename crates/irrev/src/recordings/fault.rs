//! Errors of recordings, in the form that errors of model files have.

use crate::model::diagnostic::{Diagnostic, Fault};
use crate::model::{ModelError, Severity, code};
use crate::source::{ExitCategory, SourceFile, Span};

/// One column of two values is as good as bins as it is as times, which have nothing in common: the fault, and the way out.
pub(super) const TIMES_OR_BINS: (&str, &str) = (
    "the only column holds two values and nothing else, which may be bins of one unit or times of its spikes",
    "say which: --format bins or --format spikes",
);

/// A fault at a place of a text.
pub(super) fn at(source: &SourceFile, span: Span, message: String, help: Option<&str>) -> ModelError {
    let mut fault = Fault::error(code::RECORDING, span, message);
    if let Some(help) = help {
        fault = fault.help(help);
    }
    ModelError::single(ExitCategory::Invalid, fault.in_file(source))
}

/// A fault of a file as a whole, or of one without lines.
pub(super) fn placeless(file: &str, message: String, help: Option<&str>) -> ModelError {
    let diagnostic = Diagnostic {
        severity: Severity::Error,
        code: code::RECORDING,
        file: file.to_owned(),
        message,
        label: String::new(),
        is_argument: false,
        place: None,
        help: help.map(str::to_owned),
    };
    ModelError::single(ExitCategory::Invalid, diagnostic)
}

/// Formats that are known and not read, with the way out.
pub(super) fn refused_format(file: &str, bytes: &[u8]) -> Option<ModelError> {
    let (what, help) = if bytes.starts_with(&[0x1f, 0x8b]) {
        (
            "the file is compressed with gzip",
            "unpack it: gunzip -c FILE | irrev infer -",
        )
    } else if bytes.starts_with(b"MATLAB 5.0") {
        (
            "the file is in MATLAB's format, version 5",
            "convert it with Python: scipy.io.loadmat, then numpy.save of a bins × units array or numpy.savetxt of rows `unit time`",
        )
    } else if bytes.starts_with(b"\x89HDF\r\n\x1a\n") || bytes.starts_with(b"MATLAB 7.3") {
        (
            "the file is in the format HDF5 (MATLAB 7.3, NWB)",
            "convert it with Python: h5py.File, then numpy.save of a bins × units array or numpy.savetxt of rows `unit time`",
        )
    } else if bytes.starts_with(b"PK\x03\x04") {
        (
            "the file is an archive of arrays (.npz) or another zip file",
            "save the one array to be read in a file of its own: numpy.save(\"spikes.npy\", numpy.load(FILE)[NAME])",
        )
    } else if file.to_ascii_lowercase().ends_with(".mat") {
        (
            "the file is named as one of MATLAB's and is none of version 5 or 7.3",
            "convert it with Python: scipy.io.loadmat reads version 4, then numpy.save of a bins × units array or numpy.savetxt of rows `unit time`",
        )
    } else {
        return None;
    };
    Some(placeless(file, what.to_owned(), Some(help)))
}
