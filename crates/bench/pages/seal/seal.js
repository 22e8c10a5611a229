// Loads one contender, named by the fragment, and times it on command. One page load measures one contender.
"use strict";

// The gateway's policy wants Trusted Types; the addresses are constants of this file.
const policy = window.trustedTypes?.createPolicy("seal-times", { createScriptURL: (url) => url }) ?? { createScriptURL: (url) => url };

function classicScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = policy.createScriptURL(url);
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${url} did not load`));
    document.head.append(script);
  });
}

// Each loads itself, is told its job, and then gives a function that takes the job's key in and gives a function that seals a credential.
const CONTENDERS = {
  async ours() {
    const glue = await import("/ours.js");
    await glue.default({ module_or_path: fetch("/ours.wasm") });
    return (job) => {
      const permission = new glue.Permission(job.ticket);
      const document = JSON.stringify({ keys: [job.jwk] });
      return () => {
        const sealer = permission.take_key(document);
        return ({ kind, auth, properties, secrets }) => sealer.seal(kind, auth, Object.entries(properties).flat(), Object.entries(secrets).flat());
      };
    };
  },
  async msrcrypto() {
    await classicScript("/msrcrypto.js");
    return (job) => () => javascript(msrcryptoContender, job);
  },
  async forge() {
    await classicScript("/forge.js");
    return (job) => () => javascript(forgeContender, job);
  },
  async webcrypto() {
    return (job) => () => javascript(webcryptoContender, job);
  },
};

async function javascript(contender, { jwk, kid, bind }) {
  const ready = await contender(jwk);
  return (credential) => seal(ready, kid, bind, credential);
}

const loaded = CONTENDERS[location.hash.slice(1)]();

// Takes the key in, seals once, then goes on sealing in batches long enough for the browser's coarse clock.
// Times are milliseconds for one envelope.
window.measure = async (job, warmBatches, batchMilliseconds) => {
  const takeKey = (await loaded)(job);
  // A pause, so that the work of loading is not counted.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const keyStart = performance.now();
  const sealOnce = await takeKey();
  const key = performance.now() - keyStart;
  const firstStart = performance.now();
  const envelope = await sealOnce(job.credential);
  const first = performance.now() - firstStart;

  const timed = async (count) => {
    const start = performance.now();
    for (let done = 0; done < count; done += 1) await sealOnce(job.credential);
    return (performance.now() - start) / count;
  };
  const warm = [];
  if (warmBatches > 0) {
    // Until the engine has stopped compiling: a fixed time for every contender, not a fixed number.
    const until = performance.now() + 1500;
    let one = first;
    while (performance.now() < until) one = await timed(5);
    const count = Math.max(1, Math.ceil(batchMilliseconds / one));
    for (let batch = 0; batch < warmBatches; batch += 1) warm.push(await timed(count));
  }
  return { key, first, warm, envelope };
};
