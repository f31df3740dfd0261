/** A told retrieval in which a search goes wrong: the checks say so. */
import { describe, expect, it } from 'vitest'
import { at, body, type Changed, dropEntries, json, says, status, titled } from './changes.ts'
import { patient, provenanceOf } from './record.ts'
import { anaScene, story } from './story.ts'
import { outcome } from './told.ts'
import { silentOf } from './verdicts.ts'

/** What goes wrong, and the checks that must say so. */
const wrong: readonly Changed[] = [
  [
    'a search is a collection',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('"searchset"', '"collection"')),
    ),
    'CORE-031 PDEX-329',
  ],
  ['an empty search is 404', at('search', 'Observation', status(404)), 'CORE-031 PDEX-127/each'],
  [
    'there is no self link',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('"self"', '"first"')),
    ),
    'CORE-032',
  ],
  [
    'the self link is relative',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace(/"url":"https:\/\/old.example\/fhir\/Condition\?/, '"url":"Condition?')),
    ),
    'CORE-032',
  ],
  [
    'the self link leaves the patient out',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace(/Condition\?patient=ana&/, 'Condition?')),
    ),
    'CORE-032',
  ],
  [
    'fullUrl is relative',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('"fullUrl":"https://old.example/fhir/', '"fullUrl":"')),
    ),
    'CORE-033',
  ],
  [
    'fullUrl is of another resource',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('fhir/Condition/c1"', 'fhir/Condition/c7"')),
    ),
    'CORE-033',
  ],
  [
    'an entry comes twice',
    at(
      'search',
      'Condition?patient=ana',
      json((bundle) => (bundle.entry as object[]).push((bundle.entry as object[])[0] as object)),
    ),
    'CORE-033',
  ],
  [
    'modes are missing',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replaceAll('"mode":"match"', '"mode":""')),
    ),
    'CORE-034',
  ],
  [
    'total counts includes',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('"total":2', '"total":4')),
    ),
    'CORE-035',
  ],
  [
    'an unrelated resource is included',
    at(
      'search',
      'Condition?patient=ana',
      json((bundle) =>
        (bundle.entry as object[]).push({
          fullUrl: 'https://old.example/fhir/Organization/x',
          resource: { resourceType: 'Organization', id: 'x' },
          search: { mode: 'include' },
        }),
      ),
    ),
    'CORE-050',
  ],
  [
    'Provenance of something else is included',
    at(
      'search',
      'Observation',
      json((bundle) =>
        (bundle.entry as object[]).push({
          fullUrl: 'https://old.example/fhir/Provenance/px',
          resource: provenanceOf('px', ['Flag/f'], {}),
          search: { mode: 'include' },
        }),
      ),
    ),
    'CORE-051',
  ],
  ['_revinclude is refused', at('search', 'Condition?patient=ana', status(400)), 'CORE-051 PDEX-070 PDEX-439'],
  [
    '_revinclude is passed over',
    at('search', 'Condition?patient=ana', dropEntries('"Provenance"')),
    'PDEX-070 PDEX-439',
  ],
  [
    'a next link goes in a circle',
    at(
      'everything-page',
      '',
      json((bundle) =>
        Object.assign(bundle, { link: [{ relation: 'next', url: 'https://old.example/fhir/Patient/_everything/2' }] }),
      ),
    ),
    'CORE-037',
  ],
  ['the next page is no Bundle', at('everything-page', '', says(outcome())), 'CORE-037'],
  [
    'a match is on two pages',
    at(
      'everything-page',
      '',
      json((bundle) =>
        (bundle.entry as object[]).push({
          fullUrl: 'https://old.example/fhir/Patient/ana',
          resource: patient,
          search: { mode: 'match' },
        }),
      ),
    ),
    'CORE-037',
  ],
  [
    'the client builds a link',
    at('everything-page', '', (step) => ({ ...step, request: { ...step.request, url: `${step.request.url}?page=2` } })),
    'CORE-038',
  ],
]

describe('a search goes wrong:', () => {
  it.each(titled(wrong))('$title', ({ change, starts, scene }) => {
    expect(silentOf(starts, change(story()), anaScene(scene))).toEqual([])
  })
})
