// The Merkle tree of RFC 9162, stored in tiles as C2SP tlog-tiles says.
// The same steps as yinuo/ledger/tlog/{tree,tile,proof}.py; tests hold the two equal.

import { concat, hex, same, sha256 } from "./bytes.js";
import { Mismatch } from "./faults.js";
import { say } from "./say.js";

export const HASH = 32;
export const WIDTH = 256;
export const EMPTY_ROOT = sha256(new Uint8Array());

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** SHA-256(0x00 ‖ data). RFC 9162 §2.1.1. */
export const leafHash = (data) => sha256(concat(LEAF, data));

/** SHA-256(0x01 ‖ left ‖ right). RFC 9162 §2.1.1. */
export const nodeHash = (left, right) => sha256(concat(NODE, left, right));

/** The root over leaf hashes, level by level; a last node without a neighbour rises unchanged. */
export function rootOf(hashes) {
  if (!hashes.length) return EMPTY_ROOT;
  let row = hashes;
  while (row.length > 1) {
    const above = [];
    for (let at = 0; at + 1 < row.length; at += 2) above.push(nodeHash(row[at], row[at + 1]));
    if (row.length % 2) above.push(row.at(-1));
    row = above;
  }
  return row[0];
}

function numberPath(number) {
  const groups = [];
  for (let rest = number; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(String(rest % 1000).padStart(3, "0"));
  }
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
}

/** tile/0/x001/x234/067.p/12; `kind` is a level, or "entries". */
export function tilePath(kind, index, width = WIDTH) {
  return `tile/${kind}/${numberPath(index)}${width === WIDTH ? "" : `.p/${width}`}`;
}

/** The path of what may be read of bundle number `index`. */
export const openingsPath = (index) => `openings/${numberPath(index)}`;

/** How many hashes a tile has in a tree of `size` leaves. Sizes may pass 2³², so no shifts. */
export function tileWidth(level, index, size) {
  return Math.min(WIDTH, Math.floor(size / WIDTH ** level) - WIDTH * index);
}

