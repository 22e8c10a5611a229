// Base64url (RFC 4648 section 5), of text in UTF-8 or of bytes: what stands in a ticket, and what goes into an address.

export function encode(text) {
  return encodeBytes(new TextEncoder().encode(text));
}

export function encodeBytes(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// Throws if it is none.
export function decode(encoded) {
  const bytes = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt()));
}
