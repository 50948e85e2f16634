// What a signature costs on this machine at this moment, as OpenSSL's own program finds it on one core.
import { must } from '../tests/support/process.ts';
import type { KeyType } from './server.ts';

const algorithms: Record<KeyType, { name: string; line: RegExp }> = {
  p256: { name: 'ecdsap256', line: /^\+R5:(\d+):256:([\d.]+)$/m },
  rsa2048: { name: 'rsa2048', line: /^\+R1:(\d+):2048:([\d.]+)$/m },
  rsa4096: { name: 'rsa4096', line: /^\+R1:(\d+):4096:([\d.]+)$/m },
};

// Microseconds of processor time for one. `openssl speed` counts the time of its own process, not that of the clock.
export async function measureSignature(type: KeyType, seconds: number): Promise<number> {
  const { name, line } = algorithms[type];
  const { text } = await must('openssl', ['speed', '-mr', '-seconds', String(seconds), name]);
  const [, count, took] = line.exec(text) ?? [];
  if (!count) throw new Error(`openssl speed says no count:\n${text}`);
  return (Number(took) * 1e6) / Number(count);
}
