import { migrate } from '../../src/postgres/migrate.js';
import { seededRandom } from '../contracts/filings.js';
import { randomHistory } from './history.js';
import { ProjectedLog } from './projected-log.js';

const VIEWS = new URL('../../src/read-models/migrations/', import.meta.url);
/** What a migration made, taken away; and what it took away, made. */
const UNDONE = `
  drop table view.contested, view.question;
  create index record_belief_asked on view.record_belief (record);
  create index leans_opposing on view.leans (why, record);
  drop table view.rebuild;
  alter table view.checkpoint drop column edition;
  delete from view.migration where number >= 9;`;

describe('a migration that fills tables from what is there', () => {
  let log: ProjectedLog;
  beforeAll(async () => {
    log = await ProjectedLog.open(await randomHistory(seededRandom(), 400));
    await log.project();
  });
  afterAll(() => log.drop());

  it('fills them as the projector does', async () => {
    const projected = await log.views();
    await log.database.pool.query(UNDONE);
    await migrate(log.database.pool, { schema: 'view', dir: VIEWS });
    expect(await log.views()).toEqual(projected);
  });
});
