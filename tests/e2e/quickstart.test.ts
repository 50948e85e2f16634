// The quick start of the manual, in a browser, with a real registry and a real client; at "/" and below a prefix. The browser
// must find nothing to complain about, and every page must pass the accessibility checker in both colour schemes.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type Scheme, Tab, launchBrowser, schemes } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { Skopeo } from '../support/containers.ts';
import { helloWorldImage } from '../support/image.ts';
import { eventually } from '../support/process.ts';
import { Registry } from '../support/registry.ts';
import { Spectacles } from '../support/spectacles.ts';

const password = 'correct horse battery';
const pages = [
  ...['/', '/namespaces', '/namespaces/1', '/namespaces/1?tab=access', '/namespaces/new', '/repositories', '/repositories/1', '/registries', '/registries/1'],
  ...['/registries/add', '/explain', '/explain/who', '/explain/reach', '/decisions', '/audit', '/unassigned', '/users', '/users/1', '/groups', '/profile', '/settings'],
];

for (const webRoot of ['', '/registry']) {
  describe(`quick start at ${webRoot || '/'}`, () => {
    let browser: Browser;
    let tab: Tab;
    let console: Console;
    let spectacles: Spectacles;
    let registry: Registry;

    before(async () => {
      spectacles = await Spectacles.create({ WEB_ROOT: webRoot, SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '2' });
      await spectacles.start();
      registry = await Registry.start({ realm: spectacles.realm, rootcertbundle: spectacles.certificate });
      browser = await launchBrowser();
      tab = await Tab.open(browser);
      console = new Console(tab, spectacles.url);
    });
    after(async () => {
      await browser?.close();
      await Promise.all([registry?.stop(), spectacles?.stop()]);
    });
    afterEach(() => assert.deepEqual(tab.problems.splice(0), [], 'the browser complained'));

    for (const scheme of schemes) {
      test(`the registration page is accessible in ${scheme}`, async () => {
        await tab.page.emulateMedia({ colorScheme: scheme });
        await console.visit('/register');
        assert.deepEqual(await tab.violations(), []);
      });
    }

    test('the first user registers and is the administrator', async () => {
      await console.visit('/');
      await console.field('User name').waitFor(); // who comes first is asked to register
      await console.register('ada', password);
      await console.section('Users').waitFor(); // only administrators have it
    });

    test('the registry is tested and added', () => console.addRegistry('main', registry.url));

    test('the namespace is created', () => console.createNamespace('main', 'test'));

    test('an image that a client pushes shows with its tag', async () => {
      const client = new Skopeo();
      const login = await client.login(registry.host, 'ada', password);
      assert.equal(login.code, 0, login.text);
      for (const name of ['loose/hello-world', 'test/hello-world']) {
        const push = await client.copy(`dir:${await helloWorldImage()}`, `docker://${registry.host}/${name}:latest`);
        assert.equal(push.code, 0, push.text);
      }

      await console.go('Repositories');
      const row = tab.page.getByRole('link', { name: 'test/hello-world' }).first();
      await eventually(30, async () => {
        await tab.page.reload();
        await console.settle();
        return row.isVisible();
      });
      await row.click();
      await tab.page.getByText('latest').first().waitFor();
    });

    test('the forms say which images would change hands', async () => {
      await console.visit('/namespaces/new');
      await console.field('Name').fill('loose');
      await tab.page.getByText('1 repository would come under its rights').waitFor();
      await tab.page.getByText('From no namespace:').waitFor();
      await tab.page.getByRole('listitem').filter({ hasText: /^loose\/hello-world$/ }).waitFor();
      await expectNoViolations();

      await console.visit('/namespaces/1?tab=access');
      await console.button('Delete test').click();
      await console.dialog.getByText('1 repository changes hands').waitFor();
      await console.dialog.getByText('To no namespace, where only administrators reach them:').waitFor();
      await console.dialog.getByText('test/hello-world', { exact: true }).waitFor();
      await expectNoViolations();
      await console.button('Cancel').click();
    });

    test('a page can be reloaded where it is', async () => {
      for (const path of pages) {
        await console.visit(path);
        assert.equal(tab.page.url().replace(/\/$/, ''), (spectacles.url + path).replace(/\/$/, ''));
        assert.doesNotMatch(await console.heading.innerText(), /not found/i, path);
      }
    });

    for (const scheme of schemes) {
      for (const path of pages) {
        test(`${path} is accessible in ${scheme}`, () => expectAccessible(path, scheme));
      }
    }

    test('who signs out is asked to sign in', async () => {
      await console.visit('/');
      await console.signOut();
      await console.visit('/namespaces');
      await console.field('Password').waitFor();
      for (const scheme of schemes) await expectAccessible('/sign-in', scheme);
      await console.signIn('ada', password);
    });

    async function expectAccessible(path: string, scheme: Scheme): Promise<void> {
      await tab.page.emulateMedia({ colorScheme: scheme });
      await console.visit(path);
      assert.deepEqual(await tab.violations(), []);
    }
    // As the page is now.
    async function expectNoViolations(): Promise<void> {
      for (const scheme of schemes) {
        await tab.page.emulateMedia({ colorScheme: scheme });
        assert.deepEqual(await tab.violations(), [], scheme);
      }
    }
  });
}
