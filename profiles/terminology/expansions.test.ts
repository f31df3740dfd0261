/** The official expansions of R4's value sets (hl7.fhir.r4.expansions) as an oracle: what they list is never said to be outside. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Library } from '../compile/library.ts'
import { shippedPackages } from '../definitions.ts'
import { filesOfTarball } from '../packages/tarball.ts'
import { mayShip } from './disclosure.ts'
import { Terminology } from './terminology.ts'

const file = join(import.meta.dirname, '../../../shared/ig/hl7.fhir.r4.expansions#4.0.1.tgz')
const here = existsSync(file)
if (!here) console.warn(`SKIPPED: membership beside the official expansions needs ${file}`)

interface Contains {
  readonly system?: string
  readonly code?: string
  readonly abstract?: boolean
  readonly contains?: readonly Contains[]
}
interface Expanded {
  readonly url: string
  readonly expansion?: { readonly contains?: readonly Contains[] }
}
const codesOf = (list: readonly Contains[] = []): { system: string; code: string }[] =>
  list.flatMap(({ system, code, abstract, contains }) => [
    // A published expansion has a version inside of its system's URL.
    ...(system !== undefined && code !== undefined && !abstract
      ? [{ system: system.split('|')[0] as string, code }]
      : []),
    ...codesOf(contains),
  ])

/** UCUM's annotations have no spaces (section 2.1, rule 6: ASCII 33 to 126); R4's list of common units has eleven that do. */
const wrongUnit = (system: string, code: string): boolean =>
  system === 'http://unitsofmeasure.org' && /\{[^}]*\s[^}]*\}/.test(code)
/** Systems whose codes are not at hand because others license them, or that no package defines. */
const elsewhere = (system: string): boolean => !mayShip(system) || undefinedHere.has(system)
const undefinedHere = new Set([
  'http://dicom.nema.org/resources/ontology/DCM',
  'http://hl7.org/fhir/sid/cvx',
  'http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem',
  'urn:oid:1.2.36.1.2001.1005.17',
])

describe.skipIf(!here)('what the official expansions list', () => {
  const packages = shippedPackages()
  const core = packages.find(({ id }) => id === 'hl7.fhir.r4.core')
  const terminology = new Terminology(new Library(packages, new Map(), core))

  it('is in, or open where its system is not at hand; and what nobody lists is out', { timeout: 120_000 }, () => {
    const outside: string[] = []
    const open = new Map<string, string>()
    let [decided, refused, wrongUnits] = [0, 0, 0]
    for (const { path, content } of here ? filesOfTarball(readFileSync(file)) : []) {
      if (!/^package\/ValueSet-.*\.json$/.test(path)) continue
      const { url, expansion } = JSON.parse(content.toString('utf8')) as Expanded
      const membership = terminology.membership(url)
      const codes = codesOf(expansion?.contains)
      const answers = codes.map(({ system, code }) => membership.of(system, code))
      codes.forEach(({ system, code }, at) => {
        if (answers[at] === 'in') decided++
        else if (answers[at] === 'open') open.set(system, url)
        else if (wrongUnit(system, code)) wrongUnits++
        else outside.push(`${url} ${system} ${code}`)
      })
      const [first] = codes
      if (first && answers.every((answer) => answer === 'in') && membership.reason === undefined)
        if (membership.of(first.system, 'nobody lists this') === 'out') refused++
    }
    expect(outside).toEqual([])
    expect([...open].filter(([system]) => !elsewhere(system))).toEqual([])
    expect(wrongUnits).toBe(11)
    // A floor, so that the question cannot become empty.
    expect(decided).toBeGreaterThan(9_500)
    expect(refused).toBeGreaterThan(450)
  })
})
