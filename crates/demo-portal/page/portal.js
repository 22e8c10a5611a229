// The copy wizard: source, destination, options, review. A portal developer may copy from here; what matters for
// <credential-setter> is in linked-service.js (`wire`) and receipt.js (`verified`).
//
// What a person has chosen is in the document and in these modules, and gone with the page: nothing is in any storage.
import "/credential-setter.js";
import { LinkedServiceStep } from "/linked-service.js";
import { OptionsStep } from "/options.js";
import { ReviewStep } from "/review.js";
import { Steps } from "/steps.js";

const wizard = await (await fetch("/api/wizard")).json();
const element = (id) => document.getElementById(id);
element("factory").textContent = wizard.factory;

const source = new LinkedServiceStep(element("source"), wizard, {
  prefix: "",
  legend: "Linked service to copy from",
  taken: "Is the destination",
});
const destination = new LinkedServiceStep(element("destination"), wizard, {
  prefix: "destination-",
  legend: "Linked service to copy to",
  taken: "Is the source",
});
// Nothing is copied onto itself.
source.addEventListener("chosen", () => destination.take(source.chosen));
destination.addEventListener("chosen", () => source.take(destination.chosen));

const options = new OptionsStep(element("options"));
const review = new ReviewStep(element("review"), wizard, { source, destination, options });
new Steps([source, destination, options, review]);
