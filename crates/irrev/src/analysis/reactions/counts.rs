//! Section: the view by molecule counts.

use irrev_report::Report;

use super::context::Context;
use crate::error::Result;

pub(super) fn add(_context: &mut Context<'_>, _report: &mut Report) -> Result<()> {
    Ok(())
}
