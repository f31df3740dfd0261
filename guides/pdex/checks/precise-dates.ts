/**
 * Dates of a search, down to the second and with a zone: taken by the server, sent by the client (CapStmt search
 * parameters).
 */
import { type Check, check, undecided } from '../../../harness/check.ts'
import type { Exchange } from '../../../harness/transcript.ts'
import { exactness } from '../../core/checks/parameters.ts'
import { few, isMistaken, requests, someRequests, status, suspicious } from '../../core/judging.ts'
import { offeredAmong } from '../../core/offered-parameters.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { isDay, parameterOf } from '../../core/search-parameters.ts'

const datesOf = (x: Exchange): [name: string, value: string][] => {
  const { type = '', params } = asked(x)
  return [...params].filter(([name]) => parameterOf(type, name)?.kind === 'date')
}
const precise = /T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** The same dates of the same type, in whatever form. */
const sameDates = (a: Exchange, b: Exchange): boolean =>
  asked(a).type === asked(b).type && datesOf(a).some(([name]) => datesOf(b).some(([other]) => other === name))

export const preciseDatesWork = check(
  'PDEX-354',
  'SHALL',
  'Dates are searched to the second with an offset',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction, type = '' }, x) =>
        interaction === 'search-type' &&
        x.move === 'search' &&
        !isMistaken(x) &&
        datesOf(x).some(([name, value]) => precise.test(value) || isDay(type, name)),
    )
    const later = transcript.from(0)
    // Held against the other forms of the same parameter: what is refused or passed over in each is not offered.
    const tried = requests(
      transcript,
      scene,
      ({ interaction }, x) => interaction === 'search-type' && x.move === 'search' && !isMistaken(x),
    )
    const offered = offeredAmong(tried, (x) => datesOf(x).map(([name]) => name))
    const isExcused = (x: Exchange): boolean =>
      !offered.includes(x) && tried.some((y) => sameDates(x, y) && datesOf(y).some(([, value]) => !precise.test(value)))
    const judged = made.filter((x) => !isExcused(x))
    const exact = judged.filter((x) => datesOf(x).some(([, value]) => precise.test(value)))
    return [
      ...few(
        judged.flatMap((x) =>
          succeeded(x)
            ? exactness(x, later)
            : status(x, [200], `a date of the form ${datesOf(x)[0]?.[1]} is understood`),
        ),
      ),
      ...(exact.length === 0
        ? [undecided(made[0], 'no parameter that is offered was asked for by a date with time and offset')]
        : []),
    ]
  },
)

export const clientSendsPreciseDates = check(
  'PDEX-355',
  'SHALL',
  'The client sends dates to the second with an offset',
  (transcript, scene) => {
    const made = transcript.some('search', {
      from: scene.requester,
      to: scene.responder,
      where: (x) => !isMistaken(x) && x.intent.form === undefined && datesOf(x).length > 0,
    })
    return few(
      made.flatMap((x) =>
        datesOf(x)
          .filter(([name, value]) => !isDay(asked(x).type ?? '', name) && !precise.test(value))
          .map(([name, value]) =>
            suspicious(x, 'imprecise-date', `${name} is asked for by ${value}`, {
              expected: 'seconds and an offset',
              actual: value,
              expression: name,
            }),
          ),
      ),
    )
  },
)

export const preciseDateChecks: readonly Check[] = [preciseDatesWork, clientSendsPreciseDates]
