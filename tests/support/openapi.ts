// Whether answers are what api/openapi.yaml says: status, media type and every member of the body.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { Answer } from './http.ts';

interface Content {
  [mediaType: string]: { schema: unknown };
}
interface Response {
  $ref?: string;
  description?: string;
  headers?: Record<string, unknown>;
  content?: Content;
}
interface Parameter {
  $ref?: string;
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: { enum?: string[]; default?: string };
}
interface Body {
  content: Content;
}
interface DocumentedOperation {
  operationId: string;
  'x-allows'?: string;
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Response>;
}
type Path = Record<'get' | 'put' | 'post' | 'patch' | 'delete', DocumentedOperation> & { parameters?: Parameter[] };
interface Document {
  info: { description: string };
  paths: Record<string, Path>;
  components: { responses: Record<string, Response>; schemas: Record<string, object>; parameters: Record<string, Parameter> };
}

const text = readFileSync(join(import.meta.dirname, '..', '..', 'api', 'openapi.yaml'), 'utf8');
const document: Document = parse(text);

// Schemas under $id "api", so that "#/components/schemas/X" stays what it is in the document.
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
ajv.addFormat('password', true);
const validators = new Map<string, ValidateFunction>();

// An answer may not hold members that the document does not know: those would be secrets that slipped out, or promises
// that nobody wrote down. allOf is left alone, since each of its parts knows only its own.
function close(value: unknown, inAllOf = false): void {
  if (Array.isArray(value)) for (const item of value) close(item, inAllOf);
  else if (value && typeof value === 'object') {
    const schema = value as Record<string, unknown>;
    for (const [key, part] of Object.entries(schema)) close(part, key === 'allOf');
    if (schema.type === 'object' && schema.properties && !inAllOf && !('allOf' in schema)) schema.unevaluatedProperties = false;
  }
}
const schemas = structuredClone(document.components.schemas);
const extended = new Set(['Manifest', 'Namespace', 'Problem']); // parts of an allOf elsewhere
for (const [name, schema] of Object.entries(schemas)) {
  close(schema);
  if (extended.has(name)) delete (schema as Record<string, unknown>).unevaluatedProperties;
}

function validator(key: string, schema: unknown): ValidateFunction {
  const known = validators.get(key);
  if (known) return known;
  const made = ajv.compile({ ...(schema as object), components: { schemas } });
  validators.set(key, made);
  return made;
}

function findOperation(method: string, path: string): { name: string; responses: Record<string, Response> } | undefined {
  const parts = path.split('?')[0].split('/');
  const templates = Object.keys(document.paths).filter((template) => {
    const wanted = template.split('/');
    return wanted.length === parts.length && wanted.every((part, i) => part === parts[i] || part.startsWith('{'));
  });
  const template = templates.sort((a, b) => a.split('{').length - b.split('{').length)[0];
  const operation = template && document.paths[template][method.toLowerCase() as keyof Path];
  return operation && 'responses' in operation ? { name: `${method} ${template}`, responses: operation.responses } : undefined;
}

const resolve = (response: Response): Response =>
  response.$ref ? document.components.responses[response.$ref.split('/').at(-1) ?? ''] : response;

// What any request may meet before its operation is reached, all as a problem.
const everywhere = [400, 403, 404, 405, 408, 413, 415, 431, 503];

// Throws unless the document allows this answer. `path` is without /api/v1.
export function checkDocumented(method: string, path: string, answer: Answer): void {
  const operation = findOperation(method === 'HEAD' ? 'GET' : method, path);
  const mediaType = (answer.headers['content-type'] ?? '').split(';')[0];
  const stated = operation?.responses[answer.status];
  const name = `${operation?.name ?? `${method} ${path}`} ${answer.status}`;
  if (!stated && !everywhere.includes(answer.status)) throw new Error(`${name}: no such answer is documented`);
  const response = stated ? resolve(stated) : document.components.responses.Problem;
  if (method === 'HEAD' || !response.content) {
    if (answer.text) throw new Error(`${name}: a body where none belongs: ${answer.text}`);
    return;
  }
  const content = response.content[mediaType];
  if (!content) throw new Error(`${name}: ${mediaType} instead of ${Object.keys(response.content)}: ${answer.text.slice(0, 200)}`);
  const validate = validator(`${name} ${mediaType}`, content.schema);
  if (!validate(answer.json)) throw new Error(`${name}: ${ajv.errorsText(validate.errors)}: ${answer.text.slice(0, 300)}`);
  for (const header of Object.keys(stated?.headers ?? {})) {
    const isOptional = ['Link', 'X-Total-Count-Is-Minimum'].includes(header) || stated?.description?.includes(`(with an ${header} for `);
    if (!isOptional && !answer.headers[header.toLowerCase()]) throw new Error(`${name}: no header ${header}`);
  }
}

export interface Operation {
  id: string;
  method: string;
  path: string; // without /api/v1, with its parameters in braces
  allows: string | undefined; // x-allows; `policies` says which there are
  parameters: { name: string; in: string; required: boolean; oneOf: string[]; unlessGiven: string | undefined }[];
  body: { required: string[] } | undefined; // the members that a body must have
  success: number;
}

const named = ($ref: string): string => $ref.split('/').at(-1) ?? '';

function read(path: string, method: string, common: Parameter[], stated: DocumentedOperation): Operation {
  const parameters = [...common, ...(stated.parameters ?? [])].map((one) => (one.$ref ? document.components.parameters[named(one.$ref)] : one));
  const body = stated.requestBody?.content['application/json']?.schema as { $ref: string } | undefined;
  const schema = body && (document.components.schemas[named(body.$ref)] as { required?: string[] });
  return {
    id: stated.operationId,
    method: method.toUpperCase(),
    path,
    allows: stated['x-allows'],
    parameters: parameters.map((one) => ({
      name: one.name, in: one.in, required: one.required ?? false, oneOf: one.schema.enum ?? [], unlessGiven: one.schema.default,
    })),
    body: schema && { required: schema.required ?? [] },
    success: Number(Object.keys(stated.responses).find((status) => status.startsWith('2'))),
  };
}

// Everything that the document offers.
export const operations: Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => method !== 'parameters')
    .map(([method, stated]) => read(path, method, methods.parameters ?? [], stated as DocumentedOperation)),
);

// The values of x-allows that the document explains.
export const policies: string[] = [...(/Values of `x-allows`: ([^]*)/.exec(document.info.description)?.[1] ?? '').matchAll(/`(\w+)`/g)].map((found) => found[1]);

// What a list can be sorted by, the default first. `path` is that of its operation.
export function sortings(path: string): string[] {
  const sort = operations.find((one) => one.method === 'GET' && one.path === path)?.parameters.find((one) => one.name === 'sort');
  if (!sort?.unlessGiven) throw new Error(`${path} cannot be sorted`);
  return [sort.unlessGiven, ...sort.oneOf.filter((one) => one !== sort.unlessGiven)];
}
