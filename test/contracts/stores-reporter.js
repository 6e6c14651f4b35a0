/** Says at the end of a run, for each store, whether it kept its contract, so that a store that was not there is not taken for one that passed. */
export default class StoresReporter {
  onRunComplete(_contexts, { testResults }) {
    const asserted = testResults.flatMap(({ testResults: assertions }) => assertions);
    const stores = Map.groupBy(
      asserted.filter(({ ancestorTitles: [store] }) => store?.startsWith('the log in ')),
      ({ ancestorTitles: [store] }) => store,
    );
    for (const [store, assertions] of stores) process.stderr.write(`${store}: ${summary(assertions)}\n`);
  }
}

function summary(assertions) {
  const notRun = assertions.flatMap(({ title }) => (title.startsWith('NOT RUN') ? [title] : []));
  const count = (wanted) => assertions.filter(({ status }) => status === wanted).length;
  const counts = [count('passed') && `passed ${count('passed')}`, count('failed') && `FAILED ${count('failed')}`, ...notRun];
  return counts.filter(Boolean).join(', ') || 'not asked for';
}
