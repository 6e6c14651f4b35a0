import type { Act } from '../action/action.events.js';
import type { Format } from '../meeting/meeting.events.js';
import type { Measure } from '../sanction/sanction.events.js';
import type { SpeechAct } from '../statement/statement.events.js';

/** One row of a profile. Codes and Goldstein values (cameo-goldstein.csv) stand beside the score for export; only `score` counts. */
export interface Row {
  /** PLOVER event type, null where it has none. */
  plover: string | null;
  cameo: string;
  /** Goldstein's value of the CAMEO code, −10 to 10. */
  goldstein: number;
  /** Points: negative for conflict, positive for cooperation; 0 makes no move. */
  score: number;
  /** Why this row has this score. */
  why: string;
}

function row(plover: string | null, cameo: string, goldstein: number, score: number, why: string): Row {
  return { plover, cameo, goldstein, score, why };
}

const SAID = row(null, '010', 0, 0, 'talk that neither helps nor hurts; scoring it would drown everything else');
const SUPPORT = row('SUPPORT', '051', 3.4, 5, 'approval in public costs a government something at home');
const AGREE = row('AGREE', '030', 4, 2.5, 'an intention to cooperate, half of what the deed is worth');
const ACCUSE = row('ACCUSE', '111', -2, -2, 'disapproval without a charge');
const REJECT = row('REJECT', '120', -4, -2, 'a refusal in words');
const THREATEN = row('THREATEN', '130', -4.4, -3.5, 'words that announce harm');
const MILD_SANCTION = row('SANCTION', '163', -8, -4, 'limits travel or trade, and leaves relations working');
const COERCION = row('COERCE', '170', -7, -7, 'force or arrest short of an attack');
const SHOW = row('MOBILIZE', '150', -7.2, -5.5, 'a show of force that passes');
const CUT = row('SANCTION', '160', -4, -6, 'a tie between the states is cut');
const CHARGE = row('ACCUSE', '090', -2, -3.5, 'an official charge');
const TIE = row('SUPPORT', '050', 3.5, 5, 'a tie between the states is made');
const COOPERATION = row('COOPERATE', '060', 6, 9.5, 'work done together');
const SYMBOL = row(null, '017', 0, 0, 'symbolic, or of no known kind: never scored by guess');

