// Rights in the console, by whoever looks: the owner changes them and sees what it does before he saves, everybody asks why,
// administrators see all of it; two who change the same lose nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { expectAccessible } from '../support/accessible.ts';
import { Tab, launchBrowser } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { Spectacles } from '../support/spectacles.ts';

const password = 'correct horse battery';
const world = `
registries:
  - {name: main, url: "http://localhost:1", public: "hub.example.org", service: "Docker registry"}
users:
  - {username: ada, password: "${password}", role: admin}
  - {username: audrey, password: "${password}", role: auditor}
  - {username: olga, password: "${password}"}
  - {username: bob, password: "${password}"}
  - {username: carol, password: "${password}"}
  - {username: dora, password: "${password}"}
groups:
  - {name: builders, members: [carol]}
namespaces:
  - registry: main
    name: team
    owner: olga
    members: [bob]
    member_access: READ
    groups: [builders]
    group_access: WRITE
    claims:
      - {user: dora, repository: "tools/*", access: FULL}
      - {group: builders, repository: "prod-*", access: NONE}
  - {registry: main, name: private, owner: ada}
`;

describe('rights in the console', () => {
  let spectacles: Spectacles;
  let browser: Browser;
  let team: string; // its rights
  let path: string; // of it in the API
  let users: Record<string, number>;

  before(async () => {
    spectacles = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
    await spectacles.start();
    await spectacles.apply(world);
    const api = await spectacles.signIn('ada', password);
    const all: { id: number; name: string }[] = (await api.get('/namespaces')).body;
    path = `/namespaces/${all.find((each) => each.name === 'team')?.id}`;
    team = `${path}?tab=access`;
    users = Object.fromEntries((await api.get('/users')).body.map((user: { id: number; username: string }) => [user.username, user.id]));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await spectacles?.stop();
  });

  // What the person does in a tab of his own, without a complaint of the browser but for the refusals that are `expected`.
  async function as(username: string, body: (console: Console, tab: Tab) => Promise<void>, ...expected: number[]): Promise<void> {
    const tab = await Tab.open(browser);
    const console = new Console(tab, spectacles.url);
    await console.signIn(username, password);
    await body(console, tab);
    const complaints = tab.problems.filter((line) => !expected.some((status) => line.includes(`responded with a status of ${status} `)));
    assert.deepEqual(complaints, []);
    await tab.close();
  }

  const pending = (console: Console): Locator => console.page.getByRole('region', { name: 'Changes to save' });
  const saved = async (): Promise<Record<string, unknown>> => (await (await spectacles.signIn('ada', password)).get(path)).body;

  test('an owner sees what several changes do, takes one back, and saves the rest', () =>
    as('olga', async (console, tab) => {
      const { page } = console;
      await console.visit(team);
      await console.level('Members', 'None').check();
      await console.level('Everybody signed in', 'Write').check();
      await page.getByRole('button', { name: 'Remove the right of User dora on tools/*' }).click();
      await console.field('Name').fill('bob');
      await console.field('Repositories').fill('api');
      await console.field('Right').selectOption('FULL');
      await console.button('Add right').click();

      const bar = pending(console);
      await bar.getByText('4 changes not saved').waitFor();
      await bar.getByText('User dora on tools/*: removed').waitFor();
      await bar.getByText('Who, and what').click();
      const effect = bar.getByRole('region', { name: 'Effect' });
      const bob = effect.getByRole('listitem').filter({ hasText: 'bob' });
      await bob.filter({ hasText: 'gains push and delete' }).filter({ hasText: 'new names like api' }).waitFor();
      await bob.filter({ hasText: 'loses pull' }).waitFor();
      await effect.getByRole('listitem').filter({ hasText: 'dora' }).filter({ hasText: 'loses' }).waitFor();
      await expectAccessible(tab);

      await bar.getByRole('button', { name: 'Take back: Members' }).click();
      await bar.getByText('3 changes not saved').waitFor();
      assert.ok(await console.level('Members', 'Read').isChecked());
      await bob.filter({ hasText: 'loses pull' }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Put back the right of User dora on tools/*' }).click();
      await bar.getByText('2 changes not saved').waitFor();
      await console.button('Save changes').click();
      await console.notice('The changes are saved');
      await bar.waitFor({ state: 'detached' });
      const now = await saved();
      assert.deepEqual([now.member_access, now.other_access], ['READ', 'WRITE']);
      assert.deepEqual(now.claims, [
        { group: 'builders', repository: 'prod-*', access: 'NONE' },
        { user: 'bob', repository: 'api', access: 'FULL' },
        { user: 'dora', repository: 'tools/*', access: 'FULL' },
      ]);
    }));

  test('what cannot be saved is said before anybody tries', () =>
    as('olga', async (console, tab) => {
      await console.visit(team);
      await console.field('Name').fill('nobody');
      await console.button('Add right').click();
      await pending(console).getByRole('alert').getByText('there is no user nobody', { exact: false }).waitFor();
      await expectAccessible(tab);
      await console.button('Discard').click();
      await pending(console).waitFor({ state: 'detached' });
    }, 400));

  test('the matrix works by keyboard', () =>
    as('olga', async (console) => {
      await console.visit(team);
      await console.level('Groups', 'Write').focus();
      await console.page.keyboard.press('ArrowLeft');
      assert.ok(await console.level('Groups', 'Read').isChecked());
      await console.page.keyboard.press('ArrowRight');
      await pending(console).waitFor({ state: 'detached' }); // as it was
    }));

  test('of two editors both keep what they did, where it is not the same', async () => {
    const tab = await Tab.open(browser);
    const second = new Console(tab, spectacles.url);
    await second.signIn('olga', password);
    await second.visit(team);
    await second.level('Everybody signed in', 'Read').check();
    await second.field('Add a member').fill('dora');
    await second.field('Add a member').press('Enter');
    await second.level('Groups', 'Full').check();

    await as('ada', async (console) => {
      await console.visit(team);
      await console.level('Groups', 'Read').check();
      await console.field('Add a member').fill('audrey');
      await console.field('Add a member').press('Enter');
      await console.button('Save changes').click();
      await console.notice('The changes are saved');
    });

    await second.button('Save changes').click();
    const note = second.page.getByRole('alert').filter({ hasText: 'Somebody else changed this meanwhile' });
    await note.getByText('Groups: Read instead of Write, yours: Full instead of Write').waitFor();
    await note.getByText('Member audrey: added').waitFor();
    await expectAccessible(tab);
    await second.button('Keep mine over it').click();
    await pending(second).getByText('3 changes not saved').waitFor();
    await second.button('Save changes').click();
    await second.notice('The changes are saved');
    const now = await saved();
    assert.deepEqual(now.members, ['audrey', 'bob', 'dora']);
    assert.deepEqual([now.group_access, now.other_access], ['FULL', 'READ']);
    assert.deepEqual(tab.problems.filter((line) => !line.includes('responded with a status of 412 ')), []);
    await tab.close();
  });

  test('an auditor reads the matrix and changes nothing', () =>
    as('audrey', async (console, tab) => {
      await console.visit(team);
      await console.page.getByRole('region', { name: 'Rights matrix' }).getByText('User dora').waitFor();
      assert.equal(await console.page.getByRole('radio').count(), 0);
      await expectAccessible(tab);
    }));

  test('a user who was refused learns who can help, and is offered nothing that he may not do', () =>
    as('bob', async (console, tab) => {
      const { page } = console;
      await console.go('Explain access');
      assert.equal(await console.field('User name').inputValue(), 'bob');
      await console.field('Repository').fill('private/secret');
      await console.button('Explain').click();
      await page.getByText('Denied', { exact: true }).waitFor();
      await page.getByText('ada', { exact: true }).waitFor(); // who can change it
      assert.equal(await console.button('Grant it').count(), 0);
      await expectAccessible(tab);
      await page.reload(); // the question is in the address
      await page.getByText('Denied', { exact: true }).waitFor();

      await page.getByRole('link', { name: 'What somebody reaches' }).click();
      await console.button('Show what is reached').click();
      await page.getByRole('region', { name: 'Reached namespaces' }).getByText('team').waitFor();
      await expectAccessible(tab);
      await console.visit(`/explain/who?repository=team%2Fapi&action=pull`);
      await page.getByRole('alert').waitFor(); // whose rights these are is not his business
      for (const section of ['Registries', 'Unassigned', 'Users'] as const) assert.equal(await console.section(section).count(), 0, section);
    }, 404));

  test('an owner explains a refusal, and grants it from there', () =>
    as('olga', async (console, tab) => {
      const { page } = console;
      await console.visit('/explain?registry=main&user=carol&repository=team%2Fprod-web&action=pull');
      const rules = page.getByRole('list', { name: 'Rules in their order' }).getByRole('listitem');
      await rules.last().getByText('Custom right of a group').waitFor();
      assert.deepEqual(await rules.locator('p:first-child').allInnerTexts(), ['Administrator', 'Owner of the namespace', 'Custom right of the user', 'Member of the namespace', 'Custom right of a group']);
      await console.button('Grant it').click();
      await console.dialog.getByText('gains pull').waitFor();
      await expectAccessible(tab);
      await console.button('Save this right').click();
      await console.notice('carol may pull team/prod-web now');
      await page.getByText('Allowed', { exact: true }).waitFor();

      await page.getByRole('link', { name: 'Who else may' }).click();
      const table = page.getByRole('region', { name: 'Who may' });
      await table.getByRole('row').filter({ hasText: 'carol' }).filter({ hasText: 'Custom right of the user' }).waitFor();
      await expectAccessible(tab);
    }));

  test('an administrator asks who may push by a pattern, and what somebody reaches', () =>
    as('ada', async (console, tab) => {
      const { page } = console;
      await console.visit('/explain/who');
      await console.field('Repository').fill('team/*');
      await console.field('Action').selectOption('pull,push');
      await console.button('Show who may').click();
      await page.getByText('No known repository matches').waitFor();
      await console.field('Repository').fill('team/tools/lint');
      await console.button('Show who may').click();
      await page.waitForURL('**repository=team%2Ftools%2Flint**');
      await page.getByRole('link', { name: 'dora', exact: true }).waitFor();

      await console.visit('/explain/reach?user=dora');
      await page.getByRole('row').filter({ hasText: 'tools/*' }).getByText('Full: Custom right of the user').waitFor();
      await expectAccessible(tab);
    }));

  test('before a user is disabled or a group deleted it is said who loses what', () =>
    as('ada', async (console, tab) => {
      await console.visit(`/users/${users.carol}`);
      await console.page.getByRole('region', { name: 'Reached namespaces' }).getByText('team').waitFor();
      await expectAccessible(tab);
      await console.button('Disable').click();
      await console.dialog.getByText('1 person loses').waitFor();
      await expectAccessible(tab);
      await console.button('Cancel').click();
      await console.visit('/groups?q=builders');
      await console.page.getByRole('link', { name: 'builders' }).click();
      await console.button('Delete').click();
      await console.dialog.getByText(/person|Nobody gains or loses/).first().waitFor();
      await expectAccessible(tab);
    }));

  test('settings are changed together', () =>
    as('ada', async (console, tab) => {
      await console.go('Settings');
      await console.page.getByLabel('Show what everybody may pull').check();
      await console.field('Days to keep what was deleted').fill('45');
      await expectAccessible(tab);
      await console.button('Save').click();
      await console.notice('The settings are saved');
      const { body } = await (await spectacles.signIn('ada', password)).get('/settings');
      assert.deepEqual([body.anonymous_browsing, body.trash_kept_days], [true, 45]);
    }));

  test('nothing is wider than a telephone', () =>
    as('ada', async (console, tab) => {
      await tab.page.setViewportSize({ width: 360, height: 740 });
      for (const path of ['/explain?user=bob&repository=team%2Fapi&action=pull', '/explain/who?repository=team%2Fapi', '/explain/reach?user=bob', '/decisions', '/audit', '/unassigned', team]) {
        await console.visit(path);
        const wider = await tab.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(wider, 0, path);
      }
    }));
});
