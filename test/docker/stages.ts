import { execFile } from 'node:child_process';
import { cp, mkdir, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { DockerfileParser, type Copy, type Env, type Instruction } from 'dockerfile-ast';

/**
 * Performs the steps of a Dockerfile without an engine: each stage is a folder that stands for the root of its image, and what the base
 * image brings comes from this machine. It knows what the project's Dockerfile needs, and refuses anything else.
 */

const run = promisify(execFile);
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/** One stage, as far as it has been built. Paths in it are absolute ones of the image. */
export interface Stage {
  /** The folder that stands for `/`. */
  root: string;
  env: Record<string, string>;
  workdir: string;
  user: string;
  volumes: string[];
  cmd: string[];
  healthcheck: string[];
}

export interface Build {
  /** Folder that COPY without --from reads. */
  context: string;
  /** Folder for the stages. */
  folder: string;
  /** Environment in which RUN finds what the base images bring. */
  tools: Record<string, string>;
  /** Takes each step before it is performed. */
  log: (step: string) => void;
}

/** The stages by their names, in order. Throws with the output of a step that fails. */
export async function performAll(dockerfile: string, build: Build): Promise<Map<string, Stage>> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const step of DockerfileParser.parse(dockerfile).getInstructions()) {
    build.log(`${step.getKeyword()} ${step.getArgumentsContent()}`);
    if (step.getKeyword() === 'FROM') stage = await begin(step, stages, build);
    else if (stage === undefined) throw new Error(`${step.getKeyword()} comes before FROM`);
    else await perform(step, stage, stages, build);
  }
  return stages;
}

/** A place in a stage as one of this machine. */
export function placeIn({ root, workdir }: Stage, path: string): string {
  return join(root, posix.resolve(workdir, path));
}

/** What a program in the stage finds in its environment: paths of the image as ones of this machine. */
export function environmentOf(stage: Stage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stage.env).map(([name, value]) => [name, value.startsWith('/') ? placeIn(stage, value) : value]),
  );
}

async function begin(step: Instruction, stages: Map<string, Stage>, { folder }: Build): Promise<Stage> {
  const [image = '', as, name = ''] = wordsOf(step);
  if (as !== 'AS') throw new Error(`FROM ${image} has no name: write FROM ${image} AS something`);
  const parent = stages.get(image) ?? { env: {}, workdir: '/', user: 'root', volumes: [], cmd: [], healthcheck: [] };
  const stage: Stage = { ...structuredClone(parent), root: join(folder, name) };
  await mkdir(stage.root, { recursive: true });
  if ('root' in parent) await cp(parent.root, stage.root, { recursive: true, verbatimSymlinks: true });
  stages.set(name, stage);
  return stage;
}

async function perform(step: Instruction, stage: Stage, stages: Map<string, Stage>, build: Build): Promise<void> {
  const keyword = step.getKeyword();
  switch (keyword) {
    case 'WORKDIR':
      stage.workdir = posix.resolve(stage.workdir, wordsOf(step)[0]!);
      await mkdir(placeIn(stage, '.'), { recursive: true });
      return;
    case 'ENV':
      for (const property of (step as Env).getProperties()) stage.env[property.getName()] = property.getValue() ?? '';
      return;
    case 'COPY':
      return copy(step as Copy, stage, stages, build);
    case 'RUN':
      return runIn(stage, step.getArgumentsContent() ?? '', build);
    case 'USER':
      stage.user = wordsOf(step)[0]!;
      return;
    case 'VOLUME':
      stage.volumes.push(...wordsOf(step));
      return;
    case 'CMD':
      stage.cmd = execForm(step);
      return;
    case 'HEALTHCHECK':
      stage.healthcheck = execForm(step);
      return;
    case 'LABEL':
    case 'EXPOSE':
      return;
    default:
      throw new Error(`${keyword} cannot be performed here: see test/docker/stages.ts`);
  }
}

/** Of a folder its content is copied, of a file the file itself, into the destination where that is a folder. */
async function copy(step: Copy, stage: Stage, stages: Map<string, Stage>, { context }: Build): Promise<void> {
  const from = step.getFromFlag()?.getValue() ?? undefined;
  if (step.getFlags().some((flag) => flag.getName() !== 'from')) throw new Error('COPY is performed with no other flag than --from');
  const source = from === undefined ? undefined : stages.get(from);
  if (from !== undefined && source === undefined) throw new Error(`COPY --from=${from} names no stage above it`);
  const words = wordsOf(step);
  const destination = words.pop()!;
  const target = placeIn(stage, destination);
  for (const word of words) {
    const place = source ? placeIn(source, word) : join(context, word);
    const intoFolder = destination.endsWith('/') && !(await stat(place)).isDirectory();
    await cp(place, intoFolder ? join(target, basename(word)) : target, { recursive: true, verbatimSymlinks: true });
  }
}

async function runIn(stage: Stage, command: string, { tools }: Build): Promise<void> {
  if (/(?:^|[\s"'=>])\//.test(command)) throw new Error(`RUN ${command} has an absolute path, which leads out of the stage's folder`);
  const options = { cwd: placeIn(stage, '.'), env: { ...tools, ...environmentOf(stage) }, maxBuffer: LARGEST_OUTPUT };
  await run('sh', ['-c', command], options);
}

function wordsOf(step: Instruction): string[] {
  return step.getArguments().map((word) => word.getValue());
}

/** The words of a JSON array, the only form in which a program of the image is named. */
function execForm(step: Instruction): string[] {
  const content = step.getArgumentsContent() ?? '';
  const words: unknown = JSON.parse(content.slice(content.indexOf('[')));
  return (words as string[]).map(String);
}