/** `entente-1`: expert scores after PLOVER. A number is never changed; a new profile is added. */
export const ENTENTE_1 = {
  name: 'entente-1',
  /** Days after which a move that no longer stands weighs half. */
  halfLife: 30,
  /** How much a point of cooperation weighs against one of conflict in T. */
  lambda: 0.25,
  /** Points of conflict at which T is 50 without any cooperation. */
  kappa: 10,
  /** T from which a phase is called hostile, strained, mixed. */
  bands: { hostile: 75, strained: 50, mixed: 25 },
  /** Change of T over 30 days beyond which it is rising or easing. */
  drift: 10,
  speech: {
    announce: SAID,
    assert: SAID,
    describe: SAID,
    assess: SAID,
    allege: SAID,
    confirm: SAID,
    admit: SAID,
    'decline-comment': SAID,
    recommend: SAID,
    argue: SAID,
    interpret: SAID,
    joke: SAID,
    praise: SUPPORT,
    thank: SUPPORT,
    apologise: row('CONCEDE', '055', 7, 4.5, 'owning a wrong'),
    promise: AGREE,
    offer: AGREE,
    agree: AGREE,
    propose: AGREE,
    request: row('REQUEST', '020', 3, 0, 'asking is neither friendly nor hostile'),
    demand: row('REQUEST', '100', -5, -1, 'asking with pressure'),
    criticise: ACCUSE,
    condemn: ACCUSE,
    deny: row('REJECT', '016', -5, -2, 'contradicts what the other side said'),
    reject: REJECT,
    defy: REJECT,
    accuse: row('ACCUSE', '112', -2, -3.5, 'a charge against the other side'),
    threaten: THREATEN,
    warn: THREATEN,
  } satisfies Record<SpeechAct, Row>,
  measures: {
    embargo: row('SANCTION', '163', -8, -8, 'stops trade as a whole'),
    tariff: MILD_SANCTION,
    'visa-restriction': MILD_SANCTION,
    'travel-ban': MILD_SANCTION,
    'asset-freeze': row('SANCTION', '163', -8, -6, 'takes property out of reach'),
    'arms-embargo': row('SANCTION', '163', -8, -6, 'stops one trade'),
    'export-control': row('SANCTION', '163', -8, -6, 'stops one trade'),
    'financial-restriction': row('SANCTION', '163', -8, -6, 'cuts off money'),
    'terrorist-designation': row('SANCTION', '163', -8, -6, 'outlaws a group'),
    other: row('SANCTION', '163', -8, -6, 'a measure of another kind'),
  } satisfies Record<Measure, Row>,
  measureNotStated: row('SANCTION', '163', -8, -6, 'a sanction whose measures are not stated counts as an ordinary one'),
  liftedAll: row('CONCEDE', '081', 5, 4.5, 'the last targets are free'),
  liftedSome: row('CONCEDE', '081', 5, 2, 'some targets are free'),
  scheduled: row('AGREE', '036', 4, 2.5, 'an intention to meet'),
  cancelled: row('REJECT', '120', -4, -2, 'a meeting refused after it was agreed'),
  held: {
    'in-person': row('CONSULT', '042', 1.9, 4, 'they met'),
    phone: row('CONSULT', '041', 1, 1.5, 'they spoke from afar'),
    video: row('CONSULT', '041', 1, 1.5, 'they spoke from afar'),
    letter: row('CONSULT', '040', 1, 1, 'they were in touch through paper or a third person'),
    envoy: row('CONSULT', '040', 1, 1, 'they were in touch through paper or a third person'),
  } satisfies Record<Format, Row>,
  acts: {
    strike: row('ASSAULT', '190', -10, -9.5, 'deadly force'),
    attack: row('ASSAULT', '190', -10, -9.5, 'deadly force'),
    operation: row('ASSAULT', '190', -10, -9, 'force used in the other country'),
    blockade: COERCION,
    'airspace-closure': COERCION,
    'border-closure': COERCION,
    'official-detained': COERCION,
    seizure: COERCION,
    'cyber-attack': COERCION,
    arrest: row('COERCE', '170', -7, -2, 'of a private person; somebody who acts for the other side is official-detained'),
    deployment: row('MOBILIZE', '150', -7.2, -6.5, 'force made ready and kept ready'),
    exercise: SHOW,
    overflight: SHOW,
    'relations-broken': CUT,
    'embassy-closed': CUT,
    recall: CUT,
    expulsion: row('SANCTION', '160', -4, -5.5, 'a tie between the states is loosened'),
    'agreement-left': CUT,
    investigation: CHARGE,
    'legal-complaint': CHARGE,
    'relations-restored': TIE,
    'embassy-opened': TIE,
    'agreement-signed': TIE,
    ceasefire: row('RETREAT', '087', 9, 7.5, 'the fighting stops, and may start again'),
    withdrawal: row('RETREAT', '087', 9, 8, 'force is taken back'),
    release: row('RETREAT', '087', 9, 6.5, 'somebody held is free'),
    cooperation: COOPERATION,
    extradition: COOPERATION,
    aid: row('AID', '070', 7, 10, 'something is given'),
    gesture: SYMBOL,
    ruling: SYMBOL,
    other: SYMBOL,
  } satisfies Record<Act, Row>,
  /** Deployment, exercise, overflight or operation that the other side invited or joins. */
  withConsent: COOPERATION,
  /** A standing cooperative act ended `broken`. */
  broken: row('REJECT', '120', -4, -5, 'something agreed was broken'),
} as const;

/** The numbers and bands by which relationships are judged. */
export type Profile = typeof ENTENTE_1;

const CONSENTED: readonly Act[] = ['deployment', 'exercise', 'overflight', 'operation'];

export function actRow(profile: Profile, act: Act, consent: boolean): Row {
  return consent && CONSENTED.includes(act) ? profile.withConsent : profile.acts[act];
}

/** A sanction is scored by its heaviest measure. */
export function sanctionScore(profile: Profile, measures: readonly Measure[]): number {
  return measures.length === 0 ? profile.measureNotStated.score : Math.min(...measures.map((measure) => profile.measures[measure].score));
}
