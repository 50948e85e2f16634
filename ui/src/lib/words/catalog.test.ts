import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachmentName, bytes, shortDigest, stepInWords } from './catalog.ts';

test('sizes are short, and never "1000 kB"', () => {
  const cases: [number, string][] = [[0, '0 B'], [999, '999 B'], [1000, '1.0 kB'], [99_940, '99.9 kB'], [99_960, '100 kB'], [999_499, '999 kB'], [999_500, '1.0 MB'], [31_400_000, '31.4 MB'], [2.5e18, '2500 PB']];
  for (const [size, text] of cases) assert.equal(bytes(size), text);
});

test('a digest is told by its beginning', () => {
  assert.equal(shortDigest(`sha256:${'0123456789abcdef'.repeat(4)}`), 'sha256:0123456789ab');
});

test('what is attached is called by what it is', () => {
  assert.equal(attachmentName('application/vnd.cyclonedx+json'), 'SBOM');
  assert.equal(attachmentName('signature'), 'Signature');
  assert.equal(attachmentName('application/vnd.in-toto+json'), 'Attestation');
  assert.equal(attachmentName('application/vnd.example'), 'Artifact');
});

test('a build step reads as it was written', () => {
  assert.equal(stepInWords('/bin/sh -c #(nop)  CMD ["sh"]'), 'CMD ["sh"]');
  assert.equal(stepInWords('/bin/sh -c make all'), 'RUN make all');
  assert.equal(stepInWords('RUN /bin/sh -c make # buildkit'), 'RUN /bin/sh -c make');
});
