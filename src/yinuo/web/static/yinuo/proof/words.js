// What a passed check means, in sentences: the key, the memory, the witnesses, the limits.

import { el, moment, terms, thousands } from "./dom.js";
import { hex } from "./bytes.js";
import { encode } from "./code.js";

/** Where the key came from. */
export function keySentence({ from, kept, steps }) {
  const changed = steps.length ? "账本换过密钥，更换记录由原来的密钥签名，已核对。" : "";
  if (from === "file") return `${changed}密钥取自您导入的信任文件，不是取自本站。`;
  if (!kept) return "密钥取自本站，首次记住：下次起就用它核对。";
  return `${changed}密钥与本浏览器 ${moment(kept.since)} 从本站记住的一致。`;
}

/** What the memory adds. */
export function memorySentence({ first, kept, head, stored }) {
  if (!stored) return "本浏览器不让网页保存数据，所以下次无从比较。请改为保存存证校验单。";
  if (first) return `已记住今天的校验点（${thousands(head.size)} 条），下次会核对账本有没有被改写。`;
  return `今天的账本接着本浏览器 ${moment(kept.at)} 记住的校验点（${thousands(kept.size)} 条）写下去，没有改写。`;
}

/** What witnesses add. */
export function witnessSentence({ witnessed, policy, head }) {
  if (witnessed) {
    const rest = head.size - witnessed.size;
    return (
      `见证单位 ${witnessed.names.join("、")} 联署到第 ${thousands(witnessed.size)} 条` +
      (rest ? `，其后 ${thousands(rest)} 条还在等联署。` : "。")
    );
  }
  if (policy?.witnesses.length) return "信任文件里的见证单位还没有联署到约定的数目：未见证，只证明与本站一致。";
  return "未见证：只证明与本站一致。";
}

/** Size, root, key and memory, folded away. */
export function details({ head, key, kept }) {
  return el(
    "details",
    { class: "proof-details" },
    el("summary", {}, "细节"),
    terms([
      ["账本", head.origin],
      ["条数", thousands(head.size)],
      ["根哈希", el("span", { class: "hash" }, hex(head.root))],
      ["存证校验码", el("span", { class: "code" }, encode(head))],
      ["密钥", el("span", { class: "hash" }, key.label)],
      ["上次记住", kept?.at ? `${moment(kept.at)}，${thousands(kept.size)} 条` : "没有"],
    ]),
  );
}

/** The end of every passed check. */
export const limits = (sentences) => el("ul", { class: "proof-points" }, ...sentences.filter(Boolean).map((s) => el("li", {}, s)));
