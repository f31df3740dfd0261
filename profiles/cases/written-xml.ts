/**
 * Writes a resource as XML, for tests. No table of types is needed: what is an attribute (id, url of extensions) and what is a resource shows.
 */
type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const escaped = (text: string): string => text.replace(/[&<>"\n\r\t]/g, (unit) => `&#${unit.codePointAt(0)};`)
const numbered: Readonly<Record<string, string>> = { nbsp: '&#160;', copy: '&#169;', reg: '&#174;', trade: '&#8482;' }

/** The resource as XML, its properties in the order of the JSON. */
export function xmlOf(resource: Json, indent = ''): string {
  const type = String(resource.resourceType)
  const inner = propertiesOf(resource, `${indent}  `, true)
  return `${indent}<${type} xmlns="http://hl7.org/fhir">\n${inner}${indent}</${type}>\n`
}

function propertiesOf(object: Json, indent: string, isResource: boolean): string {
  const names = [...new Set(Object.keys(object).map((name) => name.replace(/^_/, '')))]
  return names
    .filter((name) => name !== 'resourceType' && (isResource || name !== 'id'))
    .map((name) => {
      const value = object[name]
      const shadow = object[`_${name}`]
      const count = Math.max(Array.isArray(value) ? value.length : 1, Array.isArray(shadow) ? shadow.length : 1)
      return Array.from({ length: count }, (_, at) =>
        elementOf(name, Array.isArray(value) ? value[at] : value, Array.isArray(shadow) ? shadow[at] : shadow, indent),
      ).join('')
    })
    .join('')
}

function elementOf(name: string, value: unknown, shadow: unknown, indent: string): string {
  if (name === 'div' && typeof value === 'string')
    return `${indent}${value.replace(/&([a-z]+);/gi, (whole, entity: string) => numbered[entity] ?? whole)}\n`
  if (isObject(value) && typeof value.resourceType === 'string')
    return `${indent}<${name}>\n${xmlOf(value, `${indent}  `)}${indent}</${name}>\n`
  const parts = isObject(value) ? value : isObject(shadow) ? shadow : {}
  const { id, url, ...rest } = parts
  const attributes: Record<string, unknown> = {
    id,
    ...(name.toLowerCase().endsWith('extension') && { url }),
    ...(value !== undefined && value !== null && !isObject(value) && { value }),
  }
  const inner = name.toLowerCase().endsWith('extension') || url === undefined ? rest : { ...rest, url }
  const order = isObject(value)
    ? Object.fromEntries(Object.keys(parts).flatMap((key) => (key in inner ? [[key, parts[key]]] : [])))
    : inner
  const said = Object.entries(attributes)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => ` ${key}="${escaped(String(each))}"`)
    .join('')
  return `${indent}<${name}${said}>\n${propertiesOf(order, `${indent}  `, false)}${indent}</${name}>\n`
}
