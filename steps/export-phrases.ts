/** The phrases of the sentences about exports: how one is begun, what is done with it, how the server takes it. */
import {
  awaitExport,
  deleteExport,
  downloadExport,
  exportMember,
  kickOffExport,
  ofLittle,
  pollExport,
} from '../flows/export.ts'
import { inTurn } from '../flows/in-turn.ts'
import { sinceTelling } from '../flows/since.ts'
import type { Actor, Flow } from '../harness/actor.ts'
import type { Fixture } from '../harness/fixture.ts'
import { type Act, type Acts, mistake, otherId, yearsBefore } from './retrieval-phrases.ts'

const exported =
  (params: Readonly<Record<string, string>> | readonly (readonly [string, string])[], more: object = {}) =>
  (payer: Actor): Flow<unknown> =>
    exportMember(payer, { params, ...more })
/** A plain one first, to compare with. */
const compared =
  (...acts: readonly ((payer: Actor) => Flow<unknown>)[]) =>
  (payer: Actor): Flow<unknown> =>
    inTurn('exports', exportMember(payer), ...acts.map((act) => act(payer)))

export const exportManners: Acts = {
  'of a few types': (payer) => exportMember(payer, ofLittle),
  'of what has documents': (payer) =>
    exportMember(payer, { ...ofLittle, params: { _type: 'DiagnosticReport,DocumentReference' } }),
  'of some types, listed and repeated': compared(
    exported({ _type: 'Patient,Condition' }),
    exported([
      ['_type', 'Patient'],
      ['_type', 'Condition'],
    ]),
  ),
  'that changed lately': (payer, scene) =>
    compared((whom) => sinceTelling(whom, yearsBefore(scene.now, 2), (_since) => exported({ _since })(whom)))(payer),
  'that changed lately, after a deletion': (payer, scene) =>
    exported(
      { _since: new Date(Date.parse(scene.now) - 60_000).toISOString() },
      { intent: { state: 'deleted' } },
    )(payer),
  'with some elements': exported({ _type: 'Condition,Observation', _elements: 'id,code' }),
  'filtered by one query': compared(
    exported({ _type: 'Condition,Observation', _typeFilter: 'Observation?category=laboratory' }),
  ),
  'filtered by two queries': compared(
    exported({ _type: 'Observation', _typeFilter: 'Observation?category=laboratory,Observation?category=vital-signs' }),
  ),
  'with the latest Provenance': exported({ includeAssociatedData: 'LatestProvenanceResources' }),
  'by POST': (payer) => exportMember(payer, { post: true, params: { _type: 'Patient,Condition' } }),
  'by POST, naming another member': (payer, scene) =>
    exportMember(payer, {
      post: true,
      params: [
        ['patient', `Patient/${scene.person?.patientId ?? ''}`],
        ['patient', `Patient/${otherId(scene)}`],
      ],
      ...mistake('foreign'),
    }),
  'leniently, of a type that nobody knows': (payer) =>
    exportMember(payer, {
      params: { _type: 'Patient,NoSuchType' },
      prefer: 'respond-async, handling=lenient',
      ...mistake('unknown-type'),
    }),
  'under every name of NDJSON': (payer) =>
    inTurn(
      'formats',
      ...['application/fhir+ndjson', 'application/ndjson', 'ndjson'].map((format) =>
        exportMember(payer, { ...ofLittle, params: { ...ofLittle.params, _outputFormat: format } }),
      ),
      kickOffExport(payer, { params: { _outputFormat: 'application/x-no-format' }, ...mistake('bad-format') }),
    ),
}

const refusedKickOff =
  (params: Readonly<Record<string, string>>, name: string, more: object = {}): Act =>
  (payer) =>
    kickOffExport(payer, { params, ...mistake(name), ...more })

export const kickOffManners: Acts = {
  'in a format that is none': refusedKickOff({ _outputFormat: 'application/x-no-format' }, 'bad-format'),
  'since a time that is none': refusedKickOff({ _since: 'yesterday' }, 'bad-since'),
  'of a type that nobody knows': refusedKickOff({ _type: 'NoSuchType' }, 'unknown-type'),
  'of a type that nobody knows, beside the Patient': refusedKickOff({ _type: 'Patient,NoSuchType' }, 'unknown-type'),
  'with a parameter that nobody knows, strictly': refusedKickOff({ colour: 'red' }, 'unknown-parameter', {
    prefer: 'respond-async, handling=strict',
  }),
  'with a filter that cannot be applied': refusedKickOff({ _typeFilter: 'Condition?colour=red' }, 'bad-filter'),
  'without a token': refusedKickOff({}, 'no-token', { token: null }),
  'without preferring an asynchronous answer': (payer) =>
    kickOffExport(payer, { prefer: 'return=minimal', ...mistake('no-prefer') }),
  'with parameters of Bulk Data 3.0': (payer) =>
    kickOffExport(payer, { params: { _until: '2026-01-01T00:00:00Z' }, intent: { later: 'true' } }),
  'in the plain way': (payer) => kickOffExport(payer),
  'of a few types': (payer) => kickOffExport(payer, ofLittle),
  'a second time': (payer) => kickOffExport(payer, { intent: { parallel: 'true' } }),
}

/** Steps of an export that was begun, and by somebody else who has a token of their own. */
export const exportSteps: Acts = {
  'asks about the export of the requesting payer': (payer, _, whose) =>
    pollExport(payer, { whose, ...mistake('foreign') }),
  'downloads the files of the requesting payer': (payer, _, whose) =>
    downloadExport(payer, { whose, ...mistake('foreign') }),
  'deletes the export of the requesting payer': (payer, _, whose) =>
    deleteExport(payer, { whose, ...mistake('foreign') }),
  'asks about the export': (payer) => pollExport(payer),
  'asks about the export too often': (payer) =>
    inTurn('polls', pollExport(payer), pollExport(payer, mistake('too-fast')), pollExport(payer, mistake('too-fast'))),
  'waits for the export': (payer) => awaitExport(payer),
  'waits for the export to fail': (payer) => awaitExport(payer, { intent: { expected: 'failure' } }),
  'downloads the files': (payer) => downloadExport(payer),
  'deletes the export': (payer) => deleteExport(payer),
  'deletes the export twice': (payer) => inTurn('twice', deleteExport(payer), deleteExport(payer)),
  // Who was only put off has not been told whether it is there.
  'asks about the deleted export': (payer) => awaitExport(payer),
  'asks about the export and downloads its files without a token': (payer) =>
    inTurn(
      '',
      pollExport(payer, { token: null, ...mistake('no-token') }),
      downloadExport(payer, { token: null, ...mistake('no-token') }),
    ),
  'downloads the files of the deleted export': (payer) => downloadExport(payer, mistake('deleted')),
  'downloads the files of the expired export': (payer) => downloadExport(payer, mistake('expired')),
  'asks about the export and downloads its files after the consent has ended': (payer) =>
    inTurn('', pollExport(payer, mistake('consent-ended')), downloadExport(payer, mistake('consent-ended'))),
}

export const exportWays: Readonly<Record<string, Extract<Fixture, { is: 'export' }>['way']>> = {
  'is ready at once': 'ready-at-once',
  'takes its time': 'slow',
  fails: 'fails',
}
