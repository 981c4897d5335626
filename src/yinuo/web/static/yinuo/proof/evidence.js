// The page of one file (佐证材料): its history and its hash, checked on this machine.

import { el, failure, moment, verdict, Waiting } from "./dom.js";
import { Unable } from "./faults.js";
import { Log } from "./log.js";
import { say, series } from "./say.js";
import { checkThread } from "./thread.js";
import { examine } from "./trust.js";
import { details, keySentence, limits, memorySentence, witnessSentence } from "./words.js";

const panel = document.querySelector("[data-proof]");

function mark(element, faults) {
  const good = !faults.length;
  const text = good ? `✓ ${say("已核验")}` : `✕ ${series(faults)}`;
  element.append(el("span", { class: `verdict ${good ? "verdict-ok" : "verdict-wrong"}` }, text));
}

/** Every entry that the page shows, oldest first, against the one that was checked. */
function markLines(results) {
  const lines = [...document.querySelectorAll(".story [data-entry]")].reverse();
  let wrong = Math.abs(results.length - lines.length);
  for (const [at, line] of lines.entries()) {
    const faults = results[at]?.faults ?? [say("公开的账本里没有这条记录")];
    if (results[at]?.waiting && !faults.length) continue;
    wrong += faults.length;
    mark(line, faults);
  }
  return wrong;
}

function judge(found, results) {
  const words = [];
  const wrong = markLines(results);
  if (wrong) words.push(say("历史中有 {n} 处与账本不符，已在下面逐条标出", { n: wrong }));
  const recorded = results.at(-1)?.body?.state.sha256 ?? "";
  const shown = document.querySelector("[data-sha256]");
  if (shown.textContent.trim() !== recorded) {
    words.push(say("{label}与最后一次记录不符：记录为{recorded}", { label: "SHA-256", recorded }));
    mark(shown, words.slice(-1));
  }
  if (words.length) {
    return verdict(
      "bad",
      say("不符"),
      el("p", {}, say("您的浏览器重新计算了这份文件的历史，发现：")),
      el("ul", {}, ...words.map((word) => el("li", {}, say("{sentence}。", { sentence: word })))),
      details(found),
    );
  }
  const waiting = results.filter((result) => result.waiting).length;
  return verdict(
    "good",
    say("通过"),
    el("p", {}, say("您的浏览器重新计算了这份文件的 {n} 条存证记录：都在今天的账本里，页面上的 SHA-256 与记录一致。", { n: results.length - waiting })),
    limits([
      waiting ? say("另有 {n} 条待封存，一般几秒内进入账本，那时才能核验。", { n: waiting }) : "",
      memorySentence(found),
      keySentence(found),
      witnessSentence(found),
      say("没有证明的：文件说的是真的。把它下载下来算出 SHA-256，才知道手里的是不是这一份。"),
    ]),
    details(found),
  );
}

async function run(log, tell) {
  const thread = panel.dataset.thread;
  const answer = await log.thread(thread);
  if (!answer) throw new Unable(say("这份文件现在没有公开，公开的账本里没有它的内容"), say("请刷新本页"));
  const found = await examine(log, panel.dataset.vkey);
  const results = await checkThread({ answer, thread, tree: found.tree, root: found.head.root, tell });
  return judge(found, results);
}

async function start(button) {
  const waiting = new Waiting(panel.querySelector("[data-progress]"), say("正在核验"));
  button.disabled = true;
  for (const old of document.querySelectorAll(".verdict")) old.remove();
  let box;
  try {
    box = await run(new Log(panel.dataset.log), (done, all) => waiting.tell(done, all));
  } catch (error) {
    box = failure(error);
  }
  waiting.end();
  const when = el("p", { class: "quiet" }, say("核验于 {at}", { at: moment(new Date().toISOString()) }));
  panel.querySelector("[data-outcome]").replaceChildren(box, when);
  button.disabled = false;
  button.textContent = say("再核验一次");
}

if (panel) {
  const button = panel.querySelector("button");
  button.addEventListener("click", () => start(button));
  button.disabled = false;
}
