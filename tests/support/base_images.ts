// The images that the examples start from, made here since nothing is pulled: a small Debian, and under the names of the
// hub's images Debian's own MariaDB and registry, which take the variables that the examples set.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DockerClient } from './docker.ts';
import { must, temporaryFolder } from './process.ts';

const minutes = 60_000;

async function makeBase(client: DockerClient): Promise<void> {
  const archive = join(temporaryFolder('base'), 'base.tar');
  await must('mmdebstrap', ['--quiet', '--variant=minbase', 'bookworm', archive], { timeout: 8 * minutes });
  await client.must('import', archive, 'debian:bookworm-slim');
}

async function build(client: DockerClient, name: string, files: Record<string, string>, binaries: string[] = []): Promise<void> {
  const folder = temporaryFolder('image');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text, { mode: 0o755 });
  for (const binary of binaries) copyFileSync(binary, join(folder, binary.slice(binary.lastIndexOf('/') + 1)));
  await must('docker', ['build', '--quiet', '--tag', name, folder], { env: client.environment, timeout: 10 * minutes });
}

const startDatabase = `#!/bin/sh
set -eu
[ -d /var/lib/mysql/mysql ] || mariadb-install-db --user=mysql --skip-test-db >/dev/null
cat >/run/mysqld/init.sql <<SQL
create database if not exists \\\`$MYSQL_DATABASE\\\`;
create user if not exists '$MYSQL_USER'@'%' identified by '$MYSQL_PASSWORD';
grant all on \\\`$MYSQL_DATABASE\\\`.* to '$MYSQL_USER'@'%';
SQL
exec mariadbd --user=mysql --bind-address=0.0.0.0 --init-file=/run/mysqld/init.sql
`;

function makeDatabase(client: DockerClient): Promise<void> {
  return build(client, 'mysql:latest', {
    Dockerfile: `FROM debian:bookworm-slim
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --quiet=2 --yes --no-install-recommends mariadb-server && \\
    rm -rf /var/lib/mysql/* && install -d -o mysql /run/mysqld
COPY start /start
VOLUME /var/lib/mysql
ENTRYPOINT ["/start"]
`,
    start: startDatabase,
  });
}

function makeRegistry(client: DockerClient): Promise<void> {
  const files = {
    Dockerfile: `FROM debian:bookworm-slim
COPY docker-registry /usr/local/bin/registry
COPY config.yml /etc/docker/registry/config.yml
VOLUME /var/lib/registry
ENTRYPOINT ["registry", "serve", "/etc/docker/registry/config.yml"]
`,
    'config.yml': 'version: 0.1\nstorage: {filesystem: {rootdirectory: /var/lib/registry}}\nhttp: {addr: ":5000"}\n',
  };
  return build(client, 'registry:2', files, ['/usr/bin/docker-registry']);
}

// debian:bookworm-slim, mysql:latest and registry:2.
export async function makeBaseImages(client: DockerClient): Promise<void> {
  await makeBase(client);
  await makeDatabase(client);
  await makeRegistry(client);
}
