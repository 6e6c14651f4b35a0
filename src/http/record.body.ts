import { ACTOR_KINDS, type Actor, type ActorKind } from '../domain/actor.js';
import { ANONYMITIES, type CitationInput } from '../domain/citation.js';
import type { FiledInput, NewsStepInput, WorldStepInput } from '../domain/filing.js';
import { CERTAINTIES, DEGREES, RELS, type Link, type Rel } from '../domain/link.js';
import { ROLES, type Mention, type Place, type Quantity, type Quote, type RelationshipRole } from '../domain/record.js';
import type { BelongingInput } from '../domain/relationships.js';
import type { OccurredInput } from '../domain/time.js';
import { Amount, Choice, Example, Flag, Many, One, Text, TextList } from './fields.js';
import { form } from './text.js';
import { When } from './when.body.js';

const PARTY_CODE = {
  max: 20,
  example: 'COL',
  description: 'Code of a party: ISO 3166-1 alpha-3 of a country, or an organisation such as UN',
};
const RECORD_ID = { max: 100, example: 'statement-0190c0de-0000-7000-8000-000000000001', description: 'Id of a record on file' };
const SOURCE_ID = { max: 100, example: 'source-0190c0de-0000-7000-8000-000000000002', description: 'Id of a source on file' };
const CHANNEL = form(
  /^(?:phone|in-person|press|speech|social:[a-z0-9-]{1,40}|written|official-act|via-third-party|unknown)$/,
  'one of phone, in-person, press, speech, social:<network>, written, official-act, via-third-party, unknown',
);
const KEBAB_CASE = form(/^[\p{Ll}\p{N}]+(?:-[\p{Ll}\p{N}]+)*$/u, 'in kebab-case');
const RELATIONSHIP_KEY = { max: 50, example: 'COL-USA', description: 'Two party codes in ascending order' };

export function PartyCode(options: { required?: boolean; example?: string; description?: string } = {}): PropertyDecorator {
  return Text({ ...PARTY_CODE, ...options });
}

/** Short tags of what it is about, in kebab-case. */
export function Topics(): PropertyDecorator {
  return TextList({ max: 60, items: 50, form: KEBAB_CASE, example: ['drug-trafficking', 'sanctions'] });
}

/** The editor's remark, never published. */
export function Note(): PropertyDecorator {
  return Text({ max: 10_000, example: 'the wording differs in the second edition', description: "The editor's remark, never published" });
}

/** The id that a client may choose for a new record: `<kind>-<uuid>`. */
export function ChosenId(kind: string): PropertyDecorator {
  const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
  return Text({
    max: 100,
    form: form(new RegExp(`^${kind}-${uuid}$`), `${kind}- and a UUID in lower case`),
    example: `${kind}-0190c0de-0000-7000-8000-000000000003`,
    description: 'Chosen by the client; made by the service where absent',
  });
}

/** In words, why. Which steps must give one is a rule of the newsroom. */
export function Reason(required: 'by-rule' | false): PropertyDecorator {
  return Text({ max: 2_000, min: 0, required, example: 'no evidence was presented' });
}

@Example({ party: 'USA', name: 'Donald Trump', role: 'President', kind: 'person' })
export class ActorBody implements Actor {
  @PartyCode()
  party?: string;
  @Text({ max: 300, example: 'Donald Trump' })
  name?: string;
  @Text({ max: 300, example: 'President' })
  role?: string;
  @Text({ max: 300, example: 'the US leader', description: 'How the source titles them' })
  asStyled?: string;
  @Choice(ACTOR_KINDS, { required: true, description: 'unstated: nobody is named as saying it' })
  kind!: ActorKind;
  @Flag({ description: 'Whether it acts for its party; by default true for person, government, institution and military' })
  speaksFor?: boolean;
}

@Example({ source: SOURCE_ID.example, locator: 'paragraph 2' })
export class CitationBody implements CitationInput {
  @Text({ ...SOURCE_ID, description: "Id of a source on file; in an article, where absent, the article's own" })
  source?: string;
  @Text({ max: 300, example: 'paragraph 2' })
  locator?: string;
  @Text({ max: 1_000, example: 'according to the US Treasury' })
  attribution?: string;
  @Choice(ANONYMITIES)
  anonymity?: CitationInput['anonymity'];
  @Text({ max: 1_000, example: 'in the coming weeks', description: "Another source's wording of the same thing" })
  statedAs?: string;
}

