/**
 * Where a search parameter looks: a small path language of our own, compiled once. `a.b|c` reads two places,
 * `extension(url).valueDateTime` an extension; lists are walked through.
 */
const compiled = new Map<string, (resource: unknown) => unknown[]>()

/** Every value at that path, in order; none is an empty list. */
export function valuesAt(resource: unknown, path: string): unknown[] {
  const known = compiled.get(path)
  if (known) return known(resource)
  const ways = path.split('|').map((way) => stepsOf(way))
  const read = (root: unknown): unknown[] => ways.flatMap((steps) => walk(root, steps))
  compiled.set(path, read)
  return read(resource)
}

type Step = { readonly name: string; readonly url?: string }

/** Dots inside the parentheses of `extension(url)` part nothing. */
const stepsOf = (way: string): Step[] =>
  [...way.matchAll(/([\w-]+)(?:\(([^)]*)\))?(?:\.|$)/g)].map(([, name, url]) => ({
    name: name as string,
    ...(url === undefined ? {} : { url }),
  }))

function walk(root: unknown, steps: readonly Step[]): unknown[] {
  let here: unknown[] = [root]
  for (const { name, url } of steps) {
    const next: unknown[] = []
    for (const at of here) {
      if (at === null || typeof at !== 'object') continue
      const value = (at as Record<string, unknown>)[name]
      for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value])
        if (one !== null && (url === undefined || (one as { url?: string }).url === url)) next.push(one)
    }
    here = next
  }
  return here
}
