// What is in the registries, in a real browser and at a real registry: what an image is made of, what a deletion takes
// along, what comes back, what is kept, and who is told.
import assert from 'node:assert/strict';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { expectAccessible } from '../support/accessible.ts';
import { Tab, launchBrowser } from '../support/browser.ts';
import { CatalogSite, longName, longTag, password } from '../support/catalog_site.ts';
import { Console } from '../support/console.ts';
import { eventually } from '../support/process.ts';

describe('the catalog in the console', () => {
  let site: CatalogSite;
  let browser: Browser;
  let pages: Record<string, string>;

  before(async () => {
    site = await CatalogSite.start();
    browser = await launchBrowser();
    const [app, web, empty, long] = await Promise.all(['team/app', 'team/web', 'open/tools/hello', longName].map((name) => site.repository(name)));
    const team = await site.namespace('team');
    pages = { app: `/repositories/${app}`, web: `/repositories/${web}`, empty: `/repositories/${empty}`, long: `/repositories/${long}`, team: `/namespaces/${team}` };
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  // What the person does in a tab of his own, without a complaint of the browser.
  async function as(username: string | undefined, body: (console: Console, tab: Tab) => Promise<void>): Promise<void> {
    const tab = await Tab.open(browser);
    const console = new Console(tab, site.spectacles.url);
    if (username) await console.signIn(username, password);
    await body(console, tab);
    assert.deepEqual(tab.problems, []);
    await tab.close();
  }
  const row = (console: Console, text: string): Locator => console.page.getByRole('row').filter({ hasText: text });
  const part = (console: Console, name: string): Locator => console.page.getByRole('link', { name: new RegExp(`^${name}( \\d+)?$`) });
  const image = (path: string, tag: string, more = ''): string => `${path}/image?tag=${tag}${more}`;

  const everyPage = (): string[] => [
    ...['/repositories', '/repositories?view=tree', '/repositories?sort=-size', '/trash', pages.app, `${pages.app}?tab=activity`, pages.web, pages.long],
    ...['', '&tab=steps', '&tab=configuration', '&tab=manifest', '&tab=tags', '&tab=attached'].map((tab) => image(pages.app, '1.0.0', tab)),
    ...['', '&tab=layers'].map((tab) => image(pages.app, 'multi', tab)),
    ...[image(pages.empty, 'nothing'), image(pages.web, longTag), pages.team, `${pages.team}?tab=retention`, `${pages.team}?tab=webhooks`, `${pages.team}?tab=activity`],
  ];
  for (const username of ['ada', 'bob']) {
    test(`the pages are accessible to ${username} in light and dark`, () =>
      as(username, async (console, tab) => {
        for (const path of everyPage().filter((each) => username === 'ada' || !each.includes('webhooks'))) {
          await console.visit(path);
          await expectAccessible(tab);
        }
      }));
  }

  test('nothing is wider than a telephone', () =>
    as('ada', async (console) => {
      await console.page.setViewportSize({ width: 390, height: 800 });
      for (const path of everyPage()) {
        await console.visit(path);
        assert.equal(await console.page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'), false, path);
      }
    }));

  test('repositories are searched, sorted and shown as folders, and the address says how', () =>
    as('ada', async (console) => {
      await console.visit('/repositories?q=team');
      await row(console, 'team/web').waitFor();
      assert.equal(await row(console, 'nowhere/lost').count(), 0);
      await console.button('Size').click();
      await console.page.waitForURL('**/repositories?q=team&sort=-size');
      await eventually(5, async () => /team\/app/.test(await console.page.getByRole('row').nth(1).innerText()));
      await console.field('Shown as').selectOption('tree');
      await console.page.waitForURL('**view=tree**');
      await console.page.getByRole('group').filter({ hasText: 'team' }).first().waitFor();
      await console.page.getByRole('link', { name: 'web', exact: true }).click();
      await console.page.getByRole('heading', { level: 1, name: 'team/web' }).waitFor();
    }));

  test('tags sort with their numbers in order', () =>
    as('bob', async (console) => {
      await console.visit(`${pages.web}?q=pr-`);
      await row(console, 'pr-11').waitFor();
      const names = await console.page.getByRole('row').locator('a[href*="tag="]').allInnerTexts();
      assert.deepEqual(names, ['pr-1', 'pr-2', 'pr-10', 'pr-11']);
      assert.equal(await console.button('Delete marked').count(), 0, 'who only reads is offered nothing else');
      assert.equal(await console.button('Delete all').count(), 0);
    }));

  test('an image of several platforms shows them, the missing one too, and what one of them is made of', () =>
    as('bob', async (console) => {
      await console.visit(image(pages.app, 'multi'));
      const host = site.registry.host;
      for (const command of [`docker pull ${host}/team/app:multi`, `podman pull ${host}/team/app:multi`, `skopeo copy docker://${host}/team/app:multi dir:image`, `image: ${host}/team/app:multi`]) {
        await console.page.getByText(command, { exact: true }).waitFor();
      }
      await console.page.getByLabel('By digest').check();
      await console.page.getByText(`docker pull ${host}/team/app@${site.digests.index}`, { exact: true }).waitFor();
      await row(console, 'linux/s390x').getByText('Missing').waitFor();
      await row(console, 'linux/amd64').getByText('There').waitFor();
      await row(console, 'linux/arm64').getByRole('link', { name: 'Layers' }).click();
      await console.page.waitForURL(`**&platform=${encodeURIComponent(site.digests.arm ?? '')}&tab=layers`);
      await console.page.getByText('1 layer, 12 B').waitFor();
      await part(console, 'Platforms').click();
      await row(console, 'linux/amd64').getByRole('link', { name: 'Layers' }).click();
      await console.page.getByText('2 layers, 24.4 kB').waitFor();
      await part(console, 'Build steps').click();
      await console.page.getByText('CMD ["--port" "8080"]').waitFor();
      await part(console, 'Configuration').click();
      for (const text of ['GREETING', 'hello=world', '["/bin/app","--serve"]', '8080/tcp', '1000:1000', '<img src=x onerror=alert(1)>']) await console.page.getByText(text, { exact: true }).waitFor();
      await part(console, 'Manifest').click();
      await console.page.getByText('"schemaVersion": 2').waitFor();
      await console.visit(image(pages.app, '1.0.0', '&tab=tags'));
      await console.page.getByRole('link', { name: 'team/app:latest' }).waitFor();
      await console.visit(image(pages.app, '1.0.0', '&tab=attached'));
      await console.page.getByRole('cell', { name: 'Signature', exact: true }).waitFor();
    }));

  test('a manifest is copied and saved to the byte', () =>
    as('bob', async (console) => {
      await console.visit(image(pages.app, '1.0.0', '&tab=manifest'));
      const [download] = await Promise.all([console.page.waitForEvent('download'), console.page.getByRole('link', { name: 'Download' }).click()]);
      const bytes = await (await download.createReadStream()).toArray();
      const { createHash } = await import('node:crypto');
      assert.equal(`sha256:${createHash('sha256').update(Buffer.concat(bytes)).digest('hex')}`, site.digests.image);
      await console.page.getByLabel('As it is').check();
      assert.match(await console.page.getByRole('region', { name: 'manifest' }).innerText(), /^\{ "schemaVersion": 2,\n "mediaType"/);
    }));

  // Each deletes and brings back in his own tag, so that no test needs another.
  for (const [username, path] of [['fred', 'app'], ['olga', 'web'], ['ada', 'many']] as const) {
    test(`${username} deletes a tag, sees what stays, and brings it back`, () =>
      as(username, async (console, tab) => {
        const name = `team/${path}`;
        const own = `of-${username}`;
        await site.pusher.image(name, own);
        const at = `/repositories/${await site.repository(name)}`;
        await eventually(20, async () => (await site.admin.get(`/repositories/${await site.repository(name)}/tags/${own}`)).status === 200);
        await console.visit(image(at, own));
        await console.button('Delete tag').click();
        await console.dialog.getByText('1 image dies').waitFor();
        await expectAccessible(tab);
        await console.dialog.getByRole('button', { name: `Delete tag ${own}` }).click();
        await console.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
        await eventually(5, async () => (await row(console, own).count()) === 0);
        assert.ok(!(await site.pusher.tags(name)).includes(own));

        await console.go('Trash');
        await console.button(`Restore ${name} ${own}`).click();
        await console.dialog.getByText('the same digest').waitFor();
        await expectAccessible(tab);
        await console.dialog.getByRole('button', { name: 'Restore' }).click();
        await console.notice(`${name} is back as ${own}`);
        await row(console, own).getByText('Brought back').waitFor();
        assert.ok((await site.pusher.tags(name)).includes(own));
      }));
  }

  test('a tag that shares its image goes alone, and the dialog names those that stay', () =>
    as('fred', async (console) => {
      await console.visit(`${pages.app}?q=1.0`);
      await console.page.getByLabel('Mark 1.0', { exact: true }).check();
      await console.button('Delete marked').click();
      await console.dialog.getByText('No image dies.').waitFor();
      assert.match(await console.dialog.innerText(), /1\.0 goes alone: the image stays for .*1\.0\.0.*latest/s);
      await console.dialog.getByRole('button', { name: 'Delete tag 1.0' }).click();
      await eventually(5, async () => (await console.page.getByLabel('Mark 1.0', { exact: true }).count()) === 0);
      assert.equal(await site.pusher.digest('team/app', '1.0.0'), site.digests.image);
    }));

  test('who deletes much types what he deletes', () =>
    as('olga', async (console, tab) => {
      for (let at = 1; at <= 12; at++) await site.pusher.image('team/doomed', `build-${at}`);
      await eventually(20, async () => (await site.admin.get('/repositories?q=team/doomed')).body[0]?.tags === 12);
      await console.visit(`/repositories/${await site.repository('team/doomed')}`);
      await console.page.getByLabel('Mark all tags of this page').check();
      await console.page.getByText('12 tags marked').waitFor();
      await console.button('Delete marked').click();
      await console.dialog.getByText('12 images die').waitFor();
      await expectAccessible(tab);
      const button = console.dialog.getByRole('button', { name: 'Delete 12 tags' });
      assert.ok(await button.isDisabled());
      await console.dialog.getByRole('textbox').fill('team/doomed');
      await button.click();
      await console.page.getByRole('heading', { level: 2, name: 'No tag' }).waitFor();
      assert.deepEqual(await site.pusher.tags('team/doomed'), []);
    }));

  test('retention is tried, tells its reasons, and is turned on', () =>
    as('olga', async (console, tab) => {
      // Which of tags that were pushed at once counts as the newest the server says.
      const dying = async (keep_newest: number): Promise<number> =>
        (await site.admin.request('POST', `${pages.team}/retention/dry-run`, { rules: [{ repositories: 'web', tags: 'pr-*', keep_newest }], protected: ['pr-1'] })).body.deleted;
      const many = (count: number): string => `${count} ${count === 1 ? 'tag' : 'tags'} would go`;

      await console.visit(`${pages.team}?tab=retention`);
      await console.button('Add a rule').click();
      await console.field('Repositories').fill('web');
      await console.field('Tags').fill('pr-*');
      await console.field('Keep the newest (optional)').fill('1');
      await console.field('Protected tags (optional)').fill('pr-1');
      assert.equal(await console.button('Turn on').count(), 0, 'nothing is turned on untried');
      await console.button('Dry run').click();
      const first = await dying(1);
      assert.ok(first >= 2, `${first}`);
      await console.page.getByText(many(first)).waitFor();
      await expectAccessible(tab);
      await row(console, 'protected').filter({ hasText: 'team/web:pr-1' }).getByText('Stays').waitFor();
      await console.field('Which tags').selectOption('delete');
      assert.equal(await console.page.getByText('Goes', { exact: true }).count(), first);

      await console.field('Keep the newest (optional)').fill('2');
      assert.equal(await console.button('Turn on').count(), 0, 'other rules are to be tried again');
      await console.button('Dry run').click();
      const then = await dying(2);
      await console.page.getByText(many(then)).waitFor();
      await console.button('Turn on').click();
      await console.notice('Retention is on');
      await eventually(30, async () => (await site.pusher.tags('team/web')).filter((tag) => tag.startsWith('pr-')).length === 4 - then);
      await console.button('Turn off').click();
      await console.notice('The rules are saved, and off');
    }));

  test('a webhook is created, tested, changed and deleted, and its deliveries are seen', async () => {
    let status = 204;
    const receiver = await receive(() => status);
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    try {
      await as('olga', async (console, tab) => {
        await console.visit(`${pages.team}?tab=webhooks`);
        await console.button('Create webhook').click();
        await console.field('Name').fill('builds');
        await console.field('Address').fill(url);
        await expectAccessible(tab);
        await console.button('Create').click();
        const secret = await console.dialog.getByRole('region', { name: 'secret' }).innerText();
        assert.ok(secret.length > 20);
        await expectAccessible(tab);
        await console.button('I have kept it').click();

        await console.page.getByRole('link', { name: 'builds' }).click();
        await console.button('Send a test').click();
        await row(console, 'test').getByText('Delivered').waitFor();
        await row(console, 'test').getByText('204').waitFor();
        status = 500;
        await console.button('Send a test').click();
        await row(console, 'tried again').getByText('Waiting').waitFor();
        await row(console, '500').waitFor();
        await expectAccessible(tab);

        await console.button('Change').click();
        await console.dialog.getByLabel('Pulls').check();
        await console.button('Save').click();
        await row(console, url).getByText('Pushes, Pulls, Deletes').waitFor();
        await console.button('Replace secret').click();
        await console.dialog.getByRole('button', { name: 'Replace secret' }).click();
        assert.notEqual(await console.dialog.getByRole('region', { name: 'secret' }).innerText(), secret);
        await console.page.keyboard.press('Escape');
        await console.button('Delete').click();
        await console.dialog.getByText('1 delivery that waits').waitFor();
        await console.dialog.getByRole('button', { name: 'Delete builds' }).click();
        await console.page.getByRole('heading', { name: 'No webhook yet' }).waitFor();
      });
    } finally {
      receiver.close();
    }
  });

  test('while a registry is paused everybody sees why he cannot push, and nothing is offered for deletion', async () => {
    await as('ada', async (console, tab) => {
      await console.visit('/registries');
      await console.page.getByRole('link', { name: 'main' }).click();
      await console.button('Pause pushes and deletes').click();
      await console.field('Reason (optional)').fill('the disk is full');
      await expectAccessible(tab);
      await console.button('Pause it').click();
      await console.page.getByText('Paused', { exact: true }).waitFor();
      await expectAccessible(tab);
    });
    await as('fred', async (console, tab) => {
      for (const path of ['/repositories', pages.app, image(pages.app, 'latest'), pages.team]) {
        await console.visit(path);
        await console.page.getByText('Reason: the disk is full').waitFor();
        await expectAccessible(tab);
      }
      assert.equal(await console.button('Delete tag').count(), 0);
    });
    await as('ada', async (console) => {
      await console.visit('/registries');
      await console.page.getByRole('link', { name: 'main' }).click();
      await console.button('End the pause').click();
      await console.page.getByText('Pushes and deletes go through').waitFor();
      await console.visit('/repositories');
      assert.equal(await console.page.getByText('the disk is full').count(), 0);
    });
  });

  test('who is not signed in looks around where that is allowed, and nowhere else', async () => {
    await as(undefined, async (console) => {
      await console.visit('/repositories');
      await console.page.waitForURL('**/sign-in**');
      assert.equal(await console.page.getByText('Look around').count(), 0);
    });
    await site.admin.request('PATCH', '/settings', { anonymous_browsing: true });
    try {
      await as(undefined, async (console, tab) => {
        await console.visit('/namespaces');
        await console.page.getByRole('link', { name: 'Look around without signing in' }).click();
        await row(console, 'open/tools/hello').waitFor();
        assert.equal(await console.page.getByRole('row').count(), 2, 'the head and what is open');
        await expectAccessible(tab);
        await console.page.getByRole('link', { name: 'open/tools/hello' }).click();
        await console.page.getByRole('link', { name: 'latest' }).click();
        await console.page.getByText(`docker pull ${site.registry.host}/open/tools/hello:latest`).waitFor();
        await console.page.waitForLoadState('networkidle');
        await expectAccessible(tab);
        await console.visit('/trash');
        await console.page.waitForURL('**/sign-in**');
      });
    } finally {
      await site.admin.request('PATCH', '/settings', { anonymous_browsing: false });
    }
  });
});

// Answers every request with what it is told to.
async function receive(status: () => number): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status()).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
