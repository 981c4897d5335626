// Fetches the parts of a published log. Nothing it returns is believed before it is checked.

import { Unable } from "./faults.js";
import { say } from "./say.js";
import { openingsPath, tilePath, WIDTH } from "./tree.js";

const PATIENCE = 30_000;
const RETRY = say("请检查网络后再试一次；如果一直这样，请到“存证账本”页看看封存是否正常");

export class Log {
  /** `base` is the address of the published form, such as `/log/`. */
  constructor(base) {
    this.base = base;
  }

  async #get(path) {
    let answer;
    try {
      answer = await fetch(this.base + path, {
        // What the site serves now is what is to be checked, not what a cache once got.
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      throw new Unable(say("连不上本站，取不到账本"), RETRY);
    }
    if (answer.status === 404 || answer.status === 410) return null;
    if (!answer.ok) throw new Unable(say("取不到账本的 {path}（HTTP {status}）", { path, status: answer.status }), RETRY);
    try {
      return new Uint8Array(await answer.arrayBuffer());
    } catch {
      throw new Unable(say("取账本的 {path} 时中断", { path }), RETRY);
    }
  }

  async #text(path) {
    const bytes = await this.#get(path);
    return bytes && new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }

  async #json(path) {
    const text = await this.#text(path);
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch {
      throw new Unable(say("本站的 {path} 不是 JSON", { path }), RETRY);
    }
  }

  /** The newest signed note, or null while nothing is sealed. */
  checkpoint() {
    return this.#text("checkpoint");
  }

  /** The newest note that a witness signed, or null. */
  witnessed() {
    return this.#text("checkpoint.witnessed");
  }

  /** One public story with what it takes to check it, or null where it is not public. */
  thread(name) {
    return this.#json(`threads/${name.split("/").map(encodeURIComponent).join("/")}`);
  }

  /** The key rotations, oldest first. */
  async handovers() {
    return (await this.#json("handovers.json"))?.handovers ?? [];
  }

  /** What may be read of the bundle that holds entry `index`. */
  openings(index) {
    return this.#json(openingsPath(Math.floor(index / WIDTH)));
  }

  /** A tile, or the bundle of leaves where `kind` is "entries". */
  async tile(kind, index, width) {
    const partial = await this.#get(tilePath(kind, index, width));
    // A partial tile may have been dropped once it was full.
    const bytes = partial ?? (width < WIDTH ? await this.#get(tilePath(kind, index)) : null);
    if (!bytes) throw new Unable(say("本站缺少账本的 {path}", { path: tilePath(kind, index, width) }), RETRY);
    return bytes;
  }

  /** For `Tree`. */
  get readTile() {
    return (level, index, width) => this.tile(level, index, width);
  }
}
