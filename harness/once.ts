/**
 * What is known by that name, else what `make` gives, which is kept. From `most` names on all are forgotten first, so that a long
 * run stays small. A promise that rejects is not kept: whoever comes next asks again.
 */
export function once<T>(known: Map<string, T>, name: string, make: () => T, most = 500): T {
  const found = known.get(name)
  if (found !== undefined) return found
  if (known.size >= most) known.clear()
  const made = make()
  known.set(name, made)
  if (made instanceof Promise)
    made.catch(() => {
      if (known.get(name) === made) known.delete(name)
    })
  return made
}
