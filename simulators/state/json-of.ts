/** The JSON of resources. That of a record which many worlds look at is written once: it never changes, and is long. */

/** Text of those that are kept; empty until somebody asks for it. */
const texts = new WeakMap<object, string>()

/** From now on its JSON is kept: for what is not changed and lives longer than one answer. */
export function keepJson(resource: object): void {
  if (!texts.has(resource)) texts.set(resource, '')
}

/** As `JSON.stringify` writes it. */
export function jsonOf(resource: object): string {
  const known = texts.get(resource)
  if (known) return known
  const text = JSON.stringify(resource)
  if (known !== undefined) texts.set(resource, text)
  return text
}
