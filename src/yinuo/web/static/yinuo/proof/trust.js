// Is this the log that this browser knows? Signature, key, what was remembered, witnesses.

import { hex, same, unhex } from "./bytes.js";
import { Mismatch, Unable } from "./faults.js";
import { follow } from "./handover.js";
import { recall, remember } from "./memory.js";
import { openCheckpoint, parseVkey } from "./note.js";
import { cosigners, isQuorum, parsePolicy } from "./policy.js";
import { list, say } from "./say.js";
import { proveConsistency, Tree, verifyConsistency } from "./tree.js";

const KEEP = say(
  "请把这一页和您保存的存证校验单留好，向审计机关或见证单位核实；在弄清之前，本浏览器继续记住原来的校验点",
);

function keysOf(kept, policy, pageKey) {
  const keys = policy ? [...policy.logs] : [];
  if (kept && !keys.some((key) => key.vkey === kept.vkey)) keys.push(parseVkey(kept.vkey));
  if (!keys.length && pageKey) keys.push(pageKey);
  if (!keys.length) throw new Unable(say("本站没有公布账本的公钥"), say("请联系运行单位，或从别处取得信任文件后在“存证账本”页导入"));
  return keys;
}

/** Today's checkpoint under a trusted key, following rotations where there were any. */
async function open(log, note, keys) {
  const direct = openCheckpoint(note, keys);
  if (direct.by.length) return { head: direct, checkpoints: [], steps: [] };
  const { keys: more, checkpoints, steps } = await follow(log, keys);
  const head = openCheckpoint(note, more);
  if (!head.by.length) {
    const demo = head.origin.endsWith(".demo") ? say("演示环境重新生成后也会这样，可在“存证账本”页清除后重来。") : "";
    throw new Mismatch(
      say("存证校验点由 {signers} 签名，不是本浏览器信任的 {trusted}，也没有更换密钥的记录", {
        signers: list(head.signatures.map(({ label }) => label)),
        trusted: list(keys.map(({ label }) => label)),
      }),
      demo + KEEP,
    );
  }
  return { head, checkpoints, steps };
}

/** Return if the tree goes on from a checkpoint {size, root} seen before; throws `Mismatch`. */
async function requireContinuation(tree, root, seen, where) {
  if (seen.size > tree.size) {
    throw new Mismatch(say("账本变短了：{where}有 {seen} 条，今天只有 {today} 条", { where, seen: seen.size, today: tree.size }), KEEP);
  }
  try {
    verifyConsistency(seen.size, seen.root, tree.size, root, await proveConsistency(tree, seen.size));
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new Mismatch(say("账本被改写过：今天的账本不是{where}（{seen} 条）的延续", { where, seen: seen.size }), KEEP);
  }
}

/** How far enough witnesses have signed: {size, names}, or null. */
async function witnessed(log, policy, head, tree, keys) {
  if (!policy?.witnesses.length || policy.quorum === "none") return null;
  for (const note of [head.note, await log.witnessed()]) {
    const names = note ? cosigners(policy, note) : [];
    if (!names.length || !isQuorum(policy, names)) continue;
    const seen = openCheckpoint(note, keys);
    if (!seen.by.length) continue;
    await requireContinuation(tree, head.root, seen, say("见证单位联署的账本"));
    return { size: seen.size, names };
  }
  return null;
}

/**
 * Check today's checkpoint and remember it. Resolves to {head, tree, key, from, first, kept,
 * steps, policy, witnessed, stored}; throws `Mismatch` or `Unable`.
 */
export async function examine(log, pageVkey, now = new Date()) {
  const kept = recall();
  const policy = kept?.policy ? parsePolicy(kept.policy) : null;
  const keys = keysOf(kept, policy, parseVkey(pageVkey ?? ""));
  const note = await log.checkpoint();
  if (!note) throw new Unable(say("账本还没有存证校验点"), say("第一批记录封存之后再来核验，一般只要几秒"));
  const { head, checkpoints, steps } = await open(log, note, keys);
  const { key } = head.by.find((signed) => signed.key.name === head.origin) ?? {};
  if (!key) throw new Mismatch(say("存证校验点写的账本是 {origin}，签名的密钥却属于别的账本", { origin: head.origin }), KEEP);
  const tree = new Tree(head.size, log.readTile);
  if (!same(await tree.root(), head.root)) {
    throw new Mismatch(say("账本的瓦片与签名的根哈希不符：瓦片被改动过，或本站出了故障"), KEEP);
  }
  for (const seen of checkpoints) await requireContinuation(tree, head.root, seen, say("更换密钥时的账本"));
  const first = !kept?.note;
  if (!first) {
    await requireContinuation(tree, head.root, { size: kept.size, root: unhex(kept.root) }, say("本浏览器记住的账本"));
  }
  const seenBy = await witnessed(log, policy, head, tree, [...keys, key]);
  const from = kept?.from ?? "site";
  const stored = remember({
    ...kept,
    vkey: key.vkey,
    from,
    since: kept?.since ?? now.toISOString(),
    origin: head.origin,
    note: head.note,
    size: head.size,
    root: hex(head.root),
    at: now.toISOString(),
  });
  return { head, tree, key, from, first, kept, steps, policy, witnessed: seenBy, stored };
}
