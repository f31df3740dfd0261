/**
 * Searches that try out what a server offers for a type: by each parameter and combination, with values taken from what was
 * received before; and one value in every form that FHIR allows for it (FHIR R4 search).
 */
import type { Actor, Flow } from '../harness/actor.ts'
import type { FhirResource } from '../harness/person.ts'
import { type Pairs, patientIdOf, received } from './member-requests.ts'
import { readHistory, readOneOf, readUnknown, readVersion } from './read.ts'
import { searchType, searchWhole, withoutPatient } from './search.ts'
import { fhirBase } from './tokens.ts'

/** A value by which the resource must be found; undefined when it has none for that parameter. */
export type SeedOf = (resource: FhirResource, name: string) => string | undefined

const shared = new Set([
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'Medication',
  'Endpoint',
  'Patient',
])
const notSearched = new Set(['Medication', 'Provenance', 'Endpoint', 'Questionnaire'])

/** Codes that FHIR binds, where a server need not take any other. */
const bound: Readonly<Record<string, string>> = {
  gender: 'other',
  intent: 'reflex-order',
  status: 'entered-in-error',
}

/** A value of the same kind that hardly anything has: long before any record, a mistake, or a code of no system. */
function unlike(name: string, seed: string): string {
  if (/^ge\d{4}/.test(seed)) return 'lt1850-01-01T00:00:00Z'
  return /^\d{4}-\d\d-\d\d$/.test(seed) ? '1850-01-01' : (bound[name] ?? 'nothing-has-this')
}

/** Tries one type: each combination with a received resource's own values, a value that nothing has, reads and versions. */
export const tryType = (
  payer: Actor,
  type: string,
  combinations: readonly (readonly string[])[],
  seedOf: SeedOf,
): Flow<void> => ({
  title: `try what the ${payer.name} offers for ${type}`,
  moves: ['search', 'next-page', 'read', 'vread', 'history'],
  perform: async (client) => {
    if (!shared.has(type) && !notSearched.has(type)) await searchType(payer, type).perform(client)
    const known = received(client, payer, type)
    for (const together of combinations) {
      const chosen = known.find((resource) => together.every((name) => seedOf(resource, name) !== undefined))
      if (!chosen) continue
      const params: Pairs = together.map((name) => [name, seedOf(chosen, name) as string])
      await searchType(payer, type, {
        params,
        unrestricted: shared.has(type),
        intent: { seed: `${type}/${chosen.id}` },
      }).perform(client)
      const odd = together.find((name) => name !== 'patient' && name !== '_id')
      if (odd === undefined) continue
      // One record of a type tells nothing of what narrows its search, unless it is asked for what it has not.
      await searchType(payer, type, {
        params: params.map(([name, value]) => [name, name === odd ? unlike(name, value) : value]),
        unrestricted: shared.has(type),
        intent: { mistake: 'unmatched-value' },
      }).perform(client)
    }
    const narrowed = combinations.find((names) => names.some((name) => name !== 'patient' && name !== '_id'))
    if (narrowed)
      await searchType(payer, type, {
        // With the member: a server may refuse what names nobody under a token for one (400, 403).
        params: [
          ...(shared.has(type) || withoutPatient.has(type) ? [] : [['patient', patientIdOf(client, payer)] as const]),
          ['_id', 'nothing-has-this-id'],
        ],
        intent: { mistake: 'unmatched-value' },
      }).perform(client)
    if (known.length === 0) return
    await readOneOf(payer, type).perform(client)
    await readUnknown(payer, type).perform(client)
    await readVersion(payer, type).perform(client)
    await readHistory(payer, type).perform(client)
  },
})

/** One search for each form of a value, with what every search of the type needs; the intent says which form. */
const eachForm = async (
  client: Actor,
  payer: Actor,
  type: string,
  forms: Readonly<Record<string, Pairs>>,
  besides: Pairs = [],
): Promise<void> => {
  for (const [form, pairs] of Object.entries(forms))
    await searchType(payer, type, {
      params: [...besides, ...pairs],
      unrestricted: shared.has(type),
      intent: { form },
    }).perform(client)
}

const dayOf = (text: string): string => text.slice(0, 10)
const noon = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 19)
const hours = (time: Date, more: number): Date => new Date(time.getTime() + more * 3_600_000)

