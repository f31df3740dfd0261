/** The phrases of reading: what is read, and in which way. */
import { readMetadata } from '../flows/discover.ts'
import { fetchDocuments } from '../flows/fetch-documents.ts'
import { inTurn } from '../flows/in-turn.ts'
import { readEachType, readFirstVersion, readInEveryFormat, tryGet } from '../flows/odd-requests.ts'
import {
  readHistory,
  readIfChanged,
  readOneOf,
  readPatient,
  readResource,
  readUnknown,
  readVersion,
} from '../flows/read.ts'
import { searchType } from '../flows/search.ts'
import { trySystem } from '../flows/try-system.ts'
import { at } from '../guides/core/received.ts'
import { hidden } from '../guides/pdex/holdings.ts'
import { HarnessError } from '../harness/errors.ts'
import type { FhirResource } from '../harness/person.ts'
import type { Scene } from '../harness/scene.ts'
import { type Acts, each, mistake, otherId } from './retrieval-phrases.ts'

/** Where the content of the documents among these is. */
const documentsOf = (record: readonly FhirResource[]): string[] =>
  record.flatMap((resource) =>
    at(resource, 'content.attachment.url').flatMap((url) => /Binary\/[A-Za-z0-9.-]+$/.exec(String(url))?.[0] ?? []),
  )

/** The first record that this client may not see, of the member. */
const withheldKey = (scene: Scene): string => {
  const [key] = hidden(scene).keys()
  if (key === undefined) throw new HarnessError('cannot-set-up', 'nobody knows of a record that is kept back')
  return key
}

export const readings: Acts = {
  'the CapabilityStatement': (payer) => readMetadata(payer),
  'one of each type again': (payer) => readEachType(payer, (type) => readOneOf(payer, type)),
  'its Patient': (payer) => readPatient(payer),
  'ids that nobody gave out': (payer) =>
    each(['Patient', 'Condition', 'Observation'], (type) =>
      inTurn('', searchType(payer, type), readOneOf(payer, type), readUnknown(payer, type)),
    ),
  'versions and histories': (payer) =>
    each(['Patient', 'Condition', 'Observation'], (type) =>
      inTurn('', searchType(payer, type), readVersion(payer, type), readHistory(payer, type)),
    ),
  'a Condition only if it changed': (payer) =>
    inTurn('', searchType(payer, 'Condition'), readIfChanged(payer, 'Condition')),
  'what is declared for the whole system': trySystem,
  'a Patient in every format': (payer) => readInEveryFormat(payer, 'Patient'),
  'what was updated': (payer) =>
    inTurn(
      'updated',
      readOneOf(payer, 'Patient', { intent: { state: 'updated' } }),
      readFirstVersion(payer, 'Patient'),
      readVersion(payer, 'Patient'),
      readHistory(payer, 'Patient'),
    ),
  'what was deleted': (payer) => readOneOf(payer, 'Procedure', { intent: { state: 'deleted' } }),
  'a Patient without a token': (payer) => readOneOf(payer, 'Patient', { token: null, ...mistake('no-token') }),
  'the Patient of another member': (payer, scene) =>
    each(
      [`Patient/${otherId(scene)}`, `Patient/${otherId(scene)}/_history/1`, `Patient/${otherId(scene)}/_history`],
      (path) => readResource(payer, path, mistake('foreign')),
    ),
  'the documents of another member': (payer, { bystander }) =>
    each(documentsOf(bystander?.record ?? []), (path) =>
      readResource(payer, path, { accept: '*/*', ...mistake('foreign') }),
    ),
  'what is kept back from it': (payer, scene) => {
    const [type = '', id = ''] = withheldKey(scene).split('/')
    const out = hidden(scene)
    const documents = documentsOf(
      (scene.person?.record ?? []).filter((one) => out.has(`${one.resourceType}/${one.id}`)),
    )
    const paths = [`${type}/${id}`, `${type}/${id}/_history`, `${type}/${id}/_history/1`]
    return inTurn(
      'withheld',
      ...paths.map((path) => readResource(payer, path, mistake('withheld'))),
      searchType(payer, type, { params: { _id: id }, ...mistake('withheld') }),
      searchType(payer, type, { params: { _id: id }, post: true, ...mistake('withheld') }),
      ...documents.map((path) => readResource(payer, path, { accept: '*/*', ...mistake('withheld') })),
    )
  },
  'the match operation by GET': (payer) => tryGet(payer, 'Patient/$member-match', [], mistake('wrong-method')),
  'its documents': (payer) => fetchDocuments(payer),
}
