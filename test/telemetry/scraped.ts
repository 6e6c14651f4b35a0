/** What a service tells Prometheus. */
export class Scraped {
  /** The kind of each metric by its name. */
  readonly kinds: ReadonlyMap<string, string>;
  private readonly series: ReadonlyMap<string, number>;

  constructor(text: string) {
    const lines = text.split('\n');
    this.kinds = new Map(
      lines.flatMap((line) => [...line.matchAll(/^# TYPE (\S+) (\S+)$/g)].map(([, name = '', kind = '']) => [name, kind])),
    );
    this.series = new Map(
      lines
        .flatMap((line) => [...line.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/g)])
        .map(([, name, labels = '', value]) => [`${name} ${labels.split(',').toSorted().join(',')}`.trim(), Number(value)]),
    );
  }

  static async from(url: string): Promise<Scraped> {
    return new Scraped(await (await fetch(`${url}/api/v1/metrics`)).text());
  }

  /** The value of a series; `labels` in the order of their names. */
  value(name: string, labels = ''): number | undefined {
    return this.series.get(`${name} ${labels}`.trim());
  }

  /** The labels of every series of a metric. */
  labels(name: string): string[] {
    return [...this.series.keys()].flatMap((key) => (key.split(' ')[0] === name ? [key.slice(name.length).trim()] : []));
  }
}
