// Bytes as text and back. WebCrypto is missing on plain-HTTP pages, so SHA-256 is noble's.

import { sha256 } from "../../vendor/noble-hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "../../vendor/noble-hashes/utils.js";

export { bytesToHex as hex, concatBytes as concat, hexToBytes as unhex, sha256, utf8ToBytes as utf8 };

/** Whether two byte arrays are the same. */
export function same(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Standard base64. */
export function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** The bytes, or null unless `text` is their one standard encoding. */
export function unbase64(text) {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return base64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