/** The largest power of two below `size`, where RFC 9162 splits a tree. */
function half(size) {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** A stored tree of a given size; every tile is fetched at most once. */
export class Tree {
  /** `readTile(level, index, width)` gives at least the first `width` hashes, joined. */
  constructor(size, readTile) {
    this.size = size;
    this.readTile = readTile;
    this.tiles = new Map();
    this.nodes = new Map();
  }

  async tile(level, index) {
    const key = `${level}/${index}`;
    if (!this.tiles.has(key)) this.tiles.set(key, this.#fetch(level, index));
    return this.tiles.get(key);
  }

  async #fetch(level, index) {
    const width = tileWidth(level, index, this.size);
    const bytes = await this.readTile(level, index, width);
    if (bytes.length < width * HASH) {
      throw new Mismatch(say("账本的瓦片 {level}/{index} 不完整：应有 {width} 个哈希", { level, index: `${index}`, width }));
    }
    return bytes.subarray(0, width * HASH);
  }

  /** The root of the full subtree over leaves [index·2^height, (index + 1)·2^height). */
  async node(height, index) {
    const key = `${height}/${index}`;
    if (!this.nodes.has(key)) {
      const level = Math.floor(height / 8);
      const above = 2 ** (height % 8);
      const first = index * above;
      const bytes = await this.tile(level, Math.floor(first / WIDTH));
      const hashes = [];
      for (let at = first % WIDTH; hashes.length < above; at += 1) {
        hashes.push(bytes.subarray(at * HASH, (at + 1) * HASH));
      }
      this.nodes.set(key, rootOf(hashes));
    }
    return this.nodes.get(key);
  }

  /** The root over leaves [start, end) taken by themselves, split as in RFC 9162. */
  async span(start, end) {
    const nodes = [];
    let at = start;
    let left = end - start;
    while (left > 0) {
      let height = 0;
      while (2 ** (height + 1) <= left) height += 1;
      nodes.push(await this.node(height, at / 2 ** height));
      at += 2 ** height;
      left -= 2 ** height;
    }
    if (!nodes.length) return EMPTY_ROOT;
    return nodes.reduceRight((right, node) => nodeHash(node, right));
  }

  /** The hash of one leaf as it is stored. */
  leaf(index) {
    return this.node(0, index);
  }

  root() {
    return this.span(0, this.size);
  }
}

function inclusionPath(index, size) {
  if (!(index >= 0 && index < size)) throw new Mismatch(say("账本有 {size} 条，没有第 {index} 条", { size, index }));
  let [start, end] = [0, size];
  const path = [];
  while (end - start > 1) {
    const middle = start + half(end - start);
    if (index < middle) {
      path.push([middle, end]);
      end = middle;
    } else {
      path.push([start, middle]);
      start = middle;
    }
  }
  return path.reverse();
}

function consistencyPath(oldSize, newSize) {
  if (!(oldSize >= 0 && oldSize <= newSize)) {
    throw new Mismatch(say("账本只能增加：原有 {before} 条，现只有 {after} 条", { before: oldSize, after: newSize }));
  }
  if (oldSize === 0) return { seam: [0, 0], path: [] };
  let [start, end] = [0, newSize];
  const path = [];
  while (end !== oldSize) {
    const middle = start + half(end - start);
    if (oldSize <= middle) {
      path.push([middle, end]);
      end = middle;
    } else {
      path.push([start, middle]);
      start = middle;
    }
  }
  return { seam: [start, end], path: path.reverse() };
}

const spans = async (tree, list) => {
  const hashes = [];
  for (const [start, end] of list) hashes.push(await tree.span(start, end));
  return hashes;
};

/** The hashes that lead from leaf `index` to the root. RFC 9162 §2.1.3.1. */
export const proveInclusion = (tree, index) => spans(tree, inclusionPath(index, tree.size));

/** Return if the leaf is number `index` of the tree with this root; throws `Mismatch`. */
export function verifyInclusion(leaf, index, size, proof, root) {
  const path = inclusionPath(index, size);
  if (path.length !== proof.length) throw new Mismatch(say("证明的长度不对"));
  const computed = path.reduce(
    (hash, [, end], at) => (end <= index ? nodeHash(proof[at], hash) : nodeHash(hash, proof[at])),
    leaf,
  );
  if (!same(computed, root)) {
    throw new Mismatch(say("由第 {index} 条算得的根哈希是 {root}，与签名的不同", { index, root: hex(computed) }));
  }
}

/** The hashes that show this tree to continue the one of `oldSize`. RFC 9162 §2.1.4.1. */
export function proveConsistency(tree, oldSize) {
  const { seam, path } = consistencyPath(oldSize, tree.size);
  return spans(tree, seam[0] ? [seam, ...path] : path);
}

/** Return if the new tree begins with the very leaves of the old one; throws `Mismatch`. */
export function verifyConsistency(oldSize, oldRoot, newSize, newRoot, proof) {
  const { seam, path } = consistencyPath(oldSize, newSize);
  const nodes = [...proof];
  if (nodes.length !== path.length + (seam[0] ? 1 : 0)) throw new Mismatch(say("证明的长度不对"));
  let computedOld = seam[0] ? nodes.shift() : oldRoot;
  let computedNew = computedOld;
  path.forEach(([, end], at) => {
    if (end <= seam[0]) {
      computedOld = nodeHash(nodes[at], computedOld);
      computedNew = nodeHash(nodes[at], computedNew);
    } else {
      computedNew = nodeHash(computedNew, nodes[at]);
    }
  });
  if (oldSize === 0) {
    computedOld = EMPTY_ROOT;
    computedNew = newSize ? newRoot : EMPTY_ROOT;
  }
  if (!same(computedOld, oldRoot) || !same(computedNew, newRoot)) {
    throw new Mismatch(
      say("{after} 条时的账本（根哈希 {newRoot}）不是 {before} 条时的账本（根哈希 {oldRoot}）的延续", {
        after: newSize,
        newRoot: hex(newRoot),
        before: oldSize,
        oldRoot: hex(oldRoot),
      }),
    );
  }
}
