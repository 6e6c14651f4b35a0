import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ACCESS_SCHEMA, KeyRing } from '../../src/access/key-ring.js';
import { ROLES, type Role } from '../../src/access/roles.js';
import { DecideAndAppend } from '../../src/commands/decide-and-append.js';
import { FileArticleHandler } from '../../src/commands/file-article.handler.js';
import { FileCommandHandler } from '../../src/commands/file-command.handler.js';
import { RecordCache } from '../../src/commands/record-cache.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { APP_OPTIONS, configureApp, createAdapter } from '../../src/http/configure.js';
import { WRITE_CONTROLLERS } from '../../src/http/controllers.js';
import { Filings } from '../../src/http/filings.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createDatabase, type TestDatabase } from './database.js';

/** The HTTP edge over the real decisions and a real key ring; the log is in memory. */
export interface HttpService {
  app: NestFastifyApplication;
  store: EventStore;
  keys: KeyRing;
  database: TestDatabase;
  /** One API key of each role, named after it. */
  as: Record<Role, string>;
  /** `http://127.0.0.1:<port>/api/v1` */
  url: string;
  stop(): Promise<void>;
}

export async function startHttpService(): Promise<HttpService> {
  const database = await createDatabase();
  await migrate(database.pool, ACCESS_SCHEMA);
  const keys = new KeyRing(database.pool);
  const store = new MemoryEventStore();
  const app = await createApp(keys, store);
  await app.listen(0, '127.0.0.1');
  const stop = async (): Promise<void> => {
    await app.close();
    await database.drop();
  };
  const made = await Promise.all(ROLES.map(async (role) => [role, await newKey(keys, role)] as const));
  return { app, store, keys, database, as: Object.fromEntries(made) as Record<Role, string>, url: `${await app.getUrl()}/api/v1`, stop };
}

async function createApp(keys: KeyRing, store: EventStore): Promise<NestFastifyApplication> {
  const desk = new DecideAndAppend(store, new RecordCache(store));
  @Module({
    imports: [CqrsModule.forRoot()],
    controllers: [...WRITE_CONTROLLERS],
    providers: [
      { provide: KeyRing, useValue: keys },
      { provide: DecideAndAppend, useValue: desk },
      Filings,
      FileCommandHandler,
      FileArticleHandler,
    ],
  })
  class TestModule {}
  const app = await NestFactory.create<NestFastifyApplication>(TestModule, createAdapter(), { ...APP_OPTIONS, logger: ['error', 'warn'] });
  configureApp(app);
  return app;
}

async function newKey(keys: KeyRing, role: Role): Promise<string> {
  const made = await keys.create(role, role);
  if (made === 'name-taken') throw new Error(`a key called ${role} exists already`);
  return made.key;
}
