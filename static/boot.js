// Starts the page. A file of its own, because the page's policy allows no script in the document; the address and the hash
// of the program are stamped in by `cargo xtask page`, and the browser refuses what does not match its hash.
//
// The program's JavaScript half is put into this file by the build: of a script that is imported, not every browser compares the hash
// (WebKit does not, whatever a preload says).
import init from "./credential_setter.js";

import { decode } from "./base64url.js";

const show = (id) => document.getElementById(id).removeAttribute("hidden");
// The placeholder's own late sentence would say the same again.
const replace = (id) => {
  document.getElementById("setter").setAttribute("hidden", "");
  show(id);
};

// The program stops at a defect without a word (a message could hold what it should not); whoever waits is told so.
const stopped = () => show("stopped");

// What stands in the address in base64url: a ticket's claims, and what the portal would have the form begin with.
const read = (encoded) => {
  try {
    return JSON.parse(decode(encoded));
  } catch {
    // No ticket, or one that the program will find fault with.
    return {};
  }
};
const [link, defaults] = location.hash.split("&defaults=");
// A form to begin with while the program loads: index.html has one for each kind of data store that a ticket may name.
const form = document.getElementById(`form-${read(link.split(".")[1])?.kind}`);
if (form) {
  // The forms are the same in every language: a private-use character stands for each message.
  const words = document.getElementById("words").textContent.split("\n");
  const spoken = (text) => text.replace(/[\uE000-\uF8FF]/g, (mark) => words[mark.charCodeAt() - 0xe000]);
  const walk = document.createTreeWalker(form.content);
  for (let node; (node = walk.nextNode()); ) {
    if (node.attributes) for (const attribute of node.attributes) attribute.value = spoken(attribute.value);
    else node.data = spoken(node.data);
  }
  document.getElementById("setter").replaceChildren(form.content);
  // The program takes it for typed. A secret has another class of field, and is not filled.
  const begin = read(defaults);
  for (const control of document.querySelectorAll("form [name]:not(.secret__control, textarea)")) {
    const value = begin?.[control.name];
    if (typeof value === "string") control.type === "checkbox" ? (control.checked = value === "true") : (control.value = value);
  }
  performance.mark("cs-usable");
  document.querySelector("form :is(input, select, textarea):enabled").focus();
}

if (typeof WebAssembly !== "object" || typeof WebAssembly.instantiateStreaming !== "function") {
  replace("too-old");
} else {
  try {
    // It is on its way already: index.html preloads it in exactly this mode. The browser hands it over to be compiled as a stream
    // when all of it is there and has the hash: integrity comes before the overlap of loading and compiling.
    const module_or_path = await fetch("@WASM_URL@", { integrity: "@WASM_INTEGRITY@", redirect: "error" });
    addEventListener("error", stopped);
    addEventListener("unhandledrejection", stopped);
    await init({ module_or_path });
  } catch {
    replace("not-loaded");
  }
}
