// Makes or opens one envelope with npm `jose`. Request on stdin, answer on stdout, both JSON.
// Arguments: the folder that `jose` is installed in.

import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
const manifest = createRequire(join(folder, 'from-here.js')).resolve('jose/package.json');
const entry = JSON.parse(readFileSync(manifest)).exports['.'];
const module = join(manifest, '..', typeof entry === 'string' ? entry : (entry.import ?? entry.default));
const { CompactEncrypt, calculateJwkThumbprint, compactDecrypt, importJWK } = await import(pathToFileURL(module));

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

console.log(JSON.stringify(await { seal, open }[request.do](request)));
