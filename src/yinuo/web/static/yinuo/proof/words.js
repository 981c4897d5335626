// What a passed check means, in sentences: the key, the memory, the witnesses, the limits.

import { el, moment, terms, thousands } from "./dom.js";
import { hex } from "./bytes.js";
import { encode } from "./code.js";
import { list, say } from "./say.js";

/** Where the key came from. */
export function keySentence({ from, kept, steps }) {
  const changed = steps.length ? say("账本换过密钥，更换记录由原来的密钥签名，已核对。") : "";
  if (from === "file") return changed + say("密钥取自您导入的信任文件，不是取自本站。");
  if (!kept) return say("密钥取自本站，首次记住：下次起就用它核对。");
  return changed + say("密钥与本浏览器 {at} 从本站记住的一致。", { at: moment(kept.since) });
}

/** What the memory adds. */
export function memorySentence({ first, kept, head, stored }) {
  if (!stored) return say("本浏览器不让网页保存数据，所以下次无从比较。请改为保存存证校验单。");
  if (first) return say("已记住今天的校验点（{n} 条），下次会核对账本有没有被改写。", { n: head.size });
  const seen = { at: moment(kept.at), n: kept.size };
  return say("今天的账本接着本浏览器 {at} 记住的校验点（{n} 条）写下去，没有改写。", seen);
}

/** What witnesses add. */
export function witnessSentence({ witnessed, policy, head }) {
  if (witnessed) {
    const rest = head.size - witnessed.size;
    const names = list(witnessed.names);
    if (!rest) return say("见证单位 {names} 联署到第 {size} 条。", { names, size: witnessed.size });
    return say("见证单位 {names} 联署到第 {size} 条，其后 {n} 条还在等联署。", { names, size: witnessed.size, n: rest });
  }
  if (policy?.witnesses.length) {
    return say("信任文件里的见证单位还没有联署到约定的数目：未见证，只证明与本站一致。");
  }
  return say("未见证：只证明与本站一致。");
}

/** Size, root, key and memory, folded away. */
export function details({ head, key, kept }) {
  return el(
    "details",
    { class: "proof-details" },
    el("summary", {}, say("细节")),
    terms([
      [say("账本"), head.origin],
      [say("条数"), thousands(head.size)],
      [say("根哈希"), el("span", { class: "hash" }, hex(head.root))],
      [say("存证校验码"), el("span", { class: "code" }, encode(head))],
      [say("密钥"), el("span", { class: "hash" }, key.label)],
      [say("上次记住"), kept?.at ? say("{at}，{n} 条", { at: moment(kept.at), n: kept.size }) : say("没有")],
    ]),
  );
}

/** The end of every passed check. */
export const limits = (sentences) => el("ul", { class: "proof-points" }, ...sentences.filter(Boolean).map((s) => el("li", {}, s)));
