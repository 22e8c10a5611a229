// A step with plain form controls: what is copied, how often, and what becomes of rows that cannot be.

export class OptionsStep {
  #item;

  constructor(section) {
    this.section = section;
    this.#item = section.querySelector("#item");
    this.#item.addEventListener("input", () => this.#item.removeAttribute("aria-invalid"));
  }

  get item() {
    return this.#item.value.trim();
  }
  // `Once`, `Hour` or `Day`.
  get frequency() {
    return this.#checked("frequency");
  }
  get skipsFaultyRows() {
    return this.#checked("faults") === "skip";
  }

  missing() {
    if (this.item !== "") return null;
    this.#item.setAttribute("aria-invalid", "true");
    return "Say what to copy: a table or a folder of the source.";
  }

  #checked(name) {
    return this.section.querySelector(`[name="${name}"]:checked`).value;
  }
}
