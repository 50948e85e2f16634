// The web console as a person uses it: by what is written on its buttons, links and fields.
import type { Locator, Page } from 'playwright-core';
import type { Tab } from './browser.ts';

export type Section = 'Dashboard' | 'Namespaces' | 'Repositories' | 'Registries' | 'Explain access' | 'Audit' | 'Trash' | 'Unassigned' | 'Users' | 'Groups' | 'Settings';

export class Console {
  readonly url: string;
  readonly page: Page;
  private readonly tab: Tab;

  constructor(tab: Tab, url: string) {
    this.tab = tab;
    this.page = tab.page;
    this.url = url;
  }

  // A page by its path behind WEB_ROOT; resolves once it has said what it is and loaded what it shows.
  async visit(path: string): Promise<void> {
    await this.page.goto(this.url + path);
    await this.settle();
  }

  async settle(): Promise<void> {
    await this.heading.waitFor();
    await this.tab.idle();
  }

  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }
  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true }).and(this.page.locator('input, select, textarea'));
  }
  // A button, or a link that looks like one.
  button(name: string): Locator {
    const named = { name, exact: true } as const;
    return this.page.getByRole('button', named).or(this.page.getByRole('link', named)).first();
  }
  // A choice in the matrix of rights.
  level(who: string, level: 'None' | 'Read' | 'Write' | 'Full'): Locator {
    return this.page.getByRole('radio', { name: `${who}: ${level}`, exact: true });
  }
  // The dialog that is open.
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
  // A short notice of what was done.
  notice(text: string): Promise<void> {
    return this.page.getByText(text, { exact: true }).waitFor();
  }
  section(name: Section): Locator {
    return this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });
  }

  async go(name: Section): Promise<void> {
    await this.section(name).click();
    await this.settle();
  }

  // The first user of all becomes the administrator.
  async register(username: string, password: string): Promise<void> {
    await this.visit('/register');
    await this.enter(username, password, 'Create account');
  }
  async signIn(username: string, password: string): Promise<void> {
    await this.visit('/sign-in');
    await this.enter(username, password, 'Sign in');
  }
  private async enter(username: string, password: string, button: string): Promise<void> {
    await this.field('User name').fill(username);
    await this.field('Password').fill(password);
    await this.button(button).click();
    await this.section('Dashboard').waitFor();
  }

  async signOut(): Promise<void> {
    await this.button('Sign out').click();
    await this.button('Sign in').waitFor();
  }

  async addRegistry(name: string, address: string): Promise<void> {
    await this.go('Registries');
    await this.button('Add registry').click();
    await this.field('Name').fill(name);
    await this.field('Address').fill(address);
    await this.button('Test connection').click();
    await this.button('Add').click(); // which is there once the test has passed
    await this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  }

  async createNamespace(registry: string, name: string): Promise<void> {
    await this.go('Namespaces');
    await this.button('Create namespace').click();
    await this.field('Name').waitFor();
    await this.field('Registry').selectOption(registry);
    await this.field('Name').fill(name);
    await this.button('Create').click();
    await this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  }
}
