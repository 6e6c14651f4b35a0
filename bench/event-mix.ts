import type { Act } from '../src/domain/action/action.events.js';
import type { Format } from '../src/domain/meeting/meeting.events.js';
import type { SpeechAct } from '../src/domain/statement/statement.events.js';
import { Urn } from './dice.js';

/** What a new record is of. */
export type What =
  | { kind: 'statement'; speechAct: SpeechAct }
  | { kind: 'action'; act: Act }
  | { kind: 'held'; format: Format }
  | { kind: 'scheduled' }
  | { kind: 'sanction' };

const said = (speechAct: SpeechAct, weight: number): readonly [What, number] => [{ kind: 'statement', speechAct }, weight];
const done = (act: Act, weight: number): readonly [What, number] => [{ kind: 'action', act }, weight];
const met = (format: Format, weight: number): readonly [What, number] => [{ kind: 'held', format }, weight];

const COUNTS: readonly (readonly [What, number])[][] = [
  // 01 make public statement
  [said('assert', 600), said('describe', 456), said('announce', 400), said('assess', 147), said('deny', 25), said('thank', 28)],
  [said('agree', 7), said('admit', 4), said('decline-comment', 3), done('gesture', 60)],
  // 02 appeal, 03 express intent to cooperate
  [said('request', 560), said('propose', 156), said('promise', 250), said('agree', 80), said('offer', 68), [{ kind: 'scheduled' }, 515]],
  // 04 consult
  [met('in-person', 1_660), met('phone', 287), met('video', 120), met('letter', 112), met('envoy', 60)],
  // 05 diplomatic cooperation, 06 material cooperation, 07 aid, 08 yield
  [said('praise', 475), done('agreement-signed', 148), done('embassy-opened', 20), done('relations-restored', 20)],
  [done('cooperation', 42), done('aid', 88), done('release', 55), done('withdrawal', 8), done('ceasefire', 4)],
  // 09 investigate, 10 demand, 11 disapprove
  [done('investigation', 91), said('demand', 190), said('criticise', 190), said('condemn', 87), said('accuse', 293)],
  // 11 disapprove, 12 reject, 13 threaten
  [done('legal-complaint', 28), said('defy', 16), said('reject', 121), said('threaten', 40), said('warn', 31), said('argue', 22)],
  // 14 protest, 15 posture
  [done('other', 111), done('deployment', 20), done('exercise', 10), done('overflight', 4)],
  // 16 reduce relations, 17 coerce
  [done('recall', 12), done('expulsion', 25), done('relations-broken', 6), done('embassy-closed', 4), done('agreement-left', 5)],
  [[{ kind: 'sanction' }, 73], done('arrest', 374), done('official-detained', 10), done('seizure', 21)],
  // 18 assault, 19 fight
  [done('attack', 446), done('operation', 134), done('strike', 74), done('blockade', 5)],
];

/**
 * How often what happens between two parties. The weights are counts of CAMEO codes among 8,941 events of 2014 in the ICEWS Coded Event
 * Data (Boschee, Lautenschlager, O'Brien, Shellman, Starz, Ward 2015, doi:10.7910/DVN/28075, Harvard Dataverse); only these counts are
 * used, none of its events. Where several of our words share a code, its count is shared out among them.
 */
export const MIX: Urn<What> = new Urn(COUNTS.flat());
