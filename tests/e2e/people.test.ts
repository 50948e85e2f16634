// Users, groups, the own profile and settings in the console: every page and dialog passes the accessibility checker in both
// colour schemes, and what is done there holds for the others at once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
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
  - {username: olga, password: "${password}", email: olga@example.org}
  - {username: bob, password: "${password}"}
  - {username: dora, password: "${password}", disabled: true}
groups:
  - {name: builders, members: [bob, olga]}
namespaces:
  - registry: main
    name: team
    owner: olga
    members: [bob]
    groups: [builders]
    group_access: WRITE
    claims:
      - {user: bob, repository: "tools/*", access: FULL}
`;

describe('people in the console', () => {
  let spectacles: Spectacles;
  let browser: Browser;
  let users: Record<string, number>;
  let group: string; // its path
  let namespace: string; // its path in the API
  let rights: string; // of its rights in the console

  before(async () => {
    spectacles = await Spectacles.create({ SPECTACLES_BACKGROUND: 'off' });
    await spectacles.start();
    await spectacles.apply(world);
    const api = await spectacles.signIn('ada', password);
    users = Object.fromEntries((await api.get('/users')).body.map((user: { id: number; username: string }) => [user.username, user.id]));
    group = `/groups/${(await api.get('/groups')).body[0].id}`;
    namespace = `/namespaces/${(await api.get('/namespaces')).body[0].id}`;
    rights = `${namespace}?tab=access`;
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await spectacles?.stop();
  });

  async function open(username: string, secret = password): Promise<{ tab: Tab; console: Console }> {
    const tab = await Tab.open(browser);
    const console = new Console(tab, spectacles.url);
    await console.signIn(username, secret);
    return { tab, console };
  }

  // What the person does in a tab of his own, without a complaint of the browser but for the refusals that are `expected`:
  // it prints the status of each.
  async function as(username: string, body: (console: Console, tab: Tab) => Promise<void>, ...expected: number[]): Promise<void> {
    const { tab, console } = await open(username);
    await body(console, tab);
    assert.deepEqual(complaints(tab, expected), []);
    await tab.close();
  }
  const complaints = (tab: Tab, expected: number[]): string[] =>
    tab.problems.filter((line) => !expected.some((status) => line.includes(`responded with a status of ${status} `)));


  for (const username of ['ada', 'audrey']) {
    test(`the pages are accessible to ${username}`, () =>
      as(username, async (console, tab) => {
        for (const path of ['/users', `/users/${users.olga}`, '/groups', group, '/profile', '/settings', rights]) {
          await console.visit(path);
          await expectAccessible(tab);
        }
      }));
  }

  test('the dialogs are accessible, and give the focus back', () =>
    as('ada', async (console, tab) => {
      for (const [path, button] of [
        ['/users', 'Create user'],
        [`/users/${users.olga}`, 'Reset password'],
        [`/users/${users.olga}`, 'Disable'],
        [`/users/${users.dora}`, 'Enable'],
        [`/users/${users.olga}`, 'Delete'],
        ['/groups', 'Create group'],
        [group, 'Delete'],
        [rights, 'Transfer'],
        [rights, 'Delete team'],
        ['/registries/1', 'Remove'],
      ] as const) {
        await console.visit(path);
        await console.button(button).click();
        await console.dialog.getByRole('heading').waitFor();
        await tab.page.waitForLoadState('networkidle');
        await expectAccessible(tab);
        await tab.page.keyboard.press('Escape');
        await console.dialog.waitFor({ state: 'detached' });
        assert.equal(await tab.page.evaluate(() => document.activeElement?.textContent?.trim()), button);
      }
    }));

  test('nothing is wider than a telephone', () =>
    as('ada', async (console, tab) => {
      await tab.page.setViewportSize({ width: 360, height: 740 });
      for (const path of ['/users', `/users/${users.olga}`, '/groups', group, '/profile', '/settings', rights, '/registries/1']) {
        await console.visit(path);
        const wider = await tab.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(wider, 0, path);
      }
    }));

  test('an auditor changes nothing', () =>
    as('audrey', async (console) => {
      for (const [path, text] of [[`/users/${users.olga}`, 'Sessions'], [group, 'Where it counts'], ['/settings', 'Personal namespaces'], [rights, 'Rights']]) {
        await console.visit(path);
        await console.page.getByRole('heading', { name: text }).waitFor();
        for (const button of ['Delete', 'Disable', 'Reset password', 'End', 'Add', 'Save', 'Transfer']) {
          assert.equal(await console.page.getByRole('main').getByRole('button', { name: button }).count(), 0, `${button} at ${path}`);
        }
      }
    }));

  test('a list is filtered and sorted by keyboard, and its address says how', () =>
    as('ada', async (console) => {
      const { page } = console;
      const names = async (): Promise<string[]> => await page.getByRole('table').getByRole('link').allInnerTexts();
      const header = page.getByRole('columnheader', { name: 'Name' });
      await console.visit('/users');
      assert.equal(await header.getAttribute('aria-sort'), 'ascending');
      const sorted = await names();
      await header.getByRole('button').focus();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/users?sort=-username');
      await page.locator('th[aria-sort=descending]').waitFor();
      await page.getByRole('row', { name: sorted[0] }).and(page.locator('tr:last-child')).waitFor();
      assert.deepEqual(await names(), sorted.toReversed());
      assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), 'Name');

      await page.getByLabel('Role').selectOption('auditor');
      await page.waitForURL('**/users?sort=-username&role=auditor');
      await page.getByRole('status').filter({ hasText: '1 user' }).waitFor();
      assert.deepEqual(await names(), ['audrey']);
      await console.visit('/users?disabled=true');
      assert.deepEqual(await names(), ['dora']);
      for (const path of ['/namespaces?sort=-owner', '/groups?sort=created_at', '/registries?sort=-service', '/repositories?sort=-tags']) {
        await console.visit(path);
        assert.equal(await page.getByRole('alert').count(), 0, path);
      }
    }));

  test('a user is created, made auditor, given a password, signed out, disabled and deleted', () =>
    as('ada', async (console) => {
      const { page } = console;
      await console.go('Users');
      await console.button('Create user').click();
      await console.field('User name').fill('carol');
      await console.field('Password').fill(password);
      await console.button('Create').click();
      await page.getByRole('link', { name: 'carol', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'carol' }).waitFor();

      await console.field('Role').selectOption('auditor');
      await console.button('Save').click();
      await console.notice('The changes are saved');
      await page.getByText('Auditor, created').waitFor();

      await console.button('Reset password').click();
      await console.field('New password').fill('password1');
      await console.button('Set password').click();
      await console.dialog.getByRole('alert').waitFor(); // everybody's password
      await console.field('New password').fill('another horse battery');
      await console.button('Set password').click();
      await console.notice('carol has a new password');

      const carol = await open('carol', 'another horse battery');
      await carol.console.go('Users'); // as an auditor may
      await page.reload();
      await page.getByRole('cell', { name: /^\S+ on Linux$/ }).waitFor();
      await page.getByRole('button', { name: /^End\b.*session/ }).first().click();
      await page.getByText('Signed in nowhere.').waitFor();
      await carol.console.section('Groups').click();
      await carol.console.button('Sign in').waitFor();
      await carol.console.field('Password').waitFor();
      assert.deepEqual(complaints(carol.tab, [401]), []);
      await carol.console.field('Password').fill('another horse battery');
      await carol.console.button('Sign in').click();
      await carol.console.section('Groups').waitFor();

      await console.button('Disable').click();
      await console.button('Disable carol').click();
      await console.notice('User carol is disabled');
      await page.getByRole('main').getByText('Disabled', { exact: true }).waitFor();
      await carol.console.section('Namespaces').click();
      await carol.console.field('Password').waitFor();
      await carol.tab.close();

      const api = await spectacles.signIn('ada', password);
      const owned = await api.request('POST', '/namespaces', { registry: 'main', name: 'carols', owner: 'carol' });
      assert.equal(owned.status, 201);
      await console.button('Delete').click();
      await console.dialog.getByText('carols').waitFor();
      await console.field('New owner').fill('nobody');
      await console.button('Delete carol').click();
      await console.dialog.getByRole('alert').getByText('there is no user nobody', { exact: false }).waitFor();
      await console.field('New owner').fill('bob');
      await console.button('Delete carol').click();
      await page.waitForURL('**/users');
      assert.equal((await api.get(`/namespaces/${owned.body.id}`)).body.owner, 'bob');
      assert.equal(await page.getByRole('link', { name: 'carol', exact: true }).count(), 0);
    }, 400));

  test('the last administrator stays, and the page says why', () =>
    as('ada', async (console) => {
      await console.visit(`/users/${users.ada}`);
      await console.field('Role').selectOption('user');
      await console.button('Save').click();
      await console.page.getByRole('alert').getByText('last active administrator').first().waitFor();
      assert.equal(await console.field('Role').inputValue(), 'user');
      await console.button('Discard').click();
      for (const [button, confirm] of [['Disable', 'Disable ada'], ['Delete', 'Delete ada']]) {
        await console.button(button).click();
        await console.button(confirm).click();
        await console.dialog.getByRole('alert').getByText('last active administrator').first().waitFor();
        await console.button('Cancel').click();
      }
    }, 409));

  test('a group is created, gets and loses a member, is renamed and deleted', () =>
    as('ada', async (console, tab) => {
      const { page } = console;
      await console.go('Groups');
      await console.button('Create group').click();
      await console.field('Name').fill('testers');
      await console.button('Create').click();
      await page.getByRole('link', { name: 'testers', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'testers' }).waitFor();

      await console.field('Add a member').fill('nobody');
      await console.button('Add').click();
      await page.getByRole('main').getByRole('alert').waitFor();
      assert.deepEqual(await tab.violations(), []);
      await console.field('Add a member').fill('dora');
      await console.button('Add').click();
      await page.getByRole('link', { name: 'dora' }).waitFor();
      await console.button('Remove dora').click();
      await page.getByText('Nobody yet.').waitFor();

      await console.field('Name').fill('builders');
      await console.button('Rename').click();
      await page.getByRole('main').getByRole('alert').waitFor(); // the name is taken
      await console.field('Name').fill('checkers');
      await console.button('Rename').click();
      await page.getByRole('heading', { level: 1, name: 'checkers' }).waitFor();
      await console.button('Delete').click();
      await console.dialog.getByText('It has no members.').waitFor();
      await console.button('Delete checkers').click();
      await page.waitForURL('**/groups');
      assert.equal(await page.getByRole('link', { name: 'checkers' }).count(), 0);

      await console.visit(group);
      await console.button('Delete').click();
      await console.dialog.getByText('Its 2 members lose').waitFor();
      await console.dialog.getByText('Its rights in 1 namespace are lost: team.').waitFor();
    }, 404, 409));

  test('who changes his password stays signed in here and nowhere else', async () => {
    const other = await open('bob');
    await as('bob', async (console) => {
      const { page } = console;
      await page.getByTitle('Your profile').click();
      await page.getByText('This one').waitFor();
      await console.field('Old password').fill('not the old one');
      await console.field('New password').fill('another horse battery');
      await console.button('Change password').click();
      await page.getByText('this is not the present password').waitFor();
      assert.equal(await console.field('Old password').getAttribute('aria-invalid'), 'true');
      await console.field('Old password').fill(password);
      await console.button('Change password').click();
      await console.notice('Your password is changed');
      await page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' });
      await console.go('Repositories');
    }, 403);
    // The dashboard notices by itself.
    await other.console.field('Password').waitFor();
    await other.tab.close();
    const api = await spectacles.signIn('ada', password);
    assert.equal((await api.request('PUT', `/users/${users.bob}/password`, { password })).status, 204);
  });

  test('who sees a session that he does not know ends it', async () => {
    const other = await open('olga');
    await as('olga', async (console) => {
      await console.visit('/profile');
      await console.field('E-mail').fill('olga@example.com');
      await console.button('Save').click();
      await console.notice('The changes are saved');
      await console.page.getByRole('link', { name: 'team', exact: true }).waitFor();
      await console.button('End all others').click();
      await console.notice('The sessions are over');
      await console.page.getByRole('button', { name: 'End all others' }).waitFor({ state: 'detached' });
    });
    await other.console.field('Password').waitFor();
    await other.tab.close();
  });

  test('of two who change a namespace at once the second one is told, and loses nothing', async () => {
    const second = await open('olga');
    await second.console.visit(rights);
    await second.console.field('Description').fill('by olga');
    await second.console.level('Anonymous', 'Read').check();

    await as('ada', async (console) => {
      await console.visit(rights);
      await console.field('Description').fill('by ada');
      await console.level('Everybody signed in', 'Read').check();
      await console.button('Save changes').click();
      await console.notice('The changes are saved');
    });

    const { page } = second.console;
    await second.console.button('Save changes').click();
    const note = page.getByRole('alert').filter({ hasText: 'Somebody else changed this meanwhile' });
    await note.getByText('Description: by ada instead of none, yours: by olga instead of none').waitFor();
    await note.getByText('Everybody signed in: Read instead of None').waitFor();
    await expectAccessible(second.tab);
    assert.equal(await second.console.field('Description').inputValue(), 'by olga');
    await second.console.button('Keep mine over it').click();
    assert.ok(await second.console.level('Everybody signed in', 'Read').isChecked());
    assert.ok(await second.console.level('Anonymous', 'Read').isChecked());
    await second.console.button('Save changes').click();
    await second.console.notice('The changes are saved');

    const api = await spectacles.signIn('ada', password);
    const { body } = await api.get(namespace);
    assert.deepEqual([body.description, body.other_access, body.anonymous_access], ['by olga', 'READ', 'READ']);
    assert.deepEqual(complaints(second.tab, [412]), []);
    await second.tab.close();
  });

  test('of two who change a user at once the second one loads what the first one saved', async () => {
    const second = await open('ada');
    await second.console.visit(`/users/${users.dora}`);
    await second.console.field('E-mail').fill('second@example.org');
    await as('ada', async (console) => {
      await console.visit(`/users/${users.dora}`);
      await console.field('E-mail').fill('first@example.org');
      await console.button('Save').click();
      await console.notice('The changes are saved');
    });
    await second.console.button('Save').click();
    await second.console.button('Load the present state').click();
    await second.console.page.getByRole('alert').waitFor({ state: 'detached' });
    assert.equal(await second.console.field('E-mail').inputValue(), 'first@example.org');

    // What the form does not show is not in its way.
    await second.console.field('E-mail').fill('second@example.org');
    const api = await spectacles.signIn('ada', password);
    assert.equal((await api.request('PATCH', `/users/${users.dora}`, { disabled: false })).status, 200);
    await second.console.button('Save').click();
    await second.console.notice('The changes are saved');
    assert.deepEqual(complaints(second.tab, [412]), []);
    await second.tab.close();
  });

  test('a namespace is given to somebody else', () =>
    as('olga', async (console) => {
      await console.visit(rights);
      await console.button('Transfer').click();
      await console.field('New owner').fill('bob');
      await console.dialog.getByText('you may not see it any more').waitFor();
      await console.button('Transfer team').click();
      await console.notice('bob owns team now');
      await console.page.waitForURL('**/namespaces');
    }));

  test('every new user gets a namespace when the settings say so', () =>
    as('ada', async (console) => {
      await console.go('Settings');
      await console.field('Registry of personal namespaces').selectOption('main');
      await console.button('Save').click();
      await console.notice('The settings are saved');
      await console.go('Users');
      await console.button('Create user').click();
      await console.field('User name').fill('frieda');
      await console.field('Password').fill(password);
      await console.button('Create').click();
      await console.notice('User frieda is created');
      await console.visit('/namespaces?q=frieda');
      await console.page.getByRole('link', { name: 'frieda' }).waitFor();
    }));

  test('a registry gets another name', () =>
    as('ada', async (console, tab) => {
      await console.visit('/registries/1');
      await console.button('Change').click();
      await console.field('Name').fill('hub');
      await expectAccessible(tab);
      await console.button('Save').click();
      await console.page.getByRole('heading', { level: 1, name: 'hub' }).waitFor();
    }));
});
