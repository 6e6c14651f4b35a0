import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Appended, AppendObserver } from '../event-store/append-observer.js';
import type { Projected } from '../projection/projector.js';
import { Gauges, type Watched } from './gauges.js';

/** From half a millisecond, what a call costs, to the 10 seconds after which nobody waits any more. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const COUNTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** What is counted here, by nobody else: who files, projects or answers says so in one call. */
export class Metrics implements AppendObserver {
  private readonly registry = new Registry();
  private readonly registers = [this.registry];
  private gauges: Gauges | undefined;

  private readonly appends = new Histogram({
    name: 'entente_append_duration_seconds',
    help: 'How long the log took to answer a filing, the wait for its turn included',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers: this.registers,
  });
  private readonly batchFilings = new Histogram({
    name: 'entente_append_batch_filings',
    help: 'Filings that went to the log in one commit',
    buckets: COUNTS,
    registers: this.registers,
  });
  private readonly batchEvents = new Histogram({
    name: 'entente_append_batch_events',
    help: 'Events that went to the log in one commit',
    buckets: COUNTS,
    registers: this.registers,
  });
  private readonly projections = new Histogram({
    name: 'entente_projector_batch_duration_seconds',
    help: 'How long the projector of this service took to bring a batch of events into the views',
    buckets: SECONDS,
    registers: this.registers,
  });
  private readonly projectedEvents = new Counter({
    name: 'entente_projector_events_total',
    help: 'Events that the projector of this service brought into the views; its rate is the rate of the projector',
    registers: this.registers,
  });
  private readonly requests = new Histogram({
    name: 'entente_http_request_duration_seconds',
    help: 'How long requests took to be answered',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: this.registers,
  });

  readonly contentType = this.registry.contentType;

  appended(outcome: Appended, milliseconds: number): void {
    this.appends.observe({ outcome }, milliseconds / 1000);
  }

  committed(filings: number, events: number): void {
    this.batchFilings.observe(filings);
    this.batchEvents.observe(events);
  }

  projected({ events, milliseconds }: Projected): void {
    this.projections.observe(milliseconds / 1000);
    this.projectedEvents.inc(events);
  }

  answered(request: { method: string; route: string; status: number }, milliseconds: number): void {
    this.requests.observe(request, milliseconds / 1000);
  }

  /** What has to be looked at, whenever somebody asks. */
  watch(watched: Watched): void {
    this.gauges = new Gauges(watched, this.registry);
  }

  /** The process is this service's own: its processor time, memory, event loop and garbage collection are told too. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Everything as it is now, in the text format of Prometheus. */
  async text(): Promise<string> {
    await this.gauges?.look();
    return this.registry.metrics();
  }
}
