import { readFileSync } from 'node:fs';
import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { READ_CONTROLLERS, WRITE_CONTROLLERS } from './controllers.js';
import { documentedBodies } from './fields.js';
import { addProblems } from './openapi.problems.js';
import { addSchemas } from './openapi.schemas.js';

/** What the address of every call begins with. */
export const PREFIX = 'api/v1';
const DOCS = 'api/docs';
const DESCRIPTION = `A newsroom's record of how two countries get along: what was said, what was done, whom each side met, and who says so.
Nothing filed is ever overwritten. Every refusal is \`application/problem+json\` (RFC 9457) with a stable \`code\`, and names each offending field.`;

/** The HTTP contract as OpenAPI 3.1, made from the controllers of the application and their body classes. */
export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Entente')
    .setDescription(DESCRIPTION)
    .setVersion(versionOf(new URL('../../package.json', import.meta.url)))
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'The service that shows this page')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' }, 'key')
    .addSecurityRequirements('key')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory, extraModels: [...documentedBodies().values()] });
  addSchemas(document);
  addProblems(document);
  return document;
}

/** `makeStatement`, `listKey`: the method and what it is about. */
function operationIdFactory(controller: string, method: string): string {
  return method + controller.replace(/Controller$/, '');
}

/** Serves the document at /api/v1/openapi.json and a page to try it at /api/docs; nothing of the page comes from elsewhere. */
export function serveOpenApi(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup(DOCS, app, () => (document ??= createOpenApiDocument(app)), {
    raw: ['json'],
    jsonDocumentUrl: `${PREFIX}/openapi.json`,
    customSiteTitle: 'Entente API',
    swaggerOptions: { validatorUrl: null },
  });
}

/** The document without a running service: the controllers are looked at, never run. */
export async function describeContract(): Promise<OpenAPIObject> {
  const app = await NestFactory.create<NestFastifyApplication>(Contract.alone(), new FastifyAdapter(), {
    preview: true,
    abortOnError: false,
    logger: ['error'],
  });
  app.setGlobalPrefix(PREFIX);
  return createOpenApiDocument(app);
}

@Module({})
class Contract {
  /** Every controller, without what they work with. */
  static alone(): DynamicModule {
    const controllers = [...WRITE_CONTROLLERS, ...READ_CONTROLLERS];
    const needed = controllers.flatMap((controller) => (Reflect.getMetadata('design:paramtypes', controller) ?? []) as Type[]);
    return { module: Contract, controllers, providers: [...new Set(needed)].map((provide) => ({ provide, useValue: null })) };
  }
}

function versionOf(file: URL): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
