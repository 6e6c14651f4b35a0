import { connect } from '../../src/event-store/kurrentdb/connect.js';
import { KurrentServer } from '../contracts/kurrentdb-server.js';
import { NewsroomServer } from '../postgres/newsroom-server.js';
import { APPENDS, FilingAppends } from './filing-appends.js';
import { GrpcPieces } from './grpc-pieces.js';
import type { Language } from './language.js';
import { PhaseProxy } from './phase-proxy.js';
import type { StoreUnderFault } from './store-under-fault.js';

/** A KurrentDB for the log, and a PostgreSQL for views and keys, which nothing happens to. */
export async function kurrentUnderFault(): Promise<StoreUnderFault> {
  const { KURRENTDB_COMMAND: command } = process.env;
  if (command === undefined)
    throw new Error(
      'KURRENTDB_COMMAND is not set: name a program that is given a folder and a port, and becomes a KurrentDB without TLS on 127.0.0.1.',
    );
  const server = await KurrentServer.start(command);
  const views = await NewsroomServer.start();
  const viewsUrl = await views.prepare('news');
  const proxy = new PhaseProxy(server.url, grpc());
  return {
    name: 'kurrentdb',
    environment: async () => ({ EVENT_STORE_URL: await proxy.listen(), DATABASE_URL: viewsUrl }),
    proxy,
    server,
    gapless: false,
    killBefore: APPENDS,
    views: { url: viewsUrl, server: views.url() },
    open: async (way) => connect(way === 'faulty' ? await proxy.listen() : server.url),
    remove: async () => {
      await proxy.close();
      await Promise.all([views.remove(), server.remove()]);
    },
  };
}

function grpc(): Language {
  const appends = new FilingAppends();
  return {
    pieces: (from) => {
      const pieces = new GrpcPieces(from);
      return (data) => pieces.take(data);
    },
    append: (message) => appends.nameOf(message),
  };
}
