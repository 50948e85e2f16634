// The dashboard: what happens shows by itself, can be paused, and reads as a table; and no page moves while it loads.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Tab, launchBrowser, schemes } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { basic, send } from '../support/http.ts';
import { Spectacles } from '../support/spectacles.ts';

const password = 'correct horse battery';
const world = `
registries:
  - {name: main, url: "http://localhost:1", public: "hub.example.org", service: "Docker registry"}
users:
  - {username: ada, password: "${password}", role: admin}
  - {username: bob, password: "${password}"}
namespaces:
  - {registry: main, name: team, owner: ada}
`;
const mostShift = 0.02; // as browsers count it: 0.1 is called good

describe('the dashboard', () => {
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

  async function as(username: string, body: (console: Console, tab: Tab) => Promise<void>): Promise<void> {
    const tab = await Tab.open(browser);
    const console = new Console(tab, spectacles.url);
    await console.signIn(username, password);
    await body(console, tab);
    assert.deepEqual(tab.problems, []);
    await tab.close();
  }
  const card = (console: Console, name: string) => console.page.getByRole('region', { name, exact: true });
  // bob is refused a push, as a client of the registry asks for it.
  const refuse = (repository: string) => {
    const query = new URLSearchParams({ service: 'Docker registry', scope: `repository:${repository}:push` });
    return send(spectacles.url, { path: `/token_auth?${query}`, headers: basic('bob', password) });
  };

  test('what happens shows by itself, and not while it is paused', () =>
    as('ada', async (console) => {
      await console.page.getByText('Live', { exact: true }).waitFor();
      await refuse('team/first');
      await card(console, 'Recent refusals').getByText('team/first').waitFor();

      await console.button('Pause').click();
      await console.page.getByText('Paused', { exact: true }).waitFor();
      await refuse('team/second');
      const decided = await spectacles.signIn('ada', password).then((api) => api.get('/decisions?outcome=refused&limit=1'));
      assert.equal(decided.body[0].repository, 'team/second');
      await console.page.waitForTimeout(1500); // longer than the stream takes
      assert.equal(await card(console, 'Recent refusals').getByText('team/second').count(), 0);
      await console.button('Go on').click();
      await card(console, 'Recent refusals').getByText('team/second').waitFor();
    }));

  test('the chart reads as a table, over the time that is chosen', () =>
    as('ada', async (console, tab) => {
      await refuse('team/third');
      await console.visit('/');
      const chart = card(console, 'Pushes, pulls and refusals');
      await chart.getByText('As a table').click();
      const refusals = await chart.getByRole('row').locator('td:last-child').allInnerTexts();
      assert.ok(refusals.length >= 24, `${refusals.length} hours`);
      assert.ok(refusals.reduce((sum, each) => sum + Number(each), 0) > 0);
      await chart.getByLabel('Period').selectOption('month');
      await console.page.waitForURL('**/?period=month');
      await chart.getByRole('columnheader', { name: 'Day' }).waitFor();
      for (const scheme of schemes) {
        await tab.page.emulateMedia({ colorScheme: scheme });
        assert.deepEqual(await tab.violations(), [], scheme);
      }
    }));

  for (const width of [1280, 390]) {
    test(`no page moves while it loads, and none is wider than ${width} pixels`, () =>
      as('ada', async (console, tab) => {
        await tab.page.setViewportSize({ width, height: 800 });
        await tab.page.addInitScript(() => {
          const shifts: string[] = [];
          Object.assign(window, { shifts, shifted: 0 });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node?: Element }[] })[]) {
              Object.assign(window, { shifted: (window as unknown as { shifted: number }).shifted + entry.value });
              shifts.push(`${entry.value.toFixed(3)} ${entry.sources.map(({ node }) => `${node?.nodeName}.${node?.className}`).join(' | ')}`);
            }
          }).observe({ type: 'layout-shift', buffered: true });
        });
        for (const path of ['/', '/namespaces', '/repositories', '/users', '/groups', '/registries', '/settings', '/profile', '/setup']) {
          await console.visit(path);
          const { shifted, shifts } = await tab.page.evaluate(() => {
            const { shifted, shifts } = window as unknown as { shifted: number; shifts: string[] };
            return { shifted, shifts };
          });
          assert.ok(shifted <= mostShift, `${path} moved by ${shifted}:\n${shifts.join('\n')}`);
          assert.equal(await tab.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, path);
        }
      }));
  }
});
