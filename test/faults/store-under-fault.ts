import type { EventStore } from '../../src/event-store/event-store.js';
import type { PhaseProxy } from './phase-proxy.js';

/** A store of the fault run's own, which it may break in every way. */
export interface StoreUnderFault {
  name: string;
  /** Settings by which a service finds it, through a door of the proxy that is this service's own. */
  environment(): Promise<Record<string, string>>;
  proxy: PhaseProxy;
  server: BreakableServer;
  /** Whether positions are 1, 2, 3 and so on; else they only rise. */
  gapless: boolean;
  /** The appends of a filing that a service is killed before, where a filing takes several. */
  killBefore: readonly string[];
  /** The log; `faulty`: through the proxy, as the service sees it. The caller closes it. */
  open(way: 'faulty' | 'straight'): Promise<EventStore>;
  /** Where the views are. */
  views: ViewsUnderFault;
  /** Where the server's data are, if that can be filled up. */
  disk?: DiskUnderFault;
  /** Ends everything and deletes the data. */
  remove(): Promise<void>;
}

export interface ViewsUnderFault {
  url: string;
  /** Their server, as its administrator reaches it. */
  server: string;
}

export interface DiskUnderFault {
  /** From now on there is no room, until it is freed. */
  fill(): Promise<void>;
  free(): Promise<void>;
  /** Has the server need room for its write-ahead log, without which it cannot go on. */
  exhaust(): Promise<void>;
  /** How often the server has found no room so far, and has given up for that. */
  met(): Promise<{ refused: number; gaveUp: number }>;
}

export interface BreakableServer {
  /** SIGKILL to all of it. */
  kill(): Promise<void>;
  /** Resolves when it serves. */
  start(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  freeze(): void;
  thaw(): void;
}
