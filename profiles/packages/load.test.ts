/** Packages from files, from the cache and from a registry; and nothing is downloaded unasked. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../definitions.ts'
import { createValidator } from '../validator.ts'
import { loadPackage, splitPackageName } from './load.ts'

const manifest = { name: 'test.guide', version: '1.2.3', dependencies: { 'hl7.fhir.r4.core': '4.0.1' } }
const url = 'http://vitruvian.test/StructureDefinition/dated'
const profile = {
  resourceType: 'StructureDefinition',
  url,
  name: 'dated',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type: 'Patient',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
  derivation: 'constraint',
  differential: { element: [{ id: 'Patient.birthDate', path: 'Patient.birthDate', min: 1 }] },
}

/** A ustar archive of JSON files. */
function tarball(files: Readonly<Record<string, unknown>>): Buffer {
  const blocks: Buffer[] = []
  for (const [path, json] of Object.entries(files)) {
    const content = Buffer.from(JSON.stringify(json))
    const header = Buffer.alloc(512)
    header.write(path, 0)
    header.write(`${content.length.toString(8).padStart(11, '0')} `, 124)
    header.write('0', 156)
    header.write('ustar\0', 257)
    blocks.push(header, content, Buffer.alloc((512 - (content.length % 512)) % 512))
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}
const bytes = tarball({ 'package/package.json': manifest, 'package/StructureDefinition-dated.json': profile })
const codesFor = (validator: ReturnType<typeof createValidator>) =>
  validator.validate({ resourceType: 'Patient' }, { profiles: [url] }).map(({ code }) => code)

describe('a package', () => {
  it('is read from a .tgz', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'packages-')), 'guide.tgz')
    writeFileSync(file, bytes)
    const loaded = await loadPackage(file)
    expect([loaded.id, loaded.version]).toEqual(['test.guide', '1.2.3'])
    expect(codesFor(createValidator({ packages: [loaded, ...shippedPackages()] }))).toEqual(['cardinality-min'])
  })
  it('is read from the package cache', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'packages-'))
    mkdirSync(join(cache, 'test.guide#1.2.3', 'package'), { recursive: true })
    writeFileSync(join(cache, 'test.guide#1.2.3', 'package', 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(cache, 'test.guide#1.2.3', 'package', 'StructureDefinition-dated.json'), JSON.stringify(profile))
    const loaded = await loadPackage('test.guide#1.2.3', { cache })
    expect(loaded.sheet(url)?.type).toBe('Patient')
  })
  it('is downloaded only when asked for, into the cache', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'packages-'))
    let asked = ''
    const fetch = (async (address: string) => {
      asked = address
      return new Response(new Uint8Array(bytes))
    }) as typeof globalThis.fetch
    await expect(loadPackage('test.guide#1.2.3', { cache, fetch })).rejects.toMatchObject({ code: 'bad-input' })
    expect(asked).toBe('')
    const loaded = await loadPackage('test.guide#1.2.3', { cache, fetch, download: true })
    expect(asked).toBe('https://packages.fhir.org/test.guide/1.2.3')
    expect(loaded.version).toBe('1.2.3')
    expect((await loadPackage('test.guide#1.2.3', { cache })).version).toBe('1.2.3')
  })
  it('that is shipped needs no loading', async () => {
    const loaded = await loadPackage('hl7.fhir.us.core#6.1.0', { shipped: shippedPackages() })
    expect(loaded.version).toBe('6.1.0')
  })
  it('is refused with a remedy where there is none', async () => {
    await expect(loadPackage('no such thing')).rejects.toMatchObject({ code: 'bad-input' })
    const file = join(mkdtempSync(join(tmpdir(), 'packages-')), 'x.tgz')
    writeFileSync(file, 'no gzip')
    await expect(loadPackage(file)).rejects.toMatchObject({ code: 'bad-input' })
    const gone = (async () => new Response('', { status: 404 })) as unknown as typeof globalThis.fetch
    await expect(loadPackage('a.b#1', { cache: tmpdir(), fetch: gone, download: true })).rejects.toMatchObject({
      code: 'cannot-reach',
    })
  })
  it('has a name of id and version', () => {
    expect(splitPackageName('hl7.fhir.us.core#6.1.0')).toEqual({ id: 'hl7.fhir.us.core', version: '6.1.0' })
    expect(splitPackageName('./a/b')).toBeUndefined()
  })
})
