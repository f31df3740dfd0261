/** A told retrieval in which Provenance or a resource is not as it should be: the checks say so. */
import { describe, expect, it } from 'vitest'
import { at, body, type Changed, everywhere, titled } from './changes.ts'
import { anaScene, story } from './story.ts'
import { silentOf } from './verdicts.ts'

/** What goes wrong, and the checks that must say so. */
const wrong: readonly Changed[] = [
  [
    'nobody says who sent it',
    everywhere((text) => text.replaceAll('"transmitter"', '"enterer"')),
    'PDEX-069 PDEX-075 PDEX-078',
  ],
  [
    'another organization sent it',
    everywhere((text) =>
      text.replaceAll('"who":{"reference":"Organization/old-plan"}', '"who":{"reference":"Practitioner/dr-day"}'),
    ),
    'PDEX-075',
  ],
  [
    'the transmitter is about something else',
    at(
      'everything-page',
      '',
      body((text) =>
        text.replace(
          /"id":"s-everything",("meta":\{[^}]*\}),"target":\[[^\]]*\]/,
          '"id":"s-everything",$1,"target":[{"reference":"Flag/f"}]',
        ),
      ),
    ),
    'PDEX-078',
  ],
  ['there is no origin', everywhere((text) => text.replaceAll('"author"', '"verifier"')), 'PDEX-062 PDEX-063'],
  [
    'an origin is about one record only',
    everywhere((text) => text.replaceAll('{"reference":"Condition/c2"},', '')),
    'PDEX-063',
  ],
  ['no source format is told', everywhere((text) => text.replaceAll('ProvenanceSourceFrom', 'x')), 'PDEX-064 PDEX-066'],
  ['recorded is missing', everywhere((text) => text.replaceAll('"recorded":"2025-06-01T10:00:00Z",', '')), 'PDEX-066'],
  ['a claim came as a C-CDA', everywhere((text) => text.replaceAll('"x12837"', '"hl7ccda"')), 'PDEX-074'],
  ['a source format is unknown', everywhere((text) => text.replaceAll('"hl7fhirr4"', '"fax"')), 'PDEX-476'],
  [
    'a device is the agent',
    everywhere((text) =>
      text.replaceAll('"who":{"reference":"Practitioner/dr-day"}', '"who":{"reference":"Device/d"}'),
    ),
    'PDEX-476',
  ],
  [
    'the source format is a string',
    everywhere((text) =>
      text.replaceAll(
        /"valueCodeableConcept":(\{"coding":\[\{"system":"[^"]*ProvenancePayerDataSource[^}]*\}\]\})/g,
        '"valueString":"x"',
      ),
    ),
    'PDEX-477',
  ],
  [
    'the source format stands on the agent',
    everywhere((text) =>
      text.replaceAll(
        '"agent":[{',
        '"agent":[{"extension":[{"url":"http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/ProvenanceSourceFrom","valueCodeableConcept":{}}],',
      ),
    ),
    'PDEX-477',
  ],
  ['an organization entered the data', everywhere((text) => text.replaceAll('"transmitter"', '"enterer"')), 'HREX-064'],
  [
    'a relative acts for the patient',
    everywhere((text) =>
      text.replaceAll(
        '"who":{"reference":"Practitioner/dr-day"},"onBehalfOf":{"reference":"Organization/old-plan"}',
        '"who":{"reference":"RelatedPerson/r"},"onBehalfOf":{"reference":"Patient/ana"}',
      ),
    ),
    'HREX-065',
  ],
  // payload, element by element
  [
    'a claim carries amounts',
    everywhere((text) => text.replaceAll('"use":"claim"', '"use":"claim","total":[{"amount":{"value":1}}]')),
    'PDEX-022/claims-between',
  ],
  [
    'an authorization names no profile',
    everywhere((text) => text.replaceAll('pdex-priorauthorization', 'x')),
    'PDEX-464',
  ],
  [
    'an authorization is a claim',
    everywhere((text) => text.replaceAll('"use":"preauthorization"', '"use":"predetermination"')),
    'PDEX-465',
  ],
  [
    'an adjudication is of an unknown kind',
    everywhere((text) => text.replaceAll('"allowedunits"', '"innetwork"')),
    'PDEX-466',
  ],
  [
    'allowed units have no value',
    everywhere((text) => text.replaceAll(/"code":"allowedunits"\}\]\},"value":2/g, '"code":"allowedunits"}]}')),
    'PDEX-466',
  ],
  [
    'a denial has a local reason',
    everywhere((text) => text.replaceAll('https://x12.org/codes/claim-adjustment-reason-codes', 'https://local')),
    'PDEX-467',
  ],
  [
    'an item is named by NDC',
    everywhere((text) => text.replaceAll('http://www.ama-assn.org/go/cpt', 'http://hl7.org/fhir/sid/ndc')),
    'PDEX-468',
  ],
  [
    'an item has a local category',
    everywhere((text) => text.replaceAll('https://x12.org/codes/service-type-codes', 'https://local')),
    'PDEX-469',
  ],
  [
    'the provider is a patient',
    everywhere((text) =>
      text.replaceAll('"provider":{"reference":"Practitioner/dr-day"}', '"provider":{"reference":"RelatedPerson/r"}'),
    ),
    'PDEX-470',
  ],
  [
    'a review action is plain',
    everywhere((text) => text.replaceAll('"url":"number","valueString":"AUTH1"', '"url":"number","valueInteger":1')),
    'PDEX-471',
  ],
  [
    'a review action has a local code',
    everywhere((text) => text.replaceAll('https://codesystem.x12.org/005010/306', 'https://local')),
    'PDEX-471',
  ],
  [
    'utilization is a string',
    everywhere((text) => text.replaceAll('"valueQuantity":{"value":1}', '"valueString":"1"')),
    'PDEX-472',
  ],
  ['the member number has no type', everywhere((text) => text.replaceAll('"code":"MB"', '"code":"PI"')), 'PDEX-039'],
  [
    'the Patient has a Social Security Number',
    everywhere((text) => text.replaceAll('https://old.example/members', 'http://hl7.org/fhir/sid/us-ssn')),
    'PDEX-376',
  ],
  [
    'no Organization has an NPI',
    everywhere((text) => text.replaceAll('http://hl7.org/fhir/sid/us-npi', 'https://x')),
    'PDEX-375',
  ],
  [
    'an Observation has no value',
    everywhere((text) => text.replaceAll('"valueQuantity":{"value":6.1,"unit":"%"}', '"note":[]')),
    'PDEX-374 PDEX-009',
  ],
  [
    'Conditions do not say when',
    everywhere((text) => text.replaceAll('"recordedDate":"2020-02-03"', '"x":"y"')),
    'PDEX-370',
  ],
  ['an element is empty', everywhere((text) => text.replaceAll('"family":"Adams"', '"family":""')), 'PDEX-009'],
]

describe('what came is not as it should be:', () => {
  it.each(titled(wrong))('$title', ({ change, starts, scene }) => {
    expect(silentOf(starts, change(story()), anaScene(scene))).toEqual([])
  })
})
