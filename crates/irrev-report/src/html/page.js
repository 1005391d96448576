"use strict";
(() => {
  const report = JSON.parse(document.getElementById("report-data").textContent);
  const root = document.documentElement;
  const figures = new Map(report.figures.map((figure) => [figure.name, figure]));

  const isDark = () => {
    const chosen = root.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };

  // The page's colours for what is not data; `paper` gives those for a drawing on white.
  const pageInks = () => {
    const style = getComputedStyle(root);
    const read = (name) => style.getPropertyValue(name).trim();
    return {
      ink: read("--ink"), muted: read("--muted"), grid: read("--grid"), surface: read("--surface"),
      ground: "rgba(0,0,0,0)", categories: isDark() ? report.dark : {},
    };
  };
  const paperInks = () => ({
    ink: report.paper["var(--ink)"], muted: report.paper["var(--muted)"], grid: report.paper["var(--grid)"],
    surface: report.paper["var(--surface)"], ground: report.paper["var(--surface)"], categories: {},
  });

  const themedAxis = (axis, inks) => ({
    ...axis, color: inks.muted, gridcolor: inks.grid, linecolor: inks.muted, zerolinecolor: inks.muted,
    tickcolor: inks.muted, title: axis.title && { ...axis.title, font: { color: inks.ink, size: 14 } },
  });

  // A category colour for this ground; the digits after the sixth are its opacity.
  const inked = (colour, inks) => {
    if (typeof colour !== "string") return colour;
    const other = inks.categories[colour.slice(0, 7)];
    return other ? other + colour.slice(7) : colour;
  };

  // On narrow screens the colour bar lies above the plot.
  const lyingBar = (bar) => ({
    ...bar, orientation: "h", x: 0.5, xanchor: "center", y: 1.02, yanchor: "bottom", len: 0.9, thickness: 10,
    title: { ...bar.title, side: "top" },
  });

  const themed = (figure, inks, narrow) => {
    const layout = { ...figure.layout };
    layout.paper_bgcolor = inks.ground;
    layout.plot_bgcolor = "rgba(0,0,0,0)";
    layout.font = { family: getComputedStyle(document.body).fontFamily, size: 13, color: inks.ink };
    layout.hoverlabel = { bgcolor: inks.surface, bordercolor: inks.muted, font: { color: inks.ink }, align: "left" };
    layout.xaxis = themedAxis(layout.xaxis, inks);
    layout.yaxis = themedAxis(layout.yaxis, inks);
    layout.shapes = (layout.shapes || []).map((shape) => ({ ...shape, line: { ...shape.line, color: inks.muted } }));
    layout.annotations = (layout.annotations || []).map((note) => ({
      ...note, font: { color: inks.ink, size: 13 }, arrowcolor: inks.muted, bgcolor: inks.surface === "" ? undefined : inks.surface + "cc",
    }));
    const data = figure.data.map((trace) => {
      const copy = { ...trace };
      if (trace.line) copy.line = { ...trace.line, color: inked(trace.line.color, inks) };
      if (trace.fillcolor) copy.fillcolor = inked(trace.fillcolor, inks);
      if (trace.marker) {
        copy.marker = { ...trace.marker, color: inked(trace.marker.color, inks) };
        if (trace.marker.line) copy.marker.line = { ...trace.marker.line, color: inks.surface };
        if (narrow && trace.marker.colorbar) copy.marker.colorbar = lyingBar(trace.marker.colorbar);
      }
      if (narrow && trace.colorbar) copy.colorbar = lyingBar(trace.colorbar);
      for (const bar of ["error_x", "error_y"]) {
        if (trace.type === "bar" && trace[bar]) copy[bar] = { ...trace[bar], color: inks.ink };
      }
      return copy;
    });
    if (narrow && layout.xaxis.title) {
      // Plotly misplaces titles with a stated distance when a colour bar lies above the plot.
      layout.xaxis.title = { ...layout.xaxis.title, standoff: undefined };
    }
    if (narrow && layout.yaxis.scaleanchor) {
      // Names beside the outer nodes need more room, relative to the drawing.
      layout.xaxis.range = layout.xaxis.range.map((end) => 1.5 * end);
    }
    return { data, layout };
  };

  const config = { responsive: true, displaylogo: false, displayModeBar: "hover", modeBarButtonsToRemove: ["toImage", "lasso2d", "select2d"] };
  const plots = () => [...document.querySelectorAll(".figure")]
    .map((element) => ({ figure: figures.get(element.dataset.figure), place: element.querySelector(".plot") }))
    .filter((plot) => plot.figure && plot.place);

  const draw = async () => {
    const inks = pageInks();
    for (const { figure, place } of plots()) {
      const { data, layout } = themed(figure, inks, place.clientWidth < 560);
      if (place.layout) {
        // Keep what the reader has zoomed to and switched off.
        for (const axis of ["xaxis", "yaxis"]) {
          const now = place.layout[axis];
          if (now && now.autorange === false) layout[axis] = { ...layout[axis], range: now.range, autorange: false };
        }
        data.forEach((trace, index) => { trace.visible = place.data[index].visible; });
      }
      // the buttons lie over the legend: let it show through
      layout.modebar = { bgcolor: "transparent", color: "gray", activecolor: "gray" };
      await window.Plotly.react(place, data, layout, config);
    }
    root.dataset.drawn = isDark() ? "dark" : "light";
  };

  const save = (content, type, name) => {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = Object.assign(document.createElement("a"), { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };

  const saveDrawing = async (name) => {
    const figure = figures.get(name);
    if (figure) {
      const { data, layout } = themed(figure, paperInks(), false);
      const address = await window.Plotly.toImage({ data, layout }, { format: "svg", width: 900, height: layout.height });
      save(decodeURIComponent(address.slice(address.indexOf(",") + 1)), "image/svg+xml", `${name}.svg`);
      return;
    }
    let drawing = new XMLSerializer().serializeToString(document.querySelector(`#figure-${name} svg`));
    for (const [page, paper] of Object.entries(report.paper)) drawing = drawing.replaceAll(page, paper);
    save(drawing, "image/svg+xml", `${name}.svg`);
  };

  const sort = (head) => {
    const table = head.closest("table");
    const column = [...head.parentNode.children].indexOf(head);
    const ascending = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const key = (row) => {
      const cell = row.children[column];
      const number = { inf: Infinity, "-inf": -Infinity }[cell.dataset.sort] ?? Number(cell.dataset.sort);
      return cell.dataset.sort === undefined ? cell.textContent : number;
    };
    const compare = (one, other) => {
      if (typeof one === "string") return one.localeCompare(other, undefined, { numeric: true });
      // Undefined numbers stand last in either order.
      if (Number.isNaN(one) || Number.isNaN(other)) return (Number.isNaN(one) - Number.isNaN(other)) * (ascending ? 1 : -1);
      return one < other ? -1 : one > other ? 1 : 0;
    };
    const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
    rows.sort(([one], [other]) => (ascending ? compare(one, other) : compare(other, one)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "theme") {
      root.dataset.theme = isDark() ? "light" : "dark";
      if (window.Plotly) draw();
    } else if (button.dataset.csv) {
      save(report.downloads[button.dataset.csv], "text/csv", button.dataset.file);
    } else if (button.dataset.svg) {
      saveDrawing(button.dataset.svg);
    } else if (button.parentNode.tagName === "TH") {
      sort(button.parentNode);
    }
  });
  if (window.Plotly) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    draw();
  }
})();
