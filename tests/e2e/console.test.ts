// What people do in the console beyond the quick start: share a namespace, ask why, sign in again, pin a certificate, copy.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Tab, launchBrowser } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { must, temporaryFolder } from '../support/process.ts';
import { Spectacles } from '../support/spectacles.ts';

const password = 'correct horse battery';
const world = `
registries:
  - {name: main, url: "http://localhost:1", public: "hub.example.org", service: "Docker registry"}
users:
  - {username: ada, password: "${password}", role: admin}
  - {username: olga, password: "${password}"}
  - {username: bob, password: "${password}"}
namespaces:
  - {registry: main, name: team, owner: olga}
  - {registry: main, name: private, owner: ada}
`;

describe('the console', () => {
  let spectacles: Spectacles;
  let browser: Browser;

  before(async () => {
    spectacles = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
    await spectacles.start();
    await spectacles.apply(world);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await spectacles?.stop();
  });

  // What the person does in a tab of his own, without a complaint of the browser.
  async function as(username: string, body: (console: Console, tab: Tab) => Promise<void>): Promise<void> {
    const tab = await Tab.open(browser);
    const console = new Console(tab, spectacles.url);
    await console.signIn(username, password);
    await body(console, tab);
    assert.deepEqual(tab.problems, []);
    await tab.close();
  }

  test('an owner shares his namespace, and the change is explained', () =>
    as('olga', async (console) => {
      await console.go('Namespaces');
      assert.equal(await console.page.getByRole('link', { name: 'private' }).count(), 0);
      await console.page.getByRole('link', { name: 'team' }).click();
      await console.page.getByRole('link', { name: 'Access', exact: true }).click();
      await console.level('Members', 'Write').check();
      await console.field('Add a member').fill('bob');
      await console.field('Add a member').press('Enter');
      await console.button('Save changes').click();
      await console.page.getByText('The changes are saved').waitFor();

      await console.visit('/explain?registry=main&user=bob&repository=team%2Fapi&action=pull%2Cpush');
      await console.page.getByText('Member of the namespace').waitFor();
      await console.page.getByText('Allowed', { exact: true }).waitFor();
      await console.visit('/explain?registry=main&user=bob&repository=team%2Fapi&action=delete');
      await console.page.getByText('Denied', { exact: true }).waitFor();
    }));

  test('changes that are not saved are not lost by accident', () =>
    as('olga', async (console) => {
      await console.visit('/namespaces');
      await console.page.getByRole('link', { name: 'team' }).click();
      await console.page.getByRole('link', { name: 'Access', exact: true }).click();
      await console.field('Description').fill('Everything of the team');
      const asked = new Promise<string>((resolve) => console.page.once('dialog', (dialog) => dialog.dismiss().then(() => resolve(dialog.message()))));
      await console.section('Repositories').click();
      assert.match(await asked, /without saving/);
      assert.equal(await console.field('Description').inputValue(), 'Everything of the team');
      await console.button('Discard').click();
      await console.go('Repositories');
    }));

  test('a user sees what he may act on, and nothing of administrators', () =>
    as('bob', async (console) => {
      for (const section of ['Registries', 'Users', 'Groups'] as const) assert.equal(await console.section(section).count(), 0, section);
      await console.go('Namespaces');
      assert.equal(await console.button('Create namespace').count(), 0);
    }));

  test('who has lost his session signs in and comes back', () =>
    as('ada', async (console) => {
      await console.visit('/users?q=bo');
      await console.page.getByRole('cell', { name: 'bob', exact: true }).waitFor();
      await console.page.context().clearCookies();
      await console.visit('/users?q=bo');
      await console.field('User name').fill('ada');
      await console.field('Password').fill(password);
      await console.button('Sign in').click();
      await console.page.getByRole('cell', { name: 'bob', exact: true }).waitFor();
      assert.equal(new URL(console.page.url()).pathname + new URL(console.page.url()).search, '/users?q=bo');
    }));

  test('signing in leads nowhere outside', async () => {
    const tab = await Tab.open(browser);
    const console = new Console(tab, spectacles.url);
    await console.visit(`/sign-in?next=${encodeURIComponent('//example.org/')}`);
    await console.field('User name').fill('bob');
    await console.field('Password').fill(password);
    await console.button('Sign in').click();
    await console.section('Dashboard').waitFor();
    assert.equal(new URL(tab.page.url()).origin, spectacles.url);
    await tab.close();
  });

  test('an administrator makes a user and a group, and sees what is wrong with a name', () =>
    as('ada', async (console, tab) => {
      await console.go('Users');
      await console.button('Create user').click();
      await console.field('User name').fill('Not a name!');
      await console.field('Password').fill(password);
      await console.button('Create').click();
      await console.page.getByRole('alert').waitFor();
      assert.deepEqual(await tab.violations(), []);
      await console.field('User name').fill('carol');
      await console.button('Create').click();
      await console.page.getByRole('cell', { name: 'carol', exact: true }).waitFor();

      await console.go('Groups');
      await console.button('Create group').click();
      await console.field('Name').fill('builders');
      await console.field('Add a member').fill('carol');
      await console.field('Add a member').press('Enter');
      await console.button('Create').click();
      await console.page.getByRole('cell', { name: 'carol', exact: true }).waitFor();
      tab.problems.splice(0); // the browser prints that the first try was refused
    }));

  test('a namespace is deleted after its dialog said what goes', () =>
    as('ada', async (console, tab) => {
      await console.visit('/namespaces?q=private');
      await console.page.getByRole('link', { name: 'private' }).click();
      await console.page.getByRole('link', { name: 'Access', exact: true }).click();
      await console.button('Delete private').click();
      const dialog = console.page.getByRole('dialog', { name: 'Delete private?' });
      await dialog.getByText('are lost').waitFor();
      assert.deepEqual(await tab.violations(), []);
      await dialog.getByRole('button', { name: 'Delete private' }).click();
      await console.page.waitForURL('**/namespaces');
      assert.equal(await console.page.getByRole('link', { name: 'private' }).count(), 0);
    }));

  test('copying works where the browser has no clipboard interface', () =>
    as('ada', async (console) => {
      await console.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
      await console.visit('/registries/add');
      await console.page.getByRole('button', { name: 'Copy settings' }).click();
      await console.page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
      await console.page.getByText('More', { exact: true }).click();
      const authority = console.page.getByLabel('Certificate authority');
      await authority.focus();
      await console.page.keyboard.press('Control+V');
      assert.match(await authority.inputValue(), /^REGISTRY_AUTH=token$/m);
    }));

  test('a certificate that no authority vouches for is shown, and pinned', async () => {
    const registry = await tlsRegistry(spectacles.realm);
    try {
      await as('ada', async (console) => {
        await console.visit('/registries/add');
        await console.field('Name').fill('secure');
        await console.field('Address').fill(`https://localhost:${(registry.address() as AddressInfo).port}`);
        await console.button('Test connection').click();
        await console.page.getByText('No authority vouches for this certificate').waitFor();
        assert.equal(await console.button('Add').count(), 0);
        await console.button('Pin this certificate').click();
        await console.button('Add').click();
        await console.page.getByRole('heading', { level: 1, name: 'secure' }).waitFor();
        await console.page.getByText('Pinned certificate').waitFor();
      });
    } finally {
      registry.close();
    }
  });
});

// What a registry says at /v2/, behind a certificate that it signed itself.
async function tlsRegistry(realm: string): Promise<Server> {
  const folder = temporaryFolder('tls');
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await must('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...names]);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
    const challenge = `Bearer realm="${realm}",service="Secure registry"`;
    response.writeHead(401, { 'WWW-Authenticate': challenge, 'Docker-Distribution-Api-Version': 'registry/2.0' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return server;
}
