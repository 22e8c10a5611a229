// Starts the page. A file of its own, because the page's policy allows no script in the document; the address and the hash
// of each part are stamped in by `cargo xtask page`, and the browser refuses a part that does not match its hash.

const show = (id) => document.getElementById(id).removeAttribute("hidden");
// The placeholder's own late sentence would say the same again.
const replace = (id) => {
  document.getElementById("setter").setAttribute("hidden", "");
  show(id);
};

if (typeof WebAssembly !== "object" || typeof WebAssembly.instantiateStreaming !== "function") {
  replace("too-old");
} else {
  try {
    // Both at once; the module is compiled while it arrives.
    const program = fetch("@WASM_URL@", { integrity: "@WASM_INTEGRITY@", credentials: "omit", redirect: "error" });
    const glue = import("@GLUE_URL@");
    // Awaited one after the other below: this one must not count as unhandled meanwhile.
    program.catch(() => {});
    const { default: init } = await glue;
    await init({ module_or_path: await program });
  } catch {
    replace("not-loaded");
  }
}
