// The own profile: a picture that is cropped by keys and by mouse, and how the console looks.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { expectAccessible } from '../support/accessible.ts';
import { Tab, launchBrowser } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { chunk, png } from '../support/png.ts';
import { Spectacles } from '../support/spectacles.ts';

const password = 'correct horse battery';
const world = `
registries:
  - {name: main, url: "http://localhost:1", public: "hub.example.org", service: "Docker registry"}
users:
  - {username: ada, password: "${password}", role: admin}
  - {username: bob, password: "${password}"}
`;
const [red, blue] = [
  [200, 30, 30],
  [30, 30, 200],
] as const;
const file = (buffer: Buffer) => ({ name: 'me.png', mimeType: 'image/png', buffer });

describe('the own profile', () => {
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

  async function at(username: string, body: (console: Console, tab: Tab) => Promise<void>): Promise<void> {
    const tab = await Tab.open(browser);
    const console = new Console(tab, spectacles.url);
    await console.signIn(username, password);
    await console.visit('/profile');
    await body(console, tab);
    assert.deepEqual(tab.problems, []);
    await tab.close();
  }
  const choose = (console: Console, picture: Buffer) => console.page.locator('input[type=file]').setInputFiles(file(picture));
  // The colour in the middle of what the browser shows as the user's large picture.
  const middle = (console: Console) =>
    console.page.getByRole('main').locator('img').first().evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      context?.drawImage(image, image.naturalWidth / 2, image.naturalHeight / 2, 1, 1, 0, 0, 1, 1);
      return [...(context?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
    });
  const near = (found: number[], wanted: readonly number[]) => assert.ok(found.every((value, index) => Math.abs(value - wanted[index]) < 12), `${found} is not ${wanted}`);
  const halves = png(400, 200, (x) => (x < 200 ? red : blue));

  test('a picture is cropped by keys, shown everywhere, and removed', () =>
    at('ada', async (console, tab) => {
      await choose(console, halves);
      await console.dialog.getByLabel('Left and right').focus();
      await console.page.keyboard.press('End'); // the right half
      await expectAccessible(tab);
      await console.dialog.getByRole('button', { name: 'Use this' }).click();
      await console.notice('Your picture is changed');
      near(await middle(console), blue);
      const shown = console.page.getByRole('banner').locator('img[src*="avatar"]');
      assert.match((await shown.getAttribute('src')) ?? '', /v=1$/);
      await console.button('Remove').click();
      await console.notice('Your picture is removed');
    }));

  test('a picture is cropped by the mouse', () =>
    at('bob', async (console) => {
      await choose(console, halves);
      const box = (await console.dialog.locator('canvas').first().boundingBox()) ?? assert.fail('nothing shows');
      await console.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await console.page.mouse.down();
      await console.page.mouse.move(box.x + box.width * 1.5, box.y + box.height / 2, { steps: 8 });
      await console.page.mouse.up();
      await console.button('Use this').click();
      await console.notice('Your picture is changed');
      near(await middle(console), red);
    }));

  test('what is too large, and what is no picture, is refused with the reason', () =>
    at('ada', async (console) => {
      await choose(console, png(4097, 1));
      await console.page.getByText('This picture is 4097 by 1 pixels.').waitFor();
      await choose(console, png(8, 8, red, [chunk('tEXt', Buffer.alloc(1_300_000, 'x'))]));
      await console.page.getByText('This file has 1.2 MB.').waitFor();
      await choose(console, Buffer.from('no picture'));
      await console.page.getByText('This file is no picture').waitFor();
      assert.equal(await console.dialog.count(), 0);
    }));

  test('the look is chosen, kept by the server, and there before the first paint', () =>
    at('ada', async (console, tab) => {
      const root = console.page.locator('html');
      await console.field('Theme').selectOption('dark');
      await console.field('Density').selectOption('compact');
      await console.field('Time zone').selectOption('Pacific/Kiritimati');
      await console.page.getByText(/GMT\+14/).first().waitFor();
      await tab.idle();
      assert.deepEqual(await tab.violations(), []);

      const elsewhere = await Tab.open(browser);
      const other = new Console(elsewhere, spectacles.url);
      await other.signIn('ada', password);
      await other.page.locator('html[data-theme="dark"][data-density="compact"]').waitFor();
      await other.visit('/profile');
      await other.page.locator('time[title*="GMT+14"]').first().waitFor();
      await elsewhere.close();

      await console.page.reload({ waitUntil: 'commit' });
      await console.page.locator('html[data-theme="dark"][data-density="compact"]').waitFor();
      await console.settle();
      await console.field('Theme').selectOption('system');
      await console.field('Density').selectOption('comfortable');
      await tab.idle();
      assert.equal(await root.getAttribute('data-theme'), null);
    }));

  test('it fits a telephone', () =>
    at('bob', async (console) => {
      await console.page.setViewportSize({ width: 390, height: 800 });
      await console.visit('/profile');
      assert.equal(await console.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    }));
});
