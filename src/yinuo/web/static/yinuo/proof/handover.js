// Key rotation: whoever trusts the old key may come to trust the new one, because the old key
// signed a log that announces it.

import { concat, hex, sha256, unhex, utf8 } from "./bytes.js";
import { Mismatch } from "./faults.js";
import { openCheckpoint, parseVkey } from "./note.js";
import { say } from "./say.js";
import { leafHash, proveInclusion, tileWidth, Tree, verifyInclusion, WIDTH } from "./tree.js";

const DECODE = new TextDecoder();

/** The leaves of a bundle, each after its length in two bytes, big-endian. */
export function splitLeaves(bundle) {
  const leaves = [];
  for (let at = 0; at < bundle.length; ) {
    const end = at + 2 + bundle[at] * 256 + bundle[at + 1];
    if (!(end <= bundle.length)) throw new Mismatch(say("条目包不完整"));
    leaves.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return leaves;
}

async function announcement(log, index, size) {
  const bundle = Math.floor(index / WIDTH);
  const leaves = splitLeaves(await log.tile("entries", bundle, tileWidth(0, bundle, size)));
  const opened = (await log.openings(index))?.entries.find((entry) => entry.index === index);
  const leaf = leaves[index % WIDTH];
  if (!opened || !leaf) throw new Mismatch(say("没有公布更换密钥的记录（第 {index} 条）", { index }));
  const hidden = hex(sha256(concat(unhex(opened.salt), utf8(opened.body))));
  if (JSON.parse(DECODE.decode(leaf)).hash !== hidden) {
    throw new Mismatch(say("更换密钥的记录（第 {index} 条）与封存的不同", { index }));
  }
  return { leaf, body: JSON.parse(opened.body) };
}

/** The old key's checkpoint that covers the announcement; throws `Mismatch`. */
async function checkHandover(log, { index, note }, before, after) {
  const checkpoint = openCheckpoint(note, [before]);
  const wrong = (what) =>
    new Mismatch(
      say("密钥从 {before} 换到 {after} 的证明不成立：{what}", { before: before.label, after: after.label, what }),
    );
  if (!checkpoint.by.length || checkpoint.origin !== before.name) throw wrong(say("没有旧密钥的签名"));
  if (!(index < checkpoint.size)) throw wrong(say("旧密钥没有签到那条记录"));
  const { leaf, body } = await announcement(log, index, checkpoint.size);
  const state = body.schema === "log_key/1" ? body.state : {};
  if (state.vkey !== after.vkey || state.follows !== before.label) throw wrong(say("那条记录写的不是这把密钥"));
  const tree = new Tree(checkpoint.size, log.readTile);
  const proof = await proveInclusion(tree, index);
  verifyInclusion(leafHash(leaf), index, checkpoint.size, proof, checkpoint.root);
  return checkpoint;
}

/**
 * Walk from the trusted keys to their successors: {keys, checkpoints, steps}. The checkpoints are
 * still to be compared with today's tree. Throws `Mismatch` for a handover that proves nothing.
 */
export async function follow(log, trusted) {
  const keys = [...trusted];
  const checkpoints = [];
  const steps = [];
  for (const handover of await log.handovers()) {
    const before = parseVkey(String(handover.old));
    const after = parseVkey(String(handover.new));
    if (!before || !after || !keys.some((key) => key.vkey === before.vkey)) continue;
    checkpoints.push(await checkHandover(log, handover, before, after));
    keys.push(after);
    steps.push({ before: before.label, after: after.label });
  }
  return { keys, checkpoints, steps };
}