/** Prefixes and precisions of a date, around a day on which something was received. */
export const tryDates = (payer: Actor, type: string, name: string, seedOf: SeedOf): Flow<void> => ({
  title: `search ${type} at the ${payer.name} by ${name} in every form`,
  moves: ['search', 'next-page'],
  perform: async (client) => {
    const { besides } = await searchWhole(payer, type).perform(client)
    const times = received(client, payer, type)
      .flatMap((resource) => seedOf(resource, name)?.replace(/^[a-z]+/, '') ?? [])
      .sort()
    const time = times[Math.floor(times.length / 2)] ?? '2024-01-01'
    const day = dayOf(time)
    const forms: Record<string, Pairs> = {}
    for (const prefix of ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sa', 'eb']) forms[prefix] = [[name, `${prefix}${day}`]]
    forms['no prefix'] = [[name, day]]
    forms.month = [[name, day.slice(0, 7)]]
    forms.year = [[name, day.slice(0, 4)]]
    forms['second and offset'] = [[name, `ge${noon(day, 0)}Z`]]
    forms['other offset'] = [[name, `lt${noon(day, 1)}-05:00`]]
    forms.between = [
      [name, `ge${noon(day, -400)}Z`],
      [name, `le${noon(day, 30)}Z`],
    ]
    // A minute after something: it is found by whoever cuts the time off, or takes a western hour for one of UTC.
    const after = new Date(Date.parse(time) + 60_000)
    forms['a minute later'] = [[name, `ge${after.toISOString().slice(0, 19)}Z`]]
    forms['a minute later, in the west'] = [[name, `ge${hours(after, -5).toISOString().slice(0, 19)}-05:00`]]
    await eachForm(client, payer, type, forms, besides)
  },
})

/** A token by code, with system, without a system, by system alone, and escaped. */
export const tryTokens = (payer: Actor, type: string, name: string, seedOf: SeedOf): Flow<void> => ({
  title: `search ${type} at the ${payer.name} by ${name} in every form`,
  moves: ['search', 'next-page'],
  perform: async (client) => {
    await searchWhole(payer, type).perform(client)
    const seeds = [...new Set(received(client, payer, type).flatMap((resource) => seedOf(resource, name) ?? []))]
    const [system = '', code = ''] = (seeds.find((seed) => seed.includes('|')) ?? '').split('|')
    // Without a value that is there, no form of it can be tried.
    if (!code) return
    const other = seeds.find((seed) => seed.split('|')[1] !== code)?.split('|')[1] ?? 'nothing'
    await eachForm(client, payer, type, {
      code: [[name, code]],
      'system and code': [[name, `${system}|${code}`]],
      'no system': [[name, `|${code}`]],
      'system alone': [[name, `${system}|`]],
      'either of two': [[name, `${code},${other}`]],
      'an escaped comma': [[name, `${code}\\,${other}`]],
      'an escaped bar': [[name, `${system}\\|${code}`]],
    })
  },
})

/** The member by id, by type and id, and by URL. */
export const tryReferences = (payer: Actor, type: string): Flow<void> => ({
  title: `search ${type} at the ${payer.name} by each form of a reference`,
  moves: ['search', 'next-page'],
  perform: async (client) => {
    const { besides } = await searchWhole(payer, type).perform(client)
    const id = patientIdOf(client, payer)
    const forms: Readonly<Record<string, Pairs>> = {
      id: [['patient', id]],
      'type and id': [['patient', `Patient/${id}`]],
      url: [['patient', `${fhirBase(payer)}/Patient/${id}`]],
    }
    await eachForm(client, payer, type, forms, besides)
  },
})

/** A name from its beginning, in other case, exactly, and from its middle. */
export const tryStrings = (payer: Actor, type: string, name: string, seedOf: SeedOf): Flow<void> => ({
  title: `search ${type} at the ${payer.name} by ${name} in every form`,
  moves: ['search', 'next-page'],
  perform: async (client) => {
    const [text = 'nobody'] = received(client, payer, type).flatMap((resource) => seedOf(resource, name) ?? [])
    const word = text.replaceAll('\\', '').split(/[\s,]/)[0] as string
    await eachForm(client, payer, type, {
      beginning: [[name, word.slice(0, 3)]],
      'other case': [[name, word.slice(0, 4).toUpperCase()]],
      exact: [[`${name}:exact`, text]],
      'exact in other case': [[`${name}:exact`, text.toUpperCase() === text ? text.toLowerCase() : text.toUpperCase()]],
      contains: [[`${name}:contains`, word.slice(1, 4)]],
      middle: [[name, word.slice(1, 4)]],
    })
  },
})
