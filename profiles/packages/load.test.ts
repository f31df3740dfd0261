/** Packages from files, from the cache and from a registry, with what they depend on; and nothing is downloaded unasked. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shippedPackages } from '../definitions.ts'
import { createValidator } from '../validator.ts'
import { findPackage, splitPackageName } from './find.ts'
import { loadPackages } from './load.ts'

const manifest = {
  name: 'test.guide',
  version: '1.2.3',
  fhirVersions: ['4.0.1'],
  dependencies: {
    'hl7.fhir.r4.core': '4.0.1',
    'hl7.terminology.r4': '5.0.0',
    'test.base': '1.0.0',
    'hl7.fhir.r5.core': '5.0.0',
  },
}
const baseManifest = { name: 'test.base', version: '1.0.0', dependencies: { 'hl7.fhir.us.core': '6.1.0' } }
const baseUrl = 'http://vitruvian.test/StructureDefinition/base'
const url = 'http://vitruvian.test/StructureDefinition/dated'
const profile = {
  resourceType: 'StructureDefinition',
  url,
  name: 'dated',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type: 'Patient',
  baseDefinition: baseUrl,
  derivation: 'constraint',
  differential: { element: [{ id: 'Patient.birthDate', path: 'Patient.birthDate', min: 1 }] },
}
const base = {
  ...profile,
  url: baseUrl,
  name: 'base',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
  differential: { element: [{ id: 'Patient.gender', path: 'Patient.gender', min: 1 }] },
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
    header.write('ustar\x0000', 257)
    header.write('        ', 148)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    blocks.push(header, content, Buffer.alloc((512 - (content.length % 512)) % 512))
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}
const bytes = tarball({ 'package/package.json': manifest, 'package/StructureDefinition-dated.json': profile })
const baseBytes = tarball({ 'package/package.json': baseManifest, 'package/StructureDefinition-base.json': base })
const codesFor = (packages: Parameters<typeof createValidator>[0]['packages']) =>
  createValidator({ packages: [...packages, ...shippedPackages()] })
    .validate({ resourceType: 'Patient' }, { profiles: [url] })
    .map(({ code, expression }) => `${code} ${expression}`)

const home = mkdtempSync(join(tmpdir(), 'packages-'))
const folder = (): string => mkdtempSync(join(home, 'cache-'))
function cacheWith(
  ...packages: readonly { manifest: { name: string; version: string }; definitions: object[] }[]
): string {
  const cache = folder()
  for (const { manifest, definitions } of packages) {
    const inner = join(cache, `${manifest.name}#${manifest.version}`, 'package')
    mkdirSync(inner, { recursive: true })
    writeFileSync(join(inner, 'package.json'), JSON.stringify(manifest))
    definitions.forEach((each, at) => {
      writeFileSync(join(inner, `StructureDefinition-${at}.json`), JSON.stringify(each))
    })
  }
  return cache
}

/** A registry on this machine. */
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  if (request.url === '/test.guide/-/test.guide-1.2.3.tgz') response.end(bytes)
  else if (request.url === '/test.base/-/test.base-1.0.0.tgz') response.end(baseBytes)
  else if (request.url?.startsWith('/no.package')) response.end('no tarball')
  else response.writeHead(404).end()
})
let registry: string
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  rmSync(home, { recursive: true, force: true })
})

