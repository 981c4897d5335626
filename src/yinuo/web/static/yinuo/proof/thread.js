// One public story against the tree: every entry hashed again, every text, no version missing.

import { concat, hex, sha256, unhex, utf8 } from "./bytes.js";
import { Mismatch } from "./faults.js";
import { say } from "./say.js";
import { leafHash, proveInclusion, verifyInclusion } from "./tree.js";

const REFERENCE = /^text:([0-9a-f]{64})$/;
const BACKDATED = 3_600_000;

/** SHA-256(salt ‖ text) in hex; empty for a salt that is none. */
function hidden(salt, text) {
  return /^[0-9a-f]{64}$/.test(salt) ? hex(sha256(concat(unhex(salt), utf8(text)))) : "";
}

/** The bytes of a leaf, exactly as they stand in the log. */
export function leafBytes(hash, recordedAt) {
  return utf8(`{"format":"yinuo.entry/1","hash":"${hash}","recorded_at":"${recordedAt}"}`);
}

/** Every `text:<hash>` anywhere in a state. */
function references(value) {
  if (typeof value === "string") return REFERENCE.test(value) ? [value] : [];
  return value && typeof value === "object" ? Object.values(value).flatMap(references) : [];
}

function readBody(text) {
  try {
    const body = JSON.parse(text);
    return body?.format === "yinuo.body/1" && body.state ? body : null;
  } catch {
    return null;
  }
}

async function checkPlace(entry, tree, root) {
  const hash = leafHash(leafBytes(hidden(entry.salt, entry.body), entry.recorded_at));
  if (hex(await tree.leaf(entry.index)) !== hex(hash)) {
    return say("内容或时间与封存的不同：重新计算的哈希不是账本第 {index} 条的哈希", { index: entry.index });
  }
  try {
    verifyInclusion(hash, entry.index, tree.size, await proveInclusion(tree, entry.index), root);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    return say("算不到签名的根哈希：账本的瓦片被改动过");
  }
  return "";
}

function checkTexts(body, texts, erased) {
  const faults = [];
  for (const reference of new Set(references(body.state))) {
    const found = texts.get(reference);
    if (!found) {
      if (!erased.has(reference)) faults.push(say("缺少理由或说明的文字，也没有依法删除的记录"));
    } else if (`text:${hidden(found.salt, found.text)}` !== reference) {
      faults.push(say("理由或说明的文字与当时写下的不同"));
    }
  }
  return faults;
}

/** Versions of each subject count from 1 without gaps, and stand in the log in that order. */
function checkOrder(entries) {
  const last = new Map();
  let latest = 0;
  for (const entry of entries) {
    if (!entry.body) continue;
    const { subject, version } = entry.body;
    const before = last.get(subject) ?? { version: 0, index: -1 };
    if (version !== before.version + 1) {
      const missing = before.version + 1;
      entry.faults.push(say("{subject} 的第 {missing} 版不见了，这里是第 {version} 版", { subject, missing, version }));
    }
    if (entry.index !== null && entry.index <= before.index) entry.faults.push(say("在账本里的先后颠倒了"));
    last.set(subject, { version, index: entry.index ?? Infinity });
    const recorded = Date.parse(entry.recordedAt);
    if (recorded < latest - BACKDATED) entry.faults.push(say("写入时间比前一条早一个多小时：时间被倒填"));
    latest = Math.max(latest, recorded);
  }
}

/**
 * Check what the site told of a thread: one result an entry, oldest first, as
 * {index, body, recordedAt, waiting, faults: [words], texts: [words in it]}.
 * `tell(done, all)` hears of the progress.
 */
export async function checkThread({ answer, thread, tree, root, tell }) {
  const texts = new Map(answer.texts.map((text) => [`text:${text.hash}`, text]));
  const erased = new Set(answer.erased);
  const results = [];
  for (const entry of answer.entries) {
    const body = readBody(entry.body);
    const waiting = entry.index === null;
    const result = { index: entry.index, body, recordedAt: entry.recorded_at, waiting, faults: [] };
    if (!body) result.faults.push(say("记录的内容读不出来"));
    else if (body.thread !== thread) result.faults.push(say("这是 {thread} 的记录，不属于这项承诺", { thread: body.thread }));
    if (!waiting && !(entry.index < tree.size)) result.faults.push(say("编号超出了账本"));
    else if (!waiting) result.faults.push(...[await checkPlace(entry, tree, root)].filter(Boolean));
    if (body) result.faults.push(...checkTexts(body, texts, erased));
    results.push(result);
    tell?.(results.length, answer.entries.length);
  }
  checkOrder(results);
  return results;
}
