// JSON with a line for each value. It is taken apart as text: numbers keep all their digits, names their order, and what
// stands there twice stands there twice.
export function laidOut(text: string): string {
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      out += before === '{' || before === '[' ? token : line() + token;
    } else {
      if (before === '{' || before === '[' || before === ',') out += line();
      out += token === ':' ? ': ' : token;
      if (token === '{' || token === '[') depth++;
    }
  }
  return out;
}
