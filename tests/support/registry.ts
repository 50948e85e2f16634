// Debian's docker-registry (distribution 2.8), asking a token server of the test for its tokens.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Service, freePort, temporaryFolder } from './process.ts';

export interface TokenSettings {
  realm: string;
  rootcertbundle: string; // path of the certificate that tokens are verified with
  service?: string;
  issuer?: string;
}

// What else it is to be configured with: part of its config.yml, and variables.
export interface MoreSettings {
  config?: string;
  environment?: Record<string, string>;
}

export class Registry {
  readonly port: number;
  readonly storage: string; // where its files lie
  readonly garbageCollection: string[]; // a command that collects its garbage
  private readonly service: Service;

  private constructor(port: number, storage: string, config: string, service: Service) {
    this.port = port;
    this.storage = storage;
    const settings = ['OTEL_TRACES_EXPORTER=none', 'REGISTRY_STORAGE=filesystem', `REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=${storage}`];
    this.garbageCollection = ['env', ...settings, '/usr/bin/docker-registry', 'garbage-collect', config];
    this.service = service;
  }

  // The host[:port] of image names. An engine takes 127.0.0.0/8 and localhost over plain HTTP without being told.
  get host(): string {
    return `localhost:${this.port}`;
  }
  get url(): string {
    return `http://${this.host}`;
  }
  get log(): string {
    return this.service.log;
  }

  static async start(token: TokenSettings, at?: number, more: MoreSettings = {}): Promise<Registry> {
    const folder = temporaryFolder('registry');
    const port = at ?? (await freePort());
    const config = join(folder, 'config.yml');
    const storage = join(folder, 'data');
    writeFileSync(config, `version: 0.1\n${more.config ?? ''}`, { mode: 0o600 });
    const service = new Service('docker-registry', '/usr/bin/docker-registry', ['serve', config], {
      REGISTRY_LOG_LEVEL: 'info',
      REGISTRY_HTTP_ADDR: `127.0.0.1:${port}`,
      REGISTRY_STORAGE: 'filesystem',
      REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: storage,
      REGISTRY_STORAGE_DELETE_ENABLED: 'true',
      REGISTRY_AUTH: 'token',
      REGISTRY_AUTH_TOKEN_REALM: token.realm,
      REGISTRY_AUTH_TOKEN_SERVICE: token.service ?? 'Docker registry',
      REGISTRY_AUTH_TOKEN_ISSUER: token.issuer ?? 'Auth service',
      REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE: token.rootcertbundle,
      OTEL_TRACES_EXPORTER: 'none',
      ...more.environment,
    });
    await service.until(async () => (await fetch(`http://127.0.0.1:${port}/v2/`)).status === 401);
    return new Registry(port, storage, config, service);
  }

  stop(): Promise<number | string> {
    return this.service.stop();
  }
}
