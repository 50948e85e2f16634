// A first start as a whole: register, go through the set-up, start a registry with exactly what it says, and push. Every step
// passes the accessibility checker in both colour schemes and fits a telephone.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Tab, launchBrowser, schemes } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { Skopeo } from '../support/containers.ts';
import { helloWorldImage } from '../support/image.ts';
import { temporaryFolder } from '../support/process.ts';
import { Registry } from '../support/registry.ts';
import { Spectacles } from '../support/spectacles.ts';

const password = 'correct horse battery';

describe('the set-up', () => {
  let spectacles: Spectacles;
  let registry: Registry | undefined;
  let browser: Browser;
  let tab: Tab;
  let console: Console;

  before(async () => {
    spectacles = await Spectacles.create({ SPECTACLES_PUBLIC_URL: '', SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '2' });
    await spectacles.start();
    browser = await launchBrowser();
    tab = await Tab.open(browser);
    console = new Console(tab, spectacles.url);
  });
  after(async () => {
    await browser?.close();
    await Promise.all([registry?.stop(), spectacles?.stop()]);
  });
  afterEach(() => assert.deepEqual(tab.problems.splice(0), [], 'the browser complained'));

  const step = (title: string) => console.page.getByRole('heading', { level: 2, name: title, exact: true }).waitFor();
  async function expectWell(): Promise<void> {
    await tab.idle();
    for (const scheme of schemes) {
      await tab.page.emulateMedia({ colorScheme: scheme });
      assert.deepEqual(await tab.violations(), [], `${tab.page.url()} in ${scheme}`);
    }
    await tab.page.setViewportSize({ width: 390, height: 800 });
    assert.equal(await tab.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, tab.page.url());
    await tab.page.setViewportSize({ width: 1280, height: 800 });
  }

  test('who registers first is led into it, and to the public address', async () => {
    await console.register('ada', password);
    await step('Public address');
    assert.equal(await console.field('Public address').inputValue(), spectacles.url);
    await expectWell();
    await console.field('Public address').fill('ftp://nowhere');
    await console.button('Save and go on').click();
    await console.page.getByRole('alert').waitFor();
    tab.problems.splice(0); // the browser prints that it was refused
    await console.field('Public address').fill(spectacles.url);
    await console.button('Save and go on').click();
  });

  test('the certificate of the key is shown, and how to bring another', async () => {
    await step('Signing key');
    await expectWell();
    assert.equal(await console.page.getByRole('region', { name: 'certificate', exact: true }).innerText(), readFileSync(spectacles.certificate, 'utf8'));
    await console.page.getByText('Use a key of your own').click();
    await expectWell();
    await console.button('Keep it and go on').click();
  });

  test('a registry runs with what the page says', async () => {
    await step('Settings of the registry');
    await expectWell();
    const text = await console.page.getByRole('region', { name: 'settings', exact: true }).innerText();
    const setting = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? assert.fail(`${name} is not in ${text}`);
    await console.page.getByRole('tab', { name: 'Certificate' }).click();
    const rootcertbundle = join(temporaryFolder('setup'), 'domain.crt');
    writeFileSync(rootcertbundle, await console.page.getByRole('region', { name: 'certificate', exact: true }).innerText());
    registry = await Registry.start({
      realm: setting('REGISTRY_AUTH_TOKEN_REALM'),
      service: setting('REGISTRY_AUTH_TOKEN_SERVICE').replaceAll('"', ''),
      issuer: setting('REGISTRY_AUTH_TOKEN_ISSUER').replaceAll('"', ''),
      rootcertbundle,
    });
    await console.button('It runs with them').click();
  });

  test('the connection is tested, says what to change, and is found well', async () => {
    await step('Connection');
    await expectWell();
    await console.field('Address').fill('http://localhost:1');
    await console.button('Test connection').click();
    await console.page.getByText('What to do:').first().waitFor();
    await expectWell();
    await console.field('Address').fill(registry?.url ?? '');
    await console.button('Test again').or(console.button('Test connection')).click();
    await console.button('Add').click();
    await console.page.getByText('All is well').waitFor();
    for (const check of ['Name look-up', 'Connection', 'Asks for tokens', 'Sends clients here', 'Service name', 'Clock', 'Deletes']) {
      await console.page.getByRole('listitem').filter({ hasText: check }).filter({ hasText: 'Passed' }).first().waitFor();
    }
    await expectWell();
    await console.button('Next').click();
  });

  test('who leaves and comes back goes on where he was', async () => {
    await step('First namespace');
    await console.go('Dashboard');
    await console.button('Go on with the set-up').click();
    await step('First namespace');
    await console.page.getByRole('link', { name: 'Skip this step' }).click();
    await step('First push');
    await console.page.getByText('There is no namespace to push into yet').waitFor();
    await console.page.goBack();
    await step('First namespace');
    await expectWell();
    await console.button('Create and go on').click();
  });

  test('the last step turns green when the first push arrives', async () => {
    await step('First push');
    await console.page.getByText('Waiting', { exact: true }).waitFor();
    const host = registry?.host ?? '';
    await console.page.getByText(`docker push ${host}/test/hello-world:latest`).waitFor();
    await expectWell();
    const client = new Skopeo();
    const login = await client.login(host, 'ada', password);
    assert.equal(login.code, 0, login.text);
    const push = await client.copy(`dir:${await helloWorldImage()}`, `docker://${host}/test/hello-world:latest`);
    assert.equal(push.code, 0, push.text);
    await console.page.getByText('test/hello-world is in the registry').waitFor({ timeout: 30_000 });
    await expectWell();
    await console.button('Look at it').click();
    await console.page.getByRole('heading', { level: 1, name: 'test/hello-world' }).waitFor();
  });

  test('it is for administrators only', async () => {
    await spectacles.apply(`users: [{username: bob, password: "${password}"}]`);
    const other = await Tab.open(browser);
    const bob = new Console(other, spectacles.url);
    await bob.signIn('bob', password);
    await bob.visit('/setup');
    await bob.page.getByText('Only administrators set the server up').waitFor();
    assert.deepEqual(other.problems, []);
    await other.close();
  });
});
