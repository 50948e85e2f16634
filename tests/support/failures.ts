// A reporter for `node --test`: the tests that failed, a line each, as "FILE:LINE: NAME".
import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

export default async function* failures(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:fail' || data.todo) continue;
    const error: Error & { failureType?: string } = data.details.error;
    if (error.failureType === 'subtestsFailed') continue; // they have lines of their own
    yield `${relative('', data.file ?? '')}:${data.line ?? 0}: ${data.name}\n`;
  }
}
