/** The files that a plan names: each is there and holds what it is named for, a certificate with its key, people as FHIR. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Coverage } from 'fhir/r4.js'
import { isHarnessError } from '../harness/errors.ts'
import { readJsonText } from '../profiles/input/json.ts'
import { personFrom } from '../steps/stages/plan-people.ts'

type Keys = readonly PropertyKey[]
/** Keys of the plan, and what is wrong with what they name. */
export type FileTrouble = readonly [keys: Keys, says: string]

/** Text of a file, without a byte order mark. Throws what `node:fs` throws. */
export const textOf = (path: string): string => readFileSync(path, 'utf8').replace(/^\uFEFF/, '')

/** Looks into every file that the plan names; also in a plan that has other mistakes. */
export function fileTroubles(raw: unknown, fileOf: (name: string) => string): FileTrouble[] {
  const troubles: FileTrouble[] = []
  /** What `read` makes of the file's text; a `string` that it throws is told. */
  const look = <T>(keys: Keys, name: unknown, read: (text: string) => T): T | undefined => {
    if (typeof name !== 'string' || name === '') return undefined
    const path = fileOf(name)
    try {
      return read(textOf(path))
    } catch (error) {
      const says = error instanceof Unfit ? `${path} ${error.message}` : unreadable(path, error)
      troubles.push([keys, says])
      return undefined
    }
  }
  const visit = (node: unknown, path: Keys): void => {
    if (typeof node !== 'object' || node === null) return
    const { certificate, key, signingKey, alg, hooksKey, roots, bundle, submitted } = node as Record<string, unknown>
    const leaf = look([...path, 'certificate'], certificate, certificateIn)
    const privateKey = look([...path, 'key'], key, privateKeyIn)
    if (leaf && privateKey && !leaf.checkPrivateKey(privateKey))
      troubles.push([
        [...path, 'key'],
        `is not the key of the certificate in ${fileOf(String(certificate))} (whose first certificate must be the client's own)`,
      ])
    const signs = look([...path, 'signingKey'], signingKey, privateKeyIn)
    if (signs && (alg === 'ES384' || alg === 'RS384') && !fits(signs, alg))
      troubles.push([
        [...path, 'alg'],
        `${alg} wants ${alg === 'ES384' ? 'an EC key on the curve P-384' : 'an RSA key'}, and signingKey is ${kindOf(signs)}`,
      ])
    look([...path, 'hooksKey'], hooksKey, demandText)
    if (Array.isArray(roots)) for (const [i, root] of roots.entries()) look([...path, 'roots', i], root, certificateIn)
    const held = look([...path, 'bundle'], bundle, jsonIn)
    const given = look([...path, 'submitted'], submitted, jsonIn)
    if (
      path[0] === 'people' &&
      path.length === 2 &&
      (bundle === undefined || held) &&
      (submitted === undefined || given)
    )
      troubles.push(...personTroubles(path, { held, given }))
    for (const [name, inner] of Object.entries(node)) visit(inner, [...path, name])
  }
  visit(raw, [])
  return troubles
}

/** What makes a file unfit, in words that follow its name. */
class Unfit extends Error {}

function unreadable(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no file ${path}`
  return code === 'EISDIR' ? `${path} is a folder, and a file is wanted` : `${path} cannot be read: ${message}`
}

function certificateIn(text: string): X509Certificate {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)
  if (!blocks) throw new Unfit('holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")')
  try {
    return blocks.map((block) => new X509Certificate(block))[0] as X509Certificate
  } catch {
    throw new Unfit('holds a certificate that is damaged: none can be read from its PEM')
  }
}

function privateKeyIn(text: string): KeyObject {
  if (/ENCRYPTED/.test(text)) throw new Unfit('is locked by a passphrase: give a copy without')
  try {
    return createPrivateKey(text)
  } catch {
    throw new Unfit('holds no private key in PEM form ("-----BEGIN PRIVATE KEY-----")')
  }
}

const fits = (key: KeyObject, alg: 'ES384' | 'RS384'): boolean =>
  alg === 'RS384' ? key.asymmetricKeyType === 'rsa' : key.asymmetricKeyDetails?.namedCurve === 'secp384r1'

const kindOf = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string =>
  [asymmetricKeyType?.toUpperCase(), asymmetricKeyDetails?.namedCurve].filter(Boolean).join(' ')

const demandText = (text: string): void => {
  if (text.trim() === '') throw new Unfit('is empty')
}

function jsonIn(text: string): unknown {
  const { value, troubles } = readJsonText(text)
  const [first] = troubles
  // The place alone: the words there may be a member's.
  if (first && value === undefined)
    throw new Unfit(`is not JSON: it cannot be read from line ${first.line}, column ${first.column} on`)
  return value
}

/** Is there a Patient and a card in what the plan gives of somebody? Whom it has discovered is looked at then. */
function personTroubles(path: Keys, { held, given }: { held: unknown; given: unknown }): FileTrouble[] {
  if (held === undefined && given === undefined) return []
  try {
    const link: Coverage = { resourceType: 'Coverage', status: 'active', beneficiary: {}, payor: [] }
    const files = {
      ...(held === undefined ? {} : { bundle: held }),
      ...(given === undefined ? {} : { submitted: given }),
    }
    personFrom(String(path[1]), files, link)
    return []
  } catch (error) {
    if (!isHarnessError(error, 'bad-plan')) throw error
    const says = error.message.replace(`people.${String(path[1])}: `, '')
    return [[path, `${says}${error.remedy ? ` (${error.remedy})` : ''}`]]
  }
}
