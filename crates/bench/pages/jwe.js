// The job that every JavaScript contender does: the same JWE as the `envelope` crate makes, from the same values.
// A contender supplies {random(length), wrap(cek), encrypt(cek, iv, aad, plaintext)}; bytes are Uint8Array throughout.
"use strict";

const BUCKETS = [256, 512, 1024, 2048, 4096, 8192];
const utf8 = new TextEncoder();

function base64url(bytes) {
  let binary = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode.apply(null, bytes.subarray(start, start + 8192));
  }
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function fromBase64url(text) {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

// JSON in the one spelling of RFC 8785 (members in ascending order), padded to the next bucket.
function plaintext(credential) {
  const secrets = {};
  for (const name of Object.keys(credential.secrets).sort()) secrets[name] = { replace: credential.secrets[name] };
  const properties = {};
  for (const name of Object.keys(credential.properties).sort()) properties[name] = credential.properties[name];
  const json = utf8.encode(JSON.stringify({ auth: credential.auth, kind: credential.kind, properties, secrets, v: 1 }));
  const bucket = BUCKETS.find((size) => size >= json.length);
  if (!bucket) throw new Error("too long");
  const padded = new Uint8Array(bucket).fill(0x20);
  padded.set(json);
  return padded;
}

async function seal(contender, kid, bind, credential) {
  const { df, exp, gw, iat, jti, ls, op } = bind;
  const ascending = { df, exp, gw, iat, jti, ls, op };
  const header = { alg: "RSA-OAEP-256", bind: ascending, crit: ["bind"], cty: "json", enc: "A256GCM", kid, typ: "credential+jwe" };
  const encodedHeader = base64url(utf8.encode(JSON.stringify(header)));
  const cek = contender.random(32);
  const iv = contender.random(12);
  const wrapped = await contender.wrap(cek);
  const { ciphertext, tag } = await contender.encrypt(cek, iv, utf8.encode(encodedHeader), plaintext(credential));
  return [encodedHeader, ...[wrapped, iv, ciphertext, tag].map(base64url)].join(".");
}

function withoutTag(sealed) {
  const bytes = new Uint8Array(sealed);
  return { ciphertext: bytes.subarray(0, bytes.length - 16), tag: bytes.subarray(bytes.length - 16) };
}

// WebCrypto and msrCrypto have the same interface.
async function subtleContender(subtle, random, jwk, aesKey) {
  const oaep = { name: "RSA-OAEP", hash: { name: "SHA-256" } };
  const { kty, n, e } = jwk;
  const key = await subtle.importKey("jwk", { kty, n, e, alg: "RSA-OAEP-256", ext: true }, oaep, true, ["encrypt"]);
  return {
    random,
    wrap: async (cek) => new Uint8Array(await subtle.encrypt(oaep, key, cek)),
    encrypt: async (cek, iv, additionalData, bytes) => {
      const aes = await aesKey(cek);
      return withoutTag(await subtle.encrypt({ name: "AES-GCM", iv, additionalData, tagLength: 128 }, aes, bytes));
    },
  };
}

function webcryptoContender(jwk) {
  const aesKey = (cek) => crypto.subtle.importKey("raw", cek, { name: "AES-GCM" }, false, ["encrypt"]);
  return subtleContender(crypto.subtle, (length) => crypto.getRandomValues(new Uint8Array(length)), jwk, aesKey);
}

function msrcryptoContender(jwk) {
  // Version 1.5 starts a Web Worker of its own accord; 1.6 and later do not. Without it, all is done on the page's thread.
  msrCrypto.subtle.forceSync = true;
  // It takes AES keys as a JWK only.
  const aesKey = (cek) => {
    const key = { kty: "oct", k: base64url(cek), alg: "A256GCM", ext: true };
    return msrCrypto.subtle.importKey("jwk", key, { name: "AES-GCM" }, true, ["encrypt"]);
  };
  return subtleContender(msrCrypto.subtle, (length) => msrCrypto.getRandomValues(new Uint8Array(length)), jwk, aesKey);
}

function forgeContender(jwk) {
  const toForge = (bytes) => String.fromCharCode.apply(null, bytes);
  const fromForge = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const number = (text) => new forge.jsbn.BigInteger(forge.util.bytesToHex(toForge(fromBase64url(text))), 16);
  const key = forge.pki.setRsaPublicKey(number(jwk.n), number(jwk.e));
  return {
    random: (length) => fromForge(forge.random.getBytesSync(length)),
    wrap: (cek) => {
      const digests = { md: forge.md.sha256.create(), mgf1: { md: forge.md.sha256.create() } };
      return fromForge(key.encrypt(toForge(cek), "RSA-OAEP", digests));
    },
    encrypt: (cek, iv, aad, bytes) => {
      const cipher = forge.cipher.createCipher("AES-GCM", toForge(cek));
      cipher.start({ iv: toForge(iv), additionalData: toForge(aad), tagLength: 128 });
      cipher.update(forge.util.createBuffer(bytes));
      cipher.finish();
      return { ciphertext: fromForge(cipher.output.getBytes()), tag: fromForge(cipher.mode.tag.getBytes()) };
    },
  };
}
