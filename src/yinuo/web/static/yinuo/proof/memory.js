// What this browser remembers of the log: the key it trusts and the last checkpoint it checked.
// A rewritten log is found against this memory alone, so nothing overwrites it but a check that passed.

import { parseVkey } from "./note.js";

const NAME = "yinuo.proof/1";

/**
 * {vkey, from: "site" | "file", since, policy, note, size, root (hex), origin, at}; null while empty.
 * `from` says where the key was had, `policy` is the trust file as text or "".
 */
export function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "null");
    return kept && parseVkey(kept.vkey) ? kept : null;
  } catch {
    return null;
  }
}

/** Keep it. False where this browser lets pages store nothing. */
export function remember(kept) {
  try {
    localStorage.setItem(NAME, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/** Start anew. */
export function forget() {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // Nothing was kept, so nothing is left.
  }
}

/** Run `react` when another tab changes the memory. */
export function onChange(react) {
  addEventListener("storage", (event) => {
    if (event.key === NAME || event.key === null) react();
  });
}