describe('a package', () => {
  it('is read from a .tgz', async () => {
    const file = join(folder(), 'guide.tgz')
    writeFileSync(
      file,
      tarball({ 'package/package.json': { ...baseManifest }, 'package/StructureDefinition-x.json': { ...base, url } }),
    )
    const { packages, editions, notes } = await loadPackages([file])
    expect([...editions]).toEqual([['test.base', '1.0.0']])
    expect(notes).toEqual([])
    expect(codesFor(packages)).toEqual(['cardinality-min Patient.gender'])
  })
  it('is read from loose definitions, or from the inner folder of an unpacked one', async () => {
    const loose = folder()
    writeFileSync(join(loose, 'StructureDefinition-dated.json'), `\ufeff${JSON.stringify({ ...base, url })}`)
    expect(codesFor((await loadPackages([loose])).packages)).toEqual(['cardinality-min Patient.gender'])
    const cache = cacheWith({ manifest: baseManifest, definitions: [base] })
    const [inner] = (await loadPackages([join(cache, 'test.base#1.0.0', 'package')])).packages
    expect([inner?.id, inner?.version]).toEqual(['test.base', '1.0.0'])
  })
  it('is read from the package cache, with what it depends on', async () => {
    const cache = cacheWith({ manifest, definitions: [profile] }, { manifest: baseManifest, definitions: [base] })
    const { packages, editions } = await loadPackages(['test.guide#1.2.3'], { cache })
    expect(packages.map(({ id }) => id)).toEqual(['test.guide', 'test.base'])
    expect([...editions.keys()]).toEqual(['test.guide'])
    expect(codesFor(packages)).toEqual(['cardinality-min Patient.birthDate', 'cardinality-min Patient.gender'])
  })
  it('is found in the cache by a version with a wildcard', () => {
    const cache = cacheWith(
      { manifest: { ...baseManifest, version: '1.9.0' }, definitions: [base] },
      { manifest: { ...baseManifest, version: '1.10.0' }, definitions: [base] },
      { manifest: { ...baseManifest, version: '2.0.0' }, definitions: [base] },
    )
    expect(findPackage('test.base#1.x', [], cache)?.version).toBe('1.10.0')
    expect(findPackage('test.base#current', [], cache)?.version).toBe('2.0.0')
    expect(findPackage('test.base#3.x', [], cache)).toBeUndefined()
  })
  it('tells what it depends on that is not at hand', async () => {
    const cache = cacheWith({ manifest, definitions: [profile] })
    const { notes } = await loadPackages(['test.guide#1.2.3'], { cache })
    expect(notes).toEqual([
      expect.stringMatching(/^test\.guide#1\.2\.3 depends on test\.base#1\.0\.0, which is not at hand/),
    ])
  })
  it('is downloaded only when asked for, into the cache, with what it depends on', async () => {
    const cache = folder()
    asked.length = 0
    await expect(loadPackages(['test.guide#1.2.3'], { cache, registry })).rejects.toMatchObject({ code: 'bad-input' })
    expect(asked).toEqual([])
    const said: string[] = []
    const options = { cache, registry, download: true, say: (line: string) => void said.push(line) }
    const { packages, notes } = await loadPackages(['test.guide#1.2.3'], options)
    expect(asked).toEqual(['/test.guide/-/test.guide-1.2.3.tgz', '/test.base/-/test.base-1.0.0.tgz'])
    expect(said).toEqual(['fetching test.guide#1.2.3', 'fetching test.base#1.0.0'])
    expect(notes).toEqual([])
    expect(codesFor(packages)).toEqual(['cardinality-min Patient.birthDate', 'cardinality-min Patient.gender'])
    expect(readdirSync(cache).sort()).toEqual(['test.base#1.0.0', 'test.guide#1.2.3'])
    asked.length = 0
    expect((await loadPackages(['test.guide#1.2.3'], { cache, download: true })).packages).toHaveLength(2)
    expect(asked).toEqual([])
  })
  it('that is shipped needs no loading', async () => {
    expect(await loadPackages(['hl7.fhir.us.core#6.1.0'])).toMatchObject({ packages: [], notes: [] })
  })
  it('is refused with a remedy where there is none', async () => {
    await expect(loadPackages(['no such thing'])).rejects.toMatchObject({ code: 'bad-input' })
    const file = join(folder(), 'x.tgz')
    writeFileSync(file, 'no gzip')
    await expect(loadPackages([file])).rejects.toMatchObject({ code: 'bad-input' })
    writeFileSync(file, tarball({ 'package/package.json': { name: 'new', version: '1', fhirVersions: ['5.0.0'] } }))
    await expect(loadPackages([file])).rejects.toThrow(/new#1 is for FHIR 5\.0\.0/)
    await expect(loadPackages([folder()])).rejects.toThrow(/neither package\.json nor a StructureDefinition/)
  })
  it('that cannot be fetched leaves nothing behind', async () => {
    const cache = folder()
    const options = { cache, registry, download: true }
    await expect(loadPackages(['gone.package#1.0.0'], options)).rejects.toMatchObject({ code: 'cannot-reach' })
    await expect(loadPackages(['no.package#1.0.0'], options)).rejects.toMatchObject({ code: 'cannot-reach' })
    const nobody = { cache, registry: 'http://127.0.0.1:9', download: true }
    await expect(loadPackages(['a.package#1.0.0'], nobody)).rejects.toThrow(/ECONNREFUSED/)
    expect(existsSync(cache) && readdirSync(cache)).toEqual([])
  })
  it('has a name of id and version', () => {
    expect(splitPackageName('hl7.fhir.us.core#6.1.0')).toEqual({ id: 'hl7.fhir.us.core', version: '6.1.0' })
    expect(splitPackageName('./a/b')).toBeUndefined()
    expect(splitPackageName('a#../../b')).toBeUndefined()
  })
})
