import { StartError } from './start-error.js';

/** Where traces are sent, and as whose. */
export interface TraceSettings {
  /** Takes OTLP over HTTP. */
  url: string;
  /** The name that this service has in a trace. */
  service: string;
}

/** The path at which a collector takes traces, where only its address is named. */
const PATH = 'v1/traces';

/**
 * The standard variables of OpenTelemetry: an address for traces alone is used as it is, one for everything gets the path of traces. Throws
 * StartError naming the setting.
 */
export function readTraceSettings(
  tracesEndpoint: string | undefined,
  endpoint: string | undefined,
  service: string,
): TraceSettings | undefined {
  if (tracesEndpoint !== undefined) return { url: checkUrl(tracesEndpoint, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', `/${PATH}`), service };
  if (endpoint === undefined) return undefined;
  return { url: `${checkUrl(endpoint, 'OTEL_EXPORTER_OTLP_ENDPOINT', '').replace(/\/$/, '')}/${PATH}`, service };
}

function checkUrl(url: string, setting: string, path: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
  throw new StartError(`${setting} is not the address of an OTLP collector over HTTP: write http://127.0.0.1:4318${path}, or remove it.`);
}