@Example({ rel: 'respondsTo', to: RECORD_ID.example })
export class LinkBody implements Link {
  @Choice(RELS, { required: true })
  rel!: Rel;
  @Text({ ...RECORD_ID, required: true })
  to!: string;
  @Choice(DEGREES)
  degree?: Link['degree'];
  @Choice(CERTAINTIES)
  certainty?: Link['certainty'];
  @Text({ max: 2_000, example: 'the same call' })
  note?: string;
}

@Example({ statedAs: 'the White House', party: 'USA' })
export class PlaceBody implements Place {
  @Text({ max: 300, required: true, example: 'the White House' })
  statedAs!: string;
  @PartyCode({ description: 'Code of the country it lies in' })
  party?: string;
}

@Example({ text: 'a good call', language: 'en' })
export class QuoteBody implements Quote {
  @Text({ max: 5_000, required: true, example: 'a good call' })
  text!: string;
  @Text({ max: 35, example: 'en', description: 'BCP 47' })
  language?: string;
  @Flag()
  translated?: boolean;
  @Flag({ description: 'Reported, not word for word' })
  indirect?: boolean;
  @Text({ max: 5_000, example: 'a very good call', description: 'The other wording of the same words' })
  variantOf?: string;
}

@Example({ text: 'at least' })
export class ScopeBody {
  @Text({ max: 1_000, required: true, example: 'since September, in the Caribbean and the Pacific' })
  text!: string;
  @Flag()
  ambiguous?: boolean;
}

@Example({ measure: 'killed', min: 83, wording: 'at least 83' })
export class QuantityBody implements Quantity {
  @Text({ max: 100, required: true, example: 'killed' })
  measure!: string;
  @Amount({ example: 83 })
  min?: number;
  @Amount({ example: 100, description: '"at least 83" has no max' })
  max?: number;
  @Text({ max: 500, required: true, example: 'at least 83' })
  wording!: string;
  @One(() => ScopeBody, { description: 'What is counted' })
  scope?: ScopeBody;
  @Text({ max: 300, example: 'not stated' })
  countedBy?: string;
}

@Example({ text: 'Brazil', party: 'BRA' })
export class MentionBody implements Mention {
  @Text({ max: 500, required: true, example: 'Brazil' })
  text!: string;
  @PartyCode({ example: 'BRA' })
  party?: string;
}

@Example({ key: 'COL-USA', role: 'primary' })
export class BelongingBody implements BelongingInput {
  @Text({ ...RELATIONSHIP_KEY, required: true })
  key!: string;
  @Choice(ROLES, { required: true })
  role!: RelationshipRole;
}

/** What may be filed with every record but a source. */
export class DetailsBody {
  @One(() => PlaceBody)
  place?: PlaceBody;
  @Text({ max: 60, form: CHANNEL, example: 'press' })
  channel?: string;
  @Many(() => QuoteBody)
  quotes?: QuoteBody[];
  @Topics()
  topics?: string[];
  @Many(() => CitationBody, { required: 'by-rule' })
  citations?: CitationBody[];
  @Many(() => QuantityBody)
  quantities?: QuantityBody[];
  @Many(() => MentionBody, { description: 'Named in passing; makes no relationship' })
  mentions?: MentionBody[];
  @Note()
  note?: string;
}

/** The common fields of a new record. */
export class FiledBody extends DetailsBody implements Omit<FiledInput, 'id'> {
  @Text({
    max: 2_000,
    min: 0,
    required: 'by-rule',
    example: 'The two presidents spoke by phone',
    description: "One sentence in the editor's own words",
  })
  summary?: string;
  @When({ required: 'by-rule', example: '2026-01-07' })
  occurred?: OccurredInput;
  @Many(() => BelongingBody, { description: 'Derived from who acts and to whom, where no primary one is given' })
  relationships?: BelongingBody[];
  @Many(() => LinkBody)
  links?: LinkBody[];
}

/** What happened next, to a record on file. */
export class StepBody implements WorldStepInput {
  @When({ required: 'by-rule', example: '2026-02-03' })
  on?: OccurredInput;
  @Many(() => CitationBody, { required: 'by-rule' })
  citations?: CitationBody[];
  @Text({ max: 2_000, example: 'It was put off by a month' })
  summary?: string;
  @Reason(false)
  reason?: string;
}

/** What the newsroom thinks of a record on file; it may say why, and cite. */
export class NewsBody implements NewsStepInput {
  @Many(() => CitationBody)
  citations?: CitationBody[];
  @Reason(false)
  reason?: string;
}
