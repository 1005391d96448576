"""The report page in a real browser: headless Chromium, driven by Playwright.

Run:

    pip install pytest playwright            # the browser itself is the system's
    IRREV_REPORT_HTML=RESULT/report.html pytest -rs tests-browser

IRREV_REPORT_HTML is a comma-separated list of report.html files, each with its result.json beside it.
CHROMIUM names the browser if it is not found as chromium, chromium-browser or google-chrome. Without pages,
browser or Playwright every test is skipped with the reason, which `-rs` shows.
"""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

PAGES = [Path(page).resolve() for page in os.environ.get("IRREV_REPORT_HTML", "").split(",") if page.strip()]
BROWSERS = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds; a loaded machine needs seconds to draw ten plots.
PATIENCE = 60_000


@pytest.fixture(scope="session")
def browser():
    if not PAGES:
        pytest.skip("no page to test: set IRREV_REPORT_HTML to one or more report.html files")
    executable = next((path for path in map(shutil.which, filter(None, BROWSERS)) if path), None)
    if executable is None:
        pytest.skip("no Chromium found: install it or set CHROMIUM to its executable")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


class Opened:
    """A page with what it said and asked for, and the result beside it."""

    def __init__(self, browser, path, **context):
        self.path = path
        self.result = json.loads((path.parent / "result.json").read_text(encoding="utf-8"))
        self.complaints, self.requests = [], []
        self.context = browser.new_context(viewport={"width": 1200, "height": 900}, **context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())
        self.interactive = self.page.evaluate("Boolean(window.Plotly)")
        if self.interactive:
            self.wait_until_drawn()

    def wait_until(self, expression):
        """Polls from outside: the page's policy refuses the polling that Playwright does inside."""
        patience = time.monotonic() + PATIENCE / 1000
        while not self.page.evaluate(expression):
            assert time.monotonic() < patience, f"{expression} did not come true"
            time.sleep(0.05)

    def wait_until_drawn(self, ground=None):
        drawn = "document.documentElement.dataset.drawn"
        self.wait_until(f"{drawn} === '{ground}'" if ground else f"Boolean({drawn})")

    def figures(self):
        return {figure["name"]: figure["kind"] for figure in self.result["figures"]}


@pytest.fixture(params=PAGES or [None], ids=lambda path: path.parent.name if path else "none")
def opened(browser, request):
    opened = Opened(browser, request.param, color_scheme="light", accept_downloads=True)
    yield opened
    opened.context.close()
    # Whatever the test did, the page stayed quiet and asked for nothing but itself and its own data.
    assert opened.complaints == []
    outside = [url for url in opened.requests if not url.startswith(("data:", "blob:"))]
    assert outside == [opened.path.as_uri()]


def needs_plots(opened):
    if not opened.interactive:
        pytest.skip(f"{opened.path.name} of {opened.path.parent.name} is a static page without plots")


def test_the_page_is_quiet_and_asks_for_nothing_but_itself(opened):
    assert opened.page.title() == opened.result["title"]
    policy = opened.page.get_attribute("meta[http-equiv='Content-Security-Policy']", "content")
    assert "default-src 'none'" in policy


def test_a_request_is_refused_by_the_page_itself(opened):
    refused = opened.page.evaluate("fetch('data:,x').then(() => false, () => true)")
    assert refused
    # Chromium reports the refusal, as it should; it is the one complaint that this test allows.
    opened.complaints[:] = [text for text in opened.complaints if "Content Security Policy" not in text]
    opened.requests[:] = [url for url in opened.requests if not url.startswith("data:")]


def test_every_declared_figure_is_drawn(opened):
    drawn = opened.page.eval_on_selector_all(
        ".figure",
        "figures => figures.filter(f => f.querySelector('.js-plotly-plot .main-svg, .drawing > svg'))"
        ".map(f => f.dataset.figure)",
    )
    assert drawn == list(opened.figures())


def test_every_plot_with_axes_has_titles(opened):
    for name, kind in opened.figures().items():
        texts = opened.page.eval_on_selector_all(f"#figure-{name} svg text", "texts => texts.map(t => t.textContent)")
        if kind["type"] == "network":
            expected = [kind["value_axis"]]
        elif kind["type"] == "bars":
            expected = [kind["value_axis"], {"label": kind["category_label"], "unit": ""}]
        elif kind["type"] == "lines":
            expected = [kind["x_axis"], kind["y_axis"]]
        else:
            expected = [kind["x_axis"], kind["y_axis"], kind["value_axis"]]
        for axis in expected:
            title = f"{axis['label']} [{axis['unit']}]" if axis["unit"] else axis["label"]
            assert title in texts, f"{name}: {title!r} is not among {texts}"


