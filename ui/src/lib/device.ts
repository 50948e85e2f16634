// What people call the thing behind a User-Agent header.
const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom/, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

// "Firefox on Linux"; the name of the program where it is no browser.
export function deviceName(userAgent: string): string {
  const known = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [known(browsers), known(systems)];
  return browser && system ? `${browser} on ${system}` : /^[^\s/]+/.exec(userAgent)?.[0] || 'Unknown';
}
