/** _type: an export of these types alone, in either spelling (Bulk Data 2.0 export, query parameters). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, header } from '../../../harness/transcript.ts'
import { few, status } from '../../core/judging.ts'
import { keyOf } from '../../core/received.ts'
import { asked } from '../../core/rest.ts'
import { type Export, typesAskedFor } from '../exports.ts'
import { exportsWith, kickOffs, notWhole, unfiltered } from '../judging.ts'

export const repeatedIsListed = check(
  'BULK-013',
  'SHALL',
  'A repeated _type means what a comma list means',
  (transcript, scene) => {
    const all = exportsWith(transcript, scene, '_type')
    const repeated = all.filter(({ kickOff }) => asked(kickOff).params.getAll('_type').length > 1)
    if (repeated.length === 0) return [undecided(undefined, 'nobody repeated _type')]
    return repeated.flatMap((one) => {
      const wanted = [...(typesAskedFor(one.kickOff) ?? [])].sort().join()
      const listed = all.find(
        (other) =>
          other !== one &&
          asked(other.kickOff).params.getAll('_type').length === 1 &&
          [...(typesAskedFor(other.kickOff) ?? [])].sort().join() === wanted,
      )
      if (!listed) return [undecided(one.kickOff, 'nobody asked for the same types in a comma list')]
      const keys = ({ received }: Export): string =>
        received
          .map(({ resource }) => keyOf(resource))
          .filter((key) => !key.startsWith('Provenance/'))
          .sort()
          .join()
      return keys(one) === keys(listed)
        ? []
        : [unmet(one.completed, 'different-result', 'repeated and listed _type give different files')]
    })
  },
)

export const typesAreHonoured = check(
  'BULK-032',
  'SHALL',
  'With _type only these types are given',
  (transcript, scene) => {
    const all = exportsWith(transcript, scene, '_type')
    if (all.length === 0) return notWhole('_type')
    return all.flatMap((one) => {
      const types = typesAskedFor(one.kickOff) ?? new Set()
      const others = one.received.filter(({ resource }) => !types.has(resource.resourceType))
      const whole = unfiltered(transcript, scene, one)
      const got = new Set(one.received.map(({ resource }) => resource.resourceType))
      const lost = [...types].filter(
        (type) => !got.has(type) && whole?.received.some(({ resource }) => resource.resourceType === type),
      )
      return [
        ...few(
          others.map(({ exchange, resource, expression }) =>
            unmet(exchange, 'ignored-parameter', `${keyOf(resource)} is of none of the types asked for`, {
              expected: [...types],
              expression,
            }),
          ),
        ),
        ...(lost.length > 0
          ? [
              unmet(one.completed, 'missing-type', `the export leaves out ${lost.join(', ')}, which was asked for`, {
                expected: lost,
              }),
            ]
          : []),
      ]
    })
  },
)

export const unknownTypesAreErrors = check(
  'BULK-034',
  'SHOULD',
  'An unknown _type is refused, unless the client is lenient',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => x.intent.mistake === 'unknown-type').flatMap((x) => {
      const lenient = /handling=lenient/.test(header(x.request, 'prefer') ?? '')
      if (lenient)
        return answered(x).status < 400
          ? status(x, [202], 'an export with an unknown _type is begun where the client is lenient')
          : answered(x).status >= 500
            ? status(x, [202, 400], 'an unknown _type is passed over, or refused, where the client is lenient')
            : [noted(x, 'refuses-lenient', 'an unknown _type is refused though the client is lenient')]
      return answered(x).status >= 400
        ? []
        : [unmet(x, 'wrong-status', 'an unknown _type is accepted', { expected: '4xx', actual: answered(x).status })]
    }),
)

export const typeChecks: readonly Check[] = [repeatedIsListed, typesAreHonoured, unknownTypesAreErrors]
