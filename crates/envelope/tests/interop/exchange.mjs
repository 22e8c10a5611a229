// Makes or opens envelopes with npm `jose`. Request on stdin, answer on stdout, both JSON.
// Arguments: the folder that `jose` is installed in.

import { createPrivateKey, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Debian 12's Node.js has it, but not as the global that the library uses.
globalThis.crypto ??= webcrypto;

const folder = process.argv[2];
const manifest = createRequire(join(folder, 'from-here.js')).resolve('jose/package.json');
const entry = JSON.parse(readFileSync(manifest)).exports['.'];
const module = join(manifest, '..', typeof entry === 'string' ? entry : (entry.import ?? entry.default));
const { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, generateKeyPair, importJWK } = await import(pathToFileURL(module));

const request = JSON.parse(readFileSync(0));
// RFC 7516 section 4.1.13: who opens must be told that `bind` is understood here, and who makes that it is meant.
const crit = { bind: true };

async function seal({ keys, header, plaintext }) {
  const { keys: [jwk] } = JSON.parse(keys);
  const envelope = await new CompactEncrypt(Buffer.from(plaintext, 'base64'))
    .setProtectedHeader(JSON.parse(header))
    .encrypt(await importJWK(jwk, 'RSA-OAEP-256'), { crit });
  return { envelope, thumbprint: await calculateJwkThumbprint(jwk) };
}

async function open({ pkcs8, envelope }) {
  const key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
  const { plaintext, protectedHeader } = await compactDecrypt(envelope, key, {
    crit,
    keyManagementAlgorithms: ['RSA-OAEP-256'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  return { plaintext: Buffer.from(plaintext).toString('base64'), header: protectedHeader };
}

// The same with what the profile excludes. This library has neither `zip` nor RSA1_5.
async function sealOtherwise({ keys, header, plaintext }) {
  const { keys: [{ kty, n, e }] } = JSON.parse(keys);
  const rsa = (alg) => importJWK({ kty, n, e }, alg);
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const variants = {
    'RSA-OAEP': [await rsa('RSA-OAEP'), {}],
    'PBES2-HS256+A128KW': [secret, {}, { p2c: 1_000_000 }],
    dir: [secret, {}],
    'ECDH-ES': [(await generateKeyPair('ECDH-ES')).publicKey, {}],
    'RSA-OAEP-256': [await rsa('RSA-OAEP-256'), { enc: 'A256CBC-HS512' }],
  };
  const envelopes = [];
  for (const [alg, [key, members, parameters]] of Object.entries(variants)) {
    const jwe = new CompactEncrypt(Buffer.from(plaintext, 'base64')).setProtectedHeader({ ...JSON.parse(header), alg, ...members });
    if (parameters) jwe.setKeyManagementParameters(parameters);
    envelopes.push({ members: { alg, ...members }, envelope: await jwe.encrypt(key, { crit }) });
  }
  return envelopes;
}

console.log(JSON.stringify(await { seal, open, sealOtherwise }[request.do](request)));
