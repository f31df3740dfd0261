/** Ways to ask for a match that are sound in themselves are so by HRex in both editions, and a mistake is one mistake. */
import { describe, expect, it } from 'vitest'
import { mistakes } from '../flows/match-member.ts'
import { consentsNotToHonour, misfits, type Spoil } from '../flows/match-mistakes.ts'
import { bodyOf, draftMatch } from '../flows/match-request.ts'
import { variations } from '../flows/match-variations.ts'
import { editionSets } from '../guides/editions.ts'
import type { Identity } from '../harness/actor.ts'
import { validatorFor } from '../profiles/validate.ts'
import { named } from '../simulators/fixtures/tried-cast.ts'

const hrex = 'http://hl7.org/fhir/us/davinci-hrex/StructureDefinition'
const payer = (name: string, value: string): Identity => ({
  name,
  uri: `https://${name}.example/payer`,
  identifier: { system: 'urn:oid:2.16.840.1.113883.6.300', value },
})
const about = { asker: payer('new', '95001'), payer: payer('old', '95002'), now: new Date('2026-03-02T15:00:00Z') }

describe.each(editionSets)('under HRex $hrex', (editions) => {
  const errorsOf = (name: string, spoil?: Spoil): string[] => {
    const person = named(editions['us-core'] ?? '6.1.0', name)
    const draft = draftMatch(person, { policy: 'regular', start: '2026-03-01', end: '2026-05-31' }, about)
    spoil?.(draft)
    return validatorFor(editions)
      .validate(JSON.parse(bodyOf(draft)), { profiles: [`${hrex}/hrex-parameters-member-match-in`] })
      .filter(({ severity }) => severity === 'error')
      .map(({ code, expression, message }) => `${code} ${expression}: ${message}`)
  }
  const sound: Readonly<Record<string, Spoil>> = { plain: () => {}, ...variations, ...consentsNotToHonour, ...misfits }

  it.each(Object.keys(sound))('a request is sound %s', (manner) => {
    for (const name of ['Ana Adams', 'Carla Cruz', 'Eva Evans', 'Hugo Hart', 'Jack Jones'])
      expect([name, ...errorsOf(name, sound[manner])]).toEqual([name])
  })

  it.each([
    'without a payor',
    'without a given name',
    'without the relationship to the subscriber',
    'with neither gender nor birth sex',
    'with a consent that never ends',
    'with a consent that denies',
  ])('a request is wrong in one way %s', (manner) => {
    expect(errorsOf('Ana Adams', mistakes[manner])).toHaveLength(1)
  })

  it.each(['with a consent that names no recipient', 'with a consent that names no discloser'])(
    'a request contains nobody whom it does not name %s',
    (manner) => {
      expect(errorsOf('Ana Adams', mistakes[manner]).filter((error) => /contained/.test(error))).toEqual([])
    },
  )
})
