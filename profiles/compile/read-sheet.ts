/** StructureDefinition (with a snapshot) -> ProfileSheet: keeps structure, codes, URLs and FHIRPath, and drops the prose. */
import {
  choiceValue,
  type ElementDefinition,
  type ElementType,
  extensionValue,
  type StructureDefinition,
} from './definition.ts'
import type { AdditionalBinding, FindSheet, Invariant, ProfileSheet, RowBinding, RowType, TypedValue } from './sheet.ts'
import { completeRow, growSnapshot, type PartialRow } from './snapshot.ts'

const core = 'http://hl7.org/fhir/StructureDefinition/'

/**
 * The sheet of a definition: from its snapshot, or, where it has none, made from its differential on top of its base.
 * `version` is the package's, for the definitions that state none.
 */
export function readSheet(definition: StructureDefinition, version = '', find?: FindSheet): ProfileSheet {
  const invariants: Record<string, Invariant> = {}
  const { snapshot, differential } = definition
  const partial = (element: ElementDefinition): PartialRow => readPartialRow(element, definition.url, invariants)
  const rows =
    snapshot || !differential
      ? (snapshot?.element ?? []).map((element) => completeRow(partial(element)))
      : growSnapshot(definition, differential.element.map(partial), invariants, find ?? (() => undefined))
  const imposes = (definition.extension ?? [])
    .filter(({ url }) => url === `${core}structuredefinition-imposeProfile`)
    .map((extension) => String(extension.valueCanonical))
  return {
    url: definition.url,
    version: definition.version ?? version,
    name: definition.name ?? '',
    kind: definition.kind,
    abstract: definition.abstract === true,
    type: definition.type,
    ...(definition.baseDefinition !== undefined && { base: definition.baseDefinition }),
    derivation: definition.derivation ?? (definition.url === core + definition.type ? 'specialization' : 'constraint'),
    ...(definition.context && { context: definition.context.map(({ type, expression }) => ({ type, expression })) }),
    ...(definition.contextInvariant && { contextInvariants: definition.contextInvariant }),
    ...(imposes.length > 0 && { imposes }),
    invariants,
    rows,
  }
}

/** What the element itself says. */
function readPartialRow(element: ElementDefinition, url: string, table: Record<string, Invariant>): PartialRow {
  const row: { -readonly [K in keyof PartialRow]: PartialRow[K] } = { id: idOf(element) }
  if (element.min !== undefined) row.min = element.min
  if (element.max !== undefined) row.max = element.max
  if (element.type) row.types = element.type.map(readType)
  if (element.constraint) {
    row.invariants = element.constraint
      .filter(({ expression }) => expression)
      .map((constraint) => enter(constraint, url, table))
  }
  if (element.contentReference !== undefined) row.content = element.contentReference
  for (const stem of ['fixed', 'pattern', 'minValue', 'maxValue'] as const) {
    const value = choiceValue(element, stem)
    if (value) row[stem] = lowered(value)
  }
  if (element.maxLength !== undefined) row.maxLength = element.maxLength
  const binding = element.binding && readBinding(element.binding)
  if (binding) row.binding = binding
  if (element.slicing) {
    row.slicing = {
      discriminators: (element.slicing.discriminator ?? []).map(({ type, path }) => ({ type, path })),
      rules: (element.slicing.rules ?? 'open') as 'open',
      ordered: element.slicing.ordered === true,
    }
  }
  if (element.mustSupport) row.mustSupport = true
  if (element.isModifier) row.modifier = true
  const regex =
    extensionValue(element.extension, `${core}regex`) ?? extensionValue(element.type?.[0]?.extension, `${core}regex`)
  if (typeof regex === 'string') row.regex = regex
  return row
}

/** The id, or for old definitions the path with the slice's name. */
const idOf = ({ id, path, sliceName }: ElementDefinition): string =>
  id ?? (sliceName === undefined ? path : `${path}:${sliceName}`)

const primitives = new Set(
  'Base64Binary Boolean Canonical Code Date DateTime Decimal Id Instant Integer Markdown Oid PositiveInt String Time UnsignedInt Uri Url Uuid Xhtml'.split(
    ' ',
  ),
)
/** `fixedUri` says `Uri` and means `uri`. */
const lowered = ({ type, value }: TypedValue): TypedValue => ({
  type: primitives.has(type) ? type.charAt(0).toLowerCase() + type.slice(1) : type,
  value,
})

const systemTypes: Readonly<Record<string, string>> = {
  String: 'string',
  Boolean: 'boolean',
  Date: 'date',
  DateTime: 'dateTime',
  Decimal: 'decimal',
  Integer: 'integer',
  Time: 'time',
}

function readType(type: ElementType): RowType {
  const system = 'http://hl7.org/fhirpath/System.'
  const stated = extensionValue(type.extension, `${core}structuredefinition-fhir-type`)
  const code = type.code.startsWith(system)
    ? ((stated as string | undefined) ?? systemTypes[type.code.slice(system.length)] ?? 'string')
    : type.code
  return {
    code,
    ...(type.profile && { profiles: type.profile }),
    ...(type.targetProfile && { targets: type.targetProfile }),
    ...(type.aggregation && { aggregation: type.aggregation }),
    ...(type.versioning !== undefined && { versioning: type.versioning }),
  }
}

function readBinding(binding: NonNullable<ElementDefinition['binding']>): RowBinding {
  const additional: AdditionalBinding[] = []
  for (const extension of binding.extension ?? []) {
    if (!/\/(tools|StructureDefinition)\/.*additional-binding$/.test(extension.url)) continue
    const part = (name: string): unknown =>
      extensionValue(
        extension.extension?.filter(({ url }) => url === name),
        name,
      )
    const usage = (extension.extension ?? []).filter(({ url }) => url === 'usage').map((each) => each.valueUsageContext)
    additional.push({
      purpose: String(part('purpose') ?? ''),
      valueSet: String(part('valueSet') ?? ''),
      ...(part('any') === true && { any: true }),
      ...(usage.length > 0 && { usage }),
    })
  }
  const max = extensionValue(binding.extension, `${core}elementdefinition-maxValueSet`)
  const min = extensionValue(binding.extension, `${core}elementdefinition-minValueSet`)
  return {
    strength: binding.strength as RowBinding['strength'],
    ...(binding.valueSet !== undefined && { valueSet: binding.valueSet }),
    ...(typeof max === 'string' && { max }),
    ...(typeof min === 'string' && { min }),
    ...(additional.length > 0 && { additional }),
  }
}

/** Puts an invariant into the sheet's table; a key that stands for two expressions gets a number. */
function enter(
  constraint: NonNullable<ElementDefinition['constraint']>[number],
  url: string,
  table: Record<string, Invariant>,
): string {
  const invariant: Invariant = {
    key: constraint.key,
    severity: constraint.severity,
    expression: constraint.expression as string,
    ...(extensionValue(constraint.extension, `${core}elementdefinition-bestpractice`) === true && {
      bestPractice: true,
    }),
    ...(constraint.source !== undefined && constraint.source !== url && { source: constraint.source }),
  }
  const same = JSON.stringify(invariant)
  for (let number = 1; ; number++) {
    const name = number === 1 ? constraint.key : `${constraint.key}~${number}`
    const known = table[name]
    if (known === undefined) {
      table[name] = invariant
      return name
    }
    if (JSON.stringify(known) === same) return name
  }
}
