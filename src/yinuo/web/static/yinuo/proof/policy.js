// The trust file: C2SP tlog-policy. Which logs, which witnesses, and how many of them must agree.

import { Unable } from "./faults.js";
import { isSignedBy, LOG_KEY, parseVkey, splitNote, WITNESS_KEY } from "./note.js";
import { say } from "./say.js";

const LARGEST = 65_536;

function fail(line, what) {
  throw new Unable(
    say("信任文件第 {line} 行：{what}", { line, what }),
    say("请向见证单位或审计机关重新索取信任文件，不要从本站取得"),
  );
}

function keyOf(text, type, line) {
  const key = parseVkey(text ?? "", type);
  if (!key) fail(line, say("公钥写法不对，应为 名称+编号+Base64"));
  return key;
}

function addGroup(found, [name, rule, ...members], line) {
  const count = { any: 1, all: members.length }[rule] ?? (/^[1-9][0-9]{0,3}$/.test(rule) ? Number(rule) : 0);
  if (!name || name === "none" || found.rules.has(name)) fail(line, say("组的名称缺失或重复"));
  if (!(count >= 1 && count <= members.length)) fail(line, say("组要写明 all、any 或不超过成员数的数目"));
  for (const member of members) {
    if (!found.rules.has(member)) fail(line, say("没有先写明 {name}", { name: member }));
    if (found.grouped.has(member)) fail(line, say("{name} 已在另一组里", { name: member }));
    found.grouped.add(member);
  }
  found.rules.set(name, { count, members });
}

function addWitness(found, [name, vkey], line) {
  if (!name || name === "none" || found.rules.has(name)) fail(line, say("见证单位的名称缺失或重复"));
  const key = keyOf(vkey, WITNESS_KEY, line);
  if (found.witnesses.some((witness) => `${witness.key.publicKey}` === `${key.publicKey}`)) {
    fail(line, say("同一把公钥写了两次"));
  }
  found.witnesses.push({ name, key });
  found.rules.set(name, { count: 1, members: [] });
}

function addLog(found, [vkey], line) {
  const key = keyOf(vkey, LOG_KEY, line);
  if (found.logs.some((log) => `${log.publicKey}` === `${key.publicKey}`)) fail(line, say("同一把公钥写了两次"));
  found.logs.push(key);
}

function setQuorum(found, [name], line) {
  if (found.quorum !== null) fail(line, say("quorum 只能写一次"));
  if (name !== "none" && !found.rules.has(name)) fail(line, say("没有先写明 {name}", { name }));
  found.quorum = name;
}

const KEYWORDS = { log: addLog, witness: addWitness, group: addGroup, quorum: setQuorum };

/** {logs, witnesses: [{name, key}], rules, quorum}. Throws `Unable`, naming the line. */
export function parsePolicy(text) {
  if (text.length > LARGEST) throw new Unable(say("文件太大，不是信任文件"), say("信任文件只有几行文字，请核对选的文件"));
  const found = { logs: [], witnesses: [], rules: new Map(), grouped: new Set(), quorum: null };
  text.split("\n").forEach((line, at) => {
    if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) fail(at + 1, say("含有控制字符，换行须为 LF"));
    const [keyword, ...words] = line.split(/[ \t]+/).filter(Boolean);
    if (!keyword || keyword.startsWith("#")) return;
    if (!Object.hasOwn(KEYWORDS, keyword)) fail(at + 1, say("不认识“{word}”", { word: keyword.slice(0, 20) }));
    KEYWORDS[keyword](found, words, at + 1);
  });
  if (found.quorum === null) fail(text.split("\n").length, say("缺少 quorum 一行"));
  return found;
}

/** The witnesses whose cosignature under the note is good. A wrong one does not count. */
export function cosigners(policy, note) {
  const { text, signatures } = splitNote(note);
  return policy.witnesses
    .filter(({ key }) =>
      signatures.some((s) => s.name === key.name && s.id === key.id && isSignedBy(key, s, text)),
    )
    .map(({ name }) => name);
}

/** Whether these witnesses are enough. `quorum none` asks for nobody. */
export function isQuorum(policy, names) {
  const agrees = (name) => {
    const { count, members } = policy.rules.get(name);
    if (!members.length) return names.includes(name);
    return members.filter(agrees).length >= count;
  };
  return policy.quorum === "none" || agrees(policy.quorum);
}
