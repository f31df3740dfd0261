/** A told retrieval in which $everything goes wrong: the checks say so. */
import { describe, expect, it } from 'vitest'
import { answered, at, body, both, type Changed, dropEntries, everywhere, status, titled, without } from './changes.ts'
import { anaScene, story } from './story.ts'
import { silentOf } from './verdicts.ts'

/** What goes wrong, and the checks that must say so. */
const wrong: readonly Changed[] = [
  [
    '$everything is a collection',
    at(
      'everything',
      '',
      body((text) => text.replace('"searchset"', '"collection"')),
    ),
    'CORE-053/everything-returns PDEX-128',
  ],
  ['$everything is not there', at('everything', '', status(404)), 'CORE-053/everything-returns PDEX-128'],
  [
    '$everything holds another patient',
    at(
      'everything-page',
      '',
      body((text) =>
        text.replace('"beneficiary":{"reference":"Patient/ana"}', '"beneficiary":{"reference":"Patient/iris"}'),
      ),
    ),
    'CORE-053/everything-returns HREX-058/no-answer',
  ],
  ['$everything drops a claim', at('everything-page', '', dropEntries('"use":"claim"')), 'PDEX-130 PDEX-132 PDEX-126'],
  [
    '$everything drops an authorization',
    at('everything-page', '', dropEntries('"use":"preauthorization"')),
    'PDEX-130 PDEX-126',
  ],
  [
    '$everything leaves an Organization out',
    both(at('everything-page', '', dropEntries('"resourceType":"Organization"'))),
    'PDEX-139',
    {
      person: {
        ...(anaScene().person as object),
        record: [{ resourceType: 'Organization', id: 'old-plan' }, ...(anaScene().person?.record ?? [])],
      } as never,
    },
  ],
  ['a record is lost from search', at('search', 'Condition?patient=ana', dropEntries('Condition/c2"')), 'PDEX-126'],
  [
    'a record is lost from the export',
    at('export-file', '/Observation', (step) => answered({ body: '' })(step)),
    'PDEX-126',
  ],
  [
    'a record is lost everywhere',
    everywhere((text) =>
      text.startsWith('{"resourceType":"Bundle"')
        ? JSON.stringify({
            ...JSON.parse(text),
            entry: (JSON.parse(text).entry ?? []).filter((e: object) => !JSON.stringify(e).includes('"id":"o1"')),
          })
        : without(text, '"id":"o1"'),
    ),
    'PDEX-126/each-method',
  ],
  [
    'claims come where only authorizations should',
    (steps) => [...steps],
    'PDEX-133',
    { editions: { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '6.1.0' } },
  ],
]

describe('$everything goes wrong:', () => {
  it.each(titled(wrong))('$title', ({ change, starts, scene }) => {
    expect(silentOf(starts, change(story()), anaScene(scene))).toEqual([])
  })
})
