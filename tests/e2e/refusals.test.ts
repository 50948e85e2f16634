// What real clients were refused, in the console: it shows with its reason, is put right by who may, and the client gets in.
// Activity, repositories that belong to nobody, and the registry itself besides.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { expectAccessible } from '../support/accessible.ts';
import { Tab, launchBrowser } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { Skopeo } from '../support/containers.ts';
import { helloWorldImage } from '../support/image.ts';
import { eventually } from '../support/process.ts';
import { Site, type User, passwords } from '../support/site.ts';

describe('refusals in the console', () => {
  let site: Site;
  let browser: Browser;
  const clients = new Map<User | '', Skopeo>();

  before(async () => {
    site = await Site.start('a generated P-256 key');
    for (const user of ['ada', 'eve', 'bob'] as const) {
      const client = new Skopeo();
      const login = await client.login(site.registry.host, user, passwords[user]);
      assert.equal(login.code, 0, login.text);
      clients.set(user, client);
    }
    clients.set('', new Skopeo());
    for (const name of ['team/api', 'loose/tools/one']) {
      const push = await client('ada').copy(`dir:${await helloWorldImage()}`, `docker://${site.image(name)}`);
      assert.equal(push.code, 0, push.text);
    }
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  function client(user: User | ''): Skopeo {
    return clients.get(user) ?? assert.fail(`${user} has no client`);
  }
  const pulls = async (user: User | '', repository: string): Promise<boolean> => (await client(user).inspect(site.image(repository))).code === 0;

  async function as(user: User, body: (console: Console, tab: Tab) => Promise<void>): Promise<void> {
    const tab = await Tab.open(browser);
    const console = new Console(tab, site.spectacles.url);
    await console.signIn(user, passwords[user]);
    await body(console, tab);
    assert.deepEqual(tab.problems, []);
    await tab.close();
  }
  const rowOf = (console: Console, ...texts: string[]): Locator =>
    texts.reduce((rows, text) => rows.filter({ hasText: text }), console.page.getByRole('region', { name: 'Decisions' }).getByRole('row')).first();

  test('a pull that was refused is let in by one click of the owner', async () => {
    assert.equal(await pulls('eve', 'team/api'), false);
    await as('olga', async (console, tab) => {
      await console.go('Audit');
      await console.page.getByText('Nothing was refused in this time').waitFor(); // to olga herself
      await console.field('Namespace').selectOption({ label: 'team' });
      const row = rowOf(console, 'eve', 'team/api');
      await row.getByRole('button', { name: /^Why/ }).click();
      await console.dialog.getByRole('list', { name: 'Rules in their order' }).getByText('Everybody signed in').waitFor();
      await expectAccessible(tab);
      await console.dialog.getByRole('button', { name: 'Fix' }).click();
      await console.page.getByRole('heading', { name: 'Let eve pull' }).waitFor();
      await console.dialog.getByText('gains pull').waitFor();
      await expectAccessible(tab);
      await console.button('Save this right').click();
      await console.notice('eve may pull team/api now');
      await row.getByRole('button', { name: /^Fix/ }).click();
      await console.dialog.getByText('It is granted by now').waitFor();
    });
    assert.equal(await pulls('eve', 'team/api'), true);
  });

  test('who was refused sees his own refusals, and no way to help himself', async () => {
    assert.equal(await pulls('bob', 'loose/tools/one'), false);
    await as('bob', async (console) => {
      await console.go('Audit');
      await rowOf(console, 'bob', 'loose/tools/one').getByRole('button', { name: /^Why/ }).waitFor();
      assert.equal(await console.page.getByRole('button', { name: /^Fix/ }).count(), 0);
      assert.equal(await console.page.getByRole('cell', { name: 'eve', exact: true }).count(), 0);
    });
  });

  test('a refusal shows while somebody looks, until that is paused', () =>
    as('ada', async (console) => {
      await console.visit('/decisions?user=-');
      await console.page.getByText('No decision matches').waitFor();
      assert.equal(await pulls('', 'team/api'), false);
      await rowOf(console, 'Anonymous', 'team/api').waitFor();
      await console.button('Live').click();
      await console.page.waitForURL('**live=off**');
      await console.button('Paused').waitFor();
    }));

  test('nobody signed in is let pull by the anonymous right', () =>
    as('ada', async (console) => {
      assert.equal(await pulls('', 'team/api'), false);
      await console.visit('/decisions?user=-');
      await rowOf(console, 'Anonymous', 'team/api').getByRole('button', { name: /^Fix/ }).click();
      await console.dialog.getByText('Everybody gains, without signing in').waitFor();
      await console.button('Save this right').click();
      await console.notice('Anonymous may pull team/api now');
      assert.equal(await pulls('', 'team/api'), true);
    }));

  test('the chart is read as a table, and a time is chosen by mouse and by keys', () =>
    as('ada', async (console, tab) => {
      const { page } = console;
      await console.visit('/decisions?outcome=all&period=day');
      await page.getByText('As a table').click();
      const table = page.getByRole('region', { name: 'Decisions over time as a table' });
      await table.getByRole('row').nth(1).waitFor();
      await expectAccessible(tab);

      const chart = page.getByRole('slider');
      await chart.focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Shift+ArrowLeft');
      assert.match((await chart.getAttribute('aria-valuetext')) ?? '', / to .*: \d+ granted, \d+ refused$/);
      await page.keyboard.press('Enter');
      await page.waitForURL(/since=.*until=/);
      assert.equal(await page.getByLabel('Time', { exact: true }).inputValue(), 'chosen');
      await rowOf(console, 'eve', 'team/api').waitFor();
      await console.button('Whole time').click();
      await page.waitForURL((url) => !url.search.includes('since'));

      const box = (await chart.boundingBox()) ?? assert.fail('the chart has no place');
      await page.mouse.move(box.x + 5, box.y + 30);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2, box.y + 30, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL(/since=.*until=/);
      await page.getByText('Nothing was decided in this time').waitFor();
    }));

  test('what is filtered is exported', () =>
    as('ada', async (console) => {
      await console.visit('/decisions?user=eve');
      for (const [name, first] of [['CSV', /^id,/], ['JSON lines', /^\{"id":/]] as const) {
        const download = console.page.waitForEvent('download');
        await console.page.getByRole('group', { name: 'Export' }).getByRole('link', { name }).click();
        const chunks: Buffer[] = [];
        for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
        const text = Buffer.concat(chunks).toString();
        assert.match(text, first);
        assert.match(text, /team\/api/);
        assert.doesNotMatch(text, /\bbob\b/);
      }
    }));

  test('an entry of the activity shows what was before and after', () =>
    as('ada', async (console, tab) => {
      const api = await site.spectacles.signIn('ada', passwords.ada);
      const [open] = (await api.get('/namespaces?q=open')).body;
      assert.equal((await api.request('PATCH', `/namespaces/${open.id}`, { description: 'for everybody' })).status, 200);
      await console.visit('/audit?kind=namespace');
      await console.page.getByRole('figure', { name: 'Activity over time' }).getByText('As a table').click();
      await console.page.getByRole('region', { name: 'Activity over time as a table' }).getByRole('row').nth(1).waitFor();
      await console.page.getByRole('row').filter({ hasText: 'changed namespace' }).filter({ hasText: 'open' }).first().getByRole('button', { name: /^Details/ }).click();
      const row = console.dialog.getByRole('region', { name: 'What changed' }).getByRole('row').filter({ hasText: 'description' });
      await row.waitFor(); // the dialog is loaded when it is opened
      assert.deepEqual(await row.getByRole('cell').allInnerTexts(), ['none', 'for everybody']);
      await expectAccessible(tab);
    }));

  test('a repository of nobody is given to somebody, who then decides', async () => {
    const api = await site.spectacles.signIn('ada', passwords.ada);
    await eventually(30, async () => (await api.get('/repositories?unassigned=true')).body.length > 0);
    await as('ada', async (console, tab) => {
      await console.visit('/decisions?user=bob');
      await rowOf(console, 'loose/tools/one').getByRole('button', { name: /^Fix/ }).click();
      await console.page.waitForURL('**/unassigned?q=loose**');
      await console.page.getByRole('button', { name: /^Give loose/ }).click();
      await console.field('Owner').fill('bob');
      await console.field('Namespace').selectOption('loose');
      await console.dialog.getByText('1 repository would come under its rights').waitFor();
      await expectAccessible(tab);
      await console.button('Give it').click();
      await console.notice('bob owns loose now, with 1 repository');
    });
    assert.equal(await pulls('bob', 'loose/tools/one'), true);
  });

  test('a registry is checked, read, paused and given another secret', () =>
    as('ada', async (console, tab) => {
      const { page } = console;
      await console.visit('/registries/1');
      await console.button('Check now').click();
      await page.getByText('Healthy').waitFor();
      await page.getByText('Accepts our tokens').waitFor();
      await console.button('Read now').click();
      await console.notice('main is read as soon as the background gets to it');
      await console.button('Pause pushes and deletes').click();
      await console.dialog.getByRole('button', { name: /^Pause/ }).click();
      await page.getByText('Paused', { exact: true }).waitFor();
      await expectAccessible(tab);
      const push = await client('ada').copy(`dir:${await helloWorldImage()}`, `docker://${site.image('team/api', 'late')}`);
      assert.notEqual(push.code, 0, push.text);
      await console.button('End the pause').click();
      await page.getByText('Pushes and deletes go through').waitFor();

      const settings = page.getByRole('region', { name: 'settings', exact: true });
      const before = await settings.innerText();
      await page.getByRole('button', { name: 'Make another secret' }).click();
      await console.dialog.getByText('is refused from now on').waitFor();
      await expectAccessible(tab);
      await console.dialog.getByRole('button', { name: 'Make another secret' }).click();
      await console.dialog.waitFor({ state: 'detached' });
      assert.notEqual(await settings.innerText(), before);
    }));
});
