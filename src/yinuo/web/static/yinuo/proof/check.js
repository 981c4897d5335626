// The page that looks up a printed code: this browser computes the answer once more by itself.

import { hex, same } from "./bytes.js";
import { decode } from "./code.js";
import { el, failure, terms, verdict, Waiting } from "./dom.js";
import { Unable } from "./faults.js";
import { Log } from "./log.js";
import { say } from "./say.js";
import { Tree, proveConsistency, verifyConsistency } from "./tree.js";
import { examine } from "./trust.js";
import { keySentence, limits, memorySentence, witnessSentence } from "./words.js";

const panel = document.querySelector("[data-code]");

function read(typed, names) {
  for (const name of names) {
    const code = decode(typed, name);
    if (code) return code;
  }
  throw new Unable(say("这枚校验码不是这本账本的"), say("请对照原件核对，或核对是不是别的城市的"));
}

/** The root that today's log had at an earlier size, proven against today's signature. */
async function rootAt(size, found) {
  const { head, tree } = found;
  const root = await new Tree(size, (level, index) => tree.tile(level, index)).root();
  verifyConsistency(size, root, head.size, head.root, await proveConsistency(tree, size));
  return root;
}

function outcome(code, found, root) {
  const { head } = found;
  const rows = terms([
    [say("校验码所记"), el("span", { class: "hash" }, `${hex(code.prefix)}…`)],
    [say("今天算得"), root ? el("span", { class: "hash" }, hex(root)) : ""],
  ]);
  if (!root) {
    const said = say("您的浏览器也查过：今天的账本只有 {n} 条，不到 {size} 条。", { n: head.size, size: code.size });
    return verdict("bad", say("不符"), el("p", {}, said), rows);
  }
  if (!same(root.subarray(0, code.prefix.length), code.prefix)) {
    const said = say("您的浏览器也算过：今天的账本在第 {size} 条时是另一个根哈希。", { size: code.size });
    return verdict("bad", say("不符"), el("p", {}, said), rows);
  }
  return verdict(
    "good",
    say("通过"),
    el("p", {}, say("您的浏览器也算了一遍：从今天的账本（{n} 条）倒推到第 {size} 条，正是校验码上的根哈希。", { n: head.size, size: code.size })),
    limits([memorySentence(found), keySentence(found), witnessSentence(found)]),
    rows,
  );
}

async function run() {
  const code = read(panel.dataset.code, panel.dataset.names.split(" ").filter(Boolean));
  const found = await examine(new Log(panel.dataset.log), panel.dataset.vkey);
  const root = code.size > found.head.size ? null : await rootAt(code.size, found);
  return outcome(code, found, root);
}

if (panel) {
  const waiting = new Waiting(panel.querySelector("[data-progress]"), say("您的浏览器正在自己计算"));
  run()
    .catch(failure)
    .then((box) => {
      waiting.end();
      panel.querySelector("[data-outcome]").replaceChildren(box);
    });
}
