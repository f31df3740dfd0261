/** What HL7's validator loads of itself, by versions that are built into the jar: known for one release, learned from what others say when they lack it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { nameOf, type PackageName } from './closure.ts'

/** Of release 6.10.4, which `npm run hl7-validator:install` fetches. */
const known: readonly PackageName[] = [
  { id: 'hl7.terminology.r4', version: '6.2.0' },
  { id: 'hl7.fhir.uv.extensions.r4', version: '5.2.0' },
  { id: 'hl7.fhir.xver-extensions', version: '0.1.0' },
  // It asks for the newest of these as well, which it calls so where it cannot find out.
  { id: 'hl7.terminology', version: 'null' },
  { id: 'hl7.fhir.uv.extensions', version: 'null' },
]

/** The demands of a jar, by what was learned of it before; `jar` names it with its size and date. */
export function demandsOf(file: string, jar: string): readonly PackageName[] {
  const learned = read(file)
  return learned.jar === jar ? learned.demands : known
}

/** Keeps what a jar was seen to demand beside what is known of it. Gives undefined where it says nothing new. */
export function learn(file: string, jar: string, said: string): readonly PackageName[] | undefined {
  const before = demandsOf(file, jar)
  const heard = demandIn(said)
  if (!heard || before.some((each) => nameOf(each) === nameOf(heard))) return undefined
  const demands = [...before.filter(({ id }) => id !== heard.id), heard]
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ jar, demands }, undefined, 2))
  return demands
}

/** The package that the validator says it cannot get. */
export function demandIn(said: string): PackageName | undefined {
  const found =
    /package id ([a-z][\w.-]*)#([\w.-]*\w)/.exec(said) ??
    /\/packages\/([a-z][\w.-]*)\/([\w.-]+)\/package\.tgz/.exec(said)
  return found ? { id: found[1] as string, version: found[2] as string } : undefined
}

function read(file: string): { jar?: string; demands: readonly PackageName[] } {
  if (!existsSync(file)) return { demands: [] }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { jar: string; demands: readonly PackageName[] }
  } catch {
    return { demands: [] }
  }
}
