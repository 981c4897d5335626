// The page of one commitment: its history, checked on this machine.

import { el, failure, moment, verdict, Waiting } from "./dom.js";
import { Unable } from "./faults.js";
import { COMPARED, differences } from "./fields.js";
import { Log } from "./log.js";
import { recall, remember } from "./memory.js";
import { list, say, series } from "./say.js";
import { checkThread } from "./thread.js";
import { examine } from "./trust.js";
import { details, keySentence, limits, memorySentence, witnessSentence } from "./words.js";

const panel = document.querySelector("[data-proof]");
const MOST_THREADS = 500;

/** The history as the page shows it, oldest first: one item an entry. */
function shownEntries() {
  const lines = [...document.querySelectorAll(".story > li")].reverse();
  return lines.flatMap((line) =>
    [...line.querySelectorAll("[data-entry]")].map((proof) => ({
      line,
      proof,
      at: Date.parse(line.querySelector("time").dateTime),
      index: proof.dataset.entry === "" ? null : Number(proof.dataset.entry),
    })),
  );
}

function clear() {
  for (const old of document.querySelectorAll(".verdict")) old.remove();
}

/** Put ✓ or ✕ with its reasons on what was checked. */
function mark(element, faults, word = say("已核验")) {
  const good = !faults.length;
  const text = good ? `✓ ${word}` : `✕ ${series(faults)}`;
  element.append(el("span", { class: `verdict ${good ? "verdict-ok" : "verdict-wrong"}` }, text));
}

/** Pair what the page shows with what was checked; the rest of either is a fault or news. */
function markLines(results) {
  const shown = shownEntries();
  let faults = 0;
  for (const [at, { line, proof, index, at: when }] of shown.entries()) {
    const result = results[at];
    const found = result ? [...result.faults] : [say("公开的账本里没有这条记录")];
    if (result?.body && Date.parse(result.body.at) !== when) found.push(say("页面显示的时间与记录不同"));
    if (result && index !== null && result.index !== index) {
      found.push(say("页面写的编号是 {shown}，账本里是 {recorded}", { shown: index, recorded: result.index ?? say("待封存") }));
    }
    if (result?.waiting && !found.length) continue;
    faults += found.length;
    const several = shown.filter((s) => s.line === line).length > 1;
    mark(proof.closest("p") ?? line, found, several ? say("第 {index} 条已核验", { index: result?.index ?? 0 }) : say("已核验"));
  }
  const more = results.slice(shown.length);
  const hidden = more.filter(({ index }) => index !== null && index < Number(panel.dataset.size));
  return { faults, hidden, news: more.length - hidden.length };
}

function markFields(results) {
  const thread = panel.dataset.thread;
  const last = results.filter(({ body }) => body?.subject === thread).at(-1);
  if (!last) return [say("公开的账本里没有这项承诺本身的记录")];
  const shown = new Map([...document.querySelectorAll("[data-shown]")].map((e) => [e.dataset.shown, e]));
  return differences(shown, last.body.state).map(({ element, label, shown: said, recorded }) => {
    if (element) mark(element.closest("td, p") ?? element, [say("{label}与最后一次记录不符：记录为{recorded}", { label, recorded })]);
    return say("{label}：页面为“{said}”，最后一次记录为“{recorded}”", { label, said, recorded });
  });
}

/** A thread never loses entries: compare with how many this browser saw. */
function compareCount(thread, sealed) {
  const kept = recall();
  if (!kept) return [];
  const { [thread]: before = 0, ...others } = kept.threads ?? {};
  if (sealed < before) return [say("上次核验时这项承诺有 {before} 条已封存的记录，现在只有 {sealed} 条", { before, sealed })];
  const newest = Object.entries(others).slice(-MOST_THREADS + 1);
  remember({ ...kept, threads: Object.fromEntries([...newest, [thread, sealed]]) });
  return [];
}

function passed(found, results, waiting) {
  const sealed = results.length - waiting;
  return verdict(
    "good",
    say("通过"),
    el(
      "p",
      {},
      say("您的浏览器重新计算了这项承诺的 {n} 条存证记录：都在今天的账本里，一条没改，中间一条没少；", { n: sealed }) +
        say("页面上的完成时限、状态等 {compared} 项与最后一次记录一致。", { compared: COMPARED }),
    ),
    limits([
      waiting ? say("另有 {n} 条待封存，一般几秒内进入账本，那时才能核验。", { n: waiting }) : "",
      memorySentence(found),
      keySentence(found),
      witnessSentence(found),
      say("没有证明的：承诺真的做到了、报送的数字属实；也看不出刚刚写下却没有公开的记录。"),
    ]),
    details(found),
  );
}

function failed(found, faults) {
  return verdict(
    "bad",
    say("不符"),
    el("p", {}, say("您的浏览器重新计算了这项承诺的历史，发现：")),
    el("ul", {}, ...faults.map((fault) => el("li", {}, say("{sentence}。", { sentence: fault })))),
    el(
      "p",
      {},
      say("请先刷新再核验一次。仍然不符时，请保存这一页，交审计机关或见证单位核实：要么数据被绕过账本改过，要么本站出了故障。"),
    ),
    details(found),
  );
}

function judge(found, results) {
  const { faults, hidden, news } = markLines(results);
  const words = [];
  if (faults) words.push(say("历史中有 {n} 处与账本不符，已在下面逐条标出", { n: faults }));
  if (hidden.length) words.push(say("页面没有显示账本第 {entries} 条记录", { entries: list(hidden.map(({ index }) => index)) }));
  words.push(...compareCount(panel.dataset.thread, results.filter(({ waiting }) => !waiting).length));
  if (news && !words.length) {
    return verdict("unable", say("请刷新后再核验"), el("p", {}, say("打开本页之后，这项承诺有了新的记录。")));
  }
  if (!news) words.push(...markFields(results));
  if (words.length) return failed(found, words);
  return passed(found, results, results.filter(({ waiting }) => waiting).length);
}

async function run(log, tell) {
  // The story first: what it names is then surely under the checkpoint that is fetched after it.
  const thread = panel.dataset.thread;
  const answer = await log.thread(thread);
  if (!answer) throw new Unable(say("这项承诺现在没有公开，公开的账本里没有它的内容"), say("请刷新本页"));
  const found = await examine(log, panel.dataset.vkey);
  const { tree, head } = found;
  const results = await checkThread({ answer, thread, tree, root: head.root, tell });
  return judge(found, results);
}

async function start(button) {
  const outcome = panel.querySelector("[data-outcome]");
  const waiting = new Waiting(panel.querySelector("[data-progress]"), say("正在核验"));
  button.disabled = true;
  clear();
  let box;
  try {
    box = await run(new Log(panel.dataset.log), (done, all) => waiting.tell(done, all));
  } catch (error) {
    box = failure(error);
  }
  waiting.end();
  outcome.replaceChildren(box, el("p", { class: "quiet" }, say("核验于 {at}", { at: moment(new Date().toISOString()) })));
  button.disabled = false;
  button.textContent = say("再核验一次");
}

if (panel) {
  const button = panel.querySelector("button");
  button.addEventListener("click", () => start(button));
  button.disabled = false;
}
