// Small helpers for what the pages show. Text is always set as text, never as HTML.

import { Mismatch, Unable } from "./faults.js";
import { say } from "./say.js";

/** An element with attributes and children; strings become text. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ""));
  return element;
}

const CLOCK = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** A civil date, as every page writes it: 2024年7月15日, or 15 July 2024. */
export function day(year, month, date) {
  const name = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" });
  const values = { year: `${year}`, month: `${month}`, date: `${date}`, name: name.format(Date.UTC(2024, month - 1)) };
  return say("{year}年{month}月{date}日", values);
}

/** An instant on the clocks of China, as every page writes it: 2024年7月15日 10:00. */
export function moment(iso) {
  const part = Object.fromEntries(CLOCK.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  const on = day(part.year, part.month, part.day);
  return say("{day} {time}", { day: on, time: `${part.hour}:${part.minute}` });
}

/** 12,345 */
export const thousands = (number) => number.toLocaleString("en-US");

const SPINNER = 300;
const PROGRESS = 2000;

/** Say that work goes on: nothing at first, a word after 300 ms, how far after 2 s. */
export class Waiting {
  constructor(line, what) {
    this.line = line;
    this.what = what;
    this.started = performance.now();
    this.timer = setTimeout(() => line.replaceChildren(`${what}…`), SPINNER);
  }

  tell(done, all) {
    if (performance.now() - this.started > PROGRESS) {
      this.line.replaceChildren(say("{what}：{done} / {all}", { what: this.what, done, all }));
    }
  }

  end() {
    clearTimeout(this.timer);
    this.line.replaceChildren();
  }
}

/** A box with a verdict: its sign and word first, then paragraphs. `tone`: good, bad, unable. */
export function verdict(tone, headline, ...rest) {
  const sign = { good: "✓", bad: "✕", unable: "○" }[tone];
  return el(
    "div",
    { class: `verdict-box verdict-${tone}` },
    el("p", { class: "verdict-line" }, el("span", { "aria-hidden": "true" }, `${sign} `), el("strong", {}, headline)),
    ...rest,
  );
}

/** The box for a check that did not pass. What is neither kind of fault is our own and is logged. */
export function failure(error) {
  if (error instanceof Mismatch || error instanceof Unable) {
    const bad = error instanceof Mismatch;
    return verdict(
      bad ? "bad" : "unable",
      bad ? say("不符") : say("这次没有核验成"),
      el("p", {}, say("{sentence}。", { sentence: error.message })),
      error.nextStep ? el("p", {}, say("{sentence}。", { sentence: error.nextStep })) : "",
    );
  }
  console.error(error);
  return verdict(
    "unable",
    say("核验程序出错"),
    el("p", {}, say("本站给出的数据读不出来（{why}）。请刷新后再试；如果一直这样，请改用 yinuo-verify 核验。", { why: error.message })),
  );
}

/** Rows of a table of terms: [[label, value], …]. */
export function terms(rows) {
  const lines = rows
    .filter(([, value]) => value)
    .map(([label, value]) => el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, value)));
  return el("table", { class: "terms" }, el("tbody", {}, ...lines));
}
