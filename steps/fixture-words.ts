/** A fixture in words: what a reader of the record is told that nobody said on the wire. */
import type { Fixture, FixtureKind } from '../harness/fixture.ts'

/** Actors are named with their article: `the responding payer`, `another payer`. */
type Words = { readonly [kind in FixtureKind]: (fixture: Extract<Fixture, { is: kind }>, actor: string) => string }

const named = (actor: string): string => (actor.startsWith('another ') ? actor : `the ${actor}`)

const words: Words = {
  insures: ({ person }, actor) => `${actor} insures ${person}`,
  'insures-twins': ({ person }, actor) => `${actor} insures two members with the demographics and card of ${person}`,
  'insures-nobody-like': ({ person }, actor) => `${actor} insures nobody like ${person}`,
  segmentation: ({ way }, actor) =>
    ({
      excludes: `${actor} leaves out sensitive records that a consent does not cover`,
      tags: `${actor} labels sensitive records`,
      cannot: `${actor} cannot tell sensitive records from others`,
    })[way],
  'blocked-by-member': ({ person, payer }, actor) =>
    `${person} has told ${actor} to share nothing with ${named(payer)}`,
  'consent-revoked': ({ person, payer }) => `${person} has revoked the consent that ${named(payer)} brought`,
  permissions: ({ payer, claims, priorAuthorizations }) =>
    `${named(payer)} may see clinical data, ${claims ? 'claims' : 'no claims'} and ${priorAuthorizations ? '' : 'no '}prior authorizations`,
  trusted: ({ payer, standing }) =>
    ({
      member: `${named(payer)} is a member of the trust community: endorsed, and its bundle merged`,
      'endorsed-only': `${named(payer)} is endorsed, and its bundle is not merged`,
      removed: `${named(payer)} has been removed from the trust community`,
    })[standing],
  registered: ({ payer, clientId }, actor) => `${named(payer)} is registered with ${actor}, as client ${clientId}`,
  matched: ({ payer, person, clientId, policy, start, end }, actor) =>
    `client ${clientId} of ${named(payer)} has matched ${person} with ${actor}, with a consent to ${policy === 'sensitive' ? 'everything' : 'what is not sensitive'} from ${start} to ${end}`,
  'certificate-revoked': ({ thumbprint, via }) => `the certificate ${thumbprint} is revoked, by ${via.toUpperCase()}`,
  export: ({ way, polls }, actor) =>
    ({
      'ready-at-once': `the next export of ${actor} is ready at once`,
      slow: `the next export of ${actor} takes ${polls ?? 'some'} polls`,
      fails: `the next export of ${actor} fails`,
    })[way],
  'identifier-only-match': (_fixture, actor) => `${actor} answers a match with the MemberIdentifier alone`,
  deleted: ({ person, type }, actor) => `${actor} has deleted one ${type} of ${person}`,
  updated: ({ person, type }, actor) => `${actor} has updated one ${type} of ${person}`,
}

/** `the requesting payer is registered with the responding payer, as client c1`; `actor` is in whose world it was made true. */
export const fixtureWords = (fixture: Fixture, actor: string): string =>
  (words[fixture.is] as (fixture: Fixture, actor: string) => string)(fixture, named(actor))
