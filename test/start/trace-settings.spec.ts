import { readConfig } from '../../src/config.js';
import { StartError } from '../../src/start-error.js';

describe('where traces are sent', () => {
  it('is nowhere, where nothing is set', () => {
    expect(readConfig({ OTEL_SERVICE_NAME: 'foreign-desk' })).not.toHaveProperty('traces');
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, 'http://127.0.0.1:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp/' }, 'https://collector.example/otlp/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/traces' }, 'http://127.0.0.1:4318/traces'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://all.example:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces.example:4318/' },
      'http://traces.example:4318/',
    ],
  ])('is as %j says', (environment, url) => {
    expect(readConfig(environment).traces).toEqual({ url, service: 'entente' });
  });

  it('is told of a service by its name', () => {
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_SERVICE_NAME: 'foreign-desk' };
    expect(readConfig(settings).traces?.service).toBe('foreign-desk');
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:4318'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://127.0.0.1:4318/v1/traces'],
  ])('cannot be told where %s is no address', (name, good) => {
    const message = `${name} is not the address of an OTLP collector over HTTP: write ${good}, or remove it.`;
    for (const value of ['collector:4317', 'grpc://collector:4317', 'http://']) {
      expect(() => readConfig({ [name]: value })).toThrow(new StartError(message));
    }
  });
});
