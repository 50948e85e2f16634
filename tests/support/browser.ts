// Chromium with a fresh profile, and a tab that remembers everything a person would not see: errors in the browser's
// console (violations of the Content-Security-Policy and of Trusted Types are among them), exceptions, failed requests.
import axe from 'axe-core';
import { type Browser, type CDPSession, type Page, type Request, chromium } from 'playwright-core';

const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-proxy-server'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export const schemes = ['light', 'dark'] as const;
export type Scheme = (typeof schemes)[number];

// Close it after the tests; its profile goes with it.
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
}

export class Tab {
  readonly page: Page;
  readonly problems: string[] = [];
  private readonly pending = new Set<Request>();
  private readonly devtools: CDPSession;

  private constructor(page: Page, devtools: CDPSession) {
    this.page = page;
    this.devtools = devtools;
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.problems.push(`exception: ${error.stack ?? error.message}`));
    // A stream of events stays open for as long as the page.
    page.on('request', (request) => request.resourceType() !== 'eventsource' && this.pending.add(request));
    page.on('requestfinished', (request) => this.pending.delete(request));
    page.on('requestfailed', (request) => {
      this.pending.delete(request);
      // The browser itself gives requests up when the page is left.
      const reason = request.failure()?.errorText;
      if (reason !== 'net::ERR_ABORTED') this.problems.push(`${request.url()}: ${reason}`);
    });
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      // Nobody is signed in yet: the console asks, and the browser prints the answer's status.
      if (/\/api\/v1\/session$/.test(message.location().url) && /\b401\b/.test(message.text())) return;
      this.problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
  }

  // A tab without cookies, 1280 pixels wide.
  static async open(browser: Browser, scheme: Scheme = 'light'): Promise<Tab> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: scheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    return new Tab(page, await context.newCDPSession(page));
  }

  // Resolves once the page has asked for nothing for a moment.
  async idle(): Promise<void> {
    const [quiet, step, most] = [400, 50, 10_000]; // milliseconds
    for (let [waited, still] = [0, 0]; still < quiet; waited += step) {
      if (waited > most) throw new Error(`still loading: ${[...this.pending].map((request) => request.url()).join(' ')}`);
      await this.page.waitForTimeout(step);
      still = this.pending.size ? 0 : still + step;
    }
  }

  // What axe finds wrong on the page as it is now, one line for each element. The checker is put in by the debugging
  // protocol, which the page's policy does not bind: the page is checked under the policy that it is served with.
  async violations(): Promise<string[]> {
    await this.evaluate(axe.source);
    const found = await this.evaluate(`axe.run(document, { preload: false, resultTypes: ['violations'] }).then((result) =>
      result.violations.flatMap((rule) => rule.nodes.map((node) => rule.id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))`);
    return found as string[];
  }

  private async evaluate(expression: string): Promise<unknown> {
    const reply = await this.devtools.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (reply.exceptionDetails) throw new Error(reply.exceptionDetails.exception?.description ?? reply.exceptionDetails.text);
    return reply.result.value;
  }

  // Its cookies and everything else that it kept go too.
  close(): Promise<void> {
    return this.page.context().close();
  }
}
