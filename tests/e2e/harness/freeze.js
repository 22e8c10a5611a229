// Puts something that stays in the place of times, ids, fingerprints and ports, so that two pictures of one screen are the same.
// Only the texts are changed, not the elements: the page goes on with those.
const say = (element, words) => {
  const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  if (text !== null) text.nodeValue = words;
};
const WORDS = "arrival unvaried unworried subtract hazelnut attest";
const KEY = "vHrUxQ5bXo0a7cW1yYH8k9Jt2s6nE4mD3pLfGzRqKuA";
const FACTS = {
  "Gateway fingerprint": WORDS,
  "Certificate SHA-256": "058c56024a4658abe10c55998f809341a9c8352456bf1bf506f7b959ba2fe3bd",
  "Link valid for": "9 minutes",
  "Key id": KEY,
  "Saved at": "Nov 24, 2026, 10:12:30 AM",
  "Valid until": "Nov 24, 2027, 10:12:30 AM",
};
for (const fact of document.querySelectorAll(".fact")) {
  const [name, value] = fact.children;
  if (FACTS[name.innerText] !== undefined) say(value, FACTS[name.innerText]);
  if (name.innerText === "Stored") say(value, value.innerText.replace(/, [^,]+, \d{4}, .*/, ", Nov 24, 2026, 10:12:30 AM"));
}
const PLACES = {
  "[data-chosen=gateway]": "https://localhost:8050",
  "[data-chosen=words]": WORDS,
  "[data-receipt=kid]": KEY,
  "[data-receipt=at]": "Nov 24, 2026, 10:12:30 AM",
  ".field--trusted code": "058c56024a4658abe10c55998f809341a9c8352456bf1bf506f7b959ba2fe3bd",
  ".build code": "5b0f".repeat(16),
};
for (const [place, words] of Object.entries(PLACES)) document.querySelectorAll(place).forEach((element) => say(element, words));
for (const time of document.querySelectorAll("[data-stage] > span")) say(time, "7 ms");
for (const json of document.querySelectorAll(".json")) say(json, json.textContent.replace(/gw-[0-9a-f]{8}/g, "gateway"));
// Text fields that the page sets again by itself, at each second: it is told that what it wants is there.
const pose = (field, pattern, words) => {
  if (field === null || Object.hasOwn(field, "value")) return;
  const genuine = field.value;
  field.value = genuine.replace(pattern, words);
  Object.defineProperty(field, "value", { get: () => genuine, set: () => {} });
};
pose(document.getElementById("linked-service-json"), /(EncryptedCredential=)[^;"]*/, "$1cgref:gateway/demo-factory/SalesSqlServer/1");
pose(document.getElementById("field-server"), /^localhost:\d+$/, "localhost:5432");
// No focus, which depends on how the screen was reached, and no caret.
document.activeElement?.blur();
scrollTo(0, 0);
