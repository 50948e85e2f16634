// node tests/e2e/screenshots.ts FOLDER: writes the pictures of the manual, of a small world with real images in it.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Tab, launchBrowser } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { Skopeo } from '../support/containers.ts';
import { helloWorldImage } from '../support/image.ts';
import { eventually } from '../support/process.ts';
import { Registry } from '../support/registry.ts';
import { Spectacles } from '../support/spectacles.ts';

const password = 'correct horse battery';
const mostBytes = 200_000;
const images = ['test/hello-world:latest', 'team/api:1.4.0', 'team/api:1.4.1', 'team/api:latest', 'team/web:2.0.0', 'team/tools/lint:7'];

const world = (registry: string): string => `
registries:
  - {name: main, url: "${registry}", service: "Docker registry", key_mode: x5c}
users:
  - {username: ada, password: "${password}", role: admin}
  - {username: olga, password: "${password}"}
  - {username: bob, password: "${password}"}
  - {username: carol, password: "${password}"}
groups:
  - {name: builders, members: [carol]}
namespaces:
  - registry: main
    name: team
    owner: olga
    members: [bob]
    groups: [builders]
    member_access: READ
    group_access: WRITE
    claims:
      - {user: carol, repository: "tools/*", access: FULL}
  - {registry: main, name: test, owner: ada, anonymous_access: READ}
`;

const folder = process.argv[2];
if (!folder) throw new Error('usage: node tests/e2e/screenshots.ts FOLDER');
mkdirSync(folder, { recursive: true });

const spectacles = await Spectacles.create({ SPECTACLES_BACKGROUND: 'inside', SPECTACLES_BACKGROUND_UPDATE: '2' });
await spectacles.start();
const registry = await Registry.start({ realm: spectacles.realm, rootcertbundle: spectacles.certificate });
const browser = await launchBrowser();
try {
  await spectacles.apply(world(registry.url));
  const api = await eventually(5, () => spectacles.signIn('ada', password).catch(() => undefined));
  await push();
  const repositories = await eventually(60, async () => {
    const { body } = await api.get('/repositories');
    return body.length === new Set(images.map((image) => image.split(':')[0])).size && body;
  });
  const idOf = (list: { id: number; name: string }[], name: string): number | undefined => list.find((one) => one.name === name)?.id;

  const tab = await Tab.open(browser);
  const console = new Console(tab, spectacles.url);
  await console.signIn('ada', password);
  await take(console, 'dashboard', '/');
  await take(console, 'namespace-rights', `/namespaces/${idOf((await api.get('/namespaces')).body, 'team')}?tab=access`);
  await take(console, 'repository-tags', `/repositories/${idOf(repositories, 'team/api')}`);
} finally {
  await browser.close();
  await Promise.all([registry.stop(), spectacles.stop()]);
}

async function push(): Promise<void> {
  const client = new Skopeo();
  const image = await helloWorldImage();
  for (const step of [
    () => client.login(registry.host, 'ada', password),
    ...images.map((name) => () => client.copy(`dir:${image}`, `docker://${registry.host}/${name}`)),
  ]) {
    const output = await step();
    if (output.code !== 0) throw new Error(output.text);
  }
}

async function take(console: Console, name: string, path: string): Promise<void> {
  const file = join(folder, `${name}.png`);
  await console.visit(path);
  await console.page.screenshot({ path: file });
  const { size } = statSync(file);
  if (size > mostBytes) throw new Error(`${file} has ${size} bytes, at most ${mostBytes} are wanted`);
  process.stdout.write(`${file}: ${size} bytes\n`);
}
