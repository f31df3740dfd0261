/** Small changes to a resource, at a place in its JSON: what an example lacks to be whole. The resource that is given stays as it is. */

/** Gives the changed resource. Throws where the place is not as the change expects it, so that none goes astray. */
export type Change = (resource: unknown) => unknown
type Value = (now: unknown) => unknown
type Json = Readonly<Record<string, unknown>>

/** Changes the value at a place as `entry[2].fullUrl`; all but the last step must be there. */
export function at(place: string, change: Value): Change {
  const steps = [...place.matchAll(/[^.[\]]+/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step))
  const inside = (value: unknown, from: number): unknown => {
    const step = steps[from]
    if (step === undefined) return change(value)
    if (typeof step === 'number') {
      if (!Array.isArray(value) || step >= value.length) throw new Error(`there is no ${place}`)
      return value.map((each: unknown, index) => (index === step ? inside(each, from + 1) : each))
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`there is no ${place}`)
    return { ...value, [step]: inside((value as Json)[step], from + 1) }
  }
  return (resource) => inside(resource, 0)
}

/** Another value, or one where there was none. */
export const to =
  (value: unknown): Value =>
  (now) => {
    if (JSON.stringify(now) === JSON.stringify(value)) throw new Error('nothing would change')
    return value
  }

/** Another text in place of one that must be there. */
export const inText =
  (before: string | RegExp, after: string): Value =>
  (now) => {
    if (typeof now !== 'string') throw new Error('there is no text')
    const changed = typeof before === 'string' ? now.replaceAll(before, after) : now.replace(before, after)
    if (changed === now) throw new Error(`${String(before)} is not there`)
    return changed
  }

/** A property under another name, with another value. */
export const rename =
  (before: string, after: string, value: Value): Value =>
  (now) => {
    const { [before]: old, ...rest } = now as Json
    if (old === undefined) throw new Error(`${before} is not there`)
    return { ...rest, [after]: value(old) }
  }

/** One of a list inside of a value. */
export const pick =
  (name: string, index: number): Value =>
  (now) =>
    ((now as Json)[name] as readonly unknown[])[index]
