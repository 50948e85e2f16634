// What works on every page: the keyboard, looking for anything, and a session that ends while somebody works.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { expectAccessible } from '../support/accessible.ts';
import { Tab, launchBrowser } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { Spectacles } from '../support/spectacles.ts';

const password = 'correct horse battery';
const namespaces = ['alpha', 'beta', 'gamma'];
const world = `
registries:
  - {name: main, url: "http://localhost:1", public: "hub.example.org", service: "Docker registry"}
users:
  - {username: ada, password: "${password}", role: admin}
  - {username: bob, password: "${password}"}
namespaces:
${namespaces.map((name) => `  - {registry: main, name: ${name}, owner: ada}`).join('\n')}
`;

describe('the frame of the console, below a prefix', () => {
  let spectacles: Spectacles;
  let browser: Browser;

  before(async () => {
    spectacles = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off', WEB_ROOT: '/registry' });
    await spectacles.start();
    await spectacles.apply(world);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await spectacles?.stop();
  });

  // What the person does in a tab of his own, of whose problems the browser may name only these.
  async function as(username: string, body: (console: Console, tab: Tab) => Promise<void>, expected = /^$/): Promise<void> {
    const tab = await Tab.open(browser);
    const console = new Console(tab, spectacles.url);
    await console.signIn(username, password);
    await body(console, tab);
    assert.deepEqual(tab.problems.filter((problem) => !expected.test(problem)), []);
    await tab.close();
  }
  const option = (console: Console, name: string | RegExp) => console.page.getByRole('option', { name });
  const isAt = (console: Console, path: string) => console.page.waitForURL(`${spectacles.url}${path}`);

  test('a namespace, a user and a page are found by the keyboard alone', () =>
    as('ada', async (console, tab) => {
      const { keyboard } = console.page;
      await keyboard.press('/');
      await keyboard.type('bet');
      await option(console, /^beta/).waitFor();
      await expectAccessible(tab);
      await keyboard.press('Enter');
      await console.page.getByRole('heading', { level: 1, name: 'beta' }).waitFor();

      await keyboard.press('Control+k');
      await keyboard.type('bob');
      await option(console, /^bob/).waitFor();
      await keyboard.press('Enter');
      await console.page.getByRole('heading', { level: 1, name: 'bob' }).waitFor();

      await keyboard.press('Control+k');
      await keyboard.type('set');
      await option(console, 'Settings').waitFor();
      await keyboard.press('Enter');
      await isAt(console, '/settings');
    }));

  test('the dialog says when nothing is called so, and Escape closes it', () =>
    as('bob', async (console) => {
      await console.page.keyboard.press('/');
      await console.page.keyboard.type('zebra');
      await console.page.getByText('Nothing is called like that.').waitFor();
      await console.page.keyboard.press('Escape');
      await console.dialog.waitFor({ state: 'detached' });
    }));

  test('who is no administrator is offered no page of administrators', () =>
    as('bob', async (console) => {
      await console.page.keyboard.press('Control+k');
      await option(console, 'Namespaces').waitFor();
      assert.equal(await option(console, 'Users').count(), 0);
      assert.equal(await option(console, 'Add registry').count(), 0);
      await console.page.keyboard.type('ada'); // whom he may not look up
      await console.page.getByText('Nothing is called like that.').waitFor();
    }));

  test('letters typed into a field open nothing', () =>
    as('ada', async (console) => {
      await console.visit('/namespaces');
      await console.page.getByLabel('Search namespaces').pressSequentially('/?jk');
      assert.equal(await console.page.getByLabel('Search namespaces').inputValue(), '/?jk');
      assert.equal(await console.dialog.count(), 0);
    }));

  test('the keyboard goes through a list and opens a row', () =>
    as('ada', async (console) => {
      const { keyboard } = console.page;
      await console.go('Namespaces');
      await console.page.getByRole('link', { name: 'alpha' }).waitFor();
      const focused = () => console.page.evaluate(() => document.activeElement?.textContent);
      await keyboard.press('j');
      assert.equal(await focused(), 'alpha');
      await keyboard.press('j');
      await keyboard.press('ArrowDown');
      assert.equal(await focused(), 'gamma');
      await keyboard.press('k');
      assert.equal(await focused(), 'beta');
      await keyboard.press('Enter');
      await console.page.getByRole('heading', { level: 1, name: 'beta' }).waitFor();
    }));

  test('what the keyboard can do is shown, and its letters can be switched off', () =>
    as('ada', async (console, tab) => {
      await console.go('Namespaces');
      await console.page.keyboard.press('?');
      await console.page.getByRole('heading', { name: 'Keyboard' }).waitFor();
      await expectAccessible(tab);
      await console.page.getByLabel('Keys of one letter work').uncheck();
      await expectAccessible(tab);
      await console.page.keyboard.press('Escape');
      await console.dialog.waitFor({ state: 'detached' });
      await console.page.keyboard.press('?'); // what it opens is loaded already
      await console.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      assert.equal(await console.dialog.count(), 0);
      await console.page.keyboard.press('Control+k');
      await console.page.getByRole('combobox', { name: 'Search for anything' }).waitFor();
    }));

  test('a session that ends under a form is renewed over it, and the change is made', () =>
    as(
      'ada',
      async (console, tab) => {
        await console.visit('/namespaces?q=gamma');
        await console.page.getByRole('link', { name: 'gamma' }).click();
        await console.page.getByRole('link', { name: 'Access', exact: true }).click();
        await console.field('Description').fill('Typed before the session was over');
        await console.page.context().clearCookies();
        await console.button('Save changes').click();
        const over = console.page.getByRole('dialog', { name: 'Your session is over' });
        await over.waitFor();
        await expectAccessible(tab);
        await console.page.keyboard.press('Escape');
        await over.getByLabel('Password').fill('not the password');
        await over.getByRole('button', { name: 'Sign in' }).click();
        await over.getByRole('alert').waitFor();
        await over.getByLabel('Password').fill(password);
        await over.getByRole('button', { name: 'Sign in' }).click();
        await console.notice('The changes are saved');
        assert.equal(await over.count(), 0);
        await console.page.reload();
        await console.settle();
        assert.equal(await console.field('Description').inputValue(), 'Typed before the session was over');
      },
      /\b401\b/, // which the browser prints
    ));

  test('somebody else may sign in instead', () =>
    as(
      'ada',
      async (console) => {
        await console.visit('/namespaces');
        await console.page.context().clearCookies();
        await console.page.reload();
        await console.field('User name').fill('bob');
        await console.field('Password').fill(password);
        await console.button('Sign in').click();
        await console.page.getByRole('link', { name: /^bob\b.*your profile/ }).waitFor();
      },
      /\b401\b/,
    ));
});
