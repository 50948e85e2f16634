// How long the program takes from its start to its first answer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort, temporaryFolder } from '../tests/support/process.ts';
import { program } from '../tests/support/spectacles.ts';

// Whether an HTTP request is answered with 200.
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /api/v1/instance HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'));
    socket.once('data', (bytes) => resolve(bytes.toString().startsWith('HTTP/1.1 200')));
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
  });
}

// Milliseconds on a data folder. It asks again and again without a pause, so the answer is at most one try late.
async function startOn(folder: string): Promise<number> {
  const port = await freePort();
  const env = { PATH: process.env.PATH, SPECTACLES_DATA_DIR: folder, SPECTACLES_LISTEN: `127.0.0.1:${port}` };
  const begun = performance.now();
  const child = spawn(program, ['runserver'], { env, cwd: folder, stdio: 'ignore' });
  const exited = once(child, 'exit');
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    if (performance.now() - begun > 20_000) throw new Error(`${program} does not answer`);
  }
  const took = performance.now() - begun;
  child.kill('SIGTERM');
  await exited;
  return took;
}

const median = (times: number[]): number => Math.round(times.toSorted((a, b) => a - b)[times.length >> 1]);

// Medians in milliseconds: the first start with an empty data folder, and starts on one that is there.
export async function measureStart(times: number): Promise<{ fresh: number; again: number }> {
  const fresh: number[] = [];
  const again: number[] = [];
  for (let i = 0; i < times; i++) {
    const folder = temporaryFolder('start');
    fresh.push(await startOn(folder));
    again.push(await startOn(folder));
  }
  return { fresh: median(fresh), again: median(again) };
}
