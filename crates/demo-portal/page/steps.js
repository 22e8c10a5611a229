// One step at a time: Next when the step is complete, Back whenever one likes. Which one it is, is in the document.
//
// A step has its `section`, `missing()` (in words, or null if it is complete) and, if it has to draw something, `enter()`.

const element = (id) => document.getElementById(id);

export class Steps {
  #steps;

  constructor(steps) {
    this.#steps = steps;
    element("next").addEventListener("click", () => this.#next());
    element("back").addEventListener("click", () => this.#show(this.#current() - 1));
    element("finish").addEventListener("click", () => this.#finish());
    // What was missing may be there now.
    for (const name of ["input", "change", "cs-open"]) {
      document.querySelector("main").addEventListener(name, () => element("missing").replaceChildren());
    }
  }

  #current() {
    return this.#steps.findIndex((step) => !step.section.hidden);
  }

  #next() {
    const missing = this.#steps[this.#current()].missing();
    if (missing === null) return this.#show(this.#current() + 1);
    const alert = element("missing");
    alert.textContent = missing;
    alert.focus();
  }

  #show(position) {
    const last = this.#steps.length - 1;
    element("missing").replaceChildren();
    element("finished").replaceChildren();
    this.#steps.forEach(({ section }, index) => (section.hidden = index !== position));
    document.querySelectorAll(".steps li").forEach((item, index) => {
      item.classList.toggle("done", index < position);
      if (index === position) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    element("back").hidden = position === 0;
    element("next").hidden = position === last;
    element("finish").hidden = position !== last;
    const step = this.#steps[position];
    step.enter?.();
    const heading = step.section.querySelector("h2");
    document.title = `${heading.textContent} · Copy data · Harbour`;
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  #finish() {
    const finished = element("finished");
    finished.textContent =
      "A portal would create this pipeline now. This is a demo: none was created, and nothing will be copied. Both credentials are stored in the gateway.";
    finished.focus();
  }
}