def test_pointing_at_data_shows_a_tooltip(opened):
    needs_plots(opened)
    for name in opened.figures():
        plot = opened.page.locator(f"#figure-{name} .plot")
        plot.scroll_into_view_if_needed()
        # The place, in pixels, of a datum that can be pointed at.
        point = plot.evaluate(
            """plot => {
              const { _fullData: traces, _fullLayout: layout } = plot;
              const [x, y] = [layout.xaxis, layout.yaxis];
              const box = plot.getBoundingClientRect();
              const shown = traces.filter(t => t.visible === true && t.hoverinfo !== 'skip' && (t.opacity ?? 1) > 0);
              for (const trace of shown) {
                const flat = trace.type === 'heatmap';
                const lying = trace.orientation === 'h';
                let candidates = [...trace.x.keys()].slice(flat ? 0 : Math.floor(trace.x.length / 2));
                if (trace.type === 'bar') {
                  // a bar too small to see cannot be pointed at
                  const size = i => Math.abs(lying ? trace.x[i] : trace.y[i]);
                  candidates = [...trace.x.keys()].sort((i, j) => size(j) - size(i));
                }
                for (const i of candidates) {
                  const half = value => trace.type === 'bar' ? value / 2 : value;
                  const px = box.left + x._offset + x.d2p(lying ? half(trace.x[i]) : trace.x[i]);
                  const py = box.top + y._offset + y.d2p(flat ? trace.y[0] : lying ? trace.y[i] : half(trace.y[i]));
                  if (Number.isFinite(px) && Number.isFinite(py)) return [px, py];
                }
              }
              return null;
            }"""
        )
        assert point is not None, f"{name} has no datum to point at"
        # Two steps, because the first move only enters the plot.
        opened.page.mouse.move(point[0] - 3, point[1] - 3)
        opened.page.mouse.move(point[0], point[1])
        tooltip = opened.page.locator(f"#figure-{name} .hoverlayer text").first
        tooltip.wait_for(state="visible")
        assert tooltip.text_content().strip()
        opened.page.mouse.move(2, 2)


def test_the_legend_switches_curves_off_and_on(opened):
    needs_plots(opened)
    switched = 0
    for name in opened.figures():
        figure = opened.page.locator(f"#figure-{name}")
        if figure.locator(".legendtoggle").count() < 2:
            continue
        figure.scroll_into_view_if_needed()
        hidden = f"document.querySelector('#figure-{name} .plot')._fullData.some(t => t.visible === 'legendonly')"
        for state in ("true", "false"):
            figure.locator(".legendtoggle").first.click()
            opened.wait_until(f"{hidden} === {state}")
            # A second click within the double-click time would mean "show only this one".
            opened.page.wait_for_timeout(600)
        switched += 1
    if switched == 0:
        pytest.skip("no figure has a legend")


def test_the_button_switches_between_light_and_dark(opened):
    body = "getComputedStyle(document.body).backgroundColor"
    ink = "getComputedStyle(document.querySelector('.figure svg text')).fill"
    if not opened.figures():
        ink = "getComputedStyle(document.body).color"
    light = opened.page.evaluate(body), opened.page.evaluate(ink)
    opened.page.click("#theme")
    if opened.interactive and opened.figures():
        opened.wait_until_drawn("dark")
    dark = opened.page.evaluate(body), opened.page.evaluate(ink)
    assert luminance(dark[0]) < 0.2 < 0.8 < luminance(light[0])
    assert luminance(light[1]) < 0.5 < luminance(dark[1])
    opened.page.click("#theme")
    if opened.interactive and opened.figures():
        opened.wait_until_drawn("light")
    assert (opened.page.evaluate(body), opened.page.evaluate(ink)) == light


def luminance(colour):
    """Mean of the channels of `rgb(r, g, b)`, 0…1."""
    channels = [float(part) for part in colour[colour.index("(") + 1 : colour.index(")")].split(",")[:3]]
    return sum(channels) / 3 / 255


def test_downloads_are_the_files_of_the_result(opened):
    # Chromium refuses the eleventh download of a page without asking its user.
    for name in list(opened.figures())[:5]:
        with opened.page.expect_download() as download:
            opened.page.click(f"#figure-{name} [data-csv]")
        beside = opened.path.parent / "figures" / f"{name}.csv"
        assert Path(download.value.path()).read_bytes() == beside.read_bytes()
        with opened.page.expect_download() as download:
            opened.page.click(f"#figure-{name} [data-svg]")
        svg = Path(download.value.path()).read_text(encoding="utf-8")
        assert svg.startswith("<svg") and "var(--" not in svg


def test_a_click_on_a_heading_sorts_the_table(opened):
    heads = opened.page.locator("th.number button")
    if heads.count() == 0:
        pytest.skip("no table with numbers")
    head = heads.first
    column = "th => [...th.closest('tr').children].indexOf(th.closest('th'))"
    values = (
        "th => { const at = (" + column + ")(th); return [...th.closest('table').tBodies[0].rows]"
        ".map(row => Number(row.children[at].dataset.sort.replace('inf', 'Infinity'))) }"
    )
    for order in (1, -1):
        head.click()
        found = [value for value in head.evaluate(values) if value == value]
        assert found == sorted(found, reverse=order < 0)


def test_nothing_is_wider_than_a_telephone(opened):
    opened.page.set_viewport_size({"width": 390, "height": 800})
    opened.page.wait_for_timeout(500)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
