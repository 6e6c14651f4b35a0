import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { differencesIn, rebuildBar, rebuildLines, type RebuildPage, type RebuildTold } from './cli/rebuild-page.js';
import { NothingAnswers, Refused, ServiceClient } from './cli/service-client.js';
import { readClientConfig, readConfig } from './config.js';
import { withRebuildHere, type RebuildDesk } from './rebuild-here.js';
import { StartError } from './start-error.js';
import { reasonOf, textOf } from './system-error.js';

/** Has the views built anew from the log: by the service where it runs, or else here. */

interface Options {
  accept?: boolean;
  cancel?: boolean;
  json?: boolean;
}

const PATH = '/admin/rebuild';
const LOOK_EVERY = 500;
const ADVICE = 'write npm run rebuild, with -- --accept, -- --cancel or -- --json where need be';

const interrupted = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

function readOptions(args: string[]): Options {
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({ args, options: { accept: flag, cancel: flag, json: flag } });
    if (!(values.accept && values.cancel)) return values;
  } catch (cause) {
    throw new StartError(`These options cannot be understood: ${ADVICE}.`, { cause });
  }
  throw new StartError(`--accept and --cancel exclude each other: ${ADVICE}.`);
}

/** The service at the address that is set, if one answers there. */
async function findService(): Promise<ServiceClient | undefined> {
  try {
    return await ServiceClient.open(readClientConfig());
  } catch (error) {
    if (error instanceof NothingAnswers) return undefined;
    throw error;
  }
}

function deskOf(service: ServiceClient): RebuildDesk {
  return {
    start: (accept) => service.post(`${PATH}?accept=${accept}`),
    status: () => service.get(PATH),
    cancel: () => service.delete(PATH),
  };
}

async function run({ accept = false, cancel = false, json = false }: Options): Promise<void> {
  const page = json ? rebuildLines(say) : rebuildBar();
  const work = (desk: RebuildDesk): Promise<RebuildTold> => (cancel ? desk.cancel() : build(desk, accept, page));
  const service = await findService();
  const told = await (service ? work(deskOf(service)) : withRebuildHere(readConfig(), complain, work)).finally(() => page.stop());
  if (json) page.show(told);
  tell(told, { inService: service !== undefined, print: json ? () => undefined : say });
}

/** Where it is being done already, it is looked at. */
async function build(desk: RebuildDesk, accept: boolean, page: RebuildPage): Promise<RebuildTold> {
  await desk.start(accept).catch((error: unknown) => {
    if (error instanceof Refused ? error.code !== 'rebuild-running' : textOf(error, 'name') !== 'RebuildRunning') throw error;
  });
  for (;;) {
    const told = await desk.status();
    page.show(told);
    if (told.state !== 'running' || interrupted.signal.aborted) return told;
    await sleep(LOOK_EVERY, undefined, { signal: interrupted.signal }).catch(() => undefined);
  }
}

/** What came of it; throws where the views were not built. */
function tell(told: RebuildTold, { inService, print }: { inService: boolean; print: (line: string) => void }): void {
  const { state, position, error } = told;
  if (state === 'exchanged') return print(`The views are built anew, up to position ${position}.`);
  if (state === 'cancelled') return print('It is cancelled, and what was built is gone.');
  if (state === 'running')
    throw new StartError(
      inService
        ? 'It goes on in the service: npm run rebuild shows how far it is, npm run rebuild -- --cancel ends it.'
        : 'Ended before it was done: run this again, and it goes on where it was.',
    );
  for (const line of differencesIn(told)) print(line);
  throw new StartError(
    error ??
      'The new views tell something else than those that answer, as listed: have them take their place with npm run rebuild -- --accept, or take them away with npm run rebuild -- --cancel.',
  );
}

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  const known = error instanceof StartError || textOf(error, 'name') === 'RebuildNotRunning';
  complain(
    known ? (error as Error).message : `It broke off (${reasonOf(error)}): correct this and run it again, and it goes on where it was.`,
  );
  process.exitCode = 1;
}
