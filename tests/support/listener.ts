// The live stream as a browser reads it.
import assert from 'node:assert/strict';
import { type ClientRequest, request as start } from 'node:http';
import { eventually } from './process.ts';
import type { Caller } from './world.ts';

export interface Message {
  event: string;
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the server sent
  data: any;
}

export class Listener {
  readonly messages: Message[] = [];
  status = 0;
  ended = false;
  private waiting = '';
  private readonly request: ClientRequest;

  constructor(url: string, caller: Caller, headers: Record<string, string> = {}, query = '') {
    const { hostname, port } = new URL(url);
    this.request = start({ hostname, port, path: `/api/v1/live${query}`, headers: { cookie: caller.cookie, ...headers }, agent: false }, (response) => {
      this.status = response.statusCode ?? 0;
      assert.equal(response.headers['content-type'], this.status === 200 ? 'text/event-stream' : 'application/problem+json');
      const end = (): void => void (this.ended = true);
      response.setEncoding('utf8').on('data', (part: string) => this.read(part)).on('end', end).on('error', end).on('close', end);
    });
    this.request.on('error', () => (this.ended = true));
    this.request.end();
  }

  private read(part: string): void {
    this.waiting += part;
    for (let end = this.waiting.indexOf('\n\n'); end >= 0; end = this.waiting.indexOf('\n\n')) {
      const lines = Object.fromEntries(this.waiting.slice(0, end).split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (lines.event) this.messages.push({ event: lines.event, id: lines.id, data: JSON.parse(lines.data) });
      this.waiting = this.waiting.slice(end + 2);
    }
  }
  find(event: string, holds: (data: Message['data']) => boolean = () => true): Message | undefined {
    return this.messages.find((one) => one.event === event && holds(one.data));
  }
  seen(event: string, holds?: (data: Message['data']) => boolean): Promise<Message> {
    return eventually(10, async () => this.find(event, holds));
  }
  close(): void {
    this.request.destroy();
  }
}
