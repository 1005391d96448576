//! The page: one self-contained HTML file that works without a network, in light and dark.
//!
//! A content security policy in the page forbids every request. Figures are either interactive (Plotly,
//! embedded once) or drawings in SVG; formulas are MathML. Everything the reader's text may contain is
//! escaped by the template engine, by [`crate::svg`], or in the embedded JSON, where no `<` ever stands.

mod view;

use self::view::PageView;
use crate::colour::{CATEGORIES, DARK_CATEGORIES};
use crate::plotly_figure::{PlotlyFigure, plotly_figure};
use crate::{Report, Result, Table, delimited, svg};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;
use std::collections::BTreeMap;

/// The two kinds of page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Plots that can be zoomed and hovered; 1.3 MB more than what they show, which is the plotting library.
    Interactive,
    /// Drawings; small.
    Static,
}

/// The report as one HTML page without outside references. Equal reports give equal bytes.
///
/// # Errors
///
/// What [`Report::validate`] finds.
///
/// ```
/// use irrev_report::{Page, Provenance, Report, report_page};
/// let report = Report::new("demo", "A <b>title</b>", Provenance::new("0.1.0"));
/// let page = report_page(&report, Page::Static)?;
/// assert!(page.contains("A &lt;b&gt;title"));
/// # Ok::<(), irrev_report::Error>(())
/// ```
pub fn report_page(report: &Report, page: Page) -> Result<String> {
    report.validate()?;
    let data = PageData::new(report, page)?;
    // `<` would let `</script>` in a name end the element; JSON may write it as an escape everywhere.
    let data = serde_json::to_string(&data)?.replace('<', "\\u003c");
    let tables = tables(report);
    let view = PageView::new(report, page, &tables, data);
    let mut environment = Environment::new();
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    environment.add_template("macros.html", include_str!("../html/macros.html.j2"))?;
    environment.add_template("page.html", include_str!("../html/page.html.j2"))?;
    Ok(environment
        .get_template("page.html")?
        .render(Value::from(Serde(&view)))?)
}

/// The plotting library's script: the distribution of plotly.js for curves, bars and maps (npm `plotly.js-cartesian-dist-min`, MIT), a third of the whole library.
fn plotly_script() -> Value {
    Value::from_safe_string(include_str!("../html/plotly-cartesian-3.0.1.min.js").to_owned())
}

/// All tables, the series among them.
fn tables(report: &Report) -> Vec<Table> {
    report
        .tables
        .iter()
        .cloned()
        .chain(report.series.iter().map(crate::Series::to_table))
        .collect()
}

/// What the page's script needs, embedded as JSON.
#[derive(Serialize)]
struct PageData {
    figures: Vec<PlotlyFigure>,
    /// Comma-separated values by the name of the file that a download gives.
    downloads: BTreeMap<String, String>,
    /// Page colours and what they are on paper, for drawings taken out of the page.
    paper: BTreeMap<&'static str, &'static str>,
    /// Colours of categories on light ground and on dark.
    dark: BTreeMap<&'static str, &'static str>,
}

impl PageData {
    fn new(report: &Report, page: Page) -> Result<Self> {
        let mut downloads = BTreeMap::new();
        for figure in &report.figures {
            downloads.insert(format!("figure-{}", figure.name), delimited::figure_csv(figure)?);
        }
        for table in tables(report) {
            downloads.insert(format!("table-{}", table.name), delimited::table_csv(&table)?);
        }
        let figures = match page {
            Page::Interactive => report.figures.iter().map(plotly_figure).collect(),
            Page::Static => Vec::new(),
        };
        let paper = svg::page_to_paper().into_iter().collect();
        let dark = CATEGORIES.into_iter().zip(DARK_CATEGORIES).collect();
        Ok(Self {
            figures,
            downloads,
            paper,
            dark,
        })
    }
}
