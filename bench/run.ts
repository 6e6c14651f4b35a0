/** `npm run bench -- <name>`: runs one of the benchmarks beside this file. */
const BENCHMARKS: Record<string, () => Promise<{ run(): Promise<void> }>> = {
  append: () => import('./append.js'),
  http: () => import('./http.js'),
  query: () => import('./query.js'),
  stores: () => import('./stores.js'),
  project: () => import('./project.js'),
};

const [name = ''] = process.argv.slice(2);
const load = BENCHMARKS[name];
if (load === undefined) {
  process.stderr.write(`Which benchmark? npm run bench -- ${Object.keys(BENCHMARKS).join(' | ')}\n`);
  process.exitCode = 1;
} else {
  await (await load()).run();
}
