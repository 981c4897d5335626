// The SHA-256 of a report that somebody was handed, computed here: the file never leaves this computer.

import { hex, sha256 } from "./bytes.js";

const chosen = document.querySelector("[data-report-file]");
const digest = document.querySelector("#id_digest");

chosen.addEventListener("change", async () => {
  const [file] = chosen.files;
  if (file) {
    digest.value = hex(sha256(new Uint8Array(await file.arrayBuffer())));
    digest.form.querySelector("button[type=submit]").focus();
  }
});
