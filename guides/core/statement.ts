/** The CapabilityStatement that a server publishes, as far as checks read it (FHIR R4 capabilitystatement). */
import type { Scene } from '../../harness/scene.ts'
import type { Exchange, Transcript } from '../../harness/transcript.ts'
import type { Resource } from './received.ts'
import { at, resourceOf } from './received.ts'
import { asked, succeeded } from './rest.ts'

export interface DeclaredOperation {
  readonly name: string
  readonly definition?: string
}
export interface DeclaredType {
  readonly type: string
  readonly profiles: readonly string[]
  readonly interactions: ReadonlySet<string>
  readonly params: ReadonlyMap<string, string | undefined>
  readonly operations: readonly DeclaredOperation[]
  readonly includes: readonly string[]
  readonly revIncludes: readonly string[]
}
export interface Statement {
  readonly exchange: Exchange
  readonly resource: Resource
  readonly types: ReadonlyMap<string, DeclaredType>
  readonly systemInteractions: ReadonlySet<string>
  readonly systemOperations: readonly DeclaredOperation[]
}

const texts = (value: unknown, path: string): string[] =>
  at(value, path).filter((text): text is string => typeof text === 'string')

const operations = (value: unknown, path = 'operation'): DeclaredOperation[] =>
  (at(value, path) as { name?: unknown; definition?: unknown }[]).map(({ name, definition }) => ({
    name: String(name ?? '').replace(/^\$/, ''),
    ...(typeof definition === 'string' ? { definition } : {}),
  }))

const paramsOf = (value: unknown, path: string): [name: string, definition: string | undefined][] =>
  (at(value, path) as { name?: unknown; definition?: unknown }[]).map(({ name, definition }) => [
    String(name),
    typeof definition === 'string' ? definition : undefined,
  ])

const joined = (a: DeclaredType, b: DeclaredType): DeclaredType => ({
  type: a.type,
  profiles: [...a.profiles, ...b.profiles],
  interactions: new Set([...a.interactions, ...b.interactions]),
  params: new Map([...a.params, ...b.params]),
  operations: [...a.operations, ...b.operations],
  includes: [...a.includes, ...b.includes],
  revIncludes: [...a.revIncludes, ...b.revIncludes],
})

const statements = new WeakMap<Exchange, Statement>()

/** What a metadata answer declares for a server, read once; undefined when it is no CapabilityStatement. */
export function statementOf(exchange: Exchange): Statement | undefined {
  const resource = resourceOf(exchange)
  if (resource?.resourceType !== 'CapabilityStatement') return undefined
  const statement = statements.get(exchange) ?? read(exchange, resource)
  statements.set(exchange, statement)
  return statement
}

function read(exchange: Exchange, resource: Resource): Statement {
  // A server may describe itself in several parts.
  const rest = { part: (at(resource, 'rest') as Record<string, unknown>[]).filter(({ mode }) => mode === 'server') }
  const types = new Map<string, DeclaredType>()
  // Parameters of every type may be declared once for all of them.
  const common = paramsOf(rest, 'part.searchParam')
  for (const declared of at(rest, 'part.resource')) {
    const [type = ''] = texts(declared, 'type')
    const before = types.get(type)
    const here: DeclaredType = {
      type,
      profiles: [...texts(declared, 'profile'), ...texts(declared, 'supportedProfile')],
      interactions: new Set(texts(declared, 'interaction.code')),
      params: new Map([...common, ...paramsOf(declared, 'searchParam')]),
      operations: operations(declared),
      includes: texts(declared, 'searchInclude'),
      revIncludes: texts(declared, 'searchRevInclude'),
    }
    types.set(type, before ? joined(before, here) : here)
  }
  return {
    exchange,
    resource,
    types,
    systemInteractions: new Set(texts(rest, 'part.interaction.code')),
    systemOperations: operations(rest, 'part.operation'),
  }
}

/** What the responder declared last. Throws `not-seen` when it was never asked. */
export function declared(transcript: Transcript, scene: Scene): Statement | undefined {
  const asking = transcript.some(['metadata', 'handshake', 'probe'], {
    to: scene.responder,
    where: (x) =>
      asked(x).interaction === 'capabilities' && succeeded(x) && resourceOf(x)?.resourceType === 'CapabilityStatement',
  })
  return statementOf(asking.at(-1) as Exchange)
}

/** Something that worked, and whether it is declared. */
export interface Offered {
  readonly exchange: Exchange
  /** `read of Condition`, `operation $everything on Patient`. */
  readonly what: string
  readonly declared: boolean
}

const worked = new Set([
  'search',
  'read',
  'vread',
  'history',
  'everything',
  'export-kick-off',
  'member-match',
  'binary',
  'probe',
])

/** Every interaction and operation that the responder answered with success, each once. */
export function offered(transcript: Transcript, scene: Scene, statement: Statement): Offered[] {
  const found = new Map<string, Offered>()
  const candidates = transcript.all([...worked] as never, {
    to: scene.responder,
    where: (x) =>
      succeeded(x) &&
      ['read', 'vread', 'history-instance', 'search-type', 'operation', 'system'].includes(asked(x).interaction),
  })
  for (const exchange of candidates) {
    const { interaction, type, operation } = asked(exchange)
    // A Patient/$export/{job} or a file below the base is no FHIR interaction: only what names a type or an operation counts.
    const what =
      interaction === 'operation' || interaction === 'system'
        ? `operation ${operation}${type ? ` on ${type}` : ''}`
        : `${interaction} of ${type}`
    if (!found.has(what)) found.set(what, { exchange, what, declared: isDeclared(statement, exchange) })
  }
  return [...found.values()]
}

function isDeclared(statement: Statement, exchange: Exchange): boolean {
  const { interaction, type = '', operation = '' } = asked(exchange)
  const onType = statement.types.get(type)
  if (interaction === 'operation' || interaction === 'system') {
    const name = operation.replace(/^\$/, '')
    // Bulk Data names its operation `export` or, by its definition, `patient-export`; both are found in the wild.
    const known = ({ name: other, definition = '' }: DeclaredOperation): boolean =>
      other === name || other === `patient-${name}` || definition.split('|')[0]?.endsWith(`/${name}`) === true
    return (onType?.operations ?? []).some(known) || statement.systemOperations.some(known)
  }
  return onType?.interactions.has(interaction) === true
}
