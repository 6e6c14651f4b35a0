import type { OpenAPIObject } from '@nestjs/swagger';
import { ROLES } from '../access/roles.js';
import { KINDS } from '../domain/record.js';
import { AnswerQueryEntryBody, ENTRIES, EntryBody, MOST_ENTRIES, type EntryCommand } from './article.js';
import { documentedBodies, exampleOf, type BodyClass } from './fields.js';
import { answer, type Schema } from './openapi.parts.js';
import { EFFECTS } from './openapi.record.js';
import { VIEWS } from './openapi.views.js';

const POSITION = { type: 'string', pattern: '^\\d+$', examples: ['118'], description: 'Position in the log, compared as an integer' };
const ID = { type: 'string', examples: ['statement-0190c0de-0000-7000-8000-000000000001'] };
const KIND = { type: 'string', enum: [...KINDS] };
const VERSION = { type: 'integer', minimum: 1 };

/** What is answered to a filing, and what has no class of its own. */
const ANSWERS: Record<string, Schema> = {
  DateInput: {
    description: 'When: an EDTF expression (level 1 and `[a..b]`) or "unknown", else the full form',
    oneOf: [{ type: 'string', maxLength: 100 }, { $ref: '#/components/schemas/FullDate' }],
    examples: ['2026-02-03', '2025-10', '2026-01-07/2026-02-03', '[2026-01-03..2026-02-03]', '2026-01-08/..', 'unknown'],
  },
  Filed: answer({
    id: ID,
    kind: KIND,
    version: VERSION,
    position: POSITION,
    events: { type: 'array', items: { type: 'string' }, description: 'Types of the events stored; empty where it was already so' },
  }),
  DryRun: answer(
    {
      dryRun: { const: true },
      wouldStore: {
        type: 'array',
        items: answer({ record: ID, kind: KIND, version: VERSION, type: { type: 'string' }, data: { type: 'object' } }),
        description:
          'The events, with the derived fields, each of an article with the `pointer` of its entry; empty where it is already so',
      },
      effects: EFFECTS,
      lookAlikes: {
        type: 'array',
        items: answer({ record: ID, summary: { type: 'string' }, occurred: { $ref: '#/components/schemas/Occurred' } }),
        description: 'Records of the same parties and type on overlapping days, at most 10: it may be on file already',
      },
      records: {
        type: 'array',
        items: answer({ id: ID, kind: KIND, version: VERSION }),
        description: 'Those touched, and up to 50 others that change with them, as they would be known',
      },
    },
    'What a filing would store and change; nothing is stored',
  ),
  ArticleFiled: answer({
    source: ID,
    results: {
      type: 'array',
      items: answer({ ref: { type: ['string', 'null'] }, id: ID, version: VERSION, position: POSITION }),
      description: 'In the order of the entries',
    },
    position: POSITION,
  }),
  KeyMade: answer({
    id: { type: 'string', format: 'uuid' },
    name: { type: 'string' },
    role: { type: 'string', enum: [...ROLES] },
    key: { type: 'string' },
  }),
  Keys: answer({
    items: {
      type: 'array',
      items: answer({
        id: { type: 'string', format: 'uuid' },
        name: { type: 'string' },
        role: { type: 'string', enum: [...ROLES] },
        createdAt: { type: 'string', format: 'date-time' },
        revokedAt: { type: ['string', 'null'], format: 'date-time' },
      }),
    },
  }),
};

/** Adds the schemas that no controller's parameter names, and makes every body refuse what it does not declare, as the service does. */
export function addSchemas(document: OpenAPIObject): void {
  const components = (document.components ??= {});
  const schemas = (components.schemas ??= {}) as Record<string, Schema>;
  for (const [name, body] of documentedBodies()) {
    const schema = schemas[name];
    if (schema === undefined) continue;
    Object.assign(schema, { additionalProperties: false, examples: [exampleOf(body)] });
    for (const property of Object.values(schema['properties'] as Record<string, Schema>)) loosen(property);
  }
  Object.assign(schemas, ANSWERS, VIEWS, articleSchemas(schemas));
  // What only entries have stands in their own schemas.
  for (const body of [EntryBody, AnswerQueryEntryBody]) delete schemas[nameOf(body)];
  components.schemas = Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Beside a reference the generator states a type of its own, which would hold for the value too. */
function loosen(property: Schema): void {
  if ('$ref' in property) delete property['type'];
}

function articleSchemas(schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  const entries = Object.entries(ENTRIES).flatMap(([command, { files, step }]) => [
    ...(files === undefined ? [] : [entrySchema(schemas, command as EntryCommand, files, 'files')]),
    ...(step === undefined ? [] : [entrySchema(schemas, command as EntryCommand, step, 'step')]),
  ]);
  const references = entries.map(([name]) => ({ $ref: `#/components/schemas/${name}` }));
  const source = { oneOf: [{ $ref: '#/components/schemas/RegisterSource' }, { type: 'string', description: 'Id of a source on file' }] };
  const article = {
    ...answer({ source, entries: { type: 'array', minItems: 1, maxItems: MOST_ENTRIES, items: { oneOf: references } } }),
    additionalProperties: false,
  };
  return { ...Object.fromEntries(entries), Article: article };
}

/** An entry is the body of its command, its envelope beside it; it need not cite, for it cites the article. */
function entrySchema(
  schemas: Readonly<Record<string, Schema>>,
  command: EntryCommand,
  body: BodyClass,
  sort: 'files' | 'step',
): [string, Schema] {
  const { properties, required = [] } = schemas[nameOf(body)] as { properties: Schema; required?: string[] };
  const { ref, record, ifVersion } = (schemas[nameOf(EntryBody)] as { properties: Schema }).properties;
  const own = sort === 'files' ? { ref, command: { const: command } } : { ref, command: { const: command }, record, ifVersion };
  const needed = ['command', ...(sort === 'step' ? ['record'] : []), ...required.filter((name) => name !== 'citations')];
  const both = ENTRIES[command].files !== undefined && ENTRIES[command].step !== undefined;
  const name = `${both ? nameOf(body) : command}Entry`;
  return [name, { type: 'object', properties: { ...own, ...properties }, required: needed, additionalProperties: false }];
}

function nameOf(body: BodyClass): string {
  for (const [name, known] of documentedBodies()) if (known === body) return name;
  throw new TypeError(`${body.name} has no @Example, so it has no name in the document`);
}
