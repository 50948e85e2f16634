// Servers of MariaDB and PostgreSQL of a test's own, with one database each, which can be stopped and started again on the
// same port. Debian's installed services are not touched. (Unit tests share those of script/with-databases.)
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Service, freePort, must, temporaryFolder } from './process.ts';

export const password = 'wo rd%/@:?#é';

export abstract class DatabaseServer {
  readonly scheme: string;
  readonly port: number;
  protected readonly folder: string;
  private readonly user: string; // of this machine: PostgreSQL does not run as root
  private service: Service | undefined;

  protected constructor(scheme: string, user: string, port: number) {
    this.scheme = scheme;
    this.user = user;
    this.port = port;
    this.folder = temporaryFolder(scheme);
  }

  get uri(): string {
    return this.uriWith(password);
  }
  uriWith(word: string): string {
    return `${this.scheme}://spectacles:${encodeURIComponent(word)}@127.0.0.1:${this.port}/spectacles`;
  }

  // Makes the data folder, the server's account and the database, and leaves the server running.
  protected async prepare(): Promise<void> {
    chmodSync(this.folder, 0o755);
    mkdirSync(join(this.folder, 'own'));
    if (process.getuid?.() === 0) {
      const [uid, gid] = (await must('id', ['-u', this.user])).stdout.concat((await must('id', ['-g', this.user])).stdout).trim().split('\n').map(Number);
      chownSync(join(this.folder, 'own'), uid, gid);
    }
    await this.install();
    await this.start();
    await this.fill();
  }

  protected abstract install(): Promise<void>;
  protected abstract fill(): Promise<void>;
  protected abstract command(): string[];
  protected abstract ping(): Promise<unknown>;

  protected asUser(command: string[]): [string, string[]] {
    const all = process.getuid?.() === 0 ? ['setpriv', '--reuid', this.user, '--regid', this.user, '--init-groups', ...command] : command;
    return [all[0], all.slice(1)];
  }

  async start(): Promise<void> {
    this.service = new Service(this.scheme, ...this.asUser(this.command()));
    await this.service.until(async () => (await this.ping(), true), 60);
  }

  // Its clients are cut off, as when a machine goes down in good order.
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    this.service?.child.kill(signal);
    await this.service?.stop();
  }
}

export class MariaDb extends DatabaseServer {
  static async create(): Promise<MariaDb> {
    const server = new MariaDb('mysql', 'mysql', await freePort());
    await server.prepare();
    return server;
  }

  private get socket(): string {
    return join(this.folder, 'own', 'socket');
  }
  private sql(statements: string): Promise<unknown> {
    return must('mariadb', ['--no-defaults', `--socket=${this.socket}`, '--user=root', `--execute=${statements}`]);
  }
  protected async install(): Promise<void> {
    await must(...this.asUser(['mariadb-install-db', '--no-defaults', `--datadir=${this.folder}/own/data`, '--auth-root-authentication-method=normal', '--skip-test-db']));
  }
  protected command(): string[] {
    return ['mariadbd', '--no-defaults', `--datadir=${this.folder}/own/data`, `--socket=${this.socket}`, `--pid-file=${this.folder}/own/pid`,
      `--port=${this.port}`, '--bind-address=127.0.0.1', '--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=64M', '--skip-name-resolve'];
  }
  protected ping(): Promise<unknown> {
    return this.sql('SELECT 1');
  }
  protected async fill(): Promise<void> {
    // Rights on its own database alone: the program needs no more.
    await this.sql(`CREATE DATABASE spectacles CHARACTER SET latin1; CREATE USER spectacles@127.0.0.1 IDENTIFIED BY '${password}';
      GRANT ALL ON spectacles.* TO spectacles@127.0.0.1`);
  }
  override stop(): Promise<void> {
    return super.stop('SIGTERM');
  }
}

export class Postgres extends DatabaseServer {
  static async create(): Promise<Postgres> {
    const server = new Postgres('postgresql', 'postgres', await freePort());
    await server.prepare();
    return server;
  }

  // The newest that is installed.
  private program(name: string): string {
    const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(a) - Number(b));
    return join('/usr/lib/postgresql', versions[versions.length - 1], 'bin', name);
  }
  private sql(database: string, statement: string): Promise<unknown> {
    const url = `postgresql://root@127.0.0.1:${this.port}/${database}`;
    return must(this.program('psql'), [url, `--command=${statement}`], { env: { PGPASSWORD: password } });
  }
  protected async install(): Promise<void> {
    const file = join(this.folder, 'password');
    writeFileSync(file, `${password}\n`, { mode: 0o644 });
    await must(...this.asUser([this.program('initdb'), `--pgdata=${this.folder}/own/data`, '--username=root', `--pwfile=${file}`,
      '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']));
  }
  protected command(): string[] {
    return [this.program('postgres'), '-D', `${this.folder}/own/data`, '-k', `${this.folder}/own`, '-p', `${this.port}`,
      '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'];
  }
  protected ping(): Promise<unknown> {
    return this.sql('postgres', 'SELECT 1');
  }
  protected async fill(): Promise<void> {
    await this.sql('postgres', `CREATE ROLE spectacles LOGIN PASSWORD '${password}'`);
    await this.sql('postgres', 'CREATE DATABASE spectacles OWNER spectacles');
  }
}
