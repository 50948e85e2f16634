// Tokens as a registry reads them, and the two key ids that registries know.
import assert from 'node:assert/strict';
import { type JsonWebKey, type KeyObject, X509Certificate, createHash, createPublicKey, verify } from 'node:crypto';

export interface Access {
  type: string;
  name: string;
  actions: string[];
}
export interface Token {
  header: { alg: string; kid: string; typ?: string; x5c?: string[] };
  claims: { iss: string; sub: string; aud: string; exp: number; nbf: number; iat: number; jti: string; access: Access[] };
  signed: string;
  signature: Buffer;
}

const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

export function readToken(text: string): Token {
  const parts = text.split('.');
  assert.equal(parts.length, 3);
  for (const part of parts) assert.match(part, /^[A-Za-z0-9_-]+$/);
  const [header, claims, signature] = parts;
  return { header: decode(header), claims: decode(claims), signed: `${header}.${claims}`, signature: Buffer.from(signature, 'base64url') };
}

// ES256 and RS256; a signature of an elliptic key is r and s as they are, not DER.
export function isSignedBy(token: Token, key: KeyObject): boolean {
  assert.equal(token.header.alg, key.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256');
  return verify('sha256', Buffer.from(token.signed), { key, dsaEncoding: 'ieee-p1363' }, token.signature);
}

export const keyOfLeaf = (token: Token): KeyObject =>
  new X509Certificate(Buffer.from(token.header.x5c?.[0] ?? '', 'base64')).publicKey;

export const keyOfJwk = (jwk: JsonWebKey): KeyObject => createPublicKey({ key: jwk, format: 'jwk' });

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)]).join('');
}

// The id of libtrust: SHA-256 of the key's DER, its first 30 bytes in base32, in groups of four.
export function libtrustId(key: KeyObject): string {
  const hash = createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest();
  return (base32(hash.subarray(0, 30)).match(/.{4}/g) ?? []).join(':');
}

// RFC 7638.
export function thumbprint(key: KeyObject): string {
  const { kty, crv, x, y, n, e } = key.export({ format: 'jwk' });
  const canonical = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(canonical)).digest('base64url');
}
