// The page of the log: what this browser remembers, checked against today, and the trust file.

import { el, failure, moment, terms, thousands, verdict, Waiting } from "./dom.js";
import { Unable } from "./faults.js";
import { Log } from "./log.js";
import { forget, onChange, recall, remember } from "./memory.js";
import { parsePolicy } from "./policy.js";
import { examine } from "./trust.js";
import { details, keySentence, limits, memorySentence, witnessSentence } from "./words.js";

const panel = document.querySelector("[data-memory]");
const part = (name) => panel.querySelector(`[data-${name}]`);

function show() {
  const kept = recall();
  const rows = kept && [
    ["账本", kept.origin ?? kept.vkey.split("+")[0]],
    ["校验点", kept.note ? `${thousands(kept.size)} 条，${moment(kept.at)} 核对过` : "还没有核对过"],
    ["根哈希", kept.note ? el("span", { class: "hash" }, kept.root) : ""],
    ["密钥", el("span", { class: "hash" }, kept.vkey)],
    ["密钥来历", kept.from === "file" ? `信任文件，${moment(kept.since)} 导入` : `取自本站，${moment(kept.since)} 首次记住`],
  ];
  part("kept").replaceChildren(kept ? terms(rows) : el("p", { class: "quiet" }, "还没有记住任何校验点。核对一次就会记住。"));
  part("forget").hidden = !kept;
}

function passed(found) {
  return verdict(
    "good",
    "通过",
    el("p", {}, `今天的账本有 ${thousands(found.head.size)} 条，签名和根哈希都对得上。`),
    limits([memorySentence(found), keySentence(found), witnessSentence(found)]),
    details(found),
  );
}

async function check() {
  const waiting = new Waiting(part("progress"), "正在核对");
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
  if (!key) throw new Unable("信任文件里没有账本的公钥", "应有一行 log 开头的公钥，请核对选的文件");
  if (origin && !policy.logs.some(({ name }) => name === origin)) {
    throw new Unable(
      `信任文件写的账本是 ${policy.logs.map(({ name }) => name).join("、")}，本站的是 ${origin}`,
      "请核对选的文件是不是这座城市的；如果账本改过名，请索取新的信任文件",
    );
  }
  const kept = recall();
  const now = new Date().toISOString();
  if (!remember({ ...kept, vkey: key.vkey, from: "file", since: now, policy: text })) {
    throw new Unable("本浏览器不让网页保存数据，没有导入", "请退出无痕模式，或允许本站保存数据后再试");
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
    fault.replaceChildren(error instanceof Unable ? `${error.message}。${error.nextStep}。` : `${error.message}`);
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
    if (!confirm("清除后，本浏览器不再能发现此前的改写。确定清除？")) return;
    forget();
    part("outcome").replaceChildren(el("p", { role: "status" }, "已清除。"));
    show();
  });
  part("file").addEventListener("change", ({ currentTarget }) => load(currentTarget));
  for (const control of panel.querySelectorAll("button, input")) control.disabled = false;
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
