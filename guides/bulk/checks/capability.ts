/** What a CapabilityStatement says of the export (Bulk Data 2.0 CapabilityStatement bulk-data). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { at } from '../../core/received.ts'
import { declared } from '../../core/statement.ts'

const definition = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export'

export const exportIsDeclared = check(
  'BULK-098',
  'SHOULD',
  'The CapabilityStatement names the export and instantiates bulk-data',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    if (!statement) return [undecided(undefined, 'metadata is no CapabilityStatement')]
    const operations = [...(statement.types.get('Patient')?.operations ?? []), ...statement.systemOperations]
    const named = operations.find(
      ({ name, definition: other }) =>
        name === 'export' || name === 'patient-export' || other?.split('|')[0] === definition,
    )
    const canonicals = at(statement.resource, 'instantiates').map((canonical) => String(canonical).split('|')[0])
    return [
      ...(named
        ? []
        : [
            unmet(statement.exchange, 'undeclared', 'no operation export is declared on Patient', {
              expected: definition,
            }),
          ]),
      ...(named && named.definition?.split('|')[0] !== definition
        ? [
            unmet(statement.exchange, 'wrong-definition', 'the export is declared by another definition', {
              expected: definition,
              actual: named.definition,
            }),
          ]
        : []),
      ...(canonicals.includes('http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data')
        ? []
        : [
            unmet(statement.exchange, 'missing-element', 'the statement does not instantiate bulk-data', {
              actual: canonicals,
              expression: 'CapabilityStatement.instantiates',
            }),
          ]),
    ]
  },
)

export const capabilityChecks: readonly Check[] = [exportIsDeclared]
