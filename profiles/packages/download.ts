/** Fetches a package from a FHIR package registry into the cache. Only ever called where the user asked for it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { HarnessError } from '../../harness/errors.ts'
import { renamePatiently } from '../../harness/rename.ts'
import type { FoundPackage, Named } from './find.ts'

export const publicRegistry = 'https://packages.fhir.org'

/** Throws `cannot-reach` where the registry does not answer or does not have it. */
export async function downloadPackage(
  { id, version }: Named,
  { cache, registry = publicRegistry }: { cache: string; registry?: string | undefined },
): Promise<FoundPackage> {
  const address = registry.replace(/\/+$/, '')
  const { FhirPackageInstaller } = await import('fhir-package-installer')
  mkdirSync(cache, { recursive: true })
  // Beside the cache's packages, so that the finished folder can be renamed into its place: nobody sees half a package.
  const work = mkdtempSync(join(cache, '.download-'))
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined }
  try {
    const installer = new FhirPackageInstaller({
      registryUrl: address,
      cachePath: join(work, 'cache'),
      logger: quiet,
      allowHttp: /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(address),
      requestTimeoutMs: 60_000,
    })
    const fetched = await installer.downloadPackage({ id, version }, { destination: work, extract: true })
    if (!existsSync(join(fetched, 'package', 'package.json'))) throw new Error('what came is no FHIR package')
    const folder = join(cache, `${id}#${version}`)
    rmSync(folder, { recursive: true, force: true })
    renamePatiently(fetched, folder)
    return { path: folder, id, version }
  } catch (cause) {
    throw new HarnessError(
      'cannot-reach',
      `${id}#${version} could not be fetched from ${address}: ${reasonOf(cause)}`,
      {
        cause,
        remedy: 'check id and version, and whether the registry can be reached from here; or give the path of its .tgz',
      },
    )
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The innermost reason: the client wraps it in sentences of its own. */
function reasonOf(error: unknown): string {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  const { message, code, errors } = inner as Error & { code?: string; errors?: readonly Error[] }
  const text = message || errors?.[0]?.message || code || String(inner)
  return text.replace(/\s+/g, ' ').slice(0, 300)
}
