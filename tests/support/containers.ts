// skopeo and buildah, each with credentials and storage of its own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Output, run, temporaryFolder } from './process.ts';

function emptyAuthFile(): string {
  const file = join(temporaryFolder('auth'), 'auth.json');
  writeFileSync(file, '{}', { mode: 0o600 });
  return file;
}

// Credentials in a file of the client's own; who has not logged in is anonymous.
export class Skopeo {
  private readonly authfile = emptyAuthFile();

  login(host: string, username: string, password: string): Promise<Output> {
    return run(
      '/usr/bin/skopeo',
      ['login', '--authfile', this.authfile, '--tls-verify=false', '--username', username, '--password-stdin', host],
      { input: password },
    );
  }
  // Copies between `docker://` names of registries of the test and folders (`dir:`).
  copy(from: string, to: string): Promise<Output> {
    const flags = ['--insecure-policy', 'copy', '--authfile', this.authfile];
    return run('/usr/bin/skopeo', [...flags, '--src-tls-verify=false', '--dest-tls-verify=false', from, to]);
  }
  inspect(image: string): Promise<Output> {
    return run('/usr/bin/skopeo', ['inspect', '--authfile', this.authfile, '--tls-verify=false', `docker://${image}`]);
  }
  delete(image: string): Promise<Output> {
    return run('/usr/bin/skopeo', ['delete', '--authfile', this.authfile, '--tls-verify=false', `docker://${image}`]);
  }
}

export class Buildah {
  private readonly folder = temporaryFolder('buildah');
  private readonly authfile = emptyAuthFile();

  run(args: string[], input?: string): Promise<Output> {
    const storage = ['--storage-driver', 'vfs', '--root', join(this.folder, 'root'), '--runroot', join(this.folder, 'run')];
    return run('/usr/bin/buildah', [...storage, ...args], { input, env: { BUILDAH_ISOLATION: 'chroot' } });
  }
  // Options of whatever speaks with a registry.
  get auth(): string[] {
    return ['--authfile', this.authfile, '--tls-verify=false'];
  }
  login(host: string, username: string, password: string): Promise<Output> {
    return this.run(['login', ...this.auth, '--username', username, '--password-stdin', host], password);
  }
  build(name: string, context: string): Promise<Output> {
    return this.run(['build', '--layers=false', '--tag', name, context]);
  }
  push(name: string): Promise<Output> {
    return this.run(['push', ...this.auth, name, `docker://${name}`]);
  }
  pull(name: string): Promise<Output> {
    return this.run(['pull', ...this.auth, `docker://${name}`]);
  }
}
