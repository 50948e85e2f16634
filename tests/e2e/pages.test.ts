// How the embedded console is served: what browsers and caches are told.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Spectacles } from '../support/spectacles.ts';

for (const webRoot of ['', '/registry']) {
  describe(`the console's files at ${webRoot || '/'}`, () => {
    let spectacles: Spectacles;
    before(async () => {
      spectacles = await Spectacles.create({ WEB_ROOT: webRoot });
      await spectacles.start();
    });
    after(() => spectacles?.stop());

    const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(spectacles.url + path, { headers, redirect: 'manual' });

    test('every page is the app, without a redirect', async () => {
      for (const path of ['/', '/namespaces', '/repositories/7', '/sign-in?to=x']) {
        const reply = await get(path);
        assert.equal(reply.status, 200, path);
        assert.equal(reply.headers.get('content-type'), 'text/html; charset=utf-8');
        assert.equal(reply.headers.get('cache-control'), 'no-cache');
      }
    });

    test('the policy names exactly the scripts of the page', async () => {
      const reply = await get('/');
      const html = await reply.text();
      const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map(
        ([, script]) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
      );
      const policy = reply.headers.get('content-security-policy') ?? '';
      assert.equal(/script-src ([^;]*)/.exec(policy)?.[1], ["'self'", ...inline].join(' '));
      for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"]) {
        assert.ok(policy.split('; ').includes(part), part);
      }
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(reply.headers.get('x-frame-options'), 'DENY');
      assert.equal(reply.headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(reply.headers.get('x-content-type-options'), 'nosniff');
      assert.ok(reply.headers.get('permissions-policy'));
    });

    test('scripts are kept for ever, packed, and below the prefix', async () => {
      const html = await (await get('/')).text();
      assert.doesNotMatch(html, /__spectacles_root__/);
      const scripts = [...html.matchAll(/"(\/[^"]*\/immutable\/[^"]*\.js)"/g)].map(([, path]) => path);
      assert.ok(scripts.length > 0, 'the page loads no script of its own');
      const packed: Response[] = [];
      for (const script of scripts) {
        assert.ok(script.startsWith(`${webRoot}/_app/`), script);
        const reply = await get(script.slice(webRoot.length), { 'accept-encoding': 'gzip' });
        assert.equal(reply.status, 200, script);
        assert.equal(reply.headers.get('cache-control'), 'public, max-age=31536000, immutable');
        if (reply.headers.get('content-encoding') === 'gzip') packed.push(reply);
      }
      assert.ok(packed.length > 0, 'no script is packed');
      for (const reply of packed) assert.equal(reply.headers.get('vary'), 'Accept-Encoding');
    });

    test('what did not change is not sent again', async () => {
      const etag = (await get('/')).headers.get('etag') ?? '';
      assert.match(etag, /^"[\w-]+"$/);
      const again = await get('/', { 'if-none-match': etag });
      assert.equal(again.status, 304);
      assert.equal((await get('/', { 'if-none-match': '"another"' })).status, 200);
    });

    test('a file that is not there is not the app', async () => {
      for (const path of ['/_app/immutable/old.js', '/robots.txt', '/logo.png', '/api/v1/nothing']) {
        assert.equal((await get(path)).status, 404, path);
      }
    });

    if (webRoot) {
      test('nothing is above the prefix', async () => {
        assert.equal((await fetch(`http://localhost:${spectacles.port}/namespaces`)).status, 404);
      });
    }
  });
}
