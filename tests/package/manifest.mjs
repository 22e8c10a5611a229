// Compares custom-elements.json and the types with what the element is: node manifest.mjs <package folder> <source folder>
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, sources] = process.argv.slice(2).map((each) => resolve(each));
const read = (...path) => readFileSync(join(...path), "utf8");
const matches = (text, pattern) => [...new Set([...text.matchAll(pattern)].map((match) => match[1]))].sort();
const same = (found, said, what) => assert.deepEqual([...said].sort(), [...found].sort(), what);

const source = readdirSync(sources).filter((name) => name.endsWith(".js")).map((name) => read(sources, name)).join("\n");
const types = read(folder, "credential-setter.d.ts");
const readme = read(folder, "README.md");
const { modules } = JSON.parse(read(folder, "custom-elements.json"));
const [{ path, declarations: [element] }] = modules;
const names = (list, key = "name") => list.map((each) => each[key]);

// The class itself, as a server sees it: no element can be made there, but its prototype can be looked at.
const exported = await import(pathToFileURL(join(folder, path)));
same(Object.keys(exported), [element.name], "exports");
const own = Object.getOwnPropertyDescriptors(exported.CredentialSetterElement.prototype);
const callbacks = ["constructor", "attributeChangedCallback", "disconnectedCallback"];
const methods = Object.keys(own).filter((name) => own[name].value !== undefined && !callbacks.includes(name));
const accessors = Object.keys(own).filter((name) => own[name].get !== undefined);
const fields = matches(source, /^ {2}(\w+) = this\.\1 \?\? null;$/gm);
const ofKind = (kind) => element.members.filter((member) => member.kind === kind);
same(methods, names(ofKind("method")), "methods");
same([...accessors, ...fields], names(ofKind("field")), "properties");
same(accessors, names(element.attributes, "fieldName"), "properties that are attributes");

const attributes = [...matches(source, /^ {2}\["\w+", "([\w-]+)", /gm), "disabled"];
same(attributes, names(element.attributes), "attributes");
same(matches(source, /"(cs-(?:open|ready|saved|tested|error|cancel))"/g), names(element.events), "events");
same([...matches(source, /make\("\w+", "(\w+)"\)/g), ...matches(source, /\.part = "(\w+)"/g)], names(element.cssParts), "parts");
same(matches(source, /var\((--[\w-]+),/g), names(element.cssProperties), "custom properties");
for (const { name, default: value } of element.cssProperties) assert.ok(source.includes(`var(${name}, ${value})`), name);

// Texts only: a portal's policy may ask for trusted types.
for (const sink of ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("]) {
  assert.ok(!source.includes(sink), sink);
}

// The types have the same names.
const member = (name) => assert.match(types, new RegExp(`^ {2}${name}[:(]`, "m"), `${name} in the types`);
[...names(element.members)].forEach(member);
same(matches(types, /^ {2}"(cs-\w+)": CustomEvent</gm), names(element.events), "events in the types");

// Every code is told, explained and in the table.
const codes = matches(read(sources, "advice.js"), /^ {2}(\w+): \[/gm).filter((code) => code !== "gateway");
same(codes, matches(types.match(/type ErrorCode =([^;]*);/)[1], /"(\w+)"/g), "codes in the types");
same(codes, matches(readme, /^\| `(\w+)` \| (?:yes|no)/gm), "codes in README.md");
const rest = source.replace(read(sources, "advice.js"), "");
for (const code of codes) assert.ok(rest.includes(`"${code}"`), `${code} is never told`);
for (const each of [...attributes, ...names(element.events), ...names(element.members), ...names(element.cssParts)]) {
  assert.ok(readme.includes(`\`${each}`), `${each} is not in README.md`);
}
