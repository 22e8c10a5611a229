// The last step: both receipts, the linked services' JSON with the references in place, and the pipeline that would be created.

import { showReceipt } from "/receipt.js";

const LEFT_OUT =
  "Server, database, account and the like are left out: they were sealed together with the secret, and this portal is told only what the receipt says. A portal that keeps the linked service's definition puts the reference into that one; the gateway's page shows the whole after Save.";
const NO_JSON = "This portal does not know the kind that the receipt names, and shows no JSON for it.";

export class ReviewStep {
  #wizard;
  #steps;
  #place;

  constructor(section, wizard, steps) {
    this.section = section;
    this.#wizard = wizard;
    this.#steps = steps;
    this.#place = section.querySelector("#reviewed");
  }

  missing() {
    return null;
  }

  // Drawn anew each time: the steps before may have changed.
  enter() {
    const { source, destination } = this.#steps;
    this.#place.replaceChildren(
      this.#linkedService("Source", source.stored),
      this.#linkedService("Destination", destination.stored),
      this.#pipeline(),
    );
  }

  #linkedService(role, { receipt, linkedServiceJson }) {
    const part = titled(`${role}: ${receipt.ls}`);
    part.dataset.review = role.toLowerCase();
    const shown = document.createElement("div");
    shown.className = "reviewed-receipt";
    shown.append(showReceipt(receipt, this.#wizard.kinds));
    part.append(shown);
    if (linkedServiceJson === null) part.append(paragraph(NO_JSON));
    else part.append(jsonDocument(linkedServiceJson, receipt.ls, LEFT_OUT));
    return part;
  }

  #pipeline() {
    const part = titled("Pipeline");
    part.dataset.review = "pipeline";
    const json = JSON.stringify(pipeline(this.#steps), null, 2);
    part.append(jsonDocument(json, "pipeline", "As this demo would hand it to its data factory."));
    return part;
  }
}

function pipeline({ source, destination, options }) {
  const { frequency } = options;
  const end = (step) => ({
    linkedServiceName: { referenceName: step.chosen, type: "LinkedServiceReference" },
  });
  return {
    name: `Copy from ${source.chosen} to ${destination.chosen}`,
    properties: {
      activities: [
        {
          name: "Copy",
          type: "Copy",
          source: { ...end(source), item: options.item },
          sink: end(destination),
          enableSkipIncompatibleRow: options.skipsFaultyRows,
        },
      ],
      ...(frequency === "Once" ? {} : { recurrence: { frequency, interval: 1 } }),
    },
  };
}

function jsonDocument(text, name, leftOut) {
  const fragment = document.getElementById("document").content.cloneNode(true);
  fragment.querySelector(".json").textContent = text;
  fragment.querySelector(".left-out").textContent = leftOut;
  const note = fragment.querySelector(".copied");
  const button = (what, act) => {
    const button = fragment.querySelector(`[data-do="${what}"]`);
    button.setAttribute("aria-label", `${button.textContent} the JSON of ${name}`);
    button.addEventListener("click", act);
  };
  button("copy", async () => {
    try {
      await navigator.clipboard.writeText(text);
      note.textContent = "Copied.";
    } catch {
      note.textContent = "The browser does not let this page copy. Select the text and copy it.";
    }
  });
  button("download", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = `${name}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  });
  return fragment;
}

function titled(words) {
  const part = document.createElement("section");
  const title = document.createElement("h3");
  title.textContent = words;
  part.append(title);
  part.className = "reviewed";
  part.ariaLabel = words;
  return part;
}

function paragraph(words) {
  const paragraph = document.createElement("p");
  paragraph.textContent = words;
  return paragraph;
}
