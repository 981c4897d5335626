// The page of the log: what this browser remembers, checked against today, and the trust file.

import { el, failure, moment, terms, verdict, Waiting } from "./dom.js";
import { Unable } from "./faults.js";
import { Log } from "./log.js";
import { forget, onChange, recall, remember } from "./memory.js";
import { parsePolicy } from "./policy.js";
import { list, say } from "./say.js";
import { examine } from "./trust.js";
import { details, keySentence, limits, memorySentence, witnessSentence } from "./words.js";

const panel = document.querySelector("[data-memory]");
const part = (name) => panel.querySelector(`[data-${name}]`);

function source({ from, since }) {
  const at = moment(since);
  return from === "file" ? say("信任文件，{at} 导入", { at }) : say("取自本站，{at} 首次记住", { at });
}

function show() {
  const kept = recall();
  const rows = kept && [
    [say("账本"), kept.origin ?? kept.vkey.split("+")[0]],
    [say("校验点"), kept.note ? say("{n} 条，{at} 核对过", { n: kept.size, at: moment(kept.at) }) : say("还没有核对过")],
    [say("根哈希"), kept.note ? el("span", { class: "hash" }, kept.root) : ""],
    [say("密钥"), el("span", { class: "hash" }, kept.vkey)],
    [say("密钥来历"), source(kept)],
  ];
  part("kept").replaceChildren(kept ? terms(rows) : el("p", { class: "quiet" }, say("还没有记住任何校验点。核对一次就会记住。")));
  part("forget").hidden = !kept;
}

function passed(found) {
  return verdict(
    "good",
    say("通过"),
    el("p", {}, say("今天的账本有 {n} 条，签名和根哈希都对得上。", { n: found.head.size })),
    limits([memorySentence(found), keySentence(found), witnessSentence(found)]),
    details(found),
  );
}

async function check() {
  const waiting = new Waiting(part("progress"), say("正在核对"));
  let box;
  try {
    box = passed(await examine(new Log(panel.dataset.log), panel.dataset.vkey));
  } catch (error) {
    box = failure(error);
  }
  waiting.end();
  part("outcome").replaceChildren(box);
  show();
}

/** Trust the keys in the file from now on; the remembered checkpoint stays. Throws `Unable`. */
function adopt(text) {
  const policy = parsePolicy(text);
  const { origin } = panel.dataset;
  const key = policy.logs.findLast(({ name }) => name === origin) ?? policy.logs.at(-1);
  if (!key) throw new Unable(say("信任文件里没有账本的公钥"), say("应有一行 log 开头的公钥，请核对选的文件"));
  if (origin && !policy.logs.some(({ name }) => name === origin)) {
    throw new Unable(
      say("信任文件写的账本是 {names}，本站的是 {origin}", { names: list(policy.logs.map(({ name }) => name)), origin }),
      say("请核对选的文件是不是这座城市的；如果账本改过名，请索取新的信任文件"),
    );
  }
  const kept = recall();
  const now = new Date().toISOString();
  if (!remember({ ...kept, vkey: key.vkey, from: "file", since: now, policy: text })) {
    throw new Unable(say("本浏览器不让网页保存数据，没有导入"), say("请退出无痕模式，或允许本站保存数据后再试"));
  }
  return policy;
}

async function load(input) {
  const fault = part("file-fault");
  fault.replaceChildren();
  input.removeAttribute("aria-invalid");
  const [file] = input.files;
  if (!file) return;
  try {
    adopt(await file.text());
    await check();
  } catch (error) {
    fault.replaceChildren(error instanceof Unable ? say("{what}。{next}。", { what: error.message, next: error.nextStep }) : error.message);
    input.setAttribute("aria-invalid", "true");
  }
  input.value = "";
}

if (panel) {
  show();
  onChange(show);
  part("check").addEventListener("click", async ({ currentTarget }) => {
    currentTarget.disabled = true;
    await check();
    currentTarget.disabled = false;
  });
  part("forget").addEventListener("click", () => {
    if (!confirm(say("清除后，本浏览器不再能发现此前的改写。确定清除？"))) return;
    forget();
    part("outcome").replaceChildren(el("p", { role: "status" }, say("已清除。")));
    show();
  });
  part("file").addEventListener("change", ({ currentTarget }) => load(currentTarget));
  for (const control of panel.querySelectorAll("button, input")) control.disabled = false;
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
