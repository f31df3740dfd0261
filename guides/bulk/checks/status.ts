/**
 * What is answered about an export: that it runs, that it failed, that it is complete (Bulk Data 2.0 export, status).
 */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, header, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, isMistaken, status, suspicious } from '../../core/judging.ts'
import { linesOf, outcomeOf } from '../../core/received.ts'
import { succeeded } from '../../core/rest.ts'
import { exportsIn, manifestOf } from '../exports.ts'
import { asking, notCompleted, polls } from '../judging.ts'

export const runningIs202 = check('BULK-050', 'SHALL', 'A running export is answered with 202', (transcript, scene) => {
  const all = polls(transcript, scene)
  const running = all.filter(
    (x) => x.response !== undefined && x.response.status >= 200 && x.response.status < 300 && !manifestOf(x),
  )
  if (running.length === 0) return [undecided(all[0], 'the export was never seen running')]
  return few(running.flatMap((x) => status(x, [202], 'a running export is answered with 202')))
})

export const failureIsAnError = check(
  'BULK-055',
  'SHALL',
  'A failed export is a 4xx or 5xx, with an OperationOutcome',
  (transcript, scene) => {
    const failing = transcript.some('export-status', {
      to: scene.responder,
      where: (x) => x.from === scene.requester && (isFailure(x) || x.intent.expected === 'failure'),
    })
    const last = failing.at(-1)
    const hushed =
      last?.intent.expected === 'failure' && last.response?.status === 200
        ? [
            unmet(last, 'wrong-status', 'an export that failed is answered with 200', {
              expected: '4xx or 5xx',
              actual: 200,
            }),
          ]
        : []
    const told = failing.filter(isFailure)
    if (told.length === 0 && hushed.length === 0) return [undecided(last, 'the export was not seen to fail')]
    return few([...hushed, ...told.flatMap(failureFindings)])
  },
)

function failureFindings(x: Exchange): Finding[] {
  const response = answered(x)
  if (response.body === '') return [noted(x, 'silent-failure', 'the failed export does not say why')]
  // The body SHOULD be an OperationOutcome: what stands before the server may have another way to say it.
  if (!outcomeOf(x))
    return [
      suspicious(x, 'missing-outcome', 'the failed export does not say why in an OperationOutcome', {
        expected: 'OperationOutcome',
        actual: response.body.slice(0, 120),
      }),
    ]
  // The client accepts application/json there, and FHIR lets a server take it by its word.
  return ['application/fhir+json', 'application/json'].includes(mediaType(response))
    ? []
    : [
        unmet(x, 'wrong-media-type', 'the OperationOutcome of a failed export is FHIR JSON', {
          expected: 'application/fhir+json',
          actual: mediaType(response),
        }),
      ]
}

/** A failure of the job itself: not of patience, rights or knowledge. */
const isFailure = (x: Exchange): boolean => {
  const code = x.response?.status ?? 0
  return code >= 400 && ![401, 403, 404, 406, 410, 429].includes(code) && !isMistaken(x)
}

const completions = (transcript: Transcript, scene: Scene): Exchange[] => {
  const found = asking(transcript, scene).flatMap(({ polls: all }) => all.filter((x) => x.response?.status === 200))
  return found
}

const completed = (requirement: string, verb: Check['verb'], title: string, judge: (x: Exchange) => Finding[]): Check =>
  check(requirement, verb, title, (transcript, scene) => {
    const found = completions(transcript, scene)
    return found.length === 0 ? [notCompleted(transcript, scene)] : few(found.flatMap(judge))
  })

export const manifestIsJson = completed('BULK-058', 'SHALL', 'A completed export is 200 with application/json', (x) => {
  const type = mediaType(answered(x))
  return type === 'application/json'
    ? []
    : [
        unmet(x, 'wrong-media-type', 'the manifest is no FHIR resource and is labelled as plain JSON', {
          expected: 'application/json',
          actual: type,
          expression: 'Content-Type',
        }),
      ]
})

export const expiryIsTold = completed('BULK-059', 'SHOULD', 'A completed export says when it expires', (x) => {
  const text = header(answered(x), 'expires')
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) || at <= Date.parse(x.at)
    ? [
        unmet(x, 'missing-header', 'Expires is missing or no date to come', {
          expected: 'an HTTP date in the future',
          actual: text,
          expression: 'Expires',
        }),
      ]
    : []
})

export const partialSuccess = check(
  'BULK-060',
  'SHALL',
  'What could not be exported is told in the error files of a completed export',
  (transcript, scene) => {
    const lenient = exportsIn(transcript, scene.responder).filter(
      ({ kickOff }) =>
        kickOff.intent.mistake !== undefined && /handling=lenient/.test(header(kickOff.request, 'prefer') ?? ''),
    )
    transcript.some('export-kick-off', {
      to: scene.responder,
      where: (x) => lenient.some(({ kickOff }) => kickOff === x),
    })
    return lenient.flatMap(({ kickOff, polls: all, manifest, errorFiles }): Finding[] => {
      const last = all.at(-1)
      if (!last || last.response?.status === 202) return [undecided(kickOff, 'the lenient export was not waited for')]
      const found = status(last, [200], 'an export that succeeds in part is completed with 200')
      if (found.length > 0) return found
      if (Array.isArray(manifest?.error) && manifest.error.length > 0) {
        const read = errorFiles.filter(succeeded)
        // A file without a line is listed, and tells nothing.
        return read.length > 0 && read.every((x) => linesOf(x).every(({ text }) => text.trim() === ''))
          ? [unmet(read[0], 'missing-error', 'the error files are empty: what was left out is told nowhere')]
          : []
      }
      // Only a type is asked for and not given: what else is passed over leaves nothing out.
      return kickOff.intent.mistake !== 'unknown-type'
        ? [noted(last, 'passed-over', 'what was passed over is told in no error file')]
        : [
            unmet(last, 'missing-error', 'what was left out is told in no error file', {
              expected: 'a file in error',
              actual: manifest?.error,
              expression: 'error',
            }),
          ]
    })
  },
)

export const statusChecks: readonly Check[] = [
  runningIs202,
  failureIsAnError,
  manifestIsJson,
  expiryIsTold,
  partialSuccess,
]
