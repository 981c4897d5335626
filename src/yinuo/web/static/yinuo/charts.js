/* Draws the options that pages carry as JSON. Without it the table beside each picture is all. */

import { init, registerMap } from "../vendor/echarts/echarts.esm.min.js";

const drawn = new Map();
let onPaper = false;
const NARROWEST = 200;
const PAPER_WIDTH = 640;

/* zrender writes the font of a text as a style attribute, which the policy of this site forbids
   (style-src 'self'). Set as a property the same style is allowed: it is no markup. */
function allowStyles() {
  const plain = Element.prototype.setAttribute;
  SVGElement.prototype.setAttribute = function setAttribute(name, value) {
    if (name === "style") this.style.cssText = value;
    else plain.call(this, name, value);
  };
}

/* What is said of a value travels with it; a tip is the name of the period and one line a series. */
function tip(given) {
  const parts = [given].flat();
  const lines = [...new Set(parts.map((part) => part.data?.said).filter(Boolean))];
  const first = parts[0];
  const head = first?.axisType === "xAxis.category" ? [first.name] : [];
  return lines.length ? [...head, ...lines].join("\n") : "";
}

function grouped(value) {
  return value.toLocaleString("en-US", { maximumFractionDigits: 6 });
}

/* JSON carries no functions, so the two that pictures need are put in here. */
function finished(carried, fontFamily) {
  const option = carried.baseOption ?? carried;
  option.textStyle = { ...option.textStyle, fontFamily };
  // Free graphics do not take the text style of the chart.
  for (const one of option.graphic ?? []) one.style = { ...one.style, fontFamily };
  option.tooltip = { ...option.tooltip, formatter: tip };
  for (const name of ["xAxis", "yAxis"]) {
    const axis = option[name];
    if (axis?.type === "value" && axis.axisLabel && !axis.axisLabel.formatter) {
      axis.axisLabel.formatter = grouped;
    }
  }
  return carried;
}

async function mapOf(carried) {
  const option = carried.baseOption ?? carried;
  const address = option.geo?.map;
  if (!address) return;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  registerMap(address, await answer.json());
}

function fit(place, chart, width) {
  chart.resize({ width: Math.max(NARROWEST, width ?? place.clientWidth) });
  // Paper does not wait for the next frame.
  chart.getZr().flush();
}

async function draw(place) {
  const carried = JSON.parse(document.getElementById(place.dataset.option).textContent);
  await mapOf(carried);
  place.hidden = false;
  const height = Number(place.dataset.height);
  const width = Math.max(NARROWEST, place.clientWidth);
  const chart = init(place, null, { renderer: "svg", width, height });
  chart.setOption(finished(carried, getComputedStyle(document.body).fontFamily));
  drawn.set(place, chart);
  const table = place.closest("figure").querySelector("details.chart-table");
  if (table) table.open = false;
}

/* On paper nobody can open a table, so all are open, and the picture is as wide as the sheet. */
function forPaper() {
  onPaper = true;
  for (const [place, chart] of drawn) {
    fit(place, chart, PAPER_WIDTH);
    const table = place.closest("figure").querySelector("details.chart-table");
    if (table && !table.open) {
      table.open = true;
      table.dataset.wasClosed = "";
    }
  }
}

function backOnScreen() {
  onPaper = false;
  for (const [place, chart] of drawn) {
    fit(place, chart);
    const table = place.closest("figure").querySelector("details[data-was-closed]");
    if (table) {
      table.open = false;
      delete table.dataset.wasClosed;
    }
  }
}

function start() {
  allowStyles();
  const watch = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      const chart = drawn.get(target);
      if (chart && !onPaper && target.clientWidth !== chart.getWidth()) fit(target, chart);
    }
  });
  for (const place of document.querySelectorAll(".chart-picture[data-option]")) {
    draw(place).then(
      () => watch.observe(place),
      (fault) => {
        // The table stays open and says the same; the fault is for whoever looks after the site.
        place.hidden = true;
        console.error(fault);
      },
    );
  }
  addEventListener("beforeprint", forPaper);
  addEventListener("afterprint", backOnScreen);
}

start();
