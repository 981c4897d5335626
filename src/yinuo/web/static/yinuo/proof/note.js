// Signed notes and checkpoints: C2SP signed-note, tlog-checkpoint and tlog-cosignature.

import * as ed25519 from "../../vendor/noble-ed25519/index.js";
import { sha512 } from "../../vendor/noble-hashes/sha2.js";
import { concat, hex, sha256, unbase64, utf8 } from "./bytes.js";
import { Mismatch } from "./faults.js";
import { say } from "./say.js";

// Without this the library would ask WebCrypto, which plain-HTTP pages do not have.
ed25519.hashes.sha512 = sha512;

export const LOG_KEY = 0x01;
export const WITNESS_KEY = 0x04;
const NAME = /^[^\s+\u0000-\u001f]+$/u;
const SIZE = /^(0|[1-9][0-9]{0,15})$/;
const MAX_SIGNATURES = 100;

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key), in hex. */
export function keyId(name, type, publicKey) {
  return hex(sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).subarray(0, 4));
}

/** Read `name+id+key`; null unless it is a key of this type and its id fits. */
export function parseVkey(text, type = LOG_KEY) {
  const [, name, id, encoded] = /^([^+]+)\+([^+]+)\+(.+)$/.exec(text.trim()) ?? [];
  const data = name && NAME.test(name) ? unbase64(encoded) : null;
  if (data?.length !== 33 || data[0] !== type) return null;
  const publicKey = data.subarray(1);
  if (keyId(name, type, publicKey) !== id) return null;
  return { name, id, type, publicKey, vkey: text.trim(), label: `${name}+${id}` };
}

function readSignature(line) {
  const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const data = name && NAME.test(name) ? unbase64(encoded) : null;
  if (!data || data.length <= 4) throw new Mismatch(say("存证校验点的签名行写法不对"));
  return { name, id: hex(data.subarray(0, 4)), bytes: data.subarray(4), label: `${name}+${hex(data.subarray(0, 4))}` };
}

/** The signed text, final newline included, and its signatures, none of them verified. */
export function splitNote(note) {
  const at = note.lastIndexOf("\n\n");
  const lines = at < 0 ? [] : note.slice(at + 2).split("\n");
  if (at < 0 || lines.length < 2 || lines.at(-1) !== "" || lines.length > MAX_SIGNATURES + 1) {
    throw new Mismatch(say("存证校验点不完整：应有文字、一个空行和签名"));
  }
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new Mismatch(say("存证校验点含有控制字符"));
  return { text: note.slice(0, at + 1), signatures: lines.slice(0, -1).map(readSignature) };
}

/** Whether this key made this signature over the text. */
export function isSignedBy(key, signature, text) {
  const witness = key.type === WITNESS_KEY;
  const bytes = signature.bytes;
  if (bytes.length !== (witness ? 72 : 64)) return false;
  const message = witness ? utf8(`cosignature/v1\ntime ${cosignedAt(signature)}\n${text}`) : utf8(text);
  try {
    return ed25519.verify(bytes.subarray(witness ? 8 : 0), message, key.publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** When a witness signed, in seconds since 1970. */
export function cosignedAt(signature) {
  return new DataView(signature.bytes.buffer, signature.bytes.byteOffset, 8).getBigUint64(0);
}

/**
 * The checkpoint in a note, and which of the keys signed it. `by` is empty if none of them did.
 * Throws `Mismatch` for a signature that names a given key but was not made by it.
 */
export function openCheckpoint(note, keys) {
  const { text, signatures } = splitNote(note);
  const by = [];
  for (const signature of signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.id);
    if (!key) continue;
    if (!isSignedBy(key, signature, text)) {
      throw new Mismatch(say("{key} 的签名与存证校验点的文字不符：文字或签名被改动过", { key: key.label }));
    }
    by.push({ key, signature });
  }
  return { ...parseCheckpoint(text), note, by, signatures };
}

/** Origin, size and root. The text is three lines or more. */
export function parseCheckpoint(text) {
  const [origin, size, root] = text.split("\n");
  const bytes = unbase64(root ?? "");
  if (!origin || !SIZE.test(size ?? "") || bytes?.length !== 32) {
    throw new Mismatch(say("存证校验点写法不对：应为账本名称、条数和根哈希三行"));
  }
  return { origin, size: Number(size), root: bytes };
}
