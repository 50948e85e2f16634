// Tests as rows: what is asked, and what the answer has to be, to hold and must not hold.
import assert from 'node:assert/strict';
import type { Answer, Request } from './http.ts';

export interface Row {
  name: string;
  request: Request;
  status: number | number[];
  has?: (string | RegExp)[]; // in the body
  hasNot?: (string | RegExp)[];
  headers?: Record<string, RegExp>;
  check?: (answer: Answer) => void;
}

const holds = (text: string, part: string | RegExp): boolean =>
  typeof part === 'string' ? text.includes(part) : part.test(text);

// Asks all rows, one after another, and throws one error with every row that was answered otherwise.
export async function checkRows(rows: Row[], ask: (request: Request) => Promise<Answer>): Promise<void> {
  assert.ok(rows.length > 0);
  const faults: string[] = [];
  for (const row of rows) {
    try {
      checkAnswer(row, await ask(row.request));
    } catch (error) {
      faults.push(`${row.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
}

function checkAnswer(row: Row, answer: Answer): void {
  const shown = answer.text.slice(0, 300);
  if (![row.status].flat().includes(answer.status)) throw new Error(`${answer.status} instead of ${row.status}: ${shown}`);
  for (const part of row.has ?? []) if (!holds(answer.text, part)) throw new Error(`lacks ${part}: ${shown}`);
  for (const part of row.hasNot ?? []) if (holds(answer.text, part)) throw new Error(`holds ${part}: ${shown}`);
  for (const [name, pattern] of Object.entries(row.headers ?? {})) {
    const value = answer.headers[name] ?? '(absent)';
    if (!pattern.test(value)) throw new Error(`the header ${name} is ${value}, not ${pattern}`);
  }
  row.check?.(answer);
}
