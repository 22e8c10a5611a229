// Compiles a single-file component to the script that it is, in its place: node vue.mjs SetCredential.vue
import { readFileSync, writeFileSync } from "node:fs";
import { compileScript, parse } from "vue/compiler-sfc";

const [file] = process.argv.slice(2);
const { descriptor, errors } = parse(readFileSync(file, "utf8"), { filename: file });
if (errors.length > 0) throw errors[0];
const compilerOptions = { isCustomElement: (tag) => tag === "credential-setter" };
const { content } = compileScript(descriptor, { id: "set-credential", inlineTemplate: true, templateOptions: { compilerOptions } });
writeFileSync(file, content);
