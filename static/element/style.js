// A constructed sheet, because a strict Content-Security-Policy refuses <style>. Portals theme it with the custom
// properties below or with ::part().
let sharedSheet;
export function styleSheet() {
  if (sharedSheet === undefined) {
    sharedSheet = new CSSStyleSheet();
    sharedSheet.replaceSync(CSS_TEXT);
  }
  return sharedSheet;
}

const CSS_TEXT = `
:host { display: inline-block; }
:host([mode="frame"]) { display: block; }
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
button {
  font: inherit;
  font-weight: 600;
  min-block-size: 2.75rem;
  padding: 0.5rem 1.25rem;
  border: 1px solid transparent;
  border-radius: var(--credential-setter-radius, 8px);
  background: var(--credential-setter-background, #1f5fd0);
  color: var(--credential-setter-color, #ffffff);
  cursor: pointer;
}
button:hover { filter: brightness(1.08); }
button:focus-visible { outline: 3px solid var(--credential-setter-focus, #7aa7ff); outline-offset: 2px; }
button:disabled { opacity: 0.5; cursor: not-allowed; filter: none; }
div:not(:empty) { margin-block-start: 0.75rem; }
[part="offer"] { display: block; margin-block-start: 0.5rem; }
[part="close"] { display: block; margin-inline-start: auto; }
iframe { display: block; inline-size: 100%; min-block-size: 20rem; border: 0; }
@media (forced-colors: active) { button { border-color: ButtonBorder; } }
`;
