/**
 * Which searches a server offers at all: it may leave out parameters, modifiers and prefixes that nobody demands, and may ask
 * for more than a patient (FHIR R4 search#errors, #modifiers; US Core SearchParameters).
 */
import { answered, type Exchange } from '../../harness/transcript.ts'
import { putOff } from './judging.ts'
import { bundleOf } from './received.ts'
import { asked, succeeded } from './rest.ts'

/** Answered with a 4xx: said no, and neither broke nor put the client off. Throws `not-answered` where nothing came. */
export const isRefused = (x: Exchange): boolean => {
  const { status } = answered(x)
  return status >= 400 && status < 500 && putOff(x) === undefined
}

/** False where the self link says that the parameter was passed over; true where it says nothing, or points at a kept result. */
const isUsed = (x: Exchange, name: string): boolean => {
  const self = bundleOf(x)?.link?.find(({ relation }) => relation === 'self')?.url
  const [path = '', query = ''] = self?.split('?') ?? []
  if (self === undefined || !new RegExp(`/${asked(x).type}(/_search)?/?$`).test(path)) return true
  return [...new URLSearchParams(query).keys()].some((stated) => bare(stated) === bare(name))
}
const bare = (name: string): string => name.split(':')[0] ?? name

/**
 * Searches by parameters that the server takes: those of a type and parameter that it refuses whatever the value, or passes
 * over every time, are left out.
 */
export function offeredAmong(
  made: readonly Exchange[],
  names: (x: Exchange) => readonly string[],
): readonly Exchange[] {
  const groups = new Map<string, Exchange[]>()
  for (const x of made)
    for (const name of names(x)) {
      const key = `${asked(x).type} ${bare(name)}`
      groups.set(key, [...(groups.get(key) ?? []), x])
    }
  const offered = new Set<Exchange>()
  for (const [key, group] of groups) {
    const name = key.split(' ')[1] ?? ''
    if (group.some((x) => !isRefused(x) && (!succeeded(x) || isUsed(x, name)))) for (const x of group) offered.add(x)
  }
  return made.filter((x) => offered.has(x))
}

/** Refusals of types that none of the other searches found either: a server may ask for more than a patient. */
export function refusedAltogether(made: readonly Exchange[]): Exchange[] {
  const worked = new Set(made.filter(succeeded).map((x) => asked(x).type))
  return made.filter((x) => !succeeded(x) && !(isRefused(x) && worked.has(asked(x).type)))
}

/** A prefix that US Core asks of nobody; `eq` is what no prefix means. */
const freePrefix = /^(ne|sa|eb|ap)\d/

/** A server may refuse a modifier that it does not support (it must), and prefixes that are MAY. */
export const mayBeRefused = (name: string, value: string): boolean => name.includes(':') || freePrefix.test(value)
