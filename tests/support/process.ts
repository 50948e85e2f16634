// Starting programs in the background for one test file, and leaving none behind: each is stopped by its pid when its test
// ends, when the test run is interrupted, and when the process ends for any other reason.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Output {
  code: number; // -1 when a signal ended it
  stdout: string;
  stderr: string;
  text: string; // both
}

export interface RunOptions {
  env?: Record<string, string>;
  input?: string;
  cwd?: string;
  timeout?: number; // milliseconds
}

// Runs a command to its end. A failure is a value, since tests look at failures.
export function run(command: string, args: string[], options: RunOptions = {}): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      {
        env: { ...process.env, ...options.env },
        cwd: options.cwd,
        timeout: options.timeout ?? 60_000,
        maxBuffer: 1 << 26,
      },
      (error, stdout, stderr) => {
        if (error && typeof error.code === 'string') return reject(error); // not started at all
        const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
        resolve({ code, stdout, stderr, text: stdout + stderr });
      },
    );
    child.stdin?.on('error', () => {}); // the command may end without reading its input
    child.stdin?.end(options.input ?? '');
  });
}

// As run, for steps that have to succeed: throws with what the command printed.
export async function must(command: string, args: string[], options: RunOptions = {}): Promise<Output> {
  const output = await run(command, args, options);
  if (output.code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${output.code}:\n${output.text}`);
  return output;
}

const cleanups: (() => unknown)[] = [];

function cleanUpAll(): void {
  for (const cleanup of cleanups.splice(0).reverse()) {
    try {
      cleanup();
    } catch (error) {
      process.stderr.write(`not cleaned up: ${error}\n`); // and on to the next
    }
  }
}
process.on('exit', cleanUpAll);
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
  process.once(signal, () => process.exit(code));
}

// Ends a process while the event loop has stopped already: SIGTERM, and SIGKILL after five seconds.
function endNow(pid: number): void {
  const isGone = (): boolean => {
    try {
      return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return true;
    }
  };
  const clock = new Int32Array(new SharedArrayBuffer(4));
  process.kill(pid, 'SIGTERM');
  for (let tenths = 0; tenths < 50 && !isGone(); tenths++) Atomics.wait(clock, 0, 0, 100);
  if (!isGone()) process.kill(pid, 'SIGKILL');
}

// A folder that goes when the test process ends.
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `spectacles-${name}-`));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
}

// A port of 127.0.0.1 that nothing listens on now.
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

// A program in the background, with everything that it printed.
export class Service {
  readonly name: string;
  readonly child: ChildProcess;
  log = '';
  private ended: number | string | undefined;
  private readonly exited: Promise<void>;

  constructor(name: string, command: string, args: string[], env: Record<string, string> = {}, cwd?: string) {
    this.name = name;
    this.child = spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    }
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(void (this.ended = error.message)));
      this.child.once('exit', (code, signal) => resolve(void (this.ended = signal ?? code ?? 0)));
    });
    cleanups.push(() => this.ended === undefined && this.child.pid && endNow(this.child.pid));
  }

  // Waits until `ready` holds, which may throw meanwhile; throws with the log when the program ends or 20 s pass.
  async until(ready: () => Promise<boolean>, seconds = 20): Promise<void> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      if (this.ended !== undefined) throw new Error(`${this.name} ended with ${this.ended}:\n${this.log}`);
      if (await ready().catch(() => false)) return;
      if (Date.now() > end) throw new Error(`${this.name} was not ready within ${seconds} s:\n${this.log}`);
      await sleep(50);
    }
  }

  // SIGTERM, and SIGKILL when it is still there after 15 s. Resolves to the exit code, or to the signal that ended it.
  async stop(): Promise<number | string> {
    if (this.ended === undefined) this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 15_000);
    await this.exited;
    clearTimeout(patience);
    return this.ended ?? 0;
  }
}

// Waits until `what` gives something other than undefined or false; throws after `seconds`.
export async function eventually<T>(seconds: number, what: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await what();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`still not there after ${seconds} s: ${what}`);
    await sleep(100);
  }
}
