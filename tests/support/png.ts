// PNG pictures as a browser sends them.
import { crc32, deflateSync } from 'node:zlib';

export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const around = Buffer.alloc(4 + body.length + 4);
  around.writeUInt32BE(data.length);
  body.copy(around, 4);
  around.writeUInt32BE(crc32(body), 4 + body.length);
  return around;
}

// Of one colour, or of one for each column, with whatever chunks between the dimensions and the pixels.
export function png(width: number, height: number, colour: readonly number[] | ((x: number) => readonly number[]) = [200, 30, 30], extra: Buffer[] = []): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8); // 8 bits, RGB
  const row = Buffer.from([0, ...Array.from({ length: width }, (_, x) => (typeof colour === 'function' ? colour(x) : colour)).flat()]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), ...extra, chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}
