// 存证校验码: a checkpoint on paper. The same rules as yinuo/ledger/tlog/code.py.

import { concat, sha256, utf8 } from "./bytes.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PREFIX = 20;
const MEANT = { O: "0", I: "1", L: "1" };

function base32(bytes, characters) {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  let text = "";
  for (let at = 0; at < characters * 5; at += 5) text += ALPHABET[parseInt(bits.slice(at, at + 5), 2)];
  return text;
}

const check = (origin, size, prefix) => base32(sha256(concat(utf8(`${origin}\n${size}\n`), prefix)), 2);

/** The code of a checkpoint {origin, size, root}, as printed. */
export function encode({ origin, size, root }) {
  const prefix = root.subarray(0, PREFIX);
  return [size, ...base32(prefix, 32).match(/.{4}/g), check(origin, size, prefix)].join("-");
}

/** {size, prefix} of a code as typed; null unless it is one of the log named `origin`. */
export function decode(typed, origin) {
  const plain = [...typed.normalize("NFKC").toUpperCase()]
    .filter((c) => !/\s/u.test(c))
    .map((c) => MEANT[c] ?? (/[‐‑‒–—―−]/u.test(c) ? "-" : c))
    .join("");
  const [, size, rest] = /^(0|[1-9][0-9]{0,15})-(.*)$/.exec(plain) ?? [];
  const characters = (rest ?? "").replaceAll("-", "");
  if (!/^[0-9A-HJKMNP-TV-Z]{34}$/.test(characters)) return null;
  let bits = "";
  for (const c of characters.slice(0, 32)) bits += ALPHABET.indexOf(c).toString(2).padStart(5, "0");
  const prefix = Uint8Array.from({ length: PREFIX }, (_, at) => parseInt(bits.slice(at * 8, at * 8 + 8), 2));
  return check(origin, size, prefix) === characters.slice(32) ? { size: Number(size), prefix } : null;
}
