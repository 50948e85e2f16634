// The tools of the browser tests see what they are there to see, on pages that are wrong on purpose.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Tab, launchBrowser } from '../support/browser.ts';

const policy = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";
const page = (body: string): string => `<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,"><main>${body}</main></html>`;
const bodies: Record<string, string> = {
  '/good': page('<h1>A page</h1>'),
  '/inline-script': page('<h1>A page</h1><script>document.title = "run"</script>'),
  '/text-to-script': page('<h1>A page</h1><script src="/sink.js"></script>'),
  '/throws': page('<h1>A page</h1><script src="/throws.js"></script>'),
  '/misses-a-script': page('<h1>A page</h1><script src="/nowhere.js"></script>'),
  '/no-label': page('<h1>A page</h1><input type="text">'),
  '/sink.js': 'document.querySelector("h1").innerHTML = "<b>text</b>";',
  '/throws.js': 'throw new Error("thrown on purpose");',
};
const server = createServer((request, response) => {
  const body = bodies[request.url ?? ''];
  const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
  response.writeHead(body ? 200 : 404, { 'content-type': type, 'content-security-policy': `${policy}; img-src data:` }).end(body);
});
let browser: Browser;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

async function visit(path: string): Promise<{ problems: string[]; violations: string[] }> {
  const tab = await Tab.open(browser);
  await tab.page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  const violations = await tab.violations();
  await tab.close();
  return { problems: tab.problems, violations };
}

test('a good page has no problem, and checking it makes none', async () => {
  assert.deepEqual(await visit('/good'), { problems: [], violations: [] });
});

for (const [path, problem] of [
  ['/inline-script', /Content Security Policy/],
  ['/text-to-script', /TrustedHTML/],
  ['/throws', /thrown on purpose/],
  ['/misses-a-script', /404/],
] as const) {
  test(`${path} is a problem`, async () => {
    const { problems } = await visit(path);
    assert.ok(problems.some((line) => problem.test(line)), problems.join('\n'));
  });
}

test('a field without a label is a violation', async () => {
  const { violations } = await visit('/no-label');
  assert.equal(violations.length, 1, violations.join('\n'));
  assert.match(violations[0], /^label: input/);
});
