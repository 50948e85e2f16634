// A real Docker engine of the test's own, and clients with their own credentials. Needs root.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Output, Service, must, run, temporaryFolder } from './process.ts';

const docker = process.env.DOCKER ?? '/usr/bin/docker';

export class Engine {
  readonly socket: string;
  private readonly service: Service;

  private constructor(socket: string, service: Service) {
    this.socket = socket;
    this.service = service;
  }

  // Its own containerd comes with it and goes with it. Without `networks` containers have none: images are pulled and pushed
  // by the engine.
  static async start({ networks = false } = {}): Promise<Engine> {
    const folder = temporaryFolder('engine');
    const socket = join(folder, 'docker.sock');
    const config = join(folder, 'daemon.json'); // instead of the machine's
    writeFileSync(config, '{}');
    const service = new Service('dockerd', '/usr/sbin/dockerd', [
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid')],
      ...['--host', `unix://${socket}`, '--max-concurrent-uploads=2'],
      ...(networks ? [] : ['--bridge=none', '--iptables=false']),
      ...['--config-file', config],
    ]);
    await service.until(async () => (await run(docker, ['-H', `unix://${socket}`, 'version'])).code === 0, 60);
    return new Engine(socket, service);
  }

  get log(): string {
    return this.service.log;
  }

  // A client with credentials of its own: who has not logged in is anonymous.
  client(): DockerClient {
    return new DockerClient(this.socket);
  }

  stop(): Promise<number | string> {
    return this.service.stop();
  }
}

export class DockerClient {
  private readonly env: Record<string, string>;

  constructor(socket: string) {
    this.env = { DOCKER_CONFIG: temporaryFolder('docker'), DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: '0' };
  }

  // For other programs that speak to the engine.
  get environment(): Record<string, string> {
    return this.env;
  }

  run(...args: string[]): Promise<Output> {
    return run(docker, args, { env: this.env });
  }
  must(...args: string[]): Promise<Output> {
    return must(docker, args, { env: this.env });
  }

  login(host: string, username: string, password: string): Promise<Output> {
    return run(docker, ['login', '--username', username, '--password-stdin', host], { env: this.env, input: password });
  }

  // Builds FROM scratch, so that no hub is needed. `content` makes images differ.
  async build(name: string, content: string): Promise<void> {
    await must(docker, ['build', '--quiet', '--tag', name, imageContext(content)], { env: this.env });
  }
}

// A folder with a Dockerfile of a static program and a file.
export function imageContext(content: string): string {
  const folder = temporaryFolder('image');
  mkdirSync(join(folder, 'root', 'bin'), { recursive: true });
  copyFileSync('/bin/busybox', join(folder, 'root', 'bin', 'busybox'));
  writeFileSync(join(folder, 'root', 'hello.txt'), `${content}\n`);
  const lines = ['FROM scratch', 'COPY root/ /', 'CMD ["/bin/busybox", "cat", "/hello.txt"]'];
  writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
  return folder;
}
