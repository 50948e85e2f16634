// What is in a registry, in the words of people.

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

// "31.4 MB", in thousands, as clients print it.
export function bytes(size: number): string {
  let rest = size;
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${unit && rest < 99.95 ? rest.toFixed(1) : Math.round(rest)} ${units[unit]}`;
}

// Enough of a digest to tell it from others: "sha256:0123456789ab".
export function shortDigest(digest: string): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  return `${algorithm}:${hex.slice(0, 12)}`;
}

const attachments: [RegExp, string][] = [
  [/sbom|spdx|cyclonedx|syft/i, 'SBOM'],
  [/signature|cosign|notary|sigstore/i, 'Signature'],
  [/attestation|in-toto|provenance|slsa/i, 'Attestation'],
];

// What kind of thing an artifact type stands for, where it is a usual one.
export function attachmentName(type: string): string {
  return attachments.find(([pattern]) => pattern.test(type))?.[1] ?? 'Artifact';
}

// How a build step reads to who wrote the Dockerfile: without the shell that ran it.
export function stepInWords(createdBy: string): string {
  return createdBy
    .replace(/^\/bin\/sh -c #\(nop\)\s*/, '')
    .replace(/^\/bin\/sh -c\s+/, 'RUN ')
    .replace(/\s+# buildkit$/, '')
    .trim();
}

export interface PullWay {
  value: string;
  label: string;
  command: (image: string) => string;
}

export const pullWays: PullWay[] = [
  { value: 'docker', label: 'Docker', command: (image) => `docker pull ${image}` },
  { value: 'podman', label: 'Podman', command: (image) => `podman pull ${image}` },
  { value: 'skopeo', label: 'Skopeo', command: (image) => `skopeo copy docker://${image} dir:image` },
  { value: 'kubernetes', label: 'Kubernetes', command: (image) => `image: ${image}` },
];
